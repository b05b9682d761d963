"""The tables of staff: who was authorised (sealed), their sessions, and the tries of their PINs."""

from __future__ import annotations

STAFF_TABLES = (
    "CREATE TABLE staff (id TEXT PRIMARY KEY, sealed BLOB NOT NULL)",
    # The register of verifiers; `member` is a pseudonym, and the entry log is elsewhere.
    "CREATE TABLE register (id TEXT PRIMARY KEY, member TEXT NOT NULL, role TEXT NOT NULL, "
    "kiosk TEXT NOT NULL, door TEXT NOT NULL, screen TEXT NOT NULL, opened TEXT NOT NULL, "
    "closed TEXT, ended TEXT)",
    "CREATE TABLE pin_tries (person TEXT NOT NULL, boot TEXT NOT NULL, seconds REAL NOT NULL)",
)
