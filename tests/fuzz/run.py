"""A run: inputs by number in several processes, with progress, and the figures at its end."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from tests.fuzz.examine import LIMIT, examine
from tests.fuzz.mutations import CHUNK, inputs
from tests.fuzz.statistics import Statistics

GROWTH = 32_000_000  # bytes by which a process may grow while it works
_STUCK = 120  # seconds after which a process that does not come back is ended
_MEMORY = Path("/proc/self/statm")


@dataclass
class Run:
    """What came of it; `growth` is that of the process that grew most, None if not measured."""

    statistics: Statistics = field(default_factory=Statistics)
    growth: int | None = None
    seconds: float = 0.0
    died: list[int] = field(default_factory=list)

    @property
    def breached(self) -> bool:
        """Whether anything happened that must not."""
        return bool(self.statistics.findings or self.died or (self.growth or 0) > GROWTH)


def examine_all(number: int, seed: int, limit: float = LIMIT) -> Statistics:
    """All inputs of one number."""
    statistics = Statistics()
    for one in inputs(number, seed):
        statistics.add(one.layer, examine(one.text, one.signed, limit))
    return statistics


def run(count: int, seed: int, processes: int) -> Run:
    """At least `count` inputs, in whole numbers; progress goes to stderr."""
    numbers = -(-count // CHUNK)
    result, began = Run(), time.monotonic()
    progress = _Progress(numbers, began)
    first: dict[int, int] = {}
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        work = {pool.submit(_work, number, seed): number for number in range(numbers)}
        for done, (future, number) in enumerate(_finished(work), start=1):
            try:
                process, memory, statistics = future.result()
            except BrokenProcessPool:
                result.died.append(number)
                continue
            result.statistics.merge(statistics)
            if memory:
                grown = memory - first.setdefault(process, memory)
                result.growth = max(result.growth or 0, grown)
            progress.show(done, len(result.statistics.findings))
    result.seconds = time.monotonic() - began
    return result


def _finished(
    work: dict[Future[tuple[int, int, Statistics]], int],
) -> Iterator[tuple[Future[tuple[int, int, Statistics]], int]]:
    for future in as_completed(work):
        yield future, work.pop(future)


def _work(number: int, seed: int) -> tuple[int, int, Statistics]:
    """In a process of its own: its id, its memory in bytes (0 unknown), its figures."""
    faulthandler.dump_traceback_later(_STUCK, exit=True)
    statistics = examine_all(number, seed)
    faulthandler.cancel_dump_traceback_later()
    return os.getpid(), _resident(), statistics


def _resident() -> int:
    if not _MEMORY.exists():
        return 0
    return int(_MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass
class _Progress:
    """A line on stderr now and then."""

    of: int
    began: float
    _next: float = 0.0

    def show(self, done: int, findings: int) -> None:
        now = time.monotonic()
        if now < self._next and done < self.of:
            return
        terminal = sys.stderr.isatty()
        self._next = now + (0.2 if terminal else 10.0)
        left = (now - self.began) / done * (self.of - done)
        line = f"{done * CHUNK:,} of {self.of * CHUNK:,}, {findings} findings, {left:.0f} s left"
        end = "\r" if terminal and done < self.of else "\n"
        sys.stderr.write(f"{line:70s}{end}")
        sys.stderr.flush()
