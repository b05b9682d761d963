"""A log that fails as disks and programs do, and a clock that steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.core.entry import EntryDraft, EntryRecord
from kiosk.desk.ports import WHOLE_DAY
from tests.door import MORNING
from tests.fakes.journal import MemoryJournal


class CrashError(BaseException):
    """The program is gone: nothing of it may catch this."""


class FaultyJournal(MemoryJournal):
    """A log that survives; `crash` lets the program die before or after the next commit."""

    def __init__(self) -> None:
        super().__init__()
        self.crash: str | None = None

    def append(
        self, drafts: Sequence[EntryDraft], at: datetime, *args: Any, **named: Any
    ) -> tuple[EntryRecord, ...]:
        crash, self.crash = self.crash, None
        if crash == "before":
            raise CrashError
        records = super().append(drafts, at, *args, **named)
        if crash == "after":
            raise CrashError
        return records

    def tallied(self, answer: str, day: date, hours: range = WHOLE_DAY) -> int:
        self._check(self.unreadable)
        return super().tallied(answer, day, hours)


class SteppingClock:
    """Time that goes on with every step of the simulation, and jumps where somebody sets it.

    Implements the desk's `Clock`. off: by how much it was set since anybody looked after it.
    """

    def __init__(self) -> None:
        self.at = MORNING
        self.steps = 0
        self.off = timedelta()
        self._passed = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self._passed

    def go_on(self, seconds: float) -> datetime:
        """Some time passes."""
        self.at += timedelta(seconds=seconds)
        self._passed += seconds
        return self.at

    def step(self, by: timedelta) -> None:
        """Somebody sets the clock."""
        self.at += by
        self.off += by
        self.steps += 1
