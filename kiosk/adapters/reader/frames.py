"""What a frame has to be for an engine: grey, contiguous, and no larger than 1920x1080."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The largest frame an engine gets: a sheet full of finder patterns takes zxing 259 ms at this size,
# and 950 ms where they are faint and of a pixel a module.
MAX_WIDTH, MAX_HEIGHT = 1920, 1080  # pixels


def check_grey(image: NDArray[np.uint8]) -> None:
    """ValueError unless `image` is what a native decoder can be handed without fear."""
    if image.dtype != np.uint8 or image.ndim != 2 or 0 in image.shape:
        raise ValueError("not a grey picture of 8 bits")
    if not image.flags.c_contiguous:
        raise ValueError("the picture's rows are not contiguous")


def capped(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The picture, contiguous and at most 1920x1080, and by what it was made smaller.

    Raises:
        ValueError: it is no grey picture of 8 bits.

    """
    image = np.ascontiguousarray(image)
    check_grey(image)
    height, width = image.shape
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height, 1.0)
    if scale < 1:
        import cv2  # here: the program's side starts without it, and few cameras send more

        size = (max(1, int(width * scale)), max(1, int(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return image, scale
