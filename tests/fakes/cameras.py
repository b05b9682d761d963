"""Cameras for tests: one who listens to a camera, frames of Qt's, webcams on the work bench."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoSink

from kiosk.adapters.camera.webcam import Close
from kiosk.desk.ports import CameraTrouble, Frame

Grey = NDArray[np.uint8]
PIXEL = QVideoFrameFormat.PixelFormat

# Qt Multimedia tells which libraries of the system it does without; none of them is needed.
QUIET_MULTIMEDIA = pytest.mark.qt_log_ignore(
    r"^Couldn't (load|resolve) (pipewire|va)[-\w()\s.]*(library|symbols)$",
    r"No RHI backend\. Using CPU conversion\.",
)


class Listener:
    """Keeps what a camera says, and waits for more of it."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.troubles: list[CameraTrouble] = []
        self.threads: set[str] = set()
        self._came = threading.Condition()

    def deliver(self, frame: Frame) -> None:
        with self._came:
            self.frames.append(frame)
            self.threads.add(threading.current_thread().name)
            self._came.notify_all()

    def trouble(self, trouble: CameraTrouble) -> None:
        with self._came:
            self.troubles.append(trouble)
            self._came.notify_all()

    def wait(self, frames: int = 0, troubles: int = 0) -> None:
        with self._came:
            assert self._came.wait_for(
                lambda: len(self.frames) >= frames and len(self.troubles) >= troubles, 5
            )


def grey(level: int, shape: tuple[int, int] = (12, 16)) -> Grey:
    """A picture of one level."""
    return np.full(shape, level, np.uint8)


def video_frame(
    pixel: QVideoFrameFormat.PixelFormat, luma: Grey, first: int = 0, every: int = 1
) -> QVideoFrame:
    """A frame whose Y bytes begin at `first` in each line; all other bytes are 77."""
    frame = QVideoFrame(QVideoFrameFormat(QSize(luma.shape[1], luma.shape[0]), pixel))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    plane = np.frombuffer(frame.bits(0), np.uint8)
    plane[:] = 77
    lines = plane.reshape(luma.shape[0], frame.bytesPerLine(0))
    lines[:, first : first + luma.shape[1] * every : every] = luma
    frame.unmap()
    return frame


class Bench:
    """Webcams on the work bench: plugged, unplugged, fed and broken by the test."""

    def __init__(self, *names: str) -> None:
        self.plugged = list(names)
        self.opened: list[str] = []
        self.sink: QVideoSink | None = None
        self.failed: Callable[[str], None] = lambda _: None
        self._changed: list[Callable[[], None]] = []
        self._level = 0

    def names(self) -> list[str]:
        return list(self.plugged)

    def connect(self, name: str, sink: QVideoSink, failed: Callable[[str], None]) -> Close | None:
        if name not in self.plugged:
            return None
        self.opened.append(name)
        self.sink, self.failed = sink, failed
        return self._close

    def _close(self) -> None:
        self.sink = None

    def watch(self, changed: Callable[[], None]) -> Close:
        self._changed.append(changed)
        return lambda: self._changed.remove(changed)

    def plug(self, *names: str, told: bool = True) -> None:
        """Have these plugged in; `told`: the system says that something changed."""
        self.plugged = list(names)
        for changed in list(self._changed) if told else ():
            changed()

    def feed(self, level: int | None = None) -> None:
        """One frame, another one each time unless the level is given."""
        self._level = (self._level + 1) % 256
        if self.sink is not None:
            shown = grey(self._level if level is None else level, (48, 64))
            self.sink.setVideoFrame(video_frame(PIXEL.Format_Y8, shown))
