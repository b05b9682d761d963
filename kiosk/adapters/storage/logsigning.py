"""What a kiosk signs of its own log: counts, and checkpoints of how far it has come."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.storage.database import OpenDatabase
from kiosk.adapters.storage.kioskkey import kiosk_key
from kiosk.adapters.storage.logrows import Head
from kiosk.core.chain import Checkpoint, Count, LogName, Moment


@dataclass(frozen=True)
class LogSigner:
    """The kiosk as the author of its log. Its methods belong inside a transaction."""

    event: str
    log: LogName
    key: Ed25519PrivateKey

    def checkpoint(
        self, connection: sqlite3.Connection, head: Head, at: datetime, moment: Moment
    ) -> None:
        """Sign how far the log has come; of one in which there is nothing it would tell nothing."""
        (counted,) = connection.execute(
            "SELECT total(count) FROM tallies WHERE kiosk = ? AND epoch = ?", self.log
        ).fetchone()
        if not head.seq and not counted:
            return
        (version,) = connection.execute(
            "SELECT value FROM meta WHERE key = 'guest_list_version'"
        ).fetchone()
        checkpoint = Checkpoint(
            self.event,
            *self.log,
            seq=head.seq,
            head=head.digest.hex(),
            at=at,
            list_version=int(version),
            counted=int(counted),
            moment=moment,
        )
        connection.execute(
            "INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?, ?, ?)",
            (*self.log, head.seq, *checkpoint.signed(self.key)),
        )

    def count(self, connection: sqlite3.Connection, answer: str, door: str, at: datetime) -> None:
        """One more `answer` at a door in the hour of `at`."""
        utc = at.astimezone(UTC)
        place = (*self.log, utc.date().isoformat(), utc.hour, door, answer)
        row = connection.execute(
            "SELECT CAST(count AS INTEGER) FROM tallies WHERE kiosk = ? AND epoch = ? "
            "AND day = ? AND hour = ? AND door = ? AND answer = ?",
            place,
        ).fetchone()
        count = Count(self.event, *place, row[0] + 1 if row else 1)
        connection.execute(
            "INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*count[1:], count.signed(self.key)),
        )


def own_signer(database: OpenDatabase, event: str) -> LogSigner:
    """Whose log this is; inside a transaction. Raises DatabaseError.

    A kiosk whose key is lost, or another one, is another kiosk: what was signed before stays as it
    is, under the key that it was signed with.
    """
    connection = database.connection
    key = kiosk_key(database.path.parent)
    public = key.public_key().public_bytes_raw()
    log = LogName(database.meta("kiosk"), database.meta("epoch"))
    row = connection.execute("SELECT key FROM signers WHERE kiosk = ?", log[:1]).fetchone()
    if row is not None and row[0] != public:
        log, row = LogName(secrets.token_hex(4), secrets.token_hex(8)), None
        connection.executemany(
            "UPDATE meta SET value = ? WHERE key = ?",
            [(log.kiosk, "kiosk"), (log.epoch, "epoch")],
        )
    if row is None:
        connection.execute("INSERT INTO signers VALUES (?, ?)", (log.kiosk, public))
    return LogSigner(event, log, key)
