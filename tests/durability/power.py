"""Power cuts, simulated: a door works over a watched disk, which then lost its power at any step.

Each image of the disk after a cut is opened with the program's own `open_database` and must hold
everything that was acknowledged before the cut, once, as a prefix of what was written.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase, open_database
from kiosk.adapters.storage.guests import read_guests, replace_guests
from kiosk.adapters.storage.logrows import check_all, read_records
from kiosk.core.entry import EntryRecord
from kiosk.desk.ports import StorageTroubleError
from tests.door import SEALER
from tests.durability.disk import Disk, write_image
from tests.durability.door import CHECKPOINT_OFTEN, Door, guests, registered, registrations
from tests.durability.vfs import Step, watching

IMAGES_OF_A_DOOR = 2_000
SERVED = 64  # numbers that one door serves
STAYING = 240  # guests on the second list
_MEMORY = Path("/dev/shm")  # noqa: S108  # images need no real disk, and there are many


@dataclass(frozen=True)
class Acknowledged:
    """What had been answered at some moment: entries, counted answers, the version of the list."""

    entries: int = 0
    counted: int = 0
    version: int = 0


@dataclass
class Worked:
    """What a door did: the steps of its disk, and what was acknowledged before each of them."""

    steps: list[Step] = field(default_factory=list)
    before: list[Acknowledged] = field(default_factory=list)
    now: Acknowledged = Acknowledged()
    entries: tuple[EntryRecord, ...] = ()  # all of them, at the end

    def take(self, step: Step) -> None:
        """One more step of the disk."""
        self.steps.append(step)
        self.before.append(self.now)

    def hear(self, line: str) -> None:
        """One more answer."""
        entered = not line.startswith("turned away")
        self._more(entries=entered, counted=not entered)

    def imported(self) -> None:
        """One more guest list."""
        self._more(version=1)

    def _more(self, entries: int = 0, counted: int = 0, version: int = 0) -> None:
        now = self.now
        self.now = Acknowledged(now.entries + entries, now.counted + counted, now.version + version)


@dataclass
class Cuts:
    """What a series of power cuts found."""

    images: int = 0
    entries: int = 0  # acknowledged, summed over all images
    flaws: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def work(folder: Path, pragma: str = "") -> Worked:
    """A day of a door over a watched disk: a new database, a list, guests, another list, a restart.

    pragma: what the connection is told, to show that the harness finds what is lost then.
    Raises UnavailableError.
    """
    worked = Worked()
    with watching(worked.take):
        for run, numbers in enumerate((range(SERVED // 2), range(SERVED // 2, SERVED))):
            statements = [CHECKPOINT_OFTEN, *([pragma] if pragma else [])]
            with Door(folder, f"boot-{run}", worked.hear, statements) as door:
                people = guests() if run == 0 else guests()[:STAYING]
                replace_guests(door.database, people)
                worked.imported()
                door.work(iter(numbers))
                worked.entries = read_records(door.database)
    return worked


def cut_often(count: int, seed: int = 0, pragma: str = "") -> Cuts:
    """Cut the power that many times; what was found. Raises UnavailableError."""
    chance, found = random.Random(seed), Cuts()  # noqa: S311  # which sectors, no secret
    while found.images < count:
        with _folder() as folder:
            worked = work(folder / "state", pragma)
        cuts = min(IMAGES_OF_A_DOOR, count - found.images)
        at = Counter(chance.choices(range(len(worked.steps)), k=cuts))
        disk = Disk()
        for number, (step, acknowledged) in enumerate(
            zip(worked.steps, worked.before, strict=True)
        ):
            for _ in range(at[number]):
                _look(disk, worked, acknowledged, chance, found)
            disk.take(step)
    return found


def _look(
    disk: Disk, worked: Worked, acknowledged: Acknowledged, chance: random.Random, found: Cuts
) -> None:
    """Cut the power now, and open what is there."""
    found.images += 1
    found.entries += acknowledged.entries
    with image_folder() as folder:
        write_image(disk.after_cut(chance), folder / "state", chance)
        try:
            with open_database(folder / "state", SEALER) as database:
                flaws = list(_flaws(database, worked, acknowledged))
        except (DatabaseError, StorageTroubleError) as error:
            flaws = ["not opened"]
            found.examples.append(str(error))
    found.flaws.update(flaws)


def _flaws(database: OpenDatabase, worked: Worked, acknowledged: Acknowledged) -> Iterator[str]:
    records = read_records(database)
    if records != worked.entries[: len(records)]:
        yield "not a prefix"
    if len(records) < acknowledged.entries:
        yield "lost an entry"
    if len({record.id for record in records}) < len(records):
        yield "doubled"
    if any(checked.finding for checked in check_all(database).values()):
        yield "the chain breaks"
    turned_away = "SELECT total(count) FROM tallies WHERE answer IN ('DESK', 'REFUSE')"
    (counted,) = database.connection.execute(turned_away).fetchone()
    if counted < acknowledged.counted:
        yield "lost a count"
    version = int(database.meta("guest_list_version"))
    if version < acknowledged.version:
        yield "lost a guest list"
    whole = {0: 0, 1: len(guests()), 2: STAYING}
    people = list(read_guests(database))
    new = len(registered(people))
    if new != registrations(records):
        yield "a guest without an entry, or an entry without its guest"
    if len(people) - new != whole.get(version):
        yield "part of a guest list"


def image_folder() -> AbstractContextManager[Path]:
    """A folder for the files of one image, in memory where that is possible."""
    return _folder(_MEMORY)


@contextmanager
def _folder(parent: Path | None = None) -> Iterator[Path]:
    there = parent if parent is not None and parent.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="kiosk-cut-", dir=there))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
