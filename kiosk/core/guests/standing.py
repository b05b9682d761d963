"""Where one guest stands today."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.guests.guest import Guest


@dataclass(frozen=True)
class Standing:
    """What the entry log says of a guest, for one local day.

    proved: a certificate was accepted. checked: at the self-scan screen. admitted: came in once
    at least.
    admitted_to: the occasion of the last entry. inside_at: the id of the door, while inside.
    occasion: of the last check or entry. checked_at, last_in: aware, of the last of each.
    entered: the occasions come in to. seats: those, and the ones checked for.
    """

    proved: bool = False
    checked: bool = False
    admitted: bool = False
    admitted_to: str = ""
    inside_at: str = ""
    occasion: str = ""
    checked_at: datetime | None = None
    last_in: datetime | None = None
    entered: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()

    @property
    def awaited(self) -> bool:
        """Whether the guest was checked for an occasion and has not come in for it yet."""
        return self.checked and self.occasion != self.admitted_to

    def inside(self, occasion: str) -> bool:
        """Whether the guest came in for `occasion` last, and has not left."""
        return bool(self.inside_at) and self.admitted_to == occasion


@dataclass(frozen=True, repr=False)
class SeatPassed:
    """A guest's seat was given to another one of the Partnership: to whom, and when (aware)."""

    to: Guest | None
    at: datetime
