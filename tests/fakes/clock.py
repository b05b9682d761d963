"""A clock that stands where it is set."""

from __future__ import annotations

from datetime import datetime, timedelta


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
