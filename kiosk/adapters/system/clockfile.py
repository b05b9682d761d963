"""What is known of the clock, in a file of the state folder that all screens of a kiosk share."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.adapters.files import FileRefusedError, read_file, write_whole
from kiosk.desk.clockguard import Kept

FILE = "clock.json"
FORMAT = "kiosk-clock-1"
MAX_FILE = 4096  # bytes


class ClockFile:
    """Implements the desk's `ClockMemory`.

    A damaged file is as none: the lists that are installed prove their times anew, and a supervisor
    who confirmed the time has to do so again.
    """

    def __init__(self, state: Path) -> None:
        self.path = state / FILE

    def read(self) -> Kept:
        """What was kept; nothing where it is not there or damaged."""
        with suppress(OSError, FileRefusedError, ValueError, TypeError, KeyError, AttributeError):
            return _kept(json.loads(read_file(self.path, MAX_FILE)))
        return Kept()

    def keep(self, kept: Kept) -> None:
        """Keep it, whole or not at all. Raises OSError."""
        document = {
            "format": FORMAT,
            "floor": _text(kept.floor),
            "boot": kept.boot,
            "zero": _text(kept.zero),
            "confirmed_by": kept.confirmed_by,
            "noted": kept.noted,
        }
        write_whole(self.path, (json.dumps(document, indent=1) + "\n").encode())


class ClockLook(ClockFile):
    """The same for who only looks: nothing is written."""

    def keep(self, kept: Kept) -> None:
        """Leave the file as it is."""


def _kept(document: Any) -> Kept:
    if document["format"] != FORMAT:
        raise ValueError
    boot, by, noted = (document[name] for name in ("boot", "confirmed_by", "noted"))
    if not (isinstance(boot, str) and isinstance(by, str) and isinstance(noted, bool)):
        raise TypeError
    return Kept(_time(document["floor"]), boot, _time(document["zero"]), by, noted)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    """Aware; a time without a zone was not written by this program."""
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)
