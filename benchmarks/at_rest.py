"""What encryption at rest costs: rows sealed with AES-256-GCM, beside rows in clear and SQLCipher.

`python benchmarks/at_rest.py [--guests 10000 ...] [--commits 300]`: CPU and wall clock of writing a
list in one transaction, and of opening the file and reading it into memory (without the index of
names, which is the same for all); the median of committing one entry, the three in turn; the time
that a passphrase takes. SQLCipher counts only where the package `sqlcipher3` is installed.
"""

from __future__ import annotations

import argparse
import importlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the guests are those of the tests

from kiosk.adapters.system.datakey import DataKeys, Kept  # noqa: E402
from kiosk.core.guests.guest import Guest  # noqa: E402
from kiosk.core.guests.records import guest_from_json, guest_to_json  # noqa: E402
from kiosk.core.sealing import Sealer  # noqa: E402
from tests import people  # noqa: E402
from tests.fakes.keystores import MemoryKeyStore  # noqa: E402

KEY = bytes(range(32))
SEALER = Sealer(KEY)
ENTRY = "x" * 450  # bytes, as many as the line of an entry
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
Connect = Callable[[Path], Any]


def stock(path: Path) -> sqlite3.Connection:
    """SQLite as Python has it."""
    return _prepared(sqlite3.connect(path, isolation_level=None))


def sqlcipher(path: Path) -> Any:
    """The same file, encrypted page by page with a raw key."""
    driver = importlib.import_module("sqlcipher3.dbapi2")
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    return _prepared(connection)


def _prepared(connection: Any) -> Any:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write(connection: Any, guests: Sequence[Guest], sealer: Sealer | None) -> None:
    """The list in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE IF NOT EXISTS guests (id TEXT PRIMARY KEY, sealed BLOB)")
    connection.execute("CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, line TEXT)")
    rows = ((guest.id, guest_to_json(guest)) for guest in guests)
    if sealer:
        rows = ((row_id, sealer.seal("guests", row_id, data)) for row_id, data in rows)
    connection.executemany("INSERT INTO guests VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def read(connection: Any, sealer: Sealer | None) -> list[Guest]:
    """The list in memory."""
    rows = connection.execute("SELECT id, sealed FROM guests ORDER BY rowid").fetchall()
    if sealer:
        return [guest_from_json(sealer.open("guests", row_id, data)) for row_id, data in rows]
    return [guest_from_json(data) for _, data in rows]


def ways() -> dict[str, tuple[Connect, Sealer | None]]:
    """What is compared."""
    found: dict[str, tuple[Connect, Sealer | None]] = {
        "in clear": (stock, None),
        "sealed rows": (stock, SEALER),
    }
    try:
        importlib.import_module("sqlcipher3.dbapi2")
    except ImportError:
        print("sqlcipher3 is not installed and is left out")
    else:
        found["SQLCipher"] = (sqlcipher, None)
    return found


def lists(folder: Path, count: int) -> None:
    """One row of the first table for each way."""
    guests = people.people(count)
    for name, (connect, sealer) in ways().items():
        path = folder / f"{name}-{count}".replace(" ", "-")
        connection = connect(path)
        written = _timed(lambda c=connection, s=sealer: write(c, guests, s))  # type: ignore[misc]
        connection.close()
        opened = _timed(lambda p=path, c=connect, s=sealer: _checked(read(c(p), s), guests))  # type: ignore[misc]
        size = path.stat().st_size / 1e6
        print(f"{count:8,} {name:12s} {_told(written)} {_told(opened)} {size:9.1f}")


def _checked(found: list[Guest], guests: Sequence[Guest]) -> None:
    assert found == list(guests)


def commits(folder: Path, count: int) -> None:
    """The median of committing one entry, the ways in turn so that the disk treats them alike."""
    open_files = {}
    for name, (connect, _) in ways().items():
        open_files[name] = connect(folder / f"commits-{name}".replace(" ", "-"))
        write(open_files[name], [], None)
    times: dict[str, list[float]] = {name: [] for name in open_files}
    for _ in range(count):
        for name, connection in open_files.items():
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entries (line) VALUES (?)", (ENTRY,))
            connection.execute("COMMIT")
            times[name].append(time.perf_counter() - began)
    for name, taken in times.items():
        taken.sort()
        print(
            f"one entry, {name:12s} median {1e3 * median(taken):6.2f} ms, "
            f"99th {1e3 * taken[len(taken) * 99 // 100]:6.2f} ms"
        )


def passphrase(folder: Path) -> None:
    """How long it takes to make a key out of a passphrase."""
    keys = DataKeys(folder, MemoryKeyStore(), MemoryKeyStore())
    keys.make(Kept.PASSPHRASE, "correct horse battery staple")
    taken = [_timed(lambda: keys.unlock("correct horse battery staple")) for _ in range(5)]
    print(f"passphrase to key {_told((min(t[0] for t in taken), min(t[1] for t in taken)))} ms")


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU and of the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


def _told(taken: tuple[float, float]) -> str:
    return f"{1e3 * taken[0]:9.1f} {1e3 * taken[1]:9.1f}"


def main(arguments: Sequence[str]) -> int:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--guests", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--commits", type=int, default=300)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=ROOT) as made:
        folder = Path(made)
        print("  guests way           write: CPU, wall ms   open: CPU, wall ms   size MB")
        for count in options.guests:
            lists(folder, count)
        commits(folder, options.commits)
        passphrase(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
