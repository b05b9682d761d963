"""Follows a code over bent paper, from one of its alignment patterns to the next."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from kiosk.adapters.reader.patient.lattice import Lattice, bent
from kiosk.adapters.reader.patient.picture import Grey, Points, looked_up
from kiosk.adapters.reader.patient.symbol import CENTRE, rings

FINE = 4  # pixels a module of the patches in which patterns are looked for
REACH = 2.5  # modules around where a pattern is expected
SUITS = 0.4  # correlation from which a pattern counts as found


def refined(picture: Grey, flat: Lattice) -> Lattice:
    """With every alignment pattern that can be found, from the corner outwards.

    The place of each is told by those found before, so that a bend is followed from one to the
    next, as one would with a finger.
    """
    sign = flat.symbol
    far = sign.size - CENTRE
    modules = [(CENTRE, CENTRE), (far, CENTRE), (CENTRE, far)]
    pixels = []
    for place in modules:
        found = _pattern_at(picture, flat, np.array(place), 7)
        pixels.append(flat.pixels(np.array(place)) if found is None else found)
    lattice = bent(flat, np.array(modules), np.array(pixels))
    for row, column in sorted(sign.alignments, key=sum):
        place = (column + 0.5, row + 0.5)
        found = _pattern_at(picture, lattice, np.array(place), 5)
        if found is not None:
            modules.append(place)
            pixels.append(found)
            lattice = bent(flat, np.array(modules), np.array(pixels))
    return lattice


def _pattern_at(picture: Grey, lattice: Lattice, place: Points, side: int) -> Points | None:
    """Where a square pattern really is, that is expected around `place`."""
    reach = side / 2 + 0.5 + REACH
    steps = np.arange(-reach + 0.5 / FINE, reach, 1 / FINE)
    across, down = np.meshgrid(steps, steps)
    base, slope = lattice.pixels(place), lattice.jacobian(place)
    around = base + np.stack([across, down], axis=2) @ slope.T
    seen = looked_up(picture, around)
    likeness = np.asarray(cv2.matchTemplate(seen, _drawn(side), cv2.TM_CCOEFF_NORMED), np.float32)
    _, best, _, (column, row) = cv2.minMaxLoc(likeness)
    if best < SUITS:
        return None
    middle = (likeness.shape[0] - 1) / 2
    moved = np.array([_peak(likeness[row], column), _peak(likeness[:, column], row)]) - middle
    return np.asarray(base + slope @ (moved / FINE))


def _peak(values: Grey, place: int) -> float:
    """The top of the parabola through the highest value and its neighbours."""
    if not 0 < place < len(values) - 1:
        return float(place)
    before, at, after = (float(value) for value in values[place - 1 : place + 2])
    bend = before - 2 * at + after
    return place + (0.5 * (before - after) / bend if bend < 0 else 0.0)


@cache
def _drawn(side: int) -> Grey:
    """A pattern of concentric squares with a light rim of one half module, FINE pixels each."""
    pattern = np.pad(rings(side), 1, constant_values=1).astype(np.float32)
    drawn = cv2.resize(pattern, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.45 * FINE)
    rim = FINE // 2
    return np.asarray(soft[rim:-rim, rim:-rim], np.float32)
