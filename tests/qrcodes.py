"""Codes drawn for tests of reading: their modules, and what optics make of them."""

from __future__ import annotations

import zlib
from typing import Any

import cv2
import numpy as np
import segno
from base45 import b45encode
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Signs = NDArray[np.int8]


def certificate_text(seed: int, size: int = 260) -> str:
    """A text as long as a certificate's, and compressed as one; nothing of it is signed."""
    noise = np.random.default_rng(seed).integers(0, 256, size, np.uint8).tobytes()
    return "HC1:" + bytes(b45encode(zlib.compress(noise))).decode("ascii")


def badge_text(seed: int) -> str:
    """A text as long as a badge's."""
    noise = np.random.default_rng(seed).integers(0, 256, 77, np.uint8).tobytes()
    return "B1:" + bytes(b45encode(noise)).decode("ascii")


def modules_of(text: str | bytes, level: str = "q", **options: Any) -> Signs:
    """The modules of a code: +1 light, -1 dark; shape (size, size)."""
    made = segno.make(text, error=level, boost_error=False, micro=False, **options)
    return 1 - 2 * np.array([list(row) for row in made.matrix], np.int8)


def seen(
    modules: Signs,
    module: float = 2.5,
    blur: float = 0.0,
    noise: float = 0.0,
    defocus: float = 0.0,
    turn: float = 5.0,
    lean: float = 0.0,
    seed: int = 1,
    shape: tuple[int, int] = (360, 360),
) -> Grey:
    """A frame with the code in its middle.

    module: pixels. blur: standard deviation in modules. defocus: radius in modules. noise: grey
    levels. turn: degrees. lean: share by which the far side is shorter.
    """
    fine = 8
    sheet = np.pad(modules, 6, constant_values=1).astype(np.float32)
    drawn = np.kron(sheet, np.ones((fine, fine), np.float32)) * 90 + 130
    drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), max(0.2, blur) * fine), np.float32)
    if defocus:
        radius = round(defocus * fine)
        disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
        drawn = np.asarray(cv2.filter2D(drawn, -1, disk / disk.sum()), np.float32)
    side = drawn.shape[0]
    around = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2 * module / fine
    around[2:, 0] *= 1 - lean
    angle = np.deg2rad(turn)
    spun = around @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    placed = (spun + np.array(shape[::-1]) / 2).astype(np.float32)
    plane = cv2.getPerspectiveTransform(corners, placed)
    picture = cv2.warpPerspective(
        drawn, plane, shape[::-1], flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT,
        borderValue=110,
    )  # fmt: skip
    grain = np.random.default_rng(seed).normal(0, max(noise, 0.01), shape)
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)
