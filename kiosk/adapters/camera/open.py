"""From what stands behind `--camera` to a camera."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.camera.files import FILM_ENDINGS, PictureFolderCamera, VideoFileCamera
from kiosk.desk.ports import Camera


class UnknownCameraError(ValueError):
    """No camera goes by that word; the message names those that there are."""


def open_camera(source: str) -> Camera:
    """The camera that `source` names; it is not started.

    A number or a name is a webcam, a folder its pictures, a file a film. A number is taken though
    no webcam is plugged in yet: it is waited for. A webcam needs a Qt application.

    Raises:
        UnknownCameraError: `source` is none of these, or this machine cannot use webcams.

    """
    path = Path(source)
    if source and path.is_dir():
        return PictureFolderCamera(path)
    if source and path.is_file():
        return _film(path)
    return _webcam(source.strip())


def _film(path: Path) -> Camera:
    if path.suffix.lower() in FILM_ENDINGS:
        return VideoFileCamera(path)
    raise UnknownCameraError(
        f"{path.name} is not a film by its name. Give one that ends with {', '.join(FILM_ENDINGS)};"
        " put single pictures into a folder and give the folder."
    )


def _webcam(wanted: str) -> Camera:
    try:
        # Here and not above: without the sound library of the system it cannot be imported, and
        # films and pictures need none of it.
        from kiosk.adapters.camera.qt_camera import QtCamera, available_cameras
    except ImportError as missing:
        raise UnknownCameraError(
            f"Qt Multimedia cannot be loaded ({missing}). On Debian: apt install libpulse0"
        ) from missing
    names = available_cameras()
    if wanted.isdecimal() or wanted.casefold() in {name.casefold() for name in names}:
        return QtCamera(wanted)
    there = ", ".join(names) if names else "no webcam is connected"
    raise UnknownCameraError(
        f"There is no camera, film or folder {wanted!r}. Give a number (0 is the first webcam), a"
        f" webcam's name, the path of a film, or of a folder of pictures. Webcams: {there}."
    )
