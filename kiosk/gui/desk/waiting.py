"""Who waits for staff: three at a time, how long each has waited, one key to bring each up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

from kiosk.desk.admission import Waiting
from kiosk.gui.parts.controls import Panel, SmallKey
from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import RIGHT, KeyCap, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

ROWS = 3
_ROW, _KEY = 38, 34
_MINUTE = timedelta(minutes=1)


class WaitingRow(NameRow):
    """One who waits."""

    def __init__(self) -> None:
        super().__init__(_ROW, radius=10)
        self.key = ""
        self._scanned = False
        self._name = Text(Type.BODY, Weight.SEMI, least=13)
        self._about = Text(Type.SMALL, tint=Tint.MUTE, align=RIGHT, least=12)
        self._since = Text(Type.SMALL, Weight.SEMI, Tint.MUTE, align=RIGHT, hug=True)
        self._cap = KeyCap()
        policy = self._cap.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when the digits are the candidates'
        self._cap.setSizePolicy(policy)
        content = row(8, (14, 0, 10, 0))
        content.addWidget(self._name, 5)
        content.addWidget(self._about, 4)
        content.addWidget(self._since)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def tell(self, waiting: Waiting, about: str, since: str) -> None:
        """Show one: what tells them from others, and how long they have waited."""
        self.key, self._scanned = waiting.key, waiting.scanned
        name = plain_name(waiting.name) or "–"
        for label, text in ((self._name, name), (self._about, about), (self._since, since)):
            label.say(text)
        self.setAccessibleName(f"{name}, {about}, {since}")
        appear(self, True)
        self.update()

    def mark(self, cap: str, *, shown: bool) -> None:
        """Show the key that brings them up, while it does."""
        self._cap.say(cap)
        appear(self._cap, shown)

    def blank(self) -> None:
        """Show nobody."""
        self.key = ""
        self.forget()
        appear(self, False)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Whoever stands here and was scanned meanwhile stands out."""
        return (Tint.DESK_TINT, Tint.DESK, 2) if self._scanned else super().colours()


class WaitingList(QWidget):
    """A title, a key to those further back, and three rows in a place of fixed height."""

    chosen = Signal(str)  # under which key they are brought up

    def __init__(self) -> None:
        super().__init__()
        self._say: Wording | None = None
        self._waiting: tuple[Waiting, ...] = ()
        self._at: datetime | None = None
        self._first, self._numbered = 0, True
        self._title = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.more = SmallKey(_KEY, Radius.FIELD)
        self._nobody = Text(Type.SMALL, tint=Tint.MUTE)
        self.rows = [WaitingRow() for _ in range(ROWS)]
        self._arrange()
        for line in self.rows:
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
        self.more.clicked.connect(self.turn)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self._nobody.say(say("desk.nobody_waiting"))
        self._tell()

    def show_waiting(self, waiting: Sequence[Waiting]) -> None:
        """Show who waits; whoever is looked at further back stays in sight."""
        self._waiting = tuple(waiting)
        if self._first >= len(self._waiting):
            self._first = 0
        self._tell()

    def tell_time(self, at: datetime) -> None:
        """The time is `at`."""
        if self._at is None or at - self._at >= _MINUTE / 12 or at < self._at:
            self._at = at
            self._tell()

    def number(self, numbered: bool) -> None:
        """Whether the keys 1 to 3 bring somebody up (else they choose candidates)."""
        self._numbered = numbered
        for number, line in enumerate(self.rows, 1):
            line.mark(str(number), shown=numbered)

    def choose(self, number: int) -> None:
        """The key of a row was pressed."""
        if self._numbered and 0 < number <= len(self.rows):
            self._choose(self.rows[number - 1])

    def turn(self) -> None:
        """Show the next three, behind the last ones the first."""
        self._first = self._first + ROWS if self._first + ROWS < len(self._waiting) else 0
        self._tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One further with each step of the wheel."""
        step = -1 if event.angleDelta().y() > 0 else 1
        self._first = max(0, min(self._first + step, len(self._waiting) - ROWS))
        self._tell()

    def _arrange(self) -> None:
        above = row(8)
        above.addWidget(self._title, 6)
        above.addWidget(self.more, 4)
        head = Panel(Tint.PAPER, None, height=_KEY)
        head.setLayout(above)
        place = Panel(Tint.PAPER, None, height=ROWS * (_ROW + 4))
        place.setLayout(column(4).put(self._nobody, *self.rows, None))
        self.setLayout(column(2).put(head, place))

    def _choose(self, line: WaitingRow) -> None:
        if line.key:
            self.chosen.emit(line.key)

    def _tell(self) -> None:
        say = self._say
        if say is None:
            return
        count = len(self._waiting)
        several = say("desk.waiting_count", count=count)
        self._title.say(several if count > ROWS else say("desk.waiting"))
        appear(self._nobody, not count)
        appear(self.more, count > ROWS)
        shown = self._waiting[self._first : self._first + ROWS]
        last = self._first + len(shown)
        self.more.name(f"{self._first + 1}–{last}", say("key.page_down"))
        self.more.setAccessibleName(say("desk.more_waiting"))
        for number, line in enumerate(self.rows):
            if number < len(shown):
                waiting = shown[number]
                line.tell(waiting, self._about(waiting, say), self._since(waiting, say))
            else:
                line.blank()
        self.number(self._numbered)

    def _about(self, waiting: Waiting, say: Wording) -> str:
        if waiting.scanned:
            return say("desk.scanned_here")
        guest = waiting.guest
        return plain_name(guest.organisation or guest.partnership) if guest else ""

    def _since(self, waiting: Waiting, say: Wording) -> str:
        minutes = (self._at - waiting.since) // _MINUTE if self._at else 0
        return say("desk.waits", count=minutes) if minutes > 0 else say("desk.waits_now")
