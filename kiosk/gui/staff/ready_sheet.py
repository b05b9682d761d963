"""The readiness of a door: one line for each thing, which go green one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.desk.readiness import Finding, Item, State
from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.controls import Pressable, SmallKey, paint_tick, paint_tinted
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import Radius, Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import KeyCap, Text
from kiosk.gui.words.readiness import KEYS, Told
from kiosk.gui.words.wording import Wording

_LINE, _SIGN, _APART = 64, 28, 8
_ROWS = 7  # in a column; the rest stands beside
_COLOURS = {  # surface, outline
    State.OK: (Tint.CARD, Tint.LINE),
    State.WARN: (Tint.CARD, Tint.DESK),
    State.FAIL: (Tint.DESK_TINT, Tint.DESK),
    State.ASK: (Tint.ACCENT_TINT, Tint.ACCENT),
}


class StateSign(QWidget, Styled):
    """A filled circle with a tick, an exclamation mark or a question mark; an empty one before."""

    access = SILENT

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle(Style())

    def tell(self, state: State | None) -> None:
        """Change the sign, never the place."""
        self._state = state
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(_SIGN), style.px(_SIGN))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The circle, then what stands in it."""
        painter, box = QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state is None:
            inside = box.adjusted(2, 2, -2, -2)
            painter.setPen(QPen(self._style.colour(Tint.LINE), max(1.0, box.width() * 0.08)))
            painter.drawEllipse(inside)
            return
        fill, mark = {
            State.OK: (Tint.ADMIT, Tint.ON_ADMIT),
            State.ASK: (Tint.ACCENT, Tint.ON_ACCENT),
        }.get(self._state, (Tint.DESK, Tint.ON_DESK))
        paint_tinted(painter, self._style, box, box.width() / 2, fill, None)
        if self._state is State.OK:
            paint_tick(painter, box, self._style.colour(mark))
            return
        painter.setPen(self._style.colour(mark))
        painter.setFont(self._style.font(_SIGN * 0.62, Weight.BOLD))
        sign = "?" if self._state is State.ASK else "!"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)


class ReadyRow(Pressable):
    """One thing: sign, name, how it stands, what to do. It is pressed where that is done here."""

    def __init__(self) -> None:
        super().__init__(_LINE, radius=Radius.FIELD)
        self.state: State | None = None
        self._sign = StateSign()
        self._name = Text(Type.SMALL, Weight.SEMI, least=12)
        self._line = Text(Type.SMALL, least=12)
        self._below = Text(Type.SMALL, least=12)  # the remedy, else how it stands
        self._cap = KeyCap()
        above = row(8)
        above.addWidget(self._name, 4)
        above.addWidget(self._line, 7)
        words = column(2).put(None)
        words.addLayout(above)
        words.put(self._below, None)
        content = row(12, (14, 0, 12, 0))
        content.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        content.addLayout(words, 1)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.setEnabled(False)

    def wait(self, name: str) -> None:
        """It is still to be looked at."""
        self._show(None, Told(name, "…", ""), "")

    def tell(self, state: State, words: Told, cap: str) -> None:
        """How it stands; cap: the key that does something about it here, or nothing."""
        self._show(state, words, cap)

    def _show(self, state: State | None, words: Told, cap: str) -> None:
        self.state = state
        self._sign.tell(state)
        beside, below = (words.line, words.remedy) if words.remedy else ("", words.line)
        for label, text in ((self._name, words.name), (self._line, beside), (self._below, below)):
            label.say(text)
        self._line.setVisible(bool(beside))
        self._below.dye(Tint.INK if words.remedy else Tint.MUTE)
        self._cap.say(cap)
        self._cap.setVisible(bool(cap))
        self.setEnabled(bool(cap))
        self.setAccessibleName(f"{words.name}: {words.line} {words.remedy}".strip())
        self.update()

    def colours(self) -> tuple[Tint, Tint, float]:
        """By how it stands."""
        fill, line = (
            _COLOURS.get(self.state, (Tint.CARD, Tint.LINE))
            if self.state
            else (
                Tint.CARD,
                Tint.LINE,
            )
        )
        return fill, line, 1 if self.state in (None, State.OK) else 2


class ReadySheet(Sheet):
    """All of them in two columns; Enter goes on, unless no answer could be trusted.

    pressed: an Item about which somebody wants to do something here. again: look at all anew.
    """

    goes = "ready.go"
    pressed = Signal(object)
    denied = Signal()  # Delete: what was to be heard was not
    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._blocked = False
        self.rows: Mapping[Item, ReadyRow] = {item: ReadyRow() for item in Item}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for item, each in self.rows.items():
            each.clicked.connect(lambda _=False, item=item: self.pressed.emit(item))
        self.look_again = SmallKey(_LINE)
        self._place(portrait=False)
        self.look_again.clicked.connect(self.again)
        self.form.setLayout(self._grid)
        self.back.hide()  # going on is all there is

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say("ready.title"))
        self.look_again.name(say("ready.again"), "F5")

    def wait_for_all(self) -> None:
        """Nothing was looked at yet."""
        self._blocked = False
        if self.say is not None:
            for item, each in self.rows.items():
                each.wait(self.say(f"ready.name.{item}"))
        self.rearm()

    def tell_one(self, finding: Finding, words: Told) -> None:
        """How one thing stands."""
        self._blocked = self._blocked or finding.blocks
        self.rows[finding.item].tell(finding.state, words, _cap(finding))
        self.rearm()

    def tell_all(self, words: str) -> None:
        """How it stands as a whole."""
        self.told.say(words)

    @property
    def blocked(self) -> bool:
        """Whether no answer could be trusted."""
        return self._blocked

    # What a sheet has of its own

    def stops(self) -> Sequence[QWidget]:
        """What something can be done about."""
        return [*(each for each in self.rows.values() if each.isEnabled()), self.look_again]

    def focus_first(self) -> None:
        """Enter goes on at once."""
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def missing(self) -> tuple[str, QWidget] | None:
        """The self-test."""
        return ("ready.blocked", self) if self._blocked else None

    def complete(self) -> None:
        """Staff have seen it."""
        self.left.emit()

    def step_back(self) -> None:
        """The same as going on."""
        self.go_on()

    def digit(self, digit: str) -> bool:
        """The keys of what can be done here."""
        item = next((each for each, key in KEYS.items() if key == digit), None)
        if item is not None and self.rows[item].isEnabled():
            self.pressed.emit(item)
        return item is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 looks again, Delete says no."""
        if event.key() == Qt.Key.Key_F5 and not event.isAutoRepeat():
            self.again.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.denied.emit()
        else:
            super().keyPressEvent(event)

    def restyle(self, style: Style) -> None:
        """Take new sizes; in portrait all stand in one column."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))
        self._place(portrait=style.portrait)

    def _place(self, *, portrait: bool) -> None:
        rows = len(self.rows) + 1 if portrait else _ROWS
        for place, each in enumerate((*self.rows.values(), self.look_again)):
            self._grid.addWidget(each, place % rows, place // rows)


def _cap(finding: Finding) -> str:
    """The key of what can be done about it here."""
    doubted = finding.item is not Item.CLOCK or finding.state is State.FAIL
    silent = finding.item is Item.SOUND and finding.words in ("none", "off")
    able = finding.state is not State.OK and doubted and not silent
    return KEYS.get(finding.item, "") if able else ""
