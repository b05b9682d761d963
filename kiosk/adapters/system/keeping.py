"""Keeps a program running: starts it anew when it dies, and kills it when it stands still.

For PCs without systemd. The program tells that it lives by lines on its output (`lifesign`).
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from kiosk.adapters.system.lifesign import ALIVE, KEPT, READY, SCANNING, STOPPING

_log = logging.getLogger(__name__)
_LOOK_EVERY = 0.25  # seconds
REFUSED = 2  # exit status of `kiosk run` where it does not open


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds."""

    start: float = 120.0  # for the first sign of life: a passphrase may have to be typed
    silence: float = 15.0  # for the next one; WatchdogSec of the unit
    end: float = 20.0  # for the end, once it was asked for
    # Before the next start, by how many in a row did not even open.
    pauses: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0, 10.0)


class Keeper:
    """Runs `command` until somebody leaves it on purpose, or `stop` is called. In one thread.

    That is status 0, and whatever comes after it said that it is stopping. Status 2 is told with a
    remedy (a wrong option, no guest list): where it never opened, that ends it too.
    environment: of the program, beside the mark that it is kept. tell: is told why it is started
    again.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        tell: Callable[[str], None],
        patience: Patience = Patience(),
    ) -> None:
        self._command, self._tell, self._patience = tuple(command), tell, patience
        self._environment = {**environment, KEPT: "1"}
        self._stopped = threading.Event()
        self._heard = 0.0  # monotonic seconds of the last sign of life
        self._ready = self._stopping = False

    def stop(self) -> None:
        """Have the program end, and start it no more. From any thread, or a signal's handler."""
        self._stopped.set()

    def run(self) -> int:
        """Keep it; the status that it ended with at last."""
        failures, opened = 0, False
        while True:
            status, why = self._once()
            opened = opened or self._ready
            refused = status == REFUSED and not opened
            if status == 0 or self._stopping or refused or self._stopped.is_set():
                return status
            failures = 0 if self._ready else failures + 1
            self._tell(f"{why}; it is started again")
            pauses = self._patience.pauses
            if self._stopped.wait(pauses[min(failures, len(pauses) - 1)]):
                return status

    def _once(self) -> tuple[int, str]:
        """Run it once: its status, and what became of it."""
        self._ready = self._stopping = False
        self._heard = time.monotonic()
        with subprocess.Popen(  # noqa: S603  # our own program
            self._command,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None  # noqa: S101  # for the type: it is a pipe
            listening = threading.Thread(target=self._listen, args=(child.stdout,), daemon=True)
            listening.start()
            why = self._watch(child)
            listening.join(1)
        return child.returncode, why or f"it ended with {child.returncode}"

    def _watch(self, child: subprocess.Popen[str]) -> str:
        """Until it has ended; why it was killed, if it was."""
        while child.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_EVERY)
            if self._stopped.is_set():
                return self._end(child)
            allowed = self._patience.silence if self._ready else self._patience.start
            if self._stopping:
                allowed = self._patience.end
            if child.returncode is None and time.monotonic() - self._heard > allowed:
                child.kill()
                child.wait()
                return f"it stood still for {allowed:.0f} s and was killed"
        return ""

    def _end(self, child: subprocess.Popen[str]) -> str:
        """In order if it will; a program of Windows without a console knows no such wish."""
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(self._patience.end)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        return ""

    def _listen(self, output: IO[str]) -> None:
        """Signs of life; what else it prints is handed on."""
        for line in output:
            word = line.rstrip("\n")
            if word in (READY, ALIVE, STOPPING, SCANNING):
                self._heard = time.monotonic()
                self._ready = self._ready or word == READY
                self._stopping = self._stopping or word == STOPPING
            else:
                os.write(1, line.encode())


def stop_at_signals(keeper: Keeper) -> None:
    """SIGINT and SIGTERM end the program, then this one. In the main thread."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: keeper.stop())
