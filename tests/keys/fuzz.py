"""What a child, a cat or somebody with a plan does to a locked screen, by a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui_support import GUESTS, badge_of
from tests.locked import Locked

_ALL = [key for key in Qt.Key if key.name != "Key_micro"]  # it has an old name, which warns
_TYPED = [key for key in _ALL if Qt.Key.Key_Space <= key <= Qt.Key.Key_AsciiTilde]
# Those that the screens know, and those that lead out of most programs.
_LIKELY = [
    *(Qt.Key(Qt.Key.Key_F1.value + number) for number in range(12)),
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space),
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Menu),
    *(Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_F4, Qt.Key.Key_Delete, Qt.Key.Key_Print),
]
_MODIFIERS = [
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier,
    Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.GroupSwitchModifier,
]  # fmt: skip
_BUTTONS = [
    Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton,
    Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton,
]  # fmt: skip
_NONE = Qt.KeyboardModifier.NoModifier
LOOK_EVERY = 10  # acts between two looks at everything


@dataclass
class Tally:
    """What was done, and what should not have come of it."""

    acts: Counter[str] = field(default_factory=Counter)
    escapes: list[str] = field(default_factory=list)


class Hands:
    """Does one random act after the other to a locked window."""

    def __init__(self, app: QApplication, locked: Locked, seed: int) -> None:
        self._app, self._locked, self._window = app, locked, locked.window
        self._random = random.Random(seed)  # noqa: S311  # to be done again, not to be secret
        self._finger: QPointingDevice = QTest.createTouchDevice()
        self._acts: dict[str, tuple[int, Callable[[], None]]] = {
            "likely key": (30, lambda: self._key(_LIKELY)),
            "typed key": (20, lambda: self._key(_TYPED)),
            "any key": (15, lambda: self._key(_ALL)),
            "half a key": (2, self._half_a_key),
            "click": (14, self._click),
            "double click": (4, self._double_click),
            "drag": (3, self._drag),
            "touch": (6, self._touch),
            "wheel": (3, self._wheel),
            "context menu": (2, self._context_menu),
            "drop": (2, self._drop),
            "focus out": (2, self._focus_out),
            "put away": (1, self._put_away),
            "resize": (1, self._resize),
            "close": (1, self._close),
            "scan": (3, self._scan),
            "time": (1, self._time),
            "gesture": (1, self._gesture),
        }

    def play(self, count: int) -> Tally:
        """Do `count` acts."""
        tally = Tally()
        names, weights = list(self._acts), [weight for weight, _ in self._acts.values()]
        for number, name in enumerate(self._random.choices(names, weights, k=count)):
            self._acts[name][1]()
            tally.acts[name] += 1
            self._app.processEvents()
            if (escaped := self._escaped(whole=number % LOOK_EVERY == 0)) != "":
                tally.escapes.append(f"act {number}, {name}: {escaped}")
        return tally

    def _escaped(self, *, whole: bool) -> str:
        """Which way out was found; empty while there is none."""
        window, kiosk = self._window, self._locked.kiosk
        if self._locked.let_out:
            return "the way out opened"
        if window.isHidden():
            return "the window is gone"
        if QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return "something lies above the window"
        if window.centralWidget() is not window.screen_shown or kiosk.desk.ended:
            return "the kiosk page is gone"
        if whole:
            self._locked.lock.mend()
            others = [
                w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window
            ]
            if others:
                return f"another window: {type(others[0]).__name__}"
            if not (window.isVisible() and window.isFullScreen() and not window.isMinimized()):
                return "the window does not fill its screen"
        return ""

    # Keys

    def _held(self) -> Qt.KeyboardModifier:
        held = _NONE
        for modifier in self._random.sample(_MODIFIERS, self._random.choice((0, 0, 0, 1, 1, 2, 3))):
            held |= modifier
        return held

    def _key(self, of: list[Qt.Key]) -> None:
        QTest.keyClick(self._window.windowHandle(), self._random.choice(of), self._held())

    def _half_a_key(self) -> None:
        act = self._random.choice((QTest.keyPress, QTest.keyRelease))
        act(self._window.windowHandle(), self._random.choice(_LIKELY), self._held())

    # Mouse and fingers

    def _place(self) -> QPoint:
        return QPoint(
            self._random.randrange(self._window.width()),
            self._random.randrange(self._window.height()),
        )

    def _button(self) -> Qt.MouseButton:
        return self._random.choices(_BUTTONS, (8, 2, 2, 1, 1))[0]

    def _click(self) -> None:
        QTest.mouseClick(self._window.windowHandle(), self._button(), self._held(), self._place())

    def _double_click(self) -> None:
        QTest.mouseDClick(self._window.windowHandle(), self._button(), self._held(), self._place())

    def _drag(self) -> None:
        window, button = self._window.windowHandle(), self._button()
        QTest.mousePress(window, button, _NONE, self._place())
        for _ in range(3):
            QTest.mouseMove(window, self._place())
        QTest.mouseRelease(window, button, _NONE, self._place())

    def _touch(self) -> None:
        window, start = self._window.windowHandle(), self._place()
        fingers = range(self._random.choice((1, 1, 1, 2, 5)))
        for step in ("press", "move", "release"):
            sequence = QTest.touchEvent(window, self._finger)
            for finger in fingers:
                place = start + QPoint(20 * finger, 0)
                if step == "press":
                    sequence.press(finger, place, window)
                elif step == "move":
                    sequence.move(finger, place + QPoint(self._random.randrange(40), 5), window)
                else:
                    sequence.release(finger, place, window)
            sequence.commit()

    # What the window system and others send

    def _target(self) -> QWidget:
        place = self._place()
        return self._window.childAt(place) or self._window

    def _wheel(self) -> None:
        far, turn = QPointF(5, 5), QPoint(0, self._random.choice((-240, 120)))
        button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(far, far, turn, turn, button, self._held(), phase, False)
        QApplication.sendEvent(self._target(), event)

    def _context_menu(self) -> None:
        target, reason = self._target(), self._random.choice(list(QContextMenuEvent.Reason))
        here = QPoint(3, 3)
        QApplication.sendEvent(target, QContextMenuEvent(reason, here, target.mapToGlobal(here)))

    def _drop(self) -> None:
        data, target = QMimeData(), self._target()
        data.setText("file:///etc/passwd")
        copy, button, here = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, QPoint(3, 3)
        QApplication.sendEvent(target, QDragEnterEvent(here, copy, data, button, _NONE))
        QApplication.sendEvent(target, QDropEvent(QPointF(3, 3), copy, data, button, _NONE))

    def _focus_out(self) -> None:
        target = self._window.focusWidget() or self._window
        kind = self._random.choice((QEvent.Type.FocusOut, QEvent.Type.FocusIn))
        reason = self._random.choice(list(Qt.FocusReason))
        QApplication.sendEvent(target, QFocusEvent(kind, reason))

    def _put_away(self) -> None:
        self._random.choice(
            (self._window.showMinimized, self._window.showNormal, self._window.showMaximized)
        )()

    def _resize(self) -> None:
        self._window.resize(self._random.randrange(320, 2000), self._random.randrange(240, 2000))

    def _close(self) -> None:
        self._random.choice((self._window.close, self._app.quit, self._app.closeAllWindows))()

    # What happens at a door meanwhile

    def _scan(self) -> None:
        codes = (*map(badge_of, GUESTS), "https://example.org/", "HC1:NOTHING", "\x1b[2J\x00")
        self._locked.kiosk.desk.scanned(self._random.choice(codes), self._locked.kiosk.clock.now())

    def _time(self) -> None:
        self._locked.kiosk.clock.go(timedelta(seconds=self._random.choice((1, 5, 30))))

    def _gesture(self) -> None:
        """As if somebody had held it for three seconds."""
        self._locked.lock.leave_asked.emit()
