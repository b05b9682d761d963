"""`kiosk keep`: keep a door open, where systemd does not."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from kiosk.cli.common import fail

if TYPE_CHECKING:
    from kiosk.cli.common import Subparsers

_EPILOG = """\
Example: kiosk keep -- run --event FILE --mode self
Started again is what crashed or stands still for 15 seconds: window, desk or reading. What is left
by the way out under a supervisor's PIN stays closed. On Linux systemd does the same, and more:
docs/kiosk-mode.md."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "keep",
        help="start a door again whenever it crashes or stands still",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- run and its options")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Keep `kiosk run` until it is left; its exit status."""
    from kiosk.adapters.system.keeping import Keeper, stop_at_signals
    from kiosk.adapters.system.places import program_folder

    command = [word for word in options.command if word != "--"]
    if command[:1] != ["run"]:
        return fail("What can be kept is `kiosk run`: kiosk keep -- run --event FILE --mode self")
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-P", "-m", "kiosk"]
    # Ours and no other: the program forgets it as soon as it runs.
    environment = os.environ | ({} if frozen else {"PYTHONPATH": str(program_folder())})
    keeper = Keeper([*program, *command], environment, _tell)
    stop_at_signals(keeper)
    return keeper.run()


def _tell(why: str) -> None:
    print(f"kiosk keep: {why}", file=sys.stderr, flush=True)
