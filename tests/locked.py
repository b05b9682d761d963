"""A locked window over a real desk, as tests of the kiosk lock share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.installation import Installation
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.gui.lock.leaving import WayOut
from kiosk.gui.lock.lock import KioskLock
from tests.door import SEALER
from tests.door_window import furnish, hire
from tests.fakes.clock import SetClock
from tests.gui_support import AT, Opened, opened, station

TRUST = TrustList()
SUPERVISOR, PIN = "Ada Responsable", "314159"


class Locked:
    """A window under the lock, and whether somebody got out."""

    def __init__(self, app: QApplication, kiosk: Opened) -> None:
        self.kiosk, self.window = kiosk, kiosk.window
        kiosk.window.hide()  # a door locks its window before it shows it
        before = QWidget()
        before.show()
        before.activateWindow()
        app.processEvents()
        self.lock = KioskLock(app)
        self.way = WayOut(app, kiosk.window, kiosk.desk, kiosk.clock, kiosk.window.staff_wording)
        self.lock.leave_asked.connect(self.way.ask)
        self.lock.touched.connect(self.way.attend)
        self.lock.hold(kiosk.window)
        app.processEvents()
        assert kiosk.window.isActiveWindow()
        before.close()
        self.let_out: list[bool] = []
        self.way.out.connect(lambda: self.let_out.append(True))

    def press(
        self, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, which, held)

    def sheet_with(self, qtbot: QtBot, *, names: bool) -> None:
        """The gesture was held, and the desk has told who may leave."""
        self.lock.leave_asked.emit()
        qtbot.waitUntil(lambda: self.way.sheet.pin_form.isVisible() is names)
        qtbot.waitUntil(lambda: not self.way.sheet.busy)


@contextmanager
def locked_window(
    app: QApplication,
    state: Path,
    mode: Mode = Mode.DESK,
    *,
    staffed: bool = True,
    attended: bool = True,
) -> Iterator[Locked]:
    """A window of `mode` over the desk of `state`, with a supervisor and a steward or nobody.

    attended: in a session, so that codes are answered.
    """
    furnish(state)
    if staffed:
        hire(state, (SUPERVISOR, Role.SUPERVISOR, PIN), ("Sam", Role.STEWARD, "2718"))
    at, place = (
        replace(station(mode), staff="session-1" if attended else ""),
        Installation(state, TRUST, sealer=SEALER),
    )

    def open_desk() -> EntryDesk:
        return place.open_desk(at, SetClock(AT), lambda *_: None)

    with opened(mode, open_desk=open_desk, at=at) as kiosk:
        locked = Locked(app, kiosk)
        try:
            yield locked
        finally:
            locked.lock.open()
