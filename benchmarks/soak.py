"""What a day of scans does to a door's memory: `python benchmarks/soak.py [--scans 10000]`.

The program as it runs, painted off screen: camera frames of 720p through the reader's process and
the preview, the desk in its thread over SQLite with durable commits and encrypted guests. Each scan
is a frame and a code: certificates of all guests in turn, every fourth time the badge instead, and
every fiftieth something that is no guest's. The next scan follows once the answer of the one before
has been painted, and the clock moves on by the 5 s that an answer stays.

Counted: answers of the desk and painted answers, one each for each scan; resident memory (proc(5))
after the warm-up, in between and at the end; Qt's objects and widgets, Python's objects; how late a
timer of 5 ms was at most while answers were given. Exit status 1 where a goal is missed: 20 MB, no
widget and no Qt object more than after the warm-up, no answer lost. Linux.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

# The reader's process begins with importing this module: what it is not to load stands below.
ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # guests and issuer are those of the tests

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kiosk.bootstrap.station import RunningStation
    from kiosk.core.guests.guest import Guest
    from kiosk.demo.clock import ScenarioClock

SCANS, WARM_UP, LOOKS = 10_000, 1_000, 10
GOAL_GROWTH = 20.0  # MB
GUESTS = 2_000
PATIENCE = 30_000  # milliseconds for one answer
TICK = 5  # milliseconds
BETWEEN = timedelta(seconds=5)


@dataclass
class Look:
    """What is there at one moment."""

    scans: int
    resident: float  # MB
    widgets: int
    objects: int  # of Qt, below the window
    python: Counter[str]  # objects by kind


@dataclass
class Soaked:
    """What came of it."""

    scans: int
    answered: int  # by the desk
    painted: int
    looks: list[Look] = field(default_factory=list)
    latest_turn: float = 0.0  # milliseconds

    @property
    def growth(self) -> float:
        """MB from the warm-up to the end."""
        return self.looks[-1].resident - self.looks[0].resident

    def faults(self, most: float = GOAL_GROWTH) -> list[str]:
        """The goals that were missed."""
        first, last = self.looks[0], self.looks[-1]
        found = []
        if not self.scans == self.answered == self.painted:
            found.append(f"{self.answered} answers, {self.painted} painted of {self.scans} scans")
        if last.widgets > first.widgets or last.objects > first.objects:
            found.append(f"{last.widgets - first.widgets} widgets more")
        if self.growth > most:
            found.append(f"{self.growth:.1f} MB more")
        return found


def main() -> int:
    """Soak, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scans", type=int, default=SCANS)
    parser.add_argument("--warm-up", type=int, default=WARM_UP)
    parser.add_argument("--guests", type=int, default=GUESTS)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as state:
        began, cpu = time.perf_counter(), time.process_time()
        soaked = soak(Path(state), options.scans, options.warm_up, options.guests)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{'scans':>8} {'MB':>8} {'widgets':>8} {'Qt':>8} {'Python':>9}")
    for look in soaked.looks:
        python = look.python.total()
        print(f"{look.scans:8,} {look.resident:8.1f} {look.widgets:8} {look.objects:8} {python:9,}")
    print(
        f"{soaked.scans:,} scans, {soaked.answered:,} answers, {soaked.painted:,} painted in "
        f"{took:.0f} s ({cpu:.0f} s of CPU); {soaked.growth:+.1f} MB since the warm-up; the loop "
        f"turned {soaked.latest_turn:.0f} ms late at most"
    )
    more = soaked.looks[-1].python - soaked.looks[0].python
    print("Python's objects, the ten that grew most:", dict(more.most_common(10)))
    for fault in soaked.faults():
        print("MISSED:", fault)
    return 1 if soaked.faults() else 0


def soak(state: Path, scans: int, warm_up: int, guests: int) -> Soaked:
    """Have `warm_up` and then `scans` codes answered at a self-scan screen."""
    from kiosk.desk.ports import Frame, ScannedText, ScannerKind

    with _door(state, guests) as (running, clock, camera, invited):
        codes = _codes(invited)
        answers, painted, turns, wait = _Calls(), _Calls(), _Turns(TICK), _Patience()
        running.desk.admission.connect(answers)
        running.window.answered.connect(painted)

        def scan(number: int) -> None:
            camera.show(Frame(_picture(number), number))
            clock.advance(BETWEEN)
            waits = painted.calls
            running.take_scan(ScannedText(next(codes), clock.now(), ScannerKind.SERIAL))
            wait.until(lambda: painted.calls > waits)

        for number in range(warm_up):
            scan(number)
        answers.calls = painted.calls = 0
        soaked = Soaked(scans, 0, 0, [_look(running, 0)])
        turns.begin()
        for number in range(scans):
            scan(number)
            if (number + 1) % max(1, scans // LOOKS) == 0:
                turns.pause()  # counting all objects takes its time
                soaked.looks.append(_look(running, number + 1))
                turns.begin()
        turns.pause()
        wait.until(lambda: answers.calls >= scans)
        soaked.answered, soaked.painted = answers.calls, painted.calls
        soaked.latest_turn = 1000 * turns.latest
        return soaked


class _Calls:
    """Takes anything, and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_: object) -> None:
        self.calls += 1


class _Turns:
    """How late a timer was at most, while it was not paused."""

    def __init__(self, every: int) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.latest, self._every = 0.0, every / 1000
        self._before = 0.0
        self._timer = QTimer(interval=every, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turned)

    def begin(self) -> None:
        self._before = time.perf_counter()
        self._timer.start()

    def pause(self) -> None:
        self._timer.stop()

    def _turned(self) -> None:
        now = time.perf_counter()
        self.latest = max(self.latest, now - self._before - self._every)
        self._before = now


class _Camera:
    """Delivers what it is shown."""

    name = "soak"

    def start(self, deliver: Callable[..., None], _: object) -> None:
        self.show = deliver

    def stop(self) -> None:
        self.show = lambda _: None


@contextmanager
def _door(
    state: Path, guests: int
) -> Iterator[tuple[RunningStation, ScenarioClock, _Camera, Sequence[Guest]]]:
    """A door at work, its clock and camera, and its guests."""
    from kiosk.adapters.storage.database import open_database
    from kiosk.adapters.storage.guests import replace_guests
    from kiosk.adapters.system.keys import put_public_key
    from kiosk.bootstrap.installation import Installation
    from kiosk.bootstrap.screens import application, load_wordings
    from kiosk.bootstrap.station import RunningStation
    from kiosk.core.policy.event import BadgesGiven
    from kiosk.demo.clock import ScenarioClock
    from kiosk.desk.findings import Mode, Station
    from tests import door as made_up
    from tests import people

    application()
    event = made_up.event_with(badges=BadgesGiven.AT_THE_DOOR)
    invited = people.people(guests)
    with open_database(state, made_up.SEALER) as database:
        replace_guests(database, invited)
    put_public_key(state, made_up.badge_key().public_key())
    place = Installation(state, made_up.trust(), sealer=made_up.SEALER)
    station = Station(event, made_up.policy(), event.doors[0], Mode.SELF)
    clock, camera = ScenarioClock(made_up.MORNING), _Camera()
    running = RunningStation(
        station,
        lambda tell: place.open_desk(station, clock, tell),
        camera,
        clock,
        load_wordings(event),
        made_up.trust(),
    )
    running.window.resize(1280, 800)
    running.window.show()
    running.look()
    try:
        yield running, clock, camera, invited
    finally:
        running.stop()


def _codes(invited: Sequence[Guest]) -> Iterator[str]:
    """What is held up, without end."""
    from tests import door as made_up

    for number in count():
        guest = invited[number % len(invited)]
        if number % 50 == 49:
            yield f"https://example.org/{number}"
        elif number % 4 == 3:
            yield made_up.badge(guest)
        else:
            yield made_up.certificate(guest)


def _picture(number: int) -> NDArray[np.uint8]:
    """A 720p frame, each of another grey: none is the one before."""
    import numpy as np

    return np.full((720, 1280), 60 + number % 120, np.uint8)


class _Patience:
    """Lets Qt work until something has come."""

    def __init__(self) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        self._loop = QEventLoop()
        self._done: Callable[[], bool] = bool
        self._looking = QTimer(interval=1)
        self._looking.timeout.connect(self._look)
        self._end = QTimer(interval=PATIENCE, singleShot=True)
        self._end.timeout.connect(lambda: self._loop.exit(1))

    def until(self, done: Callable[[], bool]) -> None:
        """RuntimeError where it takes too long."""
        self._done = done
        self._looking.start()
        self._end.start()
        if self._loop.exec():
            raise RuntimeError("no answer came")
        self._looking.stop()
        self._end.stop()

    def _look(self) -> None:
        if self._done():
            self._loop.exit(0)


def _look(running: RunningStation, scans: int) -> Look:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication

    gc.collect()
    # The desk holds still: a tuple that it was just building could not be finished, once somebody
    # else has a reference to it, as the list of all objects has.
    held, go_on = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        held.set()
        go_on.wait()

    running.desk.tell(hold, lambda _: None)
    held.wait()
    python = Counter(type(each).__name__ for each in gc.get_objects())
    go_on.set()
    objects = len(running.window.findChildren(QObject))
    return Look(scans, _resident(), len(QApplication.allWidgets()), objects, python)


def _resident() -> float:
    """MB of memory that this process really has: the second field of statm (proc(5))."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
