"""The database file of one kiosk: opened so that what it acknowledges survives a power cut.

WAL with synchronous=FULL: in 20,000 simulated power cuts nothing that was acknowledged was lost;
with synchronous=NORMAL every third cut lost an entry (docs/storage.md).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.adapters.files import sync_folder
from kiosk.adapters.storage.schema import APPLICATION_ID, SCHEMA_VERSION, create_tables
from kiosk.core.sealing import Sealer
from kiosk.desk.ports import StorageTroubleError

FILE_NAME = "kiosk.sqlite3"
PURGING = "purge"  # in meta, while a purge was begun and not finished
# What is not whole, by SQLite's names; by Python's, which has none for text that is not UTF-8.
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "OperationalError", "UnicodeDecodeError")
# The words of an error may quote a damaged file, and then be no text themselves.
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
LOG_FILES = ("-wal", "-shm")  # beside it while it is open: the write-ahead log and its index
_MAKING = ".making"
MAKING_TIMEOUT = 60.0  # seconds; what is read back from a million entries takes some ten
BUSY_TIMEOUT = 2.0  # seconds; far below what a window waits for its desk at the end

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",  # a deleted guest leaves no bytes behind
    "PRAGMA foreign_keys=ON",
)


_SET_ASIDE = (
    "Move it aside and keep it, and import the guest list again; or start `kiosk run`, which does "
    "so by itself and reads what survives."
)


class DatabaseError(Exception):
    """A database that cannot be used: what is wrong, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy


class DamagedDatabaseError(DatabaseError):
    """No whole database of this program: a door sets it aside and goes on (see `recovery`)."""


@dataclass
class OpenDatabase:
    """An open connection, bound to the thread that opened it, and the files it must stay.

    sealer: of the guests; None where a command needs no guest.
    """

    path: Path
    connection: sqlite3.Connection
    inodes: tuple[int, ...]
    sealer: Sealer | None = None

    def check_file(self) -> None:
        """Writes into a file that was deleted or replaced succeed and are lost: look first.

        Raises StorageTroubleError.
        """
        try:
            same = _inodes(self.path) == self.inodes
        except OSError:
            same = False
        if not same:
            raise StorageTroubleError("the database file was moved or deleted")

    def meta(self, key: str) -> str:
        """A value that describes this database."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> OpenDatabase:
        """For commands, which open it for one thing."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_database(folder: Path, sealer: Sealer | None = None) -> OpenDatabase:
    """The database in `folder`, for a command that makes none. Raises DatabaseError."""
    try:
        (folder / FILE_NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise DatabaseError(f"There is no kiosk database in {folder}", "Check --state.") from None
    except OSError as error:
        raise trouble_with(folder / FILE_NAME, error) from None
    return open_database(folder, sealer)


def open_database(folder: Path, sealer: Sealer | None = None) -> OpenDatabase:
    """The kiosk's database in `folder`, made if it is not there; `sealer` opens its guests.

    Raises DatabaseError, also where the guests were sealed with another key.
    """
    if (folder / FILE_NAME).exists():
        return open_alone(folder, sealer)
    with alone_in(folder):
        return open_alone(folder, sealer)


def open_alone(folder: Path, sealer: Sealer | None = None) -> OpenDatabase:
    """The same, for whoever is `alone_in` the folder. Raises DatabaseError."""
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
    except (OSError, *SQLITE_ERRORS) as error:
        raise DatabaseError(
            f"The state folder {folder} cannot be used ({error})",
            "Choose a folder that you may write to with --state.",
        ) from None
    try:
        return _with_sealer(_prepared(path, connection), sealer)
    except DatabaseError:
        connection.close()
        raise
    except (OSError, *SQLITE_ERRORS) as error:
        connection.close()
        raise trouble_with(path, error) from None


def open_copy(path: Path) -> OpenDatabase:
    """A database that lies anywhere, by whatever name, to be read alone. Raises DatabaseError.

    Of one without its write-ahead log only the file itself is read.
    """
    alone = not path.with_name(path.name + "-wal").exists()
    uri = f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.text_factory = lenient
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except SQLITE_ERRORS as error:
        raise DatabaseError(f"{path} cannot be read ({error})", "Copy it again.") from None
    if (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
        connection.close()
        raise DatabaseError(
            f"{path} is no database of this version of the program",
            "Give a copy of kiosk.sqlite3, or of one that was set aside.",
        )
    return OpenDatabase(path, connection, ())


def trouble_with(path: Path, error: Exception) -> DatabaseError:
    """Only a damaged database is to be moved aside; any other is still good."""
    nameless = "" if isinstance(error, OSError) else type(error).__name__
    name = getattr(error, "sqlite_errorname", nameless)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseError(
            f"The database {path} is in use by another program ({error})",
            "Wait until that is done, or end it, and try again.",
        )
    if name.startswith(DAMAGED) or (name and path.is_dir()):
        return DamagedDatabaseError(f"The database {path} is damaged ({error})", _SET_ASIDE)
    if name.startswith("SQLITE_FULL"):
        return DatabaseError(f"The disk of {path} is full ({error})", "Free some space.")
    return DatabaseError(
        f"The database {path} cannot be opened for writing ({error})",
        f"Leave it where it is; give this user the right to read and write {path.parent} and "
        "the files in it.",
    )


def make_database(path: Path, before_named: Callable[[sqlite3.Connection], None]) -> None:
    """A new database, under its own name only when it is whole: a start may be cut short.

    before_named: what else goes into it first. Raises OSError, sqlite3.Error.
    """
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        create_tables(connection)
        before_named(connection)
    unfinished.replace(path)
    sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path, patience: float = MAKING_TIMEOUT) -> Iterator[None]:
    """One program at a time makes a database there: two screens start at once, and see the same.

    A lock of SQLite's own, on a file that holds nothing: it ends with whoever holds it, however
    that ends. In a folder that takes no file nobody makes anything. patience: seconds. Raises
    DatabaseError.
    """
    try:
        lock = _lock(folder, patience)
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise trouble_with(folder / FILE_NAME, error) from None
        yield  # what opens the database tells what is wrong with the folder
        return
    with closing(lock):
        yield


def _lock(folder: Path, patience: float) -> sqlite3.Connection:
    """Holds the lock until it is closed. Raises OSError, sqlite3.Error."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / _MAKING).touch(mode=0o600)
    lock = sqlite3.connect(folder / _MAKING, timeout=patience, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        lock.close()
        raise
    return lock


def _make(path: Path) -> None:
    """A database with nothing in it. Raises DamagedDatabaseError where one was there before."""
    if any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal")):
        # SQLite would take it for the log of the new file, and put pages of the old one into it.
        raise DamagedDatabaseError(f"The database {path} is gone, and its log is there", _SET_ASIDE)
    make_database(path, lambda _: None)


def lenient(text: bytes) -> str:
    """Text as it is read from a database: what is damaged is told by digests, not by an error."""
    return text.decode("utf-8", "replace")


def _prepared(path: Path, connection: sqlite3.Connection) -> OpenDatabase:
    connection.text_factory = lenient
    _check_identity(path, connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    connection.execute("SELECT count(*) FROM meta")  # now the write-ahead log is there as well
    return OpenDatabase(path, connection, _inodes(path))


def _with_sealer(database: OpenDatabase, sealer: Sealer | None) -> OpenDatabase:
    """The database with its guests' key, which it knows by name from the first time on."""
    if sealer is None:
        return database
    if database.meta(PURGING):
        database.close()
        raise DatabaseError(
            "The guests of this state folder are being deleted, which was not finished",
            "Finish it first: kiosk purge.",
        )
    if not database.meta("data_key"):
        database.connection.execute(
            "INSERT OR IGNORE INTO meta VALUES ('data_key', ?)", (sealer.key_name,)
        )
    if database.meta("data_key") != sealer.key_name:
        raise DatabaseError(
            f"The guests in {database.path} were sealed with another key than that of this folder",
            "Bring back the file keys/data-key.json that belongs to it. Where that is lost, "
            "`kiosk purge` drops the guests; then import the list again. The log is not sealed.",
        )
    database.sealer = sealer
    return database


def _inodes(path: Path) -> tuple[int, ...]:
    """Of the database, its write-ahead log and the index of that, which hold its entries together.

    Asked for before every entry, so in plain text: paths would take as long as the entry itself.
    """
    name = str(path)
    files = (name, *(f"{name}{end}" for end in LOG_FILES))
    return tuple(os.stat(file).st_ino for file in files)  # noqa: PTH116


def _check_identity(path: Path, connection: sqlite3.Connection) -> None:
    """An empty file opens as an empty database, and any program's file opens: neither is ours."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise DamagedDatabaseError(f"{path} is not a database of this program", _SET_ASIDE)
    if version != SCHEMA_VERSION:
        age = "a newer" if version > SCHEMA_VERSION else "an older"
        raise DatabaseError(
            f"{path} was written by {age} version of this program",
            "Use that version, or another state folder with --state.",
        )
    if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise DamagedDatabaseError(f"{path} is damaged", _SET_ASIDE)


def export_rows(database: OpenDatabase, table: str) -> list[dict[str, object]]:
    """All rows of `table`, for reports."""
    from sqlite_utils import Database

    return [dict(row) for row in Database(database.connection).table(table).rows]
