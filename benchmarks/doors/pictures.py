"""What the camera of a measured door shows, and the camera itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from kiosk.desk.ports import CameraTrouble, Frame

Grey = NDArray[np.uint8]

FPS = 30.0
MODULE = 4  # pixels; easy to read
EMPTY: Grey = np.full((720, 1280), 120, np.uint8)


def drawn_code(text: str) -> Grey:
    """The code upright, with its white rim."""
    rows = segno.make(text, error="q", boost_error=False, micro=False).matrix
    dark = np.pad(np.array([list(row) for row in rows], np.uint8), 4)
    return np.kron(235 - 200 * dark, np.ones((MODULE, MODULE), np.uint8)).astype(np.uint8)


def frame_of(drawn: Grey) -> Grey:
    """A 720p frame with that code in its middle, a little out of focus."""
    frame = EMPTY.copy()
    top, left = ((side - drawn.shape[0]) // 2 for side in frame.shape)
    frame[top : top + drawn.shape[0], left : left + drawn.shape[0]] = drawn
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), 1.0), np.uint8)


def finder_sheet(module: int = 3) -> Grey:
    """A 1080p frame full of finder patterns (ISO/IEC 18004 6.3.3), each with its separator."""
    pattern = np.ones((9, 9), np.uint8) * 255
    pattern[1:8, 1:8] = 0
    pattern[2:7, 2:7] = 255
    pattern[3:6, 3:6] = 0
    drawn = np.kron(pattern, np.ones((module, module), np.uint8))
    return np.ascontiguousarray(np.tile(drawn, (60, 90))[:1080, :1920])


class BenchCamera:
    """Hands in what it is shown, 30 times a second; `since` tells since when that is."""

    name = "bench"

    def __init__(self) -> None:
        self.since = 0.0  # seconds of time.perf_counter, when it first was handed in
        self._make: Callable[[], Grey] | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, deliver: Callable[[Frame], None], _: Callable[[CameraTrouble], None]) -> None:
        """Begin to call `deliver`, from a thread of its own."""
        self._thread = threading.Thread(target=self._run, args=(deliver,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; when it returns no further call is made."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def show(self, make: Callable[[], Grey]) -> None:
        """Hand this in from the next frame on; it is made in the camera's thread."""
        with self._lock:
            self._make = make

    def _run(self, deliver: Callable[[Frame], None]) -> None:
        number, due, image = 0, time.perf_counter(), EMPTY
        while not self._ended.wait(max(0.0, due - time.perf_counter())):
            due = max(due + 1 / FPS, time.perf_counter())  # one that is late brings no two at once
            with self._lock:
                make, self._make = self._make, None
            if make is not None:
                image = make()
                self.since = time.perf_counter()
            deliver(Frame(image, number))
            number += 1
