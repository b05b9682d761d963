"""A queue of guests: codes left behind, seats given away meanwhile, and the next occasion."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.decide import Way
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from tests.door import (
    ALL_SEEN,
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

PEOPLE = [guest(given, family) for given, family in (("Ana", "Um"), ("Bo", "To"), ("Cy", "Tri"))]
NEXT_DAY = MORNING + timedelta(days=1)  # ten o'clock in Saint-Ouen
AFTERNOON = NEXT_DAY + timedelta(hours=4)


@pytest.mark.parametrize("mode", Mode)
def test_a_badge_that_was_left_behind_spoils_no_visit_down_the_queue(mode: Mode) -> None:
    station = desk(PEOPLE, mode)
    show(station, badge(PEOPLE[0]))  # and its guest walks away
    at = MORNING + 20 * SECOND
    green = Shown.READY if mode is Mode.DESK else Shown.ADMIT
    for person in PEOPLE[1:]:
        show(station, certificate(person), at=at)
        answer = show(station, badge(person), at=at + 2 * SECOND)
        assert answer.shown is green
        assert answer.guest == person
        station.confirm(ALL_SEEN, at + 5 * SECOND)
        at += 20 * SECOND


def test_a_certificate_that_was_left_behind_spoils_no_visit_down_the_queue() -> None:
    station = desk(PEOPLE)
    show(station, certificate(PEOPLE[0]))
    at = MORNING + 20 * SECOND
    assert show(station, badge(PEOPLE[1]), at=at).reasons == (Reason.NAMES_DIFFER,)
    answer = show(station, certificate(PEOPLE[1]), at=at + 2 * SECOND)
    assert (answer.shown, answer.guest) == (Shown.ADMIT, PEOPLE[1])


def test_a_third_code_of_somebody_else_is_not_paired_with_the_last_one() -> None:
    station = desk(PEOPLE)
    show(station, badge(PEOPLE[0]))
    show(station, certificate(PEOPLE[1]), at=MORNING + 20 * SECOND)
    answer = show(station, badge(PEOPLE[2]), at=MORNING + 22 * SECOND)
    assert answer.shown is Shown.AWAIT_CERTIFICATE


def test_a_code_as_far_from_the_last_as_that_from_the_first_begins_another_visit() -> None:
    station = desk(PEOPLE)
    show(station, badge(PEOPLE[0]))
    show(station, certificate(PEOPLE[1]), at=MORNING + 10 * SECOND)
    answer = show(station, badge(PEOPLE[1]), at=MORNING + 20 * SECOND)
    assert answer.shown is Shown.AWAIT_CERTIFICATE


def test_a_refused_certificate_is_not_paired_with_a_later_badge() -> None:
    station = desk(PEOPLE)
    show(station, badge(PEOPLE[0]))
    positive = certificate(PEOPLE[1], issued_at=MORNING - timedelta(days=500))
    assert show(station, positive, at=MORNING + 20 * SECOND).shown is Shown.REFUSE
    answer = show(station, badge(PEOPLE[1]), at=MORNING + 21 * SECOND)
    assert answer.shown is Shown.AWAIT_CERTIFICATE


def test_a_posters_code_beside_a_certificate_is_nobodys_second_code() -> None:
    station = desk(PEOPLE)
    poster = "https://example.org/agenda"
    both = station.sight((poster, certificate(PEOPLE[0])), MORNING)
    assert both is not None
    assert both.shown is Shown.AWAIT_BADGE
    assert station.sight((poster,), MORNING + 10 * SECOND) is None, "the guest takes the phone away"
    done = station.sight((poster, badge(PEOPLE[0])), MORNING + 11 * SECOND)
    assert done is not None
    assert done.shown is Shown.ADMIT


def test_a_code_that_means_nothing_is_told_when_nobody_is_being_answered() -> None:
    shown = desk(PEOPLE).sight(("https://example.org/agenda",), MORNING)
    assert shown is not None
    assert shown.reasons == (Reason.CODE_UNKNOWN,)


def test_a_seat_that_another_screen_gave_away_meanwhile_is_not_confirmed() -> None:
    team = [guest(name, "Um", partnership="One") for name in ("Ana", "Bo", "Cy")]
    journal = MemoryJournal()
    here, there = (desk(team, Mode.DESK, journal=journal) for _ in range(2))
    let_in(here, team[0])
    waiting = show(here, certificate(team[1]), badge(team[1]))
    assert waiting.shown is Shown.READY
    let_in(there, team[2])
    answer = here.confirm(ALL_SEEN, MORNING + SECOND)
    assert answer is not None
    assert answer.reasons == (Reason.SEATS_TAKEN,)
    assert len(journal.log) == 2


def test_the_certificate_of_the_morning_will_do_for_the_afternoon_and_the_seat_is_counted() -> None:
    one, two, three = (guest(name, "Um", partnership="One") for name in ("Ana", "Bo", "Cy"))
    station = desk([one, two, replace(three, occasions=frozenset({PARTNERING}))], Mode.DESK)
    let_in(station, one, NEXT_DAY)
    again = show(station, badge(one), at=NEXT_DAY + timedelta(minutes=10))
    assert (again.shown, again.way) == (Shown.ADMIT, Way.AGAIN)
    afternoon = show(station, badge(one), at=AFTERNOON)
    assert (afternoon.shown, afternoon.way) == (Shown.ADMIT, Way.NEXT)


def test_a_guest_of_the_morning_takes_no_third_seat_in_the_afternoon() -> None:
    one, two, three = (guest(name, "Um", partnership="One") for name in ("Ana", "Bo", "Cy"))
    for_afternoon = frozenset({PARTNERING})
    late = [replace(person, occasions=for_afternoon) for person in (two, three)]
    station = desk([one, *late], Mode.DESK)
    let_in(station, one, NEXT_DAY)
    for person in late:
        let_in(station, person, AFTERNOON)
    assert show(station, badge(one), at=AFTERNOON).reasons == (Reason.SEATS_TAKEN,)


def test_the_days_of_the_event_are_the_ones_that_these_tests_speak_of() -> None:
    door = saint_ouen().doors[0]
    opened = [saint_ouen().open_occasions(door, at)[0].id for at in (MORNING, NEXT_DAY, AFTERNOON)]
    assert opened == [POLICY_1, POLICY_2, PARTNERING]


def test_codes_may_come_and_go_while_staff_look_at_id_and_mask() -> None:
    station = desk(PEOPLE, Mode.DESK)
    texts = (certificate(PEOPLE[0]), badge(PEOPLE[0]))
    ready = station.sight(texts, MORNING)
    assert ready is not None
    assert ready.shown is Shown.READY
    assert station.sight(texts, MORNING + 20 * SECOND) is None
    admitted = station.confirm(ALL_SEEN, MORNING + 21 * SECOND)
    assert admitted is not None
    assert admitted.shown is Shown.ADMIT


def test_a_full_room_is_noticed_at_the_confirmation() -> None:
    small = tuple(replace(occasion, capacity=1) for occasion in saint_ouen().occasions)
    journal, event = MemoryJournal(), event_with(occasions=small)
    here, there = (desk(PEOPLE, Mode.DESK, event=event, journal=journal) for _ in range(2))
    show(here, certificate(PEOPLE[0]), badge(PEOPLE[0]))
    let_in(there, PEOPLE[1])
    answer = here.confirm(ALL_SEEN, MORNING + SECOND)
    assert answer is not None
    assert answer.reasons == (Reason.ROOM_FULL,)
