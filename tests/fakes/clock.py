"""A clock that stands where it is set."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.desk.clockguard import Kept


class SetClock:
    """Implements the desk's `Clock`; time passes only when told."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def set(self, now: datetime) -> None:
        """Somebody sets the clock: the time steps, the monotonic one does not."""
        self._now = now

    def go(self, by: timedelta) -> None:
        """Time passes."""
        self._now += by
        self._monotonic += by.total_seconds()

    def sleep(self, by: timedelta) -> None:
        """The machine sleeps on a system whose monotonic clock sleeps with it."""
        self._now += by

    def reboot(self, after: timedelta, shows: datetime | None = None) -> None:
        """The machine is off for a while; `shows` is what its clock says then, if it is dead."""
        self._now = shows or self._now + after
        self._monotonic = 20.0


class Memory:
    """Implements the desk's `ClockMemory` for as long as a test lasts."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.kept = kept or Kept()
        self.writes = 0
        self.full = False

    def read(self) -> Kept:
        return self.kept

    def keep(self, kept: Kept) -> None:
        if self.full:
            raise OSError("no space left")
        self.kept = kept
        self.writes += 1
