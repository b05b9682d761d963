"""Photographs of codes, as poor as they are asked for: each the same whenever it is taken."""

from __future__ import annotations

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
DRAWN = 12  # pixels of a module before the camera looks at it


def photo(
    text: str,
    module: float,
    blur: float = 0.3,
    noise: float = 2.0,
    contrast: float = 1.0,
    turned: float = 0.0,
    seed: int = 1,
    shape: tuple[int, int] = (720, 1280),
    level: str = "q",
) -> tuple[Grey, NDArray[np.float64]]:
    """A frame with one code on paper, and the code's corners, shape (4, 2).

    `module` and `blur` (a Gaussian's sigma) are in pixels, `noise` in grey levels, `turned` in
    degrees; the place in the frame follows from `seed`.
    """
    rng = np.random.default_rng(seed)
    rows = segno.make(text, error=level, boost_error=False, micro=False).matrix
    dark = np.pad(np.array([list(row) for row in rows], np.uint8), 6)
    paper = np.kron(225 - 195 * dark, np.ones((DRAWN, DRAWN))).astype(np.uint8)
    # A pixel has an extent: what is smaller than it does not make patterns of its own.
    soft = cv2.GaussianBlur(paper, (0, 0), 0.4 * DRAWN / module)
    size, edge = paper.shape[0], 6 * DRAWN
    scale = module / DRAWN
    reach = 0.75 * size * scale
    centre = [
        rng.uniform(min(reach, side / 2), max(side - reach, side / 2)) for side in shape[::-1]
    ]
    way = cv2.getRotationMatrix2D((size / 2, size / 2), turned, scale)
    way[:, 2] += np.array(centre) - size / 2
    frame = np.full(shape, 110, np.uint8)
    cv2.warpAffine(soft, way, shape[::-1], frame, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    seen = cv2.GaussianBlur(frame, (0, 0), blur).astype(np.float64)
    seen = 110 + (seen - 110) * contrast + rng.normal(0, noise, shape)
    corners = np.array([[edge, edge], [size - edge, edge], [size - edge] * 2, [edge, size - edge]])
    where = np.asarray(corners @ way[:, :2].T + way[:, 2], np.float64)
    return np.clip(seen, 0, 255).astype(np.uint8), where
