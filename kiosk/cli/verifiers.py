"""Staff at the command line: the list they are in, their PINs, the session they open."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.cli.common import CommandError
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.adapters.storage.staff import StoredStaff
    from kiosk.core.staff.pin import PinHash
    from kiosk.core.staff.register import Member
    from kiosk.core.staff.roles import Role
    from kiosk.desk.ports import Clock, Journal
    from kiosk.desk.sessions import Sessions

TRIES_AT_ONCE = 3  # then the command ends; the throttle counts on
LONGEST_NAME = 100  # characters


@contextmanager
def stored_staff(state: Path, *, make: bool = False) -> Iterator[StoredStaff]:
    """The staff of a state folder; `make`: with its first member a database and its key are made.

    Raises CommandError, also where the database is in trouble.
    """
    from kiosk.adapters.storage.database import DatabaseError, open_database, read_database
    from kiosk.adapters.storage.staff import StoredStaff
    from kiosk.desk.ports import StorageTroubleError

    try:
        with (open_database if make else read_database)(
            state, guest_sealer(state, make=make)
        ) as database:
            yield StoredStaff(database)
    except (DatabaseError, StorageTroubleError) as error:
        raise CommandError(str(error)) from None


def sessions_of(
    database: OpenDatabase,
    clock: Clock,
    zone: ZoneInfo,
    journal: Journal | None = None,
    badge_key: Ed25519PublicKey | None = None,
) -> Sessions:
    """The sessions of a database's kiosk."""
    from kiosk.adapters.storage.staff import sessions_in
    from kiosk.adapters.system.clock import lasting_boot_id

    return sessions_in(database, clock, lasting_boot_id(), zone, journal, badge_key)


def clean_name(text: str) -> str:
    """A name in one line. Raises CommandError."""
    name = " ".join(text.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise CommandError(
            f"A name has 1 to {LONGEST_NAME} letters and nothing that does not print."
        )
    return name


def found(staff: StoredStaff, name: str) -> Member:
    """Who works here under that name. Raises CommandError, which names the others."""
    wanted = clean_name(name).casefold()
    here = [member for member in staff.members() if member.withdrawn_at is None]
    for member in here:
        if member.name.casefold() == wanted:
            return member
    names = ", ".join(member.name for member in here) or "nobody yet"
    raise CommandError(f"There is no {clean_name(name)} in the staff list; it has: {names}.")


def asked_pin(prompt: str) -> str:
    """A PIN as it is typed, unseen; a line of standard input where that is no terminal.

    Raises CommandError where nothing comes.
    """
    try:
        typed = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    except EOFError:
        typed = ""
    if not typed:
        raise CommandError("No PIN came. Type it in a terminal, or give it on standard input.")
    return typed.strip()


def chosen_pin(role: Role, name: str) -> PinHash:
    """A new PIN, typed twice. Raises CommandError with what is wrong with it."""
    from kiosk.core.staff.pin import fault_of
    from kiosk.desk.sessions import new_pin

    pin = asked_pin(f"PIN of {name}: ")
    fault = fault_of(pin, role)
    if fault is not None:
        raise CommandError(fault)
    if asked_pin("The same again: ") != pin:
        raise CommandError("The two were not the same. Nothing was changed.")
    return new_pin(pin)
