"""A code that is not read as it is may be read when its patch is drawn differently.

Every variant remedies something: too few pixels for a module, noise, uneven light, blur. All of
them draw the modules of a code in a size that suits them, whatever their size in the frame. They
stand in the order of what they read, for the time they take, that those before them do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

SCALES = (0.5, 5.0)  # the least and the most that a patch is drawn larger

Grey = NDArray[np.uint8]


class Variant(NamedTuple):
    """One way to draw a patch."""

    name: str
    module: float  # pixels that a module has in the drawing
    draw: Callable[[Grey, float, float], Grey]  # the patch, its scale, and `module`
    # Nanoseconds for a pixel of the drawing, to draw it and for zxing to read it, which 19 of 20
    # patches stay under (2.5 GHz). It tells beforehand whether there is time.
    cost: float

    def scale(self, module: float) -> float:
        """How much larger a patch is drawn whose modules have `module` pixels."""
        least, most = SCALES
        return min(most, max(least, self.module / module))

    def drawn(self, patch: Grey, module: float) -> Grey:
        """The drawing of a patch whose modules have `module` pixels."""
        return self.draw(patch, self.scale(module), self.module)


def scaled(patch: Grey, scale: float, how: int = cv2.INTER_CUBIC) -> Grey:
    """The patch with `scale` times as many pixels a side."""
    size = tuple(max(1, round(side * scale)) for side in patch.shape[::-1])
    return np.asarray(
        cv2.resize(patch, size, interpolation=how if scale > 1 else cv2.INTER_AREA), np.uint8
    )


def smoothed(patch: Grey, sigma: float) -> Grey:
    """Gaussian blur, `sigma` in pixels."""
    return np.asarray(cv2.GaussianBlur(patch, (0, 0), sigma), np.uint8)


def thresholded(patch: Grey, window: float) -> Grey:
    """Black and white: each pixel against the mean of `window` by `window` pixels around it."""
    mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    odd = max(3, int(window) | 1)
    return np.asarray(cv2.adaptiveThreshold(patch, 255, mean, binary, odd, 0), np.uint8)


def deblurred(patch: Grey, sigma: float, rounds: int = 5) -> Grey:
    """Richardson-Lucy deconvolution, for a Gaussian blur of `sigma` pixels.

    Source: W. H. Richardson, J. Opt. Soc. Am. 62 (1972) 55; L. B. Lucy, Astron. J. 79 (1974) 745.
    """
    seen = patch.astype(np.float32) + 1  # nothing is divided by nothing
    guess = seen.copy()
    for _ in range(rounds):
        ratio = seen / (cv2.GaussianBlur(guess, (0, 0), sigma) + 1e-3)
        guess *= cv2.GaussianBlur(ratio, (0, 0), sigma)
    return np.clip(guess, 0, 255).astype(np.uint8)


def _thresholded(window: float, sigma: float) -> Callable[[Grey, float, float], Grey]:
    """Smoothed by `sigma` modules, then against the mean of `window` modules."""

    def draw(patch: Grey, scale: float, module: float) -> Grey:
        return thresholded(smoothed(scaled(patch, scale), sigma * module), window * module)

    return draw


def _deblurred(sigma: float) -> Callable[[Grey, float, float], Grey]:
    """Against a blur of `sigma` modules, or of 0.6 pixels where that is less."""

    def draw(patch: Grey, scale: float, module: float) -> Grey:
        return scaled(deblurred(patch, max(0.6, sigma * module / scale)), scale)

    return draw


def _plain(patch: Grey, scale: float, _: float) -> Grey:
    return scaled(patch, scale)


def _median(patch: Grey, scale: float, _: float) -> Grey:
    return np.asarray(cv2.medianBlur(scaled(patch, scale, cv2.INTER_LINEAR), 5), np.uint8)


VARIANTS = (
    Variant("thresholded, 4", 4, _thresholded(2.5, 0.25), 14),
    Variant("plain, 7", 7, _plain, 4.7),
    Variant("median, 5", 5, _median, 9),
    Variant("thresholded, 5", 5, _thresholded(2, 0.25), 11.5),
    Variant("smooth, thresholded, 4", 4, _thresholded(3, 0.35), 13),
    Variant("deblurred, 5", 5, _deblurred(0.45), 35),
    Variant("plain, 8", 8, _plain, 4.5),
    Variant("thresholded, 6", 6, _thresholded(2, 0.25), 10),
    Variant("deblurred, 7", 7, _deblurred(0.3), 15),
)
