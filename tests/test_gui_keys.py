"""What keys stand for: digits without Shift on a French keyboard, PINs typed there and on a pad."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.desk.supervising import Supervisor
from kiosk.gui.parts.keys import digit_of
from kiosk.gui.parts.pin import PinForm
from tests.gui_support import dress

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
PEOPLE = (Supervisor("1", "Sara Éxample"), Supervisor("2", "Tom Example"))


def key(text: str, modifier: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, modifier, text)


def test_the_row_of_digits_of_a_french_keyboard_needs_no_shift() -> None:
    assert "".join(digit_of(key(each)) for each in "&é\"'(-è_çà") == "1234567890"
    assert "".join(digit_of(key(each)) for each in "0123456789") == "0123456789"
    assert [digit_of(key(each)) for each in ("a", "", "12", "٣", "²")] == [""] * 5


def test_a_key_with_control_is_no_digit() -> None:
    assert digit_of(key("1", CONTROL)) == ""


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication) -> PinForm:
    dress(qapp)
    made = PinForm()
    qtbot.addWidget(made)
    made.offer(PEOPLE)
    return made


def test_a_pin_takes_digits_and_the_rest_chooses_the_person(form: PinForm) -> None:
    QTest.keyClicks(form.pin, "7")
    QApplication.sendEvent(form.pin, key("é"))
    QTest.keyClicks(form.pin, "t-8")
    assert form.pin.text() == "7268"  # the hyphen is the 6 of that keyboard
    assert form.picker.chosen == "2"
    QTest.keyClick(form.pin, Qt.Key.Key_Up)
    assert form.picker.chosen == "1"
    QTest.keyClick(form.pin, Qt.Key.Key_Backspace)
    assert form.pin.take() == "726"
    assert form.pin.text() == ""


def test_the_pad_types_into_the_field_and_leaves_the_focus_there(form: PinForm) -> None:
    for sign in ("4", "8", "⌫", "0"):
        QTest.mouseClick(form.pad.keys[sign], Qt.MouseButton.LeftButton)
    assert form.pin.text() == "40"
    assert not any(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in form.pad.keys.values())
    form.offer(())
    assert (form.pin.text(), form.picker.chosen) == ("", "")
