"""Kills and power cuts by command, as many as told; exit status 1 where anything was lost."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from tests.durability.kill import kill_often, serve
from tests.durability.power import cut_often


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="WHAT")
    kill = actions.add_parser("kill", help="kill -9 in the middle of admissions")
    kill.add_argument("--count", type=int, default=1_000, help="kills (default 1,000)")
    kill.set_defaults(run=_kill)
    power = actions.add_parser("power", help="simulated power cuts")
    power.add_argument("--count", type=int, default=20_000, help="cuts (default 20,000)")
    power.add_argument("--pragma", default="", help='for comparison, "PRAGMA synchronous=NORMAL"')
    power.set_defaults(run=_power)
    for one in (kill, power):
        one.add_argument("--seed", type=int, default=0, help="of the random moments (default 0)")
    actions.add_parser("serve", help="what `kill` starts").set_defaults(run=_serve)
    options = parser.parse_args()
    return int(options.run(options))


def _kill(options: argparse.Namespace) -> int:
    begun = perf_counter()
    found = kill_often(options.count, options.seed)
    ways = ", ".join(f"{count:,} {way}" for way, count in sorted(found.kills.items()))
    _say(
        f"{found.kills.total():,} kills ({ways}), {found.acknowledged:,} answers acknowledged, "
        f"{found.unheard:,} entries on disk without an answer, in {perf_counter() - begun:.0f} s"
    )
    for flaw in found.flaws:
        _say(flaw)
    _say(f"{len(found.flaws)} flaws")
    return 1 if found.flaws else 0


def _power(options: argparse.Namespace) -> int:
    begun = perf_counter()
    found = cut_often(options.count, options.seed, options.pragma)
    _say(
        f"{found.images:,} images, {found.entries:,} acknowledged entries looked for, "
        f"in {perf_counter() - begun:.0f} s"
    )
    for flaw, count in sorted(found.flaws.items()):
        _say(f"{flaw}: {count:,}")
    for example in sorted(set(found.examples))[:5]:
        _say(example)
    _say(f"{found.flaws.total()} flaws")
    return 1 if found.flaws else 0


def _serve(_: argparse.Namespace) -> int:
    serve()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
