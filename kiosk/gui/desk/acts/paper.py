"""The paper list is keyed in: a name, a time, in or out; then all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Station
from kiosk.desk.paper import PaperLine
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.fields import Entry
from kiosk.gui.parts.finder import GuestFinder
from kiosk.gui.parts.rows import PersonRow
from kiosk.gui.parts.style import Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import time_of
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_FIND = "paper:"
_CRAMPED = 2  # guests, above the keyboard upon the screen
_SHOWN = 3  # of the lines written last
_LONGEST = 5  # characters of a time
_WAYS = {"in": EntryAct.IN, "out": EntryAct.OUT}


@dataclass(frozen=True, repr=False)
class Written:
    """A line of the paper, and whom it was taken for."""

    guest: Guest
    line: PaperLine


class PaperSheet(Act):
    """Enter after a name goes to the time; Enter after a time writes the line down.

    Enter where no name is typed goes on to the PIN, with all lines.
    """

    asked, action, words = Asked.PAPER, Action.PAPER, "paper"
    goes = "paper.go"
    bound = False

    def __init__(self, station: Station) -> None:
        self._station = station
        self.lines: list[Written] = []
        self.guest: Guest | None = None
        self.finder, self.time = GuestFinder(3), Entry(_LONGEST)
        self.ways = Choice(list(_WAYS), height=48, numbered=False)
        self._count = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.written = [PersonRow(40) for _ in range(_SHOWN)]
        super().__init__(self._page())
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.finder.name(say("paper.who"), say("acts.find"), say("desk.nobody_found"))
        self.time.name(say("paper.time"))
        self.ways.name({way: say(f"paper.{way}") for way in _WAYS})
        self._show()

    def question(self) -> Question:
        """To record all lines, or none."""
        lines = [each.line for each in self.lines]
        return lambda desk, by, at: desk.paper.record(lines, by, at)

    def fill_in(self) -> None:
        """Nothing is written yet."""
        self.lines, self.guest = [], None
        self.ways.choose("in")
        self.time.fill("")
        self._next()

    def take(self, what: str, answer: object) -> None:
        """Who is called so."""
        if what.startswith(_FIND) and isinstance(answer, tuple):
            self.finder.show_found(what.removeprefix(_FIND), answer)

    def lacks(self) -> tuple[str, QWidget] | None:
        """A line; and the one that was begun is ended first."""
        if self.guest is not None or self.time.text:
            key = "paper.type_time" if self.guest is not None else "paper.type_name"
            return key, self.time.field if self.guest is not None else self.finder.field
        return None if self.lines else ("paper.type_name", self.finder.field)

    def go_on(self) -> None:
        """A whole line is written down; where none is begun, all of them are recorded."""
        if self.vouching or self.busy or self.stale or self.guest is None:
            super().go_on()
            return
        at = time_of(self.time.text, self.at, self._station.event.time_zone)
        if at is None:
            self.tell("paper.type_time")
            self.time.field.setFocus()
            return
        line = PaperLine(self.guest.id, at, _WAYS[self.ways.one])
        self.lines.append(Written(self.guest, line))
        self._next()

    def places(self) -> Sequence[QWidget]:
        """Name, time, way, and the lines that can be taken out again."""
        written = [line for line in self.written if line.guest_id]
        return [*self.finder.stops(), self.time.field, *self.ways.stops(), *written]

    def cramp(self, *, cramped: bool) -> None:
        """Without the lines that are written already, and with fewer guests."""
        self._written.setVisible(not cramped)
        self.finder.show_rows(_CRAMPED if cramped else len(self.finder.rows))

    def sentence(self) -> str:
        """How many lines."""
        return self._counted()

    def end(self) -> None:
        """Forget everybody."""
        self.lines, self.guest = [], None
        self.finder.clear()
        self._show()
        super().end()

    def _chose(self, guest: Guest) -> None:
        self.guest = guest
        self.finder.clear()
        self.finder.field.setText(plain_name(guest.name))
        self.time.field.setFocus()
        self.tell("")
        self.rearm()

    def _typed_anew(self) -> None:
        self.guest = None
        self.rearm()

    def _next(self) -> None:
        """Ready for the next line; the time stays, to be typed over."""
        self.guest = None
        self.time.fill("")
        self.finder.clear()
        self.finder.field.setFocus()
        self.tell("")
        self._show()
        self.rearm()

    def _take_out(self, row_number: int) -> None:
        place = len(self.lines) - 1 - row_number
        if 0 <= place < len(self.lines):
            del self.lines[place]
            self._show()
            self.rearm()
            self.finder.field.setFocus()

    def _show(self) -> None:
        if self.say is None:
            return
        self._count.say(self._counted())
        newest = list(reversed(self.lines))[:_SHOWN]
        for number, place in enumerate(self.written):
            if number < len(newest):
                place.name(*self._told(newest[number], self.say), "×")
            else:
                place.blank()

    def _counted(self) -> str:
        if self.say is None:
            return ""
        return self.say("paper.written", count=len(self.lines)) if self.lines else ""

    def _told(self, written: Written, say: Wording) -> tuple[str, str, str]:
        way = next(name for name, act in _WAYS.items() if act is written.line.act)
        time = say.clock_time(written.line.happened, self._station.event.time_zone)
        return written.guest.id, plain_name(written.guest.name), f"{time} · {say(f'paper.{way}')}"

    def _page(self) -> QWidget:
        page = QWidget()
        right = column(4).put(self.time, 6, self.ways, None)
        both = row(24)
        both.addWidget(self.finder, 3)
        both.addLayout(right, 2)
        self._written = QWidget()
        self._written.setLayout(column(4).put(self._count, *self.written))
        page.setLayout(column(4).put(both, self._written, None))
        return page

    def _connect(self) -> None:
        self.finder.wanted.connect(self._find)
        self.finder.chosen.connect(self._chose)
        self.finder.field.textEdited.connect(self._typed_anew)
        self.time.field.textChanged.connect(self.rearm)
        self.ways.changed.connect(self.rearm)
        for number, line in enumerate(self.written):
            line.clicked.connect(lambda _=False, number=number: self._take_out(number))

    def _find(self, query: str) -> None:
        self.inquires.emit(f"{_FIND}{query}", lambda desk: desk.search(query))
