"""The window that asks for the passphrase: clear words, and slower after each wrong one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from kiosk.gui.unlock import UnlockDialog
from tests.gui_support import wordings

RIGHT = "correct horse battery staple"


@pytest.fixture(params=["fr", "en"])
def dialog(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[UnlockDialog[str]]:
    asking: UnlockDialog[str] = UnlockDialog(
        wordings()[request.param], lambda typed: "the key" if typed == RIGHT else None
    )
    qtbot.addWidget(asking)
    asking.show()
    yield asking
    asking._second.stop()


def type_in(dialog: UnlockDialog[str], text: str) -> None:
    QTest.keyClicks(dialog.field, text)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)


def test_the_right_passphrase_opens_and_is_not_shown(dialog: UnlockDialog[str]) -> None:
    QTest.keyClicks(dialog.field, RIGHT)
    assert dialog.field.displayText() != RIGHT
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.opened == "the key"
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.field.text() == ""


def test_each_wrong_passphrase_shuts_the_field_for_twice_as_long(dialog: UnlockDialog[str]) -> None:
    pauses = []
    for _ in range(7):
        type_in(dialog, "wrong")
        assert not dialog.field.isEnabled()
        assert not dialog.go.isEnabled()
        seconds = 0
        while not dialog.field.isEnabled():
            assert str(dialog._left) in dialog.told.text()
            dialog._count_down()
            seconds += 1
        pauses.append(seconds)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    type_in(dialog, RIGHT)
    assert dialog.opened == "the key"


def test_nothing_typed_is_no_try(dialog: UnlockDialog[str]) -> None:
    type_in(dialog, "")
    assert dialog.field.isEnabled()


def test_escape_gives_up(dialog: UnlockDialog[str]) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.opened is None
    assert dialog.result() == QDialog.DialogCode.Rejected
