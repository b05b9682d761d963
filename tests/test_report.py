"""The report: what guest list and logs add up to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord, next_hlc
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.report.compile import Count, compile_report
from kiosk.core.report.figures import PersonRow, Report, Seats
from kiosk.core.report.halfdays import HalfDay, Presence, half_days
from tests.door import PARTNERING, POLICY_1, POLICY_2, guest, saint_ouen

EVENT = saint_ouen()
DAY_1, DAY_2 = date(2021, 11, 22), date(2021, 11, 23)
SEEN, PRESUMED, ABSENT = Presence.SEEN, Presence.PRESUMED, Presence.ABSENT
ANA = guest("Ana", "Silva", partnership="Alpha")
BEN = guest("Ben", "Adler", partnership="Alpha")
CLEO = guest("Cléo", "Martin", partnership="Beta")


def local(hour: int, minute: int = 0, day: date = DAY_1) -> datetime:
    """A time on the venue's wall."""
    zone = EVENT.time_zone
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


def record(
    who: Guest,
    at: datetime,
    act: EntryAct = EntryAct.IN,
    occasion: str = POLICY_1,
    basis: EntryBasis = EntryBasis.SCANNED,
    **changes: Any,
) -> EntryRecord:
    plain = EntryRecord(
        id=f"{who.id}-{act}-{at.isoformat()}",
        epoch="epoch-1",
        seq=1,
        event=EVENT.id,
        kiosk="kiosk-1",
        act=act,
        guest=who.id,
        occasion=occasion,
        door="north",
        basis=basis,
        staff="s1",
        cause=Cause.NONE,
        refers="",
        happened=None,
        at=at,
        hlc=next_hlc(0, at),
        boot="boot-1",
        mono=1.0,
        list_version=1,
    )
    return replace(plain, **changes)


def report(
    records: Iterable[EntryRecord] = (),
    guests: Sequence[Guest] = (ANA, BEN, CLEO),
    counts: Iterable[Count] = (),
) -> Report:
    return compile_report(EVENT, guests, records, counts)


def person(made: Report, who: Guest) -> PersonRow:
    return next(row for row in made.persons if row.guest_id == who.id)


def halves(*records: EntryRecord) -> tuple[Presence, ...]:
    return person(report(records), ANA).halves


# Half-days


def test_the_half_days_are_those_in_which_something_takes_place() -> None:
    assert half_days(EVENT) == (
        HalfDay(DAY_1, afternoon=False),
        HalfDay(DAY_1, afternoon=True),
        HalfDay(DAY_2, afternoon=False),
        HalfDay(DAY_2, afternoon=True),
    )


def test_an_occasion_until_one_o_clock_has_no_afternoon() -> None:
    morning = replace(EVENT, occasions=(EVENT.occasions[1],))
    assert half_days(morning) == (HalfDay(DAY_2, afternoon=False),)


def test_whoever_never_came_is_absent() -> None:
    assert halves() == (ABSENT,) * 4


def test_without_an_exit_the_afternoon_of_the_same_occasion_is_presumed() -> None:
    assert halves(record(ANA, local(9, 5))) == (SEEN, PRESUMED, ABSENT, ABSENT)


def test_whoever_left_before_one_was_there_in_the_morning_alone() -> None:
    out = record(ANA, local(12, 30), EntryAct.OUT)
    assert halves(record(ANA, local(9, 5)), out) == (SEEN, ABSENT, ABSENT, ABSENT)


def test_an_exit_in_the_afternoon_shows_that_the_guest_was_there() -> None:
    out = record(ANA, local(17), EntryAct.OUT)
    assert halves(record(ANA, local(9, 5)), out) == (SEEN, SEEN, ABSENT, ABSENT)


def test_everyone_out_shows_of_nobody_that_they_were_there() -> None:
    out = record(ANA, local(18, 30), EntryAct.OUT, basis=EntryBasis.EVERYONE_OUT)
    assert halves(record(ANA, local(9, 5)), out) == (SEEN, PRESUMED, ABSENT, ABSENT)


def test_a_second_scan_after_lunch_makes_the_afternoon_certain() -> None:
    assert halves(record(ANA, local(9, 5)), record(ANA, local(14))) == (SEEN, SEEN, ABSENT, ABSENT)


def test_whoever_comes_early_for_the_afternoon_was_not_there_in_the_morning() -> None:
    early = record(ANA, local(12, 50, DAY_2), occasion=PARTNERING)
    assert halves(early) == (ABSENT, ABSENT, ABSENT, SEEN)


def test_a_stay_without_exit_does_not_reach_into_the_next_day() -> None:
    again = record(ANA, local(9, 0, DAY_2), occasion=POLICY_2)
    assert halves(record(ANA, local(9, 5)), again) == (SEEN, PRESUMED, SEEN, ABSENT)


def test_an_entry_that_was_undone_is_nobodys() -> None:
    entry = record(ANA, local(9, 5))
    undo = record(ANA, local(9, 6), EntryAct.NOTE, cause=Cause.UNDONE, refers=entry.id)
    assert halves(entry, undo) == (ABSENT,) * 4


def test_an_entry_of_the_paper_list_counts_when_it_happened() -> None:
    paper = record(ANA, local(16), basis=EntryBasis.PAPER, happened=local(9, 10))
    out = record(ANA, local(11), EntryAct.OUT)
    assert halves(paper, out) == (SEEN, ABSENT, ABSENT, ABSENT)
    assert person(report([paper, out]), ANA).first_in == local(9, 10)


def test_an_occasion_that_the_event_file_does_not_have_any_more_still_shows_the_entry() -> None:
    assert halves(record(ANA, local(9, 5), occasion="gone"))[0] is SEEN
    assert halves(record(ANA, local(9, 5), occasion="gone"))[1] is ABSENT


# Persons


def test_persons_are_those_expected_and_those_who_came_in_the_order_of_their_names() -> None:
    remote = guest("Dora", "Zeller", attendance=Attendance.REMOTE)
    waiting = guest("Emil", "Berg", selection=Selection.WAITING)
    made = report([record(waiting, local(10))], (CLEO, ANA, BEN, remote, waiting))
    assert [row.guest_id for row in made.persons] == [BEN.id, waiting.id, CLEO.id, ANA.id]


def test_whoever_is_in_the_log_and_on_no_list_is_told_last_by_the_pseudonym() -> None:
    stranger = guest("Walk", "In")
    row = report([record(stranger, local(10))]).persons[-1]
    assert (row.guest, row.guest_id, row.came) == (None, stranger.id, True)


def test_first_entry_and_last_exit_that_somebody_saw() -> None:
    row = person(
        report(
            [
                record(ANA, local(9)),
                record(ANA, local(12), EntryAct.OUT),
                record(ANA, local(14)),
                record(ANA, local(18, 30), EntryAct.OUT, basis=EntryBasis.EVERYONE_OUT),
            ]
        ),
        ANA,
    )
    assert (row.first_in, row.last_out) == (local(9), local(12))


# Occasions


def test_an_occasion_tells_who_was_expected_came_and_missed_it() -> None:
    row = report([record(ANA, local(9)), record(CLEO, local(9, 20))]).occasions[0]
    assert (row.expected, row.came, row.missed) == (3, 2, (BEN,))


def test_arrivals_are_first_entries_by_the_quarter_of_an_hour() -> None:
    records = [record(ANA, local(9, 1)), record(BEN, local(9, 31)), record(ANA, local(14))]
    row = report(records).occasions[0]
    assert [(bar.since, bar.count) for bar in row.arrivals] == [
        (local(9), 1),
        (local(9, 15), 0),
        (local(9, 30), 1),
    ]
    assert report().occasions[0].arrivals == ()


def test_the_most_at_once_counts_whoever_has_no_exit_until_the_end() -> None:
    records = [
        record(ANA, local(9)),
        record(ANA, local(10), EntryAct.OUT),
        record(BEN, local(10)),
        record(CLEO, local(11)),
    ]
    assert report(records).occasions[0].most == 2
    assert report(records[:1] + records[2:]).occasions[0].most == 3


def test_a_second_entry_without_exit_is_the_same_person_once() -> None:
    again = [record(ANA, local(9)), record(ANA, local(14), basis=EntryBasis.REENTRY)]
    assert report(again).occasions[0].most == 1


# Partnerships


def seats(made: Report, occasion: str) -> dict[str, tuple[int, int, Seats]]:
    rows = [row for row in made.partnerships if row.occasion == occasion]
    return {row.partnership: (row.invited, row.came, row.seats) for row in rows}


def test_a_partnership_without_its_mandatory_person_is_missing() -> None:
    made = report([record(ANA, local(14, 0, DAY_2), occasion=PARTNERING)])
    assert seats(made, PARTNERING) == {"Alpha": (2, 1, Seats.RIGHT), "Beta": (1, 0, Seats.MISSING)}
    assert seats(made, POLICY_1)["Beta"] == (1, 0, Seats.RIGHT)


def test_a_partnership_that_invited_nobody_is_missing_where_taking_part_is_mandatory() -> None:
    nobody = replace(CLEO, occasions=frozenset({POLICY_1}))
    made = report(guests=(ANA, nobody))
    assert seats(made, PARTNERING)["Beta"] == (0, 0, Seats.MISSING)
    assert "Beta" not in seats(made, POLICY_2)


def test_a_third_person_of_a_partnership_is_too_many() -> None:
    third = guest("Dan", "Roth", partnership="Alpha")
    came = [record(who, local(9)) for who in (ANA, BEN, third)]
    assert seats(report(came, (ANA, BEN, third)), POLICY_1)["Alpha"] == (3, 3, Seats.TOO_MANY)


# Doors


def test_the_doors_tell_on_what_entries_rest_and_count_what_names_nobody() -> None:
    records = [
        record(ANA, local(9)),
        record(BEN, local(9), basis=EntryBasis.OFFICIAL_READER),
        record(CLEO, local(9), EntryAct.OVERRIDE, basis=EntryBasis.SUPERVISOR),
        record(CLEO, local(10), EntryAct.REFUSED),
    ]
    counts = [
        Count(DAY_1, 8, "north", "REFUSE", 2),
        Count(DAY_1, 8, "south", "REFUSE", 1),
        Count(DAY_1, 23, "north", "DESK", 1),
        Count(DAY_1, 23, "north", "ANOTHER", 1),
    ]
    doors = report(records, counts=counts).doors
    assert doors.by_basis == {
        EntryBasis.SCANNED: 1,
        EntryBasis.OFFICIAL_READER: 1,
        EntryBasis.SUPERVISOR: 1,
    }
    assert (doors.overrides, doors.sent_away) == (1, 1)
    assert doors.refused == {(DAY_1, 9): 3}  # of the venue's hours
    assert doors.desk == {(DAY_2, 0): 1}


def test_entries_of_another_event_are_not_this_ones() -> None:
    assert not report([record(ANA, local(9), event="another")]).occasions[0].came


@pytest.mark.parametrize("seed", range(5))
def test_logs_of_several_desks_add_up_in_any_order_and_more_than_once(seed: int) -> None:
    step = timedelta(minutes=7)
    acts = (EntryAct.IN, EntryAct.OUT)
    records = [
        record(who, local(9) + number * step, acts[number % 2], kiosk=f"kiosk-{number % 3}")
        for number, who in enumerate([ANA, BEN, CLEO, BEN, ANA, CLEO, ANA] * 3)
    ]
    draw = random.Random(seed)  # noqa: S311  # no secret
    shuffled = records + draw.sample(records, 9)
    draw.shuffle(shuffled)
    assert report(shuffled) == report(records)
