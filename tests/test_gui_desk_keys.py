"""What a desk recorded last is taken back with one key: the real window, thread and database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.desk.findings import Mode
from kiosk.desk.undoing import WITHIN
from kiosk.gui.words.phrases import Band
from tests.door_window import (
    ENTER,
    READER,
    SPACE,
    UNDO,
    band,
    furnish,
    log,
    press,
    real_desk,
    show_badge,
    words,
)
from tests.gui_support import Opened, dress, opened


@pytest.fixture
def state(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path


@pytest.fixture
def kiosk(qapp: QApplication, state: Path) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK, open_desk=lambda: real_desk(state)) as shown:
        yield shown


def let_in(kiosk: Opened, qtbot: QtBot) -> None:
    show_badge(kiosk, qtbot)
    press(kiosk, READER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.READY)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)


# The last thing that was recorded is taken back


def test_one_key_takes_back_the_last_entry_and_says_whose(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    let_in(kiosk, qtbot)
    qtbot.waitUntil(kiosk.staff.side.undo.isEnabled)
    press(kiosk, UNDO)
    qtbot.waitUntil(lambda: "Annulé" in words(kiosk))
    assert "L’entrée de \u2068Usuaria Ficticia\u2069 ne compte plus." in words(kiosk)
    entry, note = log(state)
    assert (entry.act, note.act, note.cause) == (EntryAct.IN, EntryAct.NOTE, Cause.UNDONE)
    assert note.refers == entry.id
    qtbot.waitUntil(lambda: not kiosk.staff.side.undo.isEnabled())
    assert kiosk.staff.header._figures["present"].number == "0"


def test_an_exit_is_taken_back_with_a_click_and_named_as_one(kiosk: Opened, qtbot: QtBot) -> None:
    let_in(kiosk, qtbot)
    press(kiosk, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: "Sortie enregistrée" in words(kiosk))
    qtbot.waitUntil(kiosk.staff.side.undo.isEnabled)
    QTest.mouseClick(kiosk.staff.side.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "La sortie de" in words(kiosk))
    assert band(kiosk) is Band.LEFT


def test_where_nothing_can_be_taken_back_the_key_is_quiet_and_says_why(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    show_badge(kiosk, qtbot)
    assert not kiosk.staff.side.undo.isEnabled()
    press(kiosk, UNDO)
    qtbot.waitUntil(lambda: "depuis 15 minutes ne peut être annulé" in words(kiosk))
    assert "Usuaria Ficticia" in kiosk.staff.card._name.full  # the card stays
    assert log(state) == ()


def test_after_a_quarter_of_an_hour_there_is_nothing_to_take_back(
    kiosk: Opened, qtbot: QtBot
) -> None:
    let_in(kiosk, qtbot)
    qtbot.waitUntil(kiosk.staff.side.undo.isEnabled)
    kiosk.clock.go(WITHIN)
    kiosk.desk.refresh(kiosk.clock.now())
    qtbot.wait(50)
    assert kiosk.staff.side.undo.isEnabled()
    kiosk.clock.go(timedelta(seconds=1))
    kiosk.desk.refresh(kiosk.clock.now())
    qtbot.waitUntil(lambda: not kiosk.staff.side.undo.isEnabled())


def test_the_key_works_while_a_name_is_typed_too(kiosk: Opened, qtbot: QtBot) -> None:
    let_in(kiosk, qtbot)
    press(kiosk, Qt.Key.Key_F3)
    QTest.keyClicks(kiosk.staff.side.search, "ana")
    press(kiosk, UNDO)
    qtbot.waitUntil(lambda: "Annulé" in words(kiosk))
