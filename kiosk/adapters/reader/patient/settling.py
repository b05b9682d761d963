"""Moves each part of a lattice to where a guess of the modules fits the picture best.

Paper has wrinkles finer than the spacing of alignment patterns. Once most modules are guessed,
right or wrong, any part of the code can serve as its own alignment pattern: it is shifted over the
picture by quarters of a module, and what it resembles most is where it lies.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.equaliser import AROUND, between, even
from kiosk.adapters.reader.patient.picture import Grey, looked_up

STEPS = 4  # a module
FARTHEST = 2  # steps that a part is moved at once
PART = 2.5  # modules, standard deviation of what counts as one part
SMOOTH = 3.0  # modules, standard deviation over which neighbouring parts move together
NEARER = 0.005  # how much less likeness counts for a step squared


def settled(picture: Grey, middles: NDArray[np.float32], guess: Grey) -> NDArray[np.float32]:
    """`middles` (shape (side, side, 2), AROUND modules more than `guess` has) moved a little.

    guess: light above 0, dark below, the surer the farther, at most 1; shape (size, size).
    """
    samples = even(looked_up(picture, between(middles, STEPS)), STEPS)
    told = np.pad(np.asarray(guess, np.float32), AROUND)
    likeness = _likeness(samples, told)
    down, across, trust = _best_shift(likeness)
    weight = cv2.GaussianBlur(trust, (0, 0), SMOOTH)
    down = np.asarray(cv2.GaussianBlur(down * trust, (0, 0), SMOOTH) / weight)
    across = np.asarray(cv2.GaussianBlur(across * trust, (0, 0), SMOOTH) / weight)
    below, right = np.gradient(middles, axis=(0, 1))
    moved = middles + right * across[..., None] + below * down[..., None]
    return np.asarray(moved, np.float32)


def _likeness(samples: Grey, told: Grey) -> Grey:
    """How much each part of `told` is like the samples when shifted; shape (down, across, ...)."""
    side = told.shape[0]
    reach = FARTHEST + STEPS
    # A module's middle lies between two samples.
    middle = np.pad(cv2.blur(samples, (2, 2), anchor=(0, 0)), reach, mode="edge")
    shifts = range(-FARTHEST, FARTHEST + 1)
    likeness = np.empty((len(shifts), len(shifts), side, side), np.float32)
    for row, down in enumerate(shifts):
        for column, across in enumerate(shifts):
            top, left = (reach + STEPS // 2 - 1 + shift for shift in (down, across))
            shown = middle[top : top + STEPS * side : STEPS, left : left + STEPS * side : STEPS]
            like = cv2.GaussianBlur(shown * told, (0, 0), PART)
            likeness[row, column] = like * (1 - NEARER * (down * down + across * across))
    return likeness


def _best_shift(likeness: Grey) -> tuple[Grey, Grey, Grey]:
    """For each module the best shift down and across in modules, and how clear it is."""
    shifts, _, side, _ = likeness.shape
    flat = likeness.reshape(shifts * shifts, side, side)
    row, column = np.divmod(flat.argmax(axis=0), shifts)
    rows, columns = np.indices((side, side))
    down = row - FARTHEST + _between(lambda at: likeness[at, column, rows, columns], row)
    across = column - FARTHEST + _between(lambda at: likeness[row, at, rows, columns], column)
    trust = np.maximum(flat.max(axis=0) - flat.mean(axis=0), 1e-4)
    return (
        np.asarray(down / STEPS, np.float32),
        np.asarray(across / STEPS, np.float32),
        np.asarray(trust, np.float32),
    )


def _between(
    value: Callable[[NDArray[np.intp]], Grey], best: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How far beside its highest value the top of the parabola through it lies."""
    inside = (best > 0) & (best < 2 * FARTHEST)
    at = np.clip(best, 1, 2 * FARTHEST - 1)
    before, here, after = value(at - 1), value(at), value(at + 1)
    bend = np.minimum(before - 2 * here + after, -1e-6)
    return np.where(inside, np.clip(0.5 * (before - after) / bend, -0.5, 0.5), 0.0)
