"""A database that is damaged, foreign or gone: set aside, and what survives goes into a new one.

The door goes on with the new file; the old one stays as evidence, under a name with the time. A
new epoch of the log begins, so that nothing is ever added to a chain that broke. Rows are copied as
they are, sealed ones without their key where it is not here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from kiosk.adapters.files import write_whole
from kiosk.adapters.storage.database import (
    FILE_NAME,
    SQLITE_ERRORS,
    DamagedDatabaseError,
    DatabaseError,
    OpenDatabase,
    alone_in,
    make_database,
    open_alone,
    trouble_with,
)
from kiosk.adapters.storage.salvage import Salvaged, salvage
from kiosk.core.sealing import Sealer
from kiosk.desk.ports import StorageNote

Used = TypeVar("Used")

RECOVERED = "recovered"  # in meta, until a door has told it
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
_SET_ASIDE = re.compile(re.escape(FILE_NAME) + r"\.corrupt-\d{8}T\d{6}Z(\.\d+)?")


@dataclass(frozen=True)
class Recovery:
    """What became of a database that could not be used.

    moved_to: the name that its files begin with now, whichever of them were still there.
    """

    moved_to: Path
    salvaged: Salvaged

    def told(self) -> str:
        """For the supervisor: what was saved, what was not, and what to do."""
        return (
            f"The database was damaged or gone. What is left of it was set aside as "
            f"{self.moved_to.name}; keep it. {self.salvaged.told()}"
        )

    @property
    def words(self) -> Path:
        """The file that tells it to whoever comes later; `kiosk doctor` reads it."""
        return self.moved_to.with_name(self.moved_to.name + ".txt")

    def kept(self) -> str:
        """Note and words, as they wait in the new database until a door has told them."""
        return f"{self.note}\n{self.told()}"

    @property
    def note(self) -> StorageNote:
        """The same for the window, in short."""
        if not self.salvaged.readable:
            return StorageNote.NOTHING
        return StorageNote.IN_PART if self.salvaged.damaged else StorageNote.RECOVERED


def open_or_recover(
    folder: Path, sealer: Sealer | None, at: datetime, use: Callable[[OpenDatabase], Used]
) -> tuple[Used, Recovery | None]:
    """`open_or_recover_alone`, while no other program opens or recovers it."""
    with alone_in(folder):
        return open_or_recover_alone(folder, sealer, at, use)


def open_or_recover_alone(
    folder: Path, sealer: Sealer | None, at: datetime, use: Callable[[OpenDatabase], Used]
) -> tuple[Used, Recovery | None]:
    """What `use` makes of the database in `folder`; and what was saved, where it had to be made.

    A database that is whole and cannot be used just now (locked, read-only, of a newer version)
    stays where it is. use: raises DamagedDatabaseError where it finds that it is not whole; the
    database stays open unless it raises anything. Raises DatabaseError, and what `use` raises.
    """
    recovery = None
    try:
        if not (folder / FILE_NAME).exists() and set_aside_in(folder):
            recovery = recover(folder, sealer, at)  # the power went while it was set aside
        return used_by(use, open_alone(folder, sealer)), recovery
    except DamagedDatabaseError:
        if recovery is not None:
            raise
        recovery = recover(folder, sealer, at)
        return used_by(use, open_alone(folder, sealer)), recovery


def used_by(use: Callable[[OpenDatabase], Used], database: OpenDatabase) -> Used:
    """What `use` makes of the database, which is closed where it makes nothing of it."""
    try:
        return use(database)
    except SQLITE_ERRORS as error:
        database.close()
        raise trouble_with(database.path, error) from None
    except BaseException:
        database.close()
        raise


def set_aside_in(folder: Path) -> list[Path]:
    """The databases that were set aside there, oldest first."""
    try:
        return sorted(file for file in folder.iterdir() if _SET_ASIDE.fullmatch(file.name))
    except OSError:
        return []


def recover(
    folder: Path, sealer: Sealer | None, at: datetime, old: sqlite3.Connection | None = None
) -> Recovery:
    """Set the database in `folder` aside, and put what survives into a new one in its place.

    Whatever moment the power goes at: either the old files are there, or the new one is, or the old
    one is found where it was set aside. Raises DatabaseError.
    """
    path = folder / FILE_NAME
    before = set_aside_in(folder)
    cut_short = before[-1] if before and not path.exists() and old is None else None
    found: list[Recovery] = []

    def before_named(new: sqlite3.Connection) -> None:
        if cut_short is not None:  # by a power cut, before all was moved
            _bring_log(path, cut_short)
        with _source(cut_short or path, old) as source:
            salvaged = salvage(source, new, sealer)
        moved_to = cut_short or _name_aside(path, before, at)
        found.append(Recovery(moved_to, salvaged))
        new.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (RECOVERED, found[0].kept()))
        if not cut_short:
            _set_aside(path, moved_to)

    try:
        make_database(path, before_named)
    except (OSError, *SQLITE_ERRORS) as error:
        raise DatabaseError(
            f"The database {path} is damaged and could not be set aside ({error})",
            "Close all other programs of this kiosk, free some space, and start again.",
        ) from None
    with suppress(OSError):  # the log of the program and the window tell it as well
        write_whole(found[0].words, f"{found[0].told()}\n".encode())
    return found[0]


@contextmanager
def _source(file: Path, old: sqlite3.Connection | None) -> Iterator[sqlite3.Connection | None]:
    """What is to be read, the old connection or the file; None where there is nothing.

    Nobody else writes meanwhile, where the file allows to keep others out.
    """
    if old is not None:
        with _alone(old):
            yield old
        return
    if not file.is_file():
        yield None
        return
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        with suppress(*SQLITE_ERRORS):  # read a file that is shorter than it says, too
            connection.execute("PRAGMA writable_schema=ON")
        with _alone(connection):
            yield connection


@contextmanager
def _alone(connection: sqlite3.Connection) -> Iterator[None]:
    """Another screen of this kiosk may not have noticed yet, and would go on writing."""
    with suppress(*SQLITE_ERRORS):
        connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        with suppress(*SQLITE_ERRORS):
            connection.execute("ROLLBACK")


def _name_aside(path: Path, before: list[Path], at: datetime) -> Path:
    name = f"{FILE_NAME}.corrupt-{stamp(at)}"
    same = sum(other.name.startswith(name) for other in before)
    return path.with_name(f"{name}.{same}" if same else name)


def _set_aside(path: Path, aside: Path) -> None:
    """Give the files of the old database another name, its log one that belongs to it."""
    if path.exists():
        path.rename(aside)  # first: a database without its log is less than a log without it
    _bring_log(path, aside)


def _bring_log(path: Path, aside: Path) -> None:
    for end in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))


def stamp(at: datetime) -> str:
    """The time as it stands in names of files."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
