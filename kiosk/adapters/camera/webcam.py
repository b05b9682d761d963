"""What the camera needs of Qt Multimedia: which webcams there are, and one of them opened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrameFormat,
    QVideoSink,
)

from kiosk.adapters.camera.controls import apply_wishes
from kiosk.adapters.camera.luma import has_luma_plane
from kiosk.adapters.camera.wishes import NONE, Coding, Wishes

SLOWEST = 15.0  # frames a second; below it the preview stutters and a code is read late
ENOUGH = 30.0  # frames a second; more would only be dropped
PREFERRED_SIZES = ((1920, 1080), (1280, 720))  # 1080p reads 52 % of hard frames, 720p 37 %

Close = Callable[[], None]

_log = logging.getLogger(__name__)

_FORMAT = QVideoFrameFormat.PixelFormat
_PIXELS = {
    Coding.MJPEG: _FORMAT.Format_Jpeg,
    Coding.YUYV: _FORMAT.Format_YUYV,
    Coding.NV12: _FORMAT.Format_NV12,
}
_CODINGS = {pixel: coding for coding, pixel in _PIXELS.items()}


class Webcams(Protocol):
    """The webcams of this machine; the tests have one without hardware."""

    def names(self) -> list[str]:
        """Their names, the default one first."""
        ...

    def connect(self, name: str, sink: QVideoSink, failed: Callable[[str], None]) -> Close | None:
        """Begin to send `sink` the frames of the webcam with that name or device id.

        None when there is no such webcam.
        """
        ...

    def watch(self, changed: Callable[[], None]) -> Close:
        """Call `changed` whenever a webcam comes or goes, until the answer is called."""
        ...


@dataclass(frozen=True)
class Mode:
    """One way in which a webcam can deliver."""

    width: int
    height: int
    fps: float
    pixel: QVideoFrameFormat.PixelFormat

    def __str__(self) -> str:
        """As in "1280x720 at 30 a second, mjpeg"."""
        coding = _CODINGS.get(self.pixel) or self.pixel.name.removeprefix("Format_").lower()
        return f"{self.width}x{self.height} at {self.fps:g} a second, {coding}"


def mode_of(form: QCameraFormat) -> Mode:
    """Qt's format of a webcam as a mode."""
    size = form.resolution()
    return Mode(size.width(), size.height(), form.maxFrameRate(), form.pixelFormat())


def best_mode(modes: Sequence[Mode], wishes: Wishes = NONE) -> int | None:
    """The place in `modes` of the one to take; None leaves the choice to the webcam.

    Those that are as wished for, or all where none is. Among them 1920x1080 at 15 fps or more
    before 1280x720, then the largest one that keeps up; of one size the faster one up to 30 fps,
    then the one that comes as grey by itself.
    """
    wished = [place for place, mode in enumerate(modes) if _as_wished(mode, wishes)]
    if wishes.size and wished:  # slow or large, it was asked for
        return max(wished, key=lambda place: _worth(modes[place]))
    usable = [place for place, mode in enumerate(modes) if mode.fps >= SLOWEST and _fits(mode)]
    usable = [place for place in usable if place in wished] or usable
    return max(usable, key=lambda place: _worth(modes[place]), default=None)


def _as_wished(mode: Mode, wishes: Wishes) -> bool:
    size = wishes.size in (None, (mode.width, mode.height))
    return size and (wishes.coding is None or mode.pixel == _PIXELS[wishes.coding])


def _fits(mode: Mode) -> bool:
    return mode.width <= PREFERRED_SIZES[0][0] and mode.height <= PREFERRED_SIZES[0][1]


def _worth(mode: Mode) -> tuple[int, int, float, bool]:
    size = (mode.width, mode.height)
    rank = len(PREFERRED_SIZES) - PREFERRED_SIZES.index(size) if size in PREFERRED_SIZES else 0
    light = has_luma_plane(mode.pixel) or mode.pixel == QVideoFrameFormat.PixelFormat.Format_Jpeg
    return rank, mode.width * mode.height, min(mode.fps, ENOUGH), light


class QtWebcams:
    """The webcams as Qt Multimedia knows them. To be used in the thread of the Qt application."""

    def __init__(self, wishes: Wishes = NONE) -> None:
        self._wishes = wishes
        self._told: set[str] = set()

    def names(self) -> list[str]:
        """Their names, the default one first."""
        return list(self._devices())

    def connect(self, name: str, sink: QVideoSink, failed: Callable[[str], None]) -> Close | None:
        """Begin to send `sink` the frames of that webcam; None when there is no such webcam."""
        for known, device in self._devices().items():
            if name in (known, device.id().toStdString()):
                return _connected(device, sink, failed, self._wishes, self._tell)
        return None

    def modes(self, name: str) -> list[Mode]:
        """The ways in which the webcam of that name can deliver; none for an unknown one."""
        device = self._devices().get(name)
        return [mode_of(form) for form in device.videoFormats()] if device else []

    def _tell(self, words: str) -> None:
        """A wish that cannot be granted is told once, however often the webcam is opened."""
        if words not in self._told:
            self._told.add(words)
            _log.warning("%s", words)

    def watch(self, changed: Callable[[], None]) -> Close:
        """Call `changed` whenever a webcam comes or goes, until the answer is called."""
        devices = QMediaDevices()
        devices.videoInputsChanged.connect(changed)

        def end() -> None:
            devices.videoInputsChanged.disconnect(changed)
            devices.deleteLater()

        return end

    @staticmethod
    def _devices() -> dict[str, QCameraDevice]:
        """By name; the second of two equal webcams is called "... (2)"."""
        devices: dict[str, QCameraDevice] = {}
        for device in sorted(QMediaDevices.videoInputs(), key=lambda found: not found.isDefault()):
            name, twin = device.description(), 1
            while name in devices:
                twin += 1
                name = f"{device.description()} ({twin})"
            devices[name] = device
        return devices


def _connected(
    device: QCameraDevice,
    sink: QVideoSink,
    failed: Callable[[str], None],
    wishes: Wishes = NONE,
    tell: Callable[[str], None] = _log.warning,
) -> Close:
    """The webcam running, and what ends it."""
    owner = QObject()
    camera = QCamera(device, owner)
    formats = device.videoFormats()
    modes = [mode_of(form) for form in formats]
    place = best_mode(modes, wishes)
    if place is not None:
        camera.setCameraFormat(formats[place])
        if not _as_wished(modes[place], wishes):
            tell(f"This webcam has no such resolution and format. It is opened at {modes[place]}.")

    def on_error(_error: QCamera.Error, words: str) -> None:
        failed(words)

    def on_active(active: bool) -> None:
        if active:  # before, a webcam does not know what it can do
            for words in apply_wishes(camera, wishes):
                tell(words)

    camera.errorOccurred.connect(on_error)
    camera.activeChanged.connect(on_active)
    session = QMediaCaptureSession(owner)
    session.setCamera(camera)
    session.setVideoSink(sink)
    camera.start()

    def end() -> None:
        camera.errorOccurred.disconnect(on_error)
        camera.activeChanged.disconnect(on_active)
        camera.stop()
        session.setVideoSink(None)  # type: ignore[arg-type] # Qt takes null, its stubs forget it
        session.setCamera(None)  # type: ignore[arg-type]
        owner.deleteLater()

    return end
