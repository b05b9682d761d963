"""A bounded reader of DER (X.690) that also takes what DER forbids: other encodings of one value.

No recursion, no exception but `DerError`, and no more work than bytes are given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

INTEGER, BIT_STRING, OCTET_STRING, OID = 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31

_LONG_FORM, _MANY_BYTE_TAG = 0x80, 0x1F
_MAX_WIDTH = 4  # bytes of a length; what is read here is far smaller than 4 GiB
# RFC 5280 section 4.1.2.5 wants seconds and Z; X.690 section 11.7 knows the rest.
_TIME = re.compile(
    rb"(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{4})", re.ASCII
)
_CENTURY_TURNS = 50  # a UTCTime from 50 on is of the 20th century (RFC 5280 section 4.1.2.5.1)


class DerError(ValueError):
    """Bytes that are not the structure asked for; the message says what is amiss."""


@dataclass(frozen=True)
class Element:
    """One tag with its content."""

    tag: int
    content: bytes = field(repr=False)


def elements(data: bytes) -> list[Element]:
    """The elements that stand in `data`, one after the other. Raises DerError."""
    found: list[Element] = []
    at = 0
    while at < len(data):
        tag = data[at]
        if tag & _MANY_BYTE_TAG == _MANY_BYTE_TAG:
            raise DerError("a tag of several bytes")
        start, length = _length(data, at + 1)
        if start + length > len(data):
            raise DerError("a length beyond the data")
        found.append(Element(tag, data[start : start + length]))
        at = start + length
    return found


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Where the content starts, and how long it is."""
    if at >= len(data):
        raise DerError("cut off")
    first = data[at]
    if not first & _LONG_FORM:
        return at + 1, first
    width = first & ~_LONG_FORM
    if not 0 < width <= _MAX_WIDTH:
        raise DerError("a length of no or too many bytes")
    start = at + 1 + width
    if start > len(data):
        raise DerError("cut off")
    return start, int.from_bytes(data[at + 1 : start])


def only(data: bytes, tag: int) -> bytes:
    """The content of the one element of `tag` that `data` is. Raises DerError."""
    found = elements(data)
    if [element.tag for element in found] != [tag]:
        raise DerError(f"not one element of tag {tag:#04x}")
    return found[0].content


def oid(dotted: str) -> bytes:
    """The content bytes of an object identifier in dotted form (X.690 section 8.19)."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    return b"".join(_base128(arc) for arc in (40 * first + second, *others))


def _base128(arc: int) -> bytes:
    last = max(arc.bit_length() - 1, 0) // 7  # groups of seven bits, all but the last marked
    return bytes(arc >> 7 * n & 0x7F | (0x80 if n else 0) for n in range(last, -1, -1))


def time(element: Element) -> datetime:
    """A UTCTime or GeneralizedTime as an aware time in UTC. Raises DerError."""
    digits = {UTC_TIME: 2, GENERALIZED_TIME: 4}.get(element.tag)
    match = _TIME.fullmatch(element.content)
    if match is None or len(match[1]) != digits:
        raise DerError("not a time")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if digits == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    try:
        stamp = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        return stamp - _offset(match[7])
    except (ValueError, OverflowError):
        raise DerError("not a time that there is") from None


def _offset(zone: bytes) -> timedelta:
    if zone == b"Z":
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    return offset if zone[:1] == b"+" else -offset
