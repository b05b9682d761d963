"""Where each module of a code lies in the picture: seen at an angle, and on paper that is bent.

Module coordinates (u, v) run from the top left corner of the symbol, u to the right, in modules;
the middle of the first module is (0.5, 0.5). A lattice turns them into pixels: a homography, which
is exact for flat paper, and upon it a smooth bending (a thin-plate spline) for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.picture import Points
from kiosk.adapters.reader.patient.symbol import Symbol

SMOOTH = 2e-3  # how much of a bend is believed less for a smoother surface


@dataclass(frozen=True, eq=False)
class Lattice:
    """A symbol laid upon a picture.

    `homography`: from modules to pixels. `anchors`: where the bend is known, (u, v) in symbol
    sizes, and `bend`: the spline's weights, shape (anchors + 3, 2), in pixels.
    """

    symbol: Symbol
    homography: NDArray[np.float64]
    anchors: Points = field(default_factory=lambda: np.zeros((0, 2)))
    bend: Points = field(default_factory=lambda: np.zeros((0, 2)))

    def pixels(self, modules: Points) -> Points:
        """(x, y) of module coordinates, in pixels with the middle of the first one at (0, 0)."""
        flat = modules.reshape(-1, 2)
        shown = projected(self.homography, flat)
        if self.anchors.size:
            shown = shown + _spline_terms(flat / self.symbol.size, self.anchors) @ self.bend
        return shown.reshape(modules.shape) - 0.5

    def middles(self, around: int) -> NDArray[np.float32]:
        """(x, y) of all modules, and of `around` more on each side; shape (side, side, 2)."""
        steps = np.arange(self.symbol.size + 2 * around) + 0.5 - around
        return self.pixels(np.stack(np.meshgrid(steps, steps), axis=2)).astype(np.float32)

    def moved(self, right: int, down: int) -> Lattice:
        """The same upon a picture of which this one is a part."""
        shift = np.array([[1.0, 0, right], [0, 1, down], [0, 0, 1]])
        return replace(self, homography=shift @ self.homography)

    def module(self) -> float:
        """Pixels of a module's side in the middle of the symbol."""
        middle = np.full(2, self.symbol.size / 2)
        return float(np.sqrt(abs(np.linalg.det(self.jacobian(middle)))))

    def jacobian(self, place: Points) -> NDArray[np.float64]:
        """Pixels for a step of one module at `place`: columns for u and v."""
        around = place + np.array([[0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]])
        right, left, below, above = self.pixels(around)
        return np.stack([right - left, below - above], axis=1)


def projected(homography: NDArray[np.float64], points: Points) -> Points:
    """Points (shape (points, 2)) seen through a homography, or each of several."""
    turned = np.swapaxes(homography, -1, -2)
    shown = points @ turned[..., :2, :] + turned[..., 2:, :]
    return np.asarray(shown[..., :2] / shown[..., 2:])


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
    rest[:count] = pixels + 0.5 - projected(flat.homography, modules)
    bend = np.linalg.lstsq(system, rest, rcond=1e-9)[0]
    return replace(flat, anchors=anchors, bend=np.asarray(bend, np.float64))
