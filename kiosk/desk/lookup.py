"""Where single guests stand: who was searched for, who waits, what was recorded of whom today.

Nothing here changes anything.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.policy.event import Occasion
from kiosk.desk.admission import Found, Passage, Today, Waiting
from kiosk.desk.books import Books
from kiosk.desk.findings import Findings, Station

_PASSAGES = frozenset({EntryAct.CHECK, EntryAct.IN, EntryAct.OVERRIDE, EntryAct.OUT})
_SELECTION = {Selection.DECLINED: Today.DECLINED, Selection.WAITING: Today.NOT_SELECTED}


class Lookup:
    """Reads the books of a station, guest by guest."""

    def __init__(self, station: Station, books: Books, findings: Findings) -> None:
        self._station, self._books, self._findings = station, books, findings

    def find(self, query: str, at: datetime) -> tuple[Found, ...]:
        """Guests by what staff type, best first."""
        return tuple(self._found(guest, at) for guest in self._books.guests.search(query))

    def _found(self, guest: Guest, at: datetime) -> Found:
        inside_at = self._books.attendance.standing(guest.id, at).inside_at
        return Found(guest, self.today(guest, at), inside_at)

    def today(self, guest: Guest, at: datetime) -> Today:
        """Where `guest` stands at `at`: what was recorded, else what is in the way, if anything."""
        standing = self._books.attendance.standing(guest.id, at)
        if standing.inside_at:
            return Today.INSIDE
        if standing.awaited:
            return Today.CHECKED
        if standing.admitted:
            return Today.LEFT
        if guest.selection in _SELECTION:
            return _SELECTION[guest.selection]
        return self._invited(guest, at)

    def _invited(self, guest: Guest, at: datetime) -> Today:
        here = self._here(at)
        if self._findings.seat_passed(guest, here) is not None:
            return Today.SEAT_PASSED
        if guest.attendance is Attendance.REMOTE:
            return Today.REMOTE
        invited = any(occasion.id in guest.occasions for occasion in here)
        return Today.NOT_IN_YET if invited else Today.OTHER_OCCASION

    def _here(self, at: datetime) -> tuple[Occasion, ...]:
        """What this door lets people into now, else today."""
        event, door = self._station.event, self._station.door
        today = event.local_date(at)
        served = (o for o in event.occasions if o.id in door.occasions)
        return event.open_occasions(door, at) or tuple(
            o for o in served if event.local_date(o.opens) == today
        )

    def entries(self, guest: Guest, at: datetime) -> tuple[Passage, ...]:
        """Checks, entries and exits of the day of `at`, in their order."""
        records = self._books.attendance.entries(at, guest.id)
        return tuple(Passage(r.when, r.act, r.door) for r in records if r.act in _PASSAGES)

    def checked(self, at: datetime) -> tuple[Waiting, ...]:
        """Who was checked today and has not come in yet, at any screen whose log is known here.

        The longest waiting first.
        """
        self._books.caught_up()
        waiting = []
        for guest_id, standing in self._books.attendance.today(at).items():
            guest = self._books.guests.by_id(guest_id) if standing.awaited else None
            if guest is not None and standing.checked_at is not None:
                waiting.append(Waiting(guest.id, standing.checked_at, guest, guest.name))
        return tuple(sorted(waiting, key=lambda each: each.since))
