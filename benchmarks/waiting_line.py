"""How long eighty guests take at one desk: people by the keystroke-level model, the rest measured.

`./run.sh bench waiting_line [--only WORD] [--json]`: the script is benchmarks/waiting/people.py,
the seconds of people are in benchmarks/waiting/operators.py. The window, its keys, camera path,
reader, disk and log are the program's own; what the program takes is measured from the code in full
view, or from the key, until the answer is painted. The window is painted off screen.

The goal is 10 s a person in the median. Exit status 1 where it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, TypedDict

# The reader's process begins with importing this module: what it is not to load stands in `main`.
ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # guests and certificates are those of the tests

if TYPE_CHECKING:
    from benchmarks.waiting.desk import Turn

GOAL = 10.0  # seconds a person, in the median
SLOWER = 1.25  # times our own figures, to see what they do to the result


class Result(TypedDict):
    """Seconds of one person unless the name says otherwise; kinds: medians by what happened."""

    persons: int
    median: float
    mean: float
    nine_in_ten: float
    minutes: float
    program_share: float
    program_wait_ms: int
    median_with_slower_people: float
    kinds: dict[str, float]


def main(arguments: Sequence[str]) -> int:
    """Play the queue, print, and tell whether the goal is reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", metavar="WORD", help="those of whom it tells WORD")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from benchmarks.waiting.desk import Desk
    from benchmarks.waiting.people import visitors

    queue = [visitor for visitor in visitors() if options.only in visitor.what]
    with tempfile.TemporaryDirectory(prefix="kiosk-line-") as folder:
        desk = Desk(Path(folder))
        try:
            desk.open()
            turns = []
            for number, visitor in enumerate(queue, start=1):
                turns.append(desk.serve(visitor))
                told = f"{number:>3}/{len(queue)}  {turns[-1].seconds:5.1f} s  {visitor.what}"
                print(told, file=sys.stderr, flush=True)
        finally:
            desk.close()
    found = _result(turns)
    print(json.dumps(found, indent=1) if options.json else _table(found))
    return 0 if found["median"] <= GOAL else 1


def _result(turns: Sequence[Turn]) -> Result:
    each = [turn for turn in turns for _ in range(turn.visitor.persons)]
    seconds = [turn.seconds for turn in each]
    slow = [turn.seconds + (SLOWER - 1) * turn.assumed for turn in each]
    program = sum(turn.program for turn in turns)
    whole = program + sum(turn.human for turn in turns)
    kinds: dict[str, list[float]] = {}
    for turn in turns:
        kinds.setdefault(turn.visitor.what, []).append(turn.seconds)
    return {
        "persons": len(each),
        "median": round(median(seconds), 2),
        "mean": round(sum(seconds) / len(each), 2),
        "nine_in_ten": round(quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0], 2),
        "minutes": round(whole / 60, 1),
        "program_share": round(program / whole, 3),
        "program_wait_ms": round(1000 * median(wait for turn in turns for wait in turn.waits)),
        "median_with_slower_people": round(median(slow), 2),
        "kinds": {what: round(median(times), 1) for what, times in kinds.items()},
    }


def _table(found: Result) -> str:
    lines = [f"{what:<42}{seconds:>6} s" for what, seconds in found["kinds"].items()]
    summary = (
        f"{found['persons']} persons: median {found['median']} s, mean {found['mean']} s, nine in "
        f"ten {found['nine_in_ten']} s, all {found['minutes']} min (goal: median {GOAL:.0f} s)",
        f"the program's share {found['program_share']:.1%}, one wait for it "
        f"{found['program_wait_ms']} ms in the median",
        f"with people {SLOWER} times as slow where the seconds are ours: median "
        f"{found['median_with_slower_people']} s",
    )
    return "\n".join([*lines, "", *summary])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
