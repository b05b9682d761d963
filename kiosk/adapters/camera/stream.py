"""A camera on the network: RTSP, or pictures over HTTP, through FFmpeg in OpenCV.

FFmpeg keeps the frames that nobody fetches, and may wait for ever for one that never comes. So a
thread of its own fetches each frame at once, and whoever asks gets the newest one. A picture that
stays the same is no trouble here: a coded stream repeats a still scene to the bit.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import cv2
import numpy as np

from kiosk.adapters.camera.paced import Grey, PacedCamera
from kiosk.desk.ports import CameraFault, CameraTrouble

SCHEMES: Final = ("rtsp", "rtsps", "http", "https")
SILENCE: Final = 2.5  # seconds without a frame, then the camera is in trouble
OPEN_WITHIN: Final = 4.0  # seconds that FFmpeg may take to reach the camera
BLOCKED: Final = (
    12.0  # seconds in which FFmpeg must come back; a thread that does not is left alone
)
AGAIN: Final = 0.5  # seconds before the next try: back within 5 s of the camera's return
_FASTEST: Final = 60.0  # frames a second
_LOOK_EVERY: Final = 0.1  # seconds between two looks at whether all is over

_AV_LOG_QUIET: Final = "-8"

_log = logging.getLogger(__name__)


def is_stream(source: str) -> bool:
    """Whether a source is the address of a camera on the network."""
    return source.partition("://")[0].lower() in SCHEMES and "://" in source


class StreamCamera(PacedCamera):
    """A camera on the network; it is reached again whenever it was lost."""

    def __init__(self, address: str) -> None:
        # The host alone: the rest may hold a password.
        super().__init__(urlsplit(address).hostname or "?", _FASTEST)
        self._address = address
        # FFmpeg would say on the terminal what is told on the screen, and perhaps the address.
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", _AV_LOG_QUIET)
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)

    def pictures(self) -> Iterator[Grey | CameraTrouble]:
        """The newest picture, when it is new; what is wrong, once until pictures come again."""
        stopping, told = self._stopping, None
        drain = _Drain(self._address)
        try:
            while not stopping.is_set():
                picture = drain.newest(_LOOK_EVERY)
                if picture is not None:
                    told = None
                    yield picture
                    continue
                fault = drain.fault()
                if fault is not None and fault is not told:
                    told = fault
                    _log.warning("camera on the network: %s", fault)
                    yield CameraTrouble(fault, self.name)
                if drain.blocked():
                    drain.end()
                    drain = _Drain(self._address)
        finally:
            drain.end()


class _Drain:
    """A thread that fetches every frame and keeps the newest."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._newest: Grey | None = None
        self._came = threading.Condition()
        self._ended = threading.Event()
        self._connected = False
        self._last = self._moved = time.monotonic()  # of a frame, and of any sign of life
        self._thread = threading.Thread(target=self._run, name="camera-stream", daemon=True)
        self._thread.start()

    def newest(self, within: float) -> Grey | None:
        """The newest frame nobody has had; None where none comes within so many seconds."""
        with self._came:
            self._came.wait_for(lambda: self._newest is not None, within)
            picture, self._newest = self._newest, None
        return picture

    def fault(self) -> CameraFault | None:
        """What is wrong, if anything."""
        if time.monotonic() - self._last < SILENCE:
            return None
        return CameraFault.NO_PICTURE if self._connected else CameraFault.UNREACHABLE

    def blocked(self) -> bool:
        """Whether FFmpeg has not come back for longer than it was told to take."""
        return time.monotonic() - self._moved > BLOCKED

    def end(self) -> None:
        """No frame is kept from now on; the thread ends as soon as FFmpeg comes back.

        The program's own end waits for that: a thread that comes back out of OpenCV into an
        interpreter that is gone ends the process with a core dump.
        """
        self._ended.set()
        atexit.register(self._thread.join, OPEN_WITHIN)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._fetch_all()
            except cv2.error as error:
                _log.error("a frame was lost to %s", type(error).__name__)
            self._connected = False
            self._ended.wait(AGAIN)
            self._moved = time.monotonic()

    def _fetch_all(self) -> None:
        """Frames from the opening until one does not come."""
        limits = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(OPEN_WITHIN * 1000),
            cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(SILENCE * 1000),
        ]  # fmt: skip
        film = cv2.VideoCapture(self._address, cv2.CAP_FFMPEG, limits)
        try:
            self._moved, self._connected = time.monotonic(), film.isOpened()
            while self._connected and not self._ended.is_set():
                found, picture = film.read()
                if not found:
                    return
                self._keep(picture)
        finally:
            film.release()

    def _keep(self, picture: np.ndarray) -> None:
        if picture.ndim == 3:
            picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        with self._came:
            self._last = self._moved = time.monotonic()
            self._newest = np.asarray(picture, np.uint8)
            self._came.notify()
