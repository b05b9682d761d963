"""Takes what a hand scanner types out of the keys that reach a window, and leaves people's alone.

A scanner presses its keys within some milliseconds, which no hand does. Each key is therefore held
back until the next one can no longer be a scanner's, 35 ms at most, and then handed on as it came.
A burst is swallowed, so that no code can press a key of the screen, whatever has the focus.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit

from kiosk.adapters.scanner.keystroke import PRINTABLE, Keystroke, Typed
from kiosk.core.hcert.base45 import MAX_TEXT

GAP: Final = 0.035  # seconds between two keys, below which they are a scanner's
HOLD: Final = 0.033  # seconds that a key is held back: the way there and back takes the rest
SILENCE: Final = 0.100  # seconds without a key, after which a burst is over
LEAST: Final = 20  # keys at a scanner's pace that are a burst without an Enter behind them
LEAST_ENDED: Final = 6  # keys with Enter behind them that are a code and no slip of the hand
LEAST_IN_TEXT: Final = 3  # keys before a quick Enter, where somebody may be typing a name

_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_HELD_WITH_OTHERS = frozenset(
    {
        Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock,
    }
)  # fmt: skip
_DEAD = range(Qt.Key.Key_Dead_Grave.value, Qt.Key.Key_Dead_Longsolidusoverlay.value + 1)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_RIGHT_ALT = (100, 0x138)  # in input-event-codes.h, and in scan code set 1 with Windows' extension
# X11 and Wayland count from 8 (xkeyboard-config's evdev keycodes); macOS tells no scan code.
_FIRST_CODE = 8 if sys.platform.startswith("linux") else 0


class Wedge(QObject):
    """Watches the keys of one window, from its making until `end`. All in Qt's main thread.

    deliver: gets the keys of each burst; one that is longer than any QR code comes as none at all.
    """

    def __init__(self, window: QWindow, deliver: Callable[[tuple[Typed, ...]], None]) -> None:
        super().__init__()
        self._window, self._deliver = window, deliver
        self._held: list[QKeyEvent] = []  # what may still be a person's
        self._typed: list[Typed] = []
        self._keys = 0  # pressed since the last pause
        self._burst = False
        self._kept: set[int] = set()  # pressed, and not handed on
        self._altgr = False
        self._handing_on = False
        self._last = (0, 0.0)  # the last key: its own time in milliseconds, and ours in seconds
        self._looked_again = False
        self._quiet = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._quiet.timeout.connect(self._on_quiet)
        window.installEventFilter(self)

    def end(self) -> None:
        """Leave the keys alone; what is held back still is handed on."""
        self._window.removeEventFilter(self)
        self._settle()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """True for a key that is not to reach the window, now or ever."""
        if self._handing_on or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else a shortcut would have it before anybody knows whose key it is
            return True
        if event.key() in _HELD_WITH_OTHERS:
            if _place(event) in _RIGHT_ALT or event.key() == Qt.Key.Key_AltGr:
                self._altgr = event.type() == QEvent.Type.KeyPress
            return False
        if event.isAutoRepeat() or event.type() == QEvent.Type.KeyRelease:
            return self._follows(event)
        return self._pressed(event)

    # Keys as they come

    def _follows(self, event: QKeyEvent) -> bool:
        """A key that is held down, or let go: it goes the way of its press."""
        place = _place(event)
        if place not in self._kept:
            return False
        if self._held:
            self._held.append(event.clone())
        elif not event.isAutoRepeat():
            self._kept.discard(place)
        return True

    def _pressed(self, event: QKeyEvent) -> bool:
        gap = self._gap(event)
        if gap >= (SILENCE if self._burst else GAP):
            self._settle()
        if event.key() in _ENDS:
            return self._ended(event, quick=gap < GAP)
        self._keys += 1
        self._kept.add(_place(event))
        typed = _typed(event, altgr=self._altgr)
        if typed is not None and len(self._typed) <= MAX_TEXT:
            self._typed.append(typed)
        if not self._burst:
            self._held.append(event.clone())
            if self._keys >= LEAST:
                self._burst = True
                self._held.clear()
        self._wait(SILENCE if self._burst else HOLD)
        return True

    def _ended(self, event: QKeyEvent, *, quick: bool) -> bool:
        """Enter or Tab: of a scanner where it comes at the heels of another key.

        Also of one that ends with two of them, or that read a code of one letter and an Enter.
        """
        slip = isinstance(QApplication.focusWidget(), QLineEdit) and 0 < self._keys < LEAST_IN_TEXT
        if not self._burst and (slip or not quick):
            self._settle()
            return False
        self._kept.add(_place(event))
        self._finish()
        return True

    def _gap(self, event: QKeyEvent) -> float:
        """Seconds since the key before, by the clock of the window system where it has one.

        So the keys that waited while the program was busy are as far apart as they were pressed.
        """
        stamp, at = event.timestamp(), time.monotonic()
        (stamp_before, before), self._last = self._last, (stamp, at)
        if stamp and stamp_before:
            return max(0, stamp - stamp_before) / 1000
        return at - before

    # Whose they were

    def _wait(self, seconds: float) -> None:
        self._looked_again = False
        self._quiet.start(round(seconds * 1000))

    def _on_quiet(self) -> None:
        if self._looked_again:
            self._settle()
            return
        # If the program was busy, the next key may have come and not been looked at yet.
        self._looked_again = True
        self._quiet.start(0)

    def _settle(self) -> None:
        """The pause after some keys: a burst is delivered, anything else handed on."""
        if self._burst:
            self._finish()
            return
        held, self._held = self._held, []
        self._forget()
        self._kept.clear()
        self._handing_on = True
        try:
            for event in held:
                QCoreApplication.sendEvent(self._window, event)
        finally:
            self._handing_on = False

    def _finish(self) -> None:
        typed, keys = tuple(self._typed), self._keys
        self._forget()
        if keys >= LEAST_ENDED:
            self._deliver(typed if len(typed) <= MAX_TEXT else ())

    def _forget(self) -> None:
        self._quiet.stop()
        self._held, self._typed = [], []
        self._keys, self._burst = 0, False


def _place(event: QKeyEvent) -> int:
    """The code of the key's place; the negative of Qt's key where the platform tells none."""
    native = event.nativeScanCode()
    return native - _FIRST_CODE if native > _FIRST_CODE else -event.key()


def _typed(event: QKeyEvent, *, altgr: bool) -> Typed | None:
    """The keystroke; None for one that writes nothing: a command, a control character, F6."""
    held = event.modifiers()
    commands = held & _COMMANDS
    # Windows tells AltGr as Ctrl and Alt together.
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    altgr = altgr or bool(held & Qt.KeyboardModifier.GroupSwitchModifier) or commands == both
    if commands and not altgr:
        return None
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    stroke, text = Keystroke(_place(event), shift, altgr), event.text()
    if len(text) == 1 and text.isprintable():
        return Typed(stroke, text)
    return Typed(stroke) if stroke.key in PRINTABLE or event.key() in _DEAD else None
