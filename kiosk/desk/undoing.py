"""The last thing that was recorded at a station is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.core.causes import REGISTRATIONS, Cause
from kiosk.core.entry import EntryAct, EntryDraft, EntryRecord
from kiosk.core.guests.amendments import Change
from kiosk.core.guests.guest import Guest
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.books import Books, Step, Written
from kiosk.desk.findings import Station
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import Authority

WITHIN = timedelta(minutes=15)


class Undoing:
    """Takes back what this station recorded last: an entry, a pair, an exit, a change of the list.

    Nothing is deleted: for each record a note says that it does not count.
    """

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books

    def last(self, at: datetime) -> Written | None:
        """What could be taken back at `at`."""
        last = self._books.last
        return last if last and timedelta() <= at - last.at <= WITHIN else None

    def undo(self, by: Authority, at: datetime) -> Outcome:
        """Once, and within 15 minutes; Done tells what was taken back.

        What another session recorded, or a supervisor vouched for, is a supervisor's to take back.
        """
        last = self.last(at)
        if last is None:
            return NotDone(Reason.NOTHING_TO_UNDO)
        own = all(record.staff == by.session for record in last.records)
        if not by.may(Action.UNDO_OWN if own else Action.UNDO_ANY):
            return NotDone(Reason.NOT_AUTHORISED)
        outcome = self._books.perform(lambda: self._taken_back(last, by), at)
        if isinstance(outcome, NotDone):
            return outcome
        self._books.last = None
        return Done(last.records, outcome.guests)

    def _taken_back(self, last: Written, by: Authority) -> Step | NotDone:
        taken = next((record for record in last.records if self._is_taken_up(record)), None)
        if taken is not None:
            guest = self._books.guests.by_id(taken.refers or taken.guest)
            return NotDone(Reason.SEAT_IN_USE, guest)
        if not all(map(self._stands, last.changes)):
            return NotDone(Reason.NOTHING_TO_UNDO)  # it would take back what came after it
        return Step(tuple(self._note(record, by) for record in last.records), last.back)

    def _is_taken_up(self, record: EntryRecord) -> bool:
        """Whether somebody sits in the seat that was given or passed on, or was checked for it."""
        if record.cause not in REGISTRATIONS | {Cause.SUBSTITUTION}:
            return False
        occasions = (o for o in self._station.event.occasions if record.occasion in ("", o.id))
        return any(self._books.has_seat(record.refers or record.guest, o) for o in occasions)

    def _stands(self, change: Guest | Change) -> bool:
        """Whether nobody has changed the same of the guest since, at any door."""
        if isinstance(change, Guest):
            change = Change(change.id, selection=change.selection, occasions=change.occasions)
        now = self._books.guests.by_id(change.guest_id)
        return now is not None and change.of(now) == now

    def _note(self, record: EntryRecord, by: Authority) -> EntryDraft:
        draft = self._station.draft(EntryAct.NOTE, record.guest, record.occasion, record.basis)
        return replace(draft, staff=by.session, cause=Cause.UNDONE, refers=record.id)
