"""What `kiosk guests` tells of a list: how it is read, its faults, what it would change."""

from __future__ import annotations

import argparse
import csv
import io
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import MAX_GUESTS, CommandError, counted, fail, read_named, shortened, show
from kiosk.cli.progress import Progress

if TYPE_CHECKING:
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.core.guests.amendments import Amendment
    from kiosk.core.guests.changes import ListChange
    from kiosk.core.guests.guest import Guest
    from kiosk.core.guests.known import Sign
    from kiosk.core.guests.lists.columns import Layout
    from kiosk.core.guests.lists.reading import ReadList
    from kiosk.core.guests.lists.table import GuestListError, ListFault, Table
    from kiosk.core.guests.lists.terms import EventTerms
    from kiosk.core.policy.event import Event

MOST_FAULTS = 200  # told on a terminal; --faults writes all
MOST_NAMES = 20  # of those who are new, changed, gone; --all tells all


@dataclass(frozen=True)
class Stored:
    """What the state folder knows: the list, the changes at doors over it, and all ever known."""

    listed: tuple[Guest, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    known: tuple[Guest, ...] = ()


def stored_guests(database: OpenDatabase) -> Stored:
    """The guests of a database. Raises DatabaseError."""
    from kiosk.adapters.storage.guests import known_guests, read_amendments, read_listed

    return Stored(
        tuple(read_listed(database)),
        tuple(read_amendments(database)),
        known_guests(database),
    )


def change_of(stored: Stored, guests: Iterable[Guest]) -> ListChange:
    """What `guests` in place of the list change at the door; what was changed there stays."""
    from kiosk.core.guests.amendments import amended
    from kiosk.core.guests.changes import compare_lists

    before, after = (amended(people, stored.amendments) for people in (stored.listed, guests))
    return compare_lists(before.guests, after.guests)


def add_list_options(parser: argparse.ArgumentParser) -> None:
    """What tells how a list is to be read."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the list: .xlsx or .csv")
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    parser.add_argument("--sheet", metavar="NAME", help="of an XLSX file: the sheet to read")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="COLUMN=FIELD",
        help="what a column holds, by its letter or heading: C=given, 'Titre=ignore', "
        "F=partnering; may be given several times",
    )
    parser.add_argument("--heading-row", type=int, metavar="N", help="the row of the headings")
    parser.add_argument("--faults", type=Path, metavar="FILE.csv", help="write all faults there")
    parser.add_argument("--all", action="store_true", help="name everybody who is new or gone")


def _pair(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not (column and equals and field):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form COLUMN=FIELD")
    return column, field


def read_guest_list(options: argparse.Namespace, event: Event, known: Iterable[Guest]) -> ReadList:
    """The list that the options name; tells how it is read. Raises CommandError, GuestListError."""
    from kiosk.core.guests.badge import ID_LENGTH
    from kiosk.core.guests.lists.columns import Wish
    from kiosk.core.guests.lists.mapping import layout_of
    from kiosk.core.guests.lists.reading import read_list
    from kiosk.core.guests.lists.terms import EventTerms, half_days

    terms = EventTerms(
        {one.id: one.name for one in event.occasions},
        event.categories,
        {one.id: one.opens.date() for one in event.occasions},
        {one.id: half_days(one.opens.time(), one.closes.time()) for one in event.occasions},
    )
    table = _table(options, terms)
    layout = layout_of(table, terms, Wish(tuple(options.map), options.heading_row))
    show(_understanding(table, layout))
    progress = Progress("guests", len(table.rows))
    try:
        new_id = partial(secrets.token_bytes, ID_LENGTH)
        found = read_list(table, layout, terms, known, new_id, progress.step)
    finally:
        progress.clear()
    if found.month_first:
        show(["  dates are read as month/day/year: some have no other meaning"])
    return found


def _table(options: argparse.Namespace, terms: EventTerms) -> Table:
    from kiosk.adapters.sheets.reading import read_table
    from kiosk.core.guests.lists.mapping import has_headings

    data = read_named(options.file, MAX_GUESTS, "Give the path of an XLSX or CSV file.")
    progress = Progress("rows", 0)
    try:
        return read_table(
            data, lambda table: has_headings(table, terms), options.sheet, progress.step
        )
    finally:
        progress.clear()


# What is told


def tell_faults(error: GuestListError, file: Path | None) -> int:
    """The first faults on standard error, all of them into `file`; the exit status."""
    told = error.faults[:MOST_FAULTS]
    lines = [str(error), *(f"  {fault}" for fault in told), *_left(error.faults[MOST_FAULTS:])]
    if file:
        _write_faults(error.faults, file)
        lines.append(f"All of them are in {file}.")
    return fail("\n".join(lines))


def _left(faults: Sequence[ListFault]) -> Iterator[str]:
    """What is not told, by columns."""
    if not faults:
        return
    yield f"  and {counted(len(faults), 'more fault')} (--faults FILE.csv writes all):"
    columns = Counter((fault.column, fault.heading) for fault in faults)
    for (column, heading), count in columns.most_common(10):
        place = f'column {column} "{heading}"' if column else "rows as a whole"
        yield f"    {count:,} in {place}"


def _write_faults(faults: Iterable[ListFault], file: Path) -> None:
    from kiosk.adapters.files import write_whole
    from kiosk.core.guests.lists.guarding import guarded

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["row", "column", "heading", "problem", "remedy"])
    for fault in faults:
        cells = (str(fault.row or ""), fault.column, fault.heading, fault.problem, fault.remedy)
        writer.writerow(map(guarded, cells))
    try:
        write_whole(file, text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}. Choose a file you may write.") from None


def _understanding(table: Table, layout: Layout) -> Iterator[str]:
    """How the list was read: sheet, headings, what each column holds, what is hidden."""
    from kiosk.core.guests.lists.headings import HEADINGS, Field, hinted

    sheet = f'sheet "{table.name}", ' if table.name else ""
    yield f"{sheet}headings in row {layout.heading_row}"
    yield from (f"  {column}" for column in layout.used)
    for column in layout.unused:
        hint = hinted(column.heading)
        asked = ""
        if hint and layout.of(hint) is None:
            asked = f" (is it {HEADINGS[hint][0]}? --map {column.letters}={hint})"
        yield f"  {column}{asked}"
    if not (layout.of(Field.OCCASIONS) or layout.of(Field.OCCASION)):
        yield "  no column tells the occasions: everybody is invited to all of them"
    if table.other_sheets:
        yield f"  not read: sheet {shortened(table.other_sheets, 5)} (--sheet NAME)"
    if table.hidden_rows:
        some = ", ".join(map(str, table.hidden_rows[:MOST_NAMES]))
        yield f"  {counted(len(table.hidden_rows), 'hidden row')} read as well: {some}"
    for column in layout.used:
        if column.at in table.hidden_columns:
            yield f"  column {column.letters} is hidden in the sheet, and read as well"


def changes(change: ListChange, recognised: Mapping[str, Sign], everybody: bool) -> Iterator[str]:
    """What the list would change, by name, and by what guests of before are recognised."""
    most = sys.maxsize if everybody else MOST_NAMES
    yield from _named("new", [_described(guest, recognised) for guest in change.new], most)
    differing = [f"{c.after.name}: {', '.join(c.fields)}" for c in change.changed]
    yield from _named("changed", differing, most)
    yield from _named("gone, their badges revoked", [_group(g) for g in change.gone], most)
    if recognised:
        signs = sorted(Counter(recognised.values()).items())
        yield f"recognised: {'; '.join(f'{count:,} by {sign}' for sign, count in signs)}"


def _named(what: str, lines: list[str], most: int) -> Iterator[str]:
    if lines:
        yield f"{what}:"
        yield from (f"  {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"  and {len(lines) - most:,} more (--all names them)"


def _described(guest: Guest, recognised: Mapping[str, Sign]) -> str:
    back = " (was on an earlier list, and has the badge of then)"
    return _group(guest) + (back if guest.id in recognised else "")


def _group(guest: Guest) -> str:
    parts = (guest.name, guest.organisation, guest.partnership or guest.category)
    return " | ".join(filter(None, parts))


def sums(change: ListChange) -> str:
    """How many are new, changed, gone and as before."""
    total = len(change.new) + len(change.changed) + len(change.unchanged)
    return (
        f"{counted(total, 'guest')}: {len(change.new):,} new, {len(change.changed):,} changed, "
        f"{len(change.gone):,} gone, {len(change.unchanged):,} unchanged"
    )


def written(guests: Sequence[Guest], ending: str) -> bytes:
    """The bytes of a list as a file of that ending: .xlsx, else CSV."""
    from kiosk.adapters.sheets.writing import list_xlsx
    from kiosk.core.guests.lists.writing import list_csv

    if ending != ".xlsx":
        return list_csv(guests)
    progress = Progress("guests", len(guests))
    try:
        return list_xlsx(guests, progress.step)
    finally:
        progress.clear()
