"""Finder patterns in a blurred patch, and the three that could be the corners of one code.

Engines look for the run lengths 1:1:3:1:1 along lines of black and white, which blur and noise
destroy first. Here a picture of a finder pattern, averaged over all its rotations, is laid upon
every place at several sizes, and what counts is the correlation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.symbol import FINDER

Vector = NDArray[np.float64]  # (x, y)
Grey = NDArray[np.float32]

RIM, NO_RIM = 1, 0  # light modules around a finder pattern
SCALES = (1.1, 1.4, 1.8, 2.3, 3.0, 3.9, 5.0, 6.5, 8.5, 11.0, 14.0, 18.0)  # pixels a module
AT = 2  # pixels a module in which the pattern is looked for, the picture made to fit
FULL_CIRCLE = 12  # rotations that are averaged, over a quarter turn
DENSEST = 240  # modules over a patch's longer side: the largest code, and as much beside it
LIKELY = 0.42  # correlation from which a place is looked at
OF_ONE_SCALE = 9
LARGER = 0.15  # what a larger pattern counts more: it explains more of the picture
MOST_SLANT = 0.55  # cosine of the angle between the sides
MOST_UNEVEN = 0.6  # logarithm of the ratio of the sides
SMALLEST_SIZE, LARGEST_SIZE = 17, 140  # modules; what a certificate or a badge can have, with room
SMALLEST = 40  # pixels of a scaled patch's side


class Finder(NamedTuple):
    """A likely finder pattern: its middle, pixels a module, and how well it suits (0 to 1)."""

    x: float
    y: float
    module: float
    likeness: float


class Corner(NamedTuple):
    """Three finders: the middle of the one at the corner, the ways to the others, and a guess.

    `modules`: between the middles of two finders along a side, plus 7: the size of the symbol.
    """

    middle: Vector
    along: Vector
    down: Vector
    modules: float
    likeness: float


class Found(NamedTuple):
    """Likely finder patterns, for each size the best first: dark on light, light on dark."""

    dark: list[list[Finder]]
    light: list[list[Finder]]


def finders(patch: NDArray[np.uint8], rim: int) -> Found:
    """The likely finder patterns of a patch.

    rim: RIM to look for them with the light modules around them, which tell them from much else;
    NO_RIM without, as on a dark screen that leaves a code no quiet zone.
    The dark middle of a pattern looks like a whole one at a third of its size: which size is true
    shows when three have to fit each other.
    """
    found = Found([], [])
    for module in SCALES:
        if module < max(patch.shape) / DENSEST:
            continue
        likeness, factor = _likeness(patch, module, rim)
        found.dark.append(list(_peaks(likeness, module, factor, rim)))
        found.light.append(list(_peaks(-likeness, module, factor, rim)))
    return found


def _likeness(patch: NDArray[np.uint8], module: float, rim: int) -> tuple[Grey, float]:
    """The correlation with the pattern at each place, and the places for a pixel of the patch."""
    factor = AT / module
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(patch, None, fx=factor, fy=factor, interpolation=way)
    if min(scaled.shape) < SMALLEST:
        return np.zeros((0, 0), np.float32), factor
    return np.asarray(cv2.matchTemplate(scaled, _pattern(rim), cv2.TM_CCOEFF_NORMED)), factor


def _peaks(likeness: Grey, module: float, factor: float, rim: int) -> Iterator[Finder]:
    if not likeness.size:
        return
    highest = cv2.dilate(likeness, np.ones((9, 9), np.uint8))
    rows, columns = np.nonzero((likeness == highest) & (likeness > LIKELY))
    half = _pattern(rim).shape[0] / 2
    for place in np.argsort(-likeness[rows, columns])[:OF_ONE_SCALE]:
        row, column = rows[place], columns[place]
        x, y = (column + half) / factor, (row + half) / factor
        yield Finder(x, y, module, float(likeness[row, column]))


@cache
def _pattern(rim: int) -> NDArray[np.uint8]:
    """A finder pattern with so many light modules around it, averaged over its rotations."""
    fine = 8  # pixels a module while it is drawn
    side = (FINDER + 2 * rim) * fine
    middle = (side - 1) / 2
    down, along = (np.indices((side, side)) - middle) / fine
    total = np.zeros((side, side))
    for turn in np.arange(FULL_CIRCLE) * (np.pi / 2 / FULL_CIRCLE):
        u = along * np.cos(turn) + down * np.sin(turn)
        v = down * np.cos(turn) - along * np.sin(turn)
        ring = np.maximum(abs(u), abs(v))  # modules from the middle, as a square counts them
        total += np.where((ring < 1.5) | ((ring >= 2.5) & (ring < 3.5)), -1.0, 1.0)
    drawn = cv2.GaussianBlur(total / FULL_CIRCLE, (0, 0), 0.45 * fine)
    small = cv2.resize(drawn, (side * AT // fine, side * AT // fine), interpolation=cv2.INTER_AREA)
    return np.clip(small * 60 + 128, 0, 255).astype(np.uint8)


def corners(found: list[list[Finder]], most: int) -> list[Corner]:
    """The best triples that could be three corners of one square seen at an angle."""
    possible: list[Corner] = []
    for of_one, of_next in pairwise([*found, []]):
        if len(of_one) + len(of_next) > 2:
            possible += _of_like_size([*of_one, *of_next], most)
    possible.sort(key=lambda corner: -corner.likeness)
    different: list[Corner] = []
    for one in possible:
        if not any(_same(one, other) for other in different):
            different.append(one)
    return different[:most]


def _same(one: Corner, other: Corner) -> bool:
    apart = np.abs(one.middle - other.middle) + np.abs(one.along - other.along)
    return bool((apart + np.abs(one.down - other.down)).sum() < 6)


def _of_like_size(found: list[Finder], most: int) -> list[Corner]:
    at, one, two = _triples(len(found))
    x, y, module, likeness = np.array(found).T
    middles = np.stack([x, y], axis=1)
    along, down = middles[one] - middles[at], middles[two] - middles[at]
    turned = along[:, 0] * down[:, 1] < along[:, 1] * down[:, 0]
    # Clockwise, as a code that is not mirrored.
    along[turned], down[turned] = down[turned], along[turned].copy()
    length, height = np.hypot(*along.T) + 1e-6, np.hypot(*down.T) + 1e-6
    slant = abs((along * down).sum(axis=1)) / (length * height)
    modules = (module[at] + module[one] + module[two]) / 3
    size = (length + height) / 2 / modules + 7
    uneven = abs(np.log(length / height))
    possible = (slant < MOST_SLANT) & (uneven < MOST_UNEVEN)
    possible &= (size > SMALLEST_SIZE) & (size < LARGEST_SIZE)
    suits = likeness[at] + likeness[one] + likeness[two] - 0.5 * slant - 0.5 * uneven
    suits += LARGER * np.log(modules)
    order = np.argsort(-np.where(possible, suits, -np.inf))[:most]
    return [
        Corner(middles[at[i]], along[i], down[i], float(size[i]), float(suits[i]))
        for i in order
        if possible[i]
    ]


@cache
def _triples(count: int) -> NDArray[np.intp]:
    """Each of so many as the corner, with each pair of the others; shape (3, triples)."""
    return np.array(
        [
            (at, one, two)
            for at in range(count)
            for one, two in combinations(range(count), 2)
            if at not in (one, two)
        ]
    ).T
