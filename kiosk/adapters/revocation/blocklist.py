"""The blocklist of a state folder: lines are added and made durable, and never taken away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, private_folder, read_file, sync_folder
from kiosk.core.revocation.blocklist import (
    EMPTY,
    FORMAT,
    MAX_BLOCKLIST,
    Blocklist,
    BlocklistFile,
    Entry,
    dump,
    load,
)
from kiosk.core.revocation.errors import RevocationError, faulty

FOLDER = "blocklist"  # of the state folder
FILE = "blocklist.txt"
_LOCK = ".lock"


def open_blocklist(state: Path) -> Blocklist:
    """What a state folder blocks. Raises RevocationError when a line of it is damaged."""
    return whole(state / FOLDER / FILE).blocklist


def whole(path: Path) -> BlocklistFile:
    """The blocklist in `path`, undamaged; empty where there is none. Raises RevocationError."""
    found = as_it_is(path)
    if found.faults:
        raise faulty(
            str(path),
            found.faults,
            "Restore it from another kiosk or a copy. Or move it aside, take over its sound lines "
            "(kiosk blocklist import MOVED --sound-lines), and block again what the others held.",
        )
    return found


def as_it_is(path: Path) -> BlocklistFile:
    """The blocklist in `path` with its faults. Raises RevocationError when it is none at all."""
    remedy = "Give a blocklist that this program wrote."
    try:
        found = load(read_file(path, MAX_BLOCKLIST))
    except FileNotFoundError:
        return BlocklistFile(EMPTY, (), 0, 0)
    except FileRefusedError as error:
        raise RevocationError(str(path), error.why, remedy) from None
    except OSError as error:
        raise RevocationError(str(path), f"cannot be read ({error.strerror})", remedy) from None
    if found is None:
        raise RevocationError(str(path), "not a blocklist", remedy)
    return found


def block(state: Path, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Block `entries` for good; those that were not blocked yet. They are durable on return.

    Raises RevocationError when the file is damaged, OSError when it cannot be written.
    """
    folder = state / FOLDER
    private_folder(folder)
    with _alone(folder):
        path = folder / FILE
        before = whole(path)
        new = before.blocklist.without(entries)
        if new:
            head = b"" if before.sound else FORMAT
            _append(path, before.sound, head + dump(new, after=before.last))
            sync_folder(folder)
    return new


def _append(path: Path, sound: int, lines: bytes) -> None:
    """Write `lines` behind the last whole line; a torn one was never acknowledged."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(sound)
        file.seek(sound)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time: a desk and a self-scan screen may open in the same moment."""
    with (folder / _LOCK).open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file lets go of the lock
