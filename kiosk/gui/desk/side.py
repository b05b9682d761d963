"""The left of the desk: camera, search, guests who wait, last answers."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.core.guests.guest import Guest
from kiosk.desk.admission import Answered, Found, Shown, Waiting
from kiosk.gui.parts.controls import Panel, SmallKey
from kiosk.gui.parts.fields import Field
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.rows import AnswerRow, PersonRow
from kiosk.gui.parts.style import Radius, Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_PICTURE = (400, 225)
_ROW, _ANSWER_ROW, _UNDO = 40, 32, 36
_WAITING, _RECENT, _RESULTS = 3, 4, 8
_PORTRAIT_HEIGHT = 360  # px
QWIDGETSIZE_MAX = 16_777_215  # Qt's own word for no limit
_MAX_QUERY = 60  # characters
_DOTS = {Shown.ADMIT: Tint.ADMIT, Shown.DESK: Tint.DESK, Shown.REFUSE: Tint.REFUSE}
_WORDS = {
    Shown.ADMIT: "desk.answer_in",
    Shown.DESK: "desk.answer_desk",
    Shown.REFUSE: "desk.answer_refused",
}


class SearchField(Field):
    """Where staff type a name. Enter chooses, the arrows walk, Escape leaves."""

    wanted = Signal(str)
    entered = Signal()
    walked = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("F3", _MAX_QUERY)
        self.textEdited.connect(lambda text: self.wanted.emit(text.strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter, arrows and Escape: they are about the results, not about the card."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not event.isAutoRepeat():
                    self.entered.emit()
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.walked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
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


class DeskSide(QWidget, Styled):
    """Everything left of the card."""

    chosen = Signal(str)  # a guest's id
    searched = Signal(str)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._say: Wording | None = None
        self._waiting_guests: tuple[Waiting, ...] = ()
        self._answers: tuple[Answered, ...] = ()
        self._query = self._answered = ""
        self._hurried = False  # Enter was pressed before the guests of the query were there
        self._numbered = True
        self.preview = Preview(*_PICTURE)
        self.search = SearchField()
        self._waiting = [PersonRow(_ROW) for _ in range(_WAITING)]
        self._results = [PersonRow(_ROW) for _ in range(_RESULTS)]
        self._recent = [AnswerRow(_ANSWER_ROW) for _ in range(_RECENT)]
        self.undo = SmallKey(_UNDO, Radius.FIELD)
        self.undo.setEnabled(False)
        self._arrange()
        self._connect()

    def restyle(self, style: Style) -> None:
        """In portrait, keep one height: the card below must not move."""
        super().restyle(style)
        self.setMinimumHeight(0)
        self.setMaximumHeight(QWIDGETSIZE_MAX)
        if style.portrait:
            self.setFixedHeight(style.px(_PORTRAIT_HEIGHT))

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self.preview.speak(say)
        self.search.setPlaceholderText(say("desk.search"))
        self.search.setAccessibleName(f"{say('desk.search')} (F3)")
        self._recent_title.say(say("desk.recent"))
        self.undo.name(say("desk.undo"), "F9")
        self._nobody.say(say("desk.nobody_waiting"))
        self._nothing.say(say("desk.nothing_yet"))
        self._none_found.say(say("desk.nobody_found"))
        self._show_waiting()
        self._show_recent()

    def show_lists(
        self, waiting: tuple[Waiting, ...], recent: tuple[Answered, ...], *, undoable: bool
    ) -> None:
        """Show who waits, what was answered, and whether the last of it can be taken back."""
        self._waiting_guests, self._answers = waiting, recent
        self.undo.setEnabled(undoable)
        self._show_waiting()
        self._show_recent()

    def number_waiting(self, numbered: bool) -> None:
        """Whether the keys 1 to 3 choose from those who wait (else they choose candidates)."""
        self._numbered = numbered
        for number, line in enumerate(self._waiting, 1):
            line.mark(str(number) if numbered else "")

    def choose_waiting(self, number: int) -> None:
        """The key of a guest who waits was pressed."""
        if self._numbered and 0 < number <= len(self._waiting):
            self._choose(self._waiting[number - 1])

    def show_found(self, query: str, guests: Sequence[Found]) -> None:
        """Show the guests that were searched for; those of an older query are nobody's."""
        if not query or query != self._query:
            return
        self._answered = query
        _fill(self._results, [(each.guest.id, each.guest) for each in guests])
        self._none_found.setVisible(not guests)
        self._lists.setCurrentIndex(1)
        if self._hurried:
            self._enter()

    def leave_search(self) -> None:
        """Show the lists again."""
        self._query = self._answered = ""
        self._hurried = False
        self.search.clear()
        _fill(self._results, ())
        self._lists.setCurrentIndex(0)

    # Building

    def _arrange(self) -> None:
        self._waiting_title = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self._recent_title = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self._nobody, self._nothing, self._none_found = (
            Text(Type.SMALL, tint=Tint.MUTE) for _ in range(3)
        )
        # A place of fixed height: whoever comes or goes moves nothing.
        waiting = Panel(Tint.PAPER, None, height=_WAITING * (_ROW + 4))
        waiting.setLayout(column(4).put(self._nobody, *self._waiting, None))
        lists = column(4).put(self._waiting_title, waiting, 8)
        above = row(8)
        above.addWidget(self._recent_title, 5)
        above.addWidget(self.undo, 4)
        lists.put(above, self._nothing, *self._recent, None)
        results = column(4).put(self._none_found, *self._results, None)
        self._lists = QStackedWidget()
        for layout in (lists, results):
            page = QWidget()
            page.setLayout(layout)
            self._lists.addWidget(page)
        camera = column(16).put(self.preview, self.search, None)
        whole = column(16, turns=True)
        whole.addLayout(camera)
        whole.addWidget(self._lists, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for line in (*self._waiting, *self._results):
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
        self.search.wanted.connect(self._want)
        self.search.entered.connect(self._enter)
        self.search.walked.connect(self._walk)
        self.search.left.connect(self._escape)

    # Doing

    def _choose(self, line: PersonRow) -> None:
        if line.guest_id:
            self.chosen.emit(line.guest_id)
            self.leave_search()

    def _enter(self) -> None:
        """Choose the first result; where it is that of an older query, as soon as it is there."""
        self._hurried = self._answered != self._query
        if not self._hurried:
            self._choose(self._results[0])

    def _want(self, query: str) -> None:
        self._query, self._hurried = query, False
        if query:
            self.searched.emit(query)
        else:
            self._lists.setCurrentIndex(0)

    def _walk(self, _step: int) -> None:
        if self._query and self._results[0].guest_id:
            self._results[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _escape(self) -> None:
        self.leave_search()
        self.search.clearFocus()

    # Saying

    def _show_waiting(self) -> None:
        if self._say is None:
            return
        count = len(self._waiting_guests)
        several = self._say("desk.waiting_count", count=count)
        self._waiting_title.say(several if count > _WAITING else self._say("desk.waiting"))
        _fill(self._waiting, [(each.key, each.guest) for each in self._waiting_guests])
        self._nobody.setVisible(not count)
        self.number_waiting(self._numbered)

    def _show_recent(self) -> None:
        if self._say is None:
            return
        self._nothing.setVisible(not self._answers)
        for number, line in enumerate(self._recent):
            if number < len(self._answers):
                self._tell(line, self._answers[number], self._say)
            else:
                line.blank()

    def _tell(self, line: AnswerRow, answered: Answered, say: Wording) -> None:
        left = answered.left or answered.undone
        aside = "desk.answer_undone" if answered.undone else "desk.answer_out"
        line.tell(
            Tint.MUTE if left else _DOTS[answered.shown],
            say.clock_time(answered.at, self._zone),
            plain_name(answered.name) or say("desk.unnamed"),
            say(aside if left else _WORDS[answered.shown]),
        )


def _fill(lines: Sequence[PersonRow], guests: Sequence[tuple[str, Guest | None]]) -> None:
    for number, line in enumerate(lines):
        if number < len(guests):
            key, guest = guests[number]
            about = guest.organisation or guest.partnership or guest.category if guest else ""
            line.name(key, plain_name(guest.name if guest else "–"), plain_name(about), "")
        else:
            line.blank()
