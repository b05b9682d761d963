"""Looks that do what the first pixel of a frame tells them, for the tests of the reader's process.

They are imported in that process: no Qt, no pytest here.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.child import Looks
from kiosk.adapters.reader.quick import Look
from kiosk.desk.ports import CodeSeen, Region


class Ask(IntEnum):
    """What a frame of that grey asks of the quick look; the patient one sees those that are THERE.

    The second pixel is the text of what is READ, or for how many 10 ms the patience of HOLD lasts.
    """

    READ, NOTHING, HANG, CRASH, EAT, REACH, RAISE, THERE, HOLD, LOSE, BREAK_OFF, READ_OURS = range(
        12
    )
    HELD_UP = 12

    @classmethod
    def _missing_(cls, value: object) -> Ask:
        """The picture that a reader warms up with asks nothing."""
        del value
        return cls.READ


THERE = (Ask.THERE, Ask.HOLD, Ask.LOSE)
BADGE = "B1:00"
BITE = 40 << 20  # bytes
WHOLE = Region(0, 0, 64, 48)


def seen(text: str, stage: str = "") -> CodeSeen:
    return CodeSeen(text, ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)), stage)


LOOKS = {
    Ask.READ_OURS: Look((seen(BADGE),), news=True),
    Ask.HELD_UP: Look((seen(BADGE),), (WHOLE,)),
    **dict.fromkeys(THERE, Look(regions=(WHOLE,))),
}


class Quick:
    """Does as the frame says."""

    def __init__(self) -> None:
        self._eaten: list[NDArray[np.uint8]] = []

    def look(self, image: NDArray[np.uint8]) -> Look:
        match Ask(int(image[0, 0])):
            case Ask.READ:
                return Look((seen(str(image[0, 1])),))
            case Ask.HANG:
                time.sleep(3600)
            case Ask.CRASH:
                ctypes.string_at(0)
            case Ask.EAT:
                self._eaten.append(np.ones(BITE, np.uint8))
            case Ask.REACH:
                return Look((seen(", ".join(reached())),))
            case Ask.BREAK_OFF:
                break_off()
            case Ask.RAISE:
                raise KeyError("a text that nobody is to see")
        return LOOKS.get(Ask(int(image[0, 0])), Look())


class Patient:
    """Reads, after a while where it is told to HOLD, how often it was told to forget."""

    def __init__(self) -> None:
        self._forgotten = 0

    def look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        assert regions
        match Ask(int(image[0, 0])):
            case Ask.HOLD:
                time.sleep(int(image[0, 1]) / 100)
            case Ask.LOSE:
                raise KeyError("a text that nobody is to see")
            case Ask.READ:
                return ()
        return (seen(f"forgot {self._forgotten}", "patient"),)

    def forget(self) -> None:
        self._forgotten += 1


def break_off() -> None:
    """Say the beginning of an answer, into every pipe that there is, and no more."""
    for number in range(3, 256):
        with suppress(OSError):
            os.write(number, struct.pack("!i", 100) + b"[")  # as Connection says how long it is
    time.sleep(3600)


def obedient_looks() -> Looks:
    return Looks(Quick(), Patient())


def looks_that_never_get_ready() -> Looks:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def reached() -> list[str]:
    """What could be opened of what a reader has no business with."""
    import resource

    tries: dict[str, Callable[[], object]] = {
        "a file to read": lambda: os.open(__file__, os.O_RDONLY),
        "a file to write": lambda: os.open("reached", os.O_WRONLY | os.O_CREAT),
        "a socket": lambda: socket.socket(socket.AF_INET),
        "a local socket": lambda: socket.socket(socket.AF_UNIX),
        "a pipe": os.pipe,
        "a core dump": lambda: resource.getrlimit(resource.RLIMIT_CORE)[0],
        "its output": lambda: os.fstat(1).st_rdev != Path(os.devnull).stat().st_rdev,
        "what was left open": lambda: sum(map(_stands_open, range(256))) > 4,  # with its pipe
    }
    return [name for name, attempt in tries.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        return bool(attempt())
    except OSError:
        return False


def _stands_open(number: int) -> bool:
    return _succeeds(lambda: os.fstat(number))


def busy_patient_looks() -> Looks:
    """The program's quick look, beside a patient one that computes without end."""
    from kiosk.adapters.reader.child import program_looks

    return Looks(program_looks().quick, Busy())


class Busy:
    """Keeps a thread busy with small numpy steps for a second at a time."""

    def look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        del image, regions
        until = time.monotonic() + (1.0 if threading.current_thread().name == "patient" else 0.0)
        values = np.arange(500.0)
        while time.monotonic() < until:
            values = np.sqrt(values * values + 1.0) - values.mean() * 0.001
        return ()

    def forget(self) -> None:
        """Nothing is kept."""
