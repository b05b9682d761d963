"""The readiness of a door in its window: what goes green by itself, and what staff answer for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.staff.roles import Role
from kiosk.desk import readiness
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Sound
from kiosk.desk.readiness import Finding, Item, State
from kiosk.desk.settings import Settings
from kiosk.gui.parts.text import Text
from kiosk.gui.staff.ready_page import ReadyPage
from tests.door_window import press
from tests.gui_support import AT, SOMEBODY, Opened, badge_of, opened
from tests.houses import FINE, TestHouse, furnished
from tests.staffed import ANNA_PIN, SARA_PIN, StaffedHouse
from tests.test_gui_duty import offered, type_keys

ENTER, READY = Qt.Key.Key_Return, Qt.Key.Key_F5
DOUBTED = Finding(Item.CLOCK, State.FAIL, "fail", {"time": AT})
SIZES = [(1024, 600), (1280, 800), (1366, 768), (1920, 1080), (1080, 1920)]


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def kiosk(qtbot: QtBot) -> Iterator[Opened]:
    with opened(Mode.DESK, language="en") as made:
        made.window.activateWindow()
        qtbot.waitUntil(lambda: made.window.staff.duty is not None)
        yield made


@pytest.fixture
def house(kiosk: Opened) -> TestHouse:
    return furnished(kiosk)


def page_of(kiosk: Opened) -> ReadyPage:
    return kiosk.window.pages.ready


def looked(kiosk: Opened, qtbot: QtBot) -> ReadyPage:
    """The page, once everything was looked at."""
    page = page_of(kiosk)
    press(kiosk, READY)
    qtbot.waitUntil(lambda: page.is_open and len(page.findings) == len(Item))
    return page


def all_found(page: ReadyPage) -> bool:
    return len(page.findings) == len(Item)


def state_of(kiosk: Opened, item: Item) -> State | None:
    return page_of(kiosk).sheet.rows[item].state


@pytest.mark.usefixtures("house")
def test_one_key_looks_at_everything_and_what_needs_eyes_and_ears_is_asked(
    kiosk: Opened, qtbot: QtBot
) -> None:
    page = looked(kiosk, qtbot)
    assert {each for each in Item if state_of(kiosk, each) is State.OK} == set(FINE)
    asked = {Item.CAMERA, Item.SOUND, Item.PAPER}
    assert {each for each in Item if state_of(kiosk, each) is State.ASK} == asked
    assert page.sheet.told.full == "3 points are open: each with its remedy."


@pytest.mark.usefixtures("house")
def test_a_code_before_the_camera_turns_its_line_green_at_once(kiosk: Opened, qtbot: QtBot) -> None:
    looked(kiosk, qtbot)
    kiosk.window.show_codes([], (640, 480))
    qtbot.waitUntil(lambda: state_of(kiosk, Item.CAMERA) is State.OK)
    kiosk.window.camera_trouble(CameraTrouble(CameraFault.NO_PICTURE, "Webcam"))
    qtbot.waitUntil(lambda: state_of(kiosk, Item.CAMERA) is State.FAIL)


def test_the_sounds_are_played_and_staff_say_whether_they_heard_them(
    kiosk: Opened, house: TestHouse, qtbot: QtBot
) -> None:
    page = looked(kiosk, qtbot)
    type_keys(kiosk, "2")
    assert house.sounds.played == [Sound.ADMIT, Sound.DESK, Sound.REFUSE]
    assert "did you hear" in page.sheet.rows[Item.SOUND].accessibleName()
    type_keys(kiosk, Qt.Key.Key_Delete)
    assert state_of(kiosk, Item.SOUND) is State.FAIL
    type_keys(kiosk, "2", "2")
    assert len(house.sounds.played) == 6
    assert state_of(kiosk, Item.SOUND) is State.OK


@pytest.mark.usefixtures("house")
def test_everything_answered_says_that_all_is_ready_and_enter_goes_back_to_the_desk(
    kiosk: Opened, qtbot: QtBot
) -> None:
    page = looked(kiosk, qtbot)
    kiosk.window.show_codes([], (640, 480))
    QTest.mouseClick(page.sheet.rows[Item.SOUND], Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.sheet.rows[Item.SOUND], Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.sheet.rows[Item.PAPER], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.sheet.told.full == "All is ready.")
    tried = page.tries
    type_keys(kiosk, ENTER)
    assert (tried, page.tries) == (True, False)
    assert not page.is_open
    assert kiosk.staff.hasFocus()


def test_looking_again_finds_what_was_mended(kiosk: Opened, house: TestHouse, qtbot: QtBot) -> None:
    house.findings[Item.DISK] = readiness.disk(0)
    page = looked(kiosk, qtbot)
    assert state_of(kiosk, Item.DISK) is State.FAIL
    house.findings[Item.DISK] = FINE[Item.DISK]
    type_keys(kiosk, READY)
    qtbot.waitUntil(lambda: state_of(kiosk, Item.DISK) is State.OK)
    assert page.is_open


def test_what_is_wrong_keeps_no_door_shut(kiosk: Opened, house: TestHouse, qtbot: QtBot) -> None:
    house.findings |= {Item.DATABASE: readiness.database(sound=False), Item.DISK: readiness.disk(0)}
    page = looked(kiosk, qtbot)
    type_keys(kiosk, ENTER)
    assert not page.is_open
    with qtbot.waitSignal(kiosk.window.answered):
        kiosk.desk.sight((badge_of(SOMEBODY),), AT)


def test_a_failed_self_test_keeps_the_page_and_no_guest_is_answered(
    kiosk: Opened, house: TestHouse, qtbot: QtBot
) -> None:
    house.findings[Item.SELF_TEST] = readiness.self_test(passed=False)
    page = looked(kiosk, qtbot)
    duty = kiosk.window.staff
    qtbot.waitUntil(lambda: duty.duty is not None and not duty.duty.attended)
    type_keys(kiosk, ENTER, Qt.Key.Key_Escape)
    assert page.is_open
    assert not duty.is_open
    kiosk.desk.sight((badge_of(SOMEBODY),), AT)
    with qtbot.waitSignal(duty.line.state):
        duty.look(AT)
    assert kiosk.staff.card.card is None or kiosk.staff.card.card.guest is None


def test_without_staff_the_time_is_confirmed_by_one_key(
    kiosk: Opened, house: TestHouse, qtbot: QtBot
) -> None:
    house.findings[Item.CLOCK] = DOUBTED
    looked(kiosk, qtbot)
    type_keys(kiosk, "4")
    assert house.confirmed == [None]
    qtbot.waitUntil(lambda: state_of(kiosk, Item.CLOCK) is State.OK)


def test_after_opening_the_desk_shows_whether_all_is_ready_and_a_supervisor_confirms_the_time(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    people = StaffedHouse(monkeypatch)
    with people.opened() as kiosk:
        made = furnished(kiosk)
        made.findings[Item.CLOCK] = DOUBTED
        kiosk.window.activateWindow()
        pages = kiosk.window.pages
        qtbot.waitUntil(lambda: offered(kiosk))
        type_keys(kiosk, "a", ANNA_PIN, ENTER)
        qtbot.waitUntil(lambda: pages.ready.is_open and state_of(kiosk, Item.CLOCK) is not None)
        qtbot.waitUntil(lambda: state_of(kiosk, Item.CLOCK) is State.FAIL)
        type_keys(kiosk, "4")
        qtbot.waitUntil(lambda: pages.vouch.pin_form.picker.chosen == people.sara.id)
        type_keys(kiosk, ANNA_PIN, ENTER)
        qtbot.waitUntil(lambda: "more tries" in pages.vouch.told.full)
        type_keys(kiosk, SARA_PIN, ENTER)
        qtbot.waitUntil(lambda: len(made.confirmed) == 1)
    (authority,) = made.confirmed
    assert authority is not None
    assert authority.role is Role.SUPERVISOR
    assert people.book.kept[authority.session].member == people.sara.id


def test_a_guest_s_keys_show_nobody_how_things_stand(qtbot: QtBot) -> None:
    with opened(Mode.SELF, language="en") as kiosk:
        furnished(kiosk)
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        for key in (Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F12):
            QTest.keyClick(kiosk.window.screen_shown, key)
        assert not page_of(kiosk).is_open


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_the_page_is_cut(
    qtbot: QtBot, size: tuple[int, int], language: str, large: bool
) -> None:
    with opened(Mode.DESK, size, language) as kiosk:
        kiosk.window.take_settings(Settings(large_text=large, language=language))
        made = furnished(kiosk)
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        for findings in ({}, BAD):
            made.findings |= findings
            page = looked(kiosk, qtbot) if not page_of(kiosk).is_open else page_of(kiosk)
            page.look()
            qtbot.waitUntil(partial(all_found, page))
            QApplication.processEvents()
            for text in page.cover.findChildren(Text):
                if text.isVisible():
                    assert not text.cut, text.full
                    corner = text.mapTo(page.cover, text.rect().bottomRight())
                    assert page.cover.rect().contains(corner), text.full


BAD = {
    Item.CLOCK: DOUBTED,
    Item.DISK: readiness.disk(5 * 10**8),
    Item.DATABASE: readiness.database(sound=False),
    Item.GUESTS: readiness.guests(0, None, AT),
    Item.TRUST_LIST: Finding(Item.TRUST_LIST, State.FAIL, "fail"),
    Item.REVOCATIONS: Finding(Item.REVOCATIONS, State.WARN, "warn", {"date": AT}),
    Item.STAFF: Finding(Item.STAFF, State.WARN, "warn", {"count": 12, "missing": 3}),
    Item.PRINTER: readiness.printer([], ""),
    Item.EXPORT: readiness.export(12_345),
}
