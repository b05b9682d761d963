"""The lobby behind the guests, out of focus: wall, windows, lamps, plants, passers-by."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def lobby(seed: int, size: tuple[int, int], guest: bool) -> Grey:
    """The view of a kiosk's camera at rest; with `guest` somebody masked stands before it."""
    width, height = size
    rng = np.random.default_rng(seed)
    far = np.asarray(cv2.GaussianBlur(_far(rng, width, height), (0, 0), height / 55), np.uint8)
    if guest:
        _guest(rng, far, width, height)
        far = np.asarray(cv2.GaussianBlur(far, (0, 0), height / 110), np.uint8)
    lit = far.astype(np.float32) * _light(rng, width, height)
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def _far(rng: np.random.Generator, width: int, height: int) -> Grey:
    """Drawn at an eighth of the size: it is to be soft."""
    w, h = width // 8, height // 8
    down = np.linspace(138, 108, h, dtype=np.float32)[:, None]
    view = np.repeat(down, w, axis=1)
    floor = int(h * rng.uniform(0.74, 0.82))
    view[floor:] = np.linspace(92, 70, h - floor)[:, None]
    _windows(rng, view, floor)
    _plant(rng, view, floor)
    for _ in range(int(rng.integers(1, 4))):
        _passer_by(rng, view, floor)
    _lamps(rng, view)
    small = np.clip(view, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _windows(rng: np.random.Generator, view: NDArray[np.float32], floor: int) -> None:
    w = view.shape[1]
    wide, gap = int(w * rng.uniform(0.1, 0.14)), int(w * 0.02)
    left = int(w * rng.uniform(0.02, 0.5))
    for pane in range(int(rng.integers(2, 4))):
        x = left + pane * (wide + gap)
        cv2.rectangle(
            view,
            (x, int(floor * 0.14)),
            (x + wide, int(floor * 0.86)),
            (float(rng.uniform(186, 212)),),
            -1,
        )


def _plant(rng: np.random.Generator, view: NDArray[np.float32], floor: int) -> None:
    w = view.shape[1]
    x = int(w * rng.choice([rng.uniform(0.03, 0.15), rng.uniform(0.85, 0.97)]))
    for _ in range(9):
        lean, up = rng.uniform(-0.09, 0.09) * w, floor * rng.uniform(0.3, 0.7)
        tip = (int(x + lean), int(floor - up))
        cv2.line(view, (x, floor + 4), tip, (float(rng.uniform(48, 82)),), 3, cv2.LINE_AA)
    cv2.rectangle(view, (x - 5, floor - 2), (x + 5, floor + 11), (58.0,), -1)


def _passer_by(rng: np.random.Generator, view: NDArray[np.float32], floor: int) -> None:
    h, w = view.shape
    x, tall = int(w * rng.uniform(0.08, 0.92)), h * rng.uniform(0.4, 0.55)
    feet = min(h - 2, floor + int(h * rng.uniform(0.02, 0.12)))
    cloth = float(rng.uniform(46, 96))
    cv2.ellipse(
        view,
        (x, int(feet - tall * 0.42)),
        (max(2, int(tall * 0.15)), int(tall * 0.42)),
        0,
        0,
        360,
        (cloth,),
        -1,
        cv2.LINE_AA,
    )
    cv2.circle(
        view, (x, int(feet - tall * 0.93)), max(2, int(tall * 0.085)), (136.0,), -1, cv2.LINE_AA
    )


def _lamps(rng: np.random.Generator, view: NDArray[np.float32]) -> None:
    h, w = view.shape
    for lamp in range(int(rng.integers(3, 6))):
        x = int(w * (0.1 + 0.2 * lamp + rng.uniform(-0.03, 0.03)))
        cv2.circle(view, (x, int(h * rng.uniform(0.04, 0.12))), 3, (242.0,), -1, cv2.LINE_AA)


def _guest(rng: np.random.Generator, view: Grey, width: int, height: int) -> None:
    """Head, mask and shoulders behind what is held up."""
    x, y = int(width * rng.uniform(0.4, 0.6)), int(height * rng.uniform(0.2, 0.27))
    head = height * 0.155
    cloth, hair = int(rng.uniform(40, 84)), int(rng.uniform(26, 90))
    skin, mask = int(rng.uniform(118, 168)), 206

    def blob(down: float, wide: float, high: float, grey: int, across: float = 0.0) -> None:
        middle = x + int(head * across), y + int(head * down)
        axes = int(head * wide), int(head * high)
        cv2.ellipse(view, middle, axes, 0, 0, 360, (grey,), -1, cv2.LINE_AA)

    blob(3.9, 2.5, 2.75, cloth)
    blob(1.0, 0.5, 0.6, skin - 26)
    blob(-0.12, 0.86, 1.18, hair)
    blob(0.16, 0.74, 1.02, skin)
    blob(0.66, 0.68, 0.5, mask)
    for side in (-0.3, 0.3):
        blob(0.08, 0.11, 0.05, 52, side)


def _light(rng: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """Brighter on one side, darker towards the corners of the lens."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    slope = np.float32(rng.uniform(-0.14, 0.14)) * across - np.float32(0.05) * down
    return np.asarray((1 + slope) * (1 - 0.14 * (across**2 + down**2)), np.float32)
