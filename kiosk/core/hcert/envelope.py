"""From the text of a QR code to COSE bytes: prefix, base45, zlib (hcert-spec sections 4, 5)."""

from __future__ import annotations

import re
import zlib

from kiosk.core.hcert import base45
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason

PREFIX = "HC1:"
MAX_INFLATED = 16 * 1024  # bytes; the largest COSE of 574 official specimens has 870

_ZLIB_HEADERS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")

_OTHER_CODES: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (re.compile(r"LT1:"), Reason.CODE_SWISS_LIGHT),
    (re.compile(r"AT1:"), Reason.CODE_AUSTRIAN),
    (re.compile(r"NL[0-9]:"), Reason.CODE_DUTCH),
    (re.compile(r"HC[2-9A-Z]:"), Reason.CODE_HCERT_OTHER),
    (re.compile(r"DC0[0-9]"), Reason.CODE_2D_DOC),
    (re.compile(r"shc:/", re.IGNORECASE), Reason.CODE_SMART_HEALTH_CARD),
)


def is_certificate(text: str) -> bool:
    """Whether `text` claims to be an HC1 certificate."""
    return text.startswith(PREFIX)


def other_code(text: str) -> Reason | None:
    """What `text` is when it is not an HC1 certificate; None when it claims to be one."""
    return None if is_certificate(text) else _kind_of(text)


def _kind_of(text: str) -> Reason:
    known = (reason for pattern, reason in _OTHER_CODES if pattern.match(text))
    return next(known, Reason.CODE_UNKNOWN)


def open_envelope(text: str) -> bytes:
    """The COSE bytes inside an HC1 text.

    Raises DecodeError. Nothing is stripped: the space is a letter of base45.
    """
    if not text.startswith(PREFIX):
        raise DecodeError(_kind_of(text))
    if len(text) > base45.MAX_TEXT:
        raise DecodeError(Reason.TEXT_TOO_LONG)
    return _inflate(base45.decode(text[len(PREFIX) :]))


def _inflate(data: bytes) -> bytes:
    if data[:2] not in _ZLIB_HEADERS:
        raise DecodeError(Reason.NOT_COMPRESSED)
    inflater = zlib.decompressobj(zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(data, MAX_INFLATED + 1)
    except zlib.error:
        raise DecodeError(Reason.COMPRESSION_BROKEN) from None
    if len(inflated) > MAX_INFLATED:
        raise DecodeError(Reason.INFLATED_TOO_LARGE)
    # A truncated stream raises nothing: only `eof` tells that the checksum was reached.
    if not inflater.eof or inflater.unused_data:
        raise DecodeError(Reason.COMPRESSION_BROKEN)
    return inflated
