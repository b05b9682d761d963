"""Notices a code that is held up and does not get read, so that nobody waits in vain."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.desk.ports import Sighting

UNREAD_AFTER = timedelta(seconds=8)  # mission.md: then the desk is offered
GAP = timedelta(seconds=1)  # without anything there, for which the same attempt goes on


class ReadingWatch:
    """Watches sightings; tells once per attempt that it has lasted too long."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._last: datetime | None = None
        self._told = False

    def observe(self, sighting: Sighting, at: datetime) -> bool:
        """Take in a sighting; True when something has been there unread for 8 seconds."""
        if sighting.codes:
            self._since = None
            return False
        if sighting.something_there:
            return self._something(at)
        if self._last is None or at - self._last > GAP:
            self._since = None
        return False

    def _something(self, at: datetime) -> bool:
        if self._since is None or self._last is None or at - self._last > GAP:
            self._since, self._told = at, False
        self._last = at
        if self._told or at - self._since < UNREAD_AFTER:
            return False
        self._told = True
        return True
