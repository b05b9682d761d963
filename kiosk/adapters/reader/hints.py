"""What would help to get a code read: measures that whoever holds the code up can change.

Asked only of frames in which something is there that no quick look reads, and of their strongest
region. The measures err on the side of silence: a hint that is wrong is worse than none.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.smear import shrunk
from kiosk.desk.ports import Hint, Region

MODULES = 89  # of a side of a certificate's usual code, version 18 (ISO/IEC 18004 Table 1)
AROUND = 1.2  # times a region is as long as its code, in the median of 396 frames
LEAST_MODULE = 1.6  # pixels; below, hardly anything reads it
DARK = 45  # grey level that a fifth of a code is brighter than, where there is light enough
SATURATED = 250  # grey level
BLOT = 8  # a saturated patch of this part of the code's side is glare; white modules are smaller
MOST_MOVED = 2.0  # modules from frame to frame; half of it is blur
SURE = 0.3  # response of the phase correlation, of 1; below, it is another picture

_SIDE = 64  # pixels of the square that glare is looked for in


class Hints:
    """Gives hints about successive frames of one camera."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None  # the frame before, small

    def hint(self, image: NDArray[np.uint8], region: Region) -> Hint | None:
        """The hint about `image`, in whose `region` something is that was not read."""
        small = shrunk(image).astype(np.float32)
        before, self._before = self._before, small
        code = image[region.top : region.bottom, region.left : region.right]
        module = max(code.shape) / AROUND / MODULES  # pixels
        if np.percentile(code[::4, ::4], 80) < DARK:
            return Hint.TOO_DARK
        if _glares(code):
            return Hint.TOO_BRIGHT
        if module < LEAST_MODULE:
            return Hint.CLOSER
        moved = 0.0 if before is None else _moved(before, small, region, image.shape[1])
        return Hint.HOLD_STILL if moved > MOST_MOVED * module else None

    def nothing(self) -> None:
        """Nothing is there, or it was read: the next frame follows upon none."""
        self._before = None


def _glares(code: NDArray[np.uint8]) -> bool:
    """Whether a patch in the middle of the code is white that is larger than any of its own."""
    whole = cv2.resize(code, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    rim = _SIDE // 5  # beyond it lies the code's own quiet zone
    white = (whole[rim:-rim, rim:-rim] >= SATURATED).astype(np.uint8)
    blot = np.ones((_SIDE // BLOT, _SIDE // BLOT), np.uint8)
    return bool(cv2.erode(white, blot, borderType=cv2.BORDER_CONSTANT, borderValue=(0,)).any())


def _moved(
    before: NDArray[np.float32], now: NDArray[np.float32], region: Region, width: int
) -> float:
    """By how many pixels of the frame the region moved since the frame before; 0 where unsure."""
    if before.shape != now.shape:
        return 0.0
    scale = now.shape[1] / width
    left, top, right, bottom = (int(side * scale) for side in region)
    there = np.s_[top:bottom, left:right]
    high, wide = now[there].shape  # rounding may have put the region's end beyond the picture's
    if min(high, wide) < 8:
        return 0.0
    window = cv2.createHanningWindow((wide, high), cv2.CV_32F)
    (across, down), response = cv2.phaseCorrelate(before[there], now[there], window)
    return math.hypot(across, down) / scale if response >= SURE else 0.0
