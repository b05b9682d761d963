"""A large set of truncated hashes in little memory, each with the instant at which it ends."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, pairwise
from operator import lt
from struct import Struct

from kiosk.core.revocation.marks import MARK

NEVER = 2**32 - 1  # seconds since 1970; an end that does not come (the last real one is in 2106)
MAX_HASHES = 4_000_000  # four times what is planned for

_halves = Struct(">QQ").unpack_from
_SPARSE = 4  # bits: the table of first bits has 16 to 32 places for each hash


class RevokedHashes:
    """An immutable set of hashes of 16 bytes, each with its end in seconds since 1970 (UTC).

    values: the hashes in ascending order. ends: as many unsigned 32-bit numbers. Both in network
    byte order. Raises ValueError when they are anything else.
    """

    def __init__(self, values: bytes = b"", ends: bytes = b"") -> None:
        self._halves = _numbers("Q", values)
        self._ends = _numbers("I", ends)
        if len(self._halves) != 2 * len(self._ends) or len(self._ends) > MAX_HASHES:
            raise ValueError("not as many ends as hashes, or too many of them")
        view = memoryview(self._halves)
        self._first, self._second = view[::2], view[1::2]
        if not self._ascending():
            raise ValueError("not sorted, or one hash twice")
        self._shift, self._table = _table_of_first_bits(self._first)

    @classmethod
    def of(cls, ends: Mapping[bytes, int]) -> RevokedHashes:
        """The set of the hashes in `ends`, each with its end."""
        ordered = sorted(ends.items())
        numbers = array("I", (end for _, end in ordered))
        return cls(b"".join(value for value, _ in ordered), _network_order(numbers))

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        """Each hash with its end, in ascending order."""
        values = self.values()
        starts = range(0, len(values), MARK)
        return ((values[i : i + MARK], end) for i, end in zip(starts, self._ends, strict=True))

    def values(self) -> bytes:
        """The hashes one after another."""
        return _network_order(self._halves)

    def ends(self) -> bytes:
        """The ends one after another."""
        return _network_order(self._ends)

    def holds_any(self, digests: Sequence[bytes], at: datetime) -> bool:
        """Whether one of `digests`, by its first 16 bytes, is in the set and not ended at `at`."""
        shift, table = self._shift, self._table
        for digest in digests:
            bits = _halves(digest)[0] >> shift
            # Nearly all digests are of no list, and leave here.
            if table[bits >> 3] >> (bits & 7) & 1 and self.end_of(digest) > at.timestamp():
                return True
        return False

    def end_of(self, digest: bytes) -> int:
        """The end of the hash that `digest` begins with; 0 when it is not in the set."""
        first, second = _halves(digest)
        place = bisect_left(self._first, first)
        while place < len(self._ends) and self._first[place] == first:
            if self._second[place] == second:
                return self._ends[place]
            place += 1
        return 0

    def _ascending(self) -> bool:
        if all(map(lt, self._first, islice(self._first, 1, None))):
            return True
        return all(earlier < later for earlier, later in pairwise(value for value, _ in self))


def _table_of_first_bits(first: memoryview) -> tuple[int, bytes]:
    """A bit for each beginning that a first half may have, and the shift that leaves it."""
    width = max(3, len(first).bit_length() + _SPARSE)
    table = bytearray(1 << (width - 3))
    shift = 64 - width
    for half in first:
        bits = half >> shift
        table[bits >> 3] |= 1 << (bits & 7)
    return shift, bytes(table)


def _numbers(kind: str, data: bytes) -> array[int]:
    """The unsigned numbers in `data`: of 8 bytes for Q, of 4 for I."""
    numbers = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _network_order(numbers: array[int]) -> bytes:
    swapped = array(numbers.typecode, numbers)
    if sys.byteorder == "little":
        swapped.byteswap()
    return swapped.tobytes()
