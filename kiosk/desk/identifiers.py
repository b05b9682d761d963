"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

CHANCE = 74  # random bits
_COUNTER = 16  # bits of a hybrid clock's counter


def uuid7(at: datetime, chance: int | None = None) -> str:
    """A UUID that sorts by time (RFC 9562 section 5.7); `chance`: 74 bits, random where None."""
    bits = secrets.randbits(CHANCE) if chance is None else chance
    digits = f"{int(at.timestamp() * 1000):012x}7{bits >> 62:03x}"
    rest = f"{0b10 << 62 | bits & (1 << 62) - 1:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:]}-{rest[:4]}-{rest[4:]}"


def uuid7_of(hlc: int) -> str:
    """A UUID that sorts as a hybrid clock does: 48 bits of milliseconds, 16 of a counter."""
    milliseconds, counter = divmod(hlc, 1 << _COUNTER)
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds, microseconds=500)
    return uuid7(at, counter << CHANCE - _COUNTER | secrets.randbits(CHANCE - _COUNTER))
