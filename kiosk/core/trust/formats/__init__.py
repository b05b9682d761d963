"""Trust lists as nations publish them: bytes in, a verified `TrustList` out.

The next national list is one more module with `matches(data)` and `load(...)`, and a line in
`open_source`.
"""

from __future__ import annotations

from kiosk.core.trust.formats import austrian, certificates, german, own
from kiosk.core.trust.formats.source import Source, TrustSourceError
from kiosk.core.trust.trustlist import TrustList

__all__ = ["Source", "TrustSourceError", "is_signed", "open_source"]


def is_signed(source: Source) -> bool:
    """Whether `source` is of a form that carries a signature, so that a key must be given."""
    return german.matches(source) or (austrian.matches(source) and source.signature is not None)


def open_source(source: Source, key_pem: bytes | None) -> TrustList:
    """The trust list in `source`; a signed one is checked against the pinned `key_pem`.

    Raises TrustSourceError with the remedy.
    """
    if german.matches(source):
        return german.load(source, key_pem)
    if austrian.matches(source):
        return austrian.load(source, key_pem)
    if austrian.matches_mirror(source):
        return austrian.load_mirror(source)
    if own.matches(source):
        return own.load(source)
    if certificates.matches(source):
        return certificates.load(source)
    raise TrustSourceError(
        source.name,
        "not a trust list of a known form",
        "Give the German list with its signature line, the Austrian list, a list written by "
        "this program, or certificates as PEM or DER.",
    )
