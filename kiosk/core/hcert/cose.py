"""COSE_Sign1 (RFC 9052 section 4.2): taken apart without a look at what it signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import cbor2

from kiosk.core.hcert import cbor
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason

_ALG, _KID = 1, 4  # RFC 9052 table 3
_TAG_SIGN1, _TAG_CWT = 18, 61
MAX_KID = 32  # bytes; real ones have 6 to 8


class Algorithm(IntEnum):
    """The two algorithms of hcert-spec 1.0.8 section 3.3.2 (RFC 9053)."""

    ES256 = -7
    PS256 = -37


@dataclass(frozen=True, repr=False)
class CoseSign1:
    """A signed message: protected header as received, key id, algorithm, payload, signature."""

    protected: bytes
    kid: bytes
    algorithm: Algorithm
    payload: bytes
    signature: bytes
    notes: tuple[Note, ...] = ()

    def to_be_signed(self) -> bytes:
        """The Sig_structure over the bytes as received (RFC 9052 section 4.4)."""
        return bytes(cbor2.dumps(["Signature1", self.protected, b"", self.payload]))


def parse(data: bytes) -> CoseSign1:
    """The COSE_Sign1 in `data`: tagged 18, tagged 61(18), or bare. Raises DecodeError."""
    array, notes = _untag(cbor.decode(data, cbor.MESSAGE_TAGS))
    protected, unprotected, payload, signature = _four(array)
    signed_header = _protected_map(protected)
    algorithm = _algorithm(signed_header, unprotected, notes)
    kid = _kid(signed_header, unprotected, notes)
    return CoseSign1(protected, kid, algorithm, payload, signature, tuple(notes))


def _untag(item: Any) -> tuple[Any, list[Note]]:
    notes: list[Note] = []
    if isinstance(item, cbor2.CBORTag) and item.tag == _TAG_CWT:
        item = item.value
        notes.append(Note.COSE_CWT_TAGGED)
        if not isinstance(item, cbor2.CBORTag):
            raise DecodeError(Reason.COSE_STRUCTURE)
    if isinstance(item, cbor2.CBORTag):
        if item.tag != _TAG_SIGN1:
            raise DecodeError(Reason.COSE_STRUCTURE)
        return item.value, notes
    notes.append(Note.COSE_UNTAGGED)
    return item, notes


def _four(array: Any) -> tuple[bytes, Mapping[Any, Any], bytes, bytes]:
    match array:
        case [bytes() as protected, unprotected, bytes() as payload, bytes() as signature] if (
            cbor.is_map(unprotected)
        ):
            return protected, unprotected, payload, signature
    raise DecodeError(Reason.COSE_STRUCTURE)


def _protected_map(protected: bytes) -> Mapping[Any, Any]:
    if not protected:
        return {}  # an empty map is sent as h'' (RFC 9052 section 3)
    header = cbor.decode(protected, cbor.NO_TAGS)
    if not cbor.is_map(header):
        raise DecodeError(Reason.COSE_STRUCTURE)
    return header  # type: ignore[no-any-return]


def _algorithm(
    signed: Mapping[Any, Any], unsigned: Mapping[Any, Any], notes: list[Note]
) -> Algorithm:
    # Harmless where it is not signed: the key decides, and the two must agree.
    if _ALG not in signed:
        notes.append(Note.ALGORITHM_UNPROTECTED)
    value = signed.get(_ALG, unsigned.get(_ALG))
    if type(value) is not int or value not in tuple(Algorithm):
        raise DecodeError(Reason.ALGORITHM_UNSUPPORTED)
    return Algorithm(value)


def _kid(signed: Mapping[Any, Any], unsigned: Mapping[Any, Any], notes: list[Note]) -> bytes:
    if _KID not in signed:
        notes.append(Note.KID_UNPROTECTED)
    kid = signed.get(_KID, unsigned.get(_KID))
    if kid is None:
        raise DecodeError(Reason.KID_MISSING)
    if not isinstance(kid, bytes) or not 1 <= len(kid) <= MAX_KID:
        raise DecodeError(Reason.COSE_STRUCTURE)
    return kid
