"""Finds the words of a list that are a slip or two from a word.

Each word has two signs of 64 bits: which letters it has, and which pairs of neighbours. A slip
changes few of these bits, so that of all words of about that length those are left, in one sweep
over an array, which are worth comparing letter by letter. Where a word is long enough for two
slips, one end of it mostly stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np

from kiosk.core.guests.nearness import ONE_SLIP, TWO_SLIPS, alike_in_letters

# Bits that a slip changes, of the letters and of both signs: another letter 2 and 4 of the pairs,
# two letters exchanged 0 and 6.
_LETTER_BITS, _BITS = 2, 6
_END = 3  # letters at either end of a long word
_SLIPS_OF = ((0, 0, ONE_SLIP - 1), (1, ONE_SLIP, TWO_SLIPS - 1), (2, TWO_SLIPS, 10**6))


class SlipIndex:
    """The words of a list, shorter ones first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=len)
        self._letters = np.array([*map(_letters, self._words)], np.uint64)
        self._pairs = np.array([*map(_pairs, self._words)], np.uint64)
        self._begins = np.array([_code(word[:_END]) for word in self._words], np.uint32)
        self._ends = np.array([_code(word[-_END:]) for word in self._words], np.uint32)
        lengths = [*map(len, self._words)]
        self._from = [bisect_left(lengths, length) for length in range(max(lengths, default=0) + 2)]

    def like(self, word: str) -> Iterator[tuple[str, float]]:
        """The words that it may be taken for, and how alike they are; itself among them."""
        letters, pairs = np.uint64(_letters(word)), np.uint64(_pairs(word))
        begin, end = np.uint32(_code(word[:_END])), np.uint32(_code(word[-_END:]))
        for slips, places in self._about_as_long(len(word)):
            if slips > 1 or len(word) > 2 * _END:  # one slip leaves either end alone
                maybe = (self._begins[places] == begin) | (self._ends[places] == end)
            else:
                maybe = np.bitwise_count(self._letters[places] ^ letters) <= _LETTER_BITS * slips
            at = np.flatnonzero(maybe) + places.start
            bits = np.bitwise_count(self._letters[at] ^ letters)
            bits += np.bitwise_count(self._pairs[at] ^ pairs)
            for near in at[bits <= _BITS * slips].tolist():
                if likeness := alike_in_letters(word, self._words[near]):
                    yield self._words[near], likeness

    def _about_as_long(self, length: int) -> Iterator[tuple[int, slice]]:
        """How many slips there may be, and the places of the words for which it is so many.

        The longer one of two words says how many.
        """
        for slips, shortest, longest in _SLIPS_OF:
            first = max(0, length - slips) if length >= shortest else shortest
            last = min(longest, length + slips, len(self._from) - 2)
            if length <= longest and first <= last:
                yield slips, slice(self._from[first], self._from[last + 1])


def _code(letters: str) -> int:
    return int.from_bytes(letters.encode("ascii", "replace"))


def _letters(word: str) -> int:
    """A bit for each letter that stands in the word, a second one where it does so again."""
    once = twice = 0
    for letter in word:
        bit = 1 << (ord(letter) & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32


def _pairs(word: str) -> int:
    """A bit for each pair of neighbours; some pairs share theirs."""
    pairs, before = 0, 0
    for letter in word:
        pairs |= 1 << (7 * before + ord(letter)) % 64
        before = ord(letter)
    return pairs | 1 << 7 * before % 64
