"""The counts of answers that name nobody, for reports."""

from __future__ import annotations

import sqlite3
from datetime import date

from kiosk.adapters.storage.database import OpenDatabase
from kiosk.core.report.compile import Count
from kiosk.desk.ports import StorageTroubleError


def read_counts(database: OpenDatabase) -> tuple[Count, ...]:
    """Every count of this kiosk. Raises StorageTroubleError."""
    query = "SELECT day, hour, door, answer, CAST(count AS INTEGER) FROM tallies"
    try:
        rows = database.connection.execute(query).fetchall()
    except sqlite3.Error as error:
        raise StorageTroubleError(getattr(error, "sqlite_errorname", "SQLITE")) from None
    return tuple(
        Count(date.fromisoformat(day), hour, door, answer, count)
        for day, hour, door, answer, count in rows
    )
