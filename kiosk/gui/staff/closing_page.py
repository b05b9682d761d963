"""Sums the day up and closes the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk.closing import DaySummary, close_day, day_summary
from kiosk.desk.duty import OnDuty
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Station
from kiosk.desk.house import House
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Clock
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.staff.board import StaffBoard
from kiosk.gui.staff.closing_sheet import ClosingSheet
from kiosk.gui.words import closing as words
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording

_SIZE = (1200, 1100)


class ClosingPage(QObject):
    """The sheet upon `screen`; who is on duty closes, or a supervisor."""

    left = Signal()
    _summed = Signal(object)  # DaySummary, and who may close

    def __init__(
        self,
        screen: QWidget,
        station: Station,
        clock: Clock,
        board: StaffBoard,
        say: Callable[[], Wording],
    ) -> None:
        super().__init__(screen)
        self._station, self._clock, self._board, self._say = station, clock, board, say
        self.house: House | None = None
        self._closing = False
        self.sheet = ClosingSheet()
        self.cover = Cover(screen, self.sheet, _SIZE)
        self._summed.connect(self._show)
        self.sheet.asks.connect(self._close_day)
        self.sheet.left.connect(self.close)
        board.line.denied.connect(self._deny)
        board.line.failed.connect(self._fail)
        board.line.done.connect(self._done)

    @property
    def is_open(self) -> bool:
        """Whether it lies upon the screen."""
        return not self.cover.isHidden()

    def open(self) -> None:
        """Lay the sheet upon the screen, and sum up."""
        self.sheet.speak(self._say())
        self.cover.open(plain_name(self._station.door.name))
        at = self._clock.now()
        self._board.line.ask(
            lambda desk: (day_summary(desk, at), desk.duty.closers(at)), self._summed.emit
        )

    def close(self) -> None:
        """Take it away."""
        self._closing = False
        if self.is_open:
            self.cover.close_sheet()
            self.left.emit()

    def _show(self, answer: tuple[DaySummary, tuple[Supervisor, ...]]) -> None:
        if not self.is_open:
            return
        day, people = answer
        say, zone = self._say(), self._station.event.time_zone
        unexported = self.house.unexported() if self.house else None
        inside = sum(count for _, count in day.inside)
        out = say("closing.everyone_out", count=inside) if inside else ""
        lines = words.lines(day, unexported, say, zone)
        self.sheet.tell_day(words.figures(day, say), lines, out)
        here = day.duty.person.id if day.duty.person else ""
        self.sheet.offer(people, here, named=day.duty.named)

    def _close_day(self, by: Vouching | None) -> None:
        at, out = self._clock.now(), self.sheet.out.isChecked()
        self._closing = True
        question = partial(_closed, by=by, at=at, out=out)
        self._board.line.ask(question, self._board.line.done.emit)

    def _done(self) -> None:
        if self._closing:
            self.close()

    def _deny(self, denied: Denied) -> None:
        if self.is_open:
            self._closing = False
            self.sheet.deny(denied)

    def _fail(self, why: NotDone) -> None:
        if self.is_open:
            self._closing = False
            self.sheet.fail(why_not(why, self._say()))


def _closed(
    desk: EntryDesk, by: Vouching | None, at: datetime, out: bool
) -> OnDuty | Denied | NotDone:
    return close_day(desk, by, at, everyone_out=out)
