"""Brightness between the pixels of a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Points = NDArray[np.float64]  # shape (..., 2): (u, v) in modules or (x, y) in pixels


def looked_up(picture: Grey, places: NDArray[np.floating]) -> Grey:
    """The brightness at (x, y) places, between pixels too; `places` without its last axis.

    The middle of the first pixel is (0, 0); beyond its edge a picture goes on as it ends.
    """
    x, y = (np.ascontiguousarray(places[..., axis], np.float32) for axis in (0, 1))
    if x.ndim == 1:
        x, y = x[None], y[None]
    seen = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32).reshape(places.shape[:-1])
