"""A code that is not read is noticed, a poster is not, and noise that is read is no code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.desk.attention import (
    ABSENT,
    GAP,
    HINT_AFTER,
    STEADY_AFTER,
    UNREAD_AFTER,
    ReadingWatch,
    Steadiness,
    has_guests_code,
)
from kiosk.desk.ports import CodeSeen, Hint, Sighting
from tests.door import MORNING, badge, certificate, guest

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
CHLOE = guest("Chloe", "Martin")
CERTIFICATE, BADGE = certificate(CHLOE), badge(CHLOE)
TICK = timedelta(milliseconds=100)
EMPTY, SOMETHING = Sighting(), Sighting(something_there=True)
READ = Sighting((CodeSeen("B1:", SQUARE),))


def told_at(sightings: Iterable[tuple[timedelta, Sighting]]) -> list[timedelta]:
    """When the watch told that something is not read."""
    watch = ReadingWatch()
    return [after for after, sighting in sightings if watch.observe(sighting, MORNING + after)]


def during(
    start: timedelta, end: timedelta, sighting: Sighting
) -> list[tuple[timedelta, Sighting]]:
    """A sighting ten times a second, both ends included."""
    return [(start + n * TICK, sighting) for n in range((end - start) // TICK + 1)]


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_a_code_is_told_unread_after_8_seconds_and_not_before() -> None:
    assert UNREAD_AFTER.total_seconds() == 8
    held = [(seconds(0), EMPTY), *during(seconds(1), seconds(8.9), SOMETHING)]
    assert told_at(held) == []
    assert told_at([*held, (seconds(9), SOMETHING)]) == [seconds(9)]


def test_a_code_that_stays_unread_is_told_once() -> None:
    held = [(seconds(0), EMPTY), *during(seconds(1), seconds(60), SOMETHING)]
    assert told_at(held) == [seconds(9)]


def test_a_second_attempt_is_told_again() -> None:
    first = [(seconds(0), EMPTY), *during(seconds(1), seconds(10), SOMETHING)]
    second = [(seconds(12), EMPTY), *during(seconds(13), seconds(22), SOMETHING)]
    assert told_at([*first, *second]) == [seconds(9), seconds(21)]


def test_a_code_that_gets_read_is_not_told() -> None:
    held = [(seconds(0), EMPTY), *during(seconds(1), seconds(8.9), SOMETHING)]
    assert told_at([*held, (seconds(9), READ), *during(seconds(9.1), seconds(30), SOMETHING)]) == []


def test_a_flicker_of_a_second_is_the_same_attempt_and_a_longer_gap_another() -> None:
    before = [(seconds(0), EMPTY), *during(seconds(1), seconds(5), SOMETHING)]
    short = [(seconds(5.5), EMPTY), *during(seconds(5) + GAP, seconds(9), SOMETHING)]
    assert told_at([*before, *short]) == [seconds(9)]
    gap = seconds(5) + GAP + TICK
    longer = [(seconds(5.5), EMPTY), *during(gap, gap + seconds(7.9), SOMETHING)]
    assert told_at([*before, *longer]) == []


def test_a_poster_that_was_always_there_is_nobodys_code() -> None:
    assert told_at(during(seconds(0), seconds(60), SOMETHING)) == []


def test_an_empty_lobby_is_not_told() -> None:
    assert told_at(during(seconds(0), seconds(60), EMPTY)) == []


# Beside a code that was read

BESIDE = replace(READ, something_there=True)
OTHER_READ = Sighting((*READ.codes, CodeSeen("B1:2", SQUARE)))


def test_what_came_together_with_a_code_that_is_held_up_is_told_8_seconds_after_it_was_read() -> (
    None
):
    held = [*during(seconds(0), seconds(0.9), EMPTY), (seconds(1), READ)]
    assert told_at([*held, *during(seconds(1.1), seconds(9), BESIDE)]) == []
    assert told_at([*held, *during(seconds(1.1), seconds(60), BESIDE)]) == [seconds(9.1)]


def test_what_comes_later_beside_a_code_that_is_held_up_is_told() -> None:
    held = [(seconds(0), EMPTY), *during(seconds(1), seconds(4), READ)]
    assert told_at([*held, *during(seconds(5), seconds(60), BESIDE)]) == [seconds(13)]


def test_a_code_that_just_lies_in_view_is_not_told() -> None:
    assert told_at([(seconds(0), EMPTY), *during(seconds(1), seconds(60), READ)]) == []


def test_a_code_that_gets_read_beside_another_one_is_not_told_even_where_it_flickers() -> None:
    held = [(seconds(0), EMPTY), (seconds(1), READ), *during(seconds(1.1), seconds(5), BESIDE)]
    assert told_at([*held, (seconds(5.1), OTHER_READ)]) == []
    flickers = during(seconds(5.2), seconds(60), BESIDE)
    assert told_at([*held, (seconds(5.1), OTHER_READ), *flickers]) == []


def test_a_poster_beside_a_code_that_is_held_up_is_nobodys_code() -> None:
    poster = during(seconds(0), seconds(2), SOMETHING)
    assert told_at([*poster, (seconds(2.1), READ), *during(seconds(2.2), seconds(60), BESIDE)]) == (
        []
    )


def test_the_next_guest_s_code_begins_the_time_anew() -> None:
    held = [(seconds(0), EMPTY), (seconds(1), READ), *during(seconds(1.1), seconds(6), BESIDE)]
    other = Sighting((CodeSeen("B1:3", SQUARE),))
    gone = during(seconds(6.1), seconds(7.5), EMPTY)
    then = during(seconds(8.1), seconds(60), replace(other, something_there=True))
    assert told_at([*held, *gone, (seconds(8), other), *then]) == [seconds(16.1)]


def test_a_poster_that_is_read_keeps_nobody_from_being_told() -> None:
    poster = Sighting((CodeSeen("https://a", SQUARE),))
    unread = replace(poster, something_there=True)
    shown = [*during(seconds(0), seconds(5), poster), *during(seconds(5.1), seconds(60), unread)]
    assert told_at(shown) == [seconds(13.1)]


def test_a_guest_s_code_is_one_made_for_a_door() -> None:
    assert has_guests_code(sighting("https://a", BADGE))
    assert has_guests_code(sighting(CERTIFICATE))
    assert not has_guests_code(sighting("https://a"))
    assert not has_guests_code(SOMETHING)


# Steady codes


def sighting(*texts: str) -> Sighting:
    return Sighting(tuple(CodeSeen(text, SQUARE) for text in texts))


def passed_at(shown: Iterable[tuple[timedelta, Sighting]]) -> list[timedelta]:
    """When a code was let pass."""
    steadiness = Steadiness()
    return [after for after, each in shown if steadiness.passed(each, MORNING + after).codes]


@pytest.mark.parametrize("text", [CERTIFICATE, BADGE, "shc:/5676"])
def test_a_code_made_for_a_door_counts_at_first_sight(text: str) -> None:
    assert Steadiness().passed(sighting(text), MORNING) == sighting(text)


def test_a_code_of_the_door_s_own_counts_at_first_sight() -> None:
    known = Steadiness("THE SCANNER'S CODE".__eq__)
    assert known.passed(sighting("THE SCANNER'S CODE"), MORNING).codes
    assert not known.passed(sighting("THE SCANNER'S COD"), MORNING).codes


def test_a_foreign_code_counts_once_it_was_held_up_for_a_second() -> None:
    assert STEADY_AFTER.total_seconds() == 1
    held = during(seconds(0), seconds(1.2), sighting("https://example.org"))
    assert passed_at(held) == [seconds(1), seconds(1.1), seconds(1.2)]


def test_noise_that_is_read_as_ever_other_codes_never_counts() -> None:
    assert passed_at((n * TICK, sighting(f"noise {n}")) for n in range(100)) == []


def test_a_foreign_code_that_flashes_by_twice_does_not_count() -> None:
    twice = [(seconds(0), sighting("https://a")), (GAP + TICK, sighting("https://a"))]
    assert passed_at(twice) == []
    lost_for_a_moment = [(seconds(0), sighting("https://a")), (GAP, sighting("https://a"))]
    assert passed_at(lost_for_a_moment) == [GAP]


def test_beside_a_certificate_a_foreign_code_is_left_out() -> None:
    both = Steadiness().passed(sighting("https://a", CERTIFICATE), MORNING)
    assert both == sighting(CERTIFICATE)


def test_a_foreign_code_alone_is_something_that_is_there_unread() -> None:
    assert Steadiness().passed(sighting("https://a"), MORNING) == SOMETHING


def test_a_clock_that_is_set_back_lets_no_foreign_code_pass() -> None:
    assert (
        passed_at([(seconds(60), sighting("https://a")), (seconds(0), sighting("https://a"))]) == []
    )


def test_no_text_of_a_code_is_kept() -> None:
    steadiness = Steadiness()
    steadiness.passed(sighting("https://a.secret"), MORNING)
    assert "secret" not in repr(vars(steadiness))


# A poster that some frames lose


def test_a_poster_that_is_lost_for_some_frames_is_still_nobodys_code() -> None:
    poster = during(seconds(0), seconds(60), SOMETHING)
    lost = {n * TICK for n in range(0, 600, 37)} | {n * TICK for n in range(1, 600, 37)}
    assert told_at((at, EMPTY if at in lost else each) for at, each in poster) == []


def test_an_attempt_outlives_frames_in_which_nothing_is_seen() -> None:
    held = [(seconds(0), EMPTY), *during(seconds(1), seconds(9), SOMETHING)]
    flickering = [(at, EMPTY if n % 3 else each) for n, (at, each) in enumerate(held)]
    assert told_at([*flickering, (seconds(9.2), SOMETHING)]) == [seconds(9.2)]  # first seen at 1.2


def test_what_comes_after_half_a_second_of_nothing_is_an_attempt() -> None:
    def told(nothing: timedelta) -> list[timedelta]:
        start = seconds(1) + nothing
        shown = [*during(seconds(0), seconds(0.9), SOMETHING), (seconds(1), EMPTY)]
        return told_at([*shown, *during(start, start + UNREAD_AFTER, SOMETHING)])

    assert told(ABSENT) == [seconds(1) + ABSENT + UNREAD_AFTER]
    assert told(ABSENT - TICK) == []


# Hints


def hints(shown: Iterable[tuple[timedelta, Sighting]]) -> dict[timedelta, Hint | None]:
    """What the watch had to tell, whenever that changed."""
    watch, told = ReadingWatch(), dict[timedelta, Hint | None]()
    for after, each in shown:
        before = watch.hint
        watch.observe(each, MORNING + after)
        if watch.hint is not before:
            told[after] = watch.hint
    return told


CLOSER = Sighting(something_there=True, hint=Hint.CLOSER)
STILL = Sighting(something_there=True, hint=Hint.HOLD_STILL)
NOBODY = [(seconds(0), EMPTY)]


def test_a_hint_comes_when_a_code_was_there_unread_for_a_second_and_a_half() -> None:
    assert HINT_AFTER.total_seconds() == 1.5
    held = [*NOBODY, *during(seconds(1), seconds(5), CLOSER)]
    assert hints(held) == {seconds(2.5): Hint.CLOSER}


def test_a_hint_goes_as_soon_as_a_code_is_read_and_when_it_is_taken_away() -> None:
    held = [*NOBODY, *during(seconds(1), seconds(4), CLOSER)]
    assert hints([*held, (seconds(4.1), READ)])[seconds(4.1)] is None
    empty = during(seconds(4.1), seconds(6), EMPTY)
    assert hints([*held, *empty]) == {seconds(2.5): Hint.CLOSER, seconds(5): None}


def test_a_hint_does_not_flicker() -> None:
    def shown(n: int) -> Sighting:
        return (CLOSER, SOMETHING, STILL, CLOSER, EMPTY)[n % 5]

    held = [*NOBODY, *((seconds(1) + n * TICK, shown(n)) for n in range(60))]
    assert hints(held) == {seconds(2.5): Hint.CLOSER}


def test_another_hint_takes_its_place_after_a_second() -> None:
    held = [*NOBODY, *during(seconds(1), seconds(3), CLOSER)]
    then = during(seconds(3.1), seconds(6), STILL)
    assert hints([*held, *then]) == {seconds(2.5): Hint.CLOSER, seconds(4): Hint.HOLD_STILL}


def test_a_poster_gets_no_hint() -> None:
    assert hints(during(seconds(0), seconds(20), CLOSER)) == {}
