"""The German list (ubirch, rows as the EU gateway gives them): a signature line, then JSON.

Line 1 is base64 of r || s (64 bytes), ECDSA P-256 with SHA-256 over the JSON stripped of white
space at its ends; the key is pinned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.core.trust.formats.source import (
    Source,
    TrustSourceError,
    broken,
    from_base64,
    json_object,
    pinned_key,
)
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of

_SIGNATURE_LINE = re.compile(rb"\s*([A-Za-z0-9+/]{86}==)\r?\n")
_ROW_OF_GATEWAY = re.compile(rb'\s*\{\s*"certificates"\s*:\s*\[\s*\{[^{}]*"certificateType"')


def matches(source: Source) -> bool:
    """Whether this is the German list, with its signature line or robbed of it."""
    return bool(_SIGNATURE_LINE.match(source.data) or _ROW_OF_GATEWAY.match(source.data))


def load(source: Source, key_pem: bytes | None) -> TrustList:
    """The list, once its signature verified against the pinned key."""
    line = _SIGNATURE_LINE.match(source.data)
    if line is None:
        raise TrustSourceError(
            source.name,
            "its signature line is missing",
            "Fetch the list with its first line; without it anybody may have written it.",
        )
    body = source.data[line.end() :].strip()
    _check_signature(source, from_base64(line.group(1).decode()) or b"", body, key_pem)
    rows = json_object(source, body).get("certificates")
    if not isinstance(rows, list):
        raise broken(source, "holds no certificates")
    return trust_list_of(_rows(source, rows), source.name, **_stamps(rows))


def _check_signature(source: Source, signature: bytes, body: bytes, key_pem: bytes | None) -> None:
    key = pinned_key(source, key_pem)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key.verify(encode_dss_signature(r, s), body, ECDSA(SHA256()))
    except InvalidSignature:
        raise TrustSourceError(
            source.name,
            "its signature does not verify against the pinned key",
            "Fetch list and key again from their publisher; do not use this file.",
        ) from None


def _rows(source: Source, rows: list[Any]) -> Iterator[Row]:
    for row in rows:
        if not isinstance(row, dict):
            raise broken(source, "a row is not an object")
        if row.get("certificateType") != "DSC":
            continue  # gateway lists also carry CSCA, UPLOAD and AUTHENTICATION rows
        der = from_base64(row.get("rawData"))
        if der is None:
            raise broken(source, "a certificate is not base64")
        country = row.get("country")
        yield Row(der, from_base64(row.get("kid")), country if isinstance(country, str) else None)


def _stamps(rows: list[Any]) -> dict[str, datetime | int | None]:
    """The list has no date of its own: it is as new as its newest row."""
    newest: datetime | None = None
    for row in rows:
        try:
            stamp = datetime.fromisoformat(row["timestamp"])
        except (KeyError, TypeError, ValueError):
            continue
        if stamp.tzinfo is not None and (newest is None or stamp > newest):
            newest = stamp
    return {"issued_at": newest, "version": int(newest.timestamp()) if newest else 0}
