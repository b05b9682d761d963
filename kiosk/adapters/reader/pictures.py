"""The codes in a picture file, for checking a certificate without a camera."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.engine import FULL, Engine, make_engine
from kiosk.adapters.reader.frames import MAX_HEIGHT, MAX_WIDTH
from kiosk.adapters.reader.size import picture_size
from kiosk.desk.ports import CodeSeen, Point

MAX_FILE = 20_000_000  # bytes
MAX_PIXELS = 50_000_000  # a photo of 48 megapixels still passes; 200 MB decoded at 4 bytes each
MAX_SIDE = 30_000  # pixels
MAX_ENLARGED = 8_000_000  # pixels; a larger picture is not short of pixels
LEAST_WIDTH, LEAST_HEIGHT = 640, 480  # pixels of a camera's frame
NEARLY_HALF = 0.4  # of its own size, from which a picture is next looked at in its own
# Pixels that tiles share. A code that could not be read at half the size has less than 3 pixels a
# module, so that the largest symbol, of 177 modules (ISO/IEC 18004, 5.3.1), is whole in one tile.
OVERLAP = 540

_log = logging.getLogger(__name__)
Grey = NDArray[np.uint8]
Corners = tuple[Point, Point, Point, Point]


class PictureError(ValueError):
    """The file is not to be read as a picture; `code` is one of those in `kiosk verify --help`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def codes_in_picture(source: str | Path | bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a PNG or JPEG file, or in its bytes; () when there is none.

    Raises:
        PictureError: not a PNG or JPEG, too large, or a file that cannot be opened or examined.

    """
    seen = codes_of(make_engine(FULL), decoded(source))
    return tuple(dict.fromkeys(code.text for code in seen))


def codes_of(engine: Engine, picture: Grey) -> tuple[CodeSeen, ...]:
    """What `engine` sees in the first look at `picture` that shows it anything.

    Corners are in pixels of `picture`. Each look is independent of those before.

    Raises:
        PictureError: the engine gave up on it.

    """
    try:
        for look in _looks(picture):
            engine.forget()
            codes = engine.codes(look.image)
            if codes:
                return tuple(replace(code, corners=look.back(code.corners)) for code in codes)
    except (ValueError, RuntimeError, MemoryError, cv2.error) as error:
        _log.warning("a picture of %s stopped the engine: %s", picture.shape, type(error).__name__)
        raise PictureError("picture_unreadable", "The picture cannot be examined.") from error
    return ()


def decoded(source: str | Path | bytes) -> Grey:
    """The picture in grey on white; its size is looked at before it is unpacked.

    Raises:
        PictureError: not a PNG or JPEG, too large, or a file that cannot be opened.

    """
    return _decoded(source if isinstance(source, bytes) else _content(Path(source)))


def _content(path: Path) -> bytes:
    """The file, never more than one byte over the limit of it."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise PictureError(
            "picture_unreadable",
            f"{path.name} cannot be opened: {error.strerror or 'no reason given'}.",
        ) from error


def _decoded(data: bytes) -> Grey:
    if len(data) > MAX_FILE:
        raise PictureError(
            "picture_too_large", f"The file is larger than {MAX_FILE // 1_000_000} MB."
        )
    size = picture_size(data)
    if size is None:
        raise PictureError("not_a_picture", "This is not a PNG or JPEG picture.")
    if max(size) > MAX_SIDE:
        raise PictureError(
            "picture_too_large", f"A side of the picture has more than {MAX_SIDE:,} pixels."
        )
    if size[0] * size[1] > MAX_PIXELS:
        raise PictureError(
            "picture_too_large", f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels."
        )
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        picture = None
    if picture is None:
        raise PictureError("not_a_picture", "The picture is damaged: save or send it again.")
    return _grey_on_white(_eight_bits(np.asarray(picture)))


def _eight_bits(picture: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Of 16 bits, which PNG may have, the upper half."""
    return (picture >> 8 if picture.itemsize > 1 else picture).astype(np.uint8)


def _grey_on_white(picture: NDArray[np.uint8]) -> Grey:
    """What is transparent becomes white, for under it there is often black."""
    if picture.ndim == 2:
        return picture
    if picture.shape[2] == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY).astype(np.uint16)
    opaque = picture[:, :, 3].astype(np.uint16)
    return ((grey * opaque + 255 * (255 - opaque)) // 255).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Look:
    """What an engine gets of a picture: made `scale` times larger, then cut out at `left, top`."""

    image: Grey
    scale: float
    left: int = 0
    top: int = 0

    def back(self, corners: Corners) -> Corners:
        """The corners in pixels of the whole picture."""
        one, two, three, four = (
            ((x + self.left) / self.scale, (y + self.top) / self.scale) for x, y in corners
        )
        return one, two, three, four


def _looks(picture: Grey) -> Iterator[_Look]:
    """The picture as an engine of a door would get it; then with a white rim; then larger.

    What could be a frame of a camera is looked at as one, once: the reader draws it larger itself.
    A picture that is larger than a frame is made to fit first: most codes are large enough, and
    the noise of a photograph goes. What is small in it shows in the tiles of the larger sizes.
    """
    if _could_be_a_frame(picture):
        yield _Look(np.ascontiguousarray(picture), 1.0)
        return
    for scale in _scales(picture):
        size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sized = picture if scale == 1 else cv2.resize(picture, size, interpolation=way)
        image = np.ascontiguousarray(sized, np.uint8)
        tiles = list(_tiles(image, scale))
        yield from tiles
        if len(tiles) == 1:
            yield _framed(image, scale)


def _could_be_a_frame(picture: Grey) -> bool:
    height, width = (int(side) for side in picture.shape)
    return LEAST_HEIGHT <= height <= MAX_HEIGHT and LEAST_WIDTH <= width <= MAX_WIDTH


def _scales(picture: Grey) -> list[float]:
    """From the one at which the picture fits into a frame, doubled up to its own, or above."""
    height, width = picture.shape
    scales = [min(1.0, MAX_WIDTH / width, MAX_HEIGHT / height)]
    while scales[-1] < 1:
        scales.append(2 * scales[-1] if scales[-1] < NEARLY_HALF else 1.0)
    return scales + [2.0] * (picture.size <= MAX_ENLARGED)


def _framed(image: Grey, scale: float) -> _Look:
    """With a white rim, for codes that were cut out along their edge."""
    rim = max(16, min(image.shape) // 16)
    framed = cv2.copyMakeBorder(image, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=255)
    return _Look(np.asarray(framed, np.uint8), scale, -rim, -rim)


def _tiles(image: Grey, scale: float) -> Iterator[_Look]:
    """The parts of `image`, each as large as a frame at most; the whole where that is enough."""
    for top in _starts(image.shape[0], MAX_HEIGHT):
        for left in _starts(image.shape[1], MAX_WIDTH):
            tile = image[top : top + MAX_HEIGHT, left : left + MAX_WIDTH]
            yield _Look(np.ascontiguousarray(tile), scale, left, top)


def _starts(side: int, most: int) -> list[int]:
    """Where tiles of `most` pixels begin, so that they cover `side` and overlap enough."""
    count = max(1, math.ceil((side - OVERLAP) / (most - OVERLAP)))
    return (
        [round(number * (side - most) / (count - 1)) for number in range(count)]
        if count > 1
        else [0]
    )
