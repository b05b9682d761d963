"""How long it takes to hand a desk over: people by the keystroke-level model, the rest measured.

`python benchmarks/hand_over.py [--times 20]`: the window over a real database and real hashes of
PINs. The program's time is what somebody waits after a key: from F2 to the sheet with its names,
and from Enter to the desk that is seen again. While each PIN is typed a guest shows a badge.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.waiting.operators import HOLD_UP, KEY, THINK, Operator
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system.keys import put_badge_key
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.screens import application, load_wordings
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.staff.register import Member, Session
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import TrustList
from kiosk.demo.clock import ScenarioClock
from kiosk.desk.findings import Mode, Station
from kiosk.desk.sessions import new_pin
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.staff.board import StaffBoard
from kiosk.gui.window import KioskWindow
from tests import door

PEOPLE = (("Anna Example", "4826"), ("Bruno Example", "5938"))
GUESTS = tuple(door.guest(f"Guest{letter}", "Example") for letter in "abcdefghij")
PATIENCE = 20.0  # seconds
ENTER, HAND_OVER = Qt.Key.Key_Return, Qt.Key.Key_F2
# Whose turn it is is known before; what is thought of is which key, and which PIN.
BY_KEYS: tuple[Operator, ...] = (THINK, KEY, KEY, THINK, *[KEY] * 4, KEY)
BY_BADGE: tuple[Operator, ...] = (HOLD_UP, THINK, *[KEY] * 4, KEY)


class Desk:
    """A desk with two stewards, who hand it over to each other."""

    def __init__(self, folder: Path) -> None:
        self._app, key = application(), door.badge_key()
        put_badge_key(folder, key)
        clock = ScenarioClock(door.MORNING)
        with open_database(folder, door.SEALER) as database:
            replace_guests(database, list(GUESTS))
            for number, (name, pin) in enumerate(PEOPLE):
                at = door.MORNING - timedelta(days=1)
                member = Member(f"{number:016x}", name, Role.STEWARD, at, "nobody", new_pin(pin))
                StoredStaff(database).keep_member(member)
        event = door.saint_ouen()
        station = Station(event, door.policy(), event.doors[0], Mode.DESK)
        place = Installation(folder, TrustList(), sealer=door.SEALER)
        self.thread = DeskThread(lambda: place.open_desk(replace(station), clock, lambda *_: None))
        self.window = KioskWindow(station, load_wordings(event), clock, self.thread)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        self.badges = [make_staff_badge(f"{number:016x}", key) for number in range(len(PEOPLE))]
        self.answers = 0
        self.window.answered.connect(self._count)
        self._shown = 0

    @property
    def board(self) -> StaffBoard:
        """What is asked of staff."""
        return self.window.staff

    def until(self, holds: Callable[[], bool]) -> float:
        """Seconds until it does. Raises TimeoutError."""
        begun, loop = time.perf_counter(), QEventLoop()
        timer = QTimer(interval=1)
        timer.timeout.connect(lambda: loop.quit() if holds() or _late(begun) else None)
        timer.start()
        if not holds():
            loop.exec()
        if not holds():
            raise TimeoutError
        self.window.repaint()
        return time.perf_counter() - begun

    def press(self, *keys: Qt.Key | str) -> None:
        """Keys, wherever the focus is."""
        for key in keys:
            target: QWidget = QApplication.focusWidget() or self.window
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)

    def offered(self) -> bool:
        """Whether the sheet is there, with its names."""
        return self.board.is_open and bool(self.board.sheet.pin_form.picker.chosen)

    def show_guest(self) -> None:
        """The next guest holds a badge up."""
        guest = GUESTS[self._shown % len(GUESTS)]
        self._shown += 1
        self.thread.scanned(door.badge(guest), door.MORNING + timedelta(seconds=10 * self._shown))

    def hand_over(self, who: int, *, by_badge: bool) -> float:
        """Seconds of the program, from what begins it to the desk that is seen again."""
        name, pin = PEOPLE[who]
        if by_badge:
            self.board.show_badge(self.badges[who])
        else:
            self.press(HAND_OVER)
        program = self.until(self.offered)
        if not by_badge:
            self.press(name[0].lower())
        self.press(pin[:2])
        self.show_guest()
        self.press(pin[2:], ENTER)
        return program + self.until(lambda: not self.board.is_open)

    def _count(self) -> None:
        self.answers += 1


def _late(begun: float) -> bool:
    return time.perf_counter() - begun > PATIENCE


def main() -> None:
    """Measure, print; 1 where a scan was lost or a session is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, metavar="N", help="of each way")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.until(desk.offered)
        desk.press("a", PEOPLE[0][1], ENTER)
        desk.until(lambda: not desk.board.is_open)
        done = 0
        for by_badge, human in ((False, BY_KEYS), (True, BY_BADGE)):
            programs = []
            for _ in range(times):
                done += 1
                programs.append(desk.hand_over(done % 2, by_badge=by_badge))
            report("badge" if by_badge else "keys", human, programs)
        desk.until(lambda: desk.answers >= done)
        desk.window.close()
        with open_database(Path(folder), door.SEALER) as database:
            sessions: tuple[Session, ...] = StoredStaff(database).sessions()
    print(f"{done} hand-overs, {len(sessions)} sessions, {desk.answers} of {done} guests answered")
    if len(sessions) != done + 1 or desk.answers < done:
        raise SystemExit(1)


def report(way: str, human: tuple[Operator, ...], programs: list[float]) -> None:
    """People, program, and both."""
    people, middle, most = sum(o.seconds for o in human), statistics.median(programs), max(programs)
    keys = sum(operator is KEY for operator in human)
    print(f"by {way}: {keys} keys, people {people:.2f} s, program {middle:.2f} s (at most", end=" ")
    print(f"{most:.2f}): {people + middle:.2f} s, at most {people + most:.2f} s")


if __name__ == "__main__":
    main()
