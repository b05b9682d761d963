"""Reads the tables of the entry log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.adapters.storage.database import SQLITE_ERRORS, OpenDatabase
from kiosk.adapters.storage.kioskkey import known_key
from kiosk.adapters.storage.logtables import IS_NOTE
from kiosk.core.chain import (
    GENESIS,
    Checked,
    Count,
    Finding,
    Link,
    LogName,
    Signed,
    check_counts,
    check_log,
    checkpoint_if_signed,
)
from kiosk.core.entry import EntryRecord, LineError, json_of, record_of
from kiosk.core.signedlog import KEY_LENGTH
from kiosk.desk.identifiers import uuid7
from kiosk.desk.ports import StorageTroubleError

_SINCE = f"""
SELECT line FROM entries WHERE position IN (
    SELECT position FROM entries WHERE id >= ? UNION SELECT position FROM entries WHERE {IS_NOTE}
) ORDER BY position
"""  # noqa: S608  # our own condition


class Head(NamedTuple):
    """The end of a log: number, digest and hybrid clock of its last entry."""

    seq: int
    digest: bytes
    hlc: int


@contextmanager
def told_as_trouble() -> Iterator[None]:
    """SQLite's errors by their names, as StorageTroubleError: their messages may quote values."""
    try:
        yield
    except SQLITE_ERRORS as error:
        raise StorageTroubleError(
            getattr(error, "sqlite_errorname", type(error).__name__)
        ) from None


def read_records(database: OpenDatabase, after: int = 0) -> tuple[EntryRecord, ...]:
    """The records of all logs behind a position, in the order of arrival.

    Those that only a later version of this program knows are left out. Raises StorageTroubleError.
    """
    query = "SELECT line FROM entries WHERE position > ? ORDER BY position"
    with told_as_trouble():
        return known_records(database.connection.execute(query, (after,)))


def last_records(database: OpenDatabase, most: int) -> tuple[EntryRecord, ...]:
    """The records that arrived last, in the order of arrival. Raises StorageTroubleError."""
    last = "SELECT position, line FROM entries ORDER BY position DESC LIMIT ?"
    query = f"SELECT line FROM ({last}) ORDER BY position"  # noqa: S608
    with told_as_trouble():
        return known_records(database.connection.execute(query, (most,)))


def records_since(connection: sqlite3.Connection, since: datetime) -> tuple[EntryRecord, ...]:
    """The notes of all days, and every record made at `since` or later, in order of arrival."""
    return known_records(connection.execute(_SINCE, (uuid7(since, 0),)))


def recorded_last(database: OpenDatabase) -> datetime | None:
    """When the record that arrived last was made; None in an empty log.

    Raises StorageTroubleError.
    """
    query = "SELECT line FROM entries ORDER BY position DESC LIMIT 1"
    with told_as_trouble():
        records = known_records(database.connection.execute(query))
    return records[0].at if records else None


def known_records(rows: Iterator[tuple[str]]) -> tuple[EntryRecord, ...]:
    """The records of these lines, without those of a later version of this program."""
    records = []
    for (line,) in rows:
        try:
            records.append(record_of(line))
        except LineError:
            continue
    return tuple(records)


def last_position(connection: sqlite3.Connection) -> int:
    """That of the record that arrived last; 0 in an empty log."""
    (position,) = connection.execute("SELECT max(position) FROM entries").fetchone()
    return position or 0


def head_of(connection: sqlite3.Connection, log: LogName) -> Head:
    """The end of a log."""
    row = connection.execute(
        "SELECT seq, digest, line FROM entries WHERE kiosk = ? AND epoch = ? "
        "ORDER BY seq DESC LIMIT 1",
        log,
    ).fetchone()
    return Head(row[0], row[1], int(json_of(row[2]).get("hlc", 0))) if row else Head(0, GENESIS, 0)


def links_of(connection: sqlite3.Connection, log: LogName, after: int = 0) -> Iterator[Link]:
    """The lines of a log behind its number `after`."""
    rows = connection.execute(
        "SELECT seq, line, digest FROM entries WHERE kiosk = ? AND epoch = ? AND seq > ? "
        "ORDER BY seq",
        (*log, after),
    )
    return (Link(*row) for row in rows)


def checkpoints_of(connection: sqlite3.Connection, log: LogName) -> list[Signed]:
    """The checkpoints of a log in the order in which they were signed."""
    rows = connection.execute(
        "SELECT line, signature FROM checkpoints WHERE kiosk = ? AND epoch = ? ORDER BY seq, line",
        log,
    )
    return [_signed(*row) for row in rows]


def check_all(database: OpenDatabase) -> dict[LogName, Checked]:
    """What each log is found to be, from its first entry on.

    That of this kiosk is held to the key in its folder, where there is one. Raises
    StorageTroubleError, DatabaseError.
    """
    connection, mine = database.connection, database.meta("kiosk")
    own = known_key(database.path.parent)
    with told_as_trouble():
        return {
            log: _checked(connection, log, own if log.kiosk == mine else None)
            for log in logs_in(connection)
        }


def _checked(connection: sqlite3.Connection, log: LogName, key: Ed25519PublicKey | None) -> Checked:
    key = key or signer_of(connection, log.kiosk)
    links, checkpoints = links_of(connection, log), checkpoints_of(connection, log)
    checked = check_log(log, links, checkpoints, key)
    if checked.finding or key is None:
        return checked
    counts = counts_of(connection, log, event_of(connection))
    flaw = check_counts(counts, key, checked.counted)
    return replace(checked, finding=Finding(flaw, 0)) if flaw else checked


def check_end(
    connection: sqlite3.Connection, log: LogName, key: Ed25519PublicKey
) -> Finding | None:
    """What is wrong with a log since its last checkpoint, which is looked at as well."""
    last = last_checkpoint(connection, log)
    if last is None:
        return check_log(log, links_of(connection, log)).finding
    told = checkpoint_if_signed(last, key)
    if told is None:
        return check_log(log, links_of(connection, log), [last], key).finding
    before = told.seq - 1
    row = connection.execute(
        "SELECT digest FROM entries WHERE kiosk = ? AND epoch = ? AND seq = ?", (*log, before)
    ).fetchone()
    start = (before, row[0]) if row else (0, GENESIS)
    return check_log(log, links_of(connection, log, start[0]), [last], key, start).finding


def counts_of(
    connection: sqlite3.Connection, log: LogName, event: str
) -> Iterator[tuple[Count, bytes]]:
    """The counts of a log, each with its signature."""
    rows = connection.execute(
        "SELECT day, hour, door, answer, count, signature FROM tallies "
        "WHERE kiosk = ? AND epoch = ? ORDER BY day, hour, door, answer",
        log,
    )
    for *told, signature in rows:
        yield Count(event, *log, *told), signature if isinstance(signature, bytes) else b""


def last_checkpoint(connection: sqlite3.Connection, log: LogName) -> Signed | None:
    """The one that was signed last."""
    row = connection.execute(
        "SELECT line, signature FROM checkpoints WHERE kiosk = ? AND epoch = ? "
        "ORDER BY seq DESC, line DESC LIMIT 1",
        log,
    ).fetchone()
    return _signed(*row) if row else None


def _signed(line: object, signature: object) -> Signed:
    """SQLite keeps anything in any column; what is no signature is one that does not hold."""
    return Signed(str(line), signature if isinstance(signature, bytes) else b"")


def logs_in(connection: sqlite3.Connection) -> list[LogName]:
    """All logs that anything is here of."""
    rows = connection.execute(
        "SELECT kiosk, epoch FROM entries UNION SELECT kiosk, epoch FROM checkpoints "
        "UNION SELECT kiosk, epoch FROM tallies ORDER BY 1, 2"
    )
    return [LogName(*row) for row in rows]


def forks_in(database: OpenDatabase) -> list[tuple[LogName, int]]:
    """The logs that contradict one that is here, and from which entry on each does."""
    with told_as_trouble():
        rows = database.connection.execute("SELECT kiosk, epoch, seq FROM forks ORDER BY 1, 2, 3")
        return [(LogName(kiosk, epoch), seq) for kiosk, epoch, seq in rows]


def signer_of(connection: sqlite3.Connection, kiosk: str) -> Ed25519PublicKey | None:
    """The key of a kiosk as it was seen first."""
    row = connection.execute("SELECT key FROM signers WHERE kiosk = ?", (kiosk,)).fetchone()
    if row is None or type(row[0]) is not bytes or len(row[0]) != KEY_LENGTH:
        return None
    return Ed25519PublicKey.from_public_bytes(row[0])


def event_of(connection: sqlite3.Connection) -> str:
    """The event whose log this is; empty while nothing was recorded."""
    row = connection.execute(
        "SELECT value FROM meta WHERE key = 'event' "
        "AND (EXISTS (SELECT 1 FROM entries) OR EXISTS (SELECT 1 FROM tallies))"
    ).fetchone()
    return str(row[0]) if row else ""
