"""Finds one guest: a field for a name, and rows to choose from by digit, arrow, click or Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.core.guests.guest import Guest
from kiosk.gui.parts.fields import Field
from kiosk.gui.parts.keys import ENTER, digit_of
from kiosk.gui.parts.rows import PersonRow
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.names import plain_name

_LONGEST = 60  # characters of a query
_ROW = 44


class NameField(Field):
    """Where a name is typed; digits choose, for no name has any."""

    picked = Signal(str)  # a digit
    entered = Signal()
    walked = Signal()

    @property
    def keeps_enter(self) -> bool:
        """Enter is of the rows while something is typed, and of the sheet while nothing is."""
        return bool(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is about the rows."""
        if event.key() in ENTER and self.keeps_enter:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.walked.emit()
        elif event.text().isdigit() and digit_of(event):
            self.picked.emit(digit_of(event))
        else:
            super().keyPressEvent(event)


class FoundRow(PersonRow):
    """A guest of the finder; arrows go to the next one, digits choose."""

    walked = Signal(int)
    picked = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down; what writes nothing here goes on."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif digit := digit_of(event):
            self.picked.emit(digit)
        else:
            super().keyPressEvent(event)


class GuestFinder(QWidget):
    """A label, a field, and `rows` guests; `wanted` asks for those of a query.

    Those of `suggest` are there while nothing is typed. A guest that is chosen is `chosen`.
    """

    wanted = Signal(str)
    chosen = Signal(object)  # a Guest

    def __init__(self, rows: int = 4) -> None:
        super().__init__()
        self._suggested: Sequence[Guest] = ()
        self._found: Sequence[Guest] = ()
        self._query = self._answered = ""
        self._most = rows
        self._hurried = False  # Enter came before the guests of the query
        self.label = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.field = NameField("", _LONGEST)
        self.field.hide_cap()
        self.rows = [FoundRow(_ROW) for _ in range(rows)]
        self.nobody = Text(Type.SMALL, tint=Tint.MUTE)
        self.setLayout(column(4).put(self.label, self.field, self.nobody, *self.rows, None))
        self._connect()
        self.clear()

    def name(self, label: str, hint: str, nobody: str) -> None:
        """Say who is looked for, what to type, and that nobody was found."""
        self.label.say(label)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(f"{label}: {hint}")
        self.nobody.say(nobody)

    def clear(self) -> None:
        """Look for nobody any more."""
        self._suggested, self._hurried = (), False
        self._query = self._answered = ""
        self.field.clear()
        self._show(())

    def suggest(self, guests: Sequence[Guest]) -> None:
        """Show these while nothing is typed."""
        self._suggested = guests
        if not self._query:
            self._show(guests)

    def show_found(self, query: str, guests: Sequence[Guest]) -> None:
        """Show the guests of a query; those of an older one are nobody's."""
        if not query or query != self._query:
            return
        self._answered = query
        self._show(guests)
        self.nobody.setVisible(not guests)
        if self._hurried:
            self._enter()

    def show_rows(self, most: int) -> None:
        """Show no more guests than that."""
        self._most = most
        self._show(self._found)

    def stops(self) -> list[QWidget]:
        """Where Tab goes."""
        return [self.field, *(line for line in self.rows if line.guest_id)]

    def press(self, digit: str) -> bool:
        """A digit was typed; whether it is one of the rows."""
        place = int(digit) - 1
        if not 0 <= place < min(len(self._found), self._most):
            return False
        self._choose(self.rows[place])
        return True

    def _connect(self) -> None:
        self.field.textEdited.connect(lambda text: self._want(text.strip()))
        self.field.entered.connect(self._enter)
        self.field.picked.connect(self.press)
        self.field.walked.connect(lambda: self._walk(-1, 1))
        for number, line in enumerate(self.rows):
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
            line.walked.connect(lambda step, number=number: self._walk(number, step))
            line.picked.connect(self.press)

    def _want(self, query: str) -> None:
        self._query, self._hurried = query, False
        if query:
            self.wanted.emit(query)
        else:
            self._show(self._suggested)

    def _enter(self) -> None:
        """The first one; where those of the query are still to come, then."""
        self._hurried = self._answered != self._query
        if not self._hurried and self._found:
            self._choose(self.rows[0])

    def _walk(self, number: int, step: int) -> None:
        stops = self.stops()
        place = max(0, min(number + 1 + step, len(stops) - 1))
        stops[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, line: PersonRow) -> None:
        guest = next((each for each in self._found if each.id == line.guest_id), None)
        if guest is not None:
            self.chosen.emit(guest)

    def _show(self, guests: Sequence[Guest]) -> None:
        self._found = guests
        self.nobody.hide()
        for number, line in enumerate(self.rows):
            if number < min(len(guests), self._most):
                guest = guests[number]
                about = plain_name(guest.organisation or guest.partnership or guest.category)
                line.name(guest.id, plain_name(guest.name), about, str(number + 1))
            else:
                line.blank()
