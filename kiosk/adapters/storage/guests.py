"""The guest list in SQLite: replaced in one transaction, read into memory at start."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.desk.ports import StorageTroubleError

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
_GONE = (
    f"CREATE TABLE IF NOT EXISTS gone_guests ({', '.join(_FIELDS)}, withdrawn, PRIMARY KEY (id))"
)
# withdrawn: the badge was revoked already while its guest was on the list, and stays so.
_REMEMBER = (
    f"INSERT OR REPLACE INTO gone_guests SELECT {', '.join(_FIELDS)}, "  # noqa: S608
    "badge IN (SELECT badge FROM revoked_badges) FROM guests WHERE id = ?"
)
_REVOKE = "INSERT OR IGNORE INTO revoked_badges VALUES (?)"
_MAKE_VALID = (
    "DELETE FROM revoked_badges WHERE badge = ? "
    "AND badge NOT IN (SELECT badge FROM gone_guests WHERE withdrawn)"
)
_NEXT_VERSION = (
    "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'guest_list_version'"
)


def read_guests(database: OpenDatabase) -> GuestList:
    """The guest list as it is now."""
    rows = database.connection.execute(
        f"SELECT {', '.join(_FIELDS)} FROM guests ORDER BY family, given, id"  # noqa: S608
    )
    guests = [_guest(row) for row in rows]
    badges = database.connection.execute("SELECT badge FROM revoked_badges").fetchall()
    return GuestList(guests, frozenset(bytes.fromhex(badge) for (badge,) in badges))


def known_guests(database: OpenDatabase) -> GuestList:
    """Whom an import finds again: the guests of now, then those who went with an earlier list.

    Raises DatabaseError.
    """
    connection = database.connection
    try:
        now = read_guests(database)
        connection.execute(_GONE)
        gone = [
            _guest(row)
            for row in connection.execute(
                f"SELECT {', '.join(_FIELDS)} FROM gone_guests ORDER BY rowid DESC"  # noqa: S608
            )
        ]
    except sqlite3.Error as error:
        raise DatabaseError(
            f"The guests of before could not be read ({getattr(error, 'sqlite_errorname', error)})",
            "Free disk space and try again.",
        ) from None
    return GuestList([*now, *(g for g in gone if not (now.by_id(g.id) or now.by_badge(g.badge)))])


class StoredGuests:
    """Implements the desk's `GuestSource`: reads the list again when its version has changed."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database
        self._version = ""
        self._guests = GuestList(())

    def current(self) -> GuestList:
        """The list as it is now. Raises StorageTroubleError."""
        try:
            version = self._database.meta("guest_list_version")
            if version != self._version:
                self._guests, self._version = read_guests(self._database), version
        except sqlite3.Error as error:
            raise StorageTroubleError(getattr(error, "sqlite_errorname", "SQLITE")) from None
        return self._guests


def replace_guests(database: OpenDatabase, guests: Iterable[Guest]) -> int:
    """Put `guests` in place of the list; all or nothing. The new version of the list.

    Badges of guests who are gone, or who got another badge, are revoked. Who is gone is remembered,
    and has the badge of before when a later list brings the guest back.
    Raises DatabaseError.
    """
    new = list(guests)
    connection = database.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        _remember(connection, {guest.id for guest in new})
        old = {badge for (badge,) in connection.execute("SELECT badge FROM guests")}
        badges = {guest.badge.hex() for guest in new}
        connection.executemany(_REVOKE, [(badge,) for badge in sorted(old - badges)])
        connection.executemany(_MAKE_VALID, [(badge,) for badge in sorted(badges - old)])
        connection.execute("DELETE FROM guests")
        connection.executemany(_INSERT, [_row(guest) for guest in new])
        connection.execute("DELETE FROM gone_guests WHERE id IN (SELECT id FROM guests)")
        connection.execute(_NEXT_VERSION)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise DatabaseError(
            f"The guest list could not be stored ({getattr(error, 'sqlite_errorname', error)})",
            "The list of before is untouched. Free disk space and import again.",
        ) from None
    return int(database.meta("guest_list_version"))


def _remember(connection: sqlite3.Connection, staying: set[str]) -> None:
    """Move who is not `staying` to the guests who are gone, before their badges are revoked."""
    connection.execute(_GONE)
    ids = {id_ for (id_,) in connection.execute("SELECT id FROM guests")}
    connection.executemany(_REMEMBER, [(id_,) for id_ in sorted(ids - staying)])


def revoke_badge(database: OpenDatabase, badge: bytes) -> None:
    """A badge that was withdrawn: it brings its bearer to the desk. Raises DatabaseError."""
    connection = database.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_REVOKE, (badge.hex(),))
        connection.execute(_NEXT_VERSION)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
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
