"""The tables of the database, and what tells our file from any other."""

from __future__ import annotations

import secrets
import sqlite3

from sqlite_utils import Database

APPLICATION_ID = 0x4B696F73  # "Kios"
SCHEMA_VERSION = 2

_GUESTS = {
    "id": str,
    "badge": str,
    "family": str,
    "given": str,
    "organisation": str,
    "partnership": str,
    "category": str,
    "occasions": str,
    "attendance": str,
    "selection": str,
    "language": str,
}
_ENTRIES = {
    "seq": int,
    "id": str,
    "epoch": str,
    "event": str,
    "kiosk": str,
    "act": str,
    "guest": str,
    "occasion": str,
    "door": str,
    "basis": str,
    "staff": str,
    "cause": str,
    "refers": str,
    "happened": str,
    "at": str,
    "hlc": int,
    "boot": str,
    "mono": float,
    "list_version": int,
    "previous": str,
    "digest": str,
}
_TALLIES = {"day": str, "hour": int, "door": str, "answer": str, "count": int}


def create_tables(connection: sqlite3.Connection) -> None:
    """All tables of a new database, in one transaction."""
    database = Database(connection)
    connection.execute("BEGIN IMMEDIATE")
    database.table("meta").create({"key": str, "value": str}, pk="key")
    database.table("guests").create(_GUESTS, pk="id", not_null={"badge", "family", "given"})
    database.table("guests").create_index(["badge"], unique=True)
    database.table("revoked_badges").create({"badge": str}, pk="badge")
    database.table("entries").create(_ENTRIES, pk="seq")
    database.table("entries").create_index(["id"], unique=True)
    database.table("tallies").create(_TALLIES, pk=("day", "hour", "door", "answer"))
    connection.execute(
        "INSERT INTO meta VALUES ('kiosk', ?), ('epoch', ?), ('guest_list_version', '0')",
        (secrets.token_hex(4), secrets.token_hex(8)),
    )
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")
