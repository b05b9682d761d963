"""Seats, rooms and doors through a day: after lunch, in the afternoon, past midnight, in summer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.attendance import Attendance
from kiosk.core.causes import Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event, Occasion, Reentry, SelfScan
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from tests.door import (
    MORNING,
    PARTNERING,
    POLICY_1,
    POLICY_2,
    SECOND,
    badge,
    certificate,
    desk,
    event_with,
    guest,
    let_in,
    saint_ouen,
    show,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")
DAY_2 = MORNING + timedelta(days=1)
AFTERNOON = datetime(2021, 11, 23, 14, 0, tzinfo=PARIS)


# After lunch


def came_in(people: list[Guest], journal: MemoryJournal, door: str = "north") -> None:
    for person in people:
        draft = EntryDraft(EntryAct.IN, person.id, POLICY_1, door, EntryBasis.SCANNED)
        journal.append([draft], MORNING)


def test_two_hundred_guests_come_back_after_lunch_with_one_scan_each_and_no_exit() -> None:
    people = [guest(f"Guest {number}", "Um") for number in range(200)]
    journal = MemoryJournal()
    came_in(people, journal)
    station = desk(people, event=event_with(self_scan=SelfScan.ENTRY), journal=journal)
    answers = [show(station, badge(who), at=MORNING + 4 * HOUR) for who in people]
    assert {(answer.shown, answer.way) for answer in answers} == {(Shown.ADMIT, Way.AGAIN)}
    assert len(journal.log) == 400


def test_two_guests_of_a_full_room_come_back_to_their_seats() -> None:
    first = saint_ouen().occasions[0]
    event = event_with(self_scan=SelfScan.ENTRY, occasions=(replace(first, capacity=2),))
    journal = MemoryJournal()
    came_in([CHLOE, BRUNO], journal)
    station = desk([CHLOE, BRUNO], event=event, journal=journal)
    for who in (CHLOE, BRUNO):
        assert show(station, badge(who), at=MORNING + 4 * HOUR).way is Way.AGAIN


def test_the_exit_that_an_event_may_want_is_asked_for_at_the_door() -> None:
    journal = MemoryJournal()
    event = event_with(reentry=Reentry.AFTER_EXIT)
    station = desk([CHLOE], Mode.DESK, event=event, journal=journal)
    let_in(station, CHLOE)
    assert show(station, badge(CHLOE), at=MORNING + 120 * SECOND).way is Way.ALREADY
    again = show(station, badge(CHLOE), at=MORNING + HOUR)
    assert (again.shown, again.reasons) == (Shown.DESK, (Reason.EXIT_MISSING,))
    station.let_out(CHLOE.id, MORNING + HOUR)
    assert show(station, badge(CHLOE), at=MORNING + HOUR).way is Way.AGAIN


# The occasion of the afternoon


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("door", ["north", "south"])
def test_after_the_mornings_end_one_scan_is_green_at_any_door(door: str, mode: Mode) -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE, DAY_2)
    answer = show(desk([CHLOE], mode, journal=journal, door=door), badge(CHLOE), at=AFTERNOON)
    assert (answer.shown, answer.way, answer.checked_only) == (Shown.ADMIT, Way.NEXT, False)
    last = journal.log[-1]
    assert (last.act, last.occasion, last.basis) == (
        EntryAct.IN,
        PARTNERING,
        EntryBasis.CHECKED_BEFORE,
    )


def test_the_room_of_the_afternoon_is_not_full_of_the_guests_of_the_morning() -> None:
    occasions = tuple(replace(o, capacity=1) for o in saint_ouen().occasions)
    event = event_with(self_scan=SelfScan.ENTRY, occasions=occasions)
    journal = MemoryJournal()
    station = desk([CHLOE, BRUNO], event=event, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE), at=DAY_2)
    answer = show(station, certificate(BRUNO), badge(BRUNO), at=AFTERNOON)
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.FIRST)
    full = show(station, badge(CHLOE), at=AFTERNOON)
    assert (full.shown, full.reasons) == (Shown.DESK, (Reason.ROOM_FULL,))


def two_at_once() -> Event:
    """Two occasions at one time, each with a door of its own."""
    first, second, _ = saint_ouen().occasions
    beside = replace(second, opens=first.opens, closes=first.closes)
    north, south = saint_ouen().doors
    return event_with(
        self_scan=SelfScan.ENTRY,
        occasions=(first, beside),
        doors=(replace(north, occasions=(POLICY_1,)), replace(south, occasions=(POLICY_2,))),
    )


def test_who_goes_from_one_room_to_another_and_back_has_a_seat_in_both() -> None:
    three = [guest(name, "Petit", partnership="Green") for name in ("Ada", "Bea", "Cora")]
    journal = MemoryJournal()
    north = desk(three, event=two_at_once(), journal=journal)
    south = desk(three, Mode.DESK, event=two_at_once(), journal=journal, door="south")
    for person in three[:2]:
        show(north, certificate(person), badge(person))
    south.let_out(three[0].id, MORNING + HOUR)
    assert show(south, badge(three[0]), at=MORNING + HOUR).way is Way.NEXT
    third = show(north, certificate(three[2]), badge(three[2]), at=MORNING + 2 * HOUR)
    assert third.reasons == (Reason.SEATS_TAKEN,)
    south.let_out(three[0].id, MORNING + 3 * HOUR)
    assert show(north, badge(three[0]), at=MORNING + 3 * HOUR).way is Way.AGAIN


# Clocks on the wall


def night(zone: str, opens: datetime, closes: datetime) -> Event:
    here = ZoneInfo(zone)
    occasion = Occasion(
        POLICY_1,
        "Night",
        opens.replace(tzinfo=here),
        closes.replace(tzinfo=here),
        "",
        None,
        2,
        None,
    )
    return event_with(time_zone=here, occasions=(occasion,), self_scan=SelfScan.ENTRY)


@pytest.mark.parametrize(
    ("day", "opens_from"),
    [
        (datetime(2021, 10, 31, 3, 30), datetime(2021, 10, 31, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2021, 3, 28, 3, 30), datetime(2021, 3, 28, 0, 30, tzinfo=UTC)),  # noqa: DTZ001
    ],
    ids=["the clocks go back", "the clocks go forward"],
)
def test_doors_open_60_minutes_early_in_a_night_in_which_the_clocks_change(
    day: datetime, opens_from: datetime
) -> None:
    event = night("Europe/Paris", day, day.replace(hour=23))
    door = event.doors[0]
    assert event.open_occasions(door, opens_from - SECOND) == ()
    assert event.open_occasions(door, opens_from) == event.occasions


def test_the_new_day_begins_at_midnight_on_the_venues_wall() -> None:
    journal = MemoryJournal()
    late = datetime(2021, 11, 22, 23, 59, tzinfo=PARIS)
    came_in([CHLOE], journal)
    log = Attendance(PARIS, journal.log)
    assert log.standing(CHLOE.id, late).admitted
    assert not log.standing(CHLOE.id, late + timedelta(minutes=1)).admitted


def test_an_entry_before_midnight_may_be_undone_after_it() -> None:
    journal = MemoryJournal()
    late = datetime(2021, 11, 22, 23, 55, tzinfo=PARIS)
    entry = EntryDraft(EntryAct.IN, CHLOE.id, POLICY_1, "north", EntryBasis.SCANNED)
    (record,) = journal.append([entry], late)
    undone = EntryDraft(
        EntryAct.NOTE,
        CHLOE.id,
        "",
        "north",
        EntryBasis.SCANNED,
        cause=Cause.UNDONE,
        refers=record.id,
    )
    journal.append([undone], late + timedelta(minutes=10))
    for records in (journal.log, journal.log[::-1]):
        log = Attendance(PARIS, records)
        assert not log.standing(CHLOE.id, late).admitted
        assert list(log.entries(late)) == []
