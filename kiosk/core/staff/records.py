"""A member of staff as JSON: what a sealed row holds."""

from __future__ import annotations

import json
from datetime import datetime

from kiosk.core.guests.records import RecordError
from kiosk.core.staff.pin import read_hash
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role


def member_to_json(member: Member) -> bytes:
    """Every field of a member, in UTF-8."""
    fields = {
        "id": member.id,
        "name": member.name,
        "role": member.role.value,
        "authorised_at": member.authorised_at.isoformat(),
        "authorised_by": member.authorised_by,
        "pin": member.pin.text() if member.pin else None,
        "withdrawn_at": member.withdrawn_at.isoformat() if member.withdrawn_at else None,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def member_from_json(data: bytes) -> Member:
    """The member of `member_to_json`. Raises RecordError."""
    try:
        fields = json.loads(data)
        withdrawn = fields["withdrawn_at"]
        return Member(
            id=fields["id"],
            name=fields["name"],
            role=Role(fields["role"]),
            authorised_at=datetime.fromisoformat(fields["authorised_at"]),
            authorised_by=fields["authorised_by"],
            pin=read_hash(fields["pin"]) if fields["pin"] else None,
            withdrawn_at=datetime.fromisoformat(withdrawn) if withdrawn else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RecordError(
            "a member of staff was stored by another version of the program"
        ) from None
