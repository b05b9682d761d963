"""Finding a guest at the desk: what is shown while one types, and the keyboard upon the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.entry import EntryAct
from kiosk.desk.admission import Found, Today
from kiosk.desk.findings import Mode
from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.keyboard import ACCENTS, PAGES, CharacterKey, Keyboard
from kiosk.gui.words.phrases import Band
from tests.door_window import ENTER, ESCAPE, SPACE, band, press, words
from tests.gui_support import AT, GUESTS, SOMEBODY, Opened, dress, opened, ready

KEYBOARD, F3 = Qt.Key.Key_K, Qt.Key.Key_F3


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        yield shown


def find(kiosk: Opened, qtbot: QtBot, query: str) -> None:
    press(kiosk, F3)
    QTest.keyClicks(kiosk.staff.side.search, query)
    qtbot.waitUntil(lambda: bool(kiosk.staff.finder.rows[0].guest_id))


def click(button: Pressable) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def keyboard(kiosk: Opened) -> Keyboard:
    press(kiosk, KEYBOARD)
    return kiosk.staff.finder.keyboard


# Results


def test_each_result_tells_organisation_partnership_and_where_the_guest_stands(
    kiosk: Opened, qtbot: QtBot
) -> None:
    find(kiosk, qtbot, "virtanen")
    said = words(kiosk)
    for text in ("Mikko Virtanen", "Suomen klusteri · BalticLoop", "pas encore là"):
        assert text in said


def test_the_answer_stays_in_sight_above_the_results(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.window.show_admission(ready())
    find(kiosk, qtbot, "virtanen")
    assert kiosk.staff.card.band.isVisible()
    assert "Prêt\u00a0: confirmez" in words(kiosk)
    assert not kiosk.staff.card.primary.isVisible()


def test_what_the_results_cover_cannot_be_decided(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.window.show_admission(ready())
    find(kiosk, qtbot, "virtanen")
    kiosk.staff.finder.rows[0].setFocus()
    kiosk.staff.setFocus()
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER, Qt.Key.Key_F7, Qt.Key.Key_1)
    assert kiosk.staff.card.seen == frozenset()
    assert band(kiosk) is Band.READY
    assert kiosk.staff.finding


def test_escape_leads_from_the_results_to_the_card_as_it_was(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.window.show_admission(ready())
    press(kiosk, SPACE)
    find(kiosk, qtbot, "virtanen")
    press(kiosk, ESCAPE)
    assert not kiosk.staff.finding
    assert kiosk.staff.side.search.text() == ""
    assert len(kiosk.staff.card.seen) == 1


def test_the_arrows_lead_through_the_results_and_back_to_the_field(
    kiosk: Opened, qtbot: QtBot
) -> None:
    find(kiosk, qtbot, "a")
    rows = kiosk.staff.finder.rows
    press(kiosk, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert rows[1].hasFocus()
    press(kiosk, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert kiosk.staff.side.search.hasFocus()


def test_a_result_is_chosen_with_a_click(kiosk: Opened, qtbot: QtBot) -> None:
    find(kiosk, qtbot, "virtanen")
    click(kiosk.staff.finder.rows[0])
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Mikko Virtanen")
    assert not kiosk.staff.finding


def test_whoever_is_inside_is_looked_at_and_nothing_is_recorded(
    kiosk: Opened, qtbot: QtBot
) -> None:
    kiosk.desk.choose(SOMEBODY.id, AT)
    kiosk.desk.official_reader(AT)
    qtbot.waitUntil(lambda: band(kiosk) is Band.READY)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    find(kiosk, qtbot, "ficticia")
    assert "à l’intérieur · Porte Nord" in words(kiosk)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "Fiche" in words(kiosk))
    assert "08:47 Porte Nord" in words(kiosk)
    assert [record.act for record in kiosk.journal.log] == [EntryAct.IN]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (Today.INSIDE, "à l’intérieur · Porte Sud"),
        (Today.LEFT, "entrée puis sortie"),
        (Today.CHECKED, "contrôle fait"),
        (Today.NOT_IN_YET, "pas encore là"),
        (Today.SEAT_PASSED, "place donnée"),
        (Today.OTHER_OCCASION, "autre partie"),
        (Today.REMOTE, "en ligne"),
        (Today.NOT_SELECTED, "en attente d’une place"),
        (Today.DECLINED, "inscription non retenue"),
    ],
)
def test_where_a_guest_stands_is_told_in_a_word(kiosk: Opened, today: Today, told: str) -> None:
    press(kiosk, F3)
    QTest.keyClicks(kiosk.staff.side.search, "m")
    kiosk.staff.finder.show_found("m", [Found(SOMEBODY, today, "south")])
    assert told in words(kiosk)


def test_results_of_what_was_typed_before_are_nobody_s(kiosk: Opened) -> None:
    press(kiosk, F3)
    QTest.keyClicks(kiosk.staff.side.search, "mi")
    kiosk.staff.finder.show_found("m", [Found(SOMEBODY, Today.INSIDE)])
    assert kiosk.staff.finder.rows[0].found is None


# The keyboard upon the screen


def test_a_keyboard_comes_with_its_key_and_writes_a_name_that_is_found(
    kiosk: Opened, qtbot: QtBot
) -> None:
    shown = keyboard(kiosk)
    assert shown.isVisible()
    assert kiosk.staff.side.search.hasFocus()
    for letter in "ber":
        click(shown.key(letter))
    assert kiosk.staff.side.search.text() == "ber"
    qtbot.waitUntil(lambda: kiosk.staff.finder.rows[0].guest_id == GUESTS[1].id)
    click(shown.enter)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Jānis Bērziņš")
    assert not shown.isVisible()


def test_a_finger_on_the_field_brings_the_keyboard_and_a_mouse_does_not(kiosk: Opened) -> None:
    field = kiosk.staff.side.search
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert kiosk.staff.finding
    assert not kiosk.staff.finder.keyboard.isVisible()
    device = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)
    assert isinstance(device, QPointingDevice)
    middle = QPoint(field.width() // 2, field.height() // 2)
    for finger in ("press", "release"):
        touch = QTest.touchEvent(field, device)
        getattr(touch, finger)(0, middle, field)
        touch.commit()
    QApplication.processEvents()
    assert kiosk.staff.finder.keyboard.isVisible()


def test_erase_and_space_do_what_they_say(kiosk: Opened) -> None:
    shown = keyboard(kiosk)
    for key in (shown.key("a"), shown._blank, shown.key("b"), shown.erase):
        click(key)
    assert kiosk.staff.side.search.text() == "a "


def test_every_page_writes_its_letters(kiosk: Opened) -> None:
    shown = keyboard(kiosk)
    for page, lines in PAGES.items():
        click(shown.page_keys[page])
        for letter in lines[1]:
            click(shown.key(letter))
        assert kiosk.staff.side.search.text() == lines[1]
        kiosk.staff.side.search.clear()


def test_a_letter_that_is_held_offers_its_accents_and_writes_the_one_that_is_chosen(
    kiosk: Opened, qtbot: QtBot
) -> None:
    shown = keyboard(kiosk)
    letter = shown.key("o")
    QTest.mousePress(letter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(shown.accents) and shown.accents[0].isVisible())
    QTest.mouseRelease(letter, Qt.MouseButton.LeftButton)
    assert "".join(key.character for key in shown.accents) == ACCENTS["o"]
    click(next(key for key in shown.accents if key.character == "ø"))
    assert kiosk.staff.side.search.text() == "ø"
    assert shown.key("o").isVisible()


def test_the_letters_lie_as_the_language_of_staff_has_them(kiosk: Opened) -> None:
    shown = keyboard(kiosk)

    def first_line() -> str:
        return "".join(key.character for key in shown._characters["ABC"][0])

    assert first_line() == "azertyuiop"
    kiosk.window.switch_language("en")
    assert first_line() == "qwertyuiop"


def test_capitals_begin_each_word_where_they_are_wanted(kiosk: Opened) -> None:
    shown = keyboard(kiosk)
    shown.serve(kiosk.staff.side.search, capitals=True)
    for key in ("l", "e", "-", "g"):
        click(shown.key(key))
    assert kiosk.staff.side.search.text() == "Le-G"


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080), (1080, 1920)])
def test_every_key_is_large_enough_for_a_finger(qapp: QApplication, size: tuple[int, int]) -> None:
    dress(qapp)
    with opened(Mode.DESK, size) as kiosk:
        shown = keyboard(kiosk)
        QApplication.processEvents()
        for page in PAGES:
            shown.turn_to(page)
            QApplication.processEvents()
            for key in shown.findChildren(CharacterKey):
                if key.isVisible():
                    least = kiosk.staff._style.px(40)
                    assert min(key.width(), key.height()) >= least, key.character


def test_the_keys_never_take_the_focus_and_have_names(kiosk: Opened) -> None:
    shown = keyboard(kiosk)
    visible = [key for key in shown.findChildren(Pressable) if key.isVisible()]
    assert len(visible) > 30
    for key in visible:
        assert key.focusPolicy() is Qt.FocusPolicy.NoFocus
        assert key.accessibleName()


def test_the_keyboard_is_put_away_and_the_results_have_their_room_again(
    kiosk: Opened,
) -> None:
    shown = keyboard(kiosk)
    click(shown.key("a"))
    kiosk.staff.finder.show_found("a", [Found(guest, Today.NOT_IN_YET) for guest in GUESTS])
    few = sum(line.isVisible() for line in kiosk.staff.finder.rows)
    click(shown.hiding)
    assert sum(line.isVisible() for line in kiosk.staff.finder.rows) > few
