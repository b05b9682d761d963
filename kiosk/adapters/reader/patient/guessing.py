"""The first guess at where a code lies: its version, and the plane it is seen in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.finders import Corner
from kiosk.adapters.reader.patient.lattice import Lattice, projected
from kiosk.adapters.reader.patient.picture import Grey, looked_up
from kiosk.adapters.reader.patient.symbol import CENTRE, size_of, symbol

SHRINKINGS = tuple(step * 0.05 for step in range(-7, 8))  # of the distance, along a side
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
        (across_suits, across), (down_suits, down) = (
            _best_shrinking(picture, corner, version, side) for side in (0, 1)
        )
        ranked.append((across_suits + down_suits, version, across, down))
    ranked.sort(reverse=True)
    lattices = [
        Lattice(symbol(version), _in_perspective(corner, version, across, down))
        for _, version, across, down in ranked[:LIKELY_VERSIONS]
    ]
    guesses = [Guess(suits(picture, lattice), lattice) for lattice in lattices]
    return max(guesses, key=lambda guess: guess.suits)


def _best_shrinking(picture: Grey, corner: Corner, version: int, side: int) -> tuple[float, float]:
    """How well the upper rows (side 0) or left columns (1) suit at best, and at what shrinking."""
    middles, pattern = symbol(version).edge(side)
    shown = []
    for shrinking in SHRINKINGS:
        both = (shrinking, 0.0) if side == 0 else (0.0, shrinking)
        shown.append(projected(_in_perspective(corner, version, *both), middles))
    seen = looked_up(picture, np.array(shown) - 0.5)
    seen = seen - seen.mean(axis=1, keepdims=True)
    likeness = seen @ pattern / (np.linalg.norm(seen, axis=1) + 1e-6)
    best = int(likeness.argmax())
    return float(likeness[best]), SHRINKINGS[best]


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
