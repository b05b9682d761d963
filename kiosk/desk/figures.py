"""How things stand at a door: today's figures, and who is on the way in."""

from __future__ import annotations

from datetime import datetime

from kiosk.core.guests.guest import Guest
from kiosk.desk.admission import Counters, Shown
from kiosk.desk.books import Books
from kiosk.desk.findings import Findings


class Figures:
    """Reads the books of a station; changes nothing."""

    def __init__(self, books: Books, findings: Findings) -> None:
        self._books, self._findings = books, findings

    def checked(self, at: datetime) -> tuple[Guest, ...]:
        """Guests checked today who have not come in yet, the longest waiting first."""
        self._books.caught_up()
        today = self._books.attendance.today(at)
        waiting = [guest_id for guest_id, standing in today.items() if standing.awaited]
        guests = self._books.guests
        return tuple(guest for guest_id in waiting if (guest := guests.by_id(guest_id)))

    def counters(self, at: datetime) -> Counters:
        """Today's figures. Raises StorageTroubleError."""
        self._books.caught_up()
        today = self._books.attendance.today(at)
        return Counters(
            present=sum(1 for standing in today.values() if standing.inside_at),
            entered=sum(1 for standing in today.values() if standing.admitted),
            expected=self._findings.expected(at),
            refused=self._books.counted(Shown.REFUSE.name, at),
            desk=self._books.counted(Shown.DESK.name, at),
        )
