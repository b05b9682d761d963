"""How well and how fast codes are read from camera frames: the whole reader beside each engine.

`./run.sh bench read [options]`: reads by kind of trouble and by how bad it is, wrong reads, CPU
time, time to the first read on clips, and each goal with reached or not. The frames are made the
first time (0.2 s of CPU for each) and kept in build/frames. Exit status 0; the last table says
which goals are reached.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program and its reader have it

from benchmarks.reading import corpus  # noqa: E402
from benchmarks.reading.clips import DIFFICULTY, FirstRead, first_reads  # noqa: E402
from benchmarks.reading.goals import (  # noqa: E402
    at,
    axes_of,
    easy_costs,
    goals,
    missed,
    seconds,
    share,
)
from benchmarks.reading.stills import Read, of, read_negatives, read_stills  # noqa: E402
from kiosk.adapters.reader.engine import (  # noqa: E402
    FULL,
    ZXING,
    available_engines,
    engine_names,
)

LARGE = (
    "--seeds 7,99,5 --per 3 --mixed 140 --neg 40 --clips 18 --negatives 10000 takes some two hours"
    " of CPU, half of it to make the frames; --jobs 2 halves it."
)


def main() -> int:
    """Measure and print."""
    options = _options()
    stills: list[Read] = []
    clips: list[FirstRead] = []
    for seed in options.seeds:
        frames = corpus.stills(seed, options.per, options.mixed, options.neg)
        _say(f"seed {seed}: {len(frames)} frames")
        stills += read_stills(frames, options.engines, options.jobs)
        films = corpus.clips(seed, options.clips) if options.clips else []
        _say(f"seed {seed}: {len(films)} clips")
        clips += first_reads(films, options.engines, options.jobs)
    _say(f"{options.negatives:,} pictures without a code")
    seed = options.seeds[0]
    empty = read_negatives(seed, options.negatives, options.engines, options.jobs)
    if options.out:
        _keep(options.out, stills=[*stills, *empty], clips=clips)
    print(f"frames by {corpus.origin()}, seeds {', '.join(map(str, options.seeds))}")
    for line in _report(stills, empty, clips, options.engines):
        print(line)
    print(f"\nLarger: {LARGE}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=LARGE)
    add = parser.add_argument
    add("--seeds", type=_numbers, default=[7], metavar="N,N", help="of the frames (default: 7)")
    add("--per", type=int, default=1, metavar="N", help="frames a level of an axis (default: 1)")
    add("--mixed", type=int, default=40, metavar="N", help="frames with everything (default: 40)")
    add("--neg", type=int, default=20, metavar="N", help="frames without a code (default: 20)")
    add("--clips", type=int, default=3, metavar="N", help="clips of each seed (default: 3)")
    add("--negatives", type=int, default=200, metavar="N", help="for wrong reads (default: 200)")
    add("--engines", type=_engines, default=list(available_engines()), metavar="NAME,NAME")
    add("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    add("--out", type=Path, metavar="DIR", help="also keep every single read there, as JSON lines")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _engines(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in engine_names():
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(engine_names())}")
        if name not in available_engines():
            raise argparse.ArgumentTypeError(f"{name} is missing or too old; see kiosk doctor")
    return names


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _keep(folder: Path, **rows: Sequence[Read] | Sequence[FirstRead]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, some in rows.items():
        lines = "".join(json.dumps(asdict(row)) + "\n" for row in some)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def _report(
    stills: Sequence[Read], empty: Sequence[Read], clips: Sequence[FirstRead], names: Sequence[str]
) -> Iterator[str]:
    if stills:
        yield from _table("codes read", names, _reads(stills, names))
        yield from _table("CPU ms, median / 95th percentile", names, _costs(stills, names))
    if axes_of(stills) and {FULL, ZXING} <= set(names):
        yield from _shares(stills)
    if stills and FULL in names:
        yield from _stages(stills)
    if clips:
        yield from _table(
            "seconds to the first read, mean (clips read)", names, _times(clips, names)
        )
        yield from _table("frames to it, looking at every one", names, _frames(clips, names))
    counts = Counter({name: sum(read.wrong for read in of(empty, name)) for name in names})
    told = ", ".join(f"{name} {counts[name]}" for name in names)
    yield f"\nwrong reads of {len(list(of(empty, names[0]))):,} pictures without a code: {told}"
    yield "\ngoals"
    for goal in goals([*stills, *empty], clips):
        word = "reached" if goal.reached else "NOT REACHED"
        yield f"  {goal.what:34s} asked {goal.asked:22s} measured {goal.measured:10s} {word}"


def _table(
    title: str, names: Sequence[str], rows: Iterator[tuple[str, Sequence[str]]]
) -> Iterator[str]:
    yield f"\n{title:46s}" + "".join(f"{name:>14s}" for name in names)
    for what, figures in rows:
        yield f"  {what:44s}" + "".join(f"{figure:>14s}" for figure in figures)


def _each(names: Sequence[str], figure: Callable[[str], object]) -> list[str]:
    return [str(figure(name)) for name in names]


def _reads(reads: Sequence[Read], names: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    def right(name: str, *axes: str, level: int = 0) -> int:
        return sum(read.right for read in of(reads, name, *axes, level=level))

    def there(*axes: str, level: int = 0) -> int:
        return sum(read.codes for read in of(reads, names[0], *axes, level=level))

    yield f"all {there()}", _each(names, right)
    for level in range(1, 6):
        of_level = _each(names, lambda name, level=level: right(name, level=level))  # type: ignore[misc]
        yield f"level {level}: {there(level=level)}", of_level
    for axis in axes_of(reads):
        yield f"{axis}: {there(axis)}", _each(names, lambda name, axis=axis: right(name, axis))  # type: ignore[misc]
    yield "wrong", _each(names, lambda name: sum(read.wrong for read in of(reads, name)))


def _costs(reads: Sequence[Read], names: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    def told(costs: Sequence[float]) -> str:
        return f"{at(costs, 0.5):.1f} / {at(costs, 0.95):.1f}"

    def missing(name: str) -> list[float]:
        return [read.ms for read in of(reads, name) if read.codes > read.right]

    yield "easy code (levels 1, 2), read", _each(names, lambda name: told(easy_costs(reads, name)))
    yield "code missed", _each(names, lambda name: told(missing(name)))
    yield "no code", _each(names, lambda name: told([read.ms for read in of(reads, name, "neg")]))
    yield "all frames", _each(names, lambda name: told([read.ms for read in of(reads, name)]))


def _shares(reads: Sequence[Read]) -> Iterator[str]:
    axes = axes_of(reads)
    worst = max(axes, key=lambda axis: (share(reads, axis), missed(reads, FULL, axis)))
    yield "\nmisses of the whole reader, of zxing's"
    yield f"  {'all':20s} {missed(reads, FULL)} of {missed(reads, ZXING)}: {share(reads):.2f}"
    for axis in dict.fromkeys(["mixed"] * ("mixed" in axes) + [worst]):
        label = axis if axis == "mixed" else f"worst axis: {axis}"
        counts = f"{missed(reads, FULL, axis)} of {missed(reads, ZXING, axis)}"
        yield f"  {label:20s} {counts}: {share(reads, axis):.2f}"
    for seed in dict.fromkeys(read.seed for read in reads):
        some = [read for read in reads if read.seed == seed]
        parts = f"all {share(some):.2f}, mixed {share(some, 'mixed'):.2f}"
        yield f"  {f'seed {seed}':20s} {parts}"


def _stages(reads: Sequence[Read]) -> Iterator[str]:
    stages = Counter(read.stage for read in of(reads, FULL) if read.right)
    yield "\nwhat read in the whole reader: " + ", ".join(
        f"{stage} {count}" for stage, count in stages.most_common()
    )


def _times(clips: Sequence[FirstRead], names: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for hard, difficulty in enumerate(DIFFICULTY):

        def told(name: str, hard: int = hard) -> str:
            taken = seconds(clips, name, hard)
            read = [
                c for c in clips if (c.engine, c.hard) == (name, hard) and c.seconds is not None
            ]
            return f"{mean(taken):.2f} ({len(read)})" if taken else "-"

        yield f"{difficulty}: {len(seconds(clips, names[0], hard))}", _each(names, told)


def _frames(
    clips: Sequence[FirstRead], names: Sequence[str]
) -> Iterator[tuple[str, Sequence[str]]]:
    for hard, difficulty in enumerate(DIFFICULTY):

        def told(name: str, hard: int = hard) -> str:
            some = [clip for clip in clips if (clip.engine, clip.hard) == (name, hard)]
            read = [clip.frame for clip in some if clip.frame is not None]
            return f"{mean(read):.1f} ({len(read)})" if read else "- (0)"

        yield difficulty, _each(names, told)


if __name__ == "__main__":
    sys.exit(main())
