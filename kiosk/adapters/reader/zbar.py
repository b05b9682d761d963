"""The second opinion: zbar through pyzbar, where this machine has a zbar that can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.frames import check_grey
from kiosk.adapters.zbarlibrary import WHAT_IS_SOUND, sound_zbar
from kiosk.desk.ports import CodeSeen, Point, Sighting


class UnsoundZbarError(RuntimeError):
    """There is no zbar, or one that is not to be let near pictures from outside."""


class ZbarReader:
    """Reads through zbar; texts that are not ASCII are left out, for zbar guesses at them."""

    def __init__(self) -> None:
        """UnsoundZbarError with the remedy, where zbar is missing or too old."""
        if not sound_zbar():
            raise UnsoundZbarError(
                f"zbar is missing or older than {WHAT_IS_SOUND}; codes are read without a second "
                "opinion. On Debian: apt install libzbar0"
            )
        from pyzbar import pyzbar  # loads the library, so not before it is known to be sound

        self._pyzbar = pyzbar

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The QR codes in `image`; ValueError for what is no grey picture."""
        check_grey(image)
        found: dict[str, CodeSeen] = {}
        for code in self._pyzbar.decode(image, symbols=[self._pyzbar.ZBarSymbol.QRCODE]):
            if code.data.isascii():
                text = code.data.decode("ascii")
                found.setdefault(text, CodeSeen(text, _corners(code.polygon, code.rect)))
        return Sighting(tuple(found.values()))


def _corners(
    polygon: Sequence[Point], rect: tuple[int, int, int, int]
) -> tuple[Point, Point, Point, Point]:
    """Clockwise as seen, from the one nearest to the picture's top left.

    zbar gives a hull: its order is not promised, and a bent code has more or fewer than 4 points.
    """
    points = [(float(x), float(y)) for x, y in polygon]
    if len(points) != 4:
        x, y, width, height = rect
        points = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    centre_x, centre_y = (sum(values) / 4 for values in zip(*points, strict=True))
    points.sort(key=lambda point: math.atan2(point[1] - centre_y, point[0] - centre_x))
    first = points.index(min(points, key=sum))
    one, two, three, four = points[first:] + points[:first]
    return one, two, three, four
