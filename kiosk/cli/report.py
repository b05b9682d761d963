"""`kiosk report`: the paper list before the event, who was there after it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_event_file,
    show,
    state_folder,
)
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from kiosk.adapters.reports.words import Words
    from kiosk.core.guests.guest import Guest
    from kiosk.core.policy.event import Event
    from kiosk.core.report.figures import Report

_LANGUAGES = ("en", "fr")


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("report", help="attendance, Partnerships, the paper list")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    attendance = actions.add_parser(
        "attendance",
        help="who was there, per person and half-day, by occasion and Partnership",
        description="Adds up this kiosk's log and those that were imported (kiosk log import). "
        "The ending of FILE chooses: .xlsx with charts, .pdf to print, .csv for other programs.",
    )
    _add_common(attendance, "FILE.xlsx|.pdf|.csv")
    attendance.set_defaults(func=run_attendance)
    paper = actions.add_parser(
        "paper-list",
        help="the list to print before the event, for when every machine is down",
        description="Writes an A4 list of everybody who is expected, with room for the time, and "
        "blank rows. Print it on the evening before and lay it at each door.",
    )
    _add_common(paper, "FILE.pdf")
    paper.set_defaults(func=run_paper_list)
    partnerships = actions.add_parser(
        "partnerships", help="which Partnerships still miss a person, or have too many"
    )
    partnerships.add_argument("--event", type=Path, required=True, metavar="FILE")
    add_state(partnerships)
    partnerships.set_defaults(func=run_partnerships)


def _add_common(parser: argparse.ArgumentParser, out: str) -> None:
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar=out)
    parser.add_argument(
        "--lang", choices=_LANGUAGES, help="default: the event's first language of these"
    )
    add_state(parser)


def run_attendance(options: argparse.Namespace) -> int:
    """Write the report."""
    from kiosk.adapters.reports.printed import printed_report
    from kiosk.adapters.reports.table import table
    from kiosk.adapters.reports.workbook import workbook
    from kiosk.adapters.system.places import assets
    from kiosk.look import begin_painting

    forms: dict[str, Callable[[Report, Words, str], bytes]] = {
        ".xlsx": workbook,
        ".pdf": printed_report,
        ".csv": lambda report, words, _: table(report, words),
    }
    form = forms.get(options.out.suffix.lower())
    if form is None:
        return fail(f"{options.out}: name a file that ends in {', '.join(forms)}.")
    try:
        event = load_event_file(options.event)
        report, (records, kiosks) = _report(options, event)
        words = _words(options, event)
        made = words("made", time=_now(event), records=records, kiosks=kiosks)
        painting = begin_painting(assets() / "fonts")
        _write(options.out, form(report, words, made))
        del painting
    except CommandError as error:
        return fail(str(error))
    source = f"{counted(records, 'record')} of {counted(kiosks, 'kiosk')}"
    show([*words.summary(report), f"{options.out}: {source}"])
    return 0


def run_paper_list(options: argparse.Namespace) -> int:
    """Write the list."""
    from kiosk.adapters.reports.printed import on_paper, paper_list
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.places import assets
    from kiosk.look import begin_painting

    if options.out.suffix.lower() != ".pdf":
        return fail(f"{options.out}: name a file that ends in .pdf.")
    try:
        event = load_event_file(options.event)
        guests = _guests(options)
        words = _words(options, event)
        painting = begin_painting(assets() / "fonts")
        _write(options.out, paper_list(event, guests, words, SystemClock().now()))
        del painting
    except CommandError as error:
        return fail(str(error))
    print(f"{options.out}: print it for each door; {counted(len(on_paper(guests)), 'guest')} on it")
    return 0


def run_partnerships(options: argparse.Namespace) -> int:
    """Print who is astray; 1 where anybody is."""
    from kiosk.core.report.figures import Seats

    try:
        event = load_event_file(options.event)
        report, _ = _report(options, event)
        words = _words(argparse.Namespace(lang="en"), event)
    except CommandError as error:
        return fail(str(error))
    astray = [row for row in report.partnerships if row.seats is not Seats.RIGHT]
    for occasion in event.occasions:
        rows = [row for row in astray if row.occasion == occasion.id]
        if rows:
            show([f"{occasion.name}:"])
            show(
                f"  {row.partnership}: {words.seats(row.seats)} "
                f"({row.came} came of {row.invited} invited)"
                for row in rows
            )
    if not astray:
        print("every Partnership stands as the event asks")
    return 1 if astray else 0


def _report(options: argparse.Namespace, event: Event) -> tuple[Report, tuple[int, int]]:
    """The report, and of how many records and kiosks it is. Raises CommandError."""
    from kiosk.adapters.storage.counts import read_counts
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests
    from kiosk.adapters.storage.logrows import read_records
    from kiosk.core.report.compile import compile_report
    from kiosk.desk.ports import StorageTroubleError

    state = state_folder(options)
    try:
        with read_database(state, guest_sealer(state)) as database:
            guests = tuple(read_guests(database))
            records, counts = read_records(database), read_counts(database)
    except (DatabaseError, StorageTroubleError) as error:
        raise CommandError(str(error)) from None
    desks = len({record.kiosk for record in records})
    return compile_report(event, guests, records, counts), (len(records), desks)


def _guests(options: argparse.Namespace) -> tuple[Guest, ...]:
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.guests import read_guests

    state = state_folder(options)
    try:
        with read_database(state, guest_sealer(state)) as database:
            guests = tuple(read_guests(database))
    except DatabaseError as error:
        raise CommandError(str(error)) from None
    if not guests:
        raise CommandError("There is no guest list yet. Import it: kiosk guests import.")
    return guests


def _words(options: argparse.Namespace, event: Event) -> Words:
    from kiosk.adapters.reports.words import load_words
    from kiosk.adapters.system.places import assets

    there = [language for language in event.languages if language in _LANGUAGES]
    language = options.lang or next(iter(there), "en")
    return load_words(assets() / "reports", language, event.time_zone)


def _now(event: Event) -> str:
    from kiosk.adapters.system.clock import SystemClock

    return f"{SystemClock().now().astimezone(event.time_zone):%d/%m/%Y %H:%M}"


def _write(path: Path, data: bytes) -> None:
    from kiosk.adapters.files import write_whole

    try:
        write_whole(path, data)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}. Choose a file you may write.") from None
