"""`kiosk guests`: the guest list of this kiosk."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_event_file,
    show,
    state_folder,
)
from kiosk.cli.guest_lists import (
    add_list_options,
    changes,
    read_guest_list,
    sums,
    tell_faults,
)
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from kiosk.core.guests.changes import ListChange
    from kiosk.core.guests.lists.table import GuestListError

_EPILOG = """\
columns (French or English headings, any order, below titles): Name, or Family name and
Given name; Organisation; Partnership or Category; Occasions, or a column of yes or x for
each; Attendance (in person, remote); Status (selected, waiting, declined); Registered on;
Language; Year of birth; Badge id (of an export; leave it empty at first).
What each column was taken for is printed; --map tells it otherwise."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("guests", help="import, preview, search the guest list")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    importing = _list_action(actions, "import", "replace the guest list by an XLSX or CSV file")
    importing.add_argument("--yes", action="store_true", help="do not ask when many are gone")
    importing.add_argument("--dry-run", action="store_true", help="the same as preview")
    importing.set_defaults(func=run_import)
    preview = _list_action(actions, "preview", "say what importing a list would change")
    preview.set_defaults(func=run_import, dry_run=True, yes=False)
    searching = actions.add_parser("search", help="find guests by name or organisation")
    searching.add_argument("words", nargs="+", metavar="WORD")
    add_state(searching)
    searching.set_defaults(func=run_search)


def _list_action(
    actions: Subparsers[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(
        name,
        help=what,
        description="Checks every row; with a fault, all faults are named and nothing changes. "
        "Guests who were there keep their badges, and what was changed at the door stays. "
        "Exit status: 0, 2 with faults, 1 when you answered no.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_list_options(action)
    add_state(action)
    return action


def run_import(options: argparse.Namespace) -> int:
    """Tell what a list changes; unless it is a dry run, replace the list in one transaction."""
    from kiosk.adapters.storage.database import DatabaseError, open_database
    from kiosk.adapters.storage.guests import known_guests, read_guests, replace_guests
    from kiosk.core.guests.changes import compare_lists
    from kiosk.core.guests.lists.table import GuestListError

    try:
        event = load_event_file(options.event)
        state = state_folder(options)
        sealer = guest_sealer(state, make=not options.dry_run)
        with open_database(state, sealer) as database:
            before = read_guests(database)
            found = read_guest_list(options, event, known_guests(database))
            change = compare_lists(before, found.guests)
            show(changes(change, found, options.all))
            if options.dry_run:
                show([f"{sums(change)} (nothing was changed)"])
                return 0
            if not (options.yes or _agreed(change)):
                return 1
            version = replace_guests(database, found.guests)
    except GuestListError as error:
        return _faults(error, options)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    show([f"{sums(change)} (list version {version})"])
    return 0


def _faults(error: GuestListError, options: argparse.Namespace) -> int:
    try:
        return tell_faults(error, options.faults)
    except CommandError as trouble:
        return fail(str(trouble))


def _agreed(change: ListChange) -> bool:
    """Whether to go on though many guests would be gone; asked on a terminal alone."""
    if not change.many_gone or sys.stdin is None or not sys.stdin.isatty():
        return True
    print(f"{counted(len(change.gone), 'guest')} would be gone. Go on? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "o", "oui"}


def run_search(options: argparse.Namespace) -> int:
    """Print the guests that have all words in name or organisation."""
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests

    try:
        state = state_folder(options)
        with read_database(state, guest_sealer(state)) as database:
            guests = read_guests(database)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    found = guests.search(" ".join(options.words))
    for guest in found:
        group = guest.partnership or guest.category
        standing = f"{guest.attendance}, {guest.selection}"
        show([f"{guest.name} | {guest.organisation} | {group} | {standing}"])
    return 0 if found else 1
