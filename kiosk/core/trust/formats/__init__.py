"""Trust lists as nations publish them: bytes in, a verified `TrustList` out.

The next form is one more module with `matches`, `is_signed` and `load`, and its name in
`IMPORTERS`; docs/trust-lists.md shows the way.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.trust.formats import (
    austrian,
    certificates,
    did,
    french,
    gateway,
    german,
    mirror,
    own,
)
from kiosk.core.trust.formats.source import Importer, Source, TrustSourceError, broken
from kiosk.core.trust.trustlist import TrustList

__all__ = ["IMPORTERS", "Source", "TrustSourceError", "is_known", "is_signed", "open_source"]

# In the order in which they are asked; the mirror begins like the rows of the gateway.
IMPORTERS: tuple[Importer, ...] = (
    own,
    german,
    austrian,
    gateway,
    mirror,
    did,
    french,
    certificates,
)


def is_known(source: Source) -> bool:
    """Whether `source` is of a form that is read here."""
    return _importer(source) is not None


def is_signed(source: Source) -> bool:
    """Whether `source` is of a form that carries a signature, so that a key must be given."""
    importer = _importer(source)
    return importer is not None and importer.is_signed(source)


def open_source(source: Source, keys: Sequence[bytes] = ()) -> TrustList:
    """The trust list in `source`; a signed one is checked against the pinned `keys` (PEM).

    Raises TrustSourceError with the remedy.
    """
    importer = _importer(source)
    if importer is not None:
        return importer.load(source, keys)
    if source.data.lstrip()[:1] in (b"{", b"[") and source.json is None:
        raise broken(source, "not JSON, or cut off")
    raise TrustSourceError(
        source.name,
        "not a trust list of a known form",
        "Give a list of one of the forms that certs/README.md names.",
    )


def _importer(source: Source) -> Importer | None:
    return next((importer for importer in IMPORTERS if importer.matches(source)), None)
