"""Deletes everything about persons from the database and leaves no bytes of it; the log stays."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.storage.database import PURGING, DatabaseError, OpenDatabase
from kiosk.adapters.storage.kioskkey import kiosk_key
from kiosk.adapters.storage.logrows import (
    checkpoints_of,
    event_of,
    head_of,
    logs_in,
    signer_of,
)
from kiosk.adapters.storage.recovery import set_aside_in
from kiosk.core.chain import LogName, Moment, checkpoint_if_signed

# Pseudonyms, counts, keys and numbers alone. Every other table is emptied: a new one, too, until
# somebody has decided that no person is in it.
KEPT = {
    "entries": "entries (pseudonyms)",
    "tallies": "counts by hour and door",
    "checkpoints": "signed checkpoints of the log",
    "forks": "logs that contradict the log",
    "signers": "keys of kiosks",
    "revoked_badges": "badges out of use (pseudonyms)",
    "meta": "what describes the database",
}
_WORDS = {
    "guests": "guests",
    "guests_before": "guests of the list before",
    "badges_before": "badges that were withdrawn with it",
    "gone_guests": "guests of earlier lists",
    "amendments": "changes made at a door",
    "staff": "members of staff",
    "register": "sessions of staff",
    "pin_tries": "wrong PINs of staff",
    "reserve_badges": "blank badges of the reserve",
    "printed_badges": "badges that were printed",
}
BADGE_FILES = "badges"  # a folder: badges of a desk without a printer, with names
_FILES = "badges in files"
_ASIDE = "damaged databases that were set aside; the key that is gone closes their guests"
_REMEDY = "Free disk space and start `kiosk purge` again: it goes on where it was."


@dataclass(frozen=True)
class Begun:
    """A purge that was begun: what it deleted, as the report will say (`kiosk.core.purge`)."""

    event: str
    at: datetime
    by: str
    deleted: dict[str, int]
    key: str
    unsent: int
    waited: str


def event_in(database: OpenDatabase) -> str:
    """The event whose entries are here; empty where there are none. Raises DatabaseError."""
    with _told("The log could not be read"):
        return event_of(database.connection)


def to_delete(database: OpenDatabase) -> dict[str, int]:
    """How many rows of what a purge deletes. Raises DatabaseError."""
    with _told("The tables could not be read"):
        rows = {table: _rows(database, table) for table in _tables(database) if table not in KEPT}
    files = len(_badge_files(database))
    told = {_WORDS.get(table, table): count for table, count in rows.items()}
    return {**told, **({_FILES: files} if files else {})}


def kept(database: OpenDatabase) -> dict[str, int]:
    """How many rows of what stays, and how many damaged databases. Raises DatabaseError."""
    with _told("The tables could not be read"):
        there = set(_tables(database))
        rows = {word: _rows(database, table) for table, word in KEPT.items() if table in there}
    aside = len(set_aside_in(database.path.parent))
    return {**rows, **({_ASIDE: aside} if aside else {})}


def unsent(database: OpenDatabase) -> int:
    """The entries of this kiosk that no export has brought anywhere. Raises DatabaseError."""
    kiosk, count = database.meta("kiosk"), 0
    with _told("The log could not be read"):
        for log in logs_in(database.connection):
            if log.kiosk == kiosk:
                count += head_of(database.connection, log).seq - _exported(database, log)
    return max(count, 0)


def begun(database: OpenDatabase) -> Begun | None:
    """The purge that is not finished, if there is one."""
    text = database.meta(PURGING)
    if not text:
        return None
    fields = json.loads(text)
    return Begun(**fields | {"at": datetime.fromisoformat(fields["at"])})


def delete_persons(database: OpenDatabase, purge: Begun) -> None:
    """Empty the tables and note that it goes on, in one transaction. Raises DatabaseError."""
    connection = database.connection
    note = json.dumps(vars(purge) | {"at": purge.at.isoformat()})
    with _told("The guests could not be deleted"):
        try:
            connection.execute("BEGIN IMMEDIATE")
            for table in _tables(database):
                if table not in KEPT:
                    connection.execute(f'DELETE FROM "{table}"')  # noqa: S608  # of sqlite_schema
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (PURGING, note))
            connection.execute(
                "UPDATE meta SET value = CAST(value AS INTEGER) + 1 "
                "WHERE key = 'guest_list_version'"
            )
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def leave_no_bytes(database: OpenDatabase) -> None:
    """Write the file anew without what was deleted, and empty the write-ahead log.

    Files of badges go too. Raises DatabaseError.
    """
    try:
        for file in _badge_files(database):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise DatabaseError(f"A badge's file could not be deleted ({error})", _REMEDY) from None
    with _told("The database could not be written anew"):
        database.connection.execute("VACUUM")
        _empty_log(database)


def finish(database: OpenDatabase) -> None:
    """The report is written: the database may have guests, and another key, again.

    Raises DatabaseError.
    """
    with _told("The purge could not be finished"):
        database.connection.execute(
            "DELETE FROM meta WHERE key IN (?, 'data_key', 'guest_list_undoable')", (PURGING,)
        )
        _empty_log(database)


def _badge_files(database: OpenDatabase) -> list[Path]:
    return sorted((database.path.parent / BADGE_FILES).glob("*.pdf"))


def signing_key(database: OpenDatabase) -> Ed25519PrivateKey:
    """The kiosk's own key. Raises DatabaseError."""
    return kiosk_key(database.path.parent)


def _empty_log(database: OpenDatabase) -> None:
    (busy, *_) = database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise DatabaseError(
            f"Another program has {database.path} open",
            "Close it and start `kiosk purge` again: it goes on where it was.",
        )


def _tables(database: OpenDatabase) -> list[str]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
    names = [name for (name,) in database.connection.execute(query)]
    return [name for name in names if not name.startswith("sqlite_")]


def _rows(database: OpenDatabase, table: str) -> int:
    query = f'SELECT count(*) FROM "{table}"'  # noqa: S608  # a name of sqlite_schema
    return int(database.connection.execute(query).fetchone()[0])


def _exported(database: OpenDatabase, log: LogName) -> int:
    """The number of the last entry that an export has brought away."""
    key = signer_of(database.connection, log.kiosk)
    if key is None:
        return 0
    signed = (checkpoint_if_signed(s, key) for s in checkpoints_of(database.connection, log))
    return max((c.seq for c in signed if c and c.moment is Moment.EXPORTED), default=0)


@contextmanager
def _told(problem: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        kind = getattr(error, "sqlite_errorname", type(error).__name__)
        raise DatabaseError(f"{problem} ({kind})", _REMEDY) from None
