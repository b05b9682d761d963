"""No name stays once its time is over: in no widget, seen or hidden, and in no accessible name."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from weakref import ref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.heard import SoundsOf
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.closing import close_day
from kiosk.desk.findings import Mode
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.desk_thread import Overview
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import Decision
from tests.door_window import ESCAPE, press
from tests.fakes.sounds import NotedSounds
from tests.gui_support import (
    AT,
    GUESTS,
    PERSON,
    SOMEBODY,
    Opened,
    admit,
    awaiting,
    opened,
    ready,
    see_desk,
    waiting,
)
from tests.staffed import StaffedHouse

FIND, BACK = Qt.Key.Key_F3, ESCAPE
NAMES = ("Usuaria", "Ficticia", PERSON.birth_date, "1980")


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def desk() -> Iterator[Opened]:
    with opened(Mode.DESK, language="en") as kiosk:
        yield kiosk


def told(widget: QWidget) -> Iterator[str]:
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.toolTip()
    if isinstance(widget, Text):
        yield from (widget.full, widget.text())
    if isinstance(widget, QLineEdit):
        yield widget.text()


def left_in(kiosk: Opened) -> list[str]:
    """Where a name is still written; `str` of what says it."""
    widgets = [kiosk.window, *kiosk.window.findChildren(QWidget)]
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}: {text}"
        for widget in widgets
        for text in told(widget)
        if any(name in text for name in NAMES)
    ]


def settle(kiosk: Opened, qtbot: QtBot) -> None:
    with qtbot.waitSignal(kiosk.desk.overview):
        kiosk.desk.refresh(kiosk.clock.now())
    QApplication.processEvents()


@pytest.mark.parametrize(
    "card",
    [
        ready(),
        admit(),
        awaiting(Shown.AWAIT_CERTIFICATE, SOMEBODY),
        see_desk(Reason.NAMES_DIFFER, guest=SOMEBODY),
        Admission(
            Shown.DESK, ready().at, (Reason.NOT_ON_LIST,), None, GUESTS[:3], SOMEBODY, PERSON
        ),
    ],
)
def test_a_card_that_is_cleared_leaves_no_name(desk: Opened, card: Admission) -> None:
    desk.window.show_admission(card)
    desk.window.show_admission(see_desk(Reason.NAMES_DIFFER, guest=GUESTS[1]))
    desk.window.show_admission(card)
    assert left_in(desk)
    press(desk, ESCAPE)
    assert left_in(desk) == []


def test_a_search_that_was_left_leaves_no_name(desk: Opened, qtbot: QtBot) -> None:
    press(desk, FIND)
    QTest.keyClicks(desk.staff.side.search, "ficticia")
    qtbot.waitUntil(lambda: bool(desk.staff.finder.rows[0].guest_id))
    press(desk, ESCAPE)
    assert left_in(desk) == []


def test_lists_that_have_become_shorter_leave_no_name(desk: Opened) -> None:
    side = desk.staff.side
    side.show_lists(waiting(SOMEBODY, SOMEBODY), (), undoable=False)
    assert left_in(desk)
    side.show_lists((), (), undoable=False)
    assert left_in(desk) == []


@pytest.mark.parametrize(
    "decision", [each for each in Decision if each not in (Decision.LET_OUT, Decision.UNDO)]
)
def test_a_sheet_that_was_left_leaves_no_name(
    desk: Opened, qtbot: QtBot, decision: Decision
) -> None:
    desk.window.show_admission(see_desk(Reason.GUEST_WAITING, guest=SOMEBODY))
    acts = desk.staff.acts
    press(desk, Qt.Key.Key_F8)
    acts.menu.chosen.emit(decision)
    settle(desk, qtbot)
    sheet = acts.sheet
    match sheet:
        case RegisterSheet():
            sheet.names.family.fill("Ficticia")
            sheet.partnership.entry.fill("Ficticia")
        case SubstituteSheet():
            sheet.names.family.fill("Ficticia")
            for finder in (sheet.giver, sheet.taker):
                finder.suggest([SOMEBODY])
        case PaperSheet():
            sheet.finder.chosen.emit(SOMEBODY)
            sheet.time.fill("0815")
            sheet.go_on()
            sheet.finder.suggest([SOMEBODY])
    assert left_in(desk)
    acts.leave()
    press(desk, ESCAPE)
    assert left_in(desk) == []


def test_a_guest_s_screen_forgets_a_guest_when_the_answer_is_over() -> None:
    with opened(Mode.SELF, language="en") as kiosk:
        sounds = SoundsOf(kiosk.window, NotedSounds())
        card = admit()
        held = ref(card)
        kiosk.window.show_admission(card)
        del card
        QApplication.processEvents()
        assert left_in(kiosk)
        kiosk.clock.go(timedelta(seconds=31))
        kiosk.guest.answer.advance()
        QApplication.processEvents()
        assert left_in(kiosk) == []
        gc.collect()
        assert held() is None
        assert sounds.parent() is kiosk.window


def test_an_overview_of_nobody_leaves_no_name(desk: Opened, qtbot: QtBot) -> None:
    settle(desk, qtbot)
    with qtbot.waitSignal(desk.desk.overview) as first:
        desk.desk.refresh(desk.clock.now())
    assert first.args is not None
    overview = first.args[0]
    assert isinstance(overview, Overview)
    desk.staff.show_overview(
        Overview(overview.counters, overview.recent, waiting(SOMEBODY), here=overview.here)
    )
    assert left_in(desk)
    desk.staff.show_overview(overview)
    assert left_in(desk) == []


def test_whoever_opens_a_desk_finds_no_guest_of_those_who_closed_it(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    house = StaffedHouse(monkeypatch)
    with house.opened() as kiosk:
        line, anna = kiosk.window.staff.line, house.vouching(house.anna)
        with qtbot.waitSignal(line.done):
            line.open(anna, AT)
        kiosk.desk.choose(SOMEBODY.id, AT)
        kiosk.desk.official_reader(AT)
        kiosk.desk.confirm(frozenset(Confirmation), AT)
        settle(kiosk, qtbot)
        assert len(left_in(kiosk)) > len(NAMES)  # the card, and the last answers
        with qtbot.waitSignal(line.done):
            line.ask(lambda desk: close_day(desk, anna, AT, everyone_out=False), line.done.emit)
        settle(kiosk, qtbot)
        assert left_in(kiosk) == []
