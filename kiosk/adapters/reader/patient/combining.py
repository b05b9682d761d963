"""Several frames of one code taken together, and never of two.

The noise of each frame is another, the code is the same: in the mean of their modules noise grows
faint. What must not happen is that the code of the guest before is put together with this one's:

* a frame is added only if its data modules correlate with the mean of those before; otherwise
  everything before is forgotten (two codes of one version correlate like coins, near 0);
* what is read from the mean has to be seen in the newest frame as well, module by module;
* after each code that is read, however it was read, everything is forgotten.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kiosk.adapters.reader.patient.equaliser import plain
from kiosk.adapters.reader.patient.picture import Grey
from kiosk.adapters.reader.patient.symbol import Signs, Symbol

SAME_CODE = 0.25  # correlation of data modules from which a frame is taken for the same code
AT_ONCE = 2  # codes; a frame has no more regions
MOST_APART = 12  # looks without this code after which it is taken to be gone


class Evidence(NamedTuple):
    """One frame's view of a code: its samples (`equaliser.evened`), upright, and their worth."""

    sign: Symbol
    samples: Grey
    worth: float


class Combiner:
    """Frames of one code, as long as they are of one."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Another code comes."""
        self._sum: Grey | None = None
        self._sign: Symbol | None = None
        self._worth = 0.0
        self._looks_apart = 0
        self.frames = 0

    def nothing_seen(self) -> None:
        """A look found no code at all."""
        self._looks_apart += 1
        if self._looks_apart > MOST_APART:
            self.forget()

    def knows(self, evidence: Evidence) -> bool:
        """Whether this frame shows the code of those before."""
        before = self._sum
        return before is not None and self._sign is evidence.sign and _alike(before, evidence)

    def add(self, evidence: Evidence) -> Grey:
        """Take a frame in; the mean of all frames of this code, of this one alone at first."""
        if not self.knows(evidence):
            self.forget()
        before = np.zeros_like(evidence.samples) if self._sum is None else self._sum
        self._sign = evidence.sign
        self._sum = before + np.float32(evidence.worth) * evidence.samples
        self._worth += evidence.worth
        self._looks_apart = 0
        self.frames += 1
        return self._sum / np.float32(self._worth)


class Combiners:
    """A combiner for each code that is seen at once, such as a poster's behind a guest's."""

    def __init__(self) -> None:
        self._each = [Combiner() for _ in range(AT_ONCE)]  # the one of the newest frame last

    @property
    def frames(self) -> int:
        """How many frames there are of the code that was added last."""
        return self._each[-1].frames

    def forget(self) -> None:
        """Another code comes."""
        for one in self._each:
            one.forget()

    def nothing_seen(self) -> None:
        """A look found no code at all."""
        for one in self._each:
            one.nothing_seen()

    def add(self, evidence: Evidence) -> Grey:
        """Take a frame in; the mean of all frames of its code, of this one alone at first."""
        its = next((one for one in self._each if one.knows(evidence)), self._each[0])
        for one in self._each:
            one.nothing_seen()
        self._each.sort(key=lambda one: one is its)
        return its.add(evidence)


def _alike(before: Grey, evidence: Evidence) -> bool:
    data = evidence.sign.known == 0
    return correlation(plain(before)[data], plain(evidence.samples)[data]) >= SAME_CODE


def is_seen_in(known: Signs, samples: Grey) -> bool:
    """Whether a code that was read is the one that these samples show."""
    told = known != 0
    return correlation(known[told].astype(np.float32), plain(samples)[told]) >= SAME_CODE


def correlation(one: Grey, other: Grey) -> float:
    """Pearson's, 0 where one of both is flat."""
    one, other = one - one.mean(), other - other.mean()
    scale = np.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / scale if scale > 0 else 0.0
