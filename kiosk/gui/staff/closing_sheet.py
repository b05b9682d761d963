"""The end of a desk's day: its figures, everyone out, and a PIN that closes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.parts.accessible import LINE
from kiosk.gui.parts.controls import Panel, Toggle
from kiosk.gui.parts.pinsheet import PinSheet
from kiosk.gui.parts.style import Style, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.wording import Wording

_FIGURES, _ACROSS, _LINES = 8, 4, 6
_TOGGLE, _APART = 56, 12


class DayFigure(Panel):
    """One number of the day, and what it counts."""

    access = LINE

    def __init__(self) -> None:
        super().__init__(Tint.PAPER, Tint.LINE, radius=12, height=84)
        self._number = Text(Type.LINE, Weight.BOLD, align=CENTRE)
        self._label = Text(Type.SMALL, tint=Tint.MUTE, align=CENTRE, least=12)
        self.setLayout(column(0, (6, 4, 6, 6)).put(None, self._number, self._label, None))

    def tell(self, label: str, number: str) -> None:
        """Show it."""
        self._number.say(number)
        self._label.say(label)
        self.setAccessibleName(f"{label}: {number}")


class ClosingSheet(PinSheet):
    """Figures and sentences on the left, name and PIN on the right.

    asks: a Vouching, or None where nobody is in the staff list.
    """

    goes = "closing.go"

    def __init__(self) -> None:
        super().__init__()
        self._named = True
        self.figures = [DayFigure() for _ in range(_FIGURES)]
        self.lines = [Text(Type.BODY, lines=2, portrait_lines=1, least=13) for _ in range(_LINES)]
        self.out = Toggle(_TOGGLE)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, each in enumerate(self.figures):
            self._grid.addWidget(each, place // _ACROSS, place % _ACROSS)
        told = column(4).put(*self.lines, None, self.out)
        below = row(32, turns=True)
        below.addLayout(told, 4)
        below.addWidget(self.pin_form, 5)
        form = column(16)
        form.addLayout(self._grid)
        form.addLayout(below, 1)
        self.form.setLayout(form)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say("closing.title"))
        self.pin_form.speak(say, "closing.who")

    def begin(self, about: str = "") -> None:
        """Ask anew; the day is still to be summed up."""
        super().begin(about)
        self.out.setChecked(False)
        self.out.hide()  # until it is known whether anybody is inside
        self.wait()

    def tell_day(self, figures: Sequence[tuple[str, str]], lines: Sequence[str], out: str) -> None:
        """Show the day; out: the words of everyone out, or nothing where nobody is inside."""
        for each, (label, number) in zip(self.figures, figures, strict=True):
            each.tell(label, number)
        for place, line in enumerate(self.lines):
            line.say(lines[place] if place < len(lines) else "")
            line.setVisible(place < len(lines))
        self.out.name(out, "F7")
        self.out.setVisible(bool(out))

    def offer(self, people: Sequence[Supervisor], first: str, *, named: bool) -> None:
        """Who may close; first: who is shown first."""
        self.busy, self._named = False, named
        self.pin_form.setVisible(named)
        self.pin_form.offer(sorted(people, key=lambda person: person.id != first))
        self.tell("" if people or not named else "pin.nobody")
        self.rearm()
        self.focus_first()

    def end(self) -> None:
        """Forget everything."""
        for line in self.lines:
            line.say("")
        super().end()

    def stops(self) -> Sequence[QWidget]:
        """Name, PIN, everyone out."""
        return [*(self.pin_form.stops() if self._named else []), self.out]

    def missing(self) -> tuple[str, QWidget] | None:
        """The PIN, where anybody is named."""
        if not self._named or self.pin_form.missing is None:
            return None
        return "duty.type_pin", self.pin_form.pin

    def digit(self, digit: str) -> bool:
        """It is the PIN's."""
        return self._named and super().digit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F7 is everyone out, as one guest's exit is at the desk."""
        if event.key() == Qt.Key.Key_F7 and self.out.isVisible() and not event.isAutoRepeat():
            self.out.click()
        else:
            super().keyPressEvent(event)

    def complete(self) -> None:
        """Have the PIN looked at."""
        chosen, pin = self.pin_form.picker.chosen, self.pin_form.pin.take()
        if not self._named or chosen:
            self.wait()
            self.asks.emit(Vouching(chosen, pin) if self._named else None)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))
