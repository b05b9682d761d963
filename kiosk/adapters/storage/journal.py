"""The entry log in SQLite: one transaction for each answer, on disk before it returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo

from kiosk.adapters.storage.database import DamagedDatabaseError, DatabaseError, OpenDatabase
from kiosk.adapters.storage.logrows import (
    Head,
    check_end,
    event_of,
    head_of,
    last_position,
    read_records,
    records_since,
    told_as_trouble,
)
from kiosk.adapters.storage.logsigning import own_signer
from kiosk.adapters.storage.logtables import INSERT_ENTRY
from kiosk.adapters.storage.sealed import sealed_amendments
from kiosk.core.chain import Moment, link
from kiosk.core.entry import EntryDraft, EntryRecord, line_of, next_hlc
from kiosk.core.guests.amendments import Amendment
from kiosk.desk.identifiers import uuid7
from kiosk.desk.ports import WHOLE_DAY, Clock, LogMovedError, News, StorageTroubleError

SIGN_EVERY = 50  # entries
SIGN_AFTER = 300.0  # seconds
QUIET = 20.0  # seconds without an answer, after which nobody waits for a disk
# Pages of 4 KiB, some 1,000 answers: only a door that is never quiet reaches them. The file keeps
# its size while the door is open: a sync of what is written over costs half of one that grows it.
_WAL_PAGES = 4_000
_NOW = (
    "SELECT ifnull(max(position), 0), "
    "(SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'guest_list_version') FROM entries"
)


class SqliteJournal:
    """Implements the desk's `Journal` over one connection, in the thread that opened it.

    zone: of the event, whose days are those of the first look.
    """

    def __init__(
        self,
        database: OpenDatabase,
        event_id: str,
        clock: Clock,
        boot: str,
        zone: tzinfo = UTC,
    ) -> None:
        """Raises DatabaseError, StorageTroubleError."""
        self._database, self._event, self._clock, self._boot = database, event_id, clock, boot
        self._zone = zone
        self._since = self._midnight()
        self._written = 0.0  # monotonic; there is something to tidy up since then
        self._untidy = False
        self._check_event()
        database.connection.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}")
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('event', ?)", (event_id,))
            self._signer = own_signer(database, event_id)
            head = self._sound_head(connection)
            self._signer.checkpoint(connection, head, clock.now(), Moment.OPENED)
        self._signed = head.seq, clock.monotonic()
        self._known = -1, head  # a position of the log, and the end of this kiosk's own there

    def _check_event(self) -> None:
        """Entries of another event would count as today's. Raises DatabaseError."""
        other = event_of(self._database.connection)
        if other and other != self._event:
            raise DatabaseError(
                f"{self._database.path} holds entries of another event ({other})",
                "Give each event a state folder of its own with --state.",
            )

    def _sound_head(self, connection: sqlite3.Connection) -> Head:
        """The end of this kiosk's log, intact since its last checkpoint. Raises DatabaseError."""
        finding = check_end(connection, self._signer.log, self._signer.key.public_key())
        if finding:
            raise DamagedDatabaseError(
                f"The entry log in {self._database.path} was changed: entry {finding.seq} "
                f"is {finding.flaw}",
                "Move the database aside and keep it; then start again.",
            )
        return head_of(connection, self._signer.log)

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
        answer: str = "",
    ) -> tuple[EntryRecord, ...]:
        """Record all drafts, and store what they tell of, in one transaction (see the port)."""
        sealed = self._sealed(amendments)
        with self._transaction() as connection:
            position, version = connection.execute(_NOW).fetchone()
            if after is not None and position != after:
                raise LogMovedError
            head = self._head_at(connection, position)
            records: list[EntryRecord] = []
            for draft in drafts:
                record = self._record(draft, at, head, version)
                head = self._insert(connection, record, head.digest)
                records.append(record)
            connection.executemany("INSERT INTO amendments VALUES (?, ?)", sealed)
            if answer:
                self._signer.count(connection, answer, drafts[0].door, at)
            due = self._due(head.seq)
            if due:
                self._signer.checkpoint(connection, head, at, Moment.RUNNING)
        self._known = position + len(records), head
        if due:
            self._signed = head.seq, self._clock.monotonic()
        return tuple(records)

    def _sealed(self, amendments: Sequence[Amendment]) -> list[tuple[str, bytes]]:
        try:
            return sealed_amendments(self._database, amendments)
        except DatabaseError as error:
            raise StorageTroubleError(error.problem) from None

    def news(self, after: int = 0) -> News:
        """What stands behind a position (see the port)."""
        self._database.check_file()  # a green answer may rest on records alone
        connection, since = self._database.connection, self._midnight()
        with told_as_trouble():
            position = last_position(connection)
            if after == 0 or since < self._since:  # the first look, or the clock went back
                self._since = min(since, self._since)
                return News(records_since(connection, since), position)
        return News(read_records(self._database, after), position)

    def _midnight(self) -> datetime:
        """When the event's day began that it is now."""
        today = self._clock.now().astimezone(self._zone).date()
        return datetime.combine(today, time.min, self._zone)

    def tally(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry."""
        with self._transaction() as connection:
            self._signer.count(connection, answer, door, at)

    def tallied(self, answer: str, day: date, hours: range = WHOLE_DAY) -> int:
        """How often `answer` was counted on `day` (UTC), by all whose log is here."""
        query = (
            "SELECT total(count) FROM tallies "
            "WHERE answer = ? AND day = ? AND hour >= ? AND hour < ?"
        )
        asked = answer, day.isoformat(), hours.start, hours.stop
        with told_as_trouble():
            row = self._database.connection.execute(query, asked).fetchone()
        return int(row[0])

    def rest(self) -> None:
        """Nobody is at the door just now: sign what is not signed, empty the write-ahead log."""
        if self._untidy and self._clock.monotonic() - self._written >= QUIET:
            self._tidy(Moment.RUNNING)

    def close(self) -> None:
        """Sign the log as closed."""
        self._tidy(Moment.CLOSED)

    def _tidy(self, moment: Moment) -> None:
        with self._transaction() as connection:
            head = head_of(connection, self._signer.log)
            self._signer.checkpoint(connection, head, self._clock.now(), moment)
        self._signed = head.seq, self._clock.monotonic()
        mode = "TRUNCATE" if moment is Moment.CLOSED else "RESTART"
        with told_as_trouble():
            self._database.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
        self._untidy = False

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; COMMIT returns after the write-ahead log is synced."""
        connection = self._database.connection
        try:
            with told_as_trouble():
                connection.execute("BEGIN IMMEDIATE")
                self._database.check_file()  # nobody can set the file aside while it is locked
                yield connection
                connection.execute("COMMIT")
            self._written, self._untidy = self._clock.monotonic(), True
        finally:
            if connection.in_transaction:  # whatever went wrong, the next entry can be written
                connection.execute("ROLLBACK")

    # Inside a transaction

    def _head_at(self, connection: sqlite3.Connection, position: int) -> Head:
        """The end of this log, looked up only where another screen has written since."""
        known, head = self._known
        return head if position == known else head_of(connection, self._signer.log)

    def _insert(self, connection: sqlite3.Connection, record: EntryRecord, previous: bytes) -> Head:
        line = line_of(record)
        digest = link(previous, line)
        row = (*self._signer.log, record.seq, record.id, line, digest)
        connection.execute(INSERT_ENTRY, row)
        return Head(record.seq, digest, record.hlc)

    def _due(self, seq: int) -> bool:
        signed, when = self._signed
        return seq - signed >= SIGN_EVERY or self._clock.monotonic() - when >= SIGN_AFTER

    def _record(self, draft: EntryDraft, at: datetime, head: Head, version: int) -> EntryRecord:
        return EntryRecord(
            id=uuid7(at),
            epoch=self._signer.log.epoch,
            seq=head.seq + 1,
            event=self._event,
            kiosk=self._signer.log.kiosk,
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
            hlc=next_hlc(head.hlc, at),
            boot=self._boot,
            mono=round(self._clock.monotonic(), 3),
            list_version=version,
        )
