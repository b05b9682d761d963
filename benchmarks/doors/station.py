"""A station at work, and how long its guests wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, Qt, QTimer

from benchmarks.doors.pictures import EMPTY, BenchCamera, drawn_code, finder_sheet, frame_of
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.system.keys import put_badge_key
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.screens import application, load_wordings
from kiosk.bootstrap.station import RunningStation, settle
from kiosk.core.policy.event import BadgesGiven, Confirmation
from kiosk.demo.clock import ScenarioClock
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import TellStorage
from tests import door as made_up
from tests.fakes.journal import MemoryJournal

PATIENCE = 10_000  # milliseconds for an answer
BETWEEN = 1000  # milliseconds between two guests
TICK = 5  # milliseconds


class BusyDoor:
    """A door with `count` guests who show their certificates one after the other.

    folder: of a log on disk, where an answer is durable before it is shown; None: in memory.
    at_desk: staff let each guest in at once, by their key.
    """

    def __init__(self, count: int, folder: Path | None = None, *, at_desk: bool = False) -> None:
        application()
        rooms = tuple(replace(room, capacity=None) for room in made_up.saint_ouen().occasions)
        event = made_up.event_with(badges=BadgesGiven.AT_THE_DOOR, occasions=rooms)
        # Letters alone: a name with a figure in it is another name.
        names = [
            "".join(chr(65 + number // 26**n % 26) for n in range(3)) for number in range(count)
        ]
        guests = [made_up.guest(f"Guest{name.lower()}", f"Of{name.lower()}") for name in names]
        self._codes = [drawn_code(made_up.certificate(guest)) for guest in guests]
        self._camera, self._turns = BenchCamera(), list[tuple[float, float]]()
        station = Station(
            event, made_up.policy(), event.doors[0], Mode.DESK if at_desk else Mode.SELF
        )
        clock = self._clock = ScenarioClock(made_up.MORNING)
        self._first = Shown.READY if at_desk else Shown.ADMIT
        if folder is not None:
            put_badge_key(folder, made_up.badge_key())
            with open_database(folder, made_up.SEALER) as database:
                replace_guests(database, guests)
        place = Installation(folder, made_up.trust(), sealer=made_up.SEALER) if folder else None

        def open_desk(tell: TellStorage) -> EntryDesk:
            if place is not None:
                desk = place.open_desk(station, clock, tell)
                settle()  # as `kiosk run` does
                return desk
            return made_up.desk(guests, event=event, journal=MemoryJournal())

        self._running = RunningStation(
            station,
            open_desk,
            self._camera,
            clock,
            load_wordings(event, Mode.SELF),
            made_up.trust(),
        )

    def __enter__(self) -> BusyDoor:
        self._running.window.resize(1280, 800)
        self._running.window.show()
        self._running.look()
        self._wait(2000)  # until a second reader stands by
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._running.stop()

    def answers(self, between: int = BETWEEN) -> list[float]:
        """For each guest the seconds from the first frame to the painted answer, or card.

        between: milliseconds of an empty picture from one guest to the next.
        """
        waited = []
        with self._watching():
            for code in self._codes:
                self._camera.show(lambda code=code: frame_of(code))
                painted = self._painted(self._first)
                waited.append(painted - self._camera.since)
                if self._first is Shown.READY:
                    self._running.desk.confirm(frozenset(Confirmation), self._clock.now())
                    self._painted(Shown.ADMIT)
                self._camera.show(lambda: EMPTY)
                self._wait(between)
        return waited

    def standstills(self, seconds: float) -> list[float]:
        """The seconds between two turns of the event loop while there are finder patterns."""
        self._camera.show(finder_sheet)
        with self._watching():
            self._wait(round(seconds * 1000))
        self._camera.show(lambda: EMPTY)
        return self.turns()

    def turns(self) -> list[float]:
        """The seconds between two turns of the event loop, 5 ms apart at rest, of the last look."""
        return [after[0] - before[0] for before, after in pairwise(self._turns)]

    def work(self) -> list[float]:
        """The seconds of CPU that the window's thread took between two of these turns."""
        return [after[1] - before[1] for before, after in pairwise(self._turns)]

    @contextmanager
    def _watching(self) -> Iterator[None]:
        self._turns.clear()
        timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: self._turns.append((time.perf_counter(), time.thread_time())))
        timer.start()
        yield
        timer.stop()

    def _painted(self, expected: Shown) -> float:
        """When the next answer was painted, which is to be that one."""
        loop, painted = QEventLoop(), list[float]()

        def on_answered(admission: Admission) -> None:
            if admission.shown is not expected:
                raise RuntimeError(f"the guest was answered {admission.shown}: {admission.reasons}")
            painted.append(time.perf_counter())
            loop.quit()

        self._running.window.answered.connect(on_answered)
        QTimer.singleShot(PATIENCE, loop, loop.quit)
        loop.exec()
        self._running.window.answered.disconnect(on_answered)
        if not painted:
            raise RuntimeError("no answer came")
        return painted[0]

    @staticmethod
    def _wait(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop, loop.quit)
        loop.exec()
