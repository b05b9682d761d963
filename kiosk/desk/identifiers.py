"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> str:
    """A new UUID of the time `at` (RFC 9562 section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=value))
