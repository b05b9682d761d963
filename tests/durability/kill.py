"""kill -9 in the middle of admissions, again and again, and what is left on the disk.

A server that has imported everything forks a child for each run (nothing else would be fast enough
for a thousand). The child opens the door on the same database as the run before and acknowledges
each answer over a pipe after it was given. It dies in one of three ways: killed from outside at a
random moment; at the beginning of a statement; at, or in the middle of, one of SQLite's writes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

from kiosk.adapters.storage.database import DatabaseError
from kiosk.adapters.storage.logrows import check_all, read_records
from kiosk.core.entry import EntryAct
from kiosk.desk.admission import Shown
from tests.door import MORNING
from tests.durability.door import (
    CHECKPOINT_OFTEN,
    GUESTS,
    Door,
    entered,
    invite,
    leaves,
    registered,
    registrations,
    when,
)
from tests.durability.vfs import Step, unavailable, watching

ROOT = Path(__file__).parents[2]
KILLS_OF_A_FOLDER = 25  # then the next one begins with an empty folder
COUNTS = {"outside": (0, 8), "statement": (1, 400), "write": (1, 150)}  # until a child dies
LONGEST_DELAY = 0.012  # seconds; an admission takes some 5 ms


@dataclass(frozen=True)
class Order:
    """What a child is to do, and how it dies."""

    folder: str
    run: int
    first: int  # the guest who was on the way when the child before died
    again: int | None  # a guest who was acknowledged then, and comes once more
    way: str  # "outside", "statement", "write"
    count: int  # of answers, statements or writes until it dies


@dataclass
class Kills:
    """What a series of kills found."""

    kills: Counter[str] = field(default_factory=Counter)  # by the way of dying
    acknowledged: int = 0
    unheard: int = 0  # on disk, and the answer was not given any more
    flaws: list[str] = field(default_factory=list)


# The child


def serve() -> None:
    """Fork a child for each order on standard input, and tell how it ended."""
    for line in sys.stdin:
        order = Order(**json.loads(line))
        child = os.fork()
        if child == 0:
            _live(order)
        _, status = os.waitpid(child, 0)
        _tell(f"ended {os.waitstatus_to_exitcode(status)}")


def _tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # one write, which a kill cannot tear


def _live(order: Order) -> None:
    """Until it dies; where it fails instead, the error is on standard error."""
    try:
        _tell(f"pid {os.getpid()}")
        with ExitStack() as stack:
            if order.way == "write":
                stack.enter_context(watching(_Death(order.count).at))
            door = Door(Path(order.folder), f"boot-{order.run}", _tell, [CHECKPOINT_OFTEN])
            if order.way == "statement":
                death = _Death(order.count)
                door.database.connection.set_trace_callback(lambda _: death.at())
            if not len(door.desk.guests):
                invite(door.database)
            if order.again is not None:
                door.again(order.again)
            door.work(iter(range(order.first, GUESTS)))
    except BaseException:  # noqa: BLE001  # of a forked child, which must never return
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


class _Death:
    """Kills this process when something has begun for the `count`th time."""

    def __init__(self, count: int) -> None:
        self._left = count

    def at(self, step: Step | None = None) -> None:
        self._left -= 1
        if self._left > 0:
            return
        if step is not None and step.kind == "write":  # half of it gets there
            with Path(step.path).open("r+b", buffering=0) as file:
                file.seek(step.offset)
                file.write(step.data[: len(step.data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)


# The parent


def kill_often(count: int, seed: int = 0) -> Kills:
    """Kill a child that many times; what was found."""
    chance, found = random.Random(seed), Kills()  # noqa: S311  # which moment, no secret
    ways = ["outside", "statement"] + ["write"] * (not unavailable())
    with killing_server() as server:
        done = 0
        while done < count:
            folder = Path(tempfile.mkdtemp(prefix="kiosk-kill-"))
            try:
                for run in range(min(KILLS_OF_A_FOLDER, count - done)):
                    if run == 0:
                        series = Series(folder, found)
                    series.kill(server, ways[done % len(ways)], chance)
                    done += 1
            finally:
                shutil.rmtree(folder)
    return found


@contextmanager
def killing_server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.durability", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server
        finally:
            assert server.stdin is not None
            server.stdin.close()  # which ends it


class Series:
    """Kills over one database: what was acknowledged so far."""

    def __init__(self, folder: Path, found: Kills) -> None:
        self._folder, self._found = folder / "state", found
        self._run = 0
        self._heard: dict[str, list[int]] = {
            "in": [],
            "out": [],
            "registered": [],
            "turned away": [],
        }
        self._next = 0
        self._again: int | None = None

    def kill(
        self,
        server: subprocess.Popen[str],
        way: str,
        chance: random.Random,
        count: int | None = None,
    ) -> None:
        """One more run, which ends with a kill, and a look at what is there."""
        count = chance.randrange(*COUNTS[way]) if count is None else count
        order = Order(str(self._folder), self._run, self._next, self._again, way, count)
        self._run += 1
        ended = self._listen(server, order, chance.uniform(0, LONGEST_DELAY))
        if ended != -signal.SIGKILL:
            self._tell(f"the child ended by itself ({ended})")
        self._found.kills[way] += 1
        self.look()

    def _listen(self, server: subprocess.Popen[str], order: Order, delay: float) -> int:
        """Give the order, hear the answers; how the child ended."""
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asdict(order)) + "\n")
        server.stdin.flush()
        child, answers = 0, 0
        for line in server.stdout:
            word, _, rest = line.strip().rpartition(" ")
            if word == "ended":
                return int(rest)
            if word == "pid":
                child = int(rest)
            else:
                self._hear(word, int(rest))
                answers += 1
            if order.way == "outside" and answers == order.count:
                answers += 1
                until = perf_counter() + delay
                while perf_counter() < until:
                    pass
                os.kill(child, signal.SIGKILL)
        raise AssertionError("the server has ended")

    def _hear(self, word: str, number: int) -> None:
        self._found.acknowledged += 1
        if word == "again":
            return
        self._heard[word].append(number)
        self._next = number + 1
        # Who may have left since, unheard, would come in anew.
        self._again = number if word == "in" and not leaves(number + 1) else None

    def look(self) -> None:
        """Everything acknowledged is there, once, and nothing else but what was on its way."""
        try:
            with Door(self._folder, "looking", lambda _: None) as door:
                records = read_records(door.database)
                logs = check_all(door.database).values()
                counters = door.desk.counters(when(self._next))
                turned = sum(
                    door.storage.tallied(shown.name, MORNING.date())
                    for shown in (Shown.DESK, Shown.REFUSE)
                )
                people = list(door.desk.guests)
        except DatabaseError as error:
            self._tell(f"not opened: {error}")
            return
        if any(checked.finding for checked in logs):
            self._tell("the chain breaks")
        for told in door.told:
            self._tell(told)
        came, went = entered(records, EntryAct.IN), entered(records, EntryAct.OUT)
        self._compare("in", came)
        self._compare("out", [number + 1 for number in went])
        if (counters.entered, counters.present) != (len(came), len(came) - len(went)):
            self._tell("the counters do not say what the entries say")
        new = registered(people)
        self._compare("registered", new)
        if registrations(records) != len(new):
            self._tell("a guest without an entry, or an entry without its guest")
        invited = len(people) - len(new)
        heard = len(self._heard["turned away"])
        if not heard <= turned <= heard + self._run:
            self._tell(f"{turned} counted, {heard} acknowledged")
        if invited not in {GUESTS, 0} or (invited == 0 and self._next):
            self._tell(f"{invited} guests are left")

    def _compare(self, word: str, stored: list[int]) -> None:
        heard = self._heard[word]
        if len(set(stored)) < len(stored):
            self._tell(f"doubled: {word}")
        if missing := set(heard) - set(stored):
            self._tell(f"lost: {word} {sorted(missing)}")
        unheard = set(stored) - set(heard)
        if not unheard <= {self._next, self._next - 1}:
            self._tell(f"never asked for: {word} {sorted(unheard)}")
        self._found.unheard += len(unheard)

    def _tell(self, flaw: str) -> None:
        self._found.flaws.append(f"run {self._run}: {flaw}")
