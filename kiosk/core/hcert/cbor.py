"""Strict, bounded CBOR (RFC 8949): scanned before the library sees a byte.

The library accepts trailing bytes, cyclic references, regular expressions and numbers of a
billion digits by way of tags; a linear scan without recursion refuses them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import cbor2

from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason

MAX_DEPTH = 12  # the deepest official specimen has 6
MAX_ITEMS = 1_024  # the largest official specimen has 86

NO_TAGS: Final = frozenset[int]()
MESSAGE_TAGS: Final = frozenset({18, 61})  # COSE_Sign1 (RFC 9052), CWT (RFC 8392)
DATE_TAGS: Final = frozenset({0, 1, 1004})  # RFC 8949 3.4, RFC 8943

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_BREAK = 0xFF
_LIBRARY_FAULTS = (
    cbor2.CBORDecodeError,
    ValueError,
    TypeError,
    OverflowError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)


def decode(data: bytes, tags: frozenset[int]) -> Any:
    """The one CBOR item in `data`, which may hold the given tags only.

    Date tags are taken off (their content comes back as it is); the message tags come back as
    `cbor2.CBORTag`. Raises DecodeError.
    """
    _Scan(data, tags).run()
    try:
        return cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_duplicate_keys=False,
            semantic_decoders=_PLAIN_DATES,
        )
    except _LIBRARY_FAULTS:
        raise DecodeError(Reason.CBOR_MALFORMED) from None


def is_map(value: object) -> bool:
    """Whether a decoded item is a map; inside tags the library returns a frozendict, no dict."""
    return isinstance(value, Mapping)


def _content(content: Any, _immutable: bool) -> Any:
    return content


_PLAIN_DATES: Final = dict.fromkeys(DATE_TAGS, _content)


class _Scan:
    """Walks the heads of all items once, with a stack of what is still to come."""

    def __init__(self, data: bytes, tags: frozenset[int]) -> None:
        self._data = data
        self._tags = tags
        self._at = 0
        self._items = 0
        # Items still to come in each open container; None for one of indefinite length.
        self._open: list[int | None] = [1]

    def run(self) -> None:
        while self._open:
            if self._open[-1] == 0:
                self._open.pop()
                continue
            self._item()
        if self._at != len(self._data):
            raise DecodeError(Reason.CBOR_TRAILING_BYTES)

    def _item(self) -> None:
        first = self._byte()
        if first == _BREAK:
            self._close_indefinite()
            return
        self._count()
        major, info = first >> 5, first & 0x1F
        if info == 31:
            self._open_indefinite(major)
            return
        argument = self._argument(info)
        if major in (_BYTES, _TEXT):
            self._skip(argument)
        elif major == _ARRAY:
            self._push(argument)
        elif major == _MAP:
            self._push(2 * argument)
        elif major == _TAG:
            self._tag(argument)

    def _count(self) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise DecodeError(Reason.CBOR_TOO_COMPLEX)
        left = self._open[-1]
        if left is not None:
            self._open[-1] = left - 1

    def _push(self, count: int | None) -> None:
        # Each item takes a byte at least: a declared length beyond the data is a lie.
        if count is not None and count > len(self._data) - self._at:
            raise DecodeError(Reason.CBOR_MALFORMED)
        if len(self._open) > MAX_DEPTH:
            raise DecodeError(Reason.CBOR_TOO_COMPLEX)
        self._open.append(count)

    def _tag(self, number: int) -> None:
        if number not in self._tags:
            raise DecodeError(Reason.CBOR_TAG_REFUSED)
        self._push(1)

    def _open_indefinite(self, major: int) -> None:
        if major not in (_BYTES, _TEXT, _ARRAY, _MAP):
            raise DecodeError(Reason.CBOR_MALFORMED)
        self._push(None)

    def _close_indefinite(self) -> None:
        if self._open[-1] is not None:
            raise DecodeError(Reason.CBOR_MALFORMED)
        self._open.pop()

    def _argument(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise DecodeError(Reason.CBOR_MALFORMED)
        width = 1 << (info - 24)
        start = self._at
        self._skip(width)
        return int.from_bytes(self._data[start : self._at])

    def _byte(self) -> int:
        start = self._at
        self._skip(1)
        return self._data[start]

    def _skip(self, count: int) -> None:
        if count > len(self._data) - self._at:
            raise DecodeError(Reason.CBOR_MALFORMED)
        self._at += count
