"""The quick look, at every frame: the engine on the frame, then on patches drawn differently."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.ours import is_ours
from kiosk.adapters.reader.regions import covers, regions
from kiosk.adapters.reader.smear import smeared
from kiosk.adapters.reader.variants import VARIANTS, Variant
from kiosk.adapters.reader.zbar import ZbarReader, check_grey
from kiosk.adapters.reader.zxing import Corners, Scan, ZxingReader
from kiosk.adapters.zbarlibrary import sound_zbar
from kiosk.desk.ports import CodeReader, CodeSeen, Region, Sighting

# The largest frame an engine gets: a sheet full of finder patterns takes zxing 259 ms at this size.
MAX_WIDTH, MAX_HEIGHT = 1920, 1080  # pixels
BUDGET = 0.033  # seconds of computing for a frame: what a camera of 30 frames a second leaves
REMEMBERED = 10  # frames for which the place of the last code is looked at first
AROUND = 0.15  # of a code's longer side, added around the place of one that was read
MOST_PATCHES = 3  # of a frame
LEAST_SIDE = 16  # pixels of a patch; the smallest code of all has 21 modules
SECOND_COST = 120  # nanoseconds a pixel that the second engine takes, 19 times of 20
FIRST = "zxing"  # the stage of a code that was read in the frame as it came

# Windows counts a thread's time in steps of 16 ms; there, the time of day has to do.
computing_time: Callable[[], float] = (
    time.perf_counter if sys.platform == "win32" else time.thread_time
)

_log = logging.getLogger(__name__)
Grey = NDArray[np.uint8]


class Look(NamedTuple):
    """What a quick look saw: codes that were read, else where one could be.

    `regions` are at most two, the likeliest first; `quads` are the corners of what the engine took
    for a code and could not read; `smeared` tells of something that is too blurred for a region.
    """

    codes: tuple[CodeSeen, ...] = ()
    regions: tuple[Region, ...] = ()
    quads: tuple[Corners, ...] = ()
    smeared: bool = False

    @property
    def something_there(self) -> bool:
        """Whether something is held up, read or not."""
        return bool(self.codes or self.regions or self.smeared)


class Scanner(Protocol):
    """An engine that also tells what it found and could not read."""

    def scan(self, image: Grey) -> Scan:
        """The codes in `image` (luma, shape (height, width), uint8)."""
        ...


class QuickReader:
    """Reads the frames of one camera, each within a budget of computing time.

    zxing gets the frame; if it reads nothing, it gets the patches that could be a code, drawn
    larger, sharper or in black and white, as long as there is time; and what is left of the time
    goes to the second engine if there is one. Only the first of these can be stopped by nothing.

    Never raises: whatever an engine throws becomes an empty sighting and, once for each kind, a
    line in the log that holds nothing of the picture.
    """

    def __init__(
        self,
        first: Scanner | None = None,
        second: CodeReader | None = None,
        budget: float = BUDGET,
        clock: Callable[[], float] = computing_time,
    ) -> None:
        """The engines; without them zxing, and zbar where this machine has a sound one.

        `budget` is in seconds of `clock`.
        """
        self._first: Scanner = first or ZxingReader()
        if first is None and second is None and sound_zbar():
            second = ZbarReader()
        self._second = second
        self._budget, self._clock = budget, clock
        self._end = 0.0  # when this frame's time is over
        self._place: Region | None = None  # of the last code that was read
        self._unread = 0  # frames since then
        self._complained: set[str] = set()

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The codes in `image`, and whether something there could be one."""
        look = self.look(image)
        return Sighting(look.codes, look.something_there)

    def look(self, image: NDArray[np.uint8]) -> Look:
        """The codes in `image`, or the regions in which one could be."""
        try:
            return self._look(image)
        except Exception as error:  # noqa: BLE001 the decoder's entrance
            self._complain(type(self).__name__, error)
            return Look()

    def forget(self) -> None:
        """The next frame has nothing to do with those before."""
        self._place = None

    def _look(self, image: NDArray[np.uint8]) -> Look:
        self._end = self._clock() + self._budget
        grey, scale = capped(image)
        seen = self._scan(grey)
        if seen.codes:
            codes = tuple(replace(code, stage=FIRST) for code in seen.codes)
            self._remember(codes, grey)
            return Look(_scaled(codes, scale))
        there = regions(grey)
        codes = self._read_patches(grey, self._patches(there, seen.failed, grey))
        self._remember(codes, grey)
        return Look(
            _scaled(codes, scale),
            tuple(Region(*(int(side / scale) for side in region)) for region in there),
            tuple(_moved(quad, 1 / scale) for quad in seen.failed),
            not there and not codes and smeared(grey),
        )

    def _patches(
        self, there: tuple[Region, ...], failed: tuple[Corners, ...], grey: Grey
    ) -> list[Region]:
        """Where to look closer: where the last code was, then regions, then what was not read."""
        patches = list(there)
        if self._place is not None and not any(covers(one, self._place) for one in patches):
            patches.insert(0, self._place)
        for quad in failed:
            box = _box(quad, grey)
            if not any(covers(one, box) for one in patches):
                patches.append(box)
        return [one for one in patches if min(_size(one)) >= LEAST_SIDE][:MOST_PATCHES]

    def _read_patches(self, grey: Grey, patches: list[Region]) -> tuple[CodeSeen, ...]:
        """The codes of the first variant of a patch that has any; () when the time is over."""
        for variant in VARIANTS:
            for patch in patches:
                if self._is_time_for(variant.cost, patch):
                    codes = self._read_variant(grey, patch, variant)
                    if codes:
                        return codes
        for patch in patches if self._second is not None else ():
            if self._is_time_for(SECOND_COST, patch):
                codes = self._ask_second(grey, patch)
                if codes:
                    return codes
        return ()

    def _is_time_for(self, cost: float, patch: Region) -> bool:
        width, height = _size(patch)
        return self._clock() + cost * 1e-9 * width * height <= self._end

    def _read_variant(self, grey: Grey, patch: Region, variant: Variant) -> tuple[CodeSeen, ...]:
        drawn = variant.draw(_cut(grey, patch))
        return _in_frame(self._scan(drawn).codes, patch, variant.scale, variant.name)

    def _ask_second(self, grey: Grey, patch: Region) -> tuple[CodeSeen, ...]:
        assert self._second is not None  # noqa: S101
        try:
            codes = self._second.read(_cut(grey, patch)).codes
        except Exception as error:  # noqa: BLE001 a native engine: anything may come out of it
            self._complain(type(self._second).__name__, error)
            return ()
        return _in_frame(codes, patch, 1, "second opinion")

    def _scan(self, grey: Grey) -> Scan:
        try:
            return self._first.scan(grey)
        except Exception as error:  # noqa: BLE001 a native engine: anything may come out of it
            self._complain(type(self._first).__name__, error)
            return Scan()

    def _remember(self, codes: tuple[CodeSeen, ...], grey: Grey) -> None:
        """Where a code was, for the frames that follow; not for ever."""
        if codes:
            self._place, self._unread = _box(codes[0].corners, grey), 0
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


def capped(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The picture, contiguous and at most 1920x1080, and by what it was made smaller.

    Raises:
        ValueError: it is no grey picture of 8 bits.

    """
    image = np.ascontiguousarray(image)
    check_grey(image)
    height, width = image.shape
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height, 1.0)
    if scale < 1:
        size = (max(1, int(width * scale)), max(1, int(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return image, scale


def _scaled(codes: tuple[CodeSeen, ...], scale: float) -> tuple[CodeSeen, ...]:
    """The codes with their corners in pixels of the picture that was handed in."""
    if scale == 1:
        return codes
    return tuple(replace(code, corners=_moved(code.corners, 1 / scale)) for code in codes)


def _in_frame(
    codes: tuple[CodeSeen, ...], patch: Region, scale: float, stage: str
) -> tuple[CodeSeen, ...]:
    """The codes of ours, with their corners in the frame.

    Of ours alone, for a decoder that is handed sharpened noise a thousand times an hour may find a
    code in it some day.
    """
    return tuple(
        replace(code, corners=_moved(code.corners, 1 / scale, patch.left, patch.top), stage=stage)
        for code in codes
        if is_ours(code.text)
    )


def _moved(corners: Corners, scale: float, right: float = 0, down: float = 0) -> Corners:
    one, two, three, four = ((x * scale + right, y * scale + down) for x, y in corners)
    return one, two, three, four


def _cut(grey: Grey, patch: Region) -> Grey:
    return np.ascontiguousarray(grey[patch.top : patch.bottom, patch.left : patch.right])


def _box(corners: Corners, grey: Grey) -> Region:
    """The box around the corners, with a margin, within the picture."""
    across, down = zip(*corners, strict=True)
    margin = AROUND * max(max(across) - min(across), max(down) - min(down)) + 4
    return Region(
        max(0, int(min(across) - margin)),
        max(0, int(min(down) - margin)),
        min(grey.shape[1], int(max(across) + margin) + 1),
        min(grey.shape[0], int(max(down) + margin) + 1),
    )


def _size(patch: Region) -> tuple[int, int]:
    return patch.right - patch.left, patch.bottom - patch.top
