"""Pictures from anywhere, delivered as frames at a steady rate by one thread."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.desk.ports import CameraFault, CameraTrouble, Frame

Grey = NDArray[np.uint8]

MAX_WIDTH, MAX_HEIGHT = 1920, 1080  # pixels; a larger picture would only cost the reader time
JOIN_SECONDS = 5.0  # a source that blocks for longer is left behind, deaf

_log = logging.getLogger(__name__)


class PacedCamera(ABC):
    """A camera whose pictures are made or read by `pictures`, `fps` times a second.

    `pictures` may yield a `CameraTrouble` in the place of a picture: it is reported, and the next
    picture is asked for. An exception and the end of the pictures are reported too, and end the
    thread. It can be started again after `stop`.
    """

    def __init__(self, name: str, fps: float) -> None:
        self._name = name
        self.fps = fps
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The name that a person would recognise."""
        return self._name

    @abstractmethod
    def pictures(self) -> Iterator[Grey | CameraTrouble]:
        """The pictures, in order; asked for from the camera's own thread, one when each is due."""

    def start(
        self, deliver: Callable[[Frame], None], trouble: Callable[[CameraTrouble], None]
    ) -> None:
        """Begin to call `deliver`; RuntimeError if it runs already."""
        if self._thread is not None:
            raise RuntimeError(f"{self._name} has been started already")
        stopping = self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(deliver, trouble, stopping), name="camera", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End; when it returns no further call is made. Harmless when it does not run."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(JOIN_SECONDS)

    def _run(
        self,
        deliver: Callable[[Frame], None],
        trouble: Callable[[CameraTrouble], None],
        stopping: threading.Event,
    ) -> None:
        """The thread's top: whatever goes wrong below becomes a trouble that is told."""
        try:
            last_words = self._deliver_all(deliver, trouble, stopping)
        except Exception as error:  # noqa: BLE001 a thread's top; never a dead silent thread
            _log.error("camera stopped by %s", type(error).__name__)
            last_words = CameraTrouble(CameraFault.FAILED, self._name)
        if last_words is not None and not stopping.is_set():
            with suppress(Exception):  # the listener itself is what fails: nobody left to tell
                trouble(last_words)

    def _deliver_all(
        self,
        deliver: Callable[[Frame], None],
        trouble: Callable[[CameraTrouble], None],
        stopping: threading.Event,
    ) -> CameraTrouble | None:
        """Frames until `stopping`; what is to be said at the end, if anything is left to say."""
        numbers = count()
        due = time.monotonic()
        told = False
        for picture in self.pictures():
            if stopping.is_set():
                return None
            told = isinstance(picture, CameraTrouble)
            if isinstance(picture, CameraTrouble):
                trouble(picture)
                continue
            deliver(Frame(fitted(picture), next(numbers)))
            # Behind by more than a frame: what was missed is dropped, never caught up with.
            due = max(due + 1 / self.fps, time.monotonic() - 1 / self.fps)
            if stopping.wait(max(0.0, due - time.monotonic())):
                return None
        if told:
            return None
        return CameraTrouble(CameraFault.ENDED, self._name)


def fitted(picture: Grey) -> Grey:
    """The picture, contiguous, scaled down to 1920x1080 where it is larger."""
    height, width = picture.shape
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height)
    if scale < 1:
        size = (max(1, int(width * scale)), max(1, int(height * scale)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.ascontiguousarray(picture)
