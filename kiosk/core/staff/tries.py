"""Wrong PINs are slowed down: five tries of one person in a quarter of an hour.

The time between tries is told by the clock that nobody can set, so that setting the wall clock
neither opens a lock nor keeps it shut. Each try is kept before the PIN is looked at, so that
ending the program in the middle of one wins nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

WINDOW = 15 * 60.0  # seconds in which tries count
TRIES = 5  # of one person
_BESIDE = 60.0  # seconds by which one that waited for another's try may come behind it
TRIES_OF_ALL = 15  # at one kiosk: nobody tries one PIN with every name


@dataclass(frozen=True)
class Moment:
    """A moment of the clock that only runs: seconds since the system started.

    boot: an id of that start; empty where the system has none.
    """

    boot: str
    seconds: float

    def since(self, earlier: Moment) -> float:
        """The seconds that have passed since `earlier`, at least; 0 where another was quicker."""
        passed = self.seconds - earlier.seconds
        known = bool(self.boot and earlier.boot)
        before = self.boot != earlier.boot if known else passed < -_BESIDE
        return self.seconds if before else max(0.0, passed)  # before: the system started


@dataclass(frozen=True)
class Try:
    """One try that was not right, or is going on. person: the pseudonym; empty for nobody known."""

    person: str
    moment: Moment


def counting(tries: Iterable[Try], now: Moment) -> tuple[Try, ...]:
    """Those of `tries` that still count."""
    return tuple(each for each in tries if now.since(each.moment) < WINDOW)


def wait(tries: Iterable[Try], person: str, now: Moment) -> float:
    """The seconds until `person` may try again; 0 where that is now."""
    recent = counting(tries, now)
    ages = sorted(now.since(each.moment) for each in recent)
    own = sorted(now.since(each.moment) for each in recent if each.person == person)
    waits = [
        WINDOW - youngest[limit - 1]
        for youngest, limit in ((own, TRIES), (ages, TRIES_OF_ALL))
        if len(youngest) >= limit
    ]
    return max(waits, default=0.0)


def left(tries: Iterable[Try], person: str, now: Moment) -> int:
    """How many wrong PINs `person` may still give before there is a wait."""
    recent = counting(tries, now)
    own = sum(each.person == person for each in recent)
    return max(0, min(TRIES - own, TRIES_OF_ALL - len(recent)))


def in_words(seconds: float) -> str:
    """A wait for people: minutes, or seconds below one; rounded up."""
    minutes = seconds >= 60
    count = ceil(seconds / 60) if minutes else max(1, ceil(seconds))
    thing = "minute" if minutes else "second"
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
