"""How things stand at a door: today's figures, who is on the way in, who is missing.

Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.policy.event import Event, Occasion
from kiosk.desk.admission import (
    Counters,
    Notice,
    OccasionFigures,
    PartnershipSeats,
    Shown,
    is_nearly_full,
)
from kiosk.desk.books import Books

# security.md T30: so many overrides, and somebody looks into why.
OVERRIDES_SHARE = 0.05  # of the guests who came in today
ADMISSIONS_FOR_SHARE = 20  # before, one override would be a share of 5 % and more
OVERRIDES_IN_A_ROW, IN_A_ROW = 3, timedelta(minutes=10)
_INTO = frozenset({EntryAct.IN, EntryAct.OVERRIDE})


class Figures:
    """Reads the books of a station."""

    def __init__(self, event: Event, books: Books) -> None:
        self._event, self._books = event, books

    def checked(self, at: datetime) -> tuple[Guest, ...]:
        """Guests checked today who have not come in yet, the longest waiting first."""
        self._books.caught_up()
        today = self._books.attendance.today(at)
        waiting = [guest_id for guest_id, standing in today.items() if standing.awaited]
        return self._guests(waiting)

    def counters(self, at: datetime) -> Counters:
        """Today's figures. Raises StorageTroubleError."""
        self._books.caught_up()
        today = self._books.attendance.today(at)
        records = list(self._books.attendance.entries(at))
        entered = sum(1 for standing in today.values() if standing.admitted)
        return Counters(
            present=sum(1 for standing in today.values() if standing.inside_at),
            entered=entered,
            expected=self._expected(self._today(at)),
            refused=self._books.counted(Shown.REFUSE.name, at),
            desk=self._books.counted(Shown.DESK.name, at),
            by_reader=_by_reader(records),
            overrides=len(_of(EntryAct.OVERRIDE, records)),
            sent_away=len(_of(EntryAct.REFUSED, records)),
            notices=tuple(self._notices(records, entered, at)),
        )

    def today(self, at: datetime) -> tuple[Occasion, ...]:
        """What is on today, in the order of opening."""
        ids = self._today(at)
        on = (occasion for occasion in self._event.occasions if occasion.id in ids)
        return tuple(sorted(on, key=lambda occasion: occasion.opens))

    def first_and_last(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """When the first guest of today came in, and the last one; None where nobody did."""
        self._books.caught_up()
        times = [
            record.when for record in self._books.attendance.entries(at) if record.act in _INTO
        ]
        return min(times, default=None), max(times, default=None)

    def occasion(self, occasion: Occasion, at: datetime) -> OccasionFigures:
        """How one occasion stands at `at`, on its own day. Raises StorageTroubleError."""
        self._books.caught_up()
        records = [
            record
            for record in self._books.attendance.entries(occasion.opens)
            if record.occasion == occasion.id and record.when <= at
        ]
        return OccasionFigures(
            occasion,
            inside=self._inside(occasion),
            entered=len({record.guest for record in records if record.act in _INTO}),
            expected=self._expected({occasion.id}),
            refused=self._counted(Shown.REFUSE, occasion),
            desk=self._counted(Shown.DESK, occasion),
            by_reader=_by_reader(records),
            overrides=len(_of(EntryAct.OVERRIDE, records)),
            sent_away=len(_of(EntryAct.REFUSED, records)),
        )

    def partnerships(self, occasion: Occasion) -> tuple[PartnershipSeats, ...]:
        """Who of each Partnership of the list came in to `occasion`, and who is still expected.

        A Partnership of which nobody is invited in person is there as well: taking part may be
        mandatory. By name.
        """
        self._books.caught_up()
        day = self._books.attendance.today(occasion.opens)
        came = {guest_id for guest_id, s in day.items() if occasion.id in s.entered}
        seated = {guest_id for guest_id, s in day.items() if occasion.id in s.seats}
        members: dict[str, list[Guest]] = {}
        for guest in self._books.guests:
            if guest.partnership and guest.selection is not Selection.DECLINED:
                members.setdefault(guest.partnership, []).append(guest)
        return tuple(
            PartnershipSeats(
                partnership,
                came=tuple(g for g in guests if g.id in came),
                expected=tuple(
                    g for g in guests if g.id not in came and _is_expected(g, {occasion.id})
                ),
                at_least=occasion.seats_at_least or 0,
                at_most=occasion.seats_at_most,
                taken=sum(1 for g in guests if g.id in seated),
            )
            for partnership, guests in sorted(members.items())
        )

    def missing_partnerships(self, occasion: Occasion) -> tuple[PartnershipSeats, ...]:
        """The Partnerships whose mandatory persons have not come in to `occasion`."""
        return tuple(seats for seats in self.partnerships(occasion) if seats.missing)

    def _notices(
        self, records: Iterable[EntryRecord], entered: int, at: datetime
    ) -> Iterable[Notice]:
        times = [record.when for record in _of(EntryAct.OVERRIDE, records)]
        lately = sum(1 for when in times if timedelta() <= at - when < IN_A_ROW)
        enough = entered >= ADMISSIONS_FOR_SHARE
        if lately > OVERRIDES_IN_A_ROW or (enough and len(times) > entered * OVERRIDES_SHARE):
            yield Notice.MANY_OVERRIDES
        running = (o for o in self._event.occasions if self._event.is_running(o, at))
        if any(is_nearly_full(self._inside(o), o.capacity) for o in running):
            yield Notice.ROOM_NEARLY_FULL

    def _inside(self, occasion: Occasion) -> int:
        day = self._books.attendance.today(occasion.opens)
        return sum(1 for standing in day.values() if standing.inside(occasion.id))

    def _counted(self, shown: Shown, occasion: Occasion) -> int:
        """While guests could come in to `occasion`; what overlaps with another counts in both."""
        since = self._event.admits_from(occasion)
        return self._books.counted_between(shown.name, since, occasion.closes)

    def _today(self, at: datetime) -> set[str]:
        today = self._event.local_date(at)
        return {o.id for o in self._event.occasions if self._event.local_date(o.opens) == today}

    def _expected(self, occasions: set[str]) -> int:
        return sum(1 for guest in self._books.guests if _is_expected(guest, occasions))

    def _guests(self, ids: Iterable[str]) -> tuple[Guest, ...]:
        guests = self._books.guests
        return tuple(guest for id_ in ids if (guest := guests.by_id(id_)))


def _is_expected(guest: Guest, occasions: set[str]) -> bool:
    """Whether the guest was selected in person for one of `occasions`."""
    in_person = guest.attendance is Attendance.IN_PERSON
    return in_person and guest.selection is Selection.SELECTED and bool(guest.occasions & occasions)


def _of(act: EntryAct, records: Iterable[EntryRecord]) -> list[EntryRecord]:
    return [record for record in records if record.act is act]


def _by_reader(records: Iterable[EntryRecord]) -> int:
    return sum(1 for record in records if record.basis is EntryBasis.OFFICIAL_READER)
