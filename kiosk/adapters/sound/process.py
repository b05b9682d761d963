"""A process at the other end of a pipe: asked without waiting, and replaced when it fails."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from kiosk.adapters.sound.messages import MOST, Heard, heard_of

# Seconds before the next process, by how many in a row have ended without telling anything.
BACK_OFF = (0.5, 2.0, 10.0, 60.0)
STUCK_AFTER = 8.0  # seconds that one request may take; finding all voices took 1.8
MOST_WAITING = 8  # requests; a process that takes none is not to be flooded when it does
JOIN_SECONDS = 5.0

Serve = Callable[[Connection, str, int], None]

_log = logging.getLogger(__name__)


class Remote:
    """Does what is asked in a process of its own. Every method may be called from any thread.

    serve: what runs there, with the folder of the sounds and the volume of the moment. on_change:
    called from a thread of its own when what can be heard is another.
    """

    def __init__(
        self,
        name: str,
        serve: Serve,
        folder: str,
        volume: Callable[[], int],
        on_change: Callable[[], None],
    ) -> None:
        self._name, self._serve, self._folder = name, serve, folder
        self._volume, self._on_change = volume, on_change
        self.heard = Heard()
        self._requests: queue.Queue[bytes | None] = queue.Queue()
        self._asked: float | None = None  # monotonic seconds of a request without an answer so far
        self._ended = threading.Event()
        self._pipe: Connection | None = None
        self._process: BaseProcess | None = None
        self._tending = threading.Thread(target=self._tend, name=name, daemon=True)
        self._sending = threading.Thread(target=self._send, name=f"to {name}", daemon=True)

    @property
    def pid(self) -> int | None:
        """The number of the process, while there is one."""
        process = self._process
        return process.pid if process is not None and self._pipe is not None else None

    def start(self) -> None:
        """Begin; nothing is waited for."""
        if not self._tending.is_alive() and not self._ended.is_set():
            self._tending.start()
            self._sending.start()

    def stop(self) -> None:
        """End for good; no process is left, and no thread."""
        self._ended.set()
        self._requests.put(None)
        if self._process is not None:
            self._process.kill()
        for thread in (self._tending, self._sending):
            if thread.is_alive():
                thread.join(JOIN_SECONDS)

    def ask(self, request: bytes) -> None:
        """While there is no process, nothing: a sound that comes late would tell a lie."""
        if self._pipe is not None and self._requests.qsize() < MOST_WAITING:
            self._requests.put(request)

    def _send(self) -> None:
        while (request := self._requests.get()) is not None:
            pipe, process, asked = self._pipe, self._process, self._asked
            if pipe is None or process is None:
                continue
            if asked is not None and time.monotonic() - asked > STUCK_AFTER:
                process.kill()
                continue
            self._asked = asked or time.monotonic()
            try:
                pipe.send_bytes(request)
            except (OSError, ValueError):  # it has just ended
                continue

    def _tend(self) -> None:
        """Begin a process, listen to it until it ends, and begin again."""
        failures = 0
        while not self._ended.is_set():
            told = False
            try:
                told = self._listen()
            except (OSError, MemoryError) as error:  # none to be had just now
                _log.warning("no %s could be begun: %s", self._name, type(error).__name__)
            self._become(Heard())
            failures = 0 if told else failures + 1
            self._ended.wait(BACK_OFF[min(failures, len(BACK_OFF) - 1)])

    def _listen(self) -> bool:
        """One process from its beginning to its end; whether it told anything."""
        context, told = multiprocessing.get_context("spawn"), False
        pipe, theirs = context.Pipe()
        process = context.Process(
            target=self._serve,
            args=(theirs, self._folder, self._volume()),
            name=self._name,
            daemon=True,
        )
        process.start()
        theirs.close()  # so that its end is the pipe's end
        self._asked, self._process, self._pipe = None, process, pipe
        try:
            while not self._ended.is_set():
                self._become(heard_of(pipe.recv_bytes(MOST)))
                told, self._asked = True, None
        except (EOFError, OSError, ValueError):
            pass
        self._pipe = None
        process.kill()
        process.join(JOIN_SECONDS)
        pipe.close()
        if not self._ended.is_set():
            _log.warning("the process of the %s ended with %s", self._name, process.exitcode)
        return told

    def _become(self, heard: Heard) -> None:
        if heard != self.heard:
            self.heard = heard
            try:
                self._on_change()
            except Exception as error:  # noqa: BLE001  # a thread's top: the sounds go on
                _log.error("news of the %s were lost to %s", self._name, type(error).__name__)
