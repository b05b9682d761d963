"""A desk is opened and handed over in the window, over the database of a door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.logrows import read_records
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.bootstrap.installation import Installation
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.policy.event import Confirmation
from kiosk.core.staff import pin as pins
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.staff.register import Ended
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.gui.desk_thread import DeskThread
from tests.door import SEALER
from tests.door_window import furnish, hire
from tests.fakes.clock import SetClock
from tests.gui_support import AT, KEY, SOMEBODY, dress, opened, station
from tests.test_gui_duty import offered, type_keys

ENTER = Qt.Key.Key_Return
ANNA, BRUNO = ("Anna Example", Role.STEWARD, "4826"), ("Bruno Éxample", Role.STEWARD, "5938")


def test_entries_carry_the_session_of_who_checked_and_the_log_is_whole(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dress(qapp)
    monkeypatch.setattr(pins, "_N", 2**4)
    furnish(tmp_path)
    hire(tmp_path, ANNA, BRUNO)

    def open_desk() -> EntryDesk:
        place = Installation(tmp_path, TrustList(), sealer=SEALER)
        return place.open_desk(replace(station(), staff=""), SetClock(AT), lambda *_: None)

    with opened(Mode.DESK, language="en", open_desk=open_desk) as kiosk:
        kiosk.window.activateWindow()
        board = kiosk.window.staff
        qtbot.waitUntil(lambda: board.is_open and offered(kiosk))
        type_keys(kiosk, "a", ANNA[2], ENTER)
        qtbot.waitUntil(lambda: not board.is_open)
        let_in(kiosk.desk, qtbot)
        board.show_badge(make_staff_badge(f"{1:016x}", KEY))
        qtbot.waitUntil(lambda: board.is_open and offered(kiosk))
        type_keys(kiosk, BRUNO[2], ENTER)
        qtbot.waitUntil(lambda: not board.is_open)
        with qtbot.waitSignal(kiosk.desk.left):
            kiosk.desk.let_out(SOMEBODY.id, AT)
    with open_database(tmp_path, SEALER) as database:
        first, second = StoredStaff(database).sessions()
        records = read_records(database)
    assert (first.ended, second.ended) == (Ended.HANDED_OVER, None)
    assert [(r.act, r.cause, r.staff) for r in records] == [
        (EntryAct.NOTE, Cause.OPENED, first.id),
        (EntryAct.IN, Cause.NONE, first.id),
        (EntryAct.NOTE, Cause.CLOSED, first.id),
        (EntryAct.NOTE, Cause.OPENED, second.id),
        (EntryAct.OUT, Cause.NONE, second.id),
    ]


def let_in(desk: DeskThread, qtbot: QtBot) -> None:
    with qtbot.waitSignals([desk.admission] * 3):
        desk.official_reader(AT)
        desk.choose(SOMEBODY.id, AT)
        desk.confirm(frozenset(Confirmation), AT)
