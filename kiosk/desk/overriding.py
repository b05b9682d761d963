"""A supervisor lets somebody in against the answer, with a coded cause; never for a forgery."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kiosk.core.causes import OVERRIDES, Cause
from kiosk.core.decide import Answer, Await, CallStaff, Proof, Refuse
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import Matched
from kiosk.core.policy.event import Occasion
from kiosk.core.policy.judge import Accepted, NotAccepted
from kiosk.core.reasons import Group, Reason, explain
from kiosk.core.staff.roles import Action
from kiosk.core.verify import Failed
from kiosk.desk.admission import Shown
from kiosk.desk.books import Books, Step
from kiosk.desk.findings import Mode, Station
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import Authority
from kiosk.desk.visit import Visit

WITHIN = timedelta(minutes=5)  # from the answer: as long as staff may confirm one
REMEMBERED = timedelta(minutes=15)  # for which a forgery stands in the way of staff's word


@dataclass(frozen=True, repr=False)
class Chance:
    """Whom a supervisor could let in against the answer given at `at`, and to what."""

    guest: Guest
    occasion: str
    at: datetime


class Overriding:
    """Knows what can be overridden at one station, and records it."""

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books
        self._forgeries: dict[str, datetime] = {}  # by guest: shown with their badge, here

    def saw(self, visit: Visit, at: datetime) -> None:
        """Remember for a while who showed a forgery, in memory alone."""
        if isinstance(visit.badge, Guest) and is_forged(visit.proof):
            self._forgeries[visit.badge.id] = at

    def is_barred(self, visit: Visit, guest: Guest | None, at: datetime) -> bool:
        """Whether nobody's word lets `guest` in: a forgery was shown, and no genuine one since."""
        if visit.forged or is_forged(visit.proof):
            return True
        shown = self._forgeries.get(guest.id) if guest else None
        if shown is None or at - shown > REMEMBERED:
            return False
        own = isinstance(visit.match, Matched) and visit.match.guest == guest
        return not (own and isinstance(visit.proof, Accepted | NotAccepted))

    def chance(self, answer: Answer | Await, visit: Visit, at: datetime) -> Chance | None:
        """Whom an override of this answer would let in; None where there can be none."""
        guest, occasion = _concerned(answer, visit), self._occasion(at)
        if guest is None or occasion is None or self._station.mode is not Mode.DESK:
            return None
        own = self._own(guest, at)
        barred = self.is_barred(visit, guest, at)
        return None if barred else Chance(guest, (own or occasion).id, at)

    def override(self, chance: Chance | None, cause: Cause, by: Authority, at: datetime) -> Outcome:
        """Record the entry of whom the last answer would not let in."""
        if cause not in OVERRIDES:
            raise ValueError("this cause is of something else")
        if not by.may(Action.OVERRIDE):
            return NotDone(Reason.NOT_AUTHORISED)
        if chance is None or not timedelta() <= at - chance.at <= WITHIN:
            return NotDone(Reason.OVERRIDE_NOT_POSSIBLE)
        basis = EntryBasis.SUPERVISOR
        draft = self._station.draft(EntryAct.OVERRIDE, chance.guest.id, chance.occasion, basis)
        told = replace(draft, staff=by.session, cause=cause)
        step = Step((told,), answer=Shown.ADMIT.name)
        return self._books.perform(lambda: step, at)

    def _own(self, guest: Guest, at: datetime) -> Occasion | None:
        """What is open here and the guest is invited to."""
        here = self._station.event.open_occasions(self._station.door, at)
        return next((occasion for occasion in here if occasion.id in guest.occasions), None)

    def _occasion(self, at: datetime) -> Occasion | None:
        """What is open here, or opens next today: a supervisor may open the door early."""
        event, door = self._station.event, self._station.door
        today = event.local_date(at)
        later = (
            occasion
            for occasion in sorted(event.occasions, key=lambda o: o.opens)
            if occasion.id in door.occasions
            and event.local_date(occasion.opens) == today
            and not occasion.is_over(at)
        )
        return next(iter(event.open_occasions(door, at)), None) or next(later, None)


def _concerned(answer: Answer | Await, visit: Visit) -> Guest | None:
    match answer:
        case CallStaff(reasons=reasons, guest=guest):
            return None if Reason.STORAGE_TROUBLE in reasons else guest
        case Refuse() | Await.CERTIFICATE:
            if isinstance(visit.badge, Guest):
                return visit.badge
            return visit.match.guest if isinstance(visit.match, Matched) else None
    return None


def is_forged(proof: Proof | None) -> bool:
    """Whether a certificate is certainly not genuine, or not valid any more."""
    return isinstance(proof, Failed) and explain(proof.reason).group is Group.CERTIFICATE
