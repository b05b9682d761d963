"""`kiosk`: one command, its parts in the order of a day's work."""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import kiosk
from kiosk.adapters.system.environment import clear_environment

# Each module offers add_parser(subparsers) and imports what it needs when it runs, so that
# `kiosk doctor` works where a library is missing and `--help` is quick.
_COMMANDS = (
    "demo", "run", "keep", "verify", "read", "event", "rules", "guests", "keys", "badges", "staff",
    "register", "supervisor", "trust", "revocation", "blocklist", "camera", "sound", "scanner",
    "log", "report", "purge", "clock", "ready", "doctor",
)  # fmt: skip

_DESCRIPTION = """\
On-site check-in: reads EU Digital COVID Certificates from a webcam, verifies them
offline, finds the guest on the list and logs the entry."""

_EPILOG = """\
Begin with `kiosk demo`. For a real door:
  kiosk event check FILE                    the event file has no faults
  kiosk event notice --event FILE --out F.pdf  what guests read of their data, to print
  kiosk guests import FILE.csv --event FILE the guest list
  kiosk badges --event FILE --out FILE.pdf  badges, and the key that signs them
  kiosk run --event FILE --mode desk        open the door"""


def start() -> int:
    """Run the command of this process's own arguments; its exit status."""
    clear_environment()
    return main()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    multiprocessing.freeze_support()  # where frozen, the reader's process starts here too
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except EOFError:  # from a question that nobody is there to answer
        print("\nkiosk: Nothing was typed, so nothing was changed.", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _drop_output()  # whoever read our output has left; nothing more to tell
        return 141
    except OSError as error:
        _drop_output()
        print(f"kiosk: {error}. Check permissions and free disk space.", file=sys.stderr)
        return 2


def _run(arguments: Sequence[str] | None) -> int:
    if sys.stdout is None:  # closed by the caller
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    # Matrices as small as a code's are solved by one thread before two have met.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        given = sys.argv[1:] if arguments is None else arguments
        options = _parser(given[0] if given else "").parse_args(given)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a Greek name on a cp1252 console
        status: int = options.func(options)
    finally:
        sys.stdout.flush()  # here, where a full disk can still be told
    return status


def _drop_output() -> None:
    """What could not be written would be tried again, with a traceback, at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(command: str) -> argparse.ArgumentParser:
    """Of all commands, or of `command` alone where it is one: a door is to open at once."""
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {kiosk.__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for name in (command,) if command in _COMMANDS else _COMMANDS:
        import_module(f"kiosk.cli.{name}").add_parser(subparsers)
    return parser
