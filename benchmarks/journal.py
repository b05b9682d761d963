"""What one durable answer costs beside a bare write with a sync, and how soon a long log is open.

`python benchmarks/journal.py [--rounds N] [--entries N] [--folder FOLDER]`: wall clock, for what
is waited for is the disk. Three ways take turns on it: 4 KiB written over a file that is there
already, with fdatasync; one entry of the journal; one answer of the desk, from the text of a badge
to the admission. Syncs are counted where SQLite's writes can be watched. Then a log of that many
entries over a hundred days, its chain whole, is made (--keep leaves it there) and a door opened on
it: until the desk is there, and until its first answer. Exit status 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the door is that of the tests

from kiosk.adapters.storage.database import OpenDatabase, open_database  # noqa: E402
from kiosk.adapters.storage.guests import replace_guests  # noqa: E402
from kiosk.adapters.storage.journal import SqliteJournal  # noqa: E402
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft  # noqa: E402
from kiosk.core.guests.guest import Guest  # noqa: E402
from kiosk.desk.admission import Shown  # noqa: E402
from tests.door import MORNING, SEALER, SECOND, badge  # noqa: E402
from tests.durability.door import Door, event, guests, when  # noqa: E402
from tests.durability.vfs import Step, UnavailableError, watching  # noqa: E402
from tests.fakes.clock import SetClock  # noqa: E402
from tests.people import people  # noqa: E402

AT_MOST = 1.5  # times the bare write, for the one commit of an answer
OPEN_WITHIN = 2.0  # seconds, a log of a million entries
PAGE = 4096  # bytes
PAGES = 1_000  # of the file that the bare write goes over; the write-ahead log has as many
PEOPLE = 2_000  # who come and go in the long log
AT_ONCE = 2_000  # entries of a transaction that makes it
DAYS = 100  # of the long log, the last of which is today

Way = Callable[[], object]


def main(arguments: Sequence[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=600)
    parser.add_argument("--entries", type=int, default=1_000_000, help="0: without the long log")
    parser.add_argument("--folder", type=Path, help="on the disk to be measured (default: /tmp's)")
    parser.add_argument("--keep", action="store_true", help="use the long log there, or leave it")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="kiosk-journal-", dir=options.folder))
    try:
        reached = _answers(folder, options.rounds)
        _syncs(folder / "watched")
        if options.entries:
            kept = (options.folder or Path.cwd()) / f"log-{options.entries}"
            long = kept if options.keep else folder / "long"
            reached &= _long_log(long, options.entries)
    finally:
        shutil.rmtree(folder)
    return 0 if reached else 1


# One answer


def _answers(folder: Path, rounds: int) -> bool:
    """Three ways by turns; whether the goal is reached."""
    with (
        open_database(folder / "journal", SEALER) as database,
        Door(folder / "desk", "boot-2", lambda _: None) as desk,
        (folder / "bare").open("w+b") as bare,
    ):
        ways = {
            "4 KiB over a file, fdatasync": _bare_write(bare.fileno()),
            "one entry of the journal": _entry(database),
            "one answer of the desk": _answer(desk),
        }
        for _ in range(PAGES):  # until the write-ahead log has its size and is written over
            for way in ways.values():
                way()
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                begun = time.perf_counter()
                way()
                took[name].append((time.perf_counter() - begun) * 1e3)
    print(f"{rounds} rounds, wall clock      median ms    p95    p99   times the bare write")
    reference, entry, _ = took
    ratios = {
        name: median(mine / bare for mine, bare in zip(took[name], took[reference], strict=True))
        for name in took
    }
    for name, times in took.items():
        hundredths = quantiles(times, n=100)
        print(
            f"{name:<28} {median(times):9.2f} {hundredths[94]:6.1f} {hundredths[98]:6.1f}"
            f"   {ratios[name]:5.2f}"
        )
    reached = median(took[entry]) <= AT_MOST * median(took[reference])
    print(f"one entry, at most {AT_MOST} times in the median: {'reached' if reached else 'MISSED'}")
    return reached


def _bare_write(file: int) -> Way:
    """Write a page over a file that has its size already, and sync it."""
    os.pwrite(file, os.urandom(PAGE * PAGES), 0)
    os.fsync(file)
    sync = getattr(os, "fdatasync", os.fsync)
    page, written = os.urandom(PAGE), count()

    def write() -> None:
        os.pwrite(file, page, next(written) % PAGES * PAGE)
        sync(file)

    return write


def _entry(database: OpenDatabase) -> Way:
    journal = SqliteJournal(database, event().id, SetClock(MORNING), "boot-1")
    numbers = count()

    def enter() -> None:
        guest = f"guest-{next(numbers)}"
        draft = EntryDraft(EntryAct.IN, guest, "policy-day-1", "north", EntryBasis.SCANNED)
        journal.append([draft], MORNING)

    return enter


def _answer(door: Door) -> Way:
    """A guest who was in, left and comes again shows the badge alone: green, and one entry."""
    replace_guests(door.database, guests())
    comers = [number for number in range(len(guests())) if number % 8 in (0, 1, 2)]
    for number in comers:
        door.serve(number)
    texts = {number: badge(guests()[number]) for number in comers}
    answered = count()

    def answer() -> None:
        turn = next(answered)
        at = when(len(guests())) + 2 * turn * SECOND  # nobody within the two minutes of "already"
        card = door.desk.scan(texts[comers[turn % len(comers)]], at)
        assert card.shown is Shown.ADMIT, card.reasons

    return answer


def _syncs(folder: Path) -> None:
    """How often the log is synced for 100 answers of each kind."""
    synced: list[str] = []

    def hear(step: Step) -> None:
        if step.kind.startswith("sync"):
            synced.append(step.kind)

    with (
        suppress(UnavailableError),
        watching(hear),
        Door(folder, "boot-3", lambda _: None) as door,
    ):
        ways = {"entries": _entry(door.database), "answers of the desk": _answer(door)}
        ways["refusals and calls to the desk"] = lambda: door.serve(3)  # only counted
        for name, way in ways.items():
            way()
            synced.clear()
            for _ in range(100):
                way()
            print(f"100 {name}: {len(synced)} syncs")


# A long log


def _long_log(folder: Path, entries: int) -> bool:
    """How soon a door is open on it; whether the goal is reached."""
    crowd = people(PEOPLE)
    if not folder.exists():
        begun = time.perf_counter()
        _make(folder, crowd, entries)
        print(f"{entries:,} entries made in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    with Door(folder, "boot-1", lambda _: None) as door:
        there = time.perf_counter() - begun
        today = MORNING + timedelta(minutes=59)
        card = door.desk.scan(badge(crowd[0]), today)
        answered = time.perf_counter() - begun
        print(
            f"{entries:,} entries, {(folder / 'kiosk.sqlite3').stat().st_size / 1e6:.0f} MB: "
            f"desk open after {there:.2f} s, first answer {answered:.2f} s "
            f"({card.shown}); goal {OPEN_WITHIN} s"
        )
    return answered <= OPEN_WITHIN


def _make(folder: Path, crowd: Sequence[Guest], entries: int) -> None:
    """People come and go, each of them every so often, on the days up to MORNING's."""
    acts = (EntryAct.IN, EntryAct.OUT)
    of_a_day = -(-entries // DAYS)
    with open_database(folder, SEALER) as database:
        replace_guests(database, crowd)
        journal = SqliteJournal(database, event().id, SetClock(MORNING), "boot-0")
        for first in range(0, entries, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, entries))
            drafts = [
                EntryDraft(
                    acts[number // len(crowd) % 2],
                    crowd[number % len(crowd)].id,
                    "policy-day-1",
                    "north",
                    EntryBasis.SCANNED,
                    "operator-1",
                )
                for number in numbers
            ]
            day, later = divmod(first, of_a_day)
            at = MORNING - timedelta(days=DAYS - 1 - day, seconds=-3_000 * later / of_a_day)
            journal.append(drafts, at)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
