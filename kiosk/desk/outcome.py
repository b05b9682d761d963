"""What became of something that staff asked for: done and on disk, or not, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.entry import EntryRecord
from kiosk.core.guests.guest import Guest
from kiosk.core.reasons import Reason


@dataclass(frozen=True, repr=False)
class Done:
    """It is on disk. records: what was recorded; of an undo, what was taken back.

    guests: whom it concerns, as they are now.
    """

    records: tuple[EntryRecord, ...] = ()
    guests: tuple[Guest, ...] = ()

    def __repr__(self) -> str:
        """Without the guests."""
        return f"Done({len(self.records)} records)"


@dataclass(frozen=True)
class NotDone:
    """Nothing was changed. guest: whom it failed for, where several were concerned."""

    reason: Reason
    guest: Guest | None = None


Outcome = Done | NotDone
