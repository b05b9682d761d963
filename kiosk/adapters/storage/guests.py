"""The guest list in SQLite: replaced in one transaction, read into memory at start."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList

_FIELDS = (
    "id",
    "badge",
    "family",
    "given",
    "organisation",
    "partnership",
    "category",
    "occasions",
    "attendance",
    "selection",
    "language",
)
_INSERT = (
    f"INSERT INTO guests ({', '.join(_FIELDS)}) "  # noqa: S608  # our own column names
    f"VALUES ({', '.join('?' * len(_FIELDS))})"
)


def read_guests(database: OpenDatabase) -> GuestList:
    """The guest list as it is now."""
    rows = database.connection.execute(
        f"SELECT {', '.join(_FIELDS)} FROM guests ORDER BY family, given, id"  # noqa: S608
    )
    guests = [_guest(row) for row in rows]
    badges = database.connection.execute("SELECT badge FROM revoked_badges").fetchall()
    return GuestList(guests, frozenset(bytes.fromhex(badge) for (badge,) in badges))


def replace_guests(database: OpenDatabase, guests: Iterable[Guest]) -> int:
    """Put `guests` in place of the list; all or nothing. The new version of the list.

    Badges of guests who are gone, or who got another badge, are revoked.
    Raises DatabaseError.
    """
    new = list(guests)
    connection = database.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        old = {badge for (badge,) in connection.execute("SELECT badge FROM guests")}
        gone = old - {guest.badge.hex() for guest in new}
        connection.executemany(
            "INSERT OR IGNORE INTO revoked_badges VALUES (?)", [(badge,) for badge in sorted(gone)]
        )
        connection.execute("DELETE FROM guests")
        connection.executemany(_INSERT, [_row(guest) for guest in new])
        connection.executemany(
            "DELETE FROM revoked_badges WHERE badge = ?", [(guest.badge.hex(),) for guest in new]
        )
        connection.execute(
            "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'guest_list_version'"
        )
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise DatabaseError(
            f"The guest list could not be stored ({getattr(error, 'sqlite_errorname', error)})",
            "The list of before is untouched. Free disk space and import again.",
        ) from None
    return int(database.meta("guest_list_version"))


def revoke_badge(database: OpenDatabase, badge: bytes) -> None:
    """A badge that was withdrawn: it brings its bearer to the desk. Raises DatabaseError."""
    statement = "INSERT OR IGNORE INTO revoked_badges VALUES (?)"
    try:
        database.connection.execute(statement, (badge.hex(),))
    except sqlite3.Error as error:
        raise DatabaseError(
            f"The badge could not be withdrawn ({getattr(error, 'sqlite_errorname', error)})",
            "Free disk space and try again.",
        ) from None


def _row(guest: Guest) -> tuple[str, ...]:
    return (
        guest.id,
        guest.badge.hex(),
        guest.family,
        guest.given,
        guest.organisation,
        guest.partnership,
        guest.category,
        json.dumps(sorted(guest.occasions)),
        guest.attendance.value,
        guest.selection.value,
        guest.language,
    )


def _guest(row: tuple[str, ...]) -> Guest:
    values = dict(zip(_FIELDS, row, strict=True))
    return Guest(
        id=values["id"],
        badge=bytes.fromhex(values["badge"]),
        family=values["family"],
        given=values["given"],
        organisation=values["organisation"],
        partnership=values["partnership"],
        category=values["category"],
        occasions=frozenset(json.loads(values["occasions"])),
        attendance=Attendance(values["attendance"]),
        selection=Selection(values["selection"]),
        language=values["language"],
    )
