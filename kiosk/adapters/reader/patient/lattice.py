"""Where each module of a code lies in the picture: seen at an angle, and on paper that is bent.

Module coordinates (u, v) run from the top left corner of the symbol, u to the right, in modules;
the middle of the first module is (0.5, 0.5). A lattice turns them into pixels: a homography, which
is exact for flat paper, and upon it a smooth bending (a thin-plate spline) for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.finders import Corner
from kiosk.adapters.reader.patient.symbol import CENTRE, Symbol, size_of, symbol

Points = NDArray[np.float64]  # shape (..., 2): (u, v) or (x, y)
Grey = NDArray[np.float32]

SMOOTH = 2e-3  # how much of a bend is believed less for a smoother surface
FINE = 4  # pixels a module of the patches in which patterns are looked for
REACH = 1.75  # modules around where a pattern is expected
SUITS = 0.5  # correlation from which a pattern counts as found
SLANTS = (-0.12, -0.06, 0.06, 0.12)  # of the diagonal that the far corner is nearer
LIKELY_VERSIONS = 3
WINDOW = 9  # modules over which brightness is evened out


@dataclass(frozen=True, eq=False)
class Lattice:
    """A symbol laid upon a picture.

    `homography`: from modules to pixels. `anchors`: where the bend is known, (u, v) in symbol
    sizes, and `bend`: the spline's weights, shape (anchors + 3, 2), in pixels.
    """

    symbol: Symbol
    homography: NDArray[np.float64]
    anchors: Points
    bend: Points

    def pixels(self, modules: Points) -> Points:
        """(x, y) of module coordinates, in pixels with the middle of the first one at (0, 0)."""
        flat = modules.reshape(-1, 2)
        shown = _projected(self.homography, flat)
        if self.anchors.size:
            shown = shown + _spline_terms(flat / self.symbol.size, self.anchors) @ self.bend
        return shown.reshape(modules.shape) - 0.5

    def moved(self, right: int, down: int) -> Lattice:
        """The same upon a picture of which this one is a part."""
        shift = np.array([[1.0, 0, right], [0, 1, down], [0, 0, 1]])
        return replace(self, homography=shift @ self.homography)

    def jacobian(self, place: Points) -> NDArray[np.float64]:
        """Pixels for a step of one module at `place`: columns for u and v."""
        around = place + np.array([[0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]])
        right, left, below, above = self.pixels(around)
        return np.stack([right - left, below - above], axis=1)


def _projected(homography: NDArray[np.float64], points: Points) -> Points:
    shown = points @ homography[:, :2].T + homography[:, 2]
    return np.asarray(shown[:, :2] / shown[:, 2:])


def _spline_terms(points: Points, anchors: Points) -> NDArray[np.float64]:
    """r^2 log r to each anchor, then 1, u, v; shape (points, anchors + 3)."""
    square = ((points[:, None] - anchors[None]) ** 2).sum(axis=2)
    radial = square * np.log(square + 1e-12) / 2
    return np.concatenate([radial, np.ones((len(points), 1)), points], axis=1)


def bent(flat: Lattice, modules: Points, pixels: Points) -> Lattice:
    """The flat lattice, bent to go through pairs of points, nearly; three or more.

    `pixels`: as `Lattice.pixels` gives them.
    """
    anchors = modules / flat.symbol.size
    count = len(anchors)
    system = np.zeros((count + 3, count + 3))
    terms = _spline_terms(anchors, anchors)
    system[:count] = terms
    system[:count, :count] += SMOOTH * np.eye(count)
    system[count:, :count] = terms[:, count:].T
    rest = np.zeros((count + 3, 2))
    rest[:count] = pixels + 0.5 - _projected(flat.homography, modules)
    return replace(flat, anchors=anchors, bend=np.linalg.lstsq(system, rest, rcond=1e-9)[0])


def flat_through(sign: Symbol, modules: Points, pixels: Points) -> Lattice:
    """The flat lattice nearest to pairs of points, four or more, not all on a line."""
    homography = cv2.findHomography(modules, pixels + 0.5, 0)[0]
    return Lattice(sign, homography, np.zeros((0, 2)), np.zeros((0, 2)))


def sampled(picture: Grey, lattice: Lattice, modules: Points) -> Grey:
    """The brightness at module coordinates, shape of `modules` without its last axis."""
    x, y = np.moveaxis(lattice.pixels(modules), -1, 0).astype(np.float32)
    if x.ndim == 1:
        x, y = x[None], y[None]
    seen = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32).reshape(modules.shape[:-1])


# The first guess


class Guess(NamedTuple):
    """A lattice, and its correlation with the function patterns (0.1 by chance, 0.3 a code)."""

    suits: float
    lattice: Lattice


def first_guess(picture: Grey, corner: Corner) -> Guess:
    """The version and slant that suit the function patterns best."""
    low, high = (round((corner.modules * share - 17) / 4) for share in (0.8, 1.25))
    versions = range(max(1, low - 1), min(40, high + 1) + 1)
    square = [_guess(picture, corner, version, 0) for version in versions]
    square.sort(key=lambda guess: -guess.suits)
    slanted = [
        _guess(picture, corner, guess.lattice.symbol.version, slant)
        for guess in square[:LIKELY_VERSIONS]
        for slant in SLANTS
    ]
    return max(square[:1] + slanted, key=lambda guess: guess.suits)


def _guess(picture: Grey, corner: Corner, version: int, slant: float) -> Guess:
    lattice = _slanted(corner, version, slant)
    return Guess(suits(picture, lattice), lattice)


def _slanted(corner: Corner, version: int, slant: float) -> Lattice:
    """With the far corner nearer (above 0) or farther than a parallelogram has it."""
    far = size_of(version) - CENTRE
    at, along, down = corner.middle, corner.along, corner.down
    opposite = at + (along + down) * (1 - slant / 2)
    modules = np.array([[CENTRE, CENTRE], [far, CENTRE], [CENTRE, far], [far, far]])
    pixels = np.array([at, at + along, at + down, opposite])
    homography = cv2.getPerspectiveTransform(
        modules.astype(np.float32), pixels.astype(np.float32)
    ).astype(np.float64)
    return Lattice(symbol(version), homography, np.zeros((0, 2)), np.zeros((0, 2)))


def suits(picture: Grey, lattice: Lattice) -> float:
    """The correlation of the picture with what is known of the symbol."""
    sign = lattice.symbol
    seen = sampled(picture, lattice, sign.known_middles)
    seen = seen - seen.mean()
    return float(seen @ sign.known_pattern) / (float(np.linalg.norm(seen)) + 1e-6)


# The second one: pattern by pattern


def refined(picture: Grey, flat: Lattice) -> Lattice:
    """With every alignment pattern that can be found, from the corner outwards.

    The place of each is told by those found before, so that a bend is followed from one to the
    next, as one would with a finger.
    """
    sign = flat.symbol
    far = sign.size - CENTRE
    modules = [(CENTRE, CENTRE), (far, CENTRE), (CENTRE, far)]
    pixels = []
    for place in modules:
        found = _pattern_at(picture, flat, np.array(place), 7)
        pixels.append(flat.pixels(np.array(place)) if found is None else found)
    lattice = bent(flat, np.array(modules), np.array(pixels))
    for row, column in sorted(sign.alignments, key=sum):
        place = (column + 0.5, row + 0.5)
        found = _pattern_at(picture, lattice, np.array(place), 5)
        if found is not None:
            modules.append(place)
            pixels.append(found)
            lattice = bent(flat, np.array(modules), np.array(pixels))
    return lattice


def _pattern_at(picture: Grey, lattice: Lattice, place: Points, side: int) -> Points | None:
    """Where a square pattern really is, that is expected around `place`."""
    reach = side / 2 + 0.5 + REACH
    steps = np.arange(-reach + 0.5 / FINE, reach, 1 / FINE)
    across, down = np.meshgrid(steps, steps)
    base, slope = lattice.pixels(place), lattice.jacobian(place)
    around = base + np.stack([across, down], axis=2) @ slope.T
    x, y = np.moveaxis(around, 2, 0).astype(np.float32)
    seen = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    likeness = cv2.matchTemplate(seen, _drawn(side), cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(likeness)
    if best < SUITS:
        return None
    middle = (likeness.shape[0] - 1) / 2
    moved = np.array([_peak(likeness[row], column), _peak(likeness[:, column], row)]) - middle
    return np.asarray(base + slope @ (moved / FINE))


def _peak(values: Grey, place: int) -> float:
    """The top of the parabola through the highest value and its neighbours."""
    if not 0 < place < len(values) - 1:
        return float(place)
    before, at, after = (float(value) for value in values[place - 1 : place + 2])
    bend = before - 2 * at + after
    return place + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def _drawn(side: int) -> Grey:
    """A pattern of concentric squares with a light rim of one half module, FINE pixels each."""
    rings = np.full((side + 2, side + 2), 1.0, np.float32)
    rings[1:-1, 1:-1] = -1
    rings[2:-2, 2:-2] = 1
    rings[3:-3, 3:-3] = -1
    drawn = cv2.resize(rings, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.45 * FINE)
    rim = FINE // 2
    return np.asarray(soft[rim:-rim, rim:-rim], np.float32)
