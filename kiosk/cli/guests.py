"""`kiosk guests`: the guest list of this kiosk."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from kiosk.cli.common import (
    MAX_GUESTS,
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_event_file,
    read_named,
    show,
    state_folder,
)

_EPILOG = """\
columns (French or English headings, any order): Name, or Family name and Given name;
Organisation; Partnership or Category; Occasions; Attendance (in person, remote);
Status (selected, waiting, declined); Language; Badge (leave it empty at first)."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("guests", help="import, search the guest list")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    importing = actions.add_parser(
        "import",
        help="replace the guest list by a CSV file",
        description="Checks every row; with a fault, all faults are named and nothing changes. "
        "Guests who were there keep their badges.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--event", type=Path, required=True, metavar="FILE")
    add_state(importing)
    importing.set_defaults(func=run_import)
    searching = actions.add_parser("search", help="find guests by name or organisation")
    searching.add_argument("words", nargs="+", metavar="WORD")
    add_state(searching)
    searching.set_defaults(func=run_search)


def run_import(options: argparse.Namespace) -> int:
    """Replace the list in one transaction."""
    from kiosk.adapters.storage.database import DatabaseError, open_database
    from kiosk.adapters.storage.guests import known_guests, read_guests, replace_guests
    from kiosk.core.guests.badge import ID_LENGTH
    from kiosk.core.guests.guestcsv import GuestCsvError, decode_csv, read_guest_csv

    try:
        event = load_event_file(options.event)
        text = decode_csv(read_named(options.file, MAX_GUESTS, "Give the path of a CSV file."))
        occasions = [occasion.id for occasion in event.occasions]
        with open_database(state_folder(options)) as database:
            before, ever = read_guests(database), known_guests(database)
            guests = read_guest_csv(
                text, occasions, event.categories, ever, lambda: secrets.token_bytes(ID_LENGTH)
            )
            version = replace_guests(database, guests)
    except GuestCsvError as error:
        return fail("\n".join([str(error), *(f"  {fault}" for fault in error.faults)]))
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    known = sum(1 for guest in guests if ever.by_id(guest.id))
    gone = {guest.id for guest in before} - {guest.id for guest in guests}
    print(
        f"{counted(len(guests), 'guest')}: {len(guests) - known} new, {known} known, "
        f"{len(gone)} gone (list version {version})"
    )
    return 0


def run_search(options: argparse.Namespace) -> int:
    """Print the guests that have all words in name or organisation."""
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests

    try:
        with read_database(state_folder(options)) as database:
            guests = read_guests(database)
    except DatabaseError as error:
        return fail(str(error))
    found = guests.search(" ".join(options.words))
    for guest in found:
        group = guest.partnership or guest.category
        standing = f"{guest.attendance}, {guest.selection}"
        show([f"{guest.name} | {guest.organisation} | {group} | {standing}"])
    return 0 if found else 1
