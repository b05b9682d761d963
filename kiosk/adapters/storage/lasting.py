"""The journal and the guests of a door that goes on when its database fails under it.

After trouble the database is opened again every few seconds, without a restart of the program: the
same file, or a new one with what survives where it is damaged or gone (see `recovery`). Meanwhile
every question is answered with StorageTroubleError, so that nothing is green.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from kiosk.adapters.files import write_whole
from kiosk.adapters.storage.ballast import Ballast
from kiosk.adapters.storage.database import (
    BUSY_TIMEOUT,
    DAMAGED,
    LOG_FILES,
    SQLITE_ERRORS,
    DamagedDatabaseError,
    DatabaseError,
    OpenDatabase,
    alone_in,
    open_alone,
)
from kiosk.adapters.storage.guests import StoredGuests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.loghead import LogHead, keep_head, kept_head, missing_since
from kiosk.adapters.storage.recovery import (
    RECOVERED,
    Recovery,
    open_or_recover_alone,
    recover,
    stamp,
    used_by,
)
from kiosk.adapters.storage.salvage import add_entries
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft, EntryRecord
from kiosk.core.guests.amendments import Amendment
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.policy.event import Event
from kiosk.core.sealing import Sealer
from kiosk.desk.ports import WHOLE_DAY, Clock, News, StorageNote, StorageTroubleError, TellStorage

AGAIN_AFTER = 3.0  # seconds between two attempts to open the database again
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL")  # nothing is wrong with the file
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")  # how a full disk is told

Answer = TypeVar("Answer")


class Place(NamedTuple):
    """Whose database this is: the state folder, the event, the door."""

    folder: Path
    event: Event
    door: str


class _Parts(NamedTuple):
    database: OpenDatabase
    journal: SqliteJournal
    guests: StoredGuests


class LastingStorage:
    """Implements the desk's `Journal` and `GuestSource`, in the thread that made it.

    tell: is called with what a supervisor should know. `database` stays the same object, so that
    others may use it beside. Raises DatabaseError, StorageTroubleError.
    """

    def __init__(
        self,
        place: Place,
        sealer: Sealer | None,
        clock: Clock,
        boot: str,
        tell: TellStorage,
    ) -> None:
        self._place, self._sealer, self._clock, self._boot = place, sealer, clock, boot
        self._tell, self._ballast, self._low = tell, Ballast(place.folder), False
        self._trouble = ""  # what the last question ran into; empty while all is well
        self._tried = clock.monotonic()
        self._anew = False  # positions of before mean nothing in a database that was made since
        self.database, self._journal, self._guests = self._open()
        self._tell_recovery()
        self._ballast.load()
        self._look_at_space()

    # The ports

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
        answer: str = "",
    ) -> tuple[EntryRecord, ...]:
        """Record all drafts in one transaction (see the port)."""
        records = self._ask(lambda: self._journal.append(drafts, at, after, amendments, answer))
        if records:
            keep_head(self._place.folder, LogHead(records[-1].epoch, records[-1].seq))
        return records

    def news(self, after: int = 0) -> News:
        """What came behind a position (see the port); all of it, from a database that is new."""
        news = self._ask(lambda: self._journal.news(0 if self._anew else after))
        self._anew = False
        return news

    def tally(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry."""
        self._ask(lambda: self._journal.tally(answer, door, at))

    def tallied(self, answer: str, day: date, hours: range = WHOLE_DAY) -> int:
        """How often `answer` was counted in these hours of a day (UTC)."""
        return self._ask(lambda: self._journal.tallied(answer, day, hours))

    def rest(self) -> None:
        """Nobody is at the door: also the moment to see whether the disk is well."""
        self._ask(lambda: self._journal.rest())
        self._look_at_space()

    def close(self) -> None:
        """Sign the log as closed, and let go of the file."""
        try:
            self._ask(lambda: self._journal.close())
        finally:
            self.database.close()

    def current(self) -> GuestList:
        """The guest list as it is now (see the port)."""
        return self._ask(lambda: self._guests.current())

    # Trouble, and the way out of it

    def _ask(self, ask: Callable[[], Answer]) -> Answer:
        if self._trouble:
            self._open_again()
        try:
            return self._with_ballast(ask)
        except StorageTroubleError as error:
            if not str(error).startswith(_PASSING):
                self._trouble, self._tried = str(error), self._clock.monotonic()
            raise

    def _with_ballast(self, ask: Callable[[], Answer]) -> Answer:
        """Ask once more with the room that was kept, where the disk is full."""
        try:
            return ask()
        except StorageTroubleError as error:
            if not str(error).startswith(_FULL) or not self._ballast.release():
                raise
        self._tell(StorageNote.FULL, "The disk is full; the room kept for this is used now.")
        return ask()

    def _look_at_space(self) -> None:
        """Tell once when the disk is nearly full, and keep room when it is not any more."""
        low = self._ballast.is_low()
        if low and not self._low:
            self._tell(StorageNote.LOW, "The disk is nearly full: less than 1 GB is free.")
        elif self._low and not low:
            self._ballast.load()
            self._tell(StorageNote.WELL, "There is room on the disk again.")
        self._low = low

    def _open_again(self) -> None:
        """Raises StorageTroubleError while that has just been tried, or does not work."""
        now = self._clock.monotonic()
        if now - self._tried < AGAIN_AFTER:
            raise StorageTroubleError(self._trouble)
        self._tried = now
        try:
            with alone_in(self._place.folder, BUSY_TIMEOUT):  # staff wait for an answer
                parts = self._opened_again()
        except (DatabaseError, OSError, *SQLITE_ERRORS):
            raise StorageTroubleError(self._trouble) from None
        fresh = parts.database
        self.database.connection, self.database.inodes = fresh.connection, fresh.inodes
        self._journal, self._guests = parts.journal, parts.guests
        self._trouble, self._anew = "", True
        self._tell_recovery()

    def _opened_again(self) -> _Parts:
        """The database anew, with everything that the connection of before still knows.

        What was deleted or replaced is there as long as somebody has it open (POSIX).
        Only while `alone_in` the folder. Raises DatabaseError, StorageTroubleError, sqlite3.Error.
        """
        old, there = self.database, _inode(self.database.path)
        if there == old.inodes[0]:
            old.close()  # which also writes what is in the write-ahead log into the file
            return self._open_alone()
        if there is not None:  # another screen may have recovered it, or it is a backup
            with suppress(DamagedDatabaseError):
                return self._joined(old)
        recover(self._place.folder, self._sealer, self._clock.now(), old.connection)
        old.close()
        return self._open_alone()

    def _joined(self, old: OpenDatabase) -> _Parts:
        """The database that is there now, with the entries of the one before."""
        self._let_go_of_log(old)
        fresh = open_alone(self._place.folder, self._sealer)
        parts = used_by(partial(_parts, self._place, self._clock, self._boot), fresh)
        try:
            add_entries(old.connection, fresh.connection)
        except SQLITE_ERRORS:
            fresh.close()
            raise
        old.close()
        return parts

    def _let_go_of_log(self, old: OpenDatabase) -> None:
        """The log of a database that was replaced would be taken for that of the new one.

        Who has it open can still read it.
        """
        for end, inode in zip(LOG_FILES, old.inodes[1:], strict=True):
            file = old.path.with_name(old.path.name + end)
            if _inode(file) == inode:
                name = f"{old.path.name}.replaced-{stamp(self._clock.now())}{end}"
                file.rename(file.with_name(name))

    def _open(self) -> _Parts:
        with alone_in(self._place.folder):
            return self._open_alone()

    def _open_alone(self) -> _Parts:
        return _opened(self._place, self._sealer, self._clock, self._boot)

    def _tell_recovery(self) -> None:
        """Tell the log and the supervisor that this database was made of another one."""
        kind, _, words = self.database.meta(RECOVERED).partition("\n")
        if not kind:
            return
        with suppress(StorageTroubleError, sqlite3.Error):
            self._note_recovery()
            self.database.connection.execute("DELETE FROM meta WHERE key = ?", (RECOVERED,))
        self._tell(StorageNote(kind), words)

    def _note_recovery(self) -> None:
        place = self._place
        note = EntryDraft(
            EntryAct.NOTE, "", "", place.door, EntryBasis.KIOSK, "", Cause.LOG_RECOVERED
        )
        (record,) = self._journal.append((note,), self._clock.now())
        keep_head(place.folder, LogHead(record.epoch, record.seq))


def recover_if_damaged(
    place: Place, sealer: Sealer | None, clock: Clock, boot: str
) -> Recovery | None:
    """Set a damaged database aside before anything else reads it; what was saved.

    Whether each guest opens is seen where they are read, by the desk, which then does the same: a
    long list is to be opened once at a start. Raises DatabaseError, StorageTroubleError.
    """

    def use(database: OpenDatabase) -> OpenDatabase:
        _begin_anew_if_shorter(database, clock.now())
        _journal(place, clock, boot, database)
        return database

    with alone_in(place.folder):
        database, recovery = open_or_recover_alone(place.folder, sealer, clock.now(), use)
    database.close()
    return recovery


def _opened(place: Place, sealer: Sealer | None, clock: Clock, boot: str) -> _Parts:
    def use(database: OpenDatabase) -> _Parts:
        _begin_anew_if_shorter(database, clock.now())
        return _parts(place, clock, boot, database)

    return open_or_recover_alone(place.folder, sealer, clock.now(), use)[0]


def _begin_anew_if_shorter(database: OpenDatabase, at: datetime) -> None:
    """A log that ends before its last entry goes on as another one, and a door tells it.

    Other desks may have what is missing: the same numbers again would contradict them, and count
    nowhere. Raises sqlite3.Error.
    """
    folder, connection = database.path.parent, database.connection
    missing = missing_since(database, kept_head(folder))
    if not missing:
        return
    words = (
        f"The last {missing:,} entries of the log are missing: its newest part (the file "
        f"ending in -wal) was deleted, or an older copy of the database is in its place. Who "
        "came in last may be asked for the certificate again."
    )
    with suppress(OSError):
        write_whole(folder / f"{database.path.name}.shorter-{stamp(at)}.txt", f"{words}\n".encode())
    told, epoch = f"{StorageNote.SHORTER}\n{words}", secrets.token_hex(8)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch,))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (RECOVERED, told))
    connection.execute("COMMIT")


def _parts(place: Place, clock: Clock, boot: str, database: OpenDatabase) -> _Parts:
    """What uses the database, once it was seen that it can be used."""
    guests = StoredGuests(database)
    if database.sealer is not None:
        guests.look()
    return _Parts(database, _journal(place, clock, boot, database), guests)


def _journal(place: Place, clock: Clock, boot: str, database: OpenDatabase) -> SqliteJournal:
    """The log in it. Raises DamagedDatabaseError, StorageTroubleError."""
    try:
        return SqliteJournal(database, place.event.id, clock, boot, place.event.time_zone)
    except StorageTroubleError as error:
        if str(error).startswith(DAMAGED):
            raise DamagedDatabaseError(f"{database.path} is damaged", "") from None
        raise


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
