"""What of a QR code is known before it is read: ISO/IEC 18004:2015, sections 6 and 7.

Modules are numbered (row, column) from the top left; light is +1 and dark is -1, as in a picture
that is centred on its middle grey. A dark module is a bit that is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.int8]  # shape (size, size): +1 light, -1 dark, 0 not known

VERSIONS = range(1, 41)
FINDER = 7  # modules of a finder pattern's side
CENTRE = 3.5  # modules from a symbol's corner to the middle of its finder pattern
EDGE = 9  # rows and columns with finder, timing and alignment patterns, and the version
_TIMING = 6  # row and column of the timing patterns


@dataclass(frozen=True, eq=False)
class Symbol:
    """The parts of a version that do not depend on what the code says.

    `known`: the function patterns, 0 elsewhere. `order`: flat indices of the data modules in the
    order of placement (7.7.3). `format_places`: for each of the two copies of the format
    information the flat indices of its 15 bits, the most significant first (7.9.1).
    `alignments`: the centres of the alignment patterns, (row, column).
    """

    version: int
    size: int
    known: Signs
    order: NDArray[np.intp]
    format_places: NDArray[np.intp]
    alignments: tuple[tuple[int, int], ...]

    def edge(self, side: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """The known middles and pattern of the upper rows (0) or the left columns (1) alone."""
        return self._edges[side]

    @cached_property
    def _edges(self) -> tuple[tuple[NDArray[np.float64], NDArray[np.float32]], ...]:
        edges = []
        for side in (1, 0):  # the y of the upper rows, the x of the left columns
            near = self.known_middles[:, side] < EDGE
            edges.append((self.known_middles[near], _centred(self.known[self.known != 0][near])))
        return tuple(edges)

    @cached_property
    def known_middles(self) -> NDArray[np.float64]:
        """The middles of the function modules as (x, y) in modules; shape (known, 2)."""
        rows, columns = np.nonzero(self.known)
        return np.stack([columns + 0.5, rows + 0.5], axis=1)

    @cached_property
    def known_pattern(self) -> NDArray[np.float32]:
        """Those modules less their mean, of length 1: a correlation is a product with it."""
        return _centred(self.known[self.known != 0])


def _centred(signs: Signs) -> NDArray[np.float32]:
    told = signs - signs.mean(dtype=np.float32)
    return np.asarray(told / np.linalg.norm(told), np.float32)


def size_of(version: int) -> int:
    """Modules of a symbol's side (table 1)."""
    return 4 * version + 17


@cache
def symbol(version: int) -> Symbol:
    """The symbol of a version from 1 to 40."""
    size = size_of(version)
    known = np.zeros((size, size), np.int8)
    _put_finders(known)
    alignments = tuple(_alignment_centres(version))
    for row, column in alignments:
        known[row - 2 : row + 3, column - 2 : column + 3] = rings(5)
    _put_timing(known)
    if version >= 7:
        _put_version(known, version)
    places = _format_places(size)
    known[size - 8, 8] = -1  # 7.9.1: always dark
    free = known == 0
    free.flat[places] = False
    return Symbol(version, size, known, _placement(free), places, alignments)


def rings(side: int) -> Signs:
    """Concentric squares, dark outside, light, dark inside: 5 an alignment, 7 a finder pattern."""
    pattern = np.full((side, side), -1, np.int8)
    pattern[1:-1, 1:-1] = 1
    pattern[2:-2, 2:-2] = -1
    return pattern


def _put_finders(known: Signs) -> None:
    """Three corners, each with its separator (6.3.3, 6.3.4)."""
    corner = np.ones((8, 8), np.int8)
    corner[:7, :7] = rings(FINDER)
    known[:8, :8] = corner
    known[:8, -8:] = corner[:, ::-1]
    known[-8:, :8] = corner[::-1]


def _put_timing(known: Signs) -> None:
    """Dark and light in turn between the finders, beginning and ending with dark (6.3.5)."""
    size = known.shape[0]
    between = np.arange(8, size - 8)
    known[_TIMING, between] = known[between, _TIMING] = np.where(between % 2, 1, -1)


def _alignment_centres(version: int) -> list[tuple[int, int]]:
    """The crossings of the coordinates of annex E, but for those under a finder pattern."""
    at = alignment_coordinates(version)
    taken = {(6, 6), (6, at[-1]), (at[-1], 6)} if at else set()
    return [(row, column) for row in at for column in at if (row, column) not in taken]


def alignment_coordinates(version: int) -> list[int]:
    """Annex E: evenly spaced from the far side, by even steps, the rest beside the first one."""
    if version == 1:
        return []
    count = version // 7 + 2
    last = size_of(version) - 7
    step = 26 if version == 32 else -(-(last - 6) // (2 * (count - 1))) * 2
    return [6, *(last - step * back for back in range(count - 2, -1, -1))]


def _put_version(known: Signs, version: int) -> None:
    """18 bits, a BCH (18,6) code of the version, twice (7.10 and annex D)."""
    rest = version
    for _ in range(12):
        rest = rest << 1 ^ (rest >> 11) * 0x1F25
    bits = version << 12 | rest
    size = known.shape[0]
    for place in range(18):
        row, column = size - 11 + place % 3, place // 3
        known[row, column] = known[column, row] = -1 if bits >> place & 1 else 1


def _format_places(size: int) -> NDArray[np.intp]:
    """Both copies, the bits from the most significant on (figure 25)."""
    first = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)]
    first += [(row, 8) for row in (7, 5, 4, 3, 2, 1, 0)]
    second = [(size - 1 - row, 8) for row in range(7)]
    second += [(8, size - 8 + column) for column in range(8)]
    return np.array([[row * size + column for row, column in copy] for copy in (first, second)])


def _placement(free: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Pairs of columns from the right, up and down in turn; the timing column is left out."""
    size = free.shape[0]
    order = []
    for pair, right in enumerate(range(size - 1, 0, -2)):
        if right <= _TIMING:
            right -= 1
        rows = range(size) if pair % 2 else range(size - 1, -1, -1)
        order += [row * size + column for row in rows for column in (right, right - 1)]
    flat = np.array(order)
    return flat[free.flat[flat]]
