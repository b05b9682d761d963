"""What tests of a desk's keys share: the window over the desk, database and staff of a door."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system.keys import put_public_key
from kiosk.bootstrap.installation import Installation
from kiosk.core.entry import EntryRecord
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.sessions import new_pin
from kiosk.gui.parts.text import Text
from kiosk.gui.words.phrases import Band
from tests.door import SEALER
from tests.fakes.clock import SetClock
from tests.gui_support import AT, GUESTS, KEY, SOMEBODY, Opened, badge_of, station

ENTER, SPACE, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape
UNDO, READER, ANYWAY = Qt.Key.Key_F9, Qt.Key.Key_F6, Qt.Key.Key_F8


def furnish(state: Path) -> None:
    """A state folder as a door has it, with the guests."""
    with open_database(state, SEALER) as database:
        replace_guests(database, list(GUESTS))
    put_public_key(state, KEY.public_key())


def log(state: Path) -> tuple[EntryRecord, ...]:
    with open_database(state, SEALER) as database:
        journal = SqliteJournal(database, station().event.id, SetClock(AT), "boot-1")
        return tuple(record for record in journal.news(0).records if record.guest)


def real_desk(state: Path) -> EntryDesk:
    """The desk that a door opens; in the desk's thread."""
    place = Installation(state, TrustList(), sealer=SEALER)
    return place.open_desk(station(), SetClock(AT), lambda *_: None)


def hire(state: Path, *people: tuple[str, Role, str]) -> None:
    """Put people into the staff list, as `kiosk staff add` does."""
    with open_database(state, SEALER) as database:
        for number, (name, role, pin) in enumerate(people):
            since, kept = AT - timedelta(days=1), new_pin(pin) if pin else None
            member = Member(f"{number:016x}", name, role, since, "The organiser", kept)
            StoredStaff(database).keep_member(member)


def words(kiosk: Opened) -> str:
    return "\n".join(each.full for each in kiosk.window.findChildren(Text) if each.isVisible())


def press(kiosk: Opened, *keys: Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in keys:
        QTest.keyClick(kiosk.window.focusWidget() or kiosk.staff, key)


def band(kiosk: Opened) -> Band:
    return kiosk.staff.card.band.band


def show_badge(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.desk.scanned(badge_of(SOMEBODY), kiosk.clock.now())
    qtbot.waitUntil(lambda: "Usuaria Ficticia" in kiosk.staff.card._name.full)
