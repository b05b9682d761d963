"""What `kiosk read` is handed: pictures, films, folders of pictures, and what is none of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.adapters.files import FileRefusedError, read_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PICTURE_ENDINGS = frozenset({".png", ".jpg", ".jpeg"})
_ADDRESS = re.compile(r"(https?|ftp|file|rtsp)://", re.IGNORECASE)
_REMEDIES = {
    "not_a_picture": "PNG and JPEG pictures can be read, and AVI, MP4, MKV and MPEG films.",
    "picture_too_large": "Give a smaller one.",
    "picture_unreadable": "Save it again.",
    "film_unreadable": "Convert it to MP4 or AVI.",
    "name_not_text": "Rename it.",
}


class SourceError(Exception):
    """Something that cannot be read from, with the reason and the remedy."""


@dataclass(frozen=True)
class Picture:
    """One picture file."""

    path: Path

    def open(self) -> NDArray[np.uint8]:
        """The picture in grey, shape (height, width). Raises SourceError."""
        from kiosk.adapters.reader.pictures import MAX_FILE, PictureError, decoded

        try:
            return decoded(read_file(self.path, MAX_FILE))
        except FileRefusedError as error:
            raise SourceError(f"{error}. Give a PNG or JPEG picture.") from None
        except OSError as error:
            raise SourceError(f"{self.path}: {error.strerror}. Check its permissions.") from None
        except PictureError as error:
            raise SourceError(f"{self.path}: {error} {_REMEDIES[error.code]}") from None


@dataclass(frozen=True)
class Frames:
    """The pictures of a folder in the order of their names, or the frames of a film."""

    path: Path
    pictures: tuple[Path, ...]  # none of a film

    @contextmanager
    def open(self) -> Iterator[tuple[int, Iterator[NDArray[np.uint8]]]]:
        """How many there are (0: it is not known), and each in grey. Raises SourceError."""
        from kiosk.adapters.reader.films import Film
        from kiosk.adapters.reader.pictures import PictureError

        if self.pictures:
            yield len(self.pictures), (Picture(path).open() for path in self.pictures)
            return
        try:
            film = Film(self.path)
        except PictureError as error:
            raise SourceError(f"{self.path}: {error} {_REMEDIES[error.code]}") from None
        with film:
            yield film.claimed, film.frames()


def source(argument: str, sequence: bool) -> list[Picture] | Frames:
    """What `argument` names: pictures that have nothing to do with each other, or frames.

    sequence: the pictures of a folder are frames of one camera.

    Raises:
        SourceError: with the reason and the remedy.

    """
    if _ADDRESS.match(argument):
        raise SourceError(f"{argument}: nothing is fetched from a network. Save the file first.")
    if not argument:  # of a variable that is not set; as a path it would be this folder
        raise SourceError("An input is empty. Name a picture, a film or a folder.")
    path = Path(argument)
    try:
        if path.is_dir():
            pictures = _pictures_in(path)
            return Frames(path, tuple(pictures)) if sequence else [Picture(p) for p in pictures]
        return Frames(path, ()) if _is_film(path) else [Picture(path)]
    except FileNotFoundError:
        raise SourceError(f"{argument}: there is no such file or folder.") from None
    except OSError as error:
        raise SourceError(f"{argument}: {error.strerror}. Check its permissions.") from None
    except ValueError:  # a null character
        raise SourceError(f"{argument!r} cannot be a path.") from None


def _pictures_in(folder: Path) -> list[Path]:
    inside = sorted(folder.iterdir())
    pictures = [path for path in inside if path.suffix.lower() in PICTURE_ENDINGS]
    if not pictures:
        deeper = " Name the folders in it one by one." if any(p.is_dir() for p in inside) else ""
        raise SourceError(
            f"{folder} holds no PNG or JPEG picture ({', '.join(sorted(PICTURE_ENDINGS))}).{deeper}"
        )
    return pictures


def _is_film(path: Path) -> bool:
    """By what it begins with; of a device or a pipe nothing is read."""
    from kiosk.adapters.reader.films import MAGIC, is_film

    if not path.is_file():
        path.stat()  # FileNotFoundError when there is nothing
        return False
    with path.open("rb") as file:
        return is_film(file.read(MAGIC))
