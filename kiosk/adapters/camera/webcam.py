"""What the camera needs of Qt Multimedia: which webcams there are, and one of them opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrameFormat,
    QVideoSink,
)

from kiosk.adapters.camera.luma import has_luma_plane

SLOWEST = 15.0  # frames a second; below it the preview stutters and a code is read late
ENOUGH = 30.0  # frames a second; more would only be dropped
PREFERRED_SIZES = ((1920, 1080), (1280, 720))  # 1080p reads 52 % of hard frames, 720p 37 %

Close = Callable[[], None]


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


def best_mode(modes: Sequence[Mode]) -> int | None:
    """The place in `modes` of the one to take; None leaves the choice to the webcam.

    1920x1080 at 15 fps or more before 1280x720, then the largest one that keeps up; among those
    of one size the faster one up to 30 fps, then the one that comes as grey by itself.
    """
    usable = [place for place, mode in enumerate(modes) if mode.fps >= SLOWEST and _fits(mode)]
    return max(usable, key=lambda place: _worth(modes[place]), default=None)


def _fits(mode: Mode) -> bool:
    return mode.width <= PREFERRED_SIZES[0][0] and mode.height <= PREFERRED_SIZES[0][1]


def _worth(mode: Mode) -> tuple[int, int, float, bool]:
    size = (mode.width, mode.height)
    rank = len(PREFERRED_SIZES) - PREFERRED_SIZES.index(size) if size in PREFERRED_SIZES else 0
    light = has_luma_plane(mode.pixel) or mode.pixel == QVideoFrameFormat.PixelFormat.Format_Jpeg
    return rank, mode.width * mode.height, min(mode.fps, ENOUGH), light


class QtWebcams:
    """The webcams as Qt Multimedia knows them. To be used in the thread of the Qt application."""

    def names(self) -> list[str]:
        """Their names, the default one first."""
        return list(self._devices())

    def connect(self, name: str, sink: QVideoSink, failed: Callable[[str], None]) -> Close | None:
        """Begin to send `sink` the frames of that webcam; None when there is no such webcam."""
        for known, device in self._devices().items():
            if name in (known, device.id().toStdString()):
                return _connected(device, sink, failed)
        return None

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


def _connected(device: QCameraDevice, sink: QVideoSink, failed: Callable[[str], None]) -> Close:
    """The webcam running, and what ends it."""
    owner = QObject()
    camera = QCamera(device, owner)
    formats = device.videoFormats()
    place = best_mode(
        [
            Mode(f.resolution().width(), f.resolution().height(), f.maxFrameRate(), f.pixelFormat())
            for f in formats
        ]
    )
    if place is not None:
        camera.setCameraFormat(formats[place])

    def on_error(_error: QCamera.Error, words: str) -> None:
        failed(words)

    camera.errorOccurred.connect(on_error)
    session = QMediaCaptureSession(owner)
    session.setCamera(camera)
    session.setVideoSink(sink)
    camera.start()

    def end() -> None:
        camera.errorOccurred.disconnect(on_error)
        camera.stop()
        session.setVideoSink(None)  # type: ignore[arg-type] # Qt takes null, its stubs forget it
        session.setCamera(None)  # type: ignore[arg-type]
        owner.deleteLater()

    return end
