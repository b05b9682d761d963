"""Reads what can still be read of a damaged database, row by row, into another one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kiosk.adapters.storage.database import SQLITE_ERRORS, lenient
from kiosk.adapters.storage.schema import APPLICATION_ID
from kiosk.core.chain import GENESIS, link
from kiosk.core.sealing import Sealer, SealError

Row = dict[str, Any]

_HELD = {"TEXT": str, "INTEGER": int, "REAL": float, "BLOB": bytes}
_LOG = ("entries", "signers", "checkpoints", "tallies", "amendments")  # what desks write


@dataclass
class Salvaged:
    """How many rows of each table were saved, and in which tables some were not."""

    rows: dict[str, int] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    readable: bool = True

    def told(self) -> str:
        """In words, for the supervisor."""
        if not self.readable:
            return (
                "Nothing could be read from it: import the guest list again. Who came in before is "
                "known from exports and paper alone."
            )
        saved = f"Saved: {self._of('entries')} of the log, {self._of('guests')}."
        if not self.damaged:
            return f"{saved} Nothing else was in it."
        lost = [remedy for table, remedy in _REMEDIES.items() if table in self.damaged]
        others = ", ".join(sorted(self.damaged - set(_REMEDIES)))
        lost += [f"Of {others} some are lost."] if others else []
        return " ".join([saved, *lost])

    def _of(self, table: str) -> str:
        count = self.rows.get(table, 0)
        return f"{count:,} {table if count != 1 else _ONE[table]}"


_ONE = {"entries": "entry", "guests": "guest"}
_REMEDIES = {
    "entries": "Some entries are lost: a guest who is in may be asked for the certificate again.",
    "guests": "Some guests are lost: import the guest list again.",
    "amendments": "Some changes made at a door are lost: look at the list of changes.",
}


def salvage(
    old: sqlite3.Connection | None, new: sqlite3.Connection, sealer: Sealer | None = None
) -> Salvaged:
    """Copy every row that can be read and is sound into a new database; its log is another epoch.

    old: None where there is nothing to read. sealer: that sealed rows are tried with.
    Raises sqlite3.Error of the new database alone.
    """
    found = Salvaged()
    if old is None or not _ours(old):
        found.readable = False
        return found
    new.execute("BEGIN IMMEDIATE")
    _add_tables(old, new)
    for table in _tables(new):
        _copy(_Table(old, new, table), _judge(old, table, sealer), found)
    new.execute("COMMIT")
    return found


def add_entries(old: sqlite3.Connection, new: sqlite3.Connection) -> Salvaged:
    """Add what desks wrote into `old` and is not in `new`, which is in its place now.

    Raises sqlite3.Error of the new database alone.
    """
    found = Salvaged()
    new.execute("BEGIN IMMEDIATE")
    for table in _LOG:
        _copy(_Table(old, new, table), _judge(old, table, None), found)
    new.execute("COMMIT")
    return found


class _Table:
    """One table, as it is in the old database and as it is to be in the new one."""

    def __init__(self, old: sqlite3.Connection, new: sqlite3.Connection, name: str) -> None:
        self.name, self._old, self._new = name, old, new
        columns = new.execute(f"PRAGMA table_info({name})").fetchall()
        # `position` is the order of arrival: those who come now are numbered anew.
        self.columns = [column[1] for column in columns if column[1] != "position"]
        self._types = {column: _HELD[held] for _, column, held, *_ in columns}
        self._empty = {  # may be
            column for _, column, _, needed, _, key in columns if not (needed or key)
        } - {"value"}
        (made,) = new.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        keys = [
            name for _, name in sorted((column[5], column[1]) for column in columns if column[5])
        ]
        self._order = keys if "WITHOUT ROWID" in made else ["rowid"]

    def read(self) -> tuple[list[Row], bool]:
        """The rows from the first one on, and from the last one back, to where the damage is."""
        forth, whole = self._scan("")
        if whole:
            return forth, True
        back, _ = self._scan(" DESC")
        met = {tuple(row.values()) for row in forth}
        return forth + [row for row in reversed(back) if tuple(row.values()) not in met], False

    def _scan(self, direction: str) -> tuple[list[Row], bool]:
        """The rows up to the first that cannot be read, and whether all could."""
        order = ", ".join(column + direction for column in self._order)
        # NOT INDEXED: an index may be sound where the table is not, or the other way round.
        query = (
            f"SELECT {', '.join(self.columns)} FROM {self.name} "  # noqa: S608  # our own names
            f"NOT INDEXED ORDER BY {order}"
        )
        rows: list[Row] = []
        before, self._old.text_factory = self._old.text_factory, lenient
        try:
            for row in self._old.execute(query):
                rows.append(dict(zip(self.columns, row, strict=True)))  # noqa: PERF401  # up to it
        except SQLITE_ERRORS:
            return rows, False
        finally:
            self._old.text_factory = before
        return rows, True

    def fits(self, row: Row) -> bool:
        """Whether each column holds what it is for: a flipped bit makes any other type of it."""
        return all(
            column in self._empty if value is None else type(value) is self._types[column]
            for column, value in row.items()
        )

    def insert(self, rows: Iterable[Row]) -> int:
        """How many went in; one that contradicts another, or the table, does not."""
        verb = "REPLACE" if self.name in {"meta", "tallies"} else "IGNORE"
        marks = ", ".join(f":{column}" for column in self.columns)
        before = self._new.total_changes
        self._new.executemany(
            f"INSERT OR {verb} INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})",  # noqa: S608
            rows,
        )
        return self._new.total_changes - before


def _copy(table: _Table, sound: Callable[[list[Row]], list[Row]], found: Salvaged) -> None:
    rows, whole = table.read()
    kept = sound([row for row in rows if table.fits(row)])
    if not whole or len(kept) < len(rows):
        found.damaged.add(table.name)
    found.rows[table.name] = table.insert(row for row in kept if row.get("key") != "epoch")


def _ours(old: sqlite3.Connection) -> bool:
    """Whether there is anything of this program's to be read in it."""
    try:
        (application,) = old.execute("PRAGMA application_id").fetchone()
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except SQLITE_ERRORS:
        return False
    return bool(application == APPLICATION_ID)


def _add_tables(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Some tables are made when they are first needed."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with suppress(*SQLITE_ERRORS):
        for name, made in old.execute(query).fetchall():
            if name not in _tables(new):
                new.execute(made)


def _tables(new: sqlite3.Connection) -> list[str]:
    """All tables that there are to be."""
    rows = new.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in rows]


# Which rows are what was once written


def _judge(
    old: sqlite3.Connection, table: str, sealer: Sealer | None
) -> Callable[[list[Row]], list[Row]]:
    """What tells the sound rows of a table."""
    if table == "entries":
        return _chained
    if sealer is not None and _key_name(old) in ("", sealer.key_name):  # it may be what is lost
        return lambda rows: [row for row in rows if _opens(sealer, table, row)]
    return lambda rows: rows


def _chained(rows: Sequence[Row]) -> list[Row]:
    """Entries that the chain of their log vouches for, from their predecessor on."""
    digests = {(row["kiosk"], row["epoch"], row["seq"]): row["digest"] for row in rows}
    sound = []
    for row in rows:
        first = row["seq"] == 1
        before = GENESIS if first else digests.get((row["kiosk"], row["epoch"], row["seq"] - 1))
        if before is not None and row["digest"] == link(before, row["line"]):
            sound.append(row)
    return sound


def _key_name(old: sqlite3.Connection) -> str:
    try:
        row = old.execute("SELECT value FROM meta WHERE key = 'data_key'").fetchone()
    except SQLITE_ERRORS:
        return ""
    return str(row[0]) if row else ""


def _opens(sealer: Sealer, table: str, row: Row) -> bool:
    if "sealed" not in row:
        return True
    if not isinstance(row["sealed"], bytes):
        return False
    try:
        sealer.open(table, row["id"], row["sealed"])
    except SealError:
        return False
    return True
