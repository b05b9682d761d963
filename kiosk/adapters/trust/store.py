"""Writes trust lists and floors into the state folder, whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, read_file
from kiosk.core.trust import floors as form
from kiosk.core.trust.floors import Floors, FloorsError
from kiosk.core.trust.formats import TrustSourceError, own
from kiosk.core.trust.trustlist import TrustList

FLOORS = "floors.json"
MAX_FLOORS = 4 * 1024 * 1024  # bytes; each list and each revoked kid is a line


def write_trust(trust: TrustList, path: Path) -> None:
    """Write `trust` in the program's own form. Raises OSError; then the old file is there still."""
    replace_file(path, own.dump(trust))


def read_floors(folder: Path) -> Floors:
    """The floors of an installation; none where nothing was imported yet.

    Raises TrustSourceError when the file is damaged, for then nobody knows what may be believed;
    OSError.
    """
    try:
        return form.load(read_file(folder / FLOORS, MAX_FLOORS))
    except FileNotFoundError:
        return Floors()
    except (FileRefusedError, FloorsError):
        raise TrustSourceError(
            str(folder / FLOORS),
            "the record of the newest lists is damaged",
            "Import the newest lists again with --force, which writes it anew.",
        ) from None


def write_floors(floors: Floors, folder: Path) -> None:
    """Keep `floors`. Raises OSError; then the old ones are there still."""
    replace_file(folder / FLOORS, form.dump(floors))


def remember(trust: TrustList, folder: Path, at: datetime) -> None:
    """Raise the floors of an installation to what it believes now. Raises as the others do."""
    known = read_floors(folder)
    raised = known.raised_by(trust, at)
    if raised != known:
        write_floors(raised, folder)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that after a power cut there is the old or the new content.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name last; Windows keeps names by itself and opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
