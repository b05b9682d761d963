"""Guests and what was changed of them at a door, as JSON: what a sealed row holds."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, assert_never

from kiosk.core.causes import Cause
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Attendance, Guest, Selection


class RecordError(Exception):
    """A record that this version of the program did not write; it quotes nothing."""


def guest_to_json(guest: Guest) -> bytes:
    """Every field of a guest, in UTF-8."""
    return _json(_of_guest(guest))


def guest_from_json(data: bytes) -> Guest:
    """The guest of `guest_to_json`. Raises RecordError."""
    try:
        return _guest(json.loads(data))
    except (KeyError, TypeError, ValueError):
        raise RecordError("a guest was stored by another version of the program") from None


def amendment_to_json(amendment: Amendment) -> bytes:
    """Every field of an amendment, in UTF-8; `guest` or `change` holds what it is about."""
    match amendment.what:
        case Guest() as guest:
            what = {"guest": _of_guest(guest)}
        case Change() as change:
            what = {"change": _of_change(change)}
        case _ as never:
            assert_never(never)
    return _json(
        {
            "id": amendment.id,
            "at": amendment.at.isoformat(),
            "desk": amendment.desk,
            "staff": amendment.staff,
            "cause": amendment.cause.value,
            **what,
        }
    )


def amendment_from_json(data: bytes) -> Amendment:
    """The amendment of `amendment_to_json`. Raises RecordError."""
    try:
        fields = json.loads(data)
        return Amendment(
            id=fields["id"],
            at=datetime.fromisoformat(fields["at"]),
            desk=fields["desk"],
            staff=fields["staff"],
            cause=Cause(fields["cause"]),
            what=_guest(fields["guest"]) if "guest" in fields else _change(fields["change"]),
        )
    except (KeyError, TypeError, ValueError):
        raise RecordError("a change was stored by another version of the program") from None


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _of_guest(guest: Guest) -> dict[str, Any]:
    registered = guest.registered_on
    return {
        "id": guest.id,
        "badge": guest.badge.hex(),
        "family": guest.family,
        "given": guest.given,
        "organisation": guest.organisation,
        "partnership": guest.partnership,
        "category": guest.category,
        "occasions": sorted(guest.occasions),
        "attendance": guest.attendance.value,
        "selection": guest.selection.value,
        "language": guest.language,
        "registered_on": registered.isoformat() if registered else None,
        "birth_year": guest.birth_year,
    }


def _guest(fields: dict[str, Any]) -> Guest:
    registered = fields["registered_on"]
    values = fields | {
        "badge": bytes.fromhex(fields["badge"]),
        "occasions": frozenset(fields["occasions"]),
        "attendance": Attendance(fields["attendance"]),
        "selection": Selection(fields["selection"]),
        "registered_on": date.fromisoformat(registered) if registered else None,
    }
    return Guest(**values)


def _of_change(change: Change) -> dict[str, Any]:
    """Only what it changes."""
    fields: dict[str, Any] = {"guest_id": change.guest_id}
    if change.badge is not None:
        fields["badge"] = change.badge.hex()
    if change.selection is not None:
        fields["selection"] = change.selection.value
    if change.attendance is not None:
        fields["attendance"] = change.attendance.value
    if change.occasions is not None:
        fields["occasions"] = sorted(change.occasions)
    return fields


def _change(fields: dict[str, Any]) -> Change:
    values = dict(fields)
    if "badge" in values:
        values["badge"] = bytes.fromhex(values["badge"])
    if "selection" in values:
        values["selection"] = Selection(values["selection"])
    if "attendance" in values:
        values["attendance"] = Attendance(values["attendance"])
    if "occasions" in values:
        values["occasions"] = frozenset(values["occasions"])
    return Change(**values)
