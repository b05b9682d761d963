"""`kiosk purge`: deletes the guests after the event, and says so in a signed report."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
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
from kiosk.cli.unlocking import at_terminal, data_keys

if TYPE_CHECKING:
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.adapters.storage.purge import Begun
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.core.policy.event import Event

_DESCRIPTION = """\
Shows what would be deleted and asks for the id of the event. Then it deletes the guest list,
guests of earlier lists, changes made at a door, names and sessions of staff; writes the database
anew, so that no bytes are left; destroys the key that the guests were sealed with, which also
closes every copy of the database; and writes a report, signed with the kiosk's key, beside it.
The entry log stays: it holds pseudonyms alone.

Print or export before: kiosk report, kiosk log export FILE, and the register of verifiers, which
the law asks for and which goes too: kiosk register export. As long as entries were brought nowhere
it waits, until 7 days after the event. Screens of this state folder have to be closed."""
_MAX_REPORT = 1024 * 1024  # bytes


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "purge",
        help="delete the guests after the event, with a signed report",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--event", type=Path, metavar="FILE")
    what.add_argument(
        "--verify", type=Path, metavar="REPORT.json", help="check the signature of a report"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be deleted")
    parser.add_argument(
        "--confirm", metavar="ID", help="the id of the event, where no terminal asks for it"
    )
    parser.add_argument(
        "--force", action="store_true", help="although it should wait; the report says so"
    )
    parser.add_argument(
        "--by", default="", metavar="NAME", help="who does it (default: the user logged in)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="for the report (default: the state folder)"
    )
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Purge, or check a report."""
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.adapters.system.datakey import DataKeyError

    try:
        return _verify(options.verify) if options.verify else _run(options)
    except (CommandError, DatabaseError, DataKeyError) as error:
        return fail(str(error))


def _run(options: argparse.Namespace) -> int:
    from kiosk.adapters.storage.database import read_database
    from kiosk.adapters.storage.purge import begun, delete_persons, leave_no_bytes

    event, state = load_event_file(options.event), state_folder(options)
    with read_database(state) as database, _screens_closed(state):
        purge = begun(database)
        if purge is None:
            purge = _agreed(database, event, options)
            if purge is None:
                return 0 if options.dry_run else 1
            delete_persons(database, purge)
        elif purge.event != event.id:
            raise CommandError(f"A purge of {purge.event} was begun here. Give its event file.")
        else:
            print(f"The purge of {purge.at:%d %b %Y %H:%M} UTC goes on.")
        leave_no_bytes(database)
        _report(database, event, purge, options)
    return 0


def _agreed(database: OpenDatabase, event: Event, options: argparse.Namespace) -> Begun | None:
    """What is to be purged, if whoever is there agrees. Raises CommandError."""
    from kiosk.adapters.storage.purge import Begun, event_in, to_delete, unsent
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.purge import deadline_of

    other = event_in(database)
    if other and other != event.id:
        raise CommandError(f"This state folder is of another event ({other}). Check --state.")
    at, deadline = SystemClock().now(), deadline_of(event)
    rows, open_entries = to_delete(database), unsent(database)
    waits = deadline.waits_for(at, open_entries)
    show([f"To be deleted in {database.path.parent}:"])
    show(f"  {count:7,} {what}" for what, count in rows.items() if count)
    show([f"  and the key that they are sealed with; due from {deadline.due:%d %b %Y %H:%M %Z} on"])
    if rows.get("sessions of staff"):
        show(["The register of verifiers goes with them: kiosk register export, if not done yet."])
    if options.dry_run:
        show([f"It would wait: {waits}." if waits else "It would wait for nothing."])
        return None
    if waits and not options.force:
        raise CommandError(
            f"It waits: {waits}. First: kiosk log export FILE. "
            "With --force it goes on all the same."
        )
    if not _confirmed(event.id, options.confirm):
        show(["Nothing was deleted."])
        return None
    by = options.by or _user()
    key = _how_kept(data_keys(database.path.parent))
    return Begun(event.id, at, by, rows, key, open_entries, waits)


def _user() -> str:
    """The name by which this user is logged in."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a user without a name, as in a container
        return "unknown"


def _confirmed(event_id: str, given: str | None) -> bool:
    """Whether somebody typed the id of the event. Raises CommandError where nobody can."""
    if given is None and not at_terminal():
        raise CommandError(f"Nothing was deleted. To confirm: --confirm {event_id}")
    typed = input(f"Type {event_id} to delete them: ") if given is None else given
    return typed.strip() == event_id


@contextmanager
def _screens_closed(state: Path) -> Iterator[None]:
    """No screen has the guests in memory, nor opens meanwhile. Raises CommandError."""
    from PySide6.QtCore import QLockFile

    from kiosk.desk.findings import Mode

    locks = [QLockFile(str(state / f"{mode}.lock")) for mode in Mode]
    try:
        for mode, lock in zip(Mode, locks, strict=True):
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                raise CommandError(f"The {mode} screen of {state} runs. Close it first.")
        yield
    finally:
        for lock in locks:
            lock.unlock()


def _report(
    database: OpenDatabase, event: Event, begun: Begun, options: argparse.Namespace
) -> None:
    """Destroy the key, write the report, and only then let go. Raises CommandError."""
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.storage.purge import finish, kept, signing_key
    from kiosk.core.purge import Purge, deadline_of, signed_report, told

    state = database.path.parent
    _destroy(data_keys(state))
    purge = Purge(
        event=event.id,
        kiosk=database.meta("kiosk"),
        at=begun.at,
        by=begun.by,
        deleted=begun.deleted,
        kept=kept(database),
        key=begun.key,
        unsent=begun.unsent,
        due=deadline_of(event).due,
        waited=begun.waited,
    )
    key = signing_key(database)
    lines = told(purge, key.public_key().public_bytes_raw().hex())
    path = (options.out or state) / f"purge-{event.id}-{begun.at:%Y%m%dT%H%M%SZ}"
    try:
        write_whole(path.with_suffix(".json"), signed_report(purge, key))
        write_whole(path.with_suffix(".txt"), "\n".join([*lines, ""]).encode())
    except OSError as error:
        raise CommandError(
            f"The report could not be written ({error.strerror}). Start `kiosk purge` again, with "
            "--out DIR for another place: it goes on where it was."
        ) from None
    finish(database)
    show(lines)
    print(f"Report: {path}.json and .txt. Keep it; `kiosk purge --verify` checks its signature.")


def _how_kept(keys: DataKeys) -> str:
    """What the report says of the key that will be destroyed."""
    from kiosk.adapters.system.datakey import DataKeyError, Kept

    try:
        file = keys.file()
    except DataKeyError:
        return "destroyed; its file was damaged, and a key store may keep an entry of no use"
    match file.kept if file else None:
        case None:
            return ""
        case Kept.FOLDER:
            return "destroyed; it lay in the state folder, where a flash disk may keep a copy"
        case Kept.SYSTEM:
            return "destroyed in the key store of the system"
        case Kept.PASSPHRASE:
            return "destroyed; it was wrapped with a passphrase"


def _destroy(keys: DataKeys) -> None:
    """Raises DataKeyError."""
    from kiosk.adapters.system.datakey import DataKeyError

    try:
        keys.file()
    except DataKeyError:
        keys.shred_file()
    else:
        keys.shred()


def _verify(path: Path) -> int:
    from kiosk.core.purge import PurgeReportError, checked_report, told

    data = read_named(path, _MAX_REPORT, "Give the JSON report of a purge.")
    try:
        purge, key, signed = checked_report(data)
    except PurgeReportError as error:
        raise CommandError(f"{path}: {error}.") from None
    show(told(purge, key))
    if not signed:
        print("The signature does not hold: the report was changed, or this key never signed it.")
        return 1
    total = sum(purge.deleted.values())
    print(f"The signature of that key holds. {counted(total, 'row')} deleted.")
    return 0
