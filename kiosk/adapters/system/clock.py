"""The clock of this PC. No other module asks for the time."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Linux has a clock of its own that counts sleep; on macOS the plain one does (clock_gettime(3)).
_RUNNING: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class SystemClock:
    """Implements the desk's `Clock`."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place

    def monotonic(self) -> float:
        """Seconds since the system started, the time it slept included; nobody can set it.

        Python's own monotonic clock stands still while Linux and macOS sleep, and a lid that was
        shut for a night would look like a clock that was set.
        """
        if _RUNNING is None:
            return time.monotonic()  # Windows, where it goes on
        return time.clock_gettime(_RUNNING)


def boot_id() -> str:
    """An id of this run of the operating system; of this process where the system has none."""
    return lasting_boot_id() or secrets.token_hex(16)


def lasting_boot_id() -> str:
    """An id of this run of the operating system that every program finds; empty where it has none.

    Linux alone tells one.
    """
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
