"""What happens in the demonstration, in the words that its runner understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.core.causes import Cause
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Shown
from kiosk.desk.ports import Authority
from kiosk.gui.desk_thread import DeskThread

NEXT_GUEST = timedelta(seconds=65)  # longer than any visit waits


@dataclass(frozen=True, repr=False)
class Hold:
    """Hold a code, or two at once, before the camera until the screen reacts."""

    text: str
    also: str | None = None


@dataclass(frozen=True, repr=False)
class HoldUnreadable:
    """Hold up a code that cannot be read, until the screen offers help."""

    text: str


@dataclass(frozen=True)
class Pause:
    """Hold up nothing and let time pass until the screen reacts."""

    time: timedelta


@dataclass(frozen=True)
class Press:
    """Press a key at the desk, by Qt's name for it."""

    key: str
    reacts: bool = False  # whether the screen answers it


@dataclass(frozen=True)
class ClockJumps:
    """The clock of the PC jumps by so much."""

    by: timedelta


@dataclass(frozen=True)
class DiskBreaks:
    """The database file of this kiosk disappears under it."""


@dataclass(frozen=True)
class TimeIs:
    """It is so late now."""

    at: datetime


@dataclass(frozen=True, repr=False)
class Ask:
    """Staff ask the desk for something that no screen shows; it must be done."""

    question: Callable[[DeskThread, datetime], None]


@dataclass(frozen=True)
class Override:
    """A supervisor lets in whom the card shows."""

    cause: Cause
    by: Authority


Unseen = ClockJumps | TimeIs | DiskBreaks | Ask  # no screen answers it
Act = Hold | HoldUnreadable | Pause | Press | Override | Unseen


@dataclass(frozen=True, repr=False)
class Step:
    """One guest at one station: what they do, and the answer that the table of answers wants.

    station: a name of the runner's stations. why: the organiser's view, for the table.
    gap: how long after the guest before.
    """

    who: str
    shows: str
    station: str
    acts: tuple[Act, ...]
    expected: Shown
    why: str
    reason: Reason | None = None
    gap: timedelta = NEXT_GUEST
