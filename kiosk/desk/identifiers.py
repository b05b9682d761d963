"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import secrets
from datetime import datetime

CHANCE = 74  # random bits


def uuid7(at: datetime, chance: int | None = None) -> str:
    """A UUID that sorts by time (RFC 9562 section 5.7); `chance`: 74 bits, random where None."""
    bits = secrets.randbits(CHANCE) if chance is None else chance
    digits = f"{int(at.timestamp() * 1000):012x}7{bits >> 62:03x}"
    rest = f"{0b10 << 62 | bits & (1 << 62) - 1:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:]}-{rest[:4]}-{rest[4:]}"
