"""The coded causes of what staff, or the kiosk itself, do beside admitting guests."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why staff, or the kiosk itself, recorded something; nothing about health (P5)."""

    NONE = ""
    # of an override
    KNOWN_GUEST = "known to the organiser"
    LIST_ERROR = "error in the list"
    EXTRA_SEAT = "seat granted"
    MACHINE_TROUBLE = "kiosk trouble"
    # of a refusal by staff
    BADGE_NOT_VALID = "badge not valid"
    NOT_INVITED = "not invited"
    NO_SEAT = "no seat"
    NAMES_DIFFER = "names differ"
    IN_ALREADY = "in already"
    # of a change to the guest list
    LATE_REGISTRATION = "late registration"
    SUBSTITUTION = "substitution"
    WALK_IN = "walk-in"
    BADGE_REPLACED = "badge replaced"
    BADGE_HANDED_OUT = "badge of the reserve"
    # of a note
    UNDONE = "undone"  # the record that `refers` names does not count
    OPENED = "opened"  # the door, by the session in `staff`
    CLOSED = "closed"
    CLOCK_STEPPED = "clock stepped"
    CLOCK_CONFIRMED = "clock confirmed"
    LOG_RECOVERED = "log recovered"


OVERRIDES = frozenset(
    {Cause.KNOWN_GUEST, Cause.LIST_ERROR, Cause.EXTRA_SEAT, Cause.MACHINE_TROUBLE}
)
REGISTRATIONS = frozenset({Cause.LATE_REGISTRATION, Cause.WALK_IN})
OTHER_BADGES = frozenset({Cause.BADGE_REPLACED, Cause.BADGE_HANDED_OUT})
