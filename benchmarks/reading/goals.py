"""What reading is to reach beside zxing-cpp on the same frames, and whether it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.reading.clips import MISSED, FirstRead
from benchmarks.reading.stills import Read, of
from kiosk.adapters.reader.engine import FULL, ZXING

ALL_AXES = 0.45  # of the codes that zxing misses, at most this part is missed
MIXED = 0.50
EASY_LEVELS = 0.99  # of the codes of levels 1 and 2, at least
TIME_EASY, TIME_MEDIUM = 1.0, 0.85  # of zxing's mean time to the first read, at most
HARD_READ, HARD_SECONDS = 0.90, 2.0  # of the hard clips, at least, within
EASY_COST = 1.2  # of zxing's time for an easy frame, at most
EMPTY_MS, QUICK_MS = 10.0, 33.0  # CPU: median without a code; 95th percentile of the quick look


@dataclass(frozen=True)
class Goal:
    """One line: what was asked, what was measured."""

    what: str
    asked: str
    measured: str
    reached: bool


def goals(stills: Sequence[Read], clips: Sequence[FirstRead]) -> Iterator[Goal]:
    """Every goal that can be told from what was measured."""
    engines = {read.engine for read in stills}
    if {FULL, ZXING} <= engines:
        yield from _of_misses(stills)
        yield from _of_costs(stills)
    if "quick" in engines:
        cost = at([read.ms for read in of(stills, "quick")], 0.95)
        yield Goal("quick look, p95", f"{QUICK_MS:.0f} ms", f"{cost:.1f} ms", cost <= QUICK_MS)
    if {FULL, ZXING} <= {read.engine for read in clips}:
        yield from _of_clips(clips)
    ours = (FULL, "quick")
    wrong = sum(read.wrong for read in stills if read.engine in ours)
    wrong += sum(read.wrong for read in clips if read.engine in ours)
    yield Goal("wrong reads", "0", str(wrong), wrong == 0)


def missed(reads: Sequence[Read], engine: str, *axes: str) -> int:
    """The codes that were there and were not read."""
    return sum(read.codes - read.right for read in of(reads, engine, *axes))


def share(reads: Sequence[Read], *axes: str) -> float:
    """Of the codes that zxing missed, the part that the whole reader missed as well."""
    ours, theirs = missed(reads, FULL, *axes), missed(reads, ZXING, *axes)
    return ours / theirs if theirs else float(ours > 0)


def axes_of(reads: Sequence[Read]) -> list[str]:
    """The axes with codes in them, in their order."""
    return list(dict.fromkeys(read.axis for read in reads if read.codes))


def at(values: Sequence[float], part: float) -> float:
    """The value below which that part of the values lies; nan without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def _of_misses(reads: Sequence[Read]) -> Iterator[Goal]:
    axes = axes_of(reads)
    for what, most, some in (
        ("misses, all frames", ALL_AXES, ()),
        ("misses, mixed", MIXED, ["mixed"]),
    ):
        part = share(reads, *some)
        yield Goal(what, f"{most} of zxing's", f"{part:.2f}", part <= most)
    worse = [axis for axis in axes if missed(reads, FULL, axis) > missed(reads, ZXING, axis)]
    yield Goal("axes with more misses than zxing", "none", ", ".join(worse) or "none", not worse)
    easy = [read for read in of(reads, FULL) if read.level in (1, 2)]
    part = sum(read.right for read in easy) / max(1, sum(read.codes for read in easy))
    yield Goal("read of levels 1 and 2", f"{EASY_LEVELS:.0%}", f"{part:.1%}", part >= EASY_LEVELS)


def _of_costs(reads: Sequence[Read]) -> Iterator[Goal]:
    ours, theirs = (easy_costs(reads, engine) for engine in (FULL, ZXING))
    ratio = median(ours) / median(theirs) if ours and theirs else float("nan")
    yield Goal("easy frame", f"{EASY_COST} of zxing's", f"{ratio:.2f}", ratio <= EASY_COST)
    empty = at([read.ms for read in of(reads, FULL, "neg")], 0.5)
    yield Goal("frame without a code", f"{EMPTY_MS:.0f} ms", f"{empty:.1f} ms", empty <= EMPTY_MS)


def easy_costs(reads: Sequence[Read], engine: str) -> list[float]:
    """CPU ms of the frames of levels 1 and 2 whose codes it read."""
    return [r.ms for r in of(reads, engine) if r.level in (1, 2) and r.right == r.codes > 0]


def seconds(clips: Sequence[FirstRead], engine: str, hard: int) -> list[float]:
    """Time to the first read, for each clip of that difficulty."""
    some = [clip for clip in clips if (clip.engine, clip.hard) == (engine, hard)]
    return [MISSED if clip.seconds is None else clip.seconds for clip in some]


def _of_clips(clips: Sequence[FirstRead]) -> Iterator[Goal]:
    for hard, name, most in ((0, "easy", TIME_EASY), (1, "medium", TIME_MEDIUM)):
        ours, theirs = (seconds(clips, engine, hard) for engine in (FULL, ZXING))
        if ours:
            ratio = mean(ours) / mean(theirs)
            yield Goal(f"{name} clips", f"{most} of zxing's time", f"{ratio:.2f}", ratio <= most)
    hard_ones = seconds(clips, FULL, 2)
    if hard_ones:
        part = sum(taken <= HARD_SECONDS for taken in hard_ones) / len(hard_ones)
        asked = f"{HARD_READ:.0%} within {HARD_SECONDS:.0f} s"
        yield Goal("hard clips", asked, f"{part:.0%}", part >= HARD_READ)
