"""What several commands share: their options, and errors with a remedy."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.core.policy.event import Event

Subparsers = argparse._SubParsersAction  # argparse gives it no public name

USAGE = 2  # exit status for wrong usage or unusable input


class CommandError(Exception):
    """A command cannot go on: what is in the way, and the remedy."""


def fail(message: str) -> int:
    """Tell it on standard error; the exit status."""
    print(f"kiosk: {message}", file=sys.stderr)
    return USAGE


def add_state(parser: argparse.ArgumentParser) -> None:
    """The option --state."""
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="folder of guests, trust, keys and log (default: the platform's place for data)",
    )


def state_folder(options: argparse.Namespace) -> Path:
    """The state folder named, else the default one."""
    from kiosk.adapters.system.places import default_state

    return Path(options.state) if options.state else default_state()


def load_event_file(path: Path) -> Event:
    """The event of a file. Raises CommandError with every fault."""
    from kiosk.core.policy.eventfile import EventFileError, load_event

    try:
        return load_event(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}. Give the path of an event file.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    except EventFileError as error:
        raise CommandError(f"{path} has faults:\n{error}") from None


def instant(text: str) -> datetime:
    """An aware date-time from the command line."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; write 2021-11-22T08:00:00Z"
        ) from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone; add Z or +01:00")
    return value
