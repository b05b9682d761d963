"""Guesses all modules of a blurred code at once: what each smears into the others is taken back.

An equaliser is linear and has to choose between blur and noise. But modules are only dark or light,
and that is worth a lot: with a guess of all of them, how each spreads over its neighbours is learnt
by least squares; with that, each module is guessed anew from all samples it reaches, the share of
its neighbours taken off. A few rounds settle it (a mean-field estimate of a binary picture).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient.equaliser import AROUND, TAPS
from kiosk.adapters.reader.patient.picture import Grey
from kiosk.adapters.reader.patient.symbol import Signs

SMEARED = 2  # modules to each side that a module is smeared over
ROUNDS = 12
LEARN_EVERY = 3  # rounds
DAMPING = 0.5  # of each new guess that is believed at once
RIDGE = 1e-3
LEAST_NOISE = 0.02  # of the samples' variance; nothing is surer than that
SUREST = 10.0


class _Smear(NamedTuple):
    """What one of the samples of a module sees: the modules around it, weighted, and a constant."""

    kernel: NDArray[np.float32]
    base: float


def restored(samples: Grey, known: Signs, soft: Grey) -> Grey:
    """Better soft modules than `soft`; shape (size, size), light above 0, of the same spread.

    samples: as `equaliser.evened` gives them. known: +1 light, -1 dark, 0 not known.
    """
    phases = [samples[a::TAPS, b::TAPS] for a in range(TAPS) for b in range(TAPS)]
    inner = (slice(AROUND, -AROUND),) * 2
    certain = np.ones(phases[0].shape, bool)  # around the symbol all is light
    certain[inner] = known != 0
    guess = np.ones(certain.shape, np.float32)
    guess[inner] = np.where(known != 0, known, np.tanh(1.5 * soft / _spread(soft)))
    field = guess
    for turn in range(ROUNDS):
        if turn % LEARN_EVERY == 0:
            smears, noise = _learnt(phases, guess)
        field = _field(phases, smears, guess) / max(noise, LEAST_NOISE)
        new = np.where(certain, guess, np.tanh(np.clip(field, -SUREST, SUREST)))
        guess = ((1 - DAMPING) * guess + DAMPING * new).astype(np.float32)
    field = field[inner]
    return np.asarray(field * (_spread(soft) / _spread(field)), np.float32)


def _spread(values: Grey) -> float:
    return float(values.std()) + 1e-6


def _learnt(phases: list[Grey], guess: Grey) -> tuple[list[_Smear], float]:
    """How modules spread, by least squares over the whole symbol; and the variance that is left."""
    side = 2 * SMEARED + 1
    around = np.pad(guess, SMEARED, constant_values=1)
    windows = np.lib.stride_tricks.sliding_window_view(around, (side, side))
    used = (slice(AROUND - 1, 1 - AROUND),) * 2
    seen = windows[used].reshape(-1, side * side)
    seen = np.concatenate([seen, np.ones((len(seen), 1), np.float32)], axis=1)
    system = seen.T @ seen
    system[np.diag_indices_from(system)] += RIDGE * len(seen)
    told = np.stack([phase[used].reshape(-1) for phase in phases], axis=1)
    weights = np.linalg.solve(system, seen.T @ told)
    noise = float(((told - seen @ weights) ** 2).mean())
    return [_Smear(w[:-1].reshape(side, side), float(w[-1])) for w in weights.T], noise


def _field(phases: list[Grey], smears: list[_Smear], guess: Grey) -> Grey:
    """For each module how much all samples speak for light, its neighbours as they are guessed."""
    total = np.zeros_like(guess)
    for phase, (kernel, base) in zip(phases, smears, strict=True):
        shown = cv2.filter2D(guess, cv2.CV_32F, kernel, borderType=cv2.BORDER_REPLICATE)
        back = np.ascontiguousarray(kernel[::-1, ::-1])
        missing = phase - base - shown
        total += cv2.filter2D(missing, cv2.CV_32F, back, borderType=cv2.BORDER_CONSTANT)
        total += float((kernel**2).sum()) * guess
    return total
