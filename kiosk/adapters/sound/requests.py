"""From the pipe to the objects that do what is asked. For the loudspeaker's process alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject, Signal

from kiosk.adapters.sound.messages import MOST, request_of

STUCK = 3  # the exit status of a process that is to be replaced


class Worker(QObject):
    """Does what is asked in a thread of Qt's, and shows since when it is at it."""

    def __init__(self) -> None:
        super().__init__()
        self._since: float | None = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """While native code is called that may never return."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def is_stuck(self, after: float) -> bool:
        """Whether one request takes more than `after` seconds. From any thread."""
        since = self._since
        return since is not None and time.monotonic() - since > after


class Requests(QObject):
    """Reads the pipe in a thread of Python's; the signals arrive in those of the receivers."""

    for_sounds = Signal(dict)
    for_voice = Signal(dict)
    over = Signal()

    def __init__(self, pipe: Connection, stuck_after: float) -> None:
        super().__init__()
        self._pipe, self._stuck_after = pipe, stuck_after

    def listen(self, sounds: Worker, voice: Worker, voice_is_stuck: Callable[[], None]) -> None:
        """Until the pipe ends. A voice that is stuck is left alone; with the sounds all ends."""
        with suppress(EOFError, OSError, ValueError):
            while True:
                request = request_of(self._pipe.recv_bytes(MOST))
                if sounds.is_stuck(self._stuck_after):
                    os._exit(STUCK)
                self.for_sounds.emit(request)
                if voice.is_stuck(self._stuck_after):
                    voice_is_stuck()
                else:
                    self.for_voice.emit(request)
        self.over.emit()
