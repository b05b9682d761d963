"""What comes in the middle of something else: no answer, word or key is of another guest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Confirmation
from kiosk.desk.findings import Mode
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.parts.style import Theme
from tests.door_window import ENTER, ESCAPE, press, words
from tests.gui_support import AT, GUESTS, SOMEBODY, Opened, admit, badge_of
from tests.staffed import ANNA_PIN, BRUNO_PIN, SARA_PIN, StaffedHouse

HAND_OVER, LEAVES, MENU, UNDO = Qt.Key.Key_F2, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_F9
OTHER = GUESTS[1]
BOTH = frozenset(Confirmation)


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> StaffedHouse:
    return StaffedHouse(monkeypatch)


@pytest.fixture
def kiosk(house: StaffedHouse, qtbot: QtBot) -> Iterator[Opened]:
    with house.opened() as made:
        made.window.activateWindow()
        take_over(made, qtbot, "a", ANNA_PIN)
        yield made


def take_over(kiosk: Opened, qtbot: QtBot, letter: str, pin: str) -> None:
    board = kiosk.window.staff
    qtbot.waitUntil(lambda: board.is_open and bool(board.sheet.pin_form.picker.chosen))
    type_in(kiosk, letter + pin)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: not board.is_open)


def type_in(kiosk: Opened, text: str) -> None:
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget() or kiosk.window, letter)


def shown(kiosk: Opened, qtbot: QtBot, guest: Guest) -> None:
    def there() -> bool:
        card = kiosk.staff.card.card
        return card is not None and card.guest == guest

    qtbot.waitUntil(there)


def settle(kiosk: Opened, qtbot: QtBot) -> None:
    """Everything asked so far was answered, and the answers have arrived."""
    with qtbot.waitSignal(kiosk.desk.overview):
        kiosk.desk.refresh(kiosk.clock.now())
    QApplication.processEvents()


def ready(kiosk: Opened, qtbot: QtBot, guest: Guest) -> None:
    """The guest's card waits for the key that lets in."""
    kiosk.desk.choose(guest.id, kiosk.clock.now())
    kiosk.desk.official_reader(kiosk.clock.now())
    settle(kiosk, qtbot)
    card = kiosk.staff.card.card
    assert card is not None
    assert card.guest == guest
    assert card.confirmable


def enter(kiosk: Opened, qtbot: QtBot, *guests: Guest) -> None:
    for guest in guests:
        ready(kiosk, qtbot, guest)
        kiosk.desk.confirm(BOTH, kiosk.clock.now())
        settle(kiosk, qtbot)
    kiosk.clock.go(timedelta(minutes=5))


def scan(kiosk: Opened, qtbot: QtBot, guest: Guest) -> None:
    kiosk.desk.scanned(badge_of(guest), kiosk.clock.now())
    settle(kiosk, qtbot)


def records(house: StaffedHouse, act: EntryAct) -> list[str]:
    return [each.guest for each in house.maker.journal.log if each.act is act]


# The menu


def test_a_menu_that_a_scan_has_overtaken_decides_nothing_of_the_next_guest(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    enter(kiosk, qtbot, SOMEBODY, OTHER)
    kiosk.desk.look_at_guest(SOMEBODY.id, kiosk.clock.now())
    shown(kiosk, qtbot, SOMEBODY)
    press(kiosk, MENU)
    scan(kiosk, qtbot, OTHER)
    shown(kiosk, qtbot, OTHER)
    type_in(kiosk, "2")  # leaves: it was about the other guest
    settle(kiosk, qtbot)
    assert records(house, EntryAct.OUT) == []
    assert kiosk.staff.acts.sheet is kiosk.staff.acts.menu


def test_the_menu_after_a_registration_is_about_whom_the_card_shows(
    kiosk: Opened, qtbot: QtBot
) -> None:
    enter(kiosk, qtbot, OTHER)
    press(kiosk, ESCAPE)
    press(kiosk, MENU)
    type_in(kiosk, "4")
    sheet = kiosk.staff.acts.sheet
    assert isinstance(sheet, RegisterSheet)
    sheet.names.family.fill("Walkin")
    sheet.partnership.entry.fill("Somewhere")
    scan(kiosk, qtbot, OTHER)  # re-entry, answered below the sheet
    press(kiosk, ENTER)
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: sheet.vouching)
    type_in(kiosk, SARA_PIN)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: not kiosk.staff.acts.open)
    card = kiosk.staff.card.card
    assert card is not None
    assert card.guest is not None
    assert card.guest.family == "Walkin"
    press(kiosk, MENU)
    about = kiosk.staff.acts._admission
    assert about is None or about.guest == card.guest


# Taking back


def test_what_a_supervisor_takes_back_is_not_what_was_recorded_while_the_pin_was_typed(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    enter(kiosk, qtbot, OTHER, SOMEBODY)
    press(kiosk, HAND_OVER)
    take_over(kiosk, qtbot, "b", BRUNO_PIN)
    press(kiosk, UNDO)  # Anna's entry is a supervisor's to take back
    qtbot.waitUntil(lambda: isinstance(kiosk.staff.acts.sheet, Act))
    sheet = kiosk.staff.acts.sheet
    assert isinstance(sheet, Act)
    qtbot.waitUntil(lambda: sheet.vouchers is not None)
    press(kiosk, ENTER)
    type_in(kiosk, SARA_PIN[:3])
    scan(kiosk, qtbot, OTHER)  # a re-entry, recorded at once
    assert records(house, EntryAct.IN) == [OTHER.id, SOMEBODY.id, OTHER.id]
    type_in(kiosk, SARA_PIN[3:])
    press(kiosk, ENTER)
    settle(kiosk, qtbot)
    undone = [each.guest for each in house.maker.journal.log if each.cause is Cause.UNDONE]
    assert OTHER.id not in undone


# The desk changes hands


def test_whoever_takes_over_confirms_anew(kiosk: Opened, qtbot: QtBot) -> None:
    ready(kiosk, qtbot, SOMEBODY)
    for toggle in kiosk.staff.card.toggles.values():
        toggle.click()
    assert kiosk.staff.card.primary.ready
    press(kiosk, HAND_OVER)
    take_over(kiosk, qtbot, "b", BRUNO_PIN)
    assert not kiosk.staff.card.seen
    assert not kiosk.staff.card.primary.ready


def test_a_pin_that_was_typed_before_a_hand_over_is_gone_after_it(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    press(kiosk, MENU)
    type_in(kiosk, "0")
    sheet = kiosk.staff.acts.sheet
    assert isinstance(sheet, Act)
    qtbot.waitUntil(lambda: sheet.vouchers is not None)
    type_in(kiosk, "1")
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: sheet.vouching)
    type_in(kiosk, SARA_PIN)
    kiosk.window.staff.show_badge(house.badge(house.bruno))
    qtbot.waitUntil(lambda: kiosk.window.staff.is_open)
    board = kiosk.window.staff
    qtbot.waitUntil(lambda: board.sheet.pin_form.picker.chosen == house.bruno.id)
    type_in(kiosk, BRUNO_PIN)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: not board.is_open)
    assert sheet.pin_form.pin.text() == ""


# Leaving, by mistake


def test_a_guest_who_is_ready_and_not_inside_is_let_in_all_the_same_after_the_key_for_leaving(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    ready(kiosk, qtbot, SOMEBODY)
    press(kiosk, LEAVES)
    qtbot.waitUntil(lambda: "not inside" in words(kiosk))
    assert not kiosk.staff.card.seen
    for toggle in kiosk.staff.card.toggles.values():
        toggle.click()
    press(kiosk, ENTER)
    settle(kiosk, qtbot)
    assert records(house, EntryAct.IN) == [SOMEBODY.id]


def test_after_the_key_for_leaving_the_next_guest_waits_for_no_card_that_nobody_sees(
    kiosk: Opened, qtbot: QtBot
) -> None:
    ready(kiosk, qtbot, SOMEBODY)
    press(kiosk, LEAVES)
    settle(kiosk, qtbot)
    press(kiosk, ESCAPE)
    scan(kiosk, qtbot, OTHER)
    card = kiosk.staff.card.card
    assert card is not None
    assert card.guest == OTHER


# A guest's screen that is closed in the middle of an answer


def test_what_a_guest_chose_is_over_when_the_door_is_closed_upon_the_answer(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    house = StaffedHouse(monkeypatch, Mode.SELF)
    with house.opened(language="fr") as kiosk:
        sara = house.vouching(house.sara)
        qtbot.waitUntil(lambda: kiosk.guest.currentWidget() is kiosk.guest.closed)
        kiosk.window.staff.line.open(sara, AT)
        qtbot.waitUntil(lambda: kiosk.guest.currentWidget() is kiosk.guest.scan)
        kiosk.window.switch_language("en")
        kiosk.window.wear(contrast=True, large=True)
        kiosk.window.show_admission(admit())
        kiosk.window.staff.pause()
        qtbot.waitUntil(lambda: kiosk.guest.currentWidget() is kiosk.guest.closed)
        kiosk.window.staff.line.open(sara, AT)
        qtbot.waitUntil(lambda: kiosk.guest.currentWidget() is kiosk.guest.scan)
        assert kiosk.window.language == "fr"
        assert not kiosk.guest.scan._style.large
        assert kiosk.guest.scan._style.theme is Theme.LIGHT
