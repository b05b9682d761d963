"""How soon a door says that its database failed, and how soon it is green again.

`python benchmarks/recovery.py [--entries N] [--guests N]`: wall clock. A door with so many guests
and entries is open; a fault happens, guests show their badge every quarter of a second, and it is
written down when the first one was sent to the desk with the reason, and when the next one came in.
Then a database that is damaged before the start: until the first guest is in. Exit status 1 where
the word comes later than 2 s, the next guest later than 60 s, or one is let in without an entry.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the door is that of the tests

from kiosk.adapters.storage.database import FILE_NAME, open_database  # noqa: E402
from kiosk.adapters.storage.guests import replace_guests  # noqa: E402
from kiosk.adapters.storage.journal import SqliteJournal  # noqa: E402
from kiosk.adapters.storage.lasting import LastingStorage, Place  # noqa: E402
from kiosk.adapters.storage.logrows import read_records  # noqa: E402
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft  # noqa: E402
from kiosk.core.guests.guest import Guest  # noqa: E402
from kiosk.core.reasons import Reason  # noqa: E402
from kiosk.core.verify import Verifier  # noqa: E402
from kiosk.desk.admission import Shown  # noqa: E402
from kiosk.desk.entry_desk import EntryDesk  # noqa: E402
from kiosk.desk.findings import Mode, Station  # noqa: E402
from kiosk.desk.ports import StorageNote  # noqa: E402
from tests.door import MORNING, SEALER, badge, badge_key, policy, trust  # noqa: E402
from tests.durability.door import event  # noqa: E402
from tests.fakes.clock import SetClock  # noqa: E402
from tests.people import people  # noqa: E402

TOLD_WITHIN, BACK_WITHIN = 2.0, 60.0  # seconds
PAGE = 4096  # bytes
COMING = 600  # guests who were in today and come back, one every quarter of a second

Fault = Callable[[Path], None]


class RunningClock:
    """Implements the desk's `Clock`: the event's morning, and from there as time passes."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """The time at the door."""
        return MORNING + timedelta(minutes=10, seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the door opened."""
        return time.monotonic() - self._begun


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--guests", type=int, default=2_000)
    options = parser.parse_args(arguments)
    crowd = people(max(options.guests, COMING))
    print(
        f"{len(crowd):,} guests, {options.entries:,} entries       told s   green s    saved   told"
    )
    reached = True
    for name, (look, fault) in FAULTS.items():
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "state"
            _make(state, crowd, options.entries)
            reached &= look(name, fault, state, crowd)
    return 0 if reached else 1


def _make(folder: Path, crowd: Sequence[Guest], entries: int) -> None:
    """Entries of the days before, and at last those of this morning, for all who are coming."""
    at = event()
    clock = SetClock(MORNING)
    with open_database(folder, SEALER) as database:
        replace_guests(database, crowd)
        journal = SqliteJournal(database, at.id, clock, "boot-0", at.time_zone)
        early = [_draft(crowd[number % len(crowd)]) for number in range(entries - COMING)]
        journal.append(early, MORNING - timedelta(days=3))
        journal.append([_draft(who) for who in crowd[:COMING]], MORNING)
        journal.close()


def _draft(who: Guest) -> EntryDraft:
    return EntryDraft(EntryAct.IN, who.id, "policy-day-1", "north", EntryBasis.SCANNED)


class _Door:
    """A desk over the storage that lasts, and who was let in."""

    def __init__(self, folder: Path, crowd: Sequence[Guest]) -> None:
        self.notes: list[StorageNote] = []
        self._clock, at = RunningClock(), event()
        door = at.door("north")
        assert door is not None
        place = Place(folder, at, door.id)
        self.storage = LastingStorage(place, SEALER, self._clock, "boot-1", self._tell)
        station = Station(at, policy(), door, Mode.DESK, "operator-1")
        key = badge_key().public_key()
        self._desk = EntryDesk(station, Verifier(trust()), self.storage, key, self.storage)
        self._coming, self._come = iter(crowd[:COMING]), list[str]()
        self._folder = folder

    def _tell(self, note: StorageNote, _: str) -> None:
        self.notes.append(note)

    def green(self) -> bool:
        """Whether the next guest is let in with the badge alone."""
        who = next(self._coming)
        card = self._desk.scan(badge(who), self._clock.now())
        if card.shown is Shown.ADMIT:
            self._come.append(who.id)
        else:
            assert card.reasons == (Reason.STORAGE_TROUBLE,), card.reasons
        return card.shown is Shown.ADMIT

    def close(self) -> tuple[int, int]:
        """How many entries of before are there, and how many guests were let in without one."""
        self.storage.close()
        with open_database(self._folder, SEALER) as database:
            entered = [r.guest for r in read_records(database) if r.act is EntryAct.IN]
        of_now = entered[-len(self._come) :]
        return len(entered) - len(of_now), len(set(self._come) - set(of_now))


def _under_a_door(name: str, fault: Fault, folder: Path, crowd: Sequence[Guest]) -> bool:
    """One fault under an open door; whether all was as it should be."""
    door = _Door(folder, crowd)
    assert door.green()
    begun = time.monotonic()
    fault(folder / FILE_NAME)
    told = _until(lambda: not door.green(), begun)
    back = _until(door.green, begun)
    assert door.green()
    return _line(name, told, back, door)


def _at_a_start(name: str, fault: Fault, folder: Path, crowd: Sequence[Guest]) -> bool:
    """The same before the door is opened."""
    fault(folder / FILE_NAME)
    begun = time.monotonic()
    door = _Door(folder, crowd)
    told = time.monotonic() - begun
    return _line(name, told, _until(door.green, begun), door)


def _line(name: str, told: float, back: float, door: _Door) -> bool:
    saved, lost = door.close()
    print(f"{name:<34} {told:6.2f} {back:9.2f} {saved:8,}   {', '.join(door.notes)}")
    return told <= TOLD_WITHIN and back <= BACK_WITHIN and not lost


def _until(ask: Callable[[], bool], begun: float) -> float:
    """Ask every quarter of a second; when it was so, in seconds since `begun`."""
    while not ask():
        time.sleep(0.25)
    return time.monotonic() - begun


# Faults


def _scribble(table: str) -> Fault:
    """The last page of a table is garbage."""

    def harm(path: Path) -> None:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path DESC"
        with closing(sqlite3.connect(path)) as connection:
            (page,) = connection.execute(query, (table,)).fetchone()
        with path.open("r+b") as file:
            file.seek((page - 1) * PAGE)
            file.write(random.randbytes(PAGE))

    return harm


def _delete_all(path: Path) -> None:
    for file in path.parent.glob(FILE_NAME + "*"):
        file.unlink()


def _garbage(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(os.urandom(100_000))
    other.replace(path)


FAULTS = {
    "database deleted": (_under_a_door, Path.unlink),
    "log deleted": (_under_a_door, lambda path: path.with_name(path.name + "-wal").unlink()),
    "all files deleted": (_under_a_door, _delete_all),
    "replaced by garbage": (_under_a_door, _garbage),
    "a page of entries, at a start": (_at_a_start, _scribble("entries")),
    "a page of counts, at a start": (_at_a_start, _scribble("tallies")),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
