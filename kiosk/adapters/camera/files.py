"""Cameras that are files: a film, or a folder of pictures, for trials without a webcam."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np

from kiosk.adapters.camera.paced import Grey, PacedCamera, fitted
from kiosk.adapters.files import spelt_out
from kiosk.desk.ports import CameraFault, CameraTrouble

PICTURE_ENDINGS = frozenset({".png", ".jpg", ".jpeg"})
# Of anything else FFmpeg makes a film as well: of a text one that shows its letters.
FILM_ENDINGS = (".avi", ".mp4", ".mkv", ".mov", ".webm", ".mjpg", ".mpg")
FOLDER_FPS = 15.0
SLOWEST, FASTEST = 1.0, 60.0  # frames a second; what a file claims beyond them is not believed


class VideoFileCamera(PacedCamera):
    """A film at its own rate, again from the start when `loop`."""

    def __init__(self, path: str | Path, loop: bool = True) -> None:
        self._path = Path(path)
        self._loop = loop
        super().__init__(self._path.name, FOLDER_FPS)

    def pictures(self) -> Iterator[Grey | CameraTrouble]:
        """The film's frames in grey; a file that holds none is reported."""
        while True:
            shown = 0
            for picture in self._once():
                shown += 1
                yield picture
            if shown == 0:
                yield CameraTrouble(CameraFault.NOT_A_FILM, self.name)
                return
            if not self._loop:
                return

    def _once(self) -> Iterator[Grey]:
        if not self._path.is_file():
            return
        try:
            name = spelt_out(self._path)
        except UnicodeEncodeError:
            return
        film = cv2.VideoCapture(name)
        try:
            claimed = film.get(cv2.CAP_PROP_FPS)
            self.fps = claimed if SLOWEST <= claimed <= FASTEST else FOLDER_FPS
            while True:
                found, picture = film.read()
                if not found:
                    return
                if picture.ndim == 3:
                    picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
                yield np.asarray(picture, np.uint8)
        finally:
            film.release()


class PictureFolderCamera(PacedCamera):
    """The PNG and JPEG files of a folder in the order of their names, over and over.

    Each is held for `seconds_each`. One that cannot be read is reported once, and passed over.
    """

    def __init__(self, folder: str | Path, seconds_each: float = 2.0) -> None:
        self._folder = Path(folder)
        self._frames_each = max(1, round(seconds_each * FOLDER_FPS))
        super().__init__(self._folder.name or str(self._folder), FOLDER_FPS)

    def pictures(self) -> Iterator[Grey | CameraTrouble]:
        """Each picture `seconds_each` long; ends only when there is none to show."""
        paths = self._files()
        while paths:
            readable = []
            for path in paths:
                picture = picture_of(path)
                if picture is None:
                    yield CameraTrouble(CameraFault.NOT_A_PICTURE, path.name)
                    continue
                readable.append(path)
                yield from repeat(picture, self._frames_each)
            paths = readable
        yield CameraTrouble(CameraFault.EMPTY_FOLDER, self.name)

    def _files(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(p for p in self._folder.iterdir() if p.suffix.lower() in PICTURE_ENDINGS)


def picture_of(path: Path) -> Grey | None:
    """The picture in grey, at most 1920x1080; None when the file holds none.

    Read through bytes, for OpenCV on Windows opens no path with an accent in it.
    """
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if picture is None else fitted(np.asarray(picture, np.uint8))
