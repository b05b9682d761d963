"""Where in a frame could a code be? Cheap enough to ask of every frame without one.

A code, and a blurred one too, is texture in both directions over a whole patch of the picture.
Edges of walls, phones and people have one direction, light and shade have none, and the noise of
the sensor goes when the picture is made small.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.desk.ports import Region

SMALL = 320  # pixels of the longer side of the small picture that is looked at
WINDOW = 9  # pixels of the small picture over which texture is summed up (36 at 720p)
PATCH = 13  # pixels of the small picture that have to be textured in one piece (52 at 720p)
# Slope in the weaker direction, squared, in grey levels a pixel. Lobbies without a code stay under
# 5; a certificate out of focus by three modules has 10, one that is nearly readable 40.
ENOUGH = 8.0
LIT = 160.0  # grey level of a picture's bright parts, up to which a dark one is raised
MOST_RAISED = 2.5  # times; more would take the noise of a dark sensor for a code
MOST = 2  # regions of one frame
RIM = 0.08  # of a region's longer side, added on each side: the texture of a rim is weaker


def regions(image: NDArray[np.uint8]) -> tuple[Region, ...]:
    """The patches of `image` that look like a code, readable or not; the strongest first."""
    slope = weaker_slope(image)
    textured = (slope > ENOUGH).astype(np.uint8)
    kernel = np.ones((PATCH, PATCH), np.uint8)
    opened = cv2.dilate(cv2.erode(textured, kernel), kernel)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(opened)
    strength = [float(slope[labels == label].sum()) for label in range(1, count)]
    order = sorted(range(1, count), key=lambda label: -strength[label - 1])
    scale = image.shape[1] / slope.shape[1]
    return tuple(_region(boxes[label], scale, image.shape) for label in order[:MOST])


def _region(box: NDArray[np.int32], scale: float, shape: tuple[int, ...]) -> Region:
    """The box of the small picture with a rim around it, in pixels of the frame."""
    left, top, width, height = (float(value) for value in box[:4])
    rim = 2 + RIM * max(width, height)
    return Region(
        max(0, int((left - rim) * scale)),
        max(0, int((top - rim) * scale)),
        min(shape[1], int((left + width + rim) * scale)),
        min(shape[0], int((top + height + rim) * scale)),
    )


def weaker_slope(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The smaller eigenvalue of the structure tensor, for each pixel of the small picture."""
    height, width = image.shape
    scale = min(1.0, SMALL / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrunk = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.GaussianBlur(shrunk, (0, 0), 1.0), np.uint8)
    raised = _raised(small) / 8  # 8 is what Sobel's weights add up to
    across = cv2.Sobel(small, cv2.CV_32F, 1, 0, scale=raised)
    down = cv2.Sobel(small, cv2.CV_32F, 0, 1, scale=raised)
    xx, yy, xy = (_summed(a * b) for a, b in ((across, across), (down, down), (across, down)))
    mean, half = (xx + yy) / 2, (xx - yy) / 2
    return np.asarray(mean - cv2.sqrt(half * half + xy * xy), np.float32)


def _raised(small: NDArray[np.uint8]) -> float:
    """By how much the slopes of a dark picture count more."""
    mean, spread = cv2.meanStdDev(small)
    bright = float(mean[0][0] + 1.5 * spread[0][0])
    return min(MOST_RAISED, max(1.0, LIT / max(1.0, bright)))


def _summed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (WINDOW, WINDOW)), np.float32)
