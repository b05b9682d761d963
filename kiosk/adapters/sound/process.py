"""The loudspeaker from the program's side: requests go in, and a process that ends is replaced."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kiosk.adapters.sound.child import serve
from kiosk.adapters.sound.messages import LONGEST, MOST, Heard, as_spoken, heard_of, written
from kiosk.desk.ports import Sound

# Seconds before the next process, by how many in a row have ended without telling anything.
BACK_OFF = (0.5, 2.0, 10.0, 60.0)
MOST_WAITING = 8  # requests; a process that takes none is not to be flooded when it does
JOIN_SECONDS = 5.0

Serve = Callable[[Connection, str, int], None]

_log = logging.getLogger(__name__)


class Loudspeaker:
    """Sounds and Speech in a process of their own. Every method may be called from any thread.

    folder: the sounds as WAV files. volume: 0 to 100. on_change: called from a thread of its own
    when the device or the voices are others. serve: what runs in the process.
    """

    def __init__(
        self,
        folder: Path,
        volume: int = 80,
        on_change: Callable[[], None] = lambda: None,
        serve: Serve = serve,
    ) -> None:
        self._folder, self._volume, self._serve = folder, volume, serve
        self.on_change = on_change
        self._heard = Heard()
        self._requests: queue.Queue[bytes | None] = queue.Queue()
        self._ended = threading.Event()
        self._pipe: Connection | None = None
        self._process: BaseProcess | None = None
        self._tending = threading.Thread(target=self._tend, name="loudspeaker", daemon=True)
        self._sending = threading.Thread(target=self._send, name="to loudspeaker", daemon=True)

    @property
    def device(self) -> str | None:
        """Where it is heard: a name; empty where there is no device, None while that is unknown."""
        return self._heard.device

    @property
    def languages(self) -> frozenset[str]:
        """Those that can be read aloud, as far as is known."""
        return self._heard.languages

    def start(self) -> None:
        """Begin; nothing is waited for."""
        if not self._tending.is_alive() and not self._ended.is_set():
            self._tending.start()
            self._sending.start()

    def stop(self) -> None:
        """Be silent for good; no process is left."""
        self._ended.set()
        self._requests.put(None)
        if self._process is not None:
            self._process.kill()
        for thread in (self._tending, self._sending):
            if thread.is_alive():
                thread.join(JOIN_SECONDS)

    def set_volume(self, volume: int) -> None:
        """0 to 100; 0 is silence."""
        self._volume = volume
        self._ask(written("volume", to=volume))

    def play(self, sound: Sound) -> None:
        """Let `sound` be heard now, in the place of one that still plays."""
        self._ask(written("play", sound=sound.value))

    def test(self) -> None:
        """Let the three answers be heard, one after the other."""
        self._ask(written("test"))

    def can_speak(self, language: str) -> bool:
        """Whether there is a voice for `language` (ISO 639-1), and a device to hear it at."""
        return bool(self._heard.device) and as_spoken(language) in self._heard.languages

    def say(self, text: str, language: str) -> None:
        """Read `text` aloud in the place of what is being read; nothing without a voice."""
        self._ask(written("say", text=text[:LONGEST], language=language))

    def hush(self) -> None:
        """Read no further."""
        self._ask(written("hush"))

    def _ask(self, request: bytes) -> None:
        """While there is no process, nothing: a sound that comes late would tell a lie."""
        if self._pipe is not None and self._requests.qsize() < MOST_WAITING:
            self._requests.put(request)

    def _send(self) -> None:
        while (request := self._requests.get()) is not None:
            pipe = self._pipe
            try:
                if pipe is not None:
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
                _log.warning("no loudspeaker could be begun: %s", type(error).__name__)
            self._become(Heard())
            failures = 0 if told else failures + 1
            self._ended.wait(BACK_OFF[min(failures, len(BACK_OFF) - 1)])

    def _listen(self) -> bool:
        """One process from its beginning to its end; whether it told anything."""
        context, told = multiprocessing.get_context("spawn"), False
        pipe, theirs = context.Pipe()
        process = context.Process(
            target=self._serve,
            args=(theirs, str(self._folder), self._volume),
            name="loudspeaker",
            daemon=True,
        )
        process.start()
        theirs.close()  # so that its end is the pipe's end
        self._process, self._pipe = process, pipe
        try:
            while not self._ended.is_set():
                self._become(heard_of(pipe.recv_bytes(MOST)))
                told = True
        except (EOFError, OSError, ValueError):
            pass
        self._pipe = None
        process.kill()
        process.join(JOIN_SECONDS)
        pipe.close()
        if not self._ended.is_set():
            _log.warning("the loudspeaker's process ended with %s", process.exitcode)
        return told

    def _become(self, heard: Heard) -> None:
        if heard != self._heard:
            self._heard = heard
            try:
                self.on_change()
            except Exception as error:  # noqa: BLE001  # a thread's top: the sounds go on
                _log.error("news of the loudspeaker were lost to %s", type(error).__name__)
