"""A code that is held up and not read for 8 seconds is noticed, once, and a poster is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from kiosk.desk.attention import GAP, UNREAD_AFTER, ReadingWatch
from kiosk.desk.ports import CodeSeen, Sighting
from tests.door import MORNING

TICK = timedelta(milliseconds=100)
EMPTY, SOMETHING = Sighting(), Sighting(something_there=True)
READ = Sighting((CodeSeen("B1:", ((0, 0), (1, 0), (1, 1), (0, 1))),), something_there=True)


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
