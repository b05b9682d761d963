"""`kiosk badges`: a QR code for each guest, and the key that signs them."""

from __future__ import annotations

import argparse
import re
import unicodedata
from pathlib import Path

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    fail,
    load_event_file,
    state_folder,
)
from kiosk.cli.unlocking import guest_sealer

_MODULE = 8  # pixels; a badge of 45 modules with its quiet zone comes to 360


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "badges",
        help="write the badge code of each guest as a picture",
        description="Writes a PNG for each guest who may come in person. The first time it also "
        "makes the key that signs badges; keep keys/badge-key.pem of the state folder secret, "
        "and copy only keys/badge-key.pub.pem to the kiosks.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pictures go")
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Write the badges."""
    import segno

    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests
    from kiosk.adapters.system.keys import KeyFileError, badge_signing_key
    from kiosk.core.guests.badge import make_badge
    from kiosk.core.guests.guest import Attendance

    try:
        event = load_event_file(options.event)
        state = state_folder(options)
        with read_database(state, guest_sealer(state)) as database:
            guests = read_guests(database)
        key = badge_signing_key(state)
        options.folder.mkdir(parents=True, exist_ok=True)
        coming = [guest for guest in guests if guest.attendance is Attendance.IN_PERSON]
        for guest in coming:
            code = segno.make(make_badge(guest.badge, event.id, key), error="m", micro=False)
            name = f"{_slug(guest.family)}-{_slug(guest.given)}-{guest.badge.hex()}.png"
            code.save(str(options.folder / name), scale=_MODULE)
    except (CommandError, DatabaseError, KeyFileError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{options.folder}: {error.strerror}. Choose a folder you may write to.")
    if not coming:
        return fail("There is no guest yet. First: kiosk guests import FILE.csv --event FILE")
    print(f"{len(coming)} badges in {options.folder}")
    return 0


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "guest"
