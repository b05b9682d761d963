"""The tables of the database, and what tells our file from any other."""

from __future__ import annotations

import secrets
import sqlite3

from kiosk.adapters.storage.logtables import LOG_TABLES
from kiosk.adapters.storage.stafftables import STAFF_TABLES

APPLICATION_ID = 0x4B696F73  # "Kios"
SCHEMA_VERSION = 4

_SEALED = {"id": str, "sealed": bytes}  # see kiosk.core.sealing; nothing personal in a column


def create_tables(connection: sqlite3.Connection) -> None:
    """All tables of a new database, in one transaction."""
    from sqlite_utils import Database  # here: a door that has its database starts without it

    database = Database(connection)
    connection.execute("BEGIN IMMEDIATE")
    database.table("meta").create({"key": str, "value": str}, pk="key")
    database.table("guests").create(_SEALED, pk="id", not_null={"sealed"})
    # withdrawn: the badge was revoked already while its guest was on the list, and stays so.
    gone = {**_SEALED, "withdrawn": int}
    database.table("gone_guests").create(gone, pk="id", not_null={"sealed", "withdrawn"})
    # The list before the last one, and the badges that the last one revoked: what an undo needs.
    database.table("guests_before").create(_SEALED, pk="id", not_null={"sealed"})
    database.table("badges_before").create({"badge": str}, pk="badge")
    database.table("amendments").create(_SEALED, pk="id", not_null={"sealed"})
    database.table("revoked_badges").create({"badge": str}, pk="badge")
    for statement in (*LOG_TABLES, *STAFF_TABLES):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO meta VALUES ('kiosk', ?), ('epoch', ?), ('guest_list_version', '0')",
        (secrets.token_hex(4), secrets.token_hex(8)),
    )
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")
