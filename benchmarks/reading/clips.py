"""How long after a code came into view it is read, when each engine takes the newest frame.

Time passes as at a kiosk: frame i is there at i/30 s, and an engine that is free takes the newest
one. What a look costs is its CPU time, as the machine that measures may be shared. The whole
reader has two lanes: the quick look takes the newest frame, the patient one the newest frame that
the quick look could not read and in which something is. Beside it stands the plain order: every
frame is looked at, however long it takes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.corpus import Clip, grey
from benchmarks.reading.stills import in_processes, warmed
from kiosk.adapters.reader.engine import FULL, Engine
from kiosk.adapters.reader.patient import PatientReader
from kiosk.adapters.reader.quick import QuickReader
from kiosk.desk.ports import CodeSeen, Region

Grey = NDArray[np.uint8]

FPS = 30.0
MISSED = 3.0  # seconds that a clip counts for whom nothing was read
DIFFICULTY = ("easy", "medium", "hard")


@dataclass(frozen=True)
class FirstRead:
    """When one engine read one clip.

    seconds: from the first frame that shows the code entirely; None when it was not read.
    frame: the same in frames, of an engine that looks at every one. wrong: other texts, until then.
    """

    engine: str
    seed: int
    clip: str
    hard: int
    seconds: float | None
    frame: int | None
    wrong: int
    stage: str


class Outcome(NamedTuple):
    """When in the clip (s) the text was read, by what, and how many others before."""

    at: float | None
    stage: str
    wrong: int


class Missed(NamedTuple):
    """A frame that the quick look could not read, known since `at` (s)."""

    at: float
    number: int
    regions: tuple[Region, ...]


def first_reads(clips: Sequence[Clip], engines: Sequence[str], jobs: int) -> list[FirstRead]:
    """Every clip by every engine."""
    return in_processes(_of_one_clip, [(clip, engines) for clip in clips], jobs)


def _of_one_clip(part: tuple[Clip, Sequence[str]]) -> list[FirstRead]:
    clip, names = part
    paths = [clip.folder / f"{number:03d}.jpg" for number in range(clip.frames)]
    frames = [grey(path) for path in paths]
    reads = []
    for engine in warmed(names):
        live = _two_lanes(frames, clip.text) if engine.name == FULL else _live(engine, frames, clip)
        engine.forget()
        frame = _every_frame(engine, frames, clip.text)
        seen = clip.visible
        reads.append(
            FirstRead(
                engine.name,
                clip.seed,
                clip.folder.name,
                clip.hard,
                None if live.at is None else live.at - seen / FPS,
                None if frame is None else frame - seen,
                live.wrong,
                live.stage,
            )
        )
    return reads


def _live(engine: Engine, frames: Sequence[Grey], clip: Clip) -> Outcome:
    """One lane."""
    free, wrong, number = 0.0, 0, 0
    while number < len(frames):
        began = time.thread_time()
        codes = engine.codes(frames[number])
        free = max(free, number / FPS) + time.thread_time() - began
        if stage := _stage_of(codes, clip.text):
            return Outcome(free, stage, wrong)
        wrong += len(codes)
        number = max(number + 1, int(free * FPS))
    return Outcome(None, "", wrong)


def _two_lanes(frames: Sequence[Grey], text: str) -> Outcome:
    """The quick look and the patient one, each with the newest frame that it can have."""
    quick, missed = _quick_lane(frames, text)
    patient = _patient_lane(frames, text, missed, until=quick.at)
    wrong = quick.wrong + patient.wrong
    first = patient if patient.at is not None else quick
    return first._replace(wrong=wrong)


def _quick_lane(frames: Sequence[Grey], text: str) -> tuple[Outcome, list[Missed]]:
    reader = QuickReader()
    missed: list[Missed] = []
    free, wrong, number = 0.0, 0, 0
    while number < len(frames):
        began = time.thread_time()
        look = reader.look(frames[number])
        free = max(free, number / FPS) + time.thread_time() - began
        if stage := _stage_of(look.codes, text):
            return Outcome(free, stage, wrong), missed
        wrong += len(look.codes)
        if look.regions and not look.codes:
            missed.append(Missed(free, number, look.regions))
        number = max(number + 1, int(free * FPS))
    return Outcome(None, "", wrong), missed


def _patient_lane(
    frames: Sequence[Grey], text: str, missed: Sequence[Missed], until: float | None
) -> Outcome:
    """Nothing that it would read later than `until` (s) counts."""
    reader, free, wrong, place = PatientReader(), 0.0, 0, 0
    while place < len(missed):
        while place + 1 < len(missed) and missed[place + 1].at <= free:
            place += 1  # a newer one is there already
        one = missed[place]
        began = time.thread_time()
        codes = reader.look(frames[one.number], one.regions)
        free = max(free, one.at) + time.thread_time() - began
        if until is not None and free >= until:
            break
        if stage := _stage_of(codes, text):
            return Outcome(free, stage, wrong)
        wrong += len(codes)
        place += 1
    return Outcome(None, "", wrong)


def _every_frame(engine: Engine, frames: Sequence[Grey], text: str) -> int | None:
    """The first frame in which the text is read."""
    return next((i for i, frame in enumerate(frames) if _stage_of(engine.codes(frame), text)), None)


def _stage_of(codes: Sequence[CodeSeen], text: str) -> str:
    """What read that text; empty when none did."""
    return next((code.stage or "unnamed" for code in codes if code.text == text), "")
