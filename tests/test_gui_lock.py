"""A locked screen: nothing but the supervisor's PIN leads out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.lock import leaving
from kiosk.gui.lock.events import is_kept_out
from kiosk.gui.lock.gesture import CORNER, HOLD, LET_GO
from kiosk.gui.lock.lock import _Held
from kiosk.gui.lock.pointer import IDLE
from tests.locked import PIN, SUPERVISOR, Locked, locked_window

# What Qt's platform without a screen says of each window that comes to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Held, Kind = Qt.Key, Qt.KeyboardModifier, QEvent.Type
NONE, CTRL, ALT, META = (
    Held.NoModifier,
    Held.ControlModifier,
    Held.AltModifier,
    Held.MetaModifier,
)


def key(which: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> QKeyEvent:
    return QKeyEvent(Kind.KeyPress, which, held, text)


@pytest.mark.parametrize(
    ("which", "held"),
    [
        (Key.Key_F4, ALT), (Key.Key_Tab, ALT), (Key.Key_Space, ALT), (Key.Key_Q, CTRL),
        (Key.Key_W, CTRL), (Key.Key_Delete, CTRL | ALT), (Key.Key_T, CTRL | ALT),
        (Key.Key_F1, CTRL | ALT), (Key.Key_Escape, CTRL), (Key.Key_Tab, CTRL), (Key.Key_C, CTRL),
        (Key.Key_V, CTRL), (Key.Key_F10, NONE), (Key.Key_F10, Held.ShiftModifier),
        (Key.Key_F11, NONE), (Key.Key_F13, NONE), (Key.Key_F35, NONE), (Key.Key_Menu, NONE),
        (Key.Key_Print, NONE), (Key.Key_SysReq, NONE), (Key.Key_Super_L, NONE),
        (Key.Key_Super_R, NONE), (Key.Key_Meta, NONE), (Key.Key_L, META), (Key.Key_R, META),
        (Key.Key_Help, NONE), (Key.Key_Back, NONE), (Key.Key_HomePage, NONE),
        (Key.Key_LaunchMail, NONE), (Key.Key_Calculator, NONE), (Key.Key_PowerOff, NONE),
    ],
)  # fmt: skip
def test_a_key_that_leads_elsewhere_is_kept_out(which: Qt.Key, held: Qt.KeyboardModifier) -> None:
    for kind in (Kind.KeyPress, Kind.KeyRelease, Kind.ShortcutOverride):
        assert is_kept_out(QKeyEvent(kind, which, held))


@pytest.mark.parametrize(
    "event",
    [
        key(Key.Key_A, text="a"), key(Key.Key_F3), key(Key.Key_F8), key(Key.Key_F12),
        key(Key.Key_Escape), key(Key.Key_Return), key(Key.Key_Tab), key(Key.Key_Space),
        key(Key.Key_Backtab, Held.ShiftModifier), key(Key.Key_A, CTRL),
        key(Key.Key_Backspace, CTRL), key(Key.Key_Left, CTRL | Held.ShiftModifier),
        key(Key.Key_Shift), key(Key.Key_Control), key(Key.Key_AltGr), key(Key.Key_Alt),
        key(Key.Key_Dead_Acute), key(Key.Key_At, CTRL | ALT, "@"),
        key(Key.Key_At, Held.GroupSwitchModifier, "@"),
    ],
    ids=lambda event: event.keyCombination().key().name,
)  # fmt: skip
def test_the_keys_of_the_screens_and_of_typing_get_through(event: QKeyEvent) -> None:
    assert not is_kept_out(event)


@pytest.fixture
def locked(qapp: QApplication, tmp_path: Path) -> Iterator[Locked]:
    with locked_window(qapp, tmp_path, staffed=False) as made:
        yield made


@pytest.fixture
def staffed(qapp: QApplication, tmp_path: Path) -> Iterator[Locked]:
    with locked_window(qapp, tmp_path) as made:
        yield made


# The window


def test_it_fills_the_screen_without_a_frame_above_all_others(locked: Locked) -> None:
    window = locked.window
    assert window.isFullScreen()
    assert window.geometry() == window.screen().geometry()
    assert window.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint


def test_it_does_not_close_until_it_is_opened(qapp: QApplication, locked: Locked) -> None:
    assert not locked.window.close()
    event = QCloseEvent()
    QApplication.sendEvent(locked.window, event)
    assert not event.isAccepted()
    qapp.quit()
    assert locked.window.isVisible()
    locked.lock.open()
    assert locked.window.close()


@pytest.mark.parametrize("leave", ["showMinimized", "showNormal", "hide"])
def test_it_comes_back_when_it_was_put_away(qtbot: QtBot, locked: Locked, leave: str) -> None:
    getattr(locked.window, leave)()
    window = locked.window
    qtbot.waitUntil(
        lambda: window.isVisible() and window.isFullScreen() and not window.isMinimized()
    )


def test_it_fills_the_screen_again_when_it_was_moved_or_made_small(
    qtbot: QtBot, locked: Locked
) -> None:
    locked.window.setGeometry(50, 60, 400, 300)
    whole = locked.window.screen().geometry()
    qtbot.waitUntil(lambda: locked.window.geometry() == whole)


def test_a_window_whose_screen_was_unplugged_fills_the_one_that_is_left(
    qtbot: QtBot, locked: Locked
) -> None:
    beside = QWidget()
    qtbot.addWidget(beside)
    locked.lock._held.append(_Held(beside, "HDMI-9"))
    locked.lock.mend()
    assert beside.geometry() == QApplication.primaryScreen().geometry()
    assert beside.isFullScreen()
    qtbot.waitUntil(locked.window.isActiveWindow)  # the keys are still the first window's


def test_it_takes_the_keys_back_from_another_window(qtbot: QtBot, locked: Locked) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    qtbot.waitUntil(locked.window.isActiveWindow)


# What is kept out


def test_no_menu_no_drop_no_zoom_and_no_middle_button_reaches_a_widget(locked: Locked) -> None:
    class Listener(QWidget):
        def __init__(self, parent: QWidget) -> None:
            super().__init__(parent)
            self.got: list[QEvent.Type] = []
            self.setAcceptDrops(True)

        def event(self, event: QEvent) -> bool:
            self.got.append(event.type())
            return super().event(event)

    listener = Listener(locked.window)
    listener.setGeometry(0, 300, 100, 100)
    listener.show()
    listener.got.clear()
    here, far = QPoint(10, 10), QPointF(10, 10)
    QApplication.sendEvent(
        listener,
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, here, listener.mapToGlobal(here)),
    )
    for button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        QTest.mouseClick(listener, button)
        QTest.mouseDClick(listener, button)
    phase = Qt.ScrollPhase.NoScrollPhase
    up, none = QPoint(0, 120), Qt.MouseButton.NoButton
    QApplication.sendEvent(listener, QWheelEvent(far, far, up, up, none, CTRL, phase, False))
    mime = QApplication.clipboard().mimeData()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(listener, QDropEvent(far, copy, mime, left, NONE))
    assert listener.got == []
    QTest.mouseClick(listener, Qt.MouseButton.LeftButton)
    QApplication.sendEvent(listener, QWheelEvent(far, far, up, up, none, NONE, phase, False))
    assert {Kind.MouseButtonPress, Kind.Wheel} <= set(listener.got)


# The gesture


def is_held(locked: Locked) -> bool:
    return locked.lock._gesture.holding


def test_the_chord_is_to_be_held_for_three_seconds(qtbot: QtBot, locked: Locked) -> None:
    gesture = locked.lock._gesture
    assert HOLD == 3_000
    QTest.keyPress(locked.window, Key.Key_Q, CTRL | ALT)
    assert is_held(locked)
    QTest.keyRelease(locked.window, Key.Key_Q, CTRL | ALT)
    QTest.keyPress(locked.window, Key.Key_Q, CTRL | ALT)  # as X repeats a key
    qtbot.wait(2 * LET_GO)
    assert is_held(locked)
    QTest.keyRelease(locked.window, Key.Key_Q, CTRL | ALT)
    qtbot.waitUntil(lambda: not is_held(locked))
    QTest.keyPress(locked.window, Key.Key_Q, CTRL | ALT)
    QTest.keyRelease(locked.window, Key.Key_Alt, CTRL)
    assert not is_held(locked)
    gesture._timer.setInterval(20)
    with qtbot.waitSignal(locked.lock.leave_asked):
        QTest.keyPress(locked.window, Key.Key_Q, CTRL | ALT)
    QTest.keyRelease(locked.window, Key.Key_Q, CTRL | ALT)


def test_a_finger_in_the_corner_asks_and_one_that_slides_away_does_not(
    qtbot: QtBot, locked: Locked
) -> None:
    gesture, window = locked.lock._gesture, locked.window
    finger = QTest.createTouchDevice()
    corner = QPoint(window.width() - 10, 10)
    QTest.touchEvent(window, finger).press(0, corner).commit()
    assert is_held(locked)
    away = corner - QPoint(CORNER, 0)
    QTest.touchEvent(window, finger).move(0, away).commit()
    assert not is_held(locked)
    QTest.touchEvent(window, finger).release(0, away).commit()
    QTest.touchEvent(window, finger).press(0, QPoint(10, 10)).commit()
    assert not is_held(locked)
    QTest.touchEvent(window, finger).release(0, QPoint(10, 10)).commit()
    gesture._timer.setInterval(20)
    with qtbot.waitSignal(locked.lock.leave_asked):
        QTest.touchEvent(window, finger).press(0, corner).commit()
    QTest.touchEvent(window, finger).release(0, corner).commit()


# The way out


def test_a_supervisor_s_pin_leads_out(qtbot: QtBot, staffed: Locked) -> None:
    staffed.sheet_with(qtbot, names=True)
    assert [person.name for person in staffed.way._who.people] == [SUPERVISOR]  # type: ignore[union-attr]
    for digit in PIN:
        staffed.press(Qt.Key(ord(digit)))
    staffed.press(Key.Key_Return)
    qtbot.waitUntil(lambda: staffed.let_out == [True])


def test_it_leads_out_of_a_desk_that_waits_for_somebody_to_open_it_too(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with locked_window(qapp, tmp_path, attended=False) as shut:
        qtbot.waitUntil(lambda: shut.kiosk.staff.isAncestorOf(shut.window.focusWidget()))
        shut.sheet_with(qtbot, names=True)
        qtbot.waitUntil(shut.way.sheet.pin_form.pin.hasFocus)
        for digit in PIN:
            shut.press(Qt.Key(ord(digit)))
        shut.press(Key.Key_Return)
        qtbot.waitUntil(lambda: shut.let_out == [True])


def test_a_wrong_pin_does_not_and_says_how_many_tries_are_left(
    qtbot: QtBot, staffed: Locked
) -> None:
    staffed.sheet_with(qtbot, names=True)
    for digit in "271828":
        staffed.press(Qt.Key(ord(digit)))
    staffed.press(Key.Key_Return)
    qtbot.waitUntil(lambda: "essais" in staffed.way.sheet.told.full)
    assert staffed.let_out == []
    staffed.lock.leave_asked.emit()  # the gesture alone is no way out where somebody is named
    assert staffed.let_out == []


def test_where_nobody_is_named_the_gesture_is_to_be_held_again(
    qtbot: QtBot, locked: Locked
) -> None:
    locked.sheet_with(qtbot, names=False)
    assert "trois secondes" in locked.way.sheet.hold.full
    assert locked.way.sheet.hold.isVisible()
    locked.press(Key.Key_Return)
    assert locked.let_out == []
    locked.lock.leave_asked.emit()
    assert locked.let_out == [True]


def test_escape_stays_and_gives_the_keys_back(qtbot: QtBot, staffed: Locked) -> None:
    before = staffed.window.focusWidget()
    staffed.sheet_with(qtbot, names=True)
    staffed.press(Key.Key_3)
    staffed.press(Key.Key_Escape)
    assert not staffed.way.is_open
    assert staffed.window.focusWidget() is before
    assert staffed.way.sheet.pin_form.pin.text() == ""


def test_an_unattended_sheet_closes_and_a_key_puts_that_off(qtbot: QtBot, staffed: Locked) -> None:
    assert leaving.UNATTENDED == 20_000
    timer = staffed.way._unattended
    staffed.sheet_with(qtbot, names=True)
    timer.start(10_000)
    staffed.press(Key.Key_3)
    assert timer.remainingTime() > 9_000
    timer.start(20)
    qtbot.waitUntil(lambda: not staffed.way.is_open)


def test_what_happens_below_does_not_take_the_keys_from_the_sheet(
    qtbot: QtBot, staffed: Locked
) -> None:
    staffed.sheet_with(qtbot, names=True)
    staffed.kiosk.staff.setFocus()
    qtbot.waitUntil(staffed.way.sheet.pin_form.pin.hasFocus)


# The pointer


def test_the_pointer_hides_while_it_rests_and_comes_back_when_it_moves(
    qtbot: QtBot, locked: Locked
) -> None:
    pointer = locked.lock.pointer
    assert IDLE == 3_000
    pointer._timer.start(10)
    qtbot.waitUntil(lambda: pointer.hidden)
    cursor = QApplication.overrideCursor()
    assert cursor is not None
    assert cursor.shape() is Qt.CursorShape.BlankCursor
    QTest.mouseMove(locked.window, QPoint(200, 200))
    QTest.mouseMove(locked.window, QPoint(220, 200))
    qtbot.waitUntil(lambda: not pointer.hidden)
    assert QApplication.overrideCursor() is None


def test_a_lock_that_is_opened_leaves_the_pointer_shown(qtbot: QtBot, locked: Locked) -> None:
    locked.lock.pointer._timer.start(10)
    qtbot.waitUntil(lambda: locked.lock.pointer.hidden)
    locked.lock.open()
    assert QApplication.overrideCursor() is None
