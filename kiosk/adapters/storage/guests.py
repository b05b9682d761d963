"""The guest list in SQLite: sealed rows, replaced in one transaction, read into memory at start."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from kiosk.adapters.storage.database import (
    DAMAGED,
    SQLITE_ERRORS,
    DamagedDatabaseError,
    DatabaseError,
    OpenDatabase,
)
from kiosk.adapters.storage.sealed import opened_rows, sealed_rows, sealer_of
from kiosk.core.guests.amendments import Amended, Amendment, amended
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.records import amendment_from_json, guest_from_json, guest_to_json
from kiosk.desk.ports import StorageTroubleError

_REVOKE = "INSERT OR IGNORE INTO revoked_badges VALUES (?)"
_MAKE_VALID = "DELETE FROM revoked_badges WHERE badge = ?"
_REMEMBER = "INSERT OR REPLACE INTO gone_guests VALUES (?, ?, ?)"
_UNDOABLE = "guest_list_undoable"  # in meta: an empty list may be the one of before
_IMPORTED_AT = "guest_list_at"  # the same
_NEXT_VERSION = (
    "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'guest_list_version'"
)


def read_guests(database: OpenDatabase) -> GuestList:
    """The guest list as it is now, with what was changed at a door. Raises DatabaseError."""
    with _told("The guest list could not be read", "Free disk space and try again."):
        now = amended(read_listed(database), read_amendments(database))
        return GuestList(now.guests, _revoked(database) | now.revoked)


def has_guests(database: OpenDatabase) -> bool:
    """Whether anybody was imported, or registered at a door. Raises DatabaseError."""
    query = "SELECT EXISTS (SELECT 1 FROM guests) OR EXISTS (SELECT 1 FROM amendments)"
    with _told("The guest list could not be read", "Free disk space and try again."):
        (found,) = database.connection.execute(query).fetchone()
    return bool(found)


def read_listed(database: OpenDatabase) -> list[Guest]:
    """The organiser's list as it was imported, by name. Raises DatabaseError, sqlite3.Error."""
    listed = opened_rows(database, "guests", guest_from_json)
    return sorted(listed, key=lambda guest: (guest.family, guest.given, guest.id))


def read_amendments(database: OpenDatabase) -> list[Amendment]:
    """What was changed at a door, in its order. Raises DatabaseError, sqlite3.Error."""
    return opened_rows(database, "amendments", amendment_from_json)


def known_guests(database: OpenDatabase) -> tuple[Guest, ...]:
    """Whom an import finds again: the guests of now, then those who went with an earlier list.

    Raises DatabaseError.
    """
    with _told("The guests of before could not be read", "Free disk space and try again."):
        now = amended(read_listed(database), read_amendments(database)).guests
        gone = opened_rows(database, "gone_guests", guest_from_json)
    gone.reverse()  # who went last is the likeliest to come back
    taken = {guest.id for guest in now} | {guest.badge for guest in now}
    return (*now, *(guest for guest in gone if not {guest.id, guest.badge} & taken))


class StoredGuests:
    """Implements the desk's `GuestSource`: reads the list again when it has changed."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database
        self._state: tuple[str, int] | None = None
        self._guests = GuestList(())

    def current(self) -> GuestList:
        """The list as it is now. Raises StorageTroubleError."""
        try:
            self.look()
        except DatabaseError as error:
            raise StorageTroubleError(error.problem) from None
        except SQLITE_ERRORS as error:
            raise StorageTroubleError(getattr(error, "sqlite_errorname", "SQLITE")) from None
        return self._guests

    def look(self) -> None:
        """Read the list where it has changed. Raises DatabaseError, and SQLite's errors."""
        state = self._database.meta("guest_list_version"), self._amendments()
        if state != self._state:
            self._guests, self._state = read_guests(self._database), state

    def _amendments(self) -> int:
        """How many there are: none is ever taken back."""
        query = "SELECT max(rowid) FROM amendments"
        (last,) = self._database.connection.execute(query).fetchone()
        return last or 0


def replace_guests(
    database: OpenDatabase, guests: Iterable[Guest], at: datetime | None = None
) -> int:
    """Put `guests` in place of the organiser's list; all or nothing. The new version of the list.

    Badges of guests who are gone, or who got another badge, are revoked. Who is gone is remembered,
    and has the badge of before when a later list brings the guest back. What was changed at a
    door stays, and lies over the new list as well. The list of before is kept for one undo.
    at: when, for `imported_at`. Raises DatabaseError.
    """
    remedy = "The list of before is untouched. Free disk space and import again."
    with _transaction(database, "The guest list could not be stored", remedy) as connection:
        _replace(database, list(guests), None)
        told = at.isoformat() if at else ""
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_IMPORTED_AT, told))
    return int(database.meta("guest_list_version"))


def imported_at(database: OpenDatabase) -> datetime | None:
    """When the list was imported last; None where nobody told. An undo does not change it."""
    with suppress(ValueError):
        return datetime.fromisoformat(database.meta(_IMPORTED_AT))
    return None


def guests_before(database: OpenDatabase) -> list[Guest]:
    """The list that an undo puts back. Raises DatabaseError."""
    if not database.meta(_UNDOABLE):
        raise DatabaseError("There is no import to take back", "Import a list first.")
    with _told("The list of before could not be read", "Free disk space and try again."):
        return opened_rows(database, "guests_before", guest_from_json)


def undo_replacement(database: OpenDatabase) -> int:
    """Put the list of before the last replacement back; all or nothing. The new version.

    The badges that the replacement revoked are valid again; entries keep their pseudonyms. An undo
    is a replacement too: undone itself, the newer list is back. Raises DatabaseError.
    """
    remedy = "The list is as it was. Free disk space and try again."
    with _transaction(database, "The import could not be taken back", remedy) as connection:
        before = guests_before(database)
        revoked = connection.execute("SELECT badge FROM badges_before").fetchall()
        _replace(database, before, frozenset(bytes.fromhex(badge) for (badge,) in revoked))
    return int(database.meta("guest_list_version"))


def _replace(
    database: OpenDatabase, new: list[Guest], revoked_by_last: frozenset[bytes] | None
) -> None:
    """Exchange the list inside of a transaction.

    revoked_by_last: of an undo, the badges that may become valid again, and no others.
    """
    connection = database.connection
    amendments, listed = read_amendments(database), read_listed(database)
    before, after = (amended(people, amendments) for people in (listed, new))
    _check_badges(after)
    _remember(database, before, {guest.id for guest in new})
    _exchange_badges(database, before, after, revoked_by_last)
    _write(database, "guests_before", listed)
    _write(database, "guests", new)
    connection.execute("DELETE FROM gone_guests WHERE id IN (SELECT id FROM guests)")
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_UNDOABLE,))
    connection.execute(_NEXT_VERSION)


def _write(database: OpenDatabase, table: str, guests: list[Guest]) -> None:
    """Put guests in place of all rows of a sealed table."""
    rows = sealed_rows(sealer_of(database), table, ((g.id, guest_to_json(g)) for g in guests))
    database.connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own table
    database.connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608


def revoke_badge(database: OpenDatabase, badge: bytes) -> None:
    """A badge that was withdrawn: it brings its bearer to the desk. Raises DatabaseError."""
    problem = "The badge could not be withdrawn"
    with _transaction(database, problem, "Free disk space and try again.") as connection:
        connection.execute(_REVOKE, (badge.hex(),))
        connection.execute(_NEXT_VERSION)


def _check_badges(people: Amended) -> None:
    """Two guests with one badge would be one person at the door."""
    if len({guest.badge for guest in people.guests}) < len(people.guests):
        raise DatabaseError(
            "The guest list could not be stored: two guests have the same badge",
            "The list of before is untouched. Correct the column Badge and import again.",
        )


def _remember(database: OpenDatabase, before: Amended, staying: set[str]) -> None:
    """Move who is not `staying` to the guests who are gone, before their badges are revoked."""
    listed = {id_ for (id_,) in database.connection.execute("SELECT id FROM guests")}
    leaving = listed - staying
    gone = [guest for guest in before.guests if guest.id in leaving]
    revoked = _revoked(database)
    sealed = sealed_rows(
        sealer_of(database), "gone_guests", ((g.id, guest_to_json(g)) for g in gone)
    )
    withdrawn = [guest.badge in revoked for guest in gone]
    database.connection.executemany(
        _REMEMBER, [(*row, int(was)) for row, was in zip(sealed, withdrawn, strict=True)]
    )


def _exchange_badges(
    database: OpenDatabase,
    before: Amended,
    after: Amended,
    revoked_by_last: frozenset[bytes] | None,
) -> None:
    """Revoke the badges that nobody has any more; those that came back are valid again."""
    old, new = ({guest.badge for guest in people.guests} for people in (before, after))
    gone = opened_rows(database, "gone_guests", guest_from_json, where="withdrawn")
    withdrawn = {guest.badge for guest in gone}
    over, back = (old | before.revoked) - new, new - old - withdrawn
    if revoked_by_last is not None:
        back &= revoked_by_last
    connection, revoked = database.connection, _revoked(database)
    connection.execute("DELETE FROM badges_before")
    newly = [(badge.hex(),) for badge in sorted(over - revoked)]
    connection.executemany("INSERT INTO badges_before VALUES (?)", newly)
    connection.executemany(_REVOKE, newly)
    connection.executemany(_MAKE_VALID, [(badge.hex(),) for badge in sorted(back)])


def _revoked(database: OpenDatabase) -> frozenset[bytes]:
    rows = database.connection.execute("SELECT badge FROM revoked_badges")
    return frozenset(bytes.fromhex(badge) for (badge,) in rows)


@contextmanager
def _transaction(database: OpenDatabase, problem: str, remedy: str) -> Iterator[sqlite3.Connection]:
    """All or nothing; what goes wrong in SQLite is a DatabaseError with this remedy."""
    connection = database.connection
    with _told(problem, remedy):
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def _told(problem: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except SQLITE_ERRORS as error:
        kind = getattr(error, "sqlite_errorname", type(error).__name__)
        told = DamagedDatabaseError if kind.startswith(DAMAGED) else DatabaseError
        raise told(f"{problem} ({kind})", remedy) from None
