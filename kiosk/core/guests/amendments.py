"""What was changed at a door, laid over the organiser's list: a new list keeps it.

Somebody was added (walk-in, late registration, substitute), or a guest of the list got another
badge, seat or answer. The list itself is the organiser's and stays as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
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

    A guest who was added at a door and is on the list by now is the list's. What was taken back
    means nothing to a later list: neither the change nor what was before it.
    """
    people = {guest.id: guest for guest in guests}
    standing, revoked = _without_undone(sorted(amendments, key=lambda a: a.id))
    for amendment in standing:
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


def _without_undone(ordered: Iterable[Amendment]) -> tuple[list[Amendment], set[bytes]]:
    """What still counts, in its order, and the badges that were given and taken back."""
    standing: list[Amendment] = []
    badges: set[bytes] = set()
    for amendment in ordered:
        taken_back = _taken_back(amendment, standing)
        if taken_back is None:
            standing.append(amendment)
            continue
        standing.remove(taken_back)
        if isinstance(taken_back.what, Change) and taken_back.what.badge is not None:
            badges.add(taken_back.what.badge)
    return standing, badges


def _taken_back(undoing: Amendment, before: Sequence[Amendment]) -> Amendment | None:
    """The change of the same values of the same guest that was the desk's last."""
    if undoing.cause is not Cause.UNDONE:
        return None
    alike = (
        one
        for one in reversed(before)
        if (one.desk, one.guest_id) == (undoing.desk, undoing.guest_id)
        and _values(one.what) == _values(undoing.what)
    )
    return next(alike, None)


def _values(what: Guest | Change) -> set[str]:
    """Which values of a guest are set: of somebody new all, as no change does."""
    return {field.name for field in fields(what) if getattr(what, field.name) is not None}
