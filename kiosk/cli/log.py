"""`kiosk log`: the entry log, checked and exported."""

from __future__ import annotations

import argparse
import csv
import json
import sys

from kiosk.cli.common import Subparsers, add_state, counted, fail, state_folder


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("log", help="check and export the entry log")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="whether the hash chain holds")
    add_state(check)
    check.set_defaults(func=run_check)
    export = actions.add_parser("export", help="print all entries, with pseudonyms only")
    export.add_argument("--format", choices=("csv", "json"), default="csv")
    add_state(export)
    export.set_defaults(func=run_export)


def run_check(options: argparse.Namespace) -> int:
    """Recompute the chain; 1 where it breaks."""
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.logrows import check_all
    from kiosk.desk.ports import StorageTroubleError

    try:
        with read_database(state_folder(options)) as database:
            checked = check_all(database).values()
    except (DatabaseError, StorageTroubleError) as error:
        return fail(str(error))
    for one in checked:
        if one.finding:
            print(f"the chain breaks at entry {one.finding.seq}: it was changed or deleted")
            return 1
    entries = sum(one.entries for one in checked)
    print(f"{'1 entry' if entries == 1 else counted(entries, 'entr', 'ies')}, the chain holds")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Print the log."""
    from kiosk.adapters.storage.database import DatabaseError, read_database
    from kiosk.adapters.storage.logrows import read_records
    from kiosk.core.entry import json_of, line_of
    from kiosk.desk.ports import StorageTroubleError

    try:
        with read_database(state_folder(options)) as database:
            records = read_records(database)
    except (DatabaseError, StorageTroubleError) as error:
        return fail(str(error))
    rows = [json_of(line_of(record)) for record in records]
    if options.format == "json":
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    if rows:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return 0
