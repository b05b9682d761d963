"""A code that no engine reads as it is may be read when its patch is drawn differently.

Every variant remedies something: too few pixels for a module, noise, uneven light, blur. They
stand in the order of what they read, for the time they take, that those before them do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


class Variant(NamedTuple):
    """One way to draw a patch."""

    name: str
    scale: float  # how much larger than the patch it becomes
    draw: Callable[[Grey], Grey]
    # Nanoseconds a pixel of the patch for drawing it and for zxing to read it, which 19 of 20
    # patches stay under (2.5 GHz). What it is for is to tell beforehand whether there is time.
    cost: float


def enlarged(patch: Grey, scale: float, how: int = cv2.INTER_CUBIC) -> Grey:
    """The patch with `scale` times as many pixels a side."""
    return np.asarray(cv2.resize(patch, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def smoothed(patch: Grey, sigma: float) -> Grey:
    """Gaussian blur, `sigma` in pixels."""
    return np.asarray(cv2.GaussianBlur(patch, (0, 0), sigma), np.uint8)


def sharpened(patch: Grey, sigma: float, amount: float) -> Grey:
    """Unsharp masking: `amount` times the difference from the blurred patch is added."""
    return np.asarray(
        cv2.addWeighted(patch, 1 + amount, smoothed(patch, sigma), -amount, 0), np.uint8
    )


def thresholded(patch: Grey, window: int) -> Grey:
    """Black and white: each pixel against the mean of `window` by `window` pixels around it."""
    mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return np.asarray(cv2.adaptiveThreshold(patch, 255, mean, binary, window, 0), np.uint8)


def deblurred(patch: Grey, sigma: float, rounds: int) -> Grey:
    """Richardson-Lucy deconvolution, for a Gaussian blur of `sigma` pixels.

    Source: W. H. Richardson, J. Opt. Soc. Am. 62 (1972) 55; L. B. Lucy, Astron. J. 79 (1974) 745.
    """
    seen = patch.astype(np.float32) + 1  # nothing is divided by nothing
    guess = seen.copy()
    for _ in range(rounds):
        ratio = seen / (cv2.GaussianBlur(guess, (0, 0), sigma) + 1e-3)
        guess *= cv2.GaussianBlur(ratio, (0, 0), sigma)
    return np.clip(guess, 0, 255).astype(np.uint8)


VARIANTS = (
    Variant("x1.5", 1.5, lambda patch: enlarged(patch, 1.5, cv2.INTER_LINEAR), 14),
    Variant("x2", 2, lambda patch: enlarged(patch, 2), 22),
    Variant(
        "x2, median",
        2,
        lambda patch: np.asarray(cv2.medianBlur(enlarged(patch, 2), 5), np.uint8),
        27,
    ),
    Variant("deblurred, x2", 2, lambda patch: enlarged(deblurred(patch, 1.0, 5), 2), 42),
    Variant("x2, thresholded", 2, lambda patch: thresholded(enlarged(patch, 2), 25), 30),
    Variant("x4", 4, lambda patch: enlarged(patch, 4, cv2.INTER_LINEAR), 51),
    Variant(
        "x2, smooth, thresholded",
        2,
        lambda patch: thresholded(smoothed(enlarged(patch, 2), 1.0), 15),
        34,
    ),
    Variant("sharpened", 1, lambda patch: sharpened(patch, 1.5, 2), 17),
)
