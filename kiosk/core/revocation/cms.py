"""The content of a CMS SignedData message (RFC 5652 section 5.1); its signature is not checked.

Java's CMS writes BER with indefinite lengths and strings in pieces, which DER forbids, so both are
read. Bounded: no recursion deeper than the structure, and every byte is looked at once a level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.core.encodings import from_base64

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_OID, _SEQUENCE, _OCTETS, _PIECES, _EXPLICIT = 0x06, 0x30, 0x04, 0x24, 0xA0
_CONSTRUCTED, _INDEFINITE = 0x20, 0x80
_END = b"\0\0"
_MAX_DEPTH = 16
_MAX_MESSAGE = 4 * 1024 * 1024  # bytes; a batch of 1,000 hashes has some 60 KiB
_MAX_WIDTH = 4  # bytes of a length
_PEM_BEGIN, _PEM_END = re.compile(rb"-----BEGIN (?:CMS|PKCS7)-----"), b"-----END"
_BASE64 = re.compile(rb"\s*MI[A-Za-z0-9+/=\s]+")  # a SEQUENCE of 128 bytes or more


class CmsError(ValueError):
    """Bytes that are no SignedData with a content."""


def content_of(data: bytes) -> bytes | None:
    """The content of a message in DER, BER, base64 or PEM; None when `data` is no message.

    Raises CmsError when it begins like one and is damaged.
    """
    if len(data) > _MAX_MESSAGE:
        return None
    text = _pem(data)
    if text is None and _BASE64.fullmatch(data):
        text = data
    if text is not None:
        data = from_base64(b"".join(text.split()).decode("ascii", "replace")) or b""
    if data[:1] != bytes([_SEQUENCE]) or _SIGNED_DATA not in data[:32]:
        return None
    message = _only(data, _SEQUENCE)
    signed = _nth(message, 1, _EXPLICIT)
    content_info = _nth(_only(signed, _SEQUENCE), 2, _SEQUENCE)
    return _octets(_nth(content_info, 1, _EXPLICIT))


def _pem(data: bytes) -> bytes | None:
    """The text of the first PEM message; looked for once, whatever else is said to begin."""
    begin = _PEM_BEGIN.search(data)
    end = data.find(_PEM_END, begin.end()) if begin else -1
    return data[begin.end() : end] if begin and end >= 0 else None


def _octets(data: bytes) -> bytes:
    """An octet string, whole or in pieces (X.690 section 8.7)."""
    found = list(_elements(data))
    if len(found) != 1:
        raise CmsError("not one content")
    tag, content = found[0]
    if tag == _OCTETS:
        return content
    pieces = list(_elements(content)) if tag == _PIECES else []
    if not pieces or any(piece != _OCTETS for piece, _ in pieces):
        raise CmsError("the content is no octet string")
    return b"".join(piece for _, piece in pieces)


def _only(data: bytes, tag: int) -> bytes:
    return _nth(data, 0, tag)


def _nth(data: bytes, place: int, tag: int) -> bytes:
    for number, (found, content) in enumerate(_elements(data)):
        if number == place and found == tag:
            return content
    raise CmsError(f"element {place + 1} is missing or of another kind")


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The (tag, content) pairs that stand in `data`, one after the other."""
    at = 0
    while at < len(data):
        tag, start, end, after = _extent(data, at, 0)
        yield tag, data[start:end]
        at = after


def _extent(data: bytes, at: int, depth: int) -> tuple[int, int, int, int]:
    """Tag, start and end of the content, and where the next element begins."""
    if depth > _MAX_DEPTH or at + 2 > len(data):
        raise CmsError("cut off, or nested too deep")
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length == _INDEFINITE:
        if not tag & _CONSTRUCTED:
            raise CmsError("a length is missing")
        end = start
        while data[end : end + 2] != _END:
            end = _extent(data, end, depth + 1)[3]
        return tag, start, end, end + 2
    if length & 0x80:
        width = length & 0x7F
        if width > _MAX_WIDTH:
            raise CmsError("a length of too many bytes")
        length = int.from_bytes(data[start : start + width])
        start += width
    if start + length > len(data):
        raise CmsError("a length beyond the data")
    return tag, start, start + length, start + length
