"""The entry log in SQLite: one transaction for each answer, on disk before it returns."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from uuid import UUID

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.adapters.storage.sealed import sealed_amendments
from kiosk.core.causes import Cause
from kiosk.core.entry import (
    GENESIS,
    EntryAct,
    EntryBasis,
    EntryDraft,
    EntryRecord,
    next_hlc,
)
from kiosk.core.guests.amendments import Amendment
from kiosk.desk.ports import Clock, LogMovedError, StorageTroubleError

_COLUMNS = tuple(field.name for field in fields(EntryRecord))
_INSERT = (
    f"INSERT INTO entries ({', '.join(_COLUMNS)}) "  # noqa: S608  # names of our own dataclass
    f"VALUES ({', '.join(':' + name for name in _COLUMNS)})"
)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM entries WHERE seq > ? ORDER BY seq"  # noqa: S608
_TALLY = (
    "INSERT INTO tallies (day, hour, door, answer, count) VALUES (?, ?, ?, ?, 1) "
    "ON CONFLICT DO UPDATE SET count = count + 1"
)


class SqliteJournal:
    """Implements the desk's `Journal` over one connection, in the thread that opened it."""

    def __init__(self, database: OpenDatabase, event_id: str, clock: Clock, boot: str) -> None:
        self._database, self._event, self._clock, self._boot = database, event_id, clock, boot
        self._kiosk, self._epoch = database.meta("kiosk"), database.meta("epoch")
        self._check_event()

    def _check_event(self) -> None:
        """Entries of another event would count as today's. Raises DatabaseError."""
        query = "SELECT event FROM entries WHERE event <> ? LIMIT 1"
        other = self._database.connection.execute(query, (self._event,)).fetchone()
        if other:
            raise DatabaseError(
                f"{self._database.path} holds entries of another event ({other[0]})",
                "Give each event a state folder of its own with --state.",
            )

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
    ) -> tuple[EntryRecord, ...]:
        """Record all drafts, and store what they tell of, in one transaction (see the port)."""
        sealed = self._sealed(amendments)
        with self._transaction() as connection:
            seq, previous, hlc = self._head(connection)
            if after is not None and seq != after:
                raise LogMovedError
            version = int(self._database.meta("guest_list_version"))
            records: list[EntryRecord] = []
            for draft in drafts:
                seq, hlc = seq + 1, next_hlc(hlc, at)
                record = self._record(draft, at, seq, previous, hlc, version)
                connection.execute(_INSERT, _row(record))
                previous = record.digest
                records.append(record)
            connection.executemany("INSERT INTO amendments VALUES (?, ?)", sealed)
        return tuple(records)

    def _sealed(self, amendments: Sequence[Amendment]) -> list[tuple[str, bytes]]:
        try:
            return sealed_amendments(self._database, amendments)
        except DatabaseError as error:
            raise StorageTroubleError(error.problem) from None

    def records(self, after: int = 0) -> tuple[EntryRecord, ...]:
        """The log behind its first `after` records."""
        self._database.check_file()  # a green answer may rest on records alone
        return read_records(self._database, after)

    def tally(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry."""
        utc = at.astimezone(UTC)
        with self._transaction() as connection:
            connection.execute(_TALLY, (utc.date().isoformat(), utc.hour, door, answer))

    def tallied(self, answer: str, day: date) -> int:
        """How often `answer` was counted on `day` (UTC)."""
        query = "SELECT total(count) FROM tallies WHERE answer = ? AND day = ?"
        try:
            row = self._database.connection.execute(query, (answer, day.isoformat())).fetchone()
        except sqlite3.Error as error:
            raise StorageTroubleError(_kind(error)) from None
        return int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; COMMIT returns after the write-ahead log is synced."""
        self._database.check_file()
        connection = self._database.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StorageTroubleError(_kind(error)) from None
        finally:
            if connection.in_transaction:  # whatever went wrong, the next entry can be written
                connection.execute("ROLLBACK")

    @staticmethod
    def _head(connection: sqlite3.Connection) -> tuple[int, str, int]:
        """Seq, digest and clock of the last record, read inside the transaction."""
        last = connection.execute(
            "SELECT seq, digest, hlc FROM entries ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return last or (0, GENESIS.hex(), 0)

    def _record(
        self, draft: EntryDraft, at: datetime, seq: int, previous: str, hlc: int, version: int
    ) -> EntryRecord:
        return EntryRecord(
            id=_uuid7(at),
            epoch=self._epoch,
            seq=seq,
            event=self._event,
            kiosk=self._kiosk,
            act=draft.act,
            guest=draft.guest,
            occasion=draft.occasion,
            door=draft.door,
            basis=draft.basis,
            staff=draft.staff,
            cause=draft.cause,
            refers=draft.refers,
            happened=draft.happened.astimezone(UTC) if draft.happened else None,
            at=at.astimezone(UTC),
            hlc=hlc,
            boot=self._boot,
            mono=round(self._clock.monotonic(), 3),
            list_version=version,
            previous=previous,
        ).sealed()


def read_records(database: OpenDatabase, after: int = 0) -> tuple[EntryRecord, ...]:
    """The log behind its first `after` records. Raises StorageTroubleError."""
    try:
        rows = database.connection.execute(_SELECT, (after,)).fetchall()
    except sqlite3.Error as error:
        raise StorageTroubleError(_kind(error)) from None
    return tuple(_from_row(row) for row in rows)


def _kind(error: sqlite3.Error) -> str:
    """SQLite's name for an error; its message may quote values."""
    return getattr(error, "sqlite_errorname", type(error).__name__)


def _row(record: EntryRecord) -> dict[str, object]:
    happened = record.happened.isoformat() if record.happened else None
    return vars(record) | {"at": record.at.isoformat(), "happened": happened}


def _from_row(row: Sequence[object]) -> EntryRecord:
    values: dict[str, object] = dict(zip(_COLUMNS, row, strict=True))
    values["act"] = EntryAct(str(values["act"]))
    values["basis"] = EntryBasis(str(values["basis"]))
    values["cause"] = Cause(str(values["cause"]))
    values["at"] = datetime.fromisoformat(str(values["at"]))
    happened = values["happened"]
    values["happened"] = datetime.fromisoformat(str(happened)) if happened else None
    return EntryRecord(**values)  # type: ignore[arg-type]


def _uuid7(at: datetime) -> str:
    """A UUID that sorts by time (RFC 9562 section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=value))
