"""What the pages of staff ask the desk, and what it tells them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from kiosk.desk.duty import OnDuty
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import NotDone
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.desk_thread import DeskThread


class StaffLine(QObject):
    """Questions go to the desk's thread, answers come as signals."""

    state = Signal(object)  # OnDuty, whenever it may have changed
    people = Signal(object)  # tuple[Supervisor, ...]: who may open this station
    bearer = Signal(object)  # Supervisor: whose staff badge was shown
    denied = Signal(object)  # Denied: the PIN did not do
    failed = Signal(object)  # NotDone: the disk or the program is in the way

    def __init__(self, desk: DeskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def look(self, at: datetime) -> None:
        """`state` tells how things stand."""
        self.ask(lambda desk: desk.duty.state(at))

    def look_for_people(self) -> None:
        """`people` tells whom to choose from."""
        self.ask(lambda desk: desk.duty.people(), self.people.emit)

    def badge(self, text: str) -> None:
        """A staff badge was shown; `bearer` tells whose it is, if one of somebody here."""
        self.ask(lambda desk: desk.duty.bearer(text), self._tell_bearer)

    def open(self, vouching: Vouching, at: datetime) -> None:
        """Somebody checks here from now on; `state` or `denied` follows."""
        self.ask(lambda desk: desk.duty.open(vouching, at))

    def pause(self, at: datetime) -> None:
        """Nobody checks here until somebody's PIN."""
        self.ask(lambda desk: desk.duty.pause(at))

    def close(self, vouching: Vouching, at: datetime) -> None:
        """The session ends; `state` or `denied` follows."""
        self.ask(lambda desk: desk.duty.close(vouching, at))

    def ask(
        self,
        question: Callable[[EntryDesk], object],
        told: Callable[[object], None] | None = None,
    ) -> None:
        """Have `told` called with the answer, in the desk's thread; without it, by its kind."""
        self._desk.tell(question, lambda answer: self._tell(answer, told))

    def _tell(self, answer: object, told: Callable[[object], None] | None) -> None:
        match answer:
            case NotDone():
                self.failed.emit(answer)
            case Denied():
                self.denied.emit(answer)
            case OnDuty():
                self.state.emit(answer)
            case _ if told is not None:
                told(answer)

    def _tell_bearer(self, answer: object) -> None:
        if isinstance(answer, Supervisor):
            self.bearer.emit(answer)
