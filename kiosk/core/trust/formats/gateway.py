"""Rows as the EU gateway gives them (TrustListDto), without a signature over the whole.

{certificates: [...]} or the bare array. Each row carries a CMS signature of the country that
uploaded it, which is not checked: the certificates of the uploaders are not published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from kiosk.core.encodings import from_base64
from kiosk.core.trust.formats.source import Source, array, aware
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, UnusableRow, trust_list_of

_TYPE = "certificateType"


def matches(source: Source) -> bool:
    """Whether the first row says of what type it is."""
    document = source.json
    rows = document.get("certificates") if isinstance(document, dict) else document
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict) and _TYPE in rows[0]


def is_signed(_source: Source) -> bool:
    """It is not; the German list is, and has these rows under its signature line."""
    return False


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The list, as it is: nothing but the caller's word says who wrote it."""
    return load_rows(source, source.json)


def load_rows(
    source: Source, document: Any, signature: Signature = Signature.NONE, key: str = ""
) -> TrustList:
    """The list in a JSON document; `signature` and `key` tell how the German one was checked."""
    rows = document.get("certificates") if isinstance(document, dict) else document
    members = array(source, rows)
    issued_at = _newest(members)
    return trust_list_of(
        _rows(members),
        source.name,
        signature=signature,
        key=key,
        form="German" if key else "",
        version=max(int(issued_at.timestamp()), 0) if issued_at else 0,
        issued_at=issued_at,
        authorities=_authorities(members),
    )


def _rows(rows: Iterable[Any]) -> Iterator[AnyRow]:
    for row in rows:
        if not isinstance(row, dict):
            yield UnusableRow("not an object")
        elif row.get(_TYPE) == "DSC":  # there are CSCA, UPLOAD and AUTHENTICATION rows, too
            yield _row(row)


def _row(row: dict[str, Any]) -> AnyRow:
    der, kid, country = from_base64(row.get("rawData")), None, row.get("country")
    if der is None:
        return UnusableRow("its certificate is not base64")
    if row.get("kid") is not None:
        kid = from_base64(row["kid"])
        if kid is None:
            return UnusableRow("its kid is not base64")
    thumbprint = row.get("thumbprint")
    if isinstance(thumbprint, str) and thumbprint.lower() != hashlib.sha256(der).hexdigest():
        return UnusableRow("its thumbprint is another certificate's")
    return Row(der, kid, country if isinstance(country, str) else None)


def _authorities(rows: Iterable[Any]) -> Iterator[bytes]:
    for row in rows:
        if isinstance(row, dict) and row.get(_TYPE) == "CSCA":
            der = from_base64(row.get("rawData"))
            if der is not None:
                yield der


def _newest(rows: Iterable[Any]) -> datetime | None:
    """The list has no date of its own: it is as new as its newest row."""
    stamps = [aware(row.get("timestamp")) for row in rows if isinstance(row, dict)]
    return max((stamp for stamp in stamps if stamp is not None), default=None)
