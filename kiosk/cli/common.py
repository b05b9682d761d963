"""What several commands share: their options, and errors with a remedy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.core.policy.event import Event
    from kiosk.core.policy.judge import Policy

Subparsers = argparse._SubParsersAction  # argparse gives it no public name

USAGE = 2  # exit status for wrong usage or unusable input
MAX_EVENT = 1024 * 1024  # bytes
MAX_GUESTS = 64 * 1024 * 1024  # bytes
MAX_RULES = 20 * 1024 * 1024  # bytes
MAX_KEY = 64 * 1024  # bytes
YEARS = range(1970, 3000)


class CommandError(Exception):
    """A command cannot go on: what is in the way, and the remedy."""


def fail(message: str) -> int:
    """Tell it on standard error; the exit status."""
    lines = map(steerless, message.split("\n"))  # names of files are written by strangers too
    print("kiosk:", "\n".join(lines), file=sys.stderr)
    return USAGE


def add_state(parser: argparse.ArgumentParser) -> None:
    """The option --state."""
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="folder of guests, trust, keys and log (default: the platform's place for data)",
    )


def add_action(
    actions: Subparsers[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    """One action on a state folder, whose help says what it is about."""
    action = actions.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    add_state(action)
    action.set_defaults(func=run)
    return action


def state_folder(options: argparse.Namespace) -> Path:
    """The state folder named, else the default one."""
    from kiosk.adapters.system.places import default_state

    return Path(options.state) if options.state else default_state()


def read_named(path: Path, limit: int, remedy: str) -> bytes:
    """The file that an option names. Raises CommandError with the reason and `remedy`."""
    from kiosk.adapters.files import FileRefusedError, read_file

    try:
        return read_file(path, limit)
    except FileRefusedError as error:
        raise CommandError(f"{error}. {remedy}") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}. {remedy}") from None
    except ValueError:  # a null character
        raise CommandError(f"{str(path)!r} cannot be a path. {remedy}") from None


def read_key(path: Path) -> bytes:
    """The pinned key of signed lists. Raises CommandError."""
    return read_named(path, MAX_KEY, "Give the PEM file of the key that signs the list.")


def load_event_file(path: Path) -> Event:
    """The event of a file. Raises CommandError with every fault."""
    from kiosk.core.policy.eventfile import EventFileError, load_event

    data = read_named(path, MAX_EVENT, "Give the path of an event file.")
    try:
        return load_event(data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    except EventFileError as error:
        raise CommandError(f"{path} has faults:\n{error}") from None


def load_policy_file(path: Path) -> tuple[Event, Policy]:
    """The event of a file and the policy of its rules. Raises CommandError with every fault."""
    from kiosk.adapters.system.places import standard_rules
    from kiosk.core.policy.judge import policy_of
    from kiosk.core.policy.rulefile import RuleFileError, load_rules

    event = load_event_file(path)
    own = event.proofs.rules
    rules = path.parent / own if own else standard_rules()
    remedy = f"{path} names these rules: lay them beside it, or delete its line `rules`."
    try:
        return event, policy_of(event, load_rules(read_rules_text(rules, remedy)))
    except RuleFileError as error:
        raise CommandError(f"{rules} has faults:\n{error}") from None


def read_rules_text(path: Path, remedy: str = "Give the path of a rule file.") -> str:
    """The text of a rule file. Raises CommandError; `remedy` is for one that cannot be read."""
    data = read_named(path, MAX_RULES, remedy)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None


def instant(text: str) -> datetime:
    """An aware date-time from the command line, far enough from where dates end to reckon with."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; write 2021-11-22T08:00:00Z"
        ) from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone; add Z or +01:00")
    if value.year not in YEARS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not in the years {YEARS[0]} to {YEARS[-1]}; write 2021-11-22T08:00:00Z"
        )
    return value


def counted(count: int, thing: str, ending: str = "s") -> str:
    """A number and what it counts, in the singular for one."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}{ending}"


def shortened(names: Sequence[str], most: int) -> str:
    """The first `most` of the names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def show(lines: Iterable[str]) -> None:
    """Print without what would steer a terminal: some of it was written by strangers."""
    for line in lines:
        print(steerless(line))


def steerless(line: str) -> str:
    """The line without what would steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)
