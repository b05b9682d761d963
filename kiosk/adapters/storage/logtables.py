"""The tables of the entry log: of this kiosk and of any other whose log was brought here."""

# Within a text quotes are escaped, so that nothing else reads like it.
IS_NOTE = """instr(line, '"act":"note"') > 0"""

INSERT_ENTRY = "INSERT INTO entries (kiosk, epoch, seq, id, line, digest) VALUES (?, ?, ?, ?, ?, ?)"
LOG_TABLES = (
    # `position` is the order of arrival here, and the cursor of everybody who reads the log.
    # `line` is the record as its kiosk wrote it; `kiosk`, `epoch`, `seq` and `id` repeat it for
    # look-ups; `digest` is h_seq. An id is a UUIDv7, so that its index is one by time as well:
    # each index is one page more to write before a guest sees green.
    """CREATE TABLE entries (
        position INTEGER PRIMARY KEY,
        kiosk TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE,
        line TEXT NOT NULL,
        digest BLOB NOT NULL,
        UNIQUE (kiosk, epoch, seq)
    )""",
    # What is not about one day alone, as the hand-over of a seat: read whole at each start.
    f"CREATE INDEX notes ON entries (position) WHERE {IS_NOTE}",
    # The key of each kiosk, as it was seen first.
    "CREATE TABLE signers (kiosk TEXT PRIMARY KEY, key BLOB NOT NULL)",
    # `line` begins with its time, so that those of one `seq` are in the order of signing.
    """CREATE TABLE checkpoints (
        kiosk TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        line TEXT NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (kiosk, epoch, seq, line)
    ) WITHOUT ROWID""",
    # What was brought here and contradicts a log that is here already: the whole of it, as it came,
    # the entry from which on it does, and its last digest. Columns of the key stand first in all
    # these tables: SQLite 3.40 takes others for NULL when it checks the file.
    """CREATE TABLE forks (
        kiosk TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        digest BLOB NOT NULL,
        log TEXT NOT NULL,
        PRIMARY KEY (kiosk, epoch, seq, digest)
    ) WITHOUT ROWID""",
    # Answers by hour and door, with no person in it (P6).
    """CREATE TABLE tallies (
        kiosk TEXT NOT NULL,
        epoch TEXT NOT NULL,
        day TEXT NOT NULL,
        hour INTEGER NOT NULL,
        door TEXT NOT NULL,
        answer TEXT NOT NULL,
        count INTEGER NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (kiosk, epoch, day, hour, door, answer)
    ) WITHOUT ROWID""",
)
