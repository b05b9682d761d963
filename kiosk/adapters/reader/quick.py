"""The quick look, at every frame: the first engine, a second opinion where it may help."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.regions import regions
from kiosk.adapters.reader.zbar import ZbarReader, check_grey, sound_zbar
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.desk.ports import CodeReader, CodeSeen, Point, Region, Sighting

# The largest frame an engine gets: a sheet full of finder patterns takes zxing 259 ms at this size.
MAX_WIDTH, MAX_HEIGHT = 1920, 1080  # pixels

_log = logging.getLogger(__name__)


class Look(NamedTuple):
    """What a quick look saw: codes that were read, else where one could be."""

    codes: tuple[CodeSeen, ...] = ()
    regions: tuple[Region, ...] = ()


class QuickReader:
    """zxing; then, if it reads nothing where something is there, the second engine if there is one.

    Never raises: whatever an engine throws becomes an empty sighting and, once for each kind, a
    line in the log that holds nothing of the picture.
    """

    def __init__(self, first: CodeReader | None = None, second: CodeReader | None = None) -> None:
        """The engines; without them zxing, and zbar where this machine has a sound one."""
        self._first: CodeReader = first or ZxingReader()
        if first is None and second is None and sound_zbar():
            second = ZbarReader()
        self._second = second
        self._complained: set[str] = set()

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The codes in `image`, and whether something there could be one."""
        look = self.look(image)
        return Sighting(look.codes, bool(look.codes or look.regions))

    def look(self, image: NDArray[np.uint8]) -> Look:
        """The codes in `image`, or the regions in which one could be."""
        try:
            return self._look(image)
        except Exception as error:  # noqa: BLE001 the decoder's entrance
            self._complain(type(self).__name__, error)
            return Look()

    def _look(self, image: NDArray[np.uint8]) -> Look:
        grey, scale = capped(image)
        codes = self._ask(self._first, grey)
        if codes:
            return Look(_scaled(codes, scale))
        there = regions(grey)
        if there and self._second is not None:
            codes = self._ask(self._second, grey)
        return Look(_scaled(codes, scale), tuple(_grown(region, scale) for region in there))

    def _ask(self, engine: CodeReader, grey: NDArray[np.uint8]) -> tuple[CodeSeen, ...]:
        try:
            return engine.read(grey).codes
        except Exception as error:  # noqa: BLE001 a native engine: anything may come out of it
            self._complain(type(engine).__name__, error)
            return ()

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

    def back(point: Point) -> Point:
        return point[0] / scale, point[1] / scale

    scaled = []
    for code in codes:
        one, two, three, four = code.corners
        corners = back(one), back(two), back(three), back(four)
        scaled.append(replace(code, corners=corners))
    return tuple(scaled)


def _grown(region: Region, scale: float) -> Region:
    return region if scale == 1 else Region(*(int(side / scale) for side in region))
