"""Reading off the Qt thread: one frame waits at most, and the newest one wins."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kiosk.desk.ports import CodeReader, Frame, Sighting

JOIN_SECONDS = 5.0  # a reader that takes longer is left behind, deaf

_log = logging.getLogger(__name__)


class ReadingThread:
    """Reads frames in a thread of its own and calls `on_sighting` from there."""

    def __init__(self, reader: CodeReader, on_sighting: Callable[[Frame, Sighting], None]) -> None:
        self._reader = reader
        self._on_sighting = on_sighting
        self._newest: Frame | None = None
        self._ended = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; RuntimeError when it runs or has run already."""
        if self._thread is not None:
            raise RuntimeError("a reading thread is started once")
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def offer(self, frame: Frame) -> None:
        """Read this frame next, in the place of one that still waits. Never blocks."""
        with self._wake:
            self._newest = frame
            self._wake.notify()

    def stop(self) -> None:
        """End; when it returns no further call is made, what waited is dropped."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        while (frame := self._next()) is not None:
            sighting = self._read(frame)
            if self._ended:
                return
            try:
                self._on_sighting(frame, sighting)
            except Exception as error:  # noqa: BLE001 a thread's top: the next frame still counts
                _log.error("a sighting was lost to %s", type(error).__name__)

    def _next(self) -> Frame | None:
        """The newest frame as soon as there is one; None at the end."""
        with self._wake:
            self._wake.wait_for(lambda: self._ended or self._newest is not None)
            frame, self._newest = self._newest, None
            return None if self._ended else frame

    def _read(self, frame: Frame) -> Sighting:
        try:
            return self._reader.read(frame.image)
        except Exception as error:  # noqa: BLE001 a thread's top: the next frame still counts
            _log.error("a frame was lost to %s", type(error).__name__)
            return Sighting()
