"""The reader that the kiosk uses: the quick engine first, a second opinion where it may help."""

from __future__ import annotations

import logging

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.something import something_there
from kiosk.adapters.reader.zbar import ZbarReader, check_grey, sound_zbar
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.desk.ports import CodeReader, CodeSeen, Point, Sighting

# The largest frame an engine gets: a sheet full of finder patterns takes zxing 259 ms at this size.
MAX_WIDTH, MAX_HEIGHT = 1920, 1080  # pixels

_log = logging.getLogger(__name__)


class CascadeReader:
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
        try:
            return self._look(image)
        except Exception as error:  # noqa: BLE001 the decoder's entrance
            self._complain(type(self).__name__, error)
            return Sighting()

    def _look(self, image: NDArray[np.uint8]) -> Sighting:
        grey, scale = capped(image)
        codes = self._ask(self._first, grey)
        if codes:
            return Sighting(_scaled(codes, scale), something_there=True)
        there = something_there(grey)
        if there and self._second is not None:
            codes = self._ask(self._second, grey)
        return Sighting(_scaled(codes, scale), there)

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
        scaled.append(CodeSeen(code.text, (back(one), back(two), back(three), back(four))))
    return tuple(scaled)
