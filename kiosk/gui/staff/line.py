"""What the pages of staff ask the desk, and what it tells them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import NotDone
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.desk_thread import DeskThread


class StaffLine(QObject):
    """Questions go to the desk's thread, answers come as signals."""

    state = Signal(object)  # OnDuty: how things stand, as it was asked
    done = Signal(object)  # OnDuty: the station was opened, paused or closed
    people = Signal(object)  # tuple[Supervisor, ...]: who may open this station
    bearer = Signal(object)  # Supervisor: whose staff badge was shown
    denied = Signal(object)  # Denied: the PIN did not do
    failed = Signal(object)  # NotDone: the disk or the program is in the way

    def __init__(self, desk: DeskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def look(self, at: datetime) -> None:
        """`state` tells how things stand."""
        self.ask(lambda desk: desk.duty.state(at), self.state.emit)

    def look_for_people(self) -> None:
        """`people` tells whom to choose from."""
        self.ask(lambda desk: desk.duty.people(), self.people.emit)

    def badge(self, text: str) -> None:
        """A staff badge was shown; `bearer` tells whose it is, if one of somebody here."""
        self.ask(lambda desk: desk.duty.bearer(text), self._tell_bearer)

    def open(self, vouching: Vouching, at: datetime) -> None:
        """Somebody checks here from now on; `done` or `denied` follows."""
        self.ask(lambda desk: desk.duty.open(vouching, at), self.done.emit)

    def pause(self, at: datetime) -> None:
        """Nobody checks here until somebody's PIN; `done` follows."""
        self.ask(lambda desk: desk.duty.pause(at), self.done.emit)

    def shut(self, at: datetime) -> None:
        """Nobody is answered, whoever is named."""
        self.ask(lambda desk: desk.duty.shut(at), self.state.emit)

    def close(self, vouching: Vouching, at: datetime) -> None:
        """The session ends; `done` or `denied` follows."""
        self.ask(lambda desk: desk.duty.close(vouching, at), self.done.emit)

    def ask(self, question: Callable[[EntryDesk], object], told: Callable[[object], None]) -> None:
        """Have `told` called in the desk's thread with the answer, unless a PIN or a disk fails."""
        self._desk.tell(question, lambda answer: self._tell(answer, told))

    def _tell(self, answer: object, told: Callable[[object], None]) -> None:
        match answer:
            case NotDone():
                self.failed.emit(answer)
            case Denied():
                self.denied.emit(answer)
            case _:
                told(answer)

    def _tell_bearer(self, answer: object) -> None:
        if isinstance(answer, Supervisor):
            self.bearer.emit(answer)
