"""Guests leave: one by one, all at once when an occasion ends, or sent away by staff."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Shown
from kiosk.desk.books import Books, Step
from kiosk.desk.findings import Station
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import Authority, LogMovedError, StorageTroubleError

_CAUSES = {
    Cause.BADGE_NOT_VALID: {
        Reason.BADGE_FORGED,
        Reason.BADGE_OTHER_EVENT,
        Reason.BADGE_REVOKED,
        Reason.BADGE_UNKNOWN,
        Reason.BADGE_OF_RESERVE,
        Reason.BADGE_NOT_HANDED_OUT,
    },
    Cause.NOT_INVITED: {
        Reason.NOT_ON_LIST,
        Reason.GUEST_REMOTE,
        Reason.GUEST_WAITING,
        Reason.GUEST_DECLINED,
        Reason.OCCASION_OTHER,
        Reason.SEAT_PASSED_ON,
    },
    Cause.NO_SEAT: {Reason.SEATS_TAKEN, Reason.ROOM_FULL},
    Cause.NAMES_DIFFER: {Reason.NAMES_DIFFER, Reason.NAME_NEAR_MISS},
    Cause.IN_ALREADY: {Reason.INSIDE_ELSEWHERE, Reason.REENTRY_NOT_ALLOWED, Reason.EXIT_MISSING},
}
SENT_AWAY = {reason: cause for cause, reasons in _CAUSES.items() for reason in reasons}


class Leaving:
    """Records at one station who leaves, and who did not come in."""

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books

    def let_out(self, guest_id: str, at: datetime) -> bool:
        """The guest leaves; False when not inside. Raises StorageTroubleError."""
        while True:
            self._books.catch_up()
            standing = self._books.attendance.standing(guest_id, at)
            if not standing.inside_at:
                return False
            basis = EntryBasis.SCANNED
            out = self._station.draft(EntryAct.OUT, guest_id, standing.admitted_to, basis)
            with suppress(LogMovedError):  # another screen was quicker: is the guest inside still?
                self._books.write((out,), at)
                return True

    def everyone_out(self, occasion_id: str, by: Authority, at: datetime) -> Outcome:
        """Whoever is inside for that occasion leaves now, in one transaction, at every door."""
        if not by.may(Action.EVERYONE_OUT):
            return NotDone(Reason.NOT_AUTHORISED)

        def plan() -> Step:
            today = self._books.attendance.today(at)
            inside = [guest for guest, standing in today.items() if standing.inside(occasion_id)]
            basis = EntryBasis.EVERYONE_OUT
            outs = (self._station.draft(EntryAct.OUT, g, occasion_id, basis) for g in inside)
            return Step(tuple(replace(out, staff=by.session) for out in outs))

        return self._books.perform(plan, at)

    def send_away(self, guest_id: str, reason: Reason, at: datetime) -> Outcome:
        """Staff send somebody away; `guest_id` may be empty, where nobody knows who it is.

        For what has to do with a certificate nothing of the person is recorded (P6): it is
        counted as a refusal.
        """
        cause = SENT_AWAY.get(reason)
        if cause is None:
            return self._counted(at)
        occasions = self._station.event.open_occasions(self._station.door, at)
        occasion = occasions[0].id if occasions else ""
        draft = self._station.draft(EntryAct.REFUSED, guest_id, occasion, EntryBasis.STAFF)
        return self._books.perform(lambda: Step((replace(draft, cause=cause),)), at)

    def _counted(self, at: datetime) -> Outcome:
        try:
            self._books.count(Shown.REFUSE.name, self._station.door.id, at)
        except StorageTroubleError:
            return NotDone(Reason.STORAGE_TROUBLE)
        return Done()
