"""Sealed rows: tables of an id and a blob that the data key of the state folder opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from kiosk.adapters.storage.database import DamagedDatabaseError, DatabaseError, OpenDatabase
from kiosk.core.guests.amendments import Amendment
from kiosk.core.guests.records import RecordError, amendment_to_json
from kiosk.core.sealing import Sealer, SealError

Row = TypeVar("Row")

_TABLES = frozenset({"guests", "guests_before", "gone_guests", "amendments", "staff"})


def sealer_of(database: OpenDatabase) -> Sealer:
    """The key of the guests. Raises DatabaseError where the database was opened without it."""
    if database.sealer is None:
        raise DatabaseError(
            f"The guests in {database.path} are sealed and their key is not here",
            "Bring back the file keys/data-key.json that belongs to it. Where that is lost, "
            "`kiosk purge` drops the guests; then import the list again. The log is not sealed.",
        )
    return database.sealer


def sealed_rows(
    sealer: Sealer, table: str, rows: Iterable[tuple[str, bytes]]
) -> list[tuple[str, bytes]]:
    """Rows of an id and what is to be sealed, ready for `table`."""
    return [(row_id, sealer.seal(table, row_id, data)) for row_id, data in rows]


def sealed_amendments(
    database: OpenDatabase, amendments: Iterable[Amendment]
) -> list[tuple[str, bytes]]:
    """Amendments as rows of their table. Raises DatabaseError."""
    rows = [(amendment.id, amendment_to_json(amendment)) for amendment in amendments]
    return sealed_rows(sealer_of(database), "amendments", rows) if rows else []


def opened_rows(
    database: OpenDatabase, table: str, read: Callable[[bytes], Row], where: str = "1"
) -> list[Row]:
    """What `read` makes of each row of a sealed table, in the order in which they came.

    where: a column of the table. Raises DatabaseError, sqlite3.Error.
    """
    if table not in _TABLES:
        raise ValueError(table)
    query = f"SELECT id, sealed FROM {table} WHERE {where} ORDER BY rowid"  # noqa: S608
    rows = database.connection.execute(query).fetchall()
    if not rows:
        return []
    sealer = sealer_of(database)
    try:
        return [read(sealer.open(table, row_id, _blob(sealed))) for row_id, sealed in rows]
    except RecordError as error:  # nobody else could seal it: nothing is to be set aside
        raise DatabaseError(
            f"The table {table} of {database.path} cannot be read: {error}",
            "Use the version of the program that wrote it, or another state folder with --state.",
        ) from None
    except SealError as error:
        raise DamagedDatabaseError(
            f"The table {table} of {database.path} does not open: {error}",
            "Move the database aside and keep it; start again and import the guest list.",
        ) from None


def _blob(sealed: object) -> bytes:
    """SQLite keeps anything in any column; what is no blob opens with no key."""
    return sealed if isinstance(sealed, bytes) else b""
