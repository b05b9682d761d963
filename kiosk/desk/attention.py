"""Notices a code that is held up and does not get read, so that nobody waits in vain."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.desk.ports import Sighting

UNREAD_AFTER = timedelta(seconds=8)  # mission.md: then the desk is offered
GAP = timedelta(seconds=1)  # without anything there, for which the same attempt goes on


class ReadingWatch:
    """Watches sightings; tells once per attempt that it has lasted too long.

    An attempt begins with something that was not there before: a poster behind the guests is
    always there, and nobody is holding it up.
    """

    def __init__(self) -> None:
        self._last_empty: datetime | None = None
        self._last_there: datetime | None = None
        self._since: datetime | None = None

    def observe(self, sighting: Sighting, at: datetime) -> bool:
        """Take in a sighting; True when something has been there unread for 8 seconds."""
        if sighting.codes:
            self._since = self._last_empty = None
            return False
        if not sighting.something_there:
            self._last_empty = at
            return False
        self._something(at)
        if self._since is None or at - self._since < UNREAD_AFTER:
            return False
        self._since = self._last_empty = None
        return True

    def _something(self, at: datetime) -> None:
        interrupted = self._last_there is None or at - self._last_there > GAP
        if interrupted or self._since is None:
            appeared = self._last_empty is not None
            self._since = at if appeared else None
        self._last_there = at
