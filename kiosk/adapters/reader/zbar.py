"""The second opinion: zbar through pyzbar, where this machine has a zbar that can be trusted."""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.desk.ports import CodeSeen, Point, Sighting

OLDEST_SOUND = (0, 23)  # 0.10, of 2009 and in pyzbar's Windows wheel, has known memory errors


class UnsoundZbarError(RuntimeError):
    """There is no zbar, or one that is not to be let near pictures from outside."""


def zbar_version() -> tuple[int, int] | None:
    """The version that the system's zbar claims; None without one."""
    where = ctypes.util.find_library("zbar")
    if where is None:
        return None
    parts = [ctypes.c_uint() for _ in range(3)]  # 0.10 fills two of them, 0.23 all three
    try:
        ctypes.CDLL(where).zbar_version(*map(ctypes.byref, parts))
    except (OSError, AttributeError):
        return None
    return parts[0].value, parts[1].value


def sound_zbar() -> bool:
    """Whether zbar may be used: never on Windows, elsewhere from 0.23 on."""
    if sys.platform == "win32":
        return False
    version = zbar_version()
    return version is not None and version >= OLDEST_SOUND


class ZbarReader:
    """Reads through zbar; texts that are not ASCII are left out, for zbar guesses at them."""

    def __init__(self) -> None:
        """UnsoundZbarError with the remedy, where zbar is missing or too old."""
        if not sound_zbar():
            raise UnsoundZbarError(
                "zbar is missing or older than 0.23; codes are read without a second opinion. "
                "On Debian: apt install libzbar0"
            )

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The QR codes in `image`; ValueError for what is no grey picture."""
        from pyzbar import pyzbar  # loads the library, so not before it is known to be sound

        check_grey(image)
        found: dict[str, CodeSeen] = {}
        for code in pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE]):
            if code.data.isascii():
                text = code.data.decode("ascii")
                found.setdefault(text, CodeSeen(text, _corners(code.polygon, code.rect)))
        return Sighting(tuple(found.values()), something_there=bool(found))


def check_grey(image: NDArray[np.uint8]) -> None:
    """ValueError unless `image` is what a native decoder can be handed without fear."""
    if image.dtype != np.uint8 or image.ndim != 2 or 0 in image.shape:
        raise ValueError("not a grey picture of 8 bits")
    if not image.flags.c_contiguous:
        raise ValueError("the picture's rows are not contiguous")


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
