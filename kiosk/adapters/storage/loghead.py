"""How far the log had come, beside the database: one that has gone back is noticed.

After a crash the newest entries may be in the write-ahead log alone. Where somebody deletes that,
or puts an older copy of the database in its place, what is left is sound, and shorter. The file is
written after each entry and never synced: after a power cut it may be behind, never ahead.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kiosk.adapters.storage.database import OpenDatabase

FILE_NAME = "log-head"


class LogHead(NamedTuple):
    """The number of the last entry in one epoch of this kiosk's log."""

    epoch: str
    seq: int


def keep_head(folder: Path, head: LogHead) -> None:
    """Remember it, over what was remembered before; where that fails, less is noticed later."""
    text = f"{head.epoch} {head.seq:012d}"
    line = f"{text} {zlib.crc32(text.encode()):08x}\n"
    with suppress(OSError):
        file = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)


def kept_head(folder: Path) -> LogHead | None:
    """What was remembered; None where nothing was, or it is not whole."""
    try:
        text, _, check = (folder / FILE_NAME).read_text("ascii").strip().rpartition(" ")
        epoch, _, seq = text.partition(" ")
        if zlib.crc32(text.encode()) != int(check, 16):
            return None
        return LogHead(epoch, int(seq))
    except (OSError, ValueError):
        return None


def missing_since(database: OpenDatabase, head: LogHead | None) -> int:
    """How many entries were recorded after the last one that is there. Raises sqlite3.Error.

    None where another epoch has begun since: what became of the one before was told then.
    """
    if head is None or head.epoch != database.meta("epoch"):
        return 0
    query = "SELECT max(seq) FROM entries WHERE kiosk = ? AND epoch = ?"
    there = database.connection.execute(query, (database.meta("kiosk"), head.epoch)).fetchone()
    return max(0, head.seq - (there[0] or 0))
