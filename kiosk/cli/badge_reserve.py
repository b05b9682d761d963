"""The part of `kiosk badges` about blank badges: which there are, how desks come to know them."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    read_named,
    show,
    state_folder,
)

if TYPE_CHECKING:
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.core.guests.reserve import Reserve

MAX_RESERVE = 4 * 1024 * 1024  # bytes; some 40,000 blank badges

_ABOUT = """\
Tells the blank badges that were made with --blanks. A desk recognises those of every other desk
once it has their list: write it with --export on the organiser's PC, and take it in with --import
at each desk. It holds ids and numbers, nothing of a person."""


def add_reserve_parser(parts: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the part."""
    parser = parts.add_parser("reserve", help="the list of blank badges", description=_ABOUT)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--export", type=Path, metavar="FILE", help="write the list")
    way.add_argument("--import", type=Path, metavar="FILE", dest="taken", help="take one in")
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Tell, write or take in the list."""
    from kiosk.adapters.storage.database import DatabaseError, open_database, read_database
    from kiosk.adapters.storage.reserve import stored_reserve
    from kiosk.core.guests.reserve import ReserveError

    state = state_folder(options)
    try:
        # A desk may take the list in before it has anything else.
        with (open_database if options.taken else read_database)(state) as database:
            if options.taken:
                _take_in(database, options.taken)
            reserve = stored_reserve(database)
        if options.export:
            _write(reserve, options.export)
    except (CommandError, DatabaseError, ReserveError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{options.export}: {error.strerror}. Choose a file you may write.")
    desks = Counter(one.desk for one in reserve)
    show(f"{desk}: {counted(count, 'blank badge')}" for desk, count in sorted(desks.items()))
    if not desks:
        print("There is no blank badge. Make some: kiosk badges --blanks 20 --desk NAME")
    return 0


def _take_in(database: OpenDatabase, path: Path) -> None:
    from kiosk.adapters.storage.reserve import add_reserve
    from kiosk.core.guests.reserve import read_reserve

    remedy = "Give the file that `kiosk badges reserve --export` wrote."
    data = read_named(path, MAX_RESERVE, remedy)
    try:
        add_reserve(database, read_reserve(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8 text. {remedy}") from None


def _write(reserve: Reserve, path: Path) -> None:
    from kiosk.adapters.files import write_whole
    from kiosk.core.guests.reserve import reserve_json

    write_whole(path, reserve_json(reserve).encode())
