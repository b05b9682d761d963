"""Guest list and entry logs in, a report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain

from kiosk.core.attendance import in_order
from kiosk.core.entry import EntryAct, EntryRecord
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.spelling import folded
from kiosk.core.policy.event import Event, Occasion
from kiosk.core.report.figures import (
    ARRIVALS_EVERY,
    Arrivals,
    DoorFigures,
    OccasionRow,
    PartnershipRow,
    PersonRow,
    Report,
    Seats,
)
from kiosk.core.report.halfdays import half_days, presence
from kiosk.core.report.stays import Stay, most_at_once, stays

_ENTRIES = frozenset({EntryAct.IN, EntryAct.OVERRIDE})


@dataclass(frozen=True)
class Count:
    """How often a door gave one answer in one hour (UTC), with nobody's name in it."""

    day: date
    hour: int
    door: str
    answer: str
    count: int


def compile_report(
    event: Event, guests: Sequence[Guest], records: Iterable[EntryRecord], counts: Iterable[Count]
) -> Report:
    """The report of `event`; records of several desks, in any order and more than once."""
    log = in_order(record for record in records if record.event == event.id)
    inside = stays(log)
    halves = half_days(event)
    known = {guest.id: guest for guest in guests}
    ids = chain(known, (guest_id for guest_id in inside if guest_id not in known))
    persons = [_person(event, known.get(id_), id_, inside.get(id_, ())) for id_ in ids]
    persons = [person for person in persons if person.came or person.expected]
    persons.sort(key=_by_name)
    return Report(
        event=event,
        halves=halves,
        persons=tuple(persons),
        occasions=tuple(_occasion(o, guests, inside) for o in event.occasions),
        partnerships=tuple(_partnerships(event, guests, inside)),
        doors=_doors(event, log, counts),
    )


def _is_expected(guest: Guest) -> bool:
    return guest.attendance is Attendance.IN_PERSON and guest.selection is Selection.SELECTED


def _by_name(row: PersonRow) -> tuple[bool, str, str, str]:
    guest = row.guest
    if guest is None:
        return True, "", "", row.guest_id
    return False, folded(guest.family), folded(guest.given), guest.id


def _person(event: Event, guest: Guest | None, guest_id: str, own: Sequence[Stay]) -> PersonRow:
    return PersonRow(
        guest_id=guest_id,
        guest=guest,
        expected=guest is not None and _is_expected(guest),
        halves=tuple(presence(half, own, event) for half in half_days(event)),
        first_in=min((stay.since for stay in own), default=None),
        last_out=max((s.until for s in own if s.seen_out and s.until), default=None),
    )


def _occasion(
    occasion: Occasion, guests: Sequence[Guest], inside: Mapping[str, Sequence[Stay]]
) -> OccasionRow:
    here = {
        guest: [stay for stay in own if stay.occasion == occasion.id]
        for guest, own in inside.items()
    }
    here = {guest: own for guest, own in here.items() if own}
    expected = [g for g in guests if _is_expected(g) and occasion.id in g.occasions]
    missed = sorted(
        (g for g in expected if g.id not in here), key=lambda g: (folded(g.family), folded(g.given))
    )
    return OccasionRow(
        occasion=occasion,
        expected=len(expected),
        came=len(here),
        most=most_at_once(list(chain.from_iterable(here.values())), occasion.closes),
        missed=tuple(missed),
        arrivals=_arrivals(min(stay.since for stay in own) for own in here.values()),
    )


def _arrivals(first_entries: Iterable[datetime]) -> tuple[Arrivals, ...]:
    """Every quarter of an hour from the first arrival to the last, the empty ones too."""
    bins = Counter(_quarter(at) for at in first_entries)
    if not bins:
        return ()
    first, last = min(bins), max(bins)
    steps = (last - first) // ARRIVALS_EVERY
    times = (first + step * ARRIVALS_EVERY for step in range(steps + 1))
    return tuple(Arrivals(at, bins[at]) for at in times)


def _quarter(at: datetime) -> datetime:
    utc = at.astimezone(UTC)
    midnight = datetime.combine(utc.date(), time.min, UTC)
    return midnight + (utc - midnight) // ARRIVALS_EVERY * ARRIVALS_EVERY


def _partnerships(
    event: Event, guests: Sequence[Guest], inside: Mapping[str, Sequence[Stay]]
) -> Iterable[PartnershipRow]:
    by_id = {guest.id: guest for guest in guests}
    names = sorted({guest.partnership for guest in guests if guest.partnership}, key=folded)
    for occasion in event.occasions:
        invited = Counter(
            g.partnership for g in guests if _is_expected(g) and occasion.id in g.occasions
        )
        came = Counter(
            by_id[id_].partnership
            for id_, own in inside.items()
            if id_ in by_id and any(stay.occasion == occasion.id for stay in own)
        )
        for name in names:
            seats = _seats(occasion, came[name])
            if invited[name] or came[name] or seats is Seats.MISSING:
                yield PartnershipRow(name, occasion.id, invited[name], came[name], seats)


def _seats(occasion: Occasion, came: int) -> Seats:
    if occasion.seats_at_least is not None and came < occasion.seats_at_least:
        return Seats.MISSING
    if occasion.seats_at_most is not None and came > occasion.seats_at_most:
        return Seats.TOO_MANY
    return Seats.RIGHT


def _doors(event: Event, log: Sequence[EntryRecord], counts: Iterable[Count]) -> DoorFigures:
    hours: dict[str, Counter[tuple[date, int]]] = {"REFUSE": Counter(), "DESK": Counter()}
    for count in counts:
        local = datetime(count.day.year, count.day.month, count.day.day, count.hour, tzinfo=UTC)
        local = local.astimezone(event.time_zone)
        if count.answer in hours:
            hours[count.answer][local.date(), local.hour] += count.count
    return DoorFigures(
        by_basis=Counter(record.basis for record in log if record.act in _ENTRIES),
        overrides=sum(record.act is EntryAct.OVERRIDE for record in log),
        sent_away=sum(record.act is EntryAct.REFUSED for record in log),
        refused=hours["REFUSE"],
        desk=hours["DESK"],
    )
