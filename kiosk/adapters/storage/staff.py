"""Staff in SQLite: names and PINs sealed, sessions by pseudonym, each change on disk at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase
from kiosk.adapters.storage.logrows import told_as_trouble
from kiosk.adapters.storage.sealed import opened_rows, sealer_of
from kiosk.core.staff.records import member_from_json, member_to_json
from kiosk.core.staff.register import Ended, Member, Session
from kiosk.core.staff.roles import Role
from kiosk.core.staff.tries import Moment, Try, counting, wait
from kiosk.desk.ports import Clock, Journal, StorageTroubleError
from kiosk.desk.sessions import Sessions

_SESSION = "id, member, role, kiosk, door, screen, opened, closed, ended"


class StoredStaff:
    """Implements the desk's `StaffBook`, and is where staff are authorised and withdrawn."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database

    def members(self) -> tuple[Member, ...]:
        """Everybody who was ever authorised here, the first one first."""
        with _told():
            return tuple(opened_rows(self._database, "staff", member_from_json))

    def keep_member(self, member: Member) -> None:
        """Put a member, or what became of one, on disk. Raises StorageTroubleError."""
        with _told():
            sealed = sealer_of(self._database).seal("staff", member.id, member_to_json(member))
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO staff (id, sealed) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
                (member.id, sealed),
            )

    def sessions(self) -> tuple[Session, ...]:
        """All sessions, in the order in which they were opened."""
        query = f"SELECT {_SESSION} FROM register ORDER BY rowid"  # noqa: S608  # our own names
        with _told():
            return tuple(_session(row) for row in self._database.connection.execute(query))

    def keep_session(self, session: Session) -> None:
        """Put a session, or what became of it, on disk."""
        with self._transaction() as connection:
            connection.execute(
                f"INSERT INTO register ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
                "ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, ended = excluded.ended",
                _row(session),
            )

    def tries(self) -> tuple[Try, ...]:
        """The tries of PINs that were kept."""
        query = "SELECT person, boot, seconds FROM pin_tries ORDER BY rowid"
        with _told():
            rows = self._database.connection.execute(query).fetchall()
        return tuple(Try(person, Moment(boot, seconds)) for person, boot, seconds in rows)

    def take_try(self, new: Try) -> float:
        """Put a try on disk where it may be made, else the seconds to wait; one at a time."""
        with self._transaction() as connection:
            before = self.tries()
            seconds = wait(before, new.person, new.moment)
            if seconds:
                return seconds
            old = counting(before, new.moment)
            connection.execute("DELETE FROM pin_tries")
            connection.executemany(
                "INSERT INTO pin_tries VALUES (?, ?, ?)",
                [(each.person, each.moment.boot, each.moment.seconds) for each in (*old, new)],
            )
        return 0.0

    def forget_tries(self, person: str) -> None:
        """The person's PIN was right."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM pin_tries WHERE person = ?", (person,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; COMMIT returns after the write-ahead log is synced."""
        self._database.check_file()
        connection = self._database.connection
        try:
            with _told():
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def sessions_in(
    database: OpenDatabase,
    clock: Clock,
    boot: str,
    zone: ZoneInfo,
    journal: Journal | None = None,
    badge_key: Ed25519PublicKey | None = None,
) -> Sessions:
    """The sessions of a database's kiosk; `boot` is the id of the start that `clock` runs since."""
    return Sessions(
        StoredStaff(database),
        journal,
        database.meta("kiosk"),
        zone,
        lambda: Moment(boot, clock.monotonic()),
        badge_key,
    )


@contextmanager
def _told() -> Iterator[None]:
    """Troubles of the database as the desk knows them."""
    try:
        with told_as_trouble():
            yield
    except DatabaseError as error:
        raise StorageTroubleError(str(error)) from None


def _row(session: Session) -> tuple[str | None, ...]:
    return (
        session.id,
        session.member,
        session.role.value,
        session.kiosk,
        session.door,
        session.screen,
        session.opened.isoformat(),
        session.closed.isoformat() if session.closed else None,
        session.ended.value if session.ended else None,
    )


def _session(row: tuple[str, ...]) -> Session:
    id_, member, role, kiosk, door, screen, opened, closed, ended = row
    return Session(
        id_,
        member,
        Role(role),
        kiosk,
        door,
        screen,
        datetime.fromisoformat(opened),
        datetime.fromisoformat(closed) if closed else None,
        Ended(ended) if ended else None,
    )
