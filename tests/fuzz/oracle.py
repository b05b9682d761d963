"""What counts as forged, decided without the program's own decoder.

An accepted text is genuine when it holds exactly the protected header and the payload that a
trusted signer signed, with a signature of that signer over them, and the claims in that payload
hold. What nobody signs (the compression, the tags, the unprotected header, the other s of an ECDSA
signature) may differ: it says nothing.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import cbor2
from base45 import b45decode
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.fuzz.originals import Signed, p256, rsa2048

_CLOCK_SKEW = 300  # seconds that an issuer's clock may be ahead
_A_DAY = timedelta(days=1)
_COVID_19 = "840539006"
_FAULTS = (cbor2.CBORDecodeError, ValueError, TypeError, LookupError, AttributeError)


def _as_written(content: Any, _immutable: bool) -> Any:
    return content


_DATES_AS_WRITTEN = dict.fromkeys((0, 1, 1004), _as_written)


def why_forged(text: str, signed: Collection[Signed], at: datetime) -> str | None:
    """Why a text that was verified at `at` should not have been; None when it is genuine."""
    try:
        item = cbor2.loads(zlib.decompress(b45decode(text.removeprefix("HC1:"))))
        while isinstance(item, cbor2.CBORTag):
            item = item.value
        protected, _, payload, signature = item
        if (protected, payload) not in signed:
            return "nobody signed this header and payload"
        if not _is_signed(cbor2.dumps(["Signature1", protected, b"", payload]), signature):
            return "the signature is of no trusted signer"
        claims = cbor2.loads(payload, semantic_decoders=_DATES_AS_WRITTEN)
        return _why_not_in_force(claims, at)
    except (*_FAULTS, zlib.error) as error:
        return f"another decoder finds nothing in it ({type(error).__name__})"


def _is_signed(data: bytes, signature: bytes) -> bool:
    elliptic, other = p256().key.public_key(), rsa2048().key.public_key()
    assert isinstance(elliptic, ec.EllipticCurvePublicKey)
    assert isinstance(other, rsa.RSAPublicKey)
    try:
        if len(signature) == 64:
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            elliptic.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
        else:
            other.verify(signature, data, PSS(MGF1(SHA256()), 32), SHA256())
    except InvalidSignature:
        return False
    return True


def _why_not_in_force(claims: Mapping[Any, Any], at: datetime) -> str | None:
    now = at.timestamp()
    if not now <= _number(claims.get(4)):
        return "expired, or without an end"
    if claims.get(6) is not None and not _number(claims[6]) <= now + _CLOCK_SKEW:
        return "issued in the future"
    dcc = claims[-260][1]
    present = [dcc[group] for group in "vtr" if dcc.get(group) is not None]
    if len(present) != 1 or len(present[0]) != 1:
        return "not one statement"
    if str(present[0][0]["tg"]).strip() != _COVID_19:
        return "of another disease"
    if str(dcc.get("dob") or "").strip() > (at + _A_DAY).date().isoformat():
        return "born after the check"
    return None


def _number(value: object) -> float:
    """A finite number; what is none is NaN, which no comparison holds for."""
    number = float(value) if type(value) in (int, float) else math.nan  # type: ignore[arg-type]
    return number if math.isfinite(number) else math.nan
