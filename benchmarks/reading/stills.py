"""What each engine reads of single frames, and at what cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.reading import corpus
from benchmarks.reading.corpus import Still
from kiosk.adapters.reader.engine import Engine, make_engine

Part = TypeVar("Part")
Row = TypeVar("Row")

CHUNK = 20  # frames that a process takes at a time


@dataclass(frozen=True)
class Read:
    """What one engine made of one frame.

    codes, right and wrong count texts; ms is CPU time; stage names what read the first of them.
    """

    engine: str
    seed: int
    axis: str
    level: int
    name: str
    codes: int
    right: int
    wrong: int
    ms: float
    stage: str


def read_stills(stills: Sequence[Still], engines: Sequence[str], jobs: int) -> list[Read]:
    """Every frame by every engine."""
    parts = [(stills[i : i + CHUNK], engines) for i in range(0, len(stills), CHUNK)]
    return in_processes(_part_of_stills, parts, jobs)


def _part_of_stills(part: tuple[Sequence[Still], Sequence[str]]) -> list[Read]:
    stills, names = part
    engines = warmed(names)
    return [_read(engine, still, corpus.grey(still.path)) for still in stills for engine in engines]


def read_negatives(seed: int, count: int, engines: Sequence[str], jobs: int) -> list[Read]:
    """As many pictures without a code by every engine; whatever is read there is wrong."""
    parts = [
        (seed, first, min(5 * CHUNK, count - first), engines)
        for first in range(0, count, 5 * CHUNK)
    ]
    return in_processes(_part_of_negatives, parts, jobs)


def _part_of_negatives(part: tuple[int, int, int, Sequence[str]]) -> list[Read]:
    seed, first, count, names = part
    engines = warmed(names)
    reads = []
    for number, image in enumerate(corpus.negatives(seed, first, count), start=first):
        still = Still(corpus.KEPT / str(number), seed, "negative", 0, ())
        reads += [_read(engine, still, image) for engine in engines]
    return reads


def _read(engine: Engine, still: Still, image: NDArray[np.uint8]) -> Read:
    engine.forget()
    began = time.thread_time()
    seen = engine.codes(image)
    ms = 1e3 * (time.thread_time() - began)
    told = Read(engine.name, still.seed, still.axis, still.level, still.path.name, 0, 0, 0, ms, "")
    texts = {code.text for code in seen}
    return replace(
        told,
        codes=len(still.texts),
        right=len(texts & set(still.texts)),
        wrong=len(texts - set(still.texts)),
        stage=seen[0].stage if seen else "",
    )


def warmed(names: Sequence[str]) -> list[Engine]:
    """The engines, each past its first picture; all work stays in the thread that is timed."""
    cv2.setNumThreads(1)
    engines = [make_engine(name) for name in names]
    first = next(corpus.negatives(0, 0, 1))
    for engine in engines:
        engine.codes(first)
    return engines


def in_processes(work: Callable[[Part], list[Row]], parts: Sequence[Part], jobs: int) -> list[Row]:
    """The rows of all parts, in their order, made by so many processes (one: this one)."""
    if jobs == 1:
        return [row for part in parts for row in work(part)]
    with get_context("spawn").Pool(jobs) as pool:
        return [row for rows in pool.imap(work, parts) for row in rows]


def of(reads: Sequence[Read], engine: str, *axes: str, level: int = 0) -> Iterator[Read]:
    """The reads of an engine, on these axes and this level if they are named."""
    for read in reads:
        here = not axes or read.axis in axes
        if read.engine == engine and here and level in (0, read.level):
            yield read
