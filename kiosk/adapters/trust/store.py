"""Writes trust lists and floors into the state folder, whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, read_file, write_whole
from kiosk.core.trust import floors as form
from kiosk.core.trust.floors import Floors, FloorsError
from kiosk.core.trust.formats import TrustSourceError, own
from kiosk.core.trust.trustlist import TrustList

FLOORS = "floors.json"
MAX_FLOORS = 4 * 1024 * 1024  # bytes; each list and each revoked kid is a line


def write_trust(trust: TrustList, path: Path) -> None:
    """Write `trust` in the program's own form. Raises OSError; then the old file is there still."""
    write_whole(path, own.dump(trust))


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
    write_whole(folder / FLOORS, form.dump(floors))


def remember(trust: TrustList, folder: Path, at: datetime) -> None:
    """Raise the floors of an installation to what it believes now. Raises as the others do."""
    known = read_floors(folder)
    raised = known.raised_by(trust, at)
    if raised != known:
        write_floors(raised, folder)
