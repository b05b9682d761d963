"""Simulated mornings with crashes, full disks and clock steps: no rule may be broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest

from kiosk.core.decide import Situation
from kiosk.core.guests.names import Likeness
from kiosk.desk import overriding
from kiosk.desk.books import Books
from kiosk.desk.clockguard import ClockGuard
from kiosk.desk.findings import Findings
from kiosk.desk.outcome import Outcome
from kiosk.desk.ports import Authority
from kiosk.desk.undoing import Undoing
from tests.simulation.morning import Morning, play
from tests.simulation.rules import BrokenRuleError

MORNINGS = 160  # of 50 visits; `python -m tests.simulation` plays 2,000


def test_no_rule_is_broken_on_eight_thousand_visits_with_faults() -> None:
    happened: Counter[str] = Counter()
    for seed in range(MORNINGS):
        happened += play(seed)
    answers = ("ADMIT", "REFUSE", "DESK", "READY")
    for what in (*answers, "CRASH", "power cut", "disk full", "done by staff", "time confirmed"):
        assert happened[what] > 20, what


def test_the_same_seed_plays_the_same_morning() -> None:
    assert play(7) == play(7)


Plant = Callable[[pytest.MonkeyPatch], None]


def _no_seats(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Findings, "_seats_free", lambda *_: True)


def _no_room(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Findings, "_room_free", lambda *_: True)


def _nothing_written(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "write", lambda *_: ())


def _any_certificate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Findings, "_likeness", lambda *_: Likeness.EXACT)


def _no_moment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Situation, "moment_ago", property(lambda _: False))


def _seat_of_anybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Books, "came_in", lambda *_: False)


def _undone_for_ever(patch: pytest.MonkeyPatch) -> None:
    real = Undoing.undo

    def undo(self: Undoing, by: Authority, at: datetime) -> Outcome:
        last = self._books.last
        outcome = real(self, by, at)
        self._books.last = last
        return outcome

    patch.setattr(Undoing, "undo", undo)


def _undone_over_others(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Undoing, "_stands", lambda *_: True)


def _forgeries_overridden(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(overriding, "is_forged", lambda _: False)


def _log_lost(patch: pytest.MonkeyPatch) -> None:
    """A disk that forgets the last record when the program starts again."""
    real = Morning._restart

    def restart(self: Morning, why: str) -> None:
        del self._journal.log[-1:]
        real(self, why)

    patch.setattr(Morning, "_restart", restart)


def _any_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ClockGuard, "believes", lambda *_: True)


def _many_mornings() -> None:
    for seed in range(400):
        play(seed)


@pytest.mark.parametrize(
    ("plant", "rule"),
    [
        (_no_seats, "a third person of a Partnership"),
        (_no_room, "more than the room holds"),
        (_nothing_written, "green without a durable record|green for a record of before"),
        (_any_certificate, "an entry on another's certificate"),
        (_no_moment, "one guest came in twice within two minutes"),
        (_seat_of_anybody, "a seat was passed on that somebody sits in"),
        (_undone_for_ever, "what is not there is taken back, or twice"),
        (_undone_over_others, "a seat is doubled or lost"),
        (_forgeries_overridden, "an override of a forgery"),
        (_log_lost, "an acknowledged entry is lost"),
        (_any_time, "an answer on a time that nobody confirmed"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_fault_breaks_its_rule(
    plant: Plant, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(BrokenRuleError, match=rule):
        _many_mornings()
