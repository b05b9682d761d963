"""Who says so: a person out of several, a PIN, and keys for fingers to type it with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.fields import PinField
from kiosk.gui.parts.keys import ENTER
from kiosk.gui.parts.style import (
    KEY_HEIGHT,
    Radius,
    Style,
    Styled,
    Tint,
    Type,
    Weight,
    column,
    row,
)
from kiosk.gui.parts.text import CENTRE, KeyCap, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_LINE, _APART = 56, 8
_WIPE = "⌫"
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", _WIPE, "0")


class Named(Protocol):
    """Somebody who may be chosen; `id` is the pseudonym."""

    @property
    def id(self) -> str:
        """Under which they are known."""
        ...

    @property
    def name(self) -> str:
        """As staff know them."""
        ...


class PersonPicker(Pressable):
    """One person of several; arrows and clicks go to the next, a letter to a name."""

    def __init__(self) -> None:
        super().__init__(_LINE, radius=Radius.FIELD)
        self._people: Sequence[Named] = ()
        self._place = 0
        self._name = Text(Type.BODY, Weight.SEMI, least=13)
        self._cap = KeyCap()
        content = row(12, (18, 0, 14, 0)).put(self._name)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.clicked.connect(lambda: self._choose(self._place + 1))

    @property
    def chosen(self) -> str:
        """The pseudonym of the person shown."""
        return self._people[self._place].id if self._people else ""

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._people) > 1

    def offer(self, people: Sequence[Named]) -> None:
        """Show the first of `people`."""
        self._people = people
        self._cap.say("↑ ↓")
        self._cap.setVisible(self.several)
        self._name.say("")
        self._choose(0)

    def walk(self, event: QKeyEvent) -> bool:
        """Arrows and letters choose, from wherever they are typed; whether this was one."""
        key, letter = Qt.Key(event.key()), event.text().casefold()
        if key in _STEPS:
            self._choose(self._place + _STEPS[key])
        elif letter.isalpha():
            self._choose_from(letter)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What chooses; Enter is the sheet's."""
        if event.key() in ENTER:
            event.ignore()
        elif not self.walk(event):
            super().keyPressEvent(event)

    def _choose_from(self, letter: str) -> None:
        """The next one whose name begins with `letter`."""
        count = len(self._people)
        following = (place % count for place in range(self._place + 1, self._place + count))
        for place in following:
            if self._people[place].name.casefold().startswith(letter):
                self._choose(place)
                return

    def _choose(self, place: int) -> None:
        if self._people:
            self._place = place % len(self._people)
            name = plain_name(self._people[self._place].name)
            self._name.say(name)
            self.setAccessibleName(name)


class PadKey(Pressable):
    """One key of a pad; pressing it leaves the focus where it is."""

    def __init__(self, sign: str) -> None:
        super().__init__(KEY_HEIGHT, KEY_HEIGHT + 16)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        label = Text(Type.LEAD, Weight.SEMI, align=CENTRE)
        label.say(sign)
        self.setLayout(row(0, (4, 0, 4, 0)).put(label))
        self.setAccessibleName(sign)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Quiet."""
        return Tint.PAPER, Tint.LINE, 1


class PinPad(QWidget, Styled):
    """Keys that type digits into a field, for fingers."""

    def __init__(self, field: PinField) -> None:
        super().__init__()
        self.keys = {sign: PadKey(sign) for sign in _KEYS}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for number, (sign, key) in enumerate(self.keys.items()):
            self._grid.addWidget(key, number // 3, number % 3)
            key.clicked.connect(self._typed(field, sign))
        self.setLayout(self._grid)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self.keys[_WIPE].setAccessibleName(say("pin.wipe"))

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))

    @staticmethod
    def _typed(field: PinField, sign: str) -> Callable[[], None]:
        return field.backspace if sign == _WIPE else lambda: field.insert(sign)


class PinForm(QWidget):
    """A person and the person's PIN. Arrows and letters choose the person, also from the field."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.picker, self.pin = PersonPicker(), PinField()
        self.pad = PinPad(self.pin)
        self._who, self._label = (Text(Type.SMALL, Weight.SEMI, Tint.MUTE) for _ in range(2))
        left = column(4).put(self._who, self.picker, 10, self._label, self.pin, None)
        pad = column(0).put(self.pad, None)
        whole = row(32)
        whole.addLayout(left, 1)
        whole.addLayout(pad)
        self.setLayout(whole)
        self.pin.textChanged.connect(self.changed)

    def speak(self, say: Wording, who: str = "pin.supervisor") -> None:
        """Take the words of a language; `who`: what the persons are."""
        self._who.say(say(who))
        self._label.say(say("pin.pin"))
        self.pin.setAccessibleName(say("pin.pin"))
        self.pad.speak(say)

    def offer(self, people: Sequence[Named]) -> None:
        """Whom to choose from; what was typed is gone."""
        self.picker.offer(people)
        self.pin.clear()

    @property
    def missing(self) -> tuple[str, QWidget] | None:
        """The PIN, while there is none."""
        return None if self.pin.text() else ("pin.type", self.pin)

    def stops(self) -> list[QWidget]:
        """Where Tab goes."""
        return [*([self.picker] if self.picker.several else []), self.pin]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the field does not take chooses the person; the rest is the sheet's."""
        if event.isAutoRepeat() or not self.picker.walk(event):
            event.ignore()
