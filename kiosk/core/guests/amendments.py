"""What was changed at a door, laid over the organiser's list: a new list keeps it.

Somebody was added (walk-in, late registration, substitute), or a guest of the list got another
badge, seat or answer. The list itself is the organiser's and stays as it came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.core.causes import Cause
from kiosk.core.guests.guest import Attendance, Guest, Selection


@dataclass(frozen=True)
class Change:
    """New values of a guest who is on the list already; None where the old one stays."""

    guest_id: str
    badge: bytes | None = None
    selection: Selection | None = None
    attendance: Attendance | None = None
    occasions: frozenset[str] | None = None

    def of(self, guest: Guest) -> Guest:
        """The guest with the new values."""
        return replace(
            guest,
            badge=guest.badge if self.badge is None else self.badge,
            selection=guest.selection if self.selection is None else self.selection,
            attendance=guest.attendance if self.attendance is None else self.attendance,
            occasions=guest.occasions if self.occasions is None else self.occasions,
        )


@dataclass(frozen=True)
class Amendment:
    """One change that staff made at a door, and when; `what` is a whole new guest or a change.

    id: UUIDv7, by which amendments of several desks are put in one order. at: aware. desk: the
    kiosk at which it was made. staff: the operator session.
    """

    id: str
    at: datetime
    desk: str
    staff: str
    cause: Cause
    what: Guest | Change

    @property
    def guest_id(self) -> str:
        """The pseudonym of the guest concerned."""
        return self.what.id if isinstance(self.what, Guest) else self.what.guest_id


@dataclass(frozen=True)
class Amended:
    """Guests as they are at the door. revoked: badges that an amendment put out of use."""

    guests: tuple[Guest, ...]
    revoked: frozenset[bytes]


def amended(guests: Iterable[Guest], amendments: Iterable[Amendment]) -> Amended:
    """The list with all amendments, in their order; a change of somebody unknown is passed over.

    A guest who was added at a door and is on the list by now is the list's.
    """
    people = {guest.id: guest for guest in guests}
    revoked: set[bytes] = set()
    for amendment in sorted(amendments, key=lambda a: a.id):
        before = people.get(amendment.guest_id)
        match amendment.what:
            case Guest() as added:
                people.setdefault(added.id, added)
            case Change() as change if before is not None:
                people[before.id] = change.of(before)
                if people[before.id].badge != before.badge:
                    revoked.add(before.badge)
            case _:
                pass
    in_use = {guest.badge for guest in people.values()}  # a badge may be given back
    return Amended(tuple(people.values()), frozenset(revoked - in_use))
