"""`./run.sh fuzz [COUNT]`: hostile certificates, at every layer, from a fixed seed.

Each is verified and held against what was signed: none may be forged and accepted, be read
otherwise in one look than patiently, let an exception out, take more than 100 ms of CPU time, or
make the program grow. What is found is kept in tests/regressions/ and replayed by the tests from
then on.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.fuzz.guided import guided
from tests.fuzz.regressions import keep
from tests.fuzz.run import GROWTH, Run, run

_EPILOG = """exit status: 0 when nothing was found, 1 when something was, 2 for wrong usage or when
--guided cannot run here"""


def main(arguments: list[str]) -> int:
    """Run, print the figures, keep the findings; the exit status."""
    options = _parser().parse_args(arguments)
    if options.guided is not None:
        return guided(options.guided)
    result = run(options.count, options.seed, options.processes)
    sys.stdout.write("\n".join(_report(result, options.seed)) + "\n")
    for path in keep(result.statistics.findings):
        sys.stdout.write(f"kept: {path}\n")
    return 1 if result.breached else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run.sh fuzz",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "count", nargs="?", type=_positive, default=1_000_000, metavar="COUNT",
        help="how many inputs, in whole thousands (default 1,000,000)",
    )  # fmt: skip
    parser.add_argument(
        "--guided", nargs="?", type=_positive, const=300, metavar="SECONDS",
        help="inputs guided by coverage instead, for so long (default 300)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=2021, help="other inputs (default 2021)")
    parser.add_argument(
        "--processes", type=_positive, default=os.cpu_count() or 1, help="default: one a core"
    )
    return parser


def _positive(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise ValueError
    return number


def _report(result: Run, seed: int) -> list[str]:
    found = result.statistics
    rows = [
        f"{layer:14s} {count:11,} {found.verified[layer]:9,} {found.worst[layer] * 1e3:9.2f}"
        for layer, count in found.inputs.items()
    ]
    kinds = [finding.kind for finding in found.findings]
    grown = "not measured here" if result.growth is None else f"{result.growth / 1e6:.1f} MB"
    rate = found.total / found.cpu if found.cpu else 0
    return [
        "layer               inputs  genuine  worst ms", *rows, "",
        f"inputs                       {found.total:,} (seed {seed})",
        f"forged and accepted          {kinds.count('forged')}",
        f"read differently in two ways {kinds.count('read differently')}",
        f"undocumented exceptions      {kinds.count('exception') + kinds.count('no answer')}",
        f"slower than 100 ms           {kinds.count('slow')}",
        f"processes that died          {len(result.died)}"
        + (f" (numbers {result.died})" if result.died else ""),
        f"CPU time of one input        worst {max(found.worst.values(), default=0) * 1e3:.2f} ms, "
        f"99.9 % below {found.cost_of(0.999) * 1e3:.2f} ms",
        f"growth of a process          {grown} (limit {GROWTH / 1e6:.0f} MB)",
        f"verified per second of CPU   {rate:,.0f}; the run took {result.seconds:.0f} s",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
