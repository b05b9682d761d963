"""Opening, handing over and pausing in the running window, by keyboard, badge and fingers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.core.staff.register import Ended
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from kiosk.desk.settings import Settings
from kiosk.gui.parts.text import Text
from kiosk.gui.staff.duty_sheet import Beside, Occasion
from tests.door_window import press
from tests.gui_support import AT, SOMEBODY, Opened, badge_of, opened
from tests.shots.faults import faults
from tests.staffed import ANNA_PIN, BRUNO_PIN, SARA_PIN, WRONG, StaffedHouse

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
HAND_OVER, PAUSE = Qt.Key.Key_F2, Qt.Key.Key_F4


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> StaffedHouse:
    return StaffedHouse(monkeypatch)


@pytest.fixture
def kiosk(house: StaffedHouse, qtbot: QtBot) -> Iterator[Opened]:
    with house.opened() as made:
        made.window.activateWindow()
        qtbot.waitUntil(lambda: made.window.staff.is_open and offered(made))
        yield made


def offered(kiosk: Opened) -> bool:
    """Whether the people to choose from are there."""
    return bool(kiosk.window.staff.sheet.pin_form.picker.chosen)


def type_keys(kiosk: Opened, *keys: Qt.Key | str) -> None:
    """Press keys wherever the focus is, as fingers do."""
    for key in keys:
        target: QWidget = QApplication.focusWidget() or kiosk.window
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)


def text_of(kiosk: Opened) -> str:
    texts = kiosk.window.staff.cover.findChildren(Text)
    return "\n".join(text.full for text in texts if text.isVisible())


def open_as_anna(kiosk: Opened, qtbot: QtBot) -> None:
    type_keys(kiosk, "a", ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)


# Opening


def test_a_desk_that_nobody_opened_asks_who_checks_here(kiosk: Opened) -> None:
    told = text_of(kiosk)
    assert "Who checks here?" in told
    assert "Porte Nord" in told
    assert "Nobody checks here yet." in told


def test_a_letter_the_pin_and_enter_open_the_desk_and_the_register_knows_it(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    (session,) = house.book.sessions()
    assert (session.member, session.opened, session.screen) == (house.anna.id, AT, "desk")
    assert kiosk.window.staff.duty is not None
    assert kiosk.window.staff.duty.attended


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_next_one_may_be_typed_at_once(
    kiosk: Opened, qtbot: QtBot
) -> None:
    type_keys(kiosk, "a", WRONG, ENTER)
    qtbot.waitUntil(lambda: "more tries" in text_of(kiosk))
    type_keys(kiosk, ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)


def test_escape_leads_nowhere_while_nobody_checks_here(kiosk: Opened) -> None:
    type_keys(kiosk, ESCAPE)
    assert kiosk.window.staff.is_open
    assert not kiosk.window.staff.sheet.back.isVisible()


def test_without_a_pin_enter_asks_for_it(kiosk: Opened) -> None:
    type_keys(kiosk, ENTER)
    assert "Type the PIN" in text_of(kiosk)


def test_a_staff_badge_names_its_bearer_and_only_the_pin_is_missing(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    kiosk.window.staff.show_badge(house.badge(house.bruno))
    picker = kiosk.window.staff.sheet.pin_form.picker
    qtbot.waitUntil(lambda: picker.chosen == house.bruno.id)
    type_keys(kiosk, BRUNO_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert house.book.sessions()[0].member == house.bruno.id


def test_fingers_open_the_desk_too(kiosk: Opened, house: StaffedHouse, qtbot: QtBot) -> None:
    form = kiosk.window.staff.sheet.pin_form
    while form.picker.chosen != house.anna.id:
        QTest.mouseClick(form.picker, Qt.MouseButton.LeftButton)
    for digit in ANNA_PIN:
        QTest.mouseClick(form.pad.keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kiosk.window.staff.sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)


def test_a_full_disk_opens_nothing_and_says_what_to_do(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    house.book.full = True
    type_keys(kiosk, "a", ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: "could not be written" in text_of(kiosk))
    assert kiosk.window.staff.is_open


def test_without_a_staff_list_the_desk_opens_at_once(qtbot: QtBot) -> None:
    with opened(Mode.DESK, language="en") as kiosk:
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        assert not kiosk.window.staff.is_open
        press(kiosk, HAND_OVER)
        qtbot.waitUntil(lambda: "Nobody is in the staff list" in text_of(kiosk))
        type_keys(kiosk, ESCAPE)
        assert not kiosk.window.staff.is_open


# Handing over


def test_a_hand_over_takes_seven_keys_and_ends_the_session_of_before(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    kiosk.clock.go(timedelta(minutes=30))
    keys = [HAND_OVER, "b", *BRUNO_PIN, ENTER]
    type_keys(kiosk, keys[0])
    qtbot.waitUntil(lambda: offered(kiosk))
    assert "Anna Example checks here since 08:47." in text_of(kiosk)
    type_keys(kiosk, *keys[1:])
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert len(keys) == 7
    assert [s.member for s in house.book.sessions()] == [house.anna.id, house.bruno.id]
    assert house.book.sessions()[0].ended is Ended.HANDED_OVER


def test_the_title_says_who_checks_and_hands_over_to_a_mouse_or_a_finger(
    kiosk: Opened, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    title = kiosk.staff.header.duty
    qtbot.waitUntil(lambda: "Anna Example" in title.accessibleName())
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    assert kiosk.window.staff.is_open


def test_a_guest_who_scans_during_a_hand_over_is_answered_and_the_pin_goes_on(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    type_keys(kiosk, HAND_OVER)
    qtbot.waitUntil(lambda: offered(kiosk))
    type_keys(kiosk, "b", BRUNO_PIN[:2])
    with qtbot.waitSignal(kiosk.window.answered) as told:
        kiosk.desk.sight((badge_of(SOMEBODY),), AT)
    assert told.args is not None
    assert told.args[0].shown is Shown.AWAIT_CERTIFICATE
    type_keys(kiosk, BRUNO_PIN[2:], ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert house.book.sessions()[-1].member == house.bruno.id
    assert kiosk.staff.card.card is not None
    assert kiosk.staff.card.card.guest == SOMEBODY


def test_the_badge_of_a_colleague_begins_a_hand_over_and_the_own_one_does_nothing(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    line = kiosk.window.staff.line
    with qtbot.waitSignal(line.bearer):
        kiosk.window.staff.show_badge(house.badge(house.anna))
    assert not kiosk.window.staff.is_open
    kiosk.window.staff.show_badge(house.badge(house.bruno))
    picker = kiosk.window.staff.sheet.pin_form.picker
    qtbot.waitUntil(lambda: kiosk.window.staff.is_open and picker.chosen == house.bruno.id)
    type_keys(kiosk, BRUNO_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert house.book.sessions()[-1].member == house.bruno.id


def test_escape_leaves_everything_as_it_was_and_the_keys_of_the_desk_work_again(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    type_keys(kiosk, HAND_OVER)
    qtbot.waitUntil(lambda: offered(kiosk))
    type_keys(kiosk, "12", ESCAPE)
    assert not kiosk.window.staff.is_open
    assert kiosk.window.staff.sheet.pin_form.pin.text() == ""
    texts = kiosk.window.staff.cover.findChildren(Text)
    assert not any("Example" in text.full for text in texts)  # nobody's name stays
    assert kiosk.staff.hasFocus()
    assert len(house.book.kept) == 1


# Pausing


def test_while_paused_nobody_is_answered_and_the_own_pin_goes_on(
    kiosk: Opened, house: StaffedHouse, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    type_keys(kiosk, HAND_OVER)
    qtbot.waitUntil(lambda: offered(kiosk))
    type_keys(kiosk, PAUSE)
    sheet = kiosk.window.staff.sheet
    qtbot.waitUntil(lambda: sheet.occasion is Occasion.PAUSED and offered(kiosk))
    assert (sheet.occasion, sheet.pin_form.picker.chosen) == (Occasion.PAUSED, house.anna.id)
    kiosk.desk.sight((badge_of(SOMEBODY),), AT)
    type_keys(kiosk, ESCAPE, ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
    assert kiosk.staff.card.card is None or kiosk.staff.card.card.guest is None
    assert len(house.book.kept) == 1


# The day


def test_a_session_that_ends_with_its_day_is_told_on_the_banner_until_it_is_opened_anew(
    kiosk: Opened, qtbot: QtBot
) -> None:
    open_as_anna(kiosk, qtbot)
    kiosk.clock.go(timedelta(days=1))
    kiosk.window.staff.look(kiosk.clock.now())
    banner = kiosk.staff.header.banner
    qtbot.waitUntil(lambda: banner.told.startswith("The session is over"))
    press(kiosk, HAND_OVER)
    qtbot.waitUntil(lambda: offered(kiosk))
    type_keys(kiosk, "a", ANNA_PIN, ENTER)
    qtbot.waitUntil(lambda: banner.told == "")


# The self-scan screen


def test_at_a_self_scan_screen_guests_see_no_sheet_until_staff_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    house = StaffedHouse(monkeypatch, Mode.SELF)
    with house.opened() as kiosk:
        kiosk.window.activateWindow()
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        assert not kiosk.window.staff.is_open
        assert kiosk.guest.currentWidget() is kiosk.guest.closed
        QTest.mouseClick(kiosk.guest.closed.staff, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: kiosk.window.staff.is_open and offered(kiosk))
        assert kiosk.window.staff.sheet.pin_form.picker.chosen == house.sara.id
        type_keys(kiosk, SARA_PIN, ENTER)
        qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
        assert kiosk.guest.currentWidget() is not kiosk.guest.closed
        with qtbot.waitSignal(kiosk.window.answered):
            kiosk.desk.sight((badge_of(SOMEBODY),), AT)


# How it looks


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "size", [(1024, 600), (1280, 800), (1366, 768), (1920, 1080), (1080, 1920)]
)
def test_nothing_of_the_sheet_is_cut(
    house: StaffedHouse, qtbot: QtBot, size: tuple[int, int], language: str, large: bool
) -> None:
    with house.opened(size, language) as kiosk:
        kiosk.window.take_settings(Settings(large_text=large, language=language))
        qtbot.waitUntil(lambda: kiosk.window.staff.is_open and offered(kiosk))
        kiosk.window.activateWindow()
        check(kiosk)
        open_as_anna(kiosk, qtbot)
        type_keys(kiosk, HAND_OVER)
        qtbot.waitUntil(lambda: offered(kiosk))
        check(kiosk)
        type_keys(kiosk, ENTER)
        check(kiosk)


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1080, 1920)])
def test_nothing_of_the_sheet_that_asks_for_a_supervisor_is_cut(
    house: StaffedHouse, qtbot: QtBot, size: tuple[int, int]
) -> None:
    with house.opened(size) as kiosk:
        qtbot.waitUntil(lambda: kiosk.window.staff.is_open and offered(kiosk))
        kiosk.window.activateWindow()
        open_as_anna(kiosk, qtbot)
        kiosk.window.pages.want(Beside.SETTINGS)
        form = kiosk.window.pages.vouch.pin_form
        qtbot.waitUntil(lambda: bool(form.picker.chosen))
        qtbot.waitUntil(lambda: faults(kiosk.window) == [])  # once it is laid out


def check(kiosk: Opened) -> None:
    QApplication.processEvents()
    cover = kiosk.window.staff.cover
    for text in cover.findChildren(Text):
        if text.isVisible():
            assert not text.cut, text.full
            place = text.mapTo(cover, text.rect().bottomRight())
            assert cover.rect().contains(place), text.full
