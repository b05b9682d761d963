"""The demonstration's clock: set to the event's own date, and moved on as the scenario says."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta


class ScenarioClock:
    """Implements the desk's `Clock`. Runs at `speed` times real time; any thread may ask."""

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._base, self._since, self._speed = start, time.monotonic(), 1.0

    def now(self) -> datetime:
        """The scenario's time now, aware."""
        with self._lock:
            return self._now()

    def monotonic(self) -> float:
        """Real seconds that never step."""
        return time.monotonic()

    def set(self, at: datetime) -> None:
        """It is `at` now."""
        with self._lock:
            self._base, self._since = at, time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Let `by` pass at once."""
        self.set(self.now() + by)

    def run_at(self, speed: float) -> None:
        """Let time pass `speed` times as fast from now on."""
        with self._lock:
            self._base, self._since, self._speed = self._now(), time.monotonic(), speed

    def _now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self._speed)
