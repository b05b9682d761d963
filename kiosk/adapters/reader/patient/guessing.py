"""The first guess at where a code lies: its version, and the plane it is seen in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.finders import Corner
from kiosk.adapters.reader.patient.lattice import Lattice, projected
from kiosk.adapters.reader.patient.picture import Grey, looked_up
from kiosk.adapters.reader.patient.symbol import CENTRE, size_of, symbol

# Shares of the distance, along a side: all that are looked at, then around the best.
COARSE = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
FINE = (-0.05, 0.0, 0.05)
LIKELY_VERSIONS = 3


class Guess(NamedTuple):
    """A lattice, and its correlation with the function patterns (0.1 by chance, 0.3 a code)."""

    suits: float
    lattice: Lattice


def first_guess(picture: Grey, corner: Corner) -> Guess:
    """The version and perspective that suit the function patterns best.

    How a square seen at an angle shrinks along its upper side shows in the patterns of its upper
    rows alone, and along its left side in those of its left columns: two searches along a line
    take the place of one in the plane.
    """
    low, high = (round((corner.modules * share - 17) / 4) for share in (0.8, 1.25))
    ranked = []
    for version in range(max(1, low - 1), min(40, high + 1) + 1):
        sides = [_shrinking(picture, corner, version, side, COARSE) for side in (0, 1)]
        ranked.append((sides[0].suits + sides[1].suits, version, sides))
    ranked.sort(key=lambda rank: -rank[0])
    guesses = []
    for _, version, sides in ranked[:LIKELY_VERSIONS]:
        across, down = (
            _shrinking(picture, corner, version, side, [at.by + step for step in FINE]).by
            for side, at in enumerate(sides)
        )
        lattice = Lattice(symbol(version), _in_perspective(corner, version, across, down))
        guesses.append(Guess(suits(picture, lattice), lattice))
    return max(guesses, key=lambda guess: guess.suits)


class _Shrinking(NamedTuple):
    """By how much a side shrinks with the distance, and how well its patterns suit then."""

    suits: float
    by: float


def _shrinking(
    picture: Grey, corner: Corner, version: int, side: int, options: Sequence[float]
) -> _Shrinking:
    """The best of the options for the upper rows (side 0) or the left columns (1)."""
    middles, pattern = symbol(version).edge(side)
    homographies = np.array(
        [
            _in_perspective(corner, version, *((option, 0.0) if side == 0 else (0.0, option)))
            for option in options
        ]
    )
    seen = looked_up(picture, projected(homographies, middles) - 0.5)
    seen = seen - seen.mean(axis=1, keepdims=True)
    likeness = seen @ pattern / (np.linalg.norm(seen, axis=1) + 1e-6)
    best = int(likeness.argmax())
    return _Shrinking(float(likeness[best]), options[best])


def _in_perspective(
    corner: Corner, version: int, across: float, down: float
) -> NDArray[np.float64]:
    """The homography for a symbol whose far end is nearer by so much (below 0) or farther."""
    length = size_of(version) - 2 * CENTRE
    columns = np.zeros((3, 3))
    columns[:2, 0] = corner.along * (1 + across) + corner.middle * across
    columns[:2, 1] = corner.down * (1 + down) + corner.middle * down
    columns[:2, 2] = corner.middle
    columns[2] = across, down, 1
    to_unit = np.array(
        [[1 / length, 0, -CENTRE / length], [0, 1 / length, -CENTRE / length], [0, 0, 1]]
    )
    return np.asarray(columns @ to_unit)


def suits(picture: Grey, lattice: Lattice) -> float:
    """The correlation of the picture with what is known of the symbol."""
    sign = lattice.symbol
    seen = looked_up(picture, lattice.pixels(sign.known_middles))
    seen = seen - seen.mean()
    return float(seen @ sign.known_pattern) / (float(np.linalg.norm(seen)) + 1e-6)
