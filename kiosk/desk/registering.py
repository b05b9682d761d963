"""What a supervisor changes of the guest list at the door: who is added, accepted, or takes a seat.

Each change is one step of the books: an amendment of the list, and a note in the entry log. From
then on the guest is on the list of this desk, and is admitted as everybody is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.core.causes import OTHER_BADGES, REGISTRATIONS, Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.amendments import Change
from kiosk.core.guests.badge import ID_LENGTH, pseudonym_of
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.spelling import folded
from kiosk.core.policy.event import Event, Occasion
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.books import Books, Step
from kiosk.desk.findings import Station
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import Authority


@dataclass(frozen=True, repr=False)
class NewGuest:
    """Somebody who is on no list, as staff write it down.

    partnership, category: one of both, at least. badge: of the blank one handed out to the guest;
    empty while there is none.
    """

    family: str
    given: str
    organisation: str
    occasions: frozenset[str]
    partnership: str = ""
    category: str = ""
    language: str = ""
    badge: bytes = b""

    def guest(self) -> Guest:
        """The guest, under a new pseudonym; without a badge, under a mark that none carries."""
        badge = self.badge or secrets.token_bytes(ID_LENGTH)
        return Guest(
            id=pseudonym_of(badge),
            badge=badge,
            family=self.family.strip(),
            given=self.given.strip(),
            organisation=self.organisation.strip(),
            partnership=self.partnership.strip(),
            category=self.category,
            occasions=self.occasions,
            attendance=Attendance.IN_PERSON,
            selection=Selection.SELECTED,
            language=self.language,
        )


class Registering:
    """Changes the guest list at one station."""

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books

    def register(self, new: NewGuest, cause: Cause, by: Authority, at: datetime) -> Outcome:
        """Put somebody on the list who was on none: late registration, or walk-in."""
        _check(cause in REGISTRATIONS)
        guest = new.guest()
        return self._amend(lambda: self._registered(guest, cause, by), by, at)

    def accept(
        self, guest_id: str, occasions: frozenset[str], cause: Cause, by: Authority, at: datetime
    ) -> Outcome:
        """Let somebody of the list take part in person who waits, was declined or is remote.

        occasions: those granted, beside the ones for which the guest was selected before.
        """
        _check(cause in REGISTRATIONS)
        return self._amend(lambda: self._accepted(guest_id, occasions, cause, by), by, at)

    def substitute(
        self,
        away: str,
        coming: NewGuest | str,
        occasions: frozenset[str],
        by: Authority,
        at: datetime,
    ) -> Outcome:
        """Give the seats of `away` at `occasions` to another of the same Partnership.

        away, coming: pseudonyms; `coming` may be on no list yet.
        """
        fresh = coming.guest() if isinstance(coming, NewGuest) else None

        def plan() -> Step | NotDone:
            giver = self._books.guests.by_id(away)
            taker = fresh or self._books.guests.by_id(str(coming))
            if giver is None or taker is None:
                return NotDone(Reason.NOT_ON_LIST)
            if isinstance(coming, NewGuest):
                taker = replace(
                    taker, partnership=giver.partnership, category="", occasions=occasions
                )
                problem = self._problem(taker)
                if problem:
                    return problem
            problem = self._seat_problem(giver, taker, occasions)
            return problem or self._passed(giver, taker, occasions, by)

        return self._amend(plan, by, at)

    def give_badge(
        self, guest_id: str, badge: bytes, cause: Cause, by: Authority, at: datetime
    ) -> Outcome:
        """Another badge counts for the guest from now on: printed anew, or out of the reserve."""
        _check(cause in OTHER_BADGES)

        def plan() -> Step | NotDone:
            guest = self._books.guests.by_id(guest_id)
            if guest is None:
                return NotDone(Reason.NOT_ON_LIST)
            if not self._is_free(badge):
                return NotDone(Reason.BADGE_TAKEN, guest)
            note = self._note(guest.id, cause, by)
            given, back = Change(guest.id, badge=badge), Change(guest.id, badge=guest.badge)
            return Step((note,), (given,), (back,))

        return self._amend(plan, by, at, Action.REPLACE_BADGE)

    # Each change, and what takes it back

    def _amend(
        self,
        plan: Callable[[], Step | NotDone],
        by: Authority,
        at: datetime,
        action: Action = Action.AMEND,
    ) -> Outcome:
        return self._books.perform(plan, at) if by.may(action) else NotDone(Reason.NOT_AUTHORISED)

    def _registered(self, guest: Guest, cause: Cause, by: Authority) -> Step | NotDone:
        note = self._note(guest.id, cause, by)
        return self._problem(guest) or Step((note,), (guest,), (_withdrawn(guest),))

    def _accepted(
        self, guest_id: str, occasions: frozenset[str], cause: Cause, by: Authority
    ) -> Step | NotDone:
        guest = self._books.guests.by_id(guest_id)
        if guest is None:
            return NotDone(Reason.NOT_ON_LIST)
        if not occasions or not all(self._station.event.occasion(id_) for id_ in occasions):
            return NotDone(Reason.REGISTRATION_INCOMPLETE, guest)
        if occasions <= _seats_of(guest):
            return NotDone(Reason.SEAT_HELD, guest)
        note = self._note(guest.id, cause, by)
        return Step((note,), (_taking(guest, occasions),), (_as_before(guest),))

    def _passed(self, giver: Guest, taker: Guest, occasions: frozenset[str], by: Authority) -> Step:
        notes = tuple(
            replace(
                self._note(giver.id, Cause.SUBSTITUTION, by), occasion=occasion, refers=taker.id
            )
            for occasion in sorted(occasions)
        )
        gone = Change(giver.id, occasions=giver.occasions - occasions)
        back = Change(giver.id, occasions=giver.occasions)
        if self._books.guests.by_id(taker.id) is None:
            return Step(notes, (gone, taker), (back, _withdrawn(taker)))
        return Step(notes, (gone, _taking(taker, occasions)), (back, _as_before(taker)))

    # What is in the way

    def _problem(self, guest: Guest) -> NotDone | None:
        if not _is_complete(guest, self._station.event):
            return NotDone(Reason.REGISTRATION_INCOMPLETE)
        same = next((g for g in self._books.guests if _who(g) == _who(guest)), None)
        if same is not None:
            return NotDone(Reason.ALREADY_ON_LIST, same)
        return None if self._is_free(guest.badge) else NotDone(Reason.BADGE_TAKEN)

    def _seat_problem(
        self, giver: Guest, taker: Guest, occasions: frozenset[str]
    ) -> NotDone | None:
        if not giver.partnership or taker.partnership != giver.partnership:
            return NotDone(Reason.PARTNERSHIP_OTHER, taker)
        if not occasions or not occasions <= _seats_of(giver):
            return NotDone(Reason.SEAT_NOT_HELD, giver)
        known = self._books.guests.by_id(taker.id)
        held = self._occasions(occasions & _seats_of(known)) if known else []
        if not all(self._frees_a_seat(giver, taker, occasion) for occasion in held):
            return NotDone(Reason.SEAT_HELD, taker)
        if any(self._books.came_in(giver.id, o) for o in self._occasions(occasions)):
            return NotDone(Reason.SEAT_IN_USE, giver)
        return None

    def _frees_a_seat(self, giver: Guest, taker: Guest, occasion: Occasion) -> bool:
        """Whether `taker`, who is selected too, cannot come in unless `giver` gives the seat up."""
        today = self._books.attendance.today(occasion.opens)
        checked = (
            self._books.guests.by_id(id_) for id_, s in today.items() if occasion.id in s.seats
        )
        taken = {g.id for g in checked if g and g.partnership == giver.partnership} - {taker.id}
        full = occasion.seats_at_most is not None and len(taken) >= occasion.seats_at_most
        return full and giver.id in taken

    def _occasions(self, ids: frozenset[str]) -> list[Occasion]:
        return [occasion for occasion in self._station.event.occasions if occasion.id in ids]

    def _is_free(self, badge: bytes) -> bool:
        guests = self._books.guests
        known = guests.by_badge(badge) is not None or badge in guests.revoked
        return len(badge) == ID_LENGTH and not known

    def _note(self, guest_id: str, cause: Cause, by: Authority) -> EntryDraft:
        draft = self._station.draft(EntryAct.NOTE, guest_id, "", EntryBasis.SUPERVISOR)
        return replace(draft, staff=by.session, cause=cause)


def _is_complete(guest: Guest, event: Event) -> bool:
    known = guest.occasions and all(event.occasion(id_) for id_ in guest.occasions)
    kind = guest.category in event.categories if guest.category else bool(guest.partnership)
    return bool(guest.family and known and kind)


def _check(known: bool) -> None:
    if not known:
        raise ValueError("this cause is of something else")


def _who(guest: Guest) -> tuple[str, str]:
    return folded(guest.name), folded(guest.organisation)


def _seats_of(guest: Guest) -> frozenset[str]:
    """The occasions at which the guest is expected in person."""
    selected = guest.selection is Selection.SELECTED
    here = selected and guest.attendance is Attendance.IN_PERSON
    return guest.occasions if here else frozenset()


def _taking(guest: Guest, occasions: frozenset[str]) -> Change:
    """The guest in person at `occasions` too: what was not granted before is not granted now."""
    return Change(
        guest.id,
        selection=Selection.SELECTED,
        attendance=Attendance.IN_PERSON,
        occasions=_seats_of(guest) | occasions,
    )


def _as_before(guest: Guest) -> Change:
    return Change(
        guest.id,
        selection=guest.selection,
        attendance=guest.attendance,
        occasions=guest.occasions,
    )


def _withdrawn(guest: Guest) -> Change:
    """Who was put on the list by mistake: no amendment takes anybody off it."""
    return Change(guest.id, selection=Selection.DECLINED, occasions=frozenset())
