"""What of that which the camera sees concerns the door: steady codes, hints, and what stays unread.

Each frame is one opinion: noise is read as a code now and then, a code is lost for some frames.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.desk.codes import CodeKind, kind_of
from kiosk.desk.ports import Hint, Sighting
from kiosk.desk.visit import HeldUp

STEADY_AFTER = timedelta(seconds=1)  # that a foreign code is held up, then it is meant
GAP = timedelta(seconds=1)  # without anything there, for which the same attempt goes on
ABSENT = timedelta(seconds=0.5)  # without anything there, after which what comes is new
HINT_AFTER = timedelta(seconds=1.5)  # of an attempt: most codes are read before
HINT_FOR = timedelta(seconds=1)  # at least, that nobody has to read what flickers
UNREAD_AFTER = timedelta(seconds=8)  # then the desk is offered


def has_guests_code(sighting: Sighting) -> bool:
    """Whether one of the codes is for a door, and so somebody's who is being served."""
    return any(kind_of(code.text) is not CodeKind.FOREIGN for code in sighting.codes)


class Steadiness:
    """Keeps codes that nobody made for a door away from it, until they are held up steadily.

    An engine reads a code in mere noise now and then, and a poster's code flashes by: neither may
    change anything. But who holds up a code of another kind waits for an answer. Salted digests
    are remembered, never a text. `known` tells of codes of the door's own that are no guest's.
    """

    def __init__(self, known: Callable[[str], bool] = lambda _: False) -> None:
        self._known = known
        self._salt = secrets.token_bytes(16)
        self._seen: dict[bytes, tuple[datetime, datetime]] = {}  # the first time, and the last

    def passed(self, sighting: Sighting, at: datetime) -> Sighting:
        """The sighting without the foreign codes that have not been there for a second yet."""
        # A clock that was set back must not make an old sighting last.
        recent = {key: seen for key, seen in self._seen.items() if abs(at - seen[1]) <= GAP}
        self._seen = recent
        codes = tuple(code for code in sighting.codes if self._counts(code.text, at))
        unread = sighting.something_there or (bool(sighting.codes) and not codes)
        return replace(sighting, codes=codes, something_there=unread)

    def _counts(self, text: str, at: datetime) -> bool:
        if kind_of(text) is not CodeKind.FOREIGN or self._known(text):
            return True
        key = hashlib.blake2b(text.encode("utf-8", "replace"), key=self._salt).digest()
        first, _ = self._seen.get(key, (at, at))
        self._seen[key] = first, at
        return at - first >= STEADY_AFTER


class ReadingWatch:
    """Watches for what does not get read: a hint first, then, once, that it lasts too long.

    An attempt begins with something that was not there before: a poster behind the guests is
    always there, and nobody is holding it up. A code that is read ends it. While codes are only
    held up still, as a badge on its lanyard is, what is not read beside them is an attempt too; it
    may have come together with the first of them, beside which nothing was looked for.
    """

    def __init__(self) -> None:
        self.hint: Hint | None = None  # what to tell whoever holds the code up
        self._hint_seen: datetime | None = None  # when a frame last asked for it
        self._empty_since: datetime | None = None
        self._last_there: datetime | None = None
        self._since: datetime | None = None
        self._held_up = HeldUp()
        self._codes_at: datetime | None = None  # when a frame last had a code
        self._came_along = False  # whether something may have come together with that code

    def observe(self, sighting: Sighting, at: datetime) -> bool:
        """Take in a sighting; True when something has been there unread for 8 seconds."""
        if self._has_news(sighting, at):
            came_along = self._is_coming(at) and self._are_codes_gone(at)
            self._end()
            self._came_along, self._codes_at = came_along, at
            return False
        if sighting.codes:
            self._codes_at = at
        if sighting.something_there:
            self._something(at, beside=bool(sighting.codes))
        else:
            self._nothing(at)
        if self._since is None or at - self._since < UNREAD_AFTER:
            self._advise(sighting.hint, at)
            return False
        self._end()
        return True

    def _has_news(self, sighting: Sighting, at: datetime) -> bool:
        """Whether a code was read that was not there a moment ago."""
        held_up = [self._held_up.still(code.text, at) for code in sighting.codes]
        return not all(held_up)

    def _is_coming(self, at: datetime) -> bool:
        """Whether what is there now, if anything, was not there before."""
        return self._since is not None or self._was_empty(at)

    def _was_empty(self, at: datetime) -> bool:
        return self._empty_since is not None and at - self._empty_since >= ABSENT

    def _are_codes_gone(self, at: datetime) -> bool:
        return self._codes_at is None or at - self._codes_at > GAP

    def _end(self) -> None:
        """Read, or told: what stays there is no new attempt."""
        self._since = self._empty_since = self.hint = None
        self._came_along = False

    def _something(self, at: datetime, *, beside: bool) -> None:
        if self._since is None or self._gone(at):
            new = self._was_empty(at) or (beside and self._came_along)
            self._since = at if new else None
        self._came_along &= not beside
        self._empty_since, self._last_there = None, at

    def _nothing(self, at: datetime) -> None:
        self._empty_since = self._empty_since or at
        if self._gone(at):
            self._since = None

    def _gone(self, at: datetime) -> bool:
        return self._last_there is None or at - self._last_there > GAP

    def _advise(self, hint: Hint | None, at: datetime) -> None:
        if self._since is None:
            self.hint = None
            return
        if at - self._since < HINT_AFTER:
            return
        if hint is self.hint or self._hint_seen is None or at - self._hint_seen >= HINT_FOR:
            self.hint, self._hint_seen = hint, at if hint else None
