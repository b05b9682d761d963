"""Is anything held up at all? A code that is too blurred for any reading is still something.

A code, and a blurred one too, is texture in both directions over a whole patch of the picture.
Edges of walls, phones and people have one direction, light and shade have none, and the noise of
the sensor goes when the picture is made small.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.taken import Quad, taken

SMALL = 320  # pixels of the longer side of the small picture that is looked at
WINDOW = 9  # pixels of the small picture over which texture is summed up (36 at 720p)
PATCH = 13  # pixels of the small picture that have to be textured in one piece (52 at 720p)
# The same beside a code that was read. The print of the sheet or badge that the code is on reaches
# 20 beyond its margin; a certificate out of focus by one module and a half has 44, by two 22.
PATCH_BESIDE = 24
# Slope in the weaker direction, squared, in grey levels a pixel. Lobbies without a code stay under
# 5; a certificate out of focus by three modules has 10, one that is nearly readable 40.
ENOUGH = 8.0
LIT = 160.0  # grey level of a picture's bright parts, up to which a dark one is raised
AROUND_READ = 0.5  # of a code that was read, on each side, is what it is printed on
MOST_RAISED = 2.5  # times; more would take the noise of a dark sensor for a code


def smeared(image: NDArray[np.uint8], read: Sequence[Quad] = ()) -> bool:
    """Whether a patch of `image` has the texture of a code, be it readable or not.

    Beside the codes that were `read`, of which these are the corners.
    """
    textured = weaker_slope(image) > ENOUGH
    textured &= ~taken(read, textured.shape, image.shape[1] / textured.shape[1], AROUND_READ)
    side = PATCH_BESIDE if read else PATCH
    beyond = 0.0 if read else 1.0  # a sheet that is partly in view may go on in print
    square = np.ones((side, side), np.uint8)
    pieces = cv2.erode(
        textured.astype(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=(beyond,)
    )
    return bool(pieces.any())


def weaker_slope(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The smaller eigenvalue of the structure tensor, for each pixel of the small picture."""
    small = np.asarray(cv2.GaussianBlur(shrunk(image), (0, 0), 1.0), np.uint8)
    raised = _raised(small) / 8  # 8 is what Sobel's weights add up to
    across = cv2.Sobel(small, cv2.CV_32F, 1, 0, scale=raised)
    down = cv2.Sobel(small, cv2.CV_32F, 0, 1, scale=raised)
    xx, yy, xy = (_summed(a * b) for a, b in ((across, across), (down, down), (across, down)))
    mean, half = (xx + yy) / 2, (xx - yy) / 2
    return np.asarray(mean - cv2.sqrt(half * half + xy * xy), np.float32)


def shrunk(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture, its longer side of SMALL pixels at most."""
    height, width = image.shape
    scale = min(1.0, SMALL / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _raised(small: NDArray[np.uint8]) -> float:
    """By how much the slopes of a dark picture count more."""
    mean, spread = cv2.meanStdDev(small)
    bright = float(mean[0][0] + 1.5 * spread[0][0])
    return min(MOST_RAISED, max(1.0, LIT / max(1.0, bright)))


def _summed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (WINDOW, WINDOW)), np.float32)
