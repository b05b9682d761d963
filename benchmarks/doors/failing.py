"""How long reading is away when its process fails, and how long it takes beside a busy one."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from benchmarks.doors.pictures import FPS, drawn_code, frame_of
from kiosk.adapters.reader.child import MakeLooks, program_looks
from kiosk.adapters.reader.process import ReadingProcess
from kiosk.desk.ports import Frame, Sighting
from tests.fakes.readers import busy_patient_looks

LOOKS = 200  # frames
PATIENCE = 30.0  # seconds
FRAME = Frame(frame_of(drawn_code("HC1:" + "6BF+70790T9WJWG.FKY*4GO0.O1CV2" * 18)), 0)
UNREADABLE = Frame(np.asarray(cv2.GaussianBlur(FRAME.image, (0, 0), 5), np.uint8), 0)


class Fed:
    """A reading process; `read` is released for each frame with a code, `looked` set for others."""

    def __init__(self, make: MakeLooks = program_looks) -> None:
        self.read, self.looked = threading.Semaphore(0), threading.Event()
        self.reading = ReadingProcess(self._on_sighting, make=make)

    def _on_sighting(self, _: Frame, sighting: Sighting) -> None:
        if sighting.codes:
            self.read.release()
        else:
            self.looked.set()

    def next_read(self) -> None:
        """Show frames until one is read that was not there before."""
        self.drain()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.reading.offer(FRAME)
            if self.read.acquire(timeout=1 / FPS):
                return
        raise RuntimeError("nothing was read any more")

    def drain(self) -> None:
        """Forget the frames that were read."""
        while self.read.acquire(blocking=False):
            pass

    def stand_by(self) -> None:
        """Wait until a second process is warm."""
        until = time.monotonic() + PATIENCE
        while not self.reading.standing_by:
            if time.monotonic() > until:
                raise RuntimeError("no second process came")
            time.sleep(0.01)


@contextmanager
def _fed(make: MakeLooks = program_looks) -> Iterator[Fed]:
    fed = Fed(make)
    fed.reading.start()
    try:
        yield fed
    finally:
        fed.reading.stop()


def restarts(name: str, count: int) -> list[float]:
    """The seconds from each of `count` signals of that name until the next frame is read."""
    away = []
    with _fed() as fed:
        for _ in range(count):
            fed.next_read()
            fed.stand_by()
            assert fed.reading.pid is not None
            began = time.perf_counter()
            os.kill(fed.reading.pid, getattr(signal, name))
            fed.next_read()
            away.append(time.perf_counter() - began)
    return away


def looks(*, busy: bool) -> list[float]:
    """The seconds that single frames take to be read, beside a patient look or an idle one."""
    taken = []
    with _fed(busy_patient_looks if busy else program_looks) as fed:
        fed.next_read()
        fed.stand_by()
        for _ in range(LOOKS):
            if busy:
                fed.looked.clear()
                fed.reading.offer(UNREADABLE)  # begins a patient look where none is running
                fed.looked.wait(PATIENCE)
            fed.drain()
            began = time.perf_counter()
            fed.reading.offer(FRAME)
            fed.read.acquire(timeout=PATIENCE)
            taken.append(time.perf_counter() - began)
            time.sleep(0.01)
    return taken
