"""What is known about a visit: the facts that the table of answers is asked with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.core.decide import ReaderChecked, Situation
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import Matched, beside_badge
from kiosk.core.guests.names import Likeness
from kiosk.core.guests.standing import SeatPassed
from kiosk.core.policy.event import Door, Event, Occasion
from kiosk.core.policy.judge import Accepted, Policy
from kiosk.core.reasons import Reason
from kiosk.core.trust.floors import AHEAD
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.books import Books
from kiosk.desk.clockguard import Timekeeper
from kiosk.desk.visit import CrossedPairs, Visit


class Mode(StrEnum):
    """Who stands in front of the screen."""

    DESK = "desk"
    SELF = "self"


@dataclass
class Station:
    """One screen: the event, what it asks of a proof, the door it stands at, and who uses it.

    Who checks changes while it runs (`staff` and `until`, by `kiosk.desk.duty` alone); all else
    stays.

    staff: the operator session that entries are recorded under; empty where nobody is named.
    kiosk: the id of this kiosk, under which changes of the guest list are stored.
    desk: its name, as the blank badges of its reserve have it: "Desk 2".
    until: aware, when the session ends with its day; None where nobody is named.
    """

    event: Event
    policy: Policy
    door: Door
    mode: Mode
    staff: str = ""
    kiosk: str = ""
    desk: str = ""
    until: datetime | None = None

    def draft(self, act: EntryAct, guest: str, occasion: str, basis: EntryBasis) -> EntryDraft:
        """A record of this station, to be written."""
        return EntryDraft(act, guest, occasion, self.door.id, basis, self.staff)


def is_old(trust: TrustList, event: Event, at: datetime) -> bool:
    """Whether staff are told how old `trust` is: older than the event wants it. Undated: never.

    Also where it is dated ahead of the clock: how old it is nobody knows then.
    """
    if trust.issued_at is None:
        return False
    return at - trust.issued_at > event.list_banner_after or trust.issued_at - at > AHEAD


def is_past_its_end(trust: TrustList, event: Event, at: datetime) -> bool:
    """Whether `trust` decides nothing any more: past its own end, or the age the event allows."""
    if trust.expires_at is not None and at > trust.expires_at:
        return True
    limit, issued = event.list_end_after, trust.issued_at
    return limit is not None and issued is not None and at - issued > limit


class Findings:
    """Looks things up for one station; changes nothing but its memory of crossed pairs."""

    def __init__(self, station: Station, books: Books, trust: TrustList, time: Timekeeper) -> None:
        self._station, self._books, self._trust, self._time = station, books, trust, time
        self._crossed = CrossedPairs()

    def situation(self, visit: Visit, at: datetime, beside: Sequence[EntryDraft] = ()) -> Situation:
        """Everything known about `visit` at `at`, when the guests of `beside` come in with it."""
        event, door = self._station.event, self._station.door
        likeness = self._likeness(visit)
        plain = Situation(
            at=at,
            event=event,
            door=door,
            trouble=self._trouble(visit, at),
            proof=visit.proof,
            badge=visit.badge,
            match=visit.match,
            likeness=likeness,
            crossed=self._crossed_with(visit, likeness, at),
            waited=visit.waited,
            open=event.open_occasions(door, at),
        )
        guest, occasion = plain.guest, plain.occasion
        if guest is None:
            return plain
        standing = self._books.attendance.standing(guest.id, at)
        if occasion is None:
            passed = self.seat_passed(guest, plain.open)
            return replace(plain, standing=standing, seat_passed=passed)
        return replace(
            plain,
            standing=standing,
            seats_free=self._seats_free(guest, occasion, at, beside),
            room_free=self._room_free(guest, occasion, at, beside),
        )

    def seat_passed(self, guest: Guest, here: Iterable[Occasion]) -> SeatPassed | None:
        """To whom the guest's seat at what is open now was given."""
        for occasion in here:
            if occasion.id in guest.occasions:
                return None
            note = self._books.attendance.handed_on(guest.id, occasion.id)
            if note is not None:
                return SeatPassed(self._books.guests.by_id(note.refers), note.when)
        return None

    def _trouble(self, visit: Visit, at: datetime) -> Reason | None:
        if not self._time.believes(at):
            return Reason.CLOCK_NOT_TRUSTED
        if self._station.until is not None and at >= self._station.until:
            return Reason.SESSION_OVER
        # An old list is in the way of what was judged by it, not of a badge or the official reader.
        by_list = visit.proof is not None and not isinstance(visit.proof, ReaderChecked)
        if by_list and is_past_its_end(self._trust, self._station.event, at):
            return Reason.TRUST_LIST_EXPIRED
        return None

    def _likeness(self, visit: Visit) -> Likeness | None:
        if not isinstance(visit.badge, Guest):
            return None
        if visit.holder is None:
            # An accepted certificate whose name is not there any more is nobody's.
            return Likeness.DIFFERENT if isinstance(visit.proof, Accepted) else None
        likeness = beside_badge(visit.holder, visit.badge, visit.match)
        return None if visit.vouched and likeness is not Likeness.DIFFERENT else likeness

    def _crossed_with(self, visit: Visit, likeness: Likeness | None, at: datetime) -> Guest | None:
        if likeness is not Likeness.DIFFERENT or not isinstance(visit.match, Matched):
            return None
        if not isinstance(visit.proof, Accepted):
            return None  # else a refused certificate would be half of a pair that is let in
        assert isinstance(visit.badge, Guest)  # noqa: S101  # a likeness needs one
        return self._crossed.other(visit.match.guest, visit.badge, at)

    def _seats_free(
        self, guest: Guest, occasion: Occasion, at: datetime, beside: Sequence[EntryDraft]
    ) -> bool:
        if not guest.partnership or occasion.seats_at_most is None:
            return True
        taken = self.holders(occasion, at) | _bound_for(occasion, beside)
        taken -= {guest.id}
        return self.of_partnership(guest.partnership, taken) < occasion.seats_at_most

    def _room_free(
        self, guest: Guest, occasion: Occasion, at: datetime, beside: Sequence[EntryDraft]
    ) -> bool:
        if occasion.capacity is None:
            return True
        coming = {
            guest_id
            for guest_id, standing in self._books.attendance.today(at).items()
            if standing.inside(occasion.id)
            or (standing.awaited and standing.occasion == occasion.id)
        }
        coming |= _bound_for(occasion, beside)
        return len(coming - {guest.id}) < occasion.capacity

    def holders(self, occasion: Occasion, at: datetime) -> set[str]:
        """Who holds a seat of `occasion` today: whoever was checked for it or came in."""
        today = self._books.attendance.today(at)
        return {guest_id for guest_id, s in today.items() if occasion.id in s.seats}

    def of_partnership(self, partnership: str, guest_ids: Iterable[str]) -> int:
        """How many of `guest_ids` belong to `partnership`."""
        guests = (self._books.guests.by_id(guest_id) for guest_id in guest_ids)
        return sum(1 for guest in guests if guest and guest.partnership == partnership)

    def settle_pair(self, guest_id: str) -> None:
        """The guest came in: forget whose codes they showed before."""
        self._crossed.settle(guest_id)


def _bound_for(occasion: Occasion, drafts: Sequence[EntryDraft]) -> set[str]:
    return {draft.guest for draft in drafts if draft.occasion == occasion.id}
