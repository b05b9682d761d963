"""What runs in the processes of the loudspeaker: requests in, sounds or sentences out.

Sound servers and speech engines are native code of the system that may be missing, take seconds,
hang or crash. So each is met in a process of its own: the screens never wait for them, an engine
that hangs keeps no sound waiting (Qt's holds Python's lock while it does), and a process that
fails is replaced. They hold nothing but what is to be read aloud.

Nothing heavy is imported at the top: the program imports this file to begin the processes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.adapters.sound.messages import MOST, Heard, request_of, told

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def serve_sounds(pipe: Connection, folder: str, volume: int) -> None:
    """Play what is asked until the pipe ends. For a process of its own: it does not return."""
    _prepare()
    from PySide6.QtCore import QCoreApplication

    from kiosk.adapters.sound.effects import Effects

    app, reports = QCoreApplication([]), Reports(pipe)
    effects = Effects(Path(folder), reports.device, reports.done)
    effects.set_volume(volume)
    _listen(pipe, effects.asked)
    os._exit(app.exec())


def serve_voice(pipe: Connection, _folder: str, volume: int) -> None:
    """Read aloud what is asked until the pipe ends. For a process of its own, too."""
    _prepare()
    from PySide6.QtCore import QCoreApplication

    from kiosk.adapters.sound.voice import Voice

    app, reports = QCoreApplication([]), Reports(pipe)
    voice = Voice(reports.languages, reports.done)
    voice.set_volume(volume)
    _listen(pipe, voice.asked)
    os._exit(app.exec())


def _prepare() -> None:
    """Ending is the program's affair; no output, no core dump: a sentence may hold a name."""
    for ends in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
        program = parent_process()
        if program is None or program.pid != os.getppid():  # it ended before it could be watched
            os._exit(0)


def _listen(pipe: Connection, asked: SignalInstance) -> None:
    """Hand over what comes, to Qt's thread; end with the pipe, whatever that thread is at."""

    def run() -> None:
        with suppress(EOFError, OSError, ValueError):
            while True:
                asked.emit(request_of(pipe.recv_bytes(MOST)))
        os._exit(0)

    threading.Thread(target=run, daemon=True).start()


class Reports:
    """Tells the program what can be heard: when that changes, and after each request."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._heard = pipe, Heard()

    def device(self, name: str) -> None:
        """Sounds are heard at this device; empty: there is none."""
        self._heard = replace(self._heard, device=name)
        self.done()

    def languages(self, codes: frozenset[str]) -> None:
        """These can be read aloud."""
        if codes != self._heard.languages:
            self._heard = replace(self._heard, languages=codes)
            self.done()

    def done(self) -> None:
        """A request was seen to."""
        with suppress(OSError):  # of a program that has ended the other thread knows
            self._pipe.send_bytes(told(self._heard))
