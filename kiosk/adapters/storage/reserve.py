"""Blank badges in reserve, and which badges were printed: ids and numbers, nothing of a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import TypeVar

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.core.guests.reserve import Reserve, ReserveBadge

_RESERVE = (
    "CREATE TABLE IF NOT EXISTS reserve_badges "
    "(badge TEXT PRIMARY KEY, desk TEXT NOT NULL, number TEXT NOT NULL UNIQUE)"
)
T = TypeVar("T")
# signer: the fingerprint of the key; what an older key signed was printed in vain.
_PRINTED = (
    "CREATE TABLE IF NOT EXISTS printed_badges "
    "(badge TEXT NOT NULL, signer TEXT NOT NULL, PRIMARY KEY (badge, signer))"
)


def stored_reserve(database: OpenDatabase) -> Reserve:
    """All blank badges that were made. Raises DatabaseError."""

    def read(connection: sqlite3.Connection) -> Reserve:
        connection.execute(_RESERVE)
        rows = connection.execute("SELECT badge, desk, number FROM reserve_badges ORDER BY number")
        return Reserve(ReserveBadge(bytes.fromhex(row[0]), row[1], row[2]) for row in rows)

    return _done(database, read)


def add_reserve(database: OpenDatabase, badges: Iterable[ReserveBadge]) -> None:
    """Put blank badges on the list; all or none. Raises DatabaseError."""

    def add(connection: sqlite3.Connection) -> None:
        connection.execute(_RESERVE)
        connection.executemany(
            "INSERT INTO reserve_badges VALUES (?, ?, ?) ON CONFLICT (badge) DO NOTHING",
            [(one.badge.hex(), one.desk, one.number) for one in badges],
        )

    _done(database, add)


def printed_badges(database: OpenDatabase, signer: str) -> frozenset[bytes]:
    """The badges that were handed over for printing, signed by that key. Raises DatabaseError."""

    def read(connection: sqlite3.Connection) -> frozenset[bytes]:
        connection.execute(_PRINTED)
        rows = connection.execute("SELECT badge FROM printed_badges WHERE signer = ?", (signer,))
        return frozenset(bytes.fromhex(badge) for (badge,) in rows)

    return _done(database, read)


def note_printed(database: OpenDatabase, badges: Iterable[bytes], signer: str) -> None:
    """Remember that these were handed over for printing. Raises DatabaseError."""

    def note(connection: sqlite3.Connection) -> None:
        connection.execute(_PRINTED)
        connection.executemany(
            "INSERT OR IGNORE INTO printed_badges VALUES (?, ?)",
            [(badge.hex(), signer) for badge in badges],
        )

    _done(database, note)


def _done(database: OpenDatabase, work: Callable[[sqlite3.Connection], T]) -> T:
    """`work` in one transaction."""
    connection = database.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        result = work(connection)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise DatabaseError(
            f"The list of badges is not to be had ({getattr(error, 'sqlite_errorname', error)})",
            "Free disk space and try again.",
        ) from None
    return result
