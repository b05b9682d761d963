"""The figures of one event, from the guest list and the logs of any number of desks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from kiosk.core.entry import EntryBasis
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event, Occasion
from kiosk.core.report.halfdays import HalfDay, Presence

ARRIVALS_EVERY = timedelta(minutes=15)  # the width of a bar of arrivals


@dataclass(frozen=True, repr=False)
class PersonRow:
    """One guest of the list, or of the log alone: then `guest` is None.

    expected: selected and invited in person. halves: one presence for each half-day of the
    report. first_in, last_out: aware, None where there was none.
    """

    guest_id: str
    guest: Guest | None
    expected: bool
    halves: tuple[Presence, ...]
    first_in: datetime | None
    last_out: datetime | None

    @property
    def came(self) -> bool:
        """Whether the guest came in at all."""
        return self.first_in is not None


@dataclass(frozen=True)
class Arrivals:
    """First entries to one occasion within a quarter of an hour that begins at `since`."""

    since: datetime
    count: int


@dataclass(frozen=True, repr=False)
class OccasionRow:
    """One occasion. came: how many different guests; missed: who was expected and did not come.

    most: guests inside at one time, counting everybody without a recorded exit until the end.
    """

    occasion: Occasion
    expected: int
    came: int
    most: int
    missed: tuple[Guest, ...]
    arrivals: tuple[Arrivals, ...]


class Seats(Enum):
    """How a Partnership's persons at one occasion stand to what the event asks."""

    RIGHT = "right"
    MISSING = "missing"  # fewer than must take part
    TOO_MANY = "too many"


@dataclass(frozen=True)
class PartnershipRow:
    """A Partnership at one occasion: persons invited, persons who came, and what that means."""

    partnership: str
    occasion: str
    invited: int
    came: int
    seats: Seats


@dataclass(frozen=True)
class DoorFigures:
    """How entries came about: counts over everything, by what they rest on and by what was done.

    refused, desk: counts by local day and hour, of answers that name nobody.
    """

    by_basis: Mapping[EntryBasis, int]
    overrides: int
    sent_away: int
    refused: Mapping[tuple[date, int], int]
    desk: Mapping[tuple[date, int], int]


@dataclass(frozen=True, repr=False)
class Report:
    """Everything that a report tells; how it looks is said elsewhere."""

    event: Event
    halves: tuple[HalfDay, ...]
    persons: tuple[PersonRow, ...]
    occasions: tuple[OccasionRow, ...]
    partnerships: tuple[PartnershipRow, ...]
    doors: DoorFigures
