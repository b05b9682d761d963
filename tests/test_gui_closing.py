"""The end of a desk's day in its window: figures, everyone out, the PIN, and the session's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.policy.event import Confirmation
from kiosk.core.staff.register import Ended
from kiosk.desk.closing import close_day, day_summary
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode
from kiosk.desk.settings import Settings
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.text import Text
from tests.gui_support import AT, SOMEBODY, DeskMaker, Opened, opened
from tests.houses import TestHouse, furnished
from tests.staffed import ANNA_PIN, BRUNO_PIN, SARA_PIN, WRONG, StaffedHouse
from tests.test_gui_duty import offered, type_keys

ENTER, ESCAPE, CLOSE, OUT = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F12, Qt.Key.Key_F7
ALL_SEEN = frozenset(Confirmation)
HOUR = timedelta(hours=1)


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> StaffedHouse:
    return StaffedHouse(monkeypatch)


@pytest.fixture
def kiosk(people: StaffedHouse, qtbot: QtBot) -> Iterator[Opened]:
    """A desk that Anna opened, with one guest inside."""
    with people.opened() as made:
        begin(made, qtbot)
        yield made


def begin(kiosk: Opened, qtbot: QtBot) -> TestHouse:
    house = furnished(kiosk)
    kiosk.window.activateWindow()
    qtbot.waitUntil(lambda: offered(kiosk))
    type_keys(kiosk, "a", ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: kiosk.window.pages.ready.is_open)
    type_keys(kiosk, ENTER)
    let_in(kiosk.desk, qtbot)
    return house


def let_in(desk: DeskThread, qtbot: QtBot) -> None:
    with qtbot.waitSignals([desk.admission] * 3):
        desk.official_reader(AT)
        desk.choose(SOMEBODY.id, AT)
        desk.confirm(ALL_SEEN, AT)


def ask_to_close(kiosk: Opened, qtbot: QtBot) -> None:
    type_keys(kiosk, CLOSE)
    picker = kiosk.window.pages.closing.sheet.pin_form.picker
    qtbot.waitUntil(lambda: bool(picker.chosen))


def told(kiosk: Opened) -> str:
    texts = kiosk.window.pages.closing.cover.findChildren(Text)
    return "\n".join(text.full for text in texts if text.isVisible())


# The day, without a window


def test_a_day_is_summed_up_with_its_first_and_last_entry(people: StaffedHouse) -> None:
    desk = people.maker()
    desk.duty.open(people.vouching(people.anna), AT)
    before = day_summary(desk, AT)
    assert (before.first, before.last, before.inside) == (None, None, ())
    assert [count for _, count in before.missing] == []
    for guest, at in (("g1", AT), ("g2", AT + HOUR)):
        desk.official_reader(at)
        desk.choose(guest, at)
        desk.confirm(ALL_SEEN, at)
    day = day_summary(desk, AT + HOUR)
    assert (day.first, day.last) == (AT, AT + HOUR)
    assert (day.counters.entered, day.counters.present) == (2, 2)
    assert [(occasion.id, count) for occasion, count in day.inside] == [("policy-day-1", 2)]
    assert day.duty.person is not None


def test_everyone_leaves_in_the_name_of_the_supervisor_and_then_the_session_ends(
    people: StaffedHouse,
) -> None:
    desk = people.maker()
    desk.duty.open(people.vouching(people.anna), AT)
    desk.official_reader(AT)
    desk.choose(SOMEBODY.id, AT)
    desk.confirm(ALL_SEEN, AT)
    by = people.vouching(people.sara)
    closed = close_day(desk, by, AT + HOUR, everyone_out=True)
    assert isinstance(closed, OnDuty)
    assert not closed.attended
    out = next(r for r in people.maker.journal.log if r.act is EntryAct.OUT)
    assert (out.guest, out.basis) == (SOMEBODY.id, EntryBasis.EVERYONE_OUT)
    assert people.book.kept[out.staff].member == people.sara.id
    assert day_summary(desk, AT + HOUR).inside == ()


# In the window


def test_closing_shows_the_day_and_what_is_left_to_do(kiosk: Opened, qtbot: QtBot) -> None:
    ask_to_close(kiosk, qtbot)
    figures = [each.accessibleName() for each in kiosk.window.pages.closing.sheet.figures]
    assert figures[:3] == ["Entered: 1", "Inside: 1", "Expected: 6"]
    text = told(kiosk)
    assert "Anna Example\u2069 checks here since 08:47." in text
    assert "First entry at 08:47, last at 08:47." in text
    assert "12 lines of the log are not exported" in text


def test_who_opened_closes_with_the_own_pin_and_the_desk_asks_who_is_next(
    kiosk: Opened, people: StaffedHouse, qtbot: QtBot
) -> None:
    ask_to_close(kiosk, qtbot)
    type_keys(kiosk, ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: kiosk.window.staff.is_open and offered(kiosk))
    assert not kiosk.window.pages.closing.is_open
    assert [s.ended for s in people.book.sessions()] == [Ended.CLOSED]
    type_keys(kiosk, "b", BRUNO_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert people.book.sessions()[-1].member == people.bruno.id


def test_a_wrong_pin_closes_nothing_and_escape_leaves_everything_as_it_was(
    kiosk: Opened, people: StaffedHouse, qtbot: QtBot
) -> None:
    ask_to_close(kiosk, qtbot)
    type_keys(kiosk, WRONG, ENTER)
    qtbot.waitUntil(lambda: "more tries" in told(kiosk))
    type_keys(kiosk, ESCAPE)
    assert not kiosk.window.pages.closing.is_open
    texts = kiosk.window.pages.closing.cover.findChildren(Text)
    assert not any("Example" in text.full for text in texts)  # nobody's name stays
    assert [s.ended for s in people.book.sessions()] == [None]
    assert kiosk.staff.hasFocus()


def test_everyone_out_wants_a_supervisor_and_a_steward_s_pin_lets_nobody_out(
    kiosk: Opened, people: StaffedHouse, qtbot: QtBot
) -> None:
    ask_to_close(kiosk, qtbot)
    type_keys(kiosk, OUT, ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: "more tries" in told(kiosk))
    assert not any(r.act is EntryAct.OUT for r in people.maker.journal.log)
    form = kiosk.window.pages.closing.sheet.pin_form
    type_keys(kiosk, "s", SARA_PIN, ENTER)
    qtbot.waitUntil(lambda: kiosk.window.staff.is_open)
    assert form.pin.text() == ""
    assert sum(r.act is EntryAct.OUT for r in people.maker.journal.log) == 1


def test_without_a_staff_list_the_day_is_shown_and_everyone_may_leave(qtbot: QtBot) -> None:
    maker = DeskMaker()
    with opened(Mode.DESK, language="en", open_desk=maker) as kiosk:
        furnished(kiosk)
        kiosk.window.activateWindow()
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        let_in(kiosk.desk, qtbot)
        type_keys(kiosk, CLOSE)
        sheet = kiosk.window.pages.closing.sheet
        qtbot.waitUntil(lambda: sheet.go.ready)
        assert not sheet.pin_form.isVisible()
        type_keys(kiosk, OUT, ENTER)
        qtbot.waitUntil(lambda: not kiosk.window.pages.closing.is_open)
    assert maker.journal.log[-1].act is EntryAct.OUT


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1366, 768), (1080, 1920)])
def test_nothing_of_the_page_is_cut(
    people: StaffedHouse, qtbot: QtBot, size: tuple[int, int], language: str, large: bool
) -> None:
    with people.opened(size, language) as kiosk:
        kiosk.window.take_settings(Settings(large_text=large, language=language))
        begin(kiosk, qtbot).unexported = 12_345
        ask_to_close(kiosk, qtbot)
        QApplication.processEvents()
        cover = kiosk.window.pages.closing.cover
        for text in cover.findChildren(Text):
            if text.isVisible():
                assert not text.cut, text.full
                assert cover.rect().contains(text.mapTo(cover, text.rect().bottomRight()))
