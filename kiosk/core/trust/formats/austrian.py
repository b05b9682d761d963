"""The Austrian list (A-SIT): CBOR {c: [{i: kid, c: certificate}]} with a detached COSE_Sign1.

The signature's payload is {2: SHA-256 of the list, 4: expiry, 5: not before}. The JSON mirror
{certificates: [{kid, rawData}]} carries no signature.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.core.hcert import cbor, cose
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.trust.formats.source import (
    MAX_SOURCE,
    Source,
    TrustSourceError,
    broken,
    from_base64,
    json_object,
    pinned_key,
)
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of

_HEAD = re.compile(rb"(?:\xa1|\xbf)\x61c")  # a map whose first key is "c"
_MIRROR = re.compile(rb'\s*\{\s*"certificates"\s*:\s*\[')
_HASH, _EXPIRY, _NOT_BEFORE = 2, 4, 5


def matches(source: Source) -> bool:
    """Whether this is the CBOR list."""
    return bool(_HEAD.match(source.data))


def matches_mirror(source: Source) -> bool:
    """Whether this is the JSON mirror (ask after the German form, which begins alike)."""
    return bool(_MIRROR.match(source.data))


def load(source: Source, key_pem: bytes | None) -> TrustList:
    """The list, once its detached signature verified against the pinned key."""
    if source.signature is None:
        raise TrustSourceError(
            source.name,
            "its detached signature is missing",
            "Put the signature beside it, under the same name with .sig at the end.",
        )
    issued_at, expires_at = _check_signature(source, source.signature, key_pem)
    version = int(issued_at.timestamp())
    return trust_list_of(
        _rows(source), source.name, version=version, issued_at=issued_at, expires_at=expires_at
    )


def load_mirror(source: Source) -> TrustList:
    """The JSON mirror, as it is: nothing but the caller's word says who wrote it."""
    rows = json_object(source, source.data).get("certificates")
    if not isinstance(rows, list):
        raise broken(source, "holds no certificates")
    return trust_list_of(_mirror_rows(source, rows), f"{source.name} (not signed)")


def _check_signature(
    source: Source, signature: bytes, key_pem: bytes | None
) -> tuple[datetime, datetime]:
    key = pinned_key(source, key_pem)
    try:
        message = cose.parse(signature)
        r, s = (int.from_bytes(half) for half in _halves(message))
        key.verify(encode_dss_signature(r, s), message.to_be_signed(), ECDSA(SHA256()))
        claims = cbor.decode(message.payload, cbor.NO_TAGS)
        stamps = tuple(datetime.fromtimestamp(claims[k], UTC) for k in (_NOT_BEFORE, _EXPIRY))
        digest = claims[_HASH]
    except (DecodeError, InvalidSignature, KeyError, TypeError, ValueError, OverflowError, OSError):
        raise _untrue(source) from None
    if digest != hashlib.sha256(source.data).digest():
        raise _untrue(source)
    return stamps[0], stamps[1]


def _halves(message: cose.CoseSign1) -> tuple[bytes, bytes]:
    if message.algorithm is not cose.Algorithm.ES256 or len(message.signature) != 64:
        raise InvalidSignature
    return message.signature[:32], message.signature[32:]


def _untrue(source: Source) -> TrustSourceError:
    return TrustSourceError(
        source.name,
        "its signature does not verify against the pinned key",
        "Fetch list, signature and key again from their publisher; do not use this file.",
    )


def _rows(source: Source) -> Iterator[Row]:
    # The signature verified: the publisher's own bytes, bounded in length only.
    if len(source.data) > MAX_SOURCE:
        raise broken(source, "larger than any trust list")
    try:
        rows = cbor2.loads(source.data)["c"]
        for row in rows:
            yield Row(bytes(row["c"]), bytes(row["i"]))
    except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError):
        raise broken(source, "not the form of the Austrian list") from None


def _mirror_rows(source: Source, rows: list[Any]) -> Iterator[Row]:
    for row in rows:
        fields = row if isinstance(row, dict) else {}
        der, kid = from_base64(fields.get("rawData")), from_base64(fields.get("kid"))
        if der is None or not kid:
            raise broken(source, "a row has no certificate or no kid")
        yield Row(der, kid)
