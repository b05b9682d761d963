"""The patient look at the regions in which no engine read anything.

Finder patterns, the lattice through them, the modules with their blur taken back, the blocks that
are sound and those that they help to; and where one frame is not enough, several of one code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient import decoding, equaliser
from kiosk.adapters.reader.patient.combining import Combiner, Evidence, is_seen_in
from kiosk.adapters.reader.patient.decoding import Codewords
from kiosk.adapters.reader.patient.finders import corners, finders
from kiosk.adapters.reader.patient.lattice import (
    Grey,
    Guess,
    Lattice,
    first_guess,
    refined,
)
from kiosk.adapters.reader.patient.payload import text_of_ours
from kiosk.adapters.reader.patient.restoring import restored
from kiosk.adapters.reader.patient.symbol import Symbol
from kiosk.desk.ports import CodeSeen, Point, Region

CORNERS = 4  # triples of finder patterns that are looked into
CERTAIN = 0.35  # correlation with the function patterns from which no other triple is tried
POSSIBLE = 0.18  # below it there is no code; by chance it is 0.1, seldom 0.2
ATTEMPTS = 5  # rounds of restoring and decoding, while they bring something
STAGE_ALONE, STAGE_COMBINED = "grid", "combined"


class PatientReader:
    """Looks at frames of one camera, in their order."""

    def __init__(self) -> None:
        self._combiner = Combiner()

    def look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        """The codes in `image` (luma, shape (height, width), uint8) within `regions`."""
        for region in regions:
            found = _find(image, region)
            if found is not None:
                return self._read(*found)
        self._combiner.nothing_seen()
        return ()

    def forget(self) -> None:
        """The next frame shows another code than those before."""
        self._combiner.forget()

    def _read(self, lattice: Lattice, evidence: Evidence) -> tuple[CodeSeen, ...]:
        stage = STAGE_ALONE
        together = self._combiner.add(evidence)
        if self._combiner.frames == 1:
            codewords = read(evidence.sign, evidence.samples, ATTEMPTS)
        else:
            codewords = read(evidence.sign, evidence.samples, 1)
            if not codewords.sound.all():
                stage = STAGE_COMBINED
                codewords = read(evidence.sign, together, ATTEMPTS)
        text = _text(codewords)
        if text is None or not is_seen_in(codewords.known(), evidence.samples):
            return ()
        self.forget()
        return (CodeSeen(text, _outline(lattice), stage),)


def _find(image: NDArray[np.uint8], region: Region) -> tuple[Lattice, Evidence] | None:
    """The code in a region, upright, as far as one can be made out."""
    left, top, right, bottom = region
    patch = np.ascontiguousarray(image[top:bottom, left:right])
    found = finders(patch)
    picture = patch.astype(np.float32)
    best: tuple[Guess, Grey] | None = None
    for shown, places in ((picture, found.dark), (255 - picture, found.light)):
        for corner in corners(places, CORNERS):
            guess = first_guess(shown, corner)
            if guess.suits > (best[0].suits if best else POSSIBLE):
                best = guess, shown
            if best and best[0].suits > CERTAIN:
                return _evidence(*best, left, top)
    return _evidence(*best, left, top) if best else None


def _evidence(guess: Guess, shown: Grey, left: int, top: int) -> tuple[Lattice, Evidence]:
    lattice = refined(shown, guess.lattice)
    samples = equaliser.evened(shown, lattice)
    soft = equaliser.equalised(samples, lattice.symbol.known, equaliser.NEAR)
    if decoding.seems_mirrored(lattice.symbol, soft):
        samples = np.ascontiguousarray(samples.T)
    worth = max(0.05, guess.suits) ** 2
    return lattice.moved(left, top), Evidence(lattice.symbol, samples, worth)


def read(sign: Symbol, samples: Grey, attempts: int) -> Codewords:
    """The blocks that are sound, after at most so many rounds of taking the blur back."""
    soft = equaliser.equalised(samples, sign.known, equaliser.NEAR)
    codewords = decoding.begin(sign, soft)
    for attempt in range(attempts):
        before = int(codewords.sound.sum())
        if before == codewords.sound.size:
            break
        soft = restored(samples, codewords.known() if before else sign.known, soft)
        if before:
            codewords.hear(soft)
        else:
            codewords = decoding.begin(sign, soft)
        if attempt and codewords.sound.sum() == before:
            break
    return codewords


def _text(codewords: Codewords) -> str | None:
    content = codewords.content()
    return None if content is None else text_of_ours(content)


def _outline(lattice: Lattice) -> tuple[Point, Point, Point, Point]:
    size = lattice.symbol.size
    corners_of = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float64)
    one, two, three, four = ((float(x), float(y)) for x, y in lattice.pixels(corners_of))
    return one, two, three, four
