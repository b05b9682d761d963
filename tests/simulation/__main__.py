"""`python -m tests.simulation [--visits N] [--seed S]`: mornings until N visits were played."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from tests.simulation.morning import play

VISITS = 50  # of a morning


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--visits", type=int, default=100_000, help="default 100,000")
    parser.add_argument("--seed", type=int, default=0, help="of the first morning")
    options = parser.parse_args()
    happened: Counter[str] = Counter()
    began, mornings = time.process_time(), -(-options.visits // VISITS)
    for number in range(mornings):
        happened += play(options.seed + number, VISITS)
        if number % 200 == 199:
            print(f"{(number + 1) * VISITS:,} visits, no rule broken", flush=True)
    for what, count in happened.most_common():
        if what.isupper() or " " in what:
            print(f"{count:>9,}  {what}")
    took = time.process_time() - began
    print(f"{mornings * VISITS:,} visits in {mornings:,} mornings, {took:.0f} s: no rule broken")


if __name__ == "__main__":
    main()
