"""Logs that travel between desks: brought away as one signed file, and taken in from others.

Taking in adds what is new and changes nothing that is there, so that files may come in any order,
overlap, and come again. What contradicts a log that is here is kept apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.adapters.storage.logrows import (
    checkpoints_of,
    counts_of,
    event_of,
    head_of,
    links_of,
    logs_in,
)
from kiosk.adapters.storage.logsigning import own_signer
from kiosk.adapters.storage.logtables import INSERT_ENTRY
from kiosk.core.chain import Checked, Finding, Flaw, Link, LogName, Moment, checkpoint_of
from kiosk.core.entry import json_of
from kiosk.core.signedlog import SignedLog, check_signed_log, links_of_lines, write_logs


@dataclass(frozen=True)
class Arrival:
    """What became of one log of a file.

    added, known: entries. unsigned: entries behind its last checkpoint, which are left out. first:
    its kiosk was never heard of before, and its key is known from now on. finding: it does not
    hold, and nothing of it was taken. other_key: it is signed with another key than that kiosk's,
    and nothing was taken. fork: the number from which on it contradicts the log that is here; from
    there on it is kept apart.
    """

    log: SignedLog
    added: int = 0
    known: int = 0
    unsigned: int = 0
    first: bool = False
    finding: Finding | None = None
    other_key: bool = False
    other_event: bool = False
    fork: int | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing of it was taken."""
        broken = self.finding is not None and not self.finding.of_counts
        return broken or self.other_key or self.other_event

    @property
    def whole(self) -> bool:
        """Whether there is nothing that somebody should look at."""
        clean = self.finding is None and self.fork is None
        return clean and not (self.other_key or self.other_event)


# Out


def signed_log(connection: sqlite3.Connection, name: LogName, event: str) -> SignedLog | None:
    """One log with everything that vouches for it; None where its kiosk's key is not known."""
    row = connection.execute("SELECT key FROM signers WHERE kiosk = ?", name[:1]).fetchone()
    if row is None:
        return None
    return SignedLog(
        event,
        name,
        row[0],
        tuple(str(one.line) for one in links_of(connection, name)),
        tuple(checkpoints_of(connection, name)),
        tuple(counts_of(connection, name, event)),
    )


def export_logs(database: OpenDatabase, at: datetime) -> list[SignedLog]:
    """All logs that are here, those of this kiosk signed to their last entry.

    One of an earlier epoch may have ended without its last signature: with the database that was
    set aside. Raises DatabaseError.
    """
    connection = database.connection
    with _transaction(database):
        event = event_of(connection)
        signer = own_signer(database, event)
        for name in logs_in(connection):
            if name.kiosk == signer.log.kiosk:
                mine = replace(signer, log=name)
                mine.checkpoint(connection, head_of(connection, name), at, Moment.EXPORTED)
        logs = (signed_log(connection, name, event) for name in logs_in(connection))
        return [log for log in logs if log is not None]


def take_back_export(database: OpenDatabase, logs: Iterable[SignedLog], at: datetime) -> None:
    """The file was not written: a purge shall not take these entries for brought away.

    logs, at: of `export_logs`. Raises DatabaseError.
    """
    with _transaction(database):
        for log in logs:
            for one in log.checkpoints:
                told = checkpoint_of(one.line)
                if (told.moment, told.at) == (Moment.EXPORTED, at):
                    database.connection.execute(
                        "DELETE FROM checkpoints "
                        "WHERE kiosk = ? AND epoch = ? AND seq = ? AND line = ?",
                        (*log.name, told.seq, one.line),
                    )


# In


def import_log(database: OpenDatabase, log: SignedLog) -> Arrival:
    """Take in what is new of a log. Raises DatabaseError."""
    checked = check_signed_log(log)
    if checked.finding and not checked.finding.of_counts:
        return Arrival(log, finding=checked.finding)
    try:
        with _transaction(database):
            return _Taking(database.connection, log, checked).take()
    except _DoubledError:
        return Arrival(log, finding=Finding(Flaw.DOUBLED, 0))


class _DoubledError(Exception):
    """An entry has the id of one of another log."""


class _Taking:
    """One log on its way in; within a transaction."""

    def __init__(self, connection: sqlite3.Connection, log: SignedLog, checked: Checked) -> None:
        self._connection, self._log = connection, log
        self._signed, self._finding = checked.signed, checked.finding

    def take(self) -> Arrival:
        log, connection = self._log, self._connection
        here = event_of(connection)
        if here and here != log.event:
            return Arrival(log, other_event=True)
        row = connection.execute(
            "SELECT key FROM signers WHERE kiosk = ?", (log.name.kiosk,)
        ).fetchone()
        if row is not None and row[0] != log.key:
            return Arrival(log, other_key=True)
        if row is None:
            connection.execute("INSERT INTO signers VALUES (?, ?)", (log.name.kiosk, log.key))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('event', ?)", (log.event,))
        fork, added = self._entries()
        self._checkpoints(self._signed if fork is None else fork - 1)
        if self._finding is None or self._finding.flaw is not Flaw.COUNT_CHANGED:
            self._counts()
        known = self._signed - added if fork is None else fork - 1 - added
        unsigned = len(log.lines) - self._signed
        return Arrival(log, added, known, unsigned, row is None, self._finding, fork=fork)

    def _entries(self) -> tuple[int | None, int]:
        """Where the log contradicts the one that is here, and how many entries were added."""
        query = "SELECT seq, digest FROM entries WHERE kiosk = ? AND epoch = ?"
        here: dict[int, bytes] = dict(self._connection.execute(query, self._log.name).fetchall())
        new: list[Link] = []
        for one in links_of_lines(self._log.lines[: self._signed]):
            there = here.get(one.seq)
            if there is not None and there != one.digest:
                self._keep_apart(one.seq)
                return one.seq, 0
            if there is None:
                new.append(one)
        rows = [
            (*self._log.name, one.seq, str(json_of(one.line).get("id")), one.line, one.digest)
            for one in new
        ]
        try:
            self._connection.executemany(INSERT_ENTRY, rows)
        except sqlite3.IntegrityError:
            raise _DoubledError from None
        return None, len(new)

    def _keep_apart(self, seq: int) -> None:
        """The whole log with its signatures: together they prove that there are two."""
        text = write_logs([self._log]).decode()
        *_, last = links_of_lines(self._log.lines)
        self._connection.execute(
            "INSERT OR IGNORE INTO forks VALUES (?, ?, ?, ?, ?)",
            (*self._log.name, seq, last.digest, text),
        )

    def _checkpoints(self, up_to: int) -> None:
        told = [(one, checkpoint_of(one.line)) for one in self._log.checkpoints]
        self._connection.executemany(
            "INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?, ?, ?)",
            [(*self._log.name, it.seq, *one) for one, it in told if it.seq <= up_to],
        )

    def _counts(self) -> None:
        """Counts only grow, so the larger one is the later one."""
        self._connection.executemany(
            "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "count = excluded.count, signature = excluded.signature "
            "WHERE excluded.count > count",
            [(*count[1:], signature) for count, signature in self._log.counts],
        )


@contextmanager
def _transaction(database: OpenDatabase) -> Iterator[None]:
    connection = database.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise DatabaseError(
            f"The log could not be read or written ({getattr(error, 'sqlite_errorname', error)})",
            "Nothing was changed. Free disk space and try again.",
        ) from None
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
