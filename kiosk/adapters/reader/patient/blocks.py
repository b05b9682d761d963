"""How the codewords of a QR code are laid out, and what its format information says.

ISO/IEC 18004:2015, 7.5.1 (table 9), 7.6, 7.8.2 (masks) and 7.9 with annex C (format information).
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.symbol import size_of, symbol


class Level(IntEnum):
    """The level of error correction, by its bits in the format information (table 12)."""

    M = 0
    L = 1
    H = 2
    Q = 3


# Table 9, for the versions from 1 to 40: error correction codewords of a block, and blocks.
_CORRECTING = {
    Level.L: (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
              28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30),
    Level.M: (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
              26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28),
    Level.Q: (13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
              28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30),
    Level.H: (17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
              30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30),
}  # fmt: skip
_BLOCKS = {
    Level.L: (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
              8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25),
    Level.M: (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
              17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49),
    Level.Q: (1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
              23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68),
    Level.H: (1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
              25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81),
}  # fmt: skip


class Layout(NamedTuple):
    """Where the codewords of each block stand in the order of placement (7.6).

    `places`: shape (blocks, longest); a block that is one codeword shorter has -1 as its first,
    which is a zero that was never written: it changes nothing about the code. `correcting`:
    how many of the last ones of each block are for error correction.
    """

    places: NDArray[np.intp]
    correcting: int


@cache
def layout(version: int, level: Level) -> Layout:
    """The layout of a version at a level."""
    count, correcting = _BLOCKS[level][version - 1], _CORRECTING[level][version - 1]
    total = symbol(version).order.size // 8
    data = total - count * correcting
    short = data // count
    long_blocks = data % count
    places = np.full((count, short + 1 + correcting), -1, np.intp)
    places[:, 1 : short + 1] = np.arange(short * count).reshape(short, count).T
    if long_blocks:  # theirs is one more after the last of the short ones: move them to the left
        longer = slice(count - long_blocks, count)
        places[longer, :short] = places[longer, 1 : short + 1]
        places[longer, short] = short * count + np.arange(long_blocks)
    places[:, short + 1 :] = data + np.arange(correcting * count).reshape(correcting, count).T
    return Layout(places if long_blocks else places[:, 1:], correcting)


@cache
def mask(version: int, pattern: int) -> NDArray[np.int8]:
    """-1 where a mask pattern turns a module over, else +1; shape (size, size) (table 10)."""
    row, column = np.indices((size_of(version),) * 2)
    conditions = (
        (row + column) % 2,
        row % 2,
        column % 3,
        (row + column) % 3,
        (row // 2 + column // 3) % 2,
        row * column % 2 + row * column % 3,
        (row * column % 2 + row * column % 3) % 2,
        ((row + column) % 2 + row * column % 3) % 2,
    )
    return np.where(conditions[pattern] == 0, -1, 1).astype(np.int8)


class Format(NamedTuple):
    """What the format information says."""

    level: Level
    mask: int


@cache
def format_words() -> NDArray[np.int8]:
    """All 32 words, as signs of their 15 bits, the most significant first (annex C)."""
    words = []
    for data in range(32):
        rest = data
        for _ in range(10):
            rest = rest << 1 ^ (rest >> 9) * 0x537
        words.append((data << 10 | rest) ^ 0x5412)
    bits = np.array(words)[:, None] >> np.arange(14, -1, -1) & 1
    return (1 - 2 * bits).astype(np.int8)


def likely_formats(soft: NDArray[np.float32], version: int, most: int) -> list[Format]:
    """The formats that suit the soft modules best, both copies taken together; best first."""
    order = np.argsort(-_suiting(soft, version))[:most]
    return [Format(Level(int(data) >> 3), int(data) & 7) for data in order]


def format_clarity(soft: NDArray[np.float32], version: int) -> float:
    """How well the most likely format suits the soft modules."""
    return float(_suiting(soft, version).max())


def _suiting(soft: NDArray[np.float32], version: int) -> NDArray[np.float32]:
    """How well each of the 32 words suits both copies taken together."""
    heard = soft.reshape(-1)[symbol(version).format_places].sum(axis=0)
    return np.asarray(format_words() @ heard, np.float32)
