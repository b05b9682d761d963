"""Tells a code from print, cloth and chequered things by its spectrum.

Whatever repeats itself has its power in a few directions at a few frequencies, and shapes have
theirs along their edges. The modules of a code are as good as random (its mask sees to that), so
that its power is spread evenly over all directions: blur takes from the high frequencies and noise
adds to them, but each ring of one frequency stays as even as chance makes it.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy import fft  # by name: it is loaded at its first use, when a reader can open no file
from numpy.typing import NDArray

from kiosk.desk.ports import Region

SIDE = 96  # pixels that a patch is made to fit
LOWEST, HIGHEST = 3, 44  # cycles a patch; below them are shades, above nothing that fits
WIDTH = 2  # cycles of one ring
LEAST_CONTRAST = 2.0  # grey levels; what is flatter is not drawn up to more
WINDOW = 15  # pixels of the fitted patch over which brightness and contrast are evened out
# Evenness. Of 622 codes that an engine had missed the least had 0.32 and 99 % more than 0.41; of
# places without a code that look busy, in a crowded background, 90 % had less than 0.31.
LEAST_EVENNESS = 0.35


class _Rings(NamedTuple):
    """Which of the frequencies count, of which ring each is, and what fades a patch's edges out."""

    inside: NDArray[np.bool_]
    ring: NDArray[np.intp]
    fading: NDArray[np.float32]


def evenness(image: NDArray[np.uint8], box: Region) -> float:
    """How evenly the power of a patch is spread within rings of one frequency.

    The spectral flatness (Wiener entropy: geometric over arithmetic mean) of each ring, weighted
    with the ring's power: 0 for a single frequency, 0.56 for what is random.
    """
    patch = image[box.top : box.bottom, box.left : box.right]
    fitted = cv2.resize(patch, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    fitted -= cv2.blur(fitted, (WINDOW, WINDOW))
    variance = cv2.blur(fitted * fitted, (WINDOW, WINDOW))
    spread = np.sqrt(np.maximum(variance, 0)) + LEAST_CONTRAST  # sums may end a hair below 0
    rings = _rings()
    power = np.abs(fft.rfft2(fitted / spread * rings.fading)[rings.inside]) ** 2 + 1e-9
    count = np.maximum(np.bincount(rings.ring), 1)
    total = np.bincount(rings.ring, power)
    geometric = count * np.exp(np.bincount(rings.ring, np.log(power)) / count)
    return float(geometric[total > 0].sum() / total.sum())


@cache
def _rings() -> _Rings:
    down = fft.fftfreq(SIDE, 1 / SIDE)[:, None]
    across = fft.rfftfreq(SIDE, 1 / SIDE)[None]
    cycles = np.hypot(down, across)
    inside = (cycles > LOWEST) & (cycles < HIGHEST)
    fading = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
    return _Rings(inside, (cycles[inside] / WIDTH).astype(np.intp), fading)
