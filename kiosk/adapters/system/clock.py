"""The clock of this PC. No other module asks for the time."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """Implements the desk's `Clock`."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place

    def monotonic(self) -> float:
        """Seconds since the system started, or another zero that does not step."""
        return time.monotonic()


def boot_id() -> str:
    """An id of this run of the operating system; of this process where the system has none."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return secrets.token_hex(16)
