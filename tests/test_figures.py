"""How things stand: figures of an occasion, its room, and the Partnerships that are missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.policy.event import Event
from kiosk.core.reasons import Reason
from kiosk.demo.issuer import covid_test
from kiosk.desk.admission import Notice, OccasionFigures
from kiosk.desk.findings import Mode
from tests.door import (
    ALL_SEEN,
    MORNING,
    PARTNERING,
    POLICY_1,
    SECOND,
    SUPERVISOR,
    badge,
    certificate,
    desk,
    event_with,
    guest,
    let_in,
    saint_ouen,
    show,
    stranger,
)
from tests.fakes.journal import MemoryJournal

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTERNOON = MORNING + timedelta(days=1, hours=4)
POLICY, _, PARTNER = saint_ouen().occasions
CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")


# Of one occasion


def test_the_figures_of_an_occasion_count_each_guest_once_and_each_way_apart() -> None:
    waiting = guest("Wim", "Waiter", selection=Selection.WAITING)
    dana = guest("Dana", "Petit")
    station = desk([CHLOE, BRUNO, dana, waiting], Mode.DESK)
    let_in(station, CHLOE)
    station.let_out(CHLOE.id, MORNING + HOUR)
    show(station, badge(CHLOE), at=MORNING + 2 * HOUR)
    show(station, badge(BRUNO), certificate(BRUNO, by=stranger()), at=MORNING + 2 * HOUR)
    station.official_reader(MORNING + 2 * HOUR)
    station.confirm(ALL_SEEN, MORNING + 2 * HOUR)
    station.let_out(BRUNO.id, MORNING + 2 * HOUR)
    show(station, certificate(waiting), badge(waiting), at=MORNING + 2 * HOUR)
    station.override(Cause.KNOWN_GUEST, SUPERVISOR, MORNING + 2 * HOUR)
    station.leaving.send_away(dana.id, Reason.NAMES_DIFFER, MORNING + 2 * HOUR)
    at = MORNING + 2 * HOUR
    assert station.figures.occasion(POLICY, at) == OccasionFigures(
        POLICY,
        inside=2,
        entered=3,
        expected=3,
        refused=0,
        desk=2,
        by_reader=1,
        overrides=1,
        sent_away=1,
    )
    counters = station.counters(at)
    assert (counters.by_reader, counters.overrides, counters.sent_away) == (1, 1, 1)
    assert station.figures.occasion(PARTNER, at).entered == 0


def test_refusals_are_counted_to_the_occasion_that_was_on_by_the_hour() -> None:
    station = desk([CHLOE], Mode.DESK)
    positive = certificate(CHLOE, "t", covid_test(MORNING, "260373001"))
    for at in (PARTNER.opens, PARTNER.opens - 30 * MINUTE, PARTNER.opens - 90 * MINUTE):
        show(station, positive, at=at)
    show(station, "DC04FR", at=PARTNER.closes - SECOND)
    afternoon = station.figures.occasion(PARTNER, PARTNER.closes)
    assert (afternoon.refused, afternoon.desk) == (2, 1)
    morning = station.figures.occasion(saint_ouen().occasions[1], PARTNER.closes)
    assert (morning.refused, morning.desk) == (1, 0)


def test_an_occasion_that_is_on_over_midnight_in_utc_counts_both_days() -> None:
    event = event_with(
        time_zone=ZoneInfo("America/New_York"),
        occasions=(
            replace(
                POLICY,
                opens=datetime(2021, 11, 22, 18, 30, tzinfo=ZoneInfo("America/New_York")),
                closes=datetime(2021, 11, 22, 21, 0, tzinfo=ZoneInfo("America/New_York")),
            ),
        ),
    )
    station = desk([CHLOE], Mode.DESK, event=event)
    for hour in (22, 23, 24, 25, 26):
        at = datetime(2021, 11, 22, tzinfo=UTC) + hour * HOUR
        show(station, "DC04FR", at=at)
    assert station.figures.occasion(event.occasions[0], MORNING).desk == 4


def test_today_s_counts_are_of_the_local_day_as_everything_else_is() -> None:
    station = desk([CHLOE], Mode.DESK)
    midnight = datetime(2021, 11, 22, tzinfo=saint_ouen().time_zone)
    for hour in (-1, 0, 23, 24):
        show(station, "DC04FR", at=midnight + hour * HOUR)
    assert station.counters(midnight + HOUR / 2).desk == 2
    assert station.counters(midnight - HOUR / 2).desk == 1


def test_a_day_on_which_the_clocks_are_put_back_has_an_hour_more() -> None:
    station = desk([CHLOE], Mode.DESK)
    begins = datetime(2021, 10, 30, 22, tzinfo=UTC)  # midnight in Saint-Ouen; Sunday has 25 hours
    for hour in (-1, 0, 24, 25):
        show(station, "DC04FR", at=begins + hour * HOUR)
    assert station.counters(begins).desk == 2


def test_an_exit_is_from_what_the_guest_was_in_whatever_they_were_checked_for_since() -> None:
    journal = MemoryJournal()
    both = event_with(early_arrival=timedelta(hours=6))
    station = desk([CHLOE], Mode.DESK, event=both, journal=journal)
    noon = MORNING + timedelta(days=1)
    afternoon = EntryDraft(EntryAct.CHECK, CHLOE.id, PARTNERING, "north", EntryBasis.SCANNED)
    let_in(station, CHLOE, noon)
    came_to = journal.log[-1].occasion
    assert came_to != PARTNERING
    journal.append([afternoon], noon + MINUTE)
    station.let_out(CHLOE.id, noon + 2 * MINUTE)
    assert (journal.log[-1].act, journal.log[-1].occasion) == (EntryAct.OUT, came_to)


def room_of(capacity: int | None) -> Event:
    return event_with(occasions=(replace(POLICY, capacity=capacity), PARTNER))


@pytest.mark.parametrize(
    ("inside", "capacity", "share", "told"),
    [
        (8, 10, 0.8, False),
        (9, 10, 0.9, True),
        (10, 10, 1.0, True),
        (10, None, None, False),
    ],
)
def test_from_90_percent_on_staff_are_told_that_a_room_is_nearly_full(
    inside: int, capacity: int | None, share: float | None, *, told: bool
) -> None:
    journal = MemoryJournal()
    for number in range(inside):
        draft = EntryDraft(EntryAct.IN, f"g{number}", POLICY_1, "north", EntryBasis.SCANNED)
        journal.append([draft], MORNING)
    station = desk([], Mode.DESK, event=room_of(capacity), journal=journal)
    figures = station.figures.occasion(room_of(capacity).occasions[0], MORNING)
    assert (figures.share, figures.nearly_full) == (share, told)
    assert (Notice.ROOM_NEARLY_FULL in station.counters(MORNING).notices) is told
    closed = POLICY.closes
    assert Notice.ROOM_NEARLY_FULL in station.counters(closed - SECOND).notices or not told
    assert Notice.ROOM_NEARLY_FULL not in station.counters(closed).notices


# Partnerships


ADA, BEA = (guest(name, "Petit", partnership="Green") for name in ("Ada", "Bea"))
CORA = guest("Cora", "Blanc", partnership="Blue")
FAR = guest("Fay", "Roux", partnership="Remote", attendance=Attendance.REMOTE)
NO = guest("Noa", "Noir", partnership="Declined", selection=Selection.DECLINED)
PRESS = guest("Pia", "Gris", partnership="", category="press")


def test_the_partnerships_that_miss_their_mandatory_person_are_told_with_whom_to_call() -> None:
    station = desk([ADA, BEA, CORA, FAR, NO, PRESS], Mode.DESK)
    let_in(station, BEA, AFTERNOON)
    missing = station.figures.missing_partnerships(PARTNER)
    assert [(seats.partnership, seats.expected, seats.missing) for seats in missing] == [
        ("Blue", (CORA,), 1),
        ("Remote", (), 1),
    ]
    let_in(station, CORA, AFTERNOON)
    assert [s.partnership for s in station.figures.missing_partnerships(PARTNER)] == ["Remote"]


def test_who_came_and_has_left_has_taken_part() -> None:
    station = desk([ADA], Mode.DESK)
    let_in(station, ADA, AFTERNOON)
    station.let_out(ADA.id, AFTERNOON + HOUR)
    assert station.figures.missing_partnerships(PARTNER) == ()


def test_who_came_in_the_morning_has_not_taken_part_in_the_afternoon() -> None:
    station = desk([ADA], Mode.DESK)
    let_in(station, ADA, MORNING + timedelta(days=1))
    assert [s.partnership for s in station.figures.missing_partnerships(PARTNER)] == ["Green"]


def test_the_seats_of_each_partnership_are_named() -> None:
    station = desk([ADA, BEA, CORA], Mode.DESK)
    let_in(station, ADA, AFTERNOON)
    blue, green = station.figures.partnerships(PARTNER)
    assert (blue.came, blue.expected) == ((), (CORA,))
    assert (green.came, green.expected) == ((ADA,), (BEA,))
    assert (green.at_least, green.at_most, green.missing) == (1, 2, 0)
    assert (repr(green).count("Petit"), repr(green).count("Ada")) == (0, 0)


def test_an_occasion_that_obliges_nobody_misses_nobody() -> None:
    station = desk([ADA, BEA, CORA], Mode.DESK)
    assert station.figures.missing_partnerships(POLICY) == ()


def test_a_seat_that_was_passed_on_is_expected_of_the_substitute() -> None:
    bea = replace(BEA, selection=Selection.WAITING)
    station = desk([ADA, bea], Mode.DESK)
    station.registering.substitute(ADA.id, bea.id, frozenset({PARTNERING}), SUPERVISOR, MORNING)
    (green,) = station.figures.missing_partnerships(PARTNER)
    assert [who.id for who in green.expected] == [bea.id]
