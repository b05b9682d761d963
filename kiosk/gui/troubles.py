"""What staff are told of devices, lists and disk, from whatever thread finds it out."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal

from kiosk.desk.duty import OnDuty
from kiosk.desk.ports import CameraTrouble, Clock, ScannerNote, StorageNote
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.guest.screen import SelfScreen

_NOTE_FOR = 10.0  # seconds that staff are told of something that has passed


class Troubles(QObject):
    """Hands it to a screen: to the banner of a desk; of a guest's screen the scanner alone."""

    camera_changed = Signal(object)  # CameraTrouble or None
    _list_age_arrived = Signal(object, bool)
    _scanner_arrived = Signal(object)

    def __init__(self, screen: SelfScreen | DeskScreen, clock: Clock) -> None:
        super().__init__(screen)
        self._screen, self._clock = screen, clock
        self._trouble: CameraTrouble | None = None
        self._scanner_lost = False
        self._note_until = 0.0
        self._attended = True
        self._person = ""  # who checks here
        self._list_age_arrived.connect(self._show_list_age)
        self._scanner_arrived.connect(self._show_scanner)
        self.camera_changed.connect(self._show_camera)

    # From any thread

    def list_age(self, issued: date, *, revocation: bool = False) -> None:
        """Of when a list is."""
        self._list_age_arrived.emit(issued, revocation)

    def scanner(self, note: ScannerNote | None) -> None:
        """About a hand scanner: LOST until None comes, all else for a while."""
        self._scanner_arrived.emit(note)

    def camera(self, trouble: CameraTrouble | None) -> None:
        """Why the camera shows nothing; None: it shows something again."""
        if trouble != self._trouble:
            self._trouble = trouble
            self.camera_changed.emit(trouble)

    # In the window's thread

    def clock(self, *, doubted: bool) -> None:
        """Whether the clock is believed."""
        if isinstance(self._screen, DeskScreen):
            self._screen.header.tell_clock(doubted=doubted)

    def storage(self, note: StorageNote) -> None:
        """What happened to the disk."""
        if isinstance(self._screen, DeskScreen):
            self._screen.header.tell_storage(note)

    def duty(self, duty: OnDuty) -> None:
        """Who checks here; guests see whether anybody does."""
        if isinstance(self._screen, DeskScreen):
            self._screen.header.alert(day_over=duty.over)
            person = duty.person.id if duty.attended and duty.person else ""
            if person != self._person:
                self._person = person
                self._screen.change_hands(
                    closed=duty.named and not duty.attended and duty.person is None
                )
        elif duty.attended is not self._attended:  # else an answer would be cut short
            self._attended = duty.attended
            (self._screen.show_open if duty.attended else self._screen.show_closed)()

    def tick(self) -> None:
        """Time has passed: what had passed is told no more."""
        if self._note_until and self._clock.monotonic() >= self._note_until:
            self._end_scanner_note()

    # Inside

    def _show_list_age(self, issued: date, revocation: bool) -> None:
        if isinstance(self._screen, DeskScreen):
            self._screen.header.tell_list_age(issued, revocation=revocation)

    def _show_camera(self, trouble: CameraTrouble | None) -> None:
        if isinstance(self._screen, DeskScreen):
            self._screen.header.alert(camera=trouble)

    def _show_scanner(self, note: ScannerNote | None) -> None:
        if note in (None, ScannerNote.LOST):
            self._scanner_lost = note is ScannerNote.LOST
            self._end_scanner_note()
            return
        self._note_until = self._clock.monotonic() + _NOTE_FOR
        self._screen.tell_scanner(note)

    def _end_scanner_note(self) -> None:
        self._note_until = 0.0
        self._screen.tell_scanner(ScannerNote.LOST if self._scanner_lost else None)
