"""What runs in the loudspeaker's process: requests in, sounds and sentences out.

Sound servers and speech engines are native code of the system that may be missing, take seconds,
hang or crash. So they are met in a process of their own: the screens never wait for them, and a
process that fails is replaced. It holds nothing but what it is asked to read aloud.

Nothing heavy is imported at the top: the program imports this file to begin the process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from kiosk.adapters.sound.messages import Heard, told

STUCK_AFTER = 8.0  # seconds that one request may take; finding the voices took 1.8
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def serve(pipe: Connection, folder: str, volume: int) -> None:
    """Do what is asked until the pipe ends. For a process of its own: it does not return."""
    status = 1
    try:
        _prepare()
        _run(pipe, Path(folder), volume)
        status = 0
    finally:
        os._exit(status)  # at once: an engine that hangs would keep an orderly end waiting


def _prepare() -> None:
    """Ctrl-C is the program's; no output, no core dump: what is read aloud may hold a name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))


def _run(pipe: Connection, folder: Path, volume: int) -> None:
    """Sounds in Qt's main thread, the voice in one of its own, the pipe in one of Python's."""
    from PySide6.QtCore import QCoreApplication, QThread

    from kiosk.adapters.sound.effects import Effects
    from kiosk.adapters.sound.requests import Requests
    from kiosk.adapters.sound.voice import Voice

    app, reports, requests = QCoreApplication([]), Reports(pipe), Requests(pipe, STUCK_AFTER)
    effects = Effects(folder, reports.device)
    voice, thread = Voice(reports.languages), QThread()
    effects.set_volume(volume)
    voice.set_volume(volume)
    voice.moveToThread(thread)
    requests.for_sounds.connect(effects.take)
    requests.for_voice.connect(voice.take)
    thread.started.connect(voice.make)
    thread.start()
    requests.over.connect(app.quit)
    listening = (effects, voice, lambda: reports.languages(frozenset()))
    threading.Thread(target=requests.listen, args=listening, daemon=True).start()
    app.exec()


class Reports:
    """Tells the program what can be heard, whenever that changes. From any thread."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock, self._heard = pipe, threading.Lock(), Heard()

    def device(self, name: str) -> None:
        """Sounds are heard at this device; empty: there is none."""
        self._tell(device=name)

    def languages(self, codes: frozenset[str]) -> None:
        """These can be read aloud."""
        self._tell(languages=codes)

    def _tell(self, **news: object) -> None:
        with self._lock, suppress(OSError):  # a program that has ended is told by the other thread
            heard = replace(self._heard, **news)  # type: ignore[arg-type]  # of the two above
            if heard != self._heard:
                self._heard = heard
                self._pipe.send_bytes(told(heard))
