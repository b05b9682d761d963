"""Strict, bounded CBOR (RFC 8949), read in one pass.

Only what certificates are made of is read: integers of up to 64 bits, byte and text strings,
arrays, maps with keys of text or integers, floats, false, true, null, and the tags that the caller
expects.
No number, text or container is larger than its bytes in the data; depth and items are bounded, so
that no input costs more than its length. cbor2 is the reference in the tests, not used here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason

MAX_DEPTH: Final = 12  # the deepest official specimen has 6
MAX_ITEMS: Final = 1_024  # the largest official specimen has 86

NO_TAGS: Final = frozenset[int]()
MESSAGE_TAGS: Final = frozenset({18, 61})  # COSE_Sign1 (RFC 9052), CWT (RFC 8392)
DATE_TAGS: Final = frozenset({0, 1, 1004})  # RFC 8949 3.4, RFC 8943


class Tagged(NamedTuple):
    """An item under one of the tags that the caller expects."""

    number: int
    content: Any


_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(
    8
)  # major types (RFC 8949 section 3.1)
_INDEFINITE, _BREAK = 31, 0xFF
_FIRST_SIMPLE = 7 << 5
_CONSTANTS = {20: False, 21: True, 22: None, 23: None}  # undefined has no use here but null's
_FLOATS = {25: struct.Struct(">e"), 26: struct.Struct(">f"), 27: struct.Struct(">d")}

# Most items are texts of up to 23 bytes: the size of such an item by its first byte, else 0.
_SHORT_TEXT = tuple(head - 0x5F if 0x60 <= head < 0x78 else 0 for head in range(256))


def decode(data: bytes, tags: frozenset[int]) -> Any:
    """The one CBOR item in `data`, which may hold the given tags only. Raises DecodeError.

    Maps come back as dicts, arrays as lists, items under a tag as `Tagged`.
    """
    reader = _Reader(data, tags)
    try:
        item = reader.item(0)
    except (IndexError, UnicodeDecodeError, struct.error):
        raise DecodeError(Reason.CBOR_MALFORMED) from None
    if reader.end < len(data):
        raise DecodeError(Reason.CBOR_TRAILING_BYTES)
    if reader.end > len(data):
        raise DecodeError(Reason.CBOR_MALFORMED)
    return item


class _Reader:
    """Reads items, each from its first byte; `end` is then the place behind it.

    An item that is said to reach beyond the data is read short. That never stays unseen: `end` lies
    beyond the data then, so that the next byte is missing, or at last `decode` sees it.
    """

    __slots__ = ("_data", "_depth", "_items", "_tags", "end")

    def __init__(self, data: bytes, tags: frozenset[int]) -> None:
        self._data, self._tags = data, tags
        self._depth, self._items = 0, 1
        self.end = 0

    def item(self, at: int) -> Any:
        """The item whose first byte is at `at`."""
        data = self._data
        head = data[at]
        at += 1
        argument = head & 0x1F
        if argument == 24 and head < _FIRST_SIMPLE:
            argument = data[at]
            at += 1
        elif argument > 24 and head < _FIRST_SIMPLE:
            if argument > 27:
                return self._indefinite(head, at)
            width = 1 << (argument - 24)
            argument = int.from_bytes(data[at : at + width])
            at += width
        major = head >> 5
        if major == _TEXT:
            self.end = end = at + argument
            return data[at:end].decode()
        if major == _UNSIGNED:
            self.end = at
            return argument
        return _READ[major](self, argument, at)

    def _negative(self, argument: int, at: int) -> int:
        self.end = at
        return -1 - argument

    def _bytes(self, length: int, at: int) -> bytes:
        self.end = end = at + length
        return self._data[at:end]

    def _array(self, count: int, at: int) -> list[Any]:
        self._enter(count, at)
        self.end = at
        items = [self.item(self.end) for _ in range(count)]
        self._depth -= 1
        return items

    def _map(self, count: int, at: int) -> dict[int | str, Any]:
        self._enter(2 * count, at)
        data, short_text = self._data, _SHORT_TEXT
        found: dict[int | str, Any] = {}
        for _ in range(count):
            head = data[at]
            size = short_text[head]
            if size:
                end = at + size
                key: int | str = data[at + 1 : end].decode()
            elif head < 24:
                key, end = head, at + 1
            else:
                key, end = self._key(at), self.end
            head = data[end]
            size = short_text[head]
            if size:
                at = end + size
                found[key] = data[end + 1 : at].decode()
            elif head < 24:
                found[key] = head
                at = end + 1
            else:
                found[key] = self.item(end)
                at = self.end
        if len(found) != count:  # a key came twice
            raise DecodeError(Reason.CBOR_MALFORMED)
        self.end = at
        self._depth -= 1
        return found

    def _key(self, at: int) -> int | str:
        # Other keys have no use, and 1, 1.0 and true would be the same one to a dict.
        key = self.item(at)
        if type(key) is not int and type(key) is not str:
            raise DecodeError(Reason.CBOR_MALFORMED)
        return key

    def _tagged(self, number: int, at: int) -> Tagged:
        if number not in self._tags:
            raise DecodeError(Reason.CBOR_TAG_REFUSED)
        self._enter(1, at)
        tagged = Tagged(number, self.item(at))
        self._depth -= 1
        return tagged

    def _simple(self, argument: int, at: int) -> bool | float | None:
        if argument in _CONSTANTS:
            self.end = at
            return _CONSTANTS[argument]
        if argument not in _FLOATS:
            raise DecodeError(Reason.CBOR_MALFORMED)
        form = _FLOATS[argument]
        self.end = at + form.size
        number: float = form.unpack(self._data[at : self.end])[0]
        return number

    def _enter(self, count: int, at: int) -> None:
        """Go a level deeper, to `count` items that begin at `at`."""
        if count > len(self._data) - at:  # each takes a byte at least
            raise DecodeError(Reason.CBOR_MALFORMED)
        self._items += count
        self._depth += 1
        if self._items > MAX_ITEMS or self._depth > MAX_DEPTH:
            raise DecodeError(Reason.CBOR_TOO_COMPLEX)

    def _indefinite(self, head: int, at: int) -> Any:
        """An item that ends with a break (section 3.2); the items in it are counted one by one."""
        major = head >> 5
        if head & 0x1F != _INDEFINITE or major not in _PUT_TOGETHER:
            raise DecodeError(Reason.CBOR_MALFORMED)
        self._enter(0, at)
        items = []
        while self._data[at] != _BREAK:
            self._items += 1
            if self._items > MAX_ITEMS:
                raise DecodeError(Reason.CBOR_TOO_COMPLEX)
            if major in (_BYTES, _TEXT):
                self._check_piece(major, at)
            items.append(self.item(at))
            at = self.end
        self._depth -= 1
        self.end = at + 1
        return _PUT_TOGETHER[major](items)

    def _check_piece(self, major: int, at: int) -> None:
        head = self._data[at]
        if head >> 5 != major or head & 0x1F == _INDEFINITE:
            raise DecodeError(Reason.CBOR_MALFORMED)


def _map_of(items: list[Any]) -> dict[int | str, Any]:
    keys, values = items[::2], items[1::2]
    of_known_type = all(type(key) is int or type(key) is str for key in keys)
    if not of_known_type or len(keys) != len(values) or len(set(keys)) != len(keys):
        raise DecodeError(Reason.CBOR_MALFORMED)
    return dict(zip(keys, values, strict=True))


_READ: dict[int, Callable[[_Reader, int, int], Any]] = {
    _NEGATIVE: _Reader._negative,
    _BYTES: _Reader._bytes,
    _ARRAY: _Reader._array,
    _MAP: _Reader._map,
    _TAG: _Reader._tagged,
    _SIMPLE: _Reader._simple,
}
_PUT_TOGETHER: dict[int, Callable[[list[Any]], Any]] = {
    _BYTES: b"".join,
    _TEXT: "".join,
    _ARRAY: list,
    _MAP: _map_of,
}
