"""The codes in a picture file, for checking a certificate without a camera."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.size import picture_size
from kiosk.adapters.reader.zbar import ZbarReader, sound_zbar
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.desk.ports import CodeReader

MAX_FILE = 20_000_000  # bytes
MAX_PIXELS = 50_000_000  # a photo of 48 megapixels still passes; 200 MB decoded at 4 bytes each
MAX_SIDE = 30_000  # pixels; the engine takes 65,535, and a picture may be doubled with its rim
MAX_ENLARGED = 8_000_000  # pixels; a larger picture is not short of pixels

_log = logging.getLogger(__name__)
Grey = NDArray[np.uint8]


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
    picture = _decoded(source if isinstance(source, bytes) else _content(Path(source)))
    engines: list[CodeReader] = [ZxingReader()]
    if sound_zbar():
        engines.append(ZbarReader())
    try:
        return _first_codes(engines, picture)
    except (ValueError, RuntimeError, MemoryError, cv2.error) as error:
        _log.warning("a picture of %s stopped the engines: %s", picture.shape, error)
        raise PictureError("picture_unreadable", "The picture cannot be examined.") from error


def _first_codes(engines: list[CodeReader], picture: Grey) -> tuple[str, ...]:
    """What the first engine that sees anything sees in the first variant."""
    for engine in engines:
        for variant in _variants(picture):
            texts = tuple(code.text for code in engine.read(variant).codes)
            if texts:
                return texts
    return ()


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
    """The picture in grey on white; its size is looked at before it is unpacked."""
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


def _variants(picture: Grey) -> Iterator[Grey]:
    """The picture as it is, then with a white rim, then both twice as large."""
    rim = max(16, min(picture.shape) // 16)
    framed = cv2.copyMakeBorder(picture, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=255)
    for variant in (picture, np.asarray(framed, np.uint8)):
        yield variant
    if picture.size <= MAX_ENLARGED:
        for variant in (picture, np.asarray(framed, np.uint8)):
            twice = cv2.resize(variant, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
            yield np.asarray(twice, np.uint8)
