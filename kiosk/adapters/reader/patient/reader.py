"""The patient look at the regions in which no engine read anything.

Finder patterns, the lattice through them, the modules with their blur taken back, the blocks that
are sound and those that they help to; and where one frame is not enough, several of one code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient import equaliser
from kiosk.adapters.reader.patient.alignment import refined
from kiosk.adapters.reader.patient.blocks import likely_formats
from kiosk.adapters.reader.patient.combining import Combiners, Evidence, is_seen_in
from kiosk.adapters.reader.patient.decoding import Codewords, begin, seems_mirrored
from kiosk.adapters.reader.patient.finders import NO_RIM, RIM, Corner, corners, finders
from kiosk.adapters.reader.patient.guessing import Guess, first_guess
from kiosk.adapters.reader.patient.payload import text_of_ours
from kiosk.adapters.reader.patient.picture import Grey
from kiosk.adapters.reader.patient.restoring import restored
from kiosk.adapters.reader.patient.settling import settled
from kiosk.adapters.reader.patient.symbol import Symbol
from kiosk.desk.ports import CodeSeen, Point, Region

CORNERS = 4  # triples of finder patterns that are looked into
CERTAIN = 0.35  # correlation with the function patterns from which no other triple is tried
POSSIBLE = 0.25  # below it no code was ever read; by chance it is 0.1, seldom 0.4
# Share of the known modules that come out wrong: chance gives 0.3; no code was read above 0.12.
NO_CODE, HOPELESS = 0.25, 0.17
BUDGET = 0.150  # seconds of computing for a look; no step begins after it
TOGETHER = 0.4  # of the budget, that several frames together get whatever one has taken
GRAIN = 3.0  # of it, a module's side is what a sample should see
SMALLEST = 21  # pixels of a region's side: no code has fewer modules
ATTEMPTS = 5  # rounds of restoring and decoding, while they bring something
SETTLINGS = 2  # times that the lattice is moved to where what was guessed fits
ALONE, COMBINED = "grid", "combined"  # stages


@dataclass(eq=False)
class View:
    """A code in a picture, light on dark ones turned over; `middles` as `evened` takes them."""

    sign: Symbol
    picture: Grey
    middles: NDArray[np.float32]
    mirrored: bool
    worth: float
    outline: tuple[Point, Point, Point, Point]

    def samples(self) -> Grey:
        """The samples of the code, upright."""
        samples = equaliser.evened(self.picture, self.middles)
        return np.ascontiguousarray(samples.T) if self.mirrored else samples

    def settle(self, guess: Grey) -> None:
        """Move the lattice to where an upright guess of the modules fits."""
        shown = np.ascontiguousarray(guess.T) if self.mirrored else guess
        self.middles = settled(self.picture, self.middles, shown)


@dataclass(eq=False)
class Reading:
    """What was made of samples so far: the sound blocks, and all modules as they are guessed."""

    codewords: Codewords
    soft: Grey
    hopeful: bool = True

    @property
    def complete(self) -> bool:
        """Whether all blocks are sound."""
        return bool(self.codewords.sound.all())

    def guess(self) -> Grey:
        """Each module from -1, surely dark, to +1, surely light."""
        doubtful = np.tanh(2 * self.soft / (self.soft.std() + 1e-6))
        known = self.codewords.known() if self.codewords.sound.any() else self.codewords.sign.known
        return np.asarray(np.where(known != 0, known, doubtful), np.float32)


class PatientReader:
    """Looks at frames of one camera, in their order, each within a budget of computing time."""

    def __init__(
        self,
        text_of: Callable[[bytes], str | None] = text_of_ours,
        budget: float = BUDGET,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        """`text_of`: what of a code's content is told. `budget` is in seconds of `clock`."""
        self._text_of = text_of
        self._combiners = Combiners()
        self._budget, self._clock = budget, clock
        self._end = 0.0  # when this look's time is over

    def look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        """The codes in `image` (luma, shape (height, width), uint8) within `regions`."""
        end, views = self._clock() + self._budget, 0
        for region in regions:
            if views and self._clock() >= end:
                break
            self._end = end  # several frames together may have had more
            view = find(image, region, self._is_time)
            if view is not None:
                views += 1
                codes = self._read(view)
                if codes:  # else this may be a poster's, and the guest's is in the next one
                    return codes
        if not views:
            self._combiners.nothing_seen()
        return ()

    def forget(self) -> None:
        """The next frame shows another code than those before."""
        self._combiners.forget()

    def _is_time(self) -> bool:
        return self._clock() < self._end

    def _read(self, view: View) -> tuple[CodeSeen, ...]:
        samples, stage = view.samples(), ALONE
        reading = read(view.sign, samples, self._is_time)
        for _ in range(SETTLINGS):
            if reading.complete or not reading.hopeful or not self._is_time():
                break
            view.settle(reading.guess())
            samples = view.samples()
            reading = read(view.sign, samples, self._is_time)
        together = self._combiners.add(Evidence(view.sign, samples, view.worth))
        if not reading.complete and self._combiners.frames > 1:
            self._end = max(self._end, self._clock() + TOGETHER * self._budget)
            reading, stage = read(view.sign, together, self._is_time), COMBINED
        content = reading.codewords.content()
        if content is None or not is_seen_in(reading.codewords.known(), samples):
            return ()
        # What several frames say together has to prove itself, whoever asks.
        text = (self._text_of if stage == ALONE else text_of_ours)(content)
        if text is None:
            return ()
        self.forget()
        return (CodeSeen(text, view.outline, stage),)


def find(image: NDArray[np.uint8], region: Region, is_time: Callable[[], bool]) -> View | None:
    """The code in a region as far as one can be made out while there is time."""
    left, top, right, bottom = region
    patch = np.ascontiguousarray(image[top:bottom, left:right])
    if min(patch.shape) < SMALLEST:
        return None
    best: tuple[Guess, Grey] | None = None
    for picture, corner in _candidates(patch):
        guess = first_guess(picture, corner)
        if guess.suits > (best[0].suits if best else POSSIBLE):
            best = guess, picture
        if not is_time() or (best and best[0].suits > CERTAIN):
            break
    return _view(*best, left, top) if best else None


def _candidates(patch: NDArray[np.uint8]) -> Iterator[tuple[Grey, Corner]]:
    """Possible corners, each with the picture in which it is dark on light."""
    picture = patch.astype(np.float32)
    for rim in (RIM, NO_RIM):
        found = finders(patch, rim)
        for shown, places in ((picture, found.dark), (255 - picture, found.light)):
            for corner in corners(places, CORNERS):
                yield shown, corner


def _view(guess: Guess, picture: Grey, left: int, top: int) -> View | None:
    """The view of a guess; None where not even what is known of the code can be seen."""
    picture = _without_finer_detail(picture, guess)
    lattice = refined(picture, guess.lattice)
    sign = lattice.symbol
    middles = lattice.middles(equaliser.AROUND)
    samples = equaliser.evened(picture, middles)
    soft = equaliser.equalised(samples, sign.known, equaliser.NEAR)
    if _wrong(sign, soft) > NO_CODE:
        return None
    edges = np.array([[0, 0], [sign.size, 0], [sign.size, sign.size], [0, sign.size]], float)
    one, two, three, four = ((float(x) + left, float(y) + top) for x, y in lattice.pixels(edges))
    mirrored = seems_mirrored(sign, soft)
    worth = max(0.05, guess.suits) ** 2
    return View(sign, picture, middles, mirrored, worth, (one, two, three, four))


def _without_finer_detail(picture: Grey, guess: Guess) -> Grey:
    """The picture, blurred where modules are so large that a sample would see one grain of each."""
    width = round(guess.lattice.module() / GRAIN)
    return np.asarray(cv2.blur(picture, (width, width)), np.float32) if width > 1 else picture


def read(sign: Symbol, samples: Grey, is_time: Callable[[], bool]) -> Reading:
    """The blocks that can be had from upright samples (`equaliser.evened`) while there is time."""
    soft = equaliser.equalised(samples, sign.known, equaliser.NEAR)
    if _wrong(sign, soft) > HOPELESS:
        return Reading(
            Codewords.none_yet(sign, likely_formats(soft, sign.version, 1)[0]), soft, False
        )
    codewords = begin(sign, soft)
    for attempt in range(ATTEMPTS):
        before = int(codewords.sound.sum())
        if before == codewords.sound.size or not is_time():
            break
        soft = restored(samples, codewords.known() if before else sign.known, soft)
        if before:
            codewords.hear(soft)
            codewords.hear(equaliser.equalised(samples, codewords.known(), equaliser.WIDE))
        else:
            codewords = begin(sign, soft)
        if attempt and codewords.sound.sum() == before:
            break
    return Reading(codewords, soft)


def _wrong(sign: Symbol, soft: Grey) -> float:
    """The share of the known modules that come out wrong."""
    known = sign.known != 0
    return float(((soft[known] < 0) != (sign.known[known] < 0)).mean())
