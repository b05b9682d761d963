"""Finding a guest by name: the field, and upon the card the results, and a keyboard for fingers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.desk.admission import Found, Today
from kiosk.gui.parts.controls import SmallKey
from kiosk.gui.parts.fields import Field
from kiosk.gui.parts.keyboard import Keyboard
from kiosk.gui.parts.keys import ENTER
from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import RIGHT, KeyCap, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

RESULTS = 8
_BESIDE_KEYBOARD = 3  # results that there is room for above the keyboard
_ROW = 56
_MAX_QUERY = 60  # characters
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PASSING = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_STATES = {Today.INSIDE: Tint.ADMIT_TEXT, Today.CHECKED: Tint.ACCENT_TEXT}


class SearchField(Field):
    """Where staff type a name. Enter chooses, the arrows walk, Escape leaves."""

    wanted = Signal(str)
    begun = Signal()  # somebody is to be looked for
    entered = Signal()
    walked = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("F3", _MAX_QUERY)
        self.textEdited.connect(self._want)

    def _want(self, text: str) -> None:
        self.begun.emit()
        self.wanted.emit(text.strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter, arrows and Escape: they are about the results, not about the card."""
        key = Qt.Key(event.key())
        if key in ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif key in _STEPS:
            self.walked.emit(_STEPS[key])
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:  # type: ignore[override]
        """No input method here: names are found without their accents.

        It would take a dead key before anybody can see that a scanner pressed it.
        """
        return query != Qt.InputMethodQuery.ImEnabled and super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark what is there, to type over it."""
        super().focusInEvent(event)
        self.selectAll()
        if event.reason() not in _PASSING:
            self.begun.emit()


class ResultRow(NameRow):
    """One guest that was found: name, what tells them from others, where they stand."""

    walked = Signal(int)

    def __init__(self) -> None:
        super().__init__(_ROW, radius=Radius.FIELD)
        self.found: Found | None = None
        self._name = Text(Type.BODY, Weight.SEMI, least=13)
        self._about = Text(Type.SMALL, tint=Tint.MUTE, least=12)
        self._state = Text(Type.SMALL, Weight.SEMI, Tint.MUTE, align=RIGHT, lines=2, least=12)
        self._cap = KeyCap()
        names = column(0).put(None, self._name, self._about, None)
        content = row(12, (16, 0, 12, 0))
        content.addLayout(names, 5)
        content.addWidget(self._state, 3)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    @property
    def guest_id(self) -> str:
        """Whose row it is; empty for nobody's."""
        return self.found.guest.id if self.found else ""

    def tell(self, found: Found, state: str, cap: str) -> None:
        """Show a guest; `cap`: the key that chooses the first one."""
        self.found = found
        guest = found.guest
        name = plain_name(guest.name)
        parts = (guest.organisation, guest.partnership or guest.category)
        about = " · ".join(filter(None, map(plain_name, parts)))
        for label, text in ((self._name, name), (self._about, about), (self._state, state)):
            label.say(text)
        self._state.dye(_STATES.get(found.today, Tint.MUTE))
        self._cap.say(cap)
        appear(self._cap, bool(cap))
        self.setAccessibleName(f"{name}, {about}, {state}")
        appear(self, True)

    def blank(self) -> None:
        """Show nobody."""
        self.found = None
        self.forget()
        appear(self, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from row to row."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.walked.emit(_STEPS[key])
        else:
            super().keyPressEvent(event)


class FindPage(QWidget):
    """The results, in the place of everything on the card but the answer.

    wanted: these words are to be looked for. chosen: a `Found`. left: it is not needed any more.
    """

    wanted = Signal(str)
    chosen = Signal(object)
    left = Signal()

    def __init__(self, field: SearchField) -> None:
        super().__init__()
        self.field = field
        self._say: Wording | None = None
        self._state: Callable[[Found, Wording], str] = lambda _found, _say: ""
        self._found: tuple[Found, ...] = ()
        self._query = self._answered = ""
        self._hurried = False  # Enter was pressed before the guests of the query were there
        self._title = Text(Type.LEAD, Weight.BOLD)
        self._told = Text(Type.BODY, tint=Tint.MUTE, lines=2, least=13)
        self.rows = [ResultRow() for _ in range(RESULTS)]
        self.keyboard = Keyboard()
        self.show_keyboard, self._back = SmallKey(40, Radius.FIELD), SmallKey(40, Radius.FIELD)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._arrange()
        self._connect()

    def tell_states(self, state: Callable[[Found, Wording], str]) -> None:
        """Use these words for where a guest stands."""
        self._state = state

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self._title.say(say("desk.find_title"))
        self.show_keyboard.name(say("keyboard.show"), "")
        self._back.name(say("sheet.back"), say("key.escape"))
        self.keyboard.speak(say)
        self._tell()

    def show_found(self, query: str, found: Sequence[Found]) -> None:
        """Show the guests that were searched for; those of an older query are nobody's."""
        if not query or query != self._query:
            return
        self._answered, self._found = query, tuple(found)
        self._tell()
        if self._hurried:
            self._enter()

    def forget(self) -> None:
        """Look for nobody any more."""
        self._query = self._answered = ""
        self._found, self._hurried = (), False
        self.field.clear()
        self.keyboard.hide()
        self._tell()

    def type_by_finger(self) -> None:
        """Bring up the keyboard."""
        self.keyboard.serve(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    # Doing

    def _want(self, query: str) -> None:
        self._query, self._hurried = query, False
        if query:
            self.wanted.emit(query)
        else:
            self._answered, self._found = "", ()
            self._tell()

    def _enter(self) -> None:
        """Choose the first result; where it is that of an older query, as soon as it is there."""
        self._hurried = self._answered != self._query
        if not self._hurried and self._found:
            self.chosen.emit(self._found[0])

    def _walk(self, here: int, step: int) -> None:
        """From the field, which is above the first row, to the rows and back."""
        shown = [line for line in self.rows if line.found is not None]
        place = min(here + step, len(shown) - 1)
        stop = shown[place] if place >= 0 else self.field
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, line: ResultRow) -> None:
        if line.found is not None:
            self.chosen.emit(line.found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, from wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # Saying

    def _tell(self) -> None:
        say = self._say
        if say is None:
            return
        room = RESULTS if self.keyboard.isHidden() else _BESIDE_KEYBOARD
        for number, line in enumerate(self.rows):
            if number < min(len(self._found), room):
                found = self._found[number]
                cap = say("key.enter") if number == 0 else ""
                line.tell(found, self._state(found, say), cap)
            else:
                line.blank()
        nobody = bool(self._answered) and not self._found
        self._told.say(say("desk.nobody_found" if nobody else "desk.find_hint"))
        appear(self._told, not self._found)

    # Building

    def _arrange(self) -> None:
        above = row(12)
        above.addWidget(self._title, 6)
        above.addWidget(self.show_keyboard, 3)
        above.addWidget(self._back, 3)
        inside = column(0, (32, 12, 32, 16)).put(above, 8, self._told)
        inside.addLayout(column(4).put(*self.rows))
        self.setLayout(inside.put(None, self.keyboard))

    def _connect(self) -> None:
        self.field.wanted.connect(self._want)
        self.field.entered.connect(self._enter)
        self.field.walked.connect(lambda step: self._walk(-1, step))
        self.field.left.connect(self.left)
        self.field.touched.connect(self.type_by_finger)
        for number, line in enumerate(self.rows):
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
            line.walked.connect(lambda step, number=number: self._walk(number, step))
        self.show_keyboard.clicked.connect(self.type_by_finger)
        self._back.clicked.connect(self.left)
        self.keyboard.put_away.connect(self._tell)
