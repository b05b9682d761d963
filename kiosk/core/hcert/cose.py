"""COSE_Sign1 (RFC 9052 section 4.2): taken apart without a look at what it signs."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from kiosk.core.hcert import cbor, plain
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason

_ALG, _CRIT, _KID = 1, 2, 4  # RFC 9052 table 3
_UNDERSTOOD = frozenset({_ALG, _CRIT, _KID})
_TAG_SIGN1, _TAG_CWT = 18, 61
MAX_KID = 32  # bytes; real ones have 6 to 8

Header = dict[int | str, Any]


class Algorithm(IntEnum):
    """The two algorithms of hcert-spec 1.0.8 section 3.3.2 (RFC 9053)."""

    ES256 = -7
    PS256 = -37


_ALGORITHMS = {algorithm.value: algorithm for algorithm in Algorithm}


class CoseSign1(NamedTuple):
    """A signed message: protected header as received, key id, algorithm, payload, signature."""

    protected: bytes
    kid: bytes
    algorithm: Algorithm
    payload: bytes
    signature: bytes
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # nothing of the content

    def to_be_signed(self) -> bytes:
        """The Sig_structure over the bytes as received (RFC 9052 section 4.4).

        ["Signature1", protected, h'', payload], written by hand: nothing is encoded anew.
        """
        protected, payload = self.protected, self.payload
        return b"".join(
            (
                b"\x84\x6aSignature1",
                _byte_string_head(len(protected)),
                protected,
                b"\x40",
                _byte_string_head(len(payload)),
                payload,
            )
        )


def parse(data: bytes) -> CoseSign1:
    """The COSE_Sign1 in `data`: tagged 18, tagged 61(18), or bare. Raises DecodeError."""
    parts = plain.cut(data)
    if parts is None:
        return parse_patiently(data)
    protected, payload, signature = parts
    algorithm, kid, notes = _signed_labels(protected)
    return CoseSign1(protected, kid, algorithm, payload, signature, notes)


def parse_patiently(data: bytes) -> CoseSign1:
    """The same by the other way, which takes all forms, notes and refuses."""
    item = cbor.decode(data, cbor.MESSAGE_TAGS)
    notes: tuple[Note, ...] = ()
    if type(item) is not cbor.Tagged:
        notes = (Note.COSE_UNTAGGED,)
    elif item.number == _TAG_SIGN1:
        item = item.content
    else:
        notes, item = (Note.COSE_CWT_TAGGED,), _inside_cwt_tag(item)
    protected, unprotected, payload, signature = _four(item)
    algorithm, kid, header_notes = _labels(protected, unprotected)
    return CoseSign1(protected, kid, algorithm, payload, signature, notes + header_notes)


def _inside_cwt_tag(item: cbor.Tagged) -> Any:
    inside = item.content
    if type(inside) is not cbor.Tagged or inside.number != _TAG_SIGN1:
        raise DecodeError(Reason.COSE_STRUCTURE)
    return inside.content


def _labels(protected: bytes, unprotected: Header) -> tuple[Algorithm, bytes, tuple[Note, ...]]:
    """Algorithm and key id; what is protected wins."""
    signed: Header = {}
    if protected:  # an empty map is sent as h'' (RFC 9052 section 3)
        signed = cbor.decode(protected, cbor.NO_TAGS)
        if type(signed) is not dict:
            raise DecodeError(Reason.COSE_STRUCTURE)
    if _CRIT in signed or _CRIT in unprotected:
        _check_critical(signed)
    notes: list[Note] = []
    algorithm, kid = _algorithm(signed, unprotected, notes), _kid(signed, unprotected, notes)
    return algorithm, kid, tuple(notes)


@lru_cache(maxsize=256)
def _signed_labels(protected: bytes) -> tuple[Algorithm, bytes, tuple[Note, ...]]:
    """The labels of a header that all certificates of one signer have byte by byte."""
    return _labels(protected, {})


def _four(array: Any) -> tuple[bytes, Header, bytes, bytes]:
    if type(array) is list and len(array) == 4:
        protected, unprotected, payload, signature = array
        if type(protected) is type(payload) is type(signature) is bytes and (
            type(unprotected) is dict
        ):
            return protected, unprotected, payload, signature
    raise DecodeError(Reason.COSE_STRUCTURE)


def _check_critical(signed: Header) -> None:
    """Refuse what the issuer says must be understood and is not (RFC 9052 section 3.1)."""
    labels = signed.get(_CRIT)  # an unprotected one has no place at all
    if type(labels) is not list or not labels:
        raise DecodeError(Reason.HEADER_CRITICAL)
    for label in labels:
        if type(label) is not int or label not in _UNDERSTOOD or label not in signed:
            raise DecodeError(Reason.HEADER_CRITICAL)


def _algorithm(signed: Header, unsigned: Header, notes: list[Note]) -> Algorithm:
    # Harmless where it is not signed: the key decides, and the two must agree.
    if _ALG in signed:
        value = signed[_ALG]
    else:
        value = unsigned.get(_ALG)
        notes.append(Note.ALGORITHM_UNPROTECTED)
    if type(value) is not int or value not in _ALGORITHMS:
        raise DecodeError(Reason.ALGORITHM_UNSUPPORTED)
    return _ALGORITHMS[value]


def _kid(signed: Header, unsigned: Header, notes: list[Note]) -> bytes:
    if _KID in signed:
        kid = signed[_KID]
    else:
        kid = unsigned.get(_KID)
        notes.append(Note.KID_UNPROTECTED)
    if kid is None:
        raise DecodeError(Reason.KID_MISSING)
    if type(kid) is not bytes or not 1 <= len(kid) <= MAX_KID:
        raise DecodeError(Reason.COSE_STRUCTURE)
    return kid


@lru_cache(maxsize=256)
def _byte_string_head(length: int) -> bytes:
    """The first bytes of a byte string of that length (RFC 8949 section 3), the shortest form."""
    if length < 24:
        return bytes((0x40 | length,))
    if length < 0x100:
        return bytes((0x58, length))
    width, head = (2, b"\x59") if length < 0x10000 else (4, b"\x5a")
    return head + length.to_bytes(width)
