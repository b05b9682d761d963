"""`kiosk`: one command, its parts in the order of a day's work."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module

import kiosk

# Each module offers add_parser(subparsers) and imports what it needs when it runs, so that
# `kiosk doctor` works where a library is missing and `--help` is quick.
_COMMANDS = ("demo", "run", "verify", "event", "guests", "badges", "trust", "log", "doctor")

_DESCRIPTION = """\
On-site check-in: reads EU Digital COVID Certificates from a webcam, verifies them
offline, finds the guest on the list and logs the entry."""

_EPILOG = """\
Begin with `kiosk demo`. For a real door:
  kiosk event check FILE                    the event file has no faults
  kiosk guests import FILE.csv --event FILE the guest list
  kiosk badges FOLDER --event FILE          badges, and the key that signs them
  kiosk run --event FILE --mode desk        open the door"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name in Greek on a cp1252 console
    try:
        status: int = options.func(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left; nothing more to tell
        return 141
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {kiosk.__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for name in _COMMANDS:
        import_module(f"kiosk.cli.{name}").add_parser(subparsers)
    return parser
