"""From what stands behind `--camera` to a camera.

Each kind is loaded where it is asked for: a door opens sooner without OpenCV or Qt Multimedia.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.camera.wishes import NONE, Wishes
from kiosk.desk.ports import Camera


class UnknownCameraError(ValueError):
    """No camera goes by that word; the message names those that there are."""


def open_camera(source: str, wishes: Wishes = NONE) -> Camera:
    """The camera that `source` names; it is not started.

    A number or a name is a webcam, a folder its pictures, a file a film, an address a camera on
    the network. A number is taken though no webcam is plugged in yet: it is waited for. A webcam
    needs a Qt application, and it alone is asked for `wishes`.

    Raises:
        UnknownCameraError: `source` is none of these, or this machine cannot use webcams.

    """
    try:
        camera = _other_than_webcam(source)
    except OSError:  # too long for a path, or in a folder that nobody may look into
        camera = None
    if camera is None:
        return _webcam(source.strip(), wishes)
    if wishes != NONE:
        raise UnknownCameraError(
            f"{camera.name} is no webcam: --resolution, --format, --torch and --focus are for those"
            " alone. Leave them out."
        )
    return camera


def _other_than_webcam(source: str) -> Camera | None:
    if "://" in source and (camera := _stream(source)):
        return camera
    path = Path(source)
    if source and path.is_dir():
        from kiosk.adapters.camera.files import PictureFolderCamera

        return PictureFolderCamera(path)
    return _film(path) if source and path.is_file() else None


def _stream(address: str) -> Camera | None:
    from kiosk.adapters.camera.stream import StreamCamera, is_stream

    if not is_stream(address):
        return None
    try:
        return StreamCamera(address)
    except ValueError:
        raise UnknownCameraError(
            "This is no address of a camera; it has the form rtsp://HOST/PATH or http://HOST/PATH."
        ) from None


def _film(path: Path) -> Camera:
    from kiosk.adapters.camera.files import FILM_ENDINGS, VideoFileCamera

    if path.suffix.lower() in FILM_ENDINGS:
        return VideoFileCamera(path)
    raise UnknownCameraError(
        f"{path.name} is not a film by its name. Give one that ends with {', '.join(FILM_ENDINGS)};"
        " put single pictures into a folder and give the folder."
    )


def _webcam(wanted: str, wishes: Wishes) -> Camera:
    try:
        # Here and not above: without the sound library of the system it cannot be imported, and
        # films and pictures need none of it.
        from kiosk.adapters.camera.qt_camera import QtCamera
        from kiosk.adapters.camera.webcam import QtWebcams
    except ImportError as missing:
        raise UnknownCameraError(
            f"Qt Multimedia cannot be loaded ({missing}). On Debian: apt install libpulse0"
        ) from missing
    webcams = QtWebcams(wishes)
    names = webcams.names()
    if wanted.isdecimal() or wanted.casefold() in {name.casefold() for name in names}:
        return QtCamera(wanted, webcams)
    there = ", ".join(names) if names else "no webcam is connected"
    raise UnknownCameraError(
        f"There is no camera, film or folder {wanted!r}. Give a number (0 is the first webcam), a"
        f" webcam's name, the path of a film or of a folder of pictures, or an rtsp:// or http://"
        f" address. Webcams: {there}."
    )
