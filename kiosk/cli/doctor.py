"""`kiosk doctor`: what is wrong with this machine; works when a library is missing."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from itertools import zip_longest
from typing import TYPE_CHECKING

from kiosk.adapters.system.clock import SystemClock
from kiosk.adapters.system.doctor import Check, Severity, examine, has_fault
from kiosk.cli.common import add_state, state_folder

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SIGNS = {Severity.OK: "ok   ", Severity.NOTE: "note ", Severity.FAULT: "FAULT"}
SUMMARY = "what is wrong with this machine, and the remedy"


def add_parser(subparsers: Subparsers) -> None:
    """Add `doctor` to the program's commands."""
    parser = subparsers.add_parser("doctor", help=SUMMARY, description=SUMMARY)
    add_arguments(parser)
    parser.set_defaults(func=run)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add_state(parser)
    parser.add_argument("--json", action="store_true", help="for other programs")


def run(args: argparse.Namespace) -> int:
    """Print what was found; 0 without a fault, 1 with one."""
    # Qt Multimedia says on loading which libraries it can do without; that is not our subject
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    checks = examine(state_folder(args), year=SystemClock().now().year)
    print(as_json(checks) if args.json else as_text(checks))
    return int(has_fault(checks))


def as_text(checks: list[Check]) -> str:
    """One line per check, and the remedy under it; neighbours with the same remedy share it."""
    lines = []
    for check, after in zip_longest(checks, checks[1:]):
        lines.append(f"{SIGNS[check.severity]}  {check.name}: {check.detail}")
        if check.remedy and (after is None or check.remedy != after.remedy):
            lines.append(f"       -> {check.remedy}")
    return "\n".join(lines)


def as_json(checks: list[Check]) -> str:
    """The checks as a list of objects."""
    return json.dumps(
        [{**dataclasses.asdict(check), "severity": check.severity.value} for check in checks],
        indent=2,
    )


def main() -> int:
    """The command by itself, for a Python that lacks what the other commands need."""
    parser = argparse.ArgumentParser(prog="kiosk doctor", description=SUMMARY)
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
