"""Takes out of a picture what optics and motion put in: each module smeared into its neighbours.

A linear equaliser, trained on the modules whose colour is known: the least squares solution that
makes +1 of light and -1 of dark modules out of the picture around them. It learns the blur, its
direction, and where within a module to look, from this very picture.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.picture import Grey, looked_up
from kiosk.adapters.reader.patient.symbol import Signs

WINDOW = 9  # modules over which brightness is evened out
TAPS = 2  # samples a module, along each side
DARKEST = 2.0  # grey levels of spread that are taken for no contrast at all
AROUND = 3  # modules beyond the symbol that are sampled as well


class Reach(NamedTuple):
    """How far a module is smeared, in modules to each side, and how little to trust the picture."""

    modules: int
    ridge: float


NEAR, WIDE = Reach(1, 0.01), Reach(2, 0.03)


def evened(picture: Grey, middles: NDArray[np.float32]) -> Grey:
    """TAPS samples a module, brightness evened out: less the mean around, in spreads around.

    middles: (x, y) of the modules and of AROUND more on each side; shape (side, side, 2). The
    samples have shape (TAPS * side, TAPS * side).
    """
    return even(looked_up(picture, between(middles, TAPS)), TAPS)


def between(middles: NDArray[np.float32], taps: int) -> NDArray[np.float32]:
    """`taps` places a module: from middle to middle a lattice is as good as straight."""
    fine = cv2.resize(middles, None, fx=taps, fy=taps, interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine, np.float32)


def even(seen: Grey, taps: int) -> Grey:
    """Less the mean of WINDOW modules around, in spreads of those; `taps` samples a module."""
    window = (taps * WINDOW, taps * WINDOW)
    mean = cv2.blur(seen, window)
    spread = np.maximum(cv2.blur(seen * seen, window) - mean * mean, DARKEST**2)
    return np.asarray((seen - mean) / np.sqrt(spread), np.float32)


def plain(samples: Grey) -> Grey:
    """Each module by itself: the mean of its samples; shape (size, size)."""
    inner = samples[TAPS * AROUND : -TAPS * AROUND, TAPS * AROUND : -TAPS * AROUND]
    size = inner.shape[0] // TAPS
    return np.asarray(inner.reshape(size, TAPS, size, TAPS).mean(axis=(1, 3)), np.float32)


def equalised(samples: Grey, known: Signs, reach: Reach) -> Grey:
    """The modules, dark below 0; shape (size, size).

    known: +1 light, -1 dark, 0 not known. The more modules are known, the better it gets.
    """
    side = TAPS * (2 * reach.modules + 1)
    begin = TAPS * (AROUND - reach.modules)
    windows = np.lib.stride_tricks.sliding_window_view(samples, (side, side))
    rows, columns = np.nonzero(known)
    seen = windows[begin + TAPS * rows, begin + TAPS * columns].reshape(rows.size, -1)
    told = known[rows, columns].astype(np.float32)
    kernel = _least_squares(seen, told, reach.ridge).reshape(side, side)
    filtered = cv2.filter2D(samples, cv2.CV_32F, kernel, anchor=(0, 0))
    size = known.shape[0]
    last = begin + TAPS * (size - 1) + 1
    return np.asarray(filtered[begin:last:TAPS, begin:last:TAPS], np.float32)


def _least_squares(seen: Grey, told: Grey, ridge: float) -> NDArray[np.float32]:
    """Weights w with seen @ w near to told; as many light as dark ones count."""
    light = told > 0
    weights = np.where(light, 0.5 / max(1, light.sum()), 0.5 / max(1, (~light).sum()))
    weighted = seen * weights[:, None].astype(np.float32)
    system = seen.T @ weighted
    system[np.diag_indices_from(system)] += (
        ridge * np.trace(system) / len(system) * np.sqrt(len(system))
    )
    return np.asarray(np.linalg.solve(system, weighted.T @ told), np.float32)
