"""A self-scan station at work, and how long its guests wait."""

from __future__ import annotations

import time
from itertools import pairwise
from types import TracebackType

from PySide6.QtCore import QEventLoop, Qt, QTimer

from benchmarks.doors.pictures import EMPTY, BenchCamera, code_frame, finder_sheet
from kiosk.bootstrap.screens import application, load_wordings
from kiosk.bootstrap.station import RunningStation
from kiosk.core.policy.event import BadgesGiven
from kiosk.demo.clock import ScenarioClock
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode, Station
from tests import door as made_up
from tests.fakes.journal import MemoryJournal

PATIENCE = 10_000  # milliseconds for an answer
BETWEEN = 1000  # milliseconds between two guests
TICK = 5  # milliseconds


class BusyDoor:
    """A door with `count` guests who show their certificates one after the other."""

    def __init__(self, count: int) -> None:
        application()
        event = made_up.event_with(badges=BadgesGiven.AT_THE_DOOR)
        # Letters alone: a name with a figure in it is another name.
        names = [
            "".join(chr(65 + number // 26**n % 26) for n in range(3)) for number in range(count)
        ]
        guests = [made_up.guest(f"Guest{name.lower()}", f"Of{name.lower()}") for name in names]
        self._frames = [code_frame(made_up.certificate(guest)) for guest in guests]
        self._camera = BenchCamera()
        self._running = RunningStation(
            Station(event, made_up.policy(), event.doors[0], Mode.SELF),
            lambda _: made_up.desk(guests, event=event, journal=MemoryJournal()),
            self._camera,
            ScenarioClock(made_up.MORNING),
            load_wordings(event),
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

    def answers(self) -> list[float]:
        """For each guest the seconds from the first frame to the painted answer."""
        waited = []
        for frame in self._frames:
            self._camera.show(frame)
            painted = self._painted()
            waited.append(painted - self._camera.since)
            self._camera.show(EMPTY)
            self._wait(BETWEEN)
        return waited

    def standstills(self, seconds: float) -> list[float]:
        """The seconds between two turns of the event loop while there are finder patterns."""
        self._camera.show(finder_sheet())
        turns: list[float] = []
        timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: turns.append(time.perf_counter()))
        timer.start()
        self._wait(round(seconds * 1000))
        timer.stop()
        self._camera.show(EMPTY)
        return [after - before for before, after in pairwise(turns)]

    def _painted(self) -> float:
        """When the next answer was painted."""
        loop, painted = QEventLoop(), list[float]()

        def on_answered(admission: Admission) -> None:
            if admission.shown is not Shown.ADMIT:
                raise RuntimeError(f"the guest was answered {admission.shown}")
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
