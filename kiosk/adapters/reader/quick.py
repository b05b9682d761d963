"""The quick look, at every frame: the engine on the frame, then on patches drawn differently."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.frames import capped
from kiosk.adapters.reader.ours import BADGE_PREFIX, is_ours
from kiosk.adapters.reader.regions import BADGE, CERTIFICATE, Patch, covers, patches
from kiosk.adapters.reader.smear import smeared
from kiosk.adapters.reader.variants import VARIANTS, Variant
from kiosk.adapters.reader.zbar import ZbarReader
from kiosk.adapters.reader.zxing import Corners, Scan, ZxingReader
from kiosk.adapters.zbarlibrary import sound_zbar
from kiosk.desk.ports import CodeReader, CodeSeen, Hint, Region, Sighting

BUDGET = 0.030  # seconds of computing for a frame, of the 0.033 that a camera leaves
REMEMBERED = 10  # frames for which the place of the last code is looked at, and a code is known
AROUND = 0.15  # of a code's longer side, added around the place of one that was read
MOST_PLACES = 3  # of a frame that are looked at
FOR_ALL = 3  # variants that each place is drawn in; the others are for the likeliest one
LEAST_SIDE = 16  # pixels of a place; the smallest code of all has 21 modules
SECOND_COST = 120  # nanoseconds a pixel that the second engine takes, 19 times of 20
FIRST = "zxing"  # the stage of a code that was read in the frame as it came
SECOND = "second opinion"

# Windows counts a thread's time in steps of 16 ms; there, the time of day has to do.
computing_time: Callable[[], float] = (
    time.perf_counter if sys.platform == "win32" else time.thread_time
)

_log = logging.getLogger(__name__)
Grey = NDArray[np.uint8]


class Look(NamedTuple):
    """What a quick look saw: codes that were read, and where else one of ours could be.

    `regions` are at most two, the likeliest first, and on none of them a code was read; `quads` are
    the corners of what the engine took for a code and could not read; `smeared` tells of something
    that is too blurred for a region. `news` tells that one of ours is among the codes which none of
    the frames just before had: a look ends with it, and nothing may be told of what lies beside.
    """

    codes: tuple[CodeSeen, ...] = ()
    regions: tuple[Region, ...] = ()
    quads: tuple[Corners, ...] = ()
    smeared: bool = False
    news: bool = False

    @property
    def something_there(self) -> bool:
        """Whether something is held up that was not read."""
        return bool(self.regions or self.smeared)

    def sighting(self, patient: tuple[CodeSeen, ...] = (), hint: Hint | None = None) -> Sighting:
        """What it comes to with the codes that a patient look has read, or else with a hint."""
        texts = {code.text for code in self.codes}
        more = tuple(code for code in patient if code.text not in texts)
        if more:
            return Sighting(self.codes + more)
        return Sighting(self.codes, self.something_there, hint)


class Scanner(Protocol):
    """An engine that also tells what it found and could not read."""

    def scan(self, image: Grey) -> Scan:
        """The codes in `image` (luma, shape (height, width), uint8)."""
        ...


class QuickReader:
    """Reads the frames of one camera, each within a budget of computing time.

    zxing gets the frame; if it reads none of ours, or only such as are held up still, it gets the
    other places that could be a code, drawn larger, smoother, deblurred or in black and white; and
    what is left of the time goes to the second engine if there is one. A drawing has fewer pixels
    than the largest frame, and none is begun that is not likely to end in time: a hostile frame
    takes one such scan more than the engine alone would.

    Never raises: whatever an engine throws becomes an empty sighting and, once for each kind, a
    line in the log that holds nothing of the picture.
    """

    def __init__(
        self,
        first: Scanner | None = None,
        second: CodeReader | None = None,
        budget: float = BUDGET,
        clock: Callable[[], float] = computing_time,
        accepts: Callable[[str], bool] = is_ours,
    ) -> None:
        """The engines; without them zxing, and zbar where this machine has a sound one.

        `budget` is in seconds of `clock`. `accepts`: which texts are believed that were read of a
        patch drawn differently. Of ours alone, for a decoder that is handed sharpened noise a
        thousand times an hour may find a code in it some day.
        """
        self._first: Scanner = first or ZxingReader()
        if first is None and second is None and sound_zbar():
            second = ZbarReader()
        self._second = second
        self._budget, self._clock = budget, clock
        self._accepts = accepts
        self._end = 0.0  # when this frame's time is over
        self._place: Patch | None = None  # of the last code that was read
        self._unread = 0  # frames since then
        self._shape: tuple[int, ...] = ()  # of the frame before
        self._recent = _Recent()
        self._complained: set[str] = set()

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The codes in `image`, and whether something beside them could be one."""
        return self.look(image).sighting()

    def look(self, image: NDArray[np.uint8]) -> Look:
        """The codes in `image`, and the regions in which one of ours could be."""
        try:
            return self._look(image)
        except Exception as error:  # noqa: BLE001 the decoder's entrance
            self._complain(type(self).__name__, error)
            return Look()

    def forget(self) -> None:
        """The next frame has nothing to do with those before."""
        self._place = None
        self._recent = _Recent()

    def _look(self, image: NDArray[np.uint8]) -> Look:
        self._end = self._clock() + self._budget
        grey, scale = capped(image)
        if grey.shape != self._shape:  # a place is none in a frame of another size
            self.forget()
            self._shape = grey.shape
        seen = self._scan(grey)
        self._recent.next_frame()
        read = tuple(replace(code, stage=FIRST) for code in seen.codes)
        news = self._recent.are_news(read)
        self._recent.add(read)
        if news:
            self._remember(read, grey)
            return Look(_scaled(read, scale), news=True)
        look = self._look_beside(grey, read, seen.failed)
        return look._replace(
            codes=_scaled(look.codes, scale),
            regions=tuple(Region(*(int(side / scale) for side in box)) for box in look.regions),
            quads=tuple(_moved(quad, 1 / scale) for quad in look.quads),
        )

    def _look_beside(
        self, grey: Grey, read: tuple[CodeSeen, ...], failed: tuple[Corners, ...]
    ) -> Look:
        """All of a frame in which the engine read these codes: none of ours that is new."""
        known = self._recent.quads() if read else ()
        there = patches(grey, known)
        texts = {code.text for code in read}
        found = self._read_patches(grey, self._places(there, failed, known, grey))
        more = tuple(code for code in found if code.text not in texts)
        news = self._recent.are_news(more)
        self._recent.add(more)
        self._remember(more or tuple(code for code in read if is_ours(code.text)), grey)
        places = [_place(code.corners, CERTIFICATE, grey).box for code in more]
        left = (patch.box for patch in there)
        return Look(
            read + more,
            tuple(box for box in left if not any(covers(place, box) for place in places)),
            failed,
            not there and not more and smeared(grey, known),
            news,
        )

    def _places(
        self,
        there: tuple[Patch, ...],
        failed: tuple[Corners, ...],
        known: Sequence[Corners],
        grey: Grey,
    ) -> list[Patch]:
        """Where to look closer: what is busy, where the last code was, what was not read."""
        places = list(there)
        taken = [_place(quad, CERTIFICATE, grey).box for quad in known]
        others = [] if self._place is None else [self._place]
        for place in (*others, *(_place(quad, CERTIFICATE, grey) for quad in failed)):
            if not any(covers(box, place.box) for box in (*taken, *(one.box for one in places))):
                places.append(place)
        return [one for one in places if _is_wide(one.box)][:MOST_PLACES]

    def _read_patches(self, grey: Grey, places: list[Patch]) -> tuple[CodeSeen, ...]:
        """The codes of the first variant of a place that has any; () when the time is over."""
        for number, variant in enumerate(VARIANTS):
            for place in places if number < FOR_ALL else places[:1]:
                if self._is_time_for(variant, place):
                    codes = self._read_variant(grey, place, variant)
                    if codes:
                        return codes
        for place in places if self._second is not None else ():
            if self._is_left(SECOND_COST * _size(place.box)):
                codes = self._ask_second(grey, place.box)
                if codes:
                    return codes
        return ()

    def _is_time_for(self, variant: Variant, place: Patch) -> bool:
        """Whether the variant of that place is likely to end in time."""
        pixels = _size(place.box) * variant.scale(place.module) ** 2
        return self._is_left(variant.cost * pixels)

    def _is_left(self, nanoseconds: float) -> bool:
        return self._clock() + nanoseconds * 1e-9 <= self._end

    def _read_variant(self, grey: Grey, place: Patch, variant: Variant) -> tuple[CodeSeen, ...]:
        drawn = variant.drawn(_cut(grey, place.box), place.module)
        codes = self._scan(drawn).codes
        return self._in_frame(codes, place.box, variant.scale(place.module), variant.name)

    def _ask_second(self, grey: Grey, box: Region) -> tuple[CodeSeen, ...]:
        assert self._second is not None  # noqa: S101
        try:
            codes = self._second.read(_cut(grey, box)).codes
        except Exception as error:  # noqa: BLE001 a native engine: anything may come out of it
            self._complain(type(self._second).__name__, error)
            return ()
        return self._in_frame(codes, box, 1, SECOND)

    def _in_frame(
        self, codes: tuple[CodeSeen, ...], box: Region, scale: float, stage: str
    ) -> tuple[CodeSeen, ...]:
        """The codes that are believed, with their corners in the frame."""
        return tuple(
            replace(code, corners=_moved(code.corners, 1 / scale, box.left, box.top), stage=stage)
            for code in codes
            if self._accepts(code.text)
        )

    def _scan(self, grey: Grey) -> Scan:
        try:
            return self._first.scan(grey)
        except Exception as error:  # noqa: BLE001 a native engine: anything may come out of it
            self._complain(type(self._first).__name__, error)
            return Scan()

    def _remember(self, codes: tuple[CodeSeen, ...], grey: Grey) -> None:
        """Where a code was, for the frames that follow; not for ever."""
        if codes:
            modules = BADGE if codes[0].text.startswith(BADGE_PREFIX) else CERTIFICATE
            self._place, self._unread = _place(codes[0].corners, modules, grey), 0
        else:
            self._unread += 1
            if self._unread >= REMEMBERED:
                self._place = None

    def _complain(self, who: str, error: Exception) -> None:
        """Once for each kind of error: at 30 frames a second a log would hold nothing else."""
        kind = f"{who}: {type(error).__name__}"
        if kind not in self._complained:
            self._complained.add(kind)
            _log.warning("a frame could not be read, %s", kind)


class _Recent:
    """The codes of the last frames and where they were, by hashes of their texts.

    Python salts such a hash anew for each process. Two texts with one hash would only cost time:
    the second would be taken for one that is still held up.
    """

    def __init__(self) -> None:
        self._frame = 0
        self._seen: dict[int, tuple[int, Corners]] = {}  # the frame that had it last

    def next_frame(self) -> None:
        """Another frame: what none of the last ones had is forgotten."""
        self._frame += 1
        oldest = self._frame - REMEMBERED
        self._seen = {key: seen for key, seen in self._seen.items() if seen[0] >= oldest}

    def are_news(self, codes: tuple[CodeSeen, ...]) -> bool:
        """Whether one of these is ours, and none of the last frames had it."""
        return any(is_ours(code.text) and hash(code.text) not in self._seen for code in codes)

    def add(self, codes: tuple[CodeSeen, ...]) -> None:
        """The frame has these."""
        for code in codes:
            self._seen[hash(code.text)] = self._frame, code.corners

    def quads(self) -> tuple[Corners, ...]:
        """Where each of them was seen last."""
        return tuple(quad for _, quad in self._seen.values())


def _scaled(codes: tuple[CodeSeen, ...], scale: float) -> tuple[CodeSeen, ...]:
    """The codes with their corners in pixels of the picture that was handed in."""
    if scale == 1:
        return codes
    return tuple(replace(code, corners=_moved(code.corners, 1 / scale)) for code in codes)


def _moved(corners: Corners, scale: float, right: float = 0, down: float = 0) -> Corners:
    one, two, three, four = ((x * scale + right, y * scale + down) for x, y in corners)
    return one, two, three, four


def _cut(grey: Grey, box: Region) -> Grey:
    return np.ascontiguousarray(grey[box.top : box.bottom, box.left : box.right])


def _place(corners: Corners, modules: int, grey: Grey) -> Patch:
    """The place of a code with these corners, with a margin, within the picture."""
    across, down = zip(*corners, strict=True)
    side = max(max(across) - min(across), max(down) - min(down))
    margin = AROUND * side + 4
    box = Region(
        max(0, int(min(across) - margin)),
        max(0, int(min(down) - margin)),
        min(grey.shape[1], int(max(across) + margin) + 1),
        min(grey.shape[0], int(max(down) + margin) + 1),
    )
    return Patch(box, max(1.0, side / modules))


def _is_wide(box: Region) -> bool:
    return min(box.right - box.left, box.bottom - box.top) >= LEAST_SIDE


def _size(box: Region) -> int:
    return (box.right - box.left) * (box.bottom - box.top)
