"""The frames of a film file, for reading them one by one; refused before it costs anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.files import spelt_out
from kiosk.adapters.reader.pictures import MAX_PIXELS, PictureError

Grey = NDArray[np.uint8]

MAGIC = 12  # bytes of a file that tell whether it is a film


def is_film(start: bytes) -> bool:
    """Whether a file that begins so is AVI, MP4 or QuickTime, Matroska or WebM, or MPEG.

    FFmpeg would open much more, lists of addresses among it: nothing here fetches anything.
    """
    return (
        (start.startswith(b"RIFF") and start[8:12] == b"AVI ")
        or start[4:8] == b"ftyp"
        or start.startswith((b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\xba"))
    )


class Film:
    """A film that is open; to be used with `with`."""

    def __init__(self, path: Path) -> None:
        """PictureError where FFmpeg makes no film of the file, or its frames are too large."""
        try:
            name = spelt_out(path)
        except UnicodeEncodeError:
            raise PictureError("name_not_text", "The name of the film is no text.") from None
        self._film = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
        width, height = (
            self._film.get(side) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        if not self._film.isOpened() or width * height <= 0:
            self._film.release()
            raise PictureError("film_unreadable", "This is not a film, or it is damaged.")
        if width * height > MAX_PIXELS:
            self._film.release()
            raise PictureError("picture_too_large", "The frames of the film are too large.")

    def __enter__(self) -> Film:
        return self

    def __exit__(self, *_: object) -> None:
        self._film.release()

    @property
    def claimed(self) -> int:
        """How many frames the file says that it has; 0 when it does not say."""
        return max(0, int(self._film.get(cv2.CAP_PROP_FRAME_COUNT)))

    def frames(self) -> Iterator[Grey]:
        """The frames in grey, shape (height, width)."""
        while True:
            found, frame = self._film.read()
            if not found:
                return
            if frame.ndim == 3:
                frame = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
            yield np.ascontiguousarray(frame, np.uint8)
