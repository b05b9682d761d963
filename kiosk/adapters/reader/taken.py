"""The parts of a frame that are taken by codes which were read: nothing unread is looked for there.

What lies around a code belongs to it as well: its quiet zone, and of a badge the card it is on.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.desk.ports import Point

Quad = tuple[Point, Point, Point, Point]


def taken(
    quads: Sequence[Quad], shape: tuple[int, ...], cell: float, margin: float
) -> NDArray[np.bool_]:
    """Which cells lie on one of the codes with these corners; shape `shape` (rows, columns).

    The corners are in pixels and a cell is `cell` pixels wide. `margin` is what is added on each
    side, as a part of the code's own side.
    """
    mask = np.zeros(shape, np.uint8)
    for quad in quads:
        corners = np.array(quad)
        middle = corners.mean(axis=0)
        larger = middle + (corners - middle) * (1 + 2 * margin)
        # A cell's value is that of its middle.
        cv2.fillConvexPoly(mask, np.round(larger / cell - 0.5).astype(np.int32), (1,))
    return mask > 0
