"""`kiosk guests`: the guest list of this kiosk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
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
    Stored,
    add_list_options,
    change_of,
    changes,
    read_guest_list,
    stored_guests,
    sums,
    tell_faults,
    written,
)
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from kiosk.core.guests.changes import ListChange
    from kiosk.core.guests.lists.reading import ReadList
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
    preview.set_defaults(func=run_preview)
    undo = actions.add_parser(
        "undo", help="take the last import back; twice, and it is there again"
    )
    undo.add_argument("--yes", action="store_true", help="do not ask when many are gone")
    undo.add_argument("--dry-run", action="store_true", help="only say what it would change")
    undo.add_argument("--all", action="store_true", help="name everybody who is new or gone")
    add_state(undo)
    undo.set_defaults(func=run_undo)
    searching = actions.add_parser("search", help="find guests by name or organisation")
    searching.add_argument("words", nargs="+", metavar="WORD")
    add_state(searching)
    searching.set_defaults(func=run_search)
    exporting = actions.add_parser(
        "export",
        help="write the guest list to a file that can be edited and imported again",
        description="Writes the list as it is now, with what was changed at a door, and with the "
        "badge ids: whatever is edited, an import knows everybody again.",
    )
    exporting.add_argument(
        "file", metavar="FILE", help="its ending tells the kind: .xlsx or .csv; - is CSV on stdout"
    )
    add_state(exporting)
    exporting.set_defaults(func=run_export)


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


def run_preview(options: argparse.Namespace) -> int:
    """Tell what a list would change; nothing is written, not even where there is no list yet."""
    from kiosk.adapters.storage.database import FILE_NAME, DatabaseError, open_database
    from kiosk.core.guests.lists.table import GuestListError

    try:
        event = load_event_file(options.event)
        state = state_folder(options)
        stored = Stored()
        if (state / FILE_NAME).exists():
            with open_database(state, guest_sealer(state)) as database:
                stored = stored_guests(database)
        change = _told(stored, read_guest_list(options, event, stored.known), options)
    except GuestListError as error:
        return _faults(error, options)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    show([f"{sums(change)} (nothing was changed)"])
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Tell what a list changes, and replace the list in one transaction."""
    from kiosk.adapters.storage.database import DatabaseError, open_database
    from kiosk.adapters.storage.guests import replace_guests
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.guests.lists.table import GuestListError

    if options.dry_run:
        return run_preview(options)
    try:
        event = load_event_file(options.event)
        state = state_folder(options)
        with open_database(state, guest_sealer(state, make=True)) as database:
            stored = stored_guests(database)
            found = read_guest_list(options, event, stored.known)
            change = _told(stored, found, options)
            if set(found.guests) == set(stored.listed):  # an undo still leads to the list before
                show([f"{sums(change)} (the list is the same)"])
                return 0
            if not (options.yes or _agreed(change)):
                return 1
            version = replace_guests(database, found.guests, SystemClock().now())
    except GuestListError as error:
        return _faults(error, options)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    show([f"{sums(change)} (list version {version}; kiosk guests undo takes it back)"])
    return 0


def run_undo(options: argparse.Namespace) -> int:
    """Put the list of before the last import back; undone twice, it is as it was."""
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import guests_before, undo_replacement

    try:
        state = state_folder(options)
        with read_database(state, guest_sealer(state)) as database:
            stored = stored_guests(database)
            change = change_of(stored, guests_before(database))
            show(changes(change, {}, options.all))
            if options.dry_run:
                show([f"{sums(change)} (nothing was changed)"])
                return 0
            if not (options.yes or _agreed(change)):
                return 1
            version = undo_replacement(database)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    show([f"{sums(change)} (list version {version}; undo again for the newer list)"])
    return 0


def _told(stored: Stored, found: ReadList, options: argparse.Namespace) -> ListChange:
    change = change_of(stored, found.guests)
    show(changes(change, found.recognised, options.all))
    if stored.amendments:
        show([f"{counted(len(stored.amendments), 'change')} made at a door stay"])
    return change


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
    if not found:
        print("Nobody on the list has these words in name, organisation or Partnership.")
    return 0 if found else 1


def run_export(options: argparse.Namespace) -> int:
    """Write the list to a file, or to standard output where that is asked for."""
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests

    file = Path(options.file)
    if options.file != "-" and file.suffix.casefold() not in (".xlsx", ".csv"):
        return fail(
            f"{file} is neither .xlsx nor .csv. Give a file name with one of these endings."
        )
    try:
        state = state_folder(options)
        with read_database(state, guest_sealer(state)) as database:
            guests = tuple(read_guests(database))
        if options.file == "-":
            sys.stdout.buffer.write(written(guests, ".csv"))
            return 0
        write_whole(file, written(guests, file.suffix.casefold()), private=True)
    except (CommandError, DatabaseError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{file}: {error.strerror}. Choose a file you may write.")
    show([f"{counted(len(guests), 'guest')} in {file}; it holds names: delete it when it is used"])
    return 0
