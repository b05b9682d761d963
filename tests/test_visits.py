"""One visit: two codes in either order, held up, out of reach, mixed up; and how long it waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.policy.event import BadgesGiven
from kiosk.core.reasons import Reason
from kiosk.demo.issuer import covid_test
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from tests.door import (
    ALL_SEEN,
    MORNING,
    SECOND,
    badge,
    certificate,
    desk,
    event_with,
    guest,
    show,
    trust,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
BOTH = (CHLOE, BRUNO)
HAIR = timedelta(milliseconds=1)


# How long a visit waits for its second code


@pytest.mark.parametrize("certificate_first", [True, False])
def test_a_second_code_after_30_seconds_still_belongs_to_the_visit(
    *, certificate_first: bool
) -> None:
    station = desk([CHLOE])
    codes = [certificate(CHLOE), badge(CHLOE)][:: 1 if certificate_first else -1]
    show(station, codes[0])
    assert show(station, codes[1], at=MORNING + 30 * SECOND).shown is Shown.ADMIT


@pytest.mark.parametrize("certificate_first", [True, False])
def test_a_second_code_after_more_than_30_seconds_begins_another_visit(
    *, certificate_first: bool
) -> None:
    station = desk([CHLOE])
    codes = [certificate(CHLOE), badge(CHLOE)][:: 1 if certificate_first else -1]
    show(station, codes[0])
    answer = show(station, codes[1], at=MORNING + 30 * SECOND + HAIR)
    assert answer.shown in (Shown.AWAIT_BADGE, Shown.AWAIT_CERTIFICATE)


@pytest.mark.parametrize(
    ("after", "shown"),
    [(60 * SECOND, Shown.ADMIT), (60 * SECOND + HAIR, Shown.AWAIT_CERTIFICATE)],
    ids=["in time", "too late"],
)
def test_after_the_desk_asked_for_the_badge_it_has_as_long_again(
    after: timedelta, shown: Shown
) -> None:
    station = desk([CHLOE])
    show(station, certificate(CHLOE))
    station.tick(MORNING + 30 * SECOND)
    assert show(station, badge(CHLOE), at=MORNING + after).shown is shown


def test_the_wait_is_the_events() -> None:
    station = desk([CHLOE], event=event_with(visit_wait=10 * SECOND))
    show(station, certificate(CHLOE))
    assert station.tick(MORNING + 10 * SECOND - HAIR) is None
    assert station.tick(MORNING + 10 * SECOND) is not None


def test_a_visit_that_waited_is_answered_once() -> None:
    station = desk([CHLOE])
    show(station, certificate(CHLOE))
    assert station.tick(MORNING + 30 * SECOND) is not None
    assert station.tick(MORNING + 31 * SECOND) is None
    assert station.counters(MORNING).desk == 1


def answered_visits() -> dict[str, list[str]]:
    return {
        "nothing": [],
        "admitted": [certificate(CHLOE), badge(CHLOE)],
        "refused": [certificate(CHLOE, "t", covid_test(MORNING, "260373001"))],
        "names differ": [certificate(CHLOE), badge(BRUNO)],
        "other code": ["DC04FR"],
    }


@pytest.mark.parametrize("visit", answered_visits())
def test_time_does_not_answer_a_visit_again(visit: str) -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    for text in answered_visits()[visit]:
        station.scan(text, MORNING)
    before = station.counters(MORNING)
    assert station.tick(MORNING + 30 * SECOND) is None
    assert station.counters(MORNING) == before
    ready = visit == "admitted"
    assert (station.confirm(ALL_SEEN, MORNING + 31 * SECOND) is not None) is ready


def test_a_code_that_was_not_read_is_not_answered_again_by_time() -> None:
    station = desk([CHLOE])
    station.not_read(MORNING)
    assert station.tick(MORNING + 30 * SECOND) is None


@pytest.mark.parametrize("codes", [[0, 1], [1, 0]], ids=["certificate", "badge"])
def test_the_next_guest_does_not_inherit_a_code_of_the_one_before(codes: list[int]) -> None:
    station = desk(BOTH)
    show(station, certificate(CHLOE), badge(CHLOE))
    texts = [certificate(BRUNO), badge(BRUNO)]
    first = show(station, texts[codes[0]], at=MORNING + SECOND)
    assert first.shown in (Shown.AWAIT_BADGE, Shown.AWAIT_CERTIFICATE)
    assert show(station, texts[codes[1]], at=MORNING + 2 * SECOND).guest == BRUNO


def test_a_refused_guest_may_show_another_certificate() -> None:
    station = desk([CHLOE])
    positive = certificate(CHLOE, "t", covid_test(MORNING, "260373001"))
    assert show(station, badge(CHLOE), positive).shown is Shown.REFUSE
    assert show(station, certificate(CHLOE), badge(CHLOE)).shown is Shown.ADMIT


# Codes in front of the camera


def test_a_code_that_is_held_up_is_answered_once() -> None:
    station = desk([CHLOE])
    text, at = badge(CHLOE), MORNING
    assert station.sight([text], at) is not None
    for _ in range(20):
        at += 3 * SECOND
        assert station.sight([text], at) is None


def test_a_code_is_new_again_after_more_than_3_seconds_out_of_sight() -> None:
    station = desk([CHLOE])
    text = badge(CHLOE)
    station.sight([text], MORNING)
    assert station.sight([], MORNING + SECOND) is None
    assert station.sight([text], MORNING + 3 * SECOND) is None
    assert station.sight([text], MORNING + 6 * SECOND + HAIR) is not None


def test_certificate_and_badge_in_one_frame_are_one_visit() -> None:
    for codes in ([certificate(CHLOE), badge(CHLOE)], [badge(CHLOE), certificate(CHLOE)]):
        answer = desk([CHLOE]).sight(codes, MORNING)
        assert answer is not None
        assert (answer.shown, answer.guest) == (Shown.ADMIT, CHLOE)


def test_one_code_seen_twice_in_a_frame_is_one_code() -> None:
    answer = desk([CHLOE]).sight([badge(CHLOE)] * 3, MORNING)
    assert answer is not None
    assert answer.shown is Shown.AWAIT_CERTIFICATE


def frames_with_too_many() -> dict[str, list[str]]:
    mine, yours = (certificate(CHLOE), badge(CHLOE)), (certificate(BRUNO), badge(BRUNO))
    return {
        "two certificates": [mine[0], yours[0]],
        "two badges": [mine[1], yours[1]],
        "my badge, two certificates": [mine[1], mine[0], yours[0]],
        "everything of both": [*mine, *yours],
    }


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("frame", frames_with_too_many())
def test_two_certificates_or_two_badges_in_a_frame_are_asked_for_one_by_one(
    frame: str, mode: Mode
) -> None:
    journal = MemoryJournal()
    answer = desk(BOTH, mode, journal=journal).sight(frames_with_too_many()[frame], MORNING)
    assert answer is not None
    assert answer.shown is Shown.ONE_AT_A_TIME
    assert answer.reasons == (Reason.ONE_CODE_AT_A_TIME,)
    assert not answer.shown.is_answer
    assert journal.log == []


def test_a_second_certificate_that_joins_the_first_is_too_many_as_well() -> None:
    station = desk(BOTH)
    station.sight([certificate_of_chloe := certificate(CHLOE)], MORNING)
    answer = station.sight([certificate_of_chloe, certificate(BRUNO)], MORNING + SECOND)
    assert answer is not None
    assert answer.shown is Shown.ONE_AT_A_TIME


def test_after_one_at_a_time_the_code_that_stays_is_read_at_once() -> None:
    station, text = desk(BOTH), badge(BRUNO)
    station.sight([badge(CHLOE), text], MORNING)
    answer = station.sight([text], MORNING + SECOND)
    assert answer is not None
    assert answer.guest == BRUNO


def test_the_next_guest_s_code_beside_the_card_s_waits_and_the_card_stays() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    assert station.sight([badge(CHLOE), badge(BRUNO)], MORNING) is None
    assert [each.guest for each in station.set_aside] == [BRUNO]
    station.confirm(ALL_SEEN, MORNING)
    assert journal.acts == [(EntryAct.IN, CHLOE.id)]


# A code that is not read


@pytest.mark.parametrize("mode", Mode)
def test_a_code_that_is_not_read_is_offered_the_desk(mode: Mode) -> None:
    answer = desk([CHLOE], mode).not_read(MORNING)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.CODE_NOT_READ,))


def test_an_unread_certificate_after_a_badge_keeps_the_badge() -> None:
    station = desk([CHLOE])
    show(station, badge(CHLOE))
    assert station.not_read(MORNING + 10 * SECOND).guest == CHLOE
    answer = show(station, certificate(CHLOE), at=MORNING + 12 * SECOND)
    assert (answer.shown, answer.guest) == (Shown.ADMIT, CHLOE)


@pytest.mark.parametrize("visit", answered_visits())
def test_an_unread_code_has_nothing_of_the_guest_answered_before(visit: str) -> None:
    station = desk(BOTH)
    for text in answered_visits()[visit]:
        station.scan(text, MORNING)
    answer = station.not_read(MORNING + 40 * SECOND)
    assert (answer.guest, answer.person, answer.has_badge) == (None, None, False)


def test_an_unread_certificate_beside_a_badge_keeps_the_badge() -> None:
    station = desk([CHLOE])
    show(station, badge(CHLOE))
    answer = station.second_not_read(MORNING + 8 * SECOND)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.CODE_NOT_READ,))
    assert answer.guest == CHLOE
    then = show(station, certificate(CHLOE), at=MORNING + 12 * SECOND)
    assert (then.shown, then.guest) == (Shown.ADMIT, CHLOE)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("visit", [visit for visit in answered_visits() if visit != "nothing"])
def test_what_is_not_read_beside_the_codes_of_an_answered_guest_is_nothing(
    visit: str, mode: Mode
) -> None:
    station = desk(BOTH, mode)
    for text in answered_visits()[visit]:
        station.scan(text, MORNING)
    before = station.recent()
    assert station.second_not_read(MORNING + 8 * SECOND) is None
    assert station.second_not_read(MORNING + 30 * SECOND - HAIR) is None
    assert station.recent() == before


def test_beside_a_code_that_stays_in_view_the_next_guest_is_told_when_the_answer_is_old() -> None:
    station = desk(BOTH)
    show(station, certificate(CHLOE), badge(CHLOE))
    answer = station.second_not_read(MORNING + 30 * SECOND)
    assert answer is not None
    assert (answer.shown, answer.guest) == (Shown.DESK, None)
    assert desk(BOTH).second_not_read(MORNING) is not None


def test_beside_the_codes_of_two_guests_nothing_takes_the_word() -> None:
    station = desk(BOTH)
    station.sight([badge(CHLOE), badge(BRUNO)], MORNING)
    assert station.second_not_read(MORNING) is None


def test_an_unread_code_does_not_take_the_card_from_staff_who_are_deciding() -> None:
    station = desk([CHLOE], Mode.DESK)
    ready = show(station, certificate(CHLOE), badge(CHLOE))
    assert station.not_read(MORNING + 9 * SECOND) is ready
    confirmed = station.confirm(ALL_SEEN, MORNING + 10 * SECOND)
    assert confirmed is not None
    assert confirmed.shown is Shown.ADMIT


# Two guests who show each other's codes


def crossed(station: EntryDesk, later: timedelta = 60 * SECOND) -> Admission:
    first = show(station, certificate(BRUNO), badge(CHLOE))
    assert first.reasons == (Reason.NAMES_DIFFER,)
    return show(station, certificate(CHLOE), badge(BRUNO), at=MORNING + later)


@pytest.mark.parametrize("mode", Mode)
def test_a_crossed_pair_is_recognised(mode: Mode) -> None:
    answer = crossed(desk(BOTH, mode))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.PAIR_CROSSED,))
    assert (answer.guest, answer.candidates) == (BRUNO, (CHLOE,))


@pytest.mark.parametrize("names", [("Chloé Anne", "Martin"), ("Chloë", "Martins")])
def test_a_certificate_that_is_exactly_another_guests_is_not_the_badges(
    names: tuple[str, str],
) -> None:
    other = guest(*names)  # else the same person as Chloe, or nearly
    station = desk([CHLOE, other])
    first = show(station, certificate(other), badge(CHLOE))
    assert (first.shown, first.reasons) == (Shown.DESK, (Reason.NAMES_DIFFER,))
    second = show(station, certificate(CHLOE), badge(other), at=MORNING + 60 * SECOND)
    assert second.reasons == (Reason.PAIR_CROSSED,)


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        (timedelta(minutes=3), Reason.PAIR_CROSSED),
        (timedelta(minutes=3) + HAIR, Reason.NAMES_DIFFER),
    ],
    ids=["3 minutes", "longer"],
)
def test_a_crossed_pair_is_two_visits_within_3_minutes(later: timedelta, reason: Reason) -> None:
    assert crossed(desk(BOTH), later).reasons == (reason,)


def test_a_crossed_pair_is_set_right_with_one_confirmation_in_one_transaction() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    crossed(station)
    admitted = station.confirm(ALL_SEEN, MORNING + 120 * SECOND)
    assert admitted is not None
    assert (admitted.shown, admitted.reasons) == (Shown.ADMIT, ())
    assert journal.appends == 1
    assert set(journal.acts) == {(EntryAct.IN, CHLOE.id), (EntryAct.IN, BRUNO.id)}
    assert {record.basis for record in journal.log} == {EntryBasis.CROSSED_PAIR}


def test_a_crossed_pair_that_cannot_be_recorded_is_not_green_for_either() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    crossed(station)
    journal.full = True
    answer = station.confirm(ALL_SEEN, MORNING + 61 * SECOND)
    assert answer is not None
    assert answer.reasons == (Reason.STORAGE_TROUBLE,)
    assert journal.log == []


def test_staff_have_time_to_set_a_crossed_pair_right() -> None:
    station = desk(BOTH, Mode.DESK)
    crossed(station)
    assert station.tick(MORNING + 95 * SECOND) is None
    confirmed = station.confirm(ALL_SEEN, MORNING + 99 * SECOND)
    assert confirmed is not None
    assert confirmed.shown is Shown.ADMIT


def test_a_certificate_that_was_refused_is_no_half_of_a_crossed_pair() -> None:
    station = desk(BOTH, Mode.DESK)
    positive = certificate(BRUNO, "t", covid_test(MORNING, "260373001"))
    assert show(station, badge(CHLOE), positive).shown is Shown.REFUSE
    answer = show(station, certificate(CHLOE), badge(BRUNO), at=MORNING + 60 * SECOND)
    assert answer.reasons == (Reason.NAMES_DIFFER,)
    assert station.confirm(ALL_SEEN, MORNING + 61 * SECOND) is None


def test_a_crossed_pair_does_not_take_two_seats_where_one_is_left() -> None:
    three = [guest(given, "Petit", partnership="Green") for given in ("Ada", "Bea", "Cora")]
    station = desk(three, Mode.DESK)
    show(station, certificate(three[0]), badge(three[0]))
    station.confirm(ALL_SEEN, MORNING)
    show(station, certificate(three[1]), badge(three[2]))
    answer = show(station, certificate(three[2]), badge(three[1]))
    assert answer.reasons == (Reason.PAIR_CROSSED,)
    assert station.confirm(ALL_SEEN, MORNING) is None
    own = show(station, certificate(three[1]), badge(three[1]))
    assert own.shown is Shown.READY


def test_the_self_scan_screen_sets_no_pair_right() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, journal=journal)
    crossed(station)
    assert station.confirm(ALL_SEEN, MORNING + 61 * SECOND) is None
    assert journal.log == []


# The kiosk in trouble


def test_a_wait_that_ends_under_an_untrusted_clock_says_so() -> None:
    station = desk([CHLOE], trusted=trust(issued_at=MORNING))
    show(station, badge(CHLOE))
    set_back = station.scan(badge(CHLOE), MORNING - timedelta(hours=1))
    assert set_back.reasons == (Reason.CLOCK_NOT_TRUSTED,)


def test_where_badges_are_given_at_the_door_the_answer_comes_with_the_first_code() -> None:
    event = event_with(badges=BadgesGiven.AT_THE_DOOR)
    answer = desk([CHLOE], event=event).sight([certificate(CHLOE)], MORNING)
    assert answer is not None
    assert answer.shown is Shown.ADMIT
