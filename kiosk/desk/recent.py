"""The last answers of one screen: short names, in memory alone."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime

from kiosk.core.guests.guest import Guest
from kiosk.desk.admission import Admission, Answered, Shown

RECENT_ANSWERS = 8


class Recent:
    """Keeps the last answers, newest first."""

    def __init__(self) -> None:
        self._lines: deque[Answered] = deque(maxlen=RECENT_ANSWERS)

    @property
    def lines(self) -> tuple[Answered, ...]:
        """Newest first."""
        return tuple(self._lines)

    def forget(self) -> None:
        """Keep none any longer."""
        self._lines.clear()

    def answered(self, admission: Admission) -> None:
        """A guest was answered."""
        self._add(admission.guest, Answered(admission.at, admission.shown, ""))

    def left(self, guest: Guest | None, at: datetime) -> None:
        """A guest left."""
        self._add(guest, Answered(at, Shown.ADMIT, "", left=True))

    def undone(self, guest: Guest | None, at: datetime) -> None:
        """What was recorded last was taken back."""
        self._add(guest, Answered(at, Shown.ADMIT, "", undone=True))

    def _add(self, guest: Guest | None, line: Answered) -> None:
        known = guest.id if guest else ""
        self._lines.appendleft(replace(line, name=_short_name(guest), guest=known))


def _short_name(guest: Guest | None) -> str:
    """First name and initial, for a list that others may see; empty for nobody."""
    return f"{guest.given} {guest.family[:1]}.".strip() if guest else ""
