"""`kiosk register`: the register of verifiers, which the law asks for."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    fail,
    load_event_file,
    show,
    state_folder,
)
from kiosk.cli.verifiers import stored_staff

if TYPE_CHECKING:
    from kiosk.core.policy.event import Event

_DESCRIPTION = """\
Who was authorised to check certificates, when and by whom, and the days and hours of their checks
(decree 2021-699 of 1 June 2021, art. 2-3 II), in the local time of the event. It is kept apart from
the entry log, which knows sessions by their ids alone. Each kiosk has its own."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "register", help="the register of verifiers", description=_DESCRIPTION
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listed = actions.add_parser("show", help="print it", description="Print the register.")
    listed.set_defaults(func=run_show)
    export = actions.add_parser(
        "export",
        help="write it as a table or as pages to print",
        description="Write the register as CSV, or as PDF pages with room for a signature.",
    )
    export.add_argument("file", type=Path, metavar="FILE.csv|FILE.pdf")
    export.set_defaults(func=run_export)
    for action in (listed, export):
        action.add_argument("--event", type=Path, required=True, metavar="FILE")
        add_state(action)


def run_show(options: argparse.Namespace) -> int:
    """Print the register."""
    try:
        _, rows = _register(options)
    except CommandError as error:
        return fail(str(error))
    for name, role, on, by, withdrawn, day, begun, over, door, screen, _, ended in rows:
        until = f", withdrawn {withdrawn}" if withdrawn else ""
        checks = f"{day} {begun} to {over or '...'}, {door or 'no door'} ({screen}), {ended}"
        show([f"{name}, {role}, authorised {on} by {by}{until}: {checks if day else 'no checks'}"])
    if not rows:
        print("The register is empty: kiosk staff add NAME --role supervisor --by WHO")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write the register into a file."""
    from kiosk.adapters.files import write_whole

    kind = options.file.suffix.lower()
    if kind not in (".csv", ".pdf"):
        return fail(f"{options.file} ends in neither .csv nor .pdf. Name the kind by the ending.")
    try:
        event, rows = _register(options)
        write_whole(options.file, _csv(rows) if kind == ".csv" else _pdf(event, rows))
    except CommandError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{options.file}: {error.strerror}. Choose another place.")
    show([f"The register is in {options.file}. It holds names: keep it with the organiser."])
    return 0


def _register(options: argparse.Namespace) -> tuple[Event, list[tuple[str, ...]]]:
    """The event and the rows of the register. Raises CommandError."""
    from kiosk.core.staff.register import table

    event = load_event_file(options.event)
    with stored_staff(state_folder(options)) as staff:
        return event, table(staff.members(), staff.sessions(), event.time_zone)


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    """With a mark at the beginning, by which spreadsheets know UTF-8."""
    from kiosk.core.guests.lists.guarding import guarded
    from kiosk.core.staff.register import HEADINGS

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(map(guarded, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _pdf(event: Event, rows: list[tuple[str, ...]]) -> bytes:
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.bootstrap.screens import application
    from kiosk.core.staff.register import HEADINGS
    from kiosk.gui.register_page import register_pages

    app = application()
    at = SystemClock().now().astimezone(event.time_zone)
    pages = register_pages(event.name, HEADINGS, rows, at)
    app.processEvents()
    return pages
