"""What the signed claims of a health certificate come to, whichever way they were read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from kiosk.core.notes import Note


class HealthClaims(NamedTuple):
    """Who issued, when, until when, and the raw DCC map.

    group: v, t or r where the map is known to have the schema's own form, else None.
    """

    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime
    dcc: dict[Any, Any]
    notes: tuple[Note, ...] = ()
    group: str | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # nothing of the content
