"""Keyboards: the layout in which a scanner presses keys, and that in which they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.adapters.scanner.keystroke import Keystroke, Typed
from kiosk.adapters.scanner.wedge import _FIRST_CODE

_ROWS = (2, 16, 30, 43, 57)  # the code of each row's first key
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
ENTER, SHIFT = 28, 42


@dataclass(frozen=True)
class Keyboard:
    """A layout: what each keystroke writes, and which ones wait for the next instead."""

    writes: Mapping[Keystroke, str]
    dead: frozenset[str] = frozenset()

    def stroke(self, character: str) -> Keystroke:
        return next(stroke for stroke, each in self.writes.items() if each == character)

    def press(self, text: str) -> list[Keystroke]:
        """The keys of a scanner with this layout."""
        return [self.stroke(character) for character in text]

    def takes(self, stroke: Keystroke) -> str:
        """What a computer with this layout makes of it; empty for a dead key."""
        character = self.writes.get(stroke, "")
        return "" if character in self.dead else character

    def typed(self, text: str, scanner: Keyboard) -> tuple[Typed, ...]:
        return tuple(Typed(stroke, self.takes(stroke)) for stroke in scanner.press(text))


def _keyboard(plain: tuple[str, ...], shifted: tuple[str, ...], dead: str = "") -> Keyboard:
    writes = {}
    for shift, rows in ((False, plain), (True, shifted)):
        for first, row in zip(_ROWS, rows, strict=True):
            for place, character in enumerate(row):
                writes[Keystroke(first + place, shift)] = character
    return Keyboard(writes, frozenset(dead))


AMERICAN = _keyboard(
    ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "\\zxcvbnm,./", " "),
    ("!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"~', "|ZXCVBNM<>?", ""),
)
FRENCH = _keyboard(
    ("&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù²", "*wxcvbn,;:!", " "),
    ("1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%³", "µWXCVBN?./§", ""),
    dead="^¨",
)
GERMAN = _keyboard(
    ("1234567890ß´", "qwertzuiopü+", "asdfghjklöä^", "#yxcvbnm,.-", " "),
    ('!"§$%&/()=?`', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ°", "'YXCVBNM;:_", ""),
    dead="´`^",
)
KEYBOARDS = {"American": AMERICAN, "French": FRENCH, "German": GERMAN}


class Hands:
    """Sends the key events of one computer to a window, each with the time at which it came."""

    def __init__(self, window: QObject, keyboard: Keyboard = AMERICAN) -> None:
        self._window, self._keyboard = window, keyboard
        self.at = 1_000  # milliseconds

    def wait(self, milliseconds: int) -> None:
        self.at += milliseconds

    def event(
        self,
        kind: QEvent.Type,
        key: int,
        code: int,
        text: str = "",
        modifiers: Qt.KeyboardModifier = _NO_MODIFIER,
        *,
        repeated: bool = False,
    ) -> None:
        native = code + _FIRST_CODE if code else 0
        event = QKeyEvent(kind, key, modifiers, native, 0, 0, text, repeated)
        event.setTimestamp(self.at)
        QCoreApplication.sendEvent(self._window, event)

    def click(
        self,
        key: Qt.Key,
        code: int = 0,
        text: str = "",
        modifiers: Qt.KeyboardModifier = _NO_MODIFIER,
    ) -> None:
        """One key, down and up."""
        self.event(QEvent.Type.ShortcutOverride, key.value, code, text, modifiers)
        self.event(QEvent.Type.KeyPress, key.value, code, text, modifiers)
        self.event(QEvent.Type.KeyRelease, key.value, code, text, modifiers)

    def enter(self) -> None:
        self.click(Qt.Key.Key_Return, ENTER, "\r")

    def stroke(self, stroke: Keystroke) -> None:
        """A keystroke, with Shift pressed before and let go after where it needs it."""
        shift = Qt.KeyboardModifier.ShiftModifier if stroke.shift else _NO_MODIFIER
        if stroke.shift:
            self.event(QEvent.Type.KeyPress, Qt.Key.Key_Shift.value, SHIFT)
        character = self._keyboard.takes(stroke)
        key = Qt.Key(_qt_key(character)) if character else Qt.Key.Key_Dead_Circumflex
        self.click(key, stroke.key, character, shift)
        if stroke.shift:
            self.event(QEvent.Type.KeyRelease, Qt.Key.Key_Shift.value, SHIFT)

    def type(self, text: str, every: int = 120, by: Keyboard | None = None) -> None:
        """The keys of a text in the layout `by` (this computer's own), one `every` milliseconds."""
        for stroke in (by or self._keyboard).press(text):
            self.wait(every)
            self.stroke(stroke)

    def scan(
        self, text: str, scanner: Keyboard = AMERICAN, every: int = 5, end: bool = True
    ) -> None:
        """What a scanner types that has read `text`."""
        self.type(text, every, scanner)
        if end:
            self.wait(every)
            self.enter()


def _qt_key(character: str) -> int:
    return ord(character.upper()) if len(character.upper()) == 1 else Qt.Key.Key_unknown.value
