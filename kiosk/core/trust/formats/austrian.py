"""The Austrian list (A-SIT): CBOR {c: [{i: kid, c: certificate}]} with a detached COSE_Sign1.

The signature's payload is {2: SHA-256 of the list, 4: expiry, 5: not before}.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import cbor2

from kiosk.core.hcert import cbor, cose
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.trust.formats.source import (
    MAX_SOURCE,
    Source,
    TrustSourceError,
    array,
    broken,
    signed_by,
    untrue,
)
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, UnusableRow, trust_list_of

_HEAD = re.compile(rb"(?:\xa1|\xbf)\x61c")  # a map whose first key is "c"
_HASH, _EXPIRY, _NOT_BEFORE = 2, 4, 5
_MAX_DEPTH = 4  # a map of a list of maps of bytes
_LIBRARY_FAULTS = (
    cbor2.CBORDecodeError,
    ValueError,
    TypeError,
    OverflowError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)


def matches(source: Source) -> bool:
    """Whether this is the CBOR list."""
    return bool(_HEAD.match(source.data))


def is_signed(source: Source) -> bool:
    """Whether its signature lies beside it."""
    return source.signature is not None


def load(source: Source, keys: Sequence[bytes]) -> TrustList:
    """The list, once its detached signature verified against a pinned key."""
    if source.signature is None:
        raise TrustSourceError(
            source.name,
            "its detached signature is missing",
            "Put the signature beside it, under the same name with .sig at the end.",
        )
    key, issued_at, expires_at = _check_signature(source, source.signature, keys)
    return trust_list_of(
        _rows(source),
        source.name,
        signature=Signature.CHECKED,
        key=key,
        form="Austrian",
        version=max(int(issued_at.timestamp()), 0),
        issued_at=issued_at,
        expires_at=expires_at,
    )


def _check_signature(
    source: Source, signature: bytes, keys: Sequence[bytes]
) -> tuple[str, datetime, datetime]:
    try:
        message = cose.parse(signature)
    except DecodeError:
        raise untrue(source) from None
    if message.algorithm is not cose.Algorithm.ES256:
        raise untrue(source)
    key = signed_by(source, keys, message.to_be_signed(), message.signature)
    try:
        claims = cbor.decode(message.payload, cbor.NO_TAGS)
        not_before, expiry = (
            datetime.fromtimestamp(claims[k], UTC) for k in (_NOT_BEFORE, _EXPIRY)
        )
        digest = claims[_HASH]
    except (DecodeError, KeyError, IndexError, TypeError, ValueError, OverflowError, OSError):
        raise untrue(source) from None
    if digest != hashlib.sha256(source.data).digest():
        raise untrue(source)
    return key, not_before, expiry


def _rows(source: Source) -> Iterator[AnyRow]:
    # The signature verified: the publisher's own bytes, bounded in length and depth.
    if len(source.data) > MAX_SOURCE:
        raise broken(source, "larger than any trust list")
    try:
        document: Any = cbor2.loads(source.data, max_depth=_MAX_DEPTH)
    except _LIBRARY_FAULTS:
        raise broken(source, "not CBOR") from None
    for row in array(source, document.get("c") if isinstance(document, Mapping) else None):
        der, kid = (row.get("c"), row.get("i")) if isinstance(row, Mapping) else (None, None)
        if isinstance(der, bytes) and isinstance(kid, bytes):
            yield Row(der, kid)
        else:
            yield UnusableRow("no certificate or no kid")
