"""`kiosk log`: the entry log shown, verified, exported, and those of other desks taken in."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_event_file,
    read_named,
    show,
    state_folder,
)
from kiosk.cli.log_words import (
    arrival_words,
    entries,
    finding_words,
    fork_words,
    log_words,
    record_words,
)
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.core.signedlog import SignedLog

_MAX_LOG = 512 * 1024 * 1024  # bytes of a signed log; 100,000 entries have 45 MB
_DATABASE = b"SQLite format 3\x00"
_VERIFY = """\
Recomputes the hash chain of every log that is here and checks every signature. The exit status is
1 where anything does not hold; the first break of each log is named. See docs/entry-log.md for
what can be found in this way, and what cannot."""
_EXPORT = """\
With FILE: every log that is here, as one signed file that another desk takes in with
`kiosk log import`; this kiosk's own is signed up to its last entry first. With --format: entries,
or with --counts the counts, for a spreadsheet. No name is in any of it."""
_IMPORT = """\
Takes in the signed logs of other desks: chains and signatures are checked, what is new is added,
and nothing that is here is changed. Files may come in any order, overlap, and come again."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("log", help="show, verify, export and merge entry logs")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    shown = actions.add_parser("show", help="the last entries in words")
    shown.add_argument("--last", type=int, default=20, metavar="N", help="how many (default: 20)")
    shown.add_argument("--event", type=Path, metavar="FILE", help="times as on the event's wall")
    shown.add_argument(
        "--names", action="store_true", help="names of the guest list for pseudonyms"
    )
    shown.set_defaults(func=_told(run_show))
    verify = actions.add_parser(
        "verify", aliases=["check"], help="whether chains and signatures hold", description=_VERIFY
    )
    verify.add_argument(
        "--file", type=Path, metavar="PATH", help="a copied database, or an exported log"
    )
    verify.set_defaults(func=_told(run_verify))
    export = actions.add_parser(
        "export", help="a signed file for other desks, or a table", description=_EXPORT
    )
    export.add_argument("file", nargs="?", type=Path, metavar="FILE")
    export.add_argument("--format", choices=("csv", "json"))
    export.add_argument("--counts", action="store_true", help="answers by hour and door")
    export.set_defaults(func=_told(run_export))
    taken = actions.add_parser("import", help="take in other desks' logs", description=_IMPORT)
    taken.add_argument("files", nargs="+", type=Path, metavar="FILE")
    taken.set_defaults(func=_told(run_import))
    for one in (shown, verify, export, taken):
        add_state(one)


def _told(run: Any) -> Any:
    """The command with its errors told."""

    def command(options: argparse.Namespace) -> int:
        from kiosk.adapters.storage.database import DatabaseError
        from kiosk.desk.ports import StorageTroubleError

        try:
            return int(run(options))
        except (CommandError, DatabaseError) as error:
            return fail(str(error))
        except StorageTroubleError as error:
            return fail(f"The log could not be read ({error}). `kiosk doctor` looks at the disk.")

    return command


def run_show(options: argparse.Namespace) -> int:
    """Print the last entries."""
    from kiosk.adapters.storage.database import read_database
    from kiosk.adapters.storage.guests import read_guests
    from kiosk.adapters.storage.logrows import last_records

    if options.last < 1:
        raise CommandError("--last asks for 1 entry at least.")
    state = state_folder(options)
    zone = load_event_file(options.event).time_zone if options.event else None
    with read_database(state, guest_sealer(state) if options.names else None) as database:
        names = {g.id: g.name for g in read_guests(database)} if options.names else {}
        records = last_records(database, options.last)
    show(record_words(record, zone, names) for record in records)
    if not records:
        print("no entries")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Recompute the chains; 1 where one breaks."""
    from kiosk.adapters.storage.database import open_copy, read_database

    if options.file is None:
        with read_database(state_folder(options)) as database:
            return _verify_database(database)
    try:
        with options.file.open("rb") as file:
            is_database = file.read(len(_DATABASE)) == _DATABASE
    except OSError as error:
        raise CommandError(f"{options.file}: {error.strerror}. Check the path.") from None
    if is_database:
        with open_copy(options.file) as database:
            return _verify_database(database)
    return _verify_file(options.file)


def _verify_database(database: OpenDatabase) -> int:
    from kiosk.adapters.storage.logrows import check_all, forks_in, signer_of

    checked, own = check_all(database), database.meta("kiosk")
    for log, one in checked.items():
        key = signer_of(database.connection, log.kiosk)
        raw = key.public_bytes_raw() if key else None
        show(log_words(log, one, raw, own=log.kiosk == own))
    forks = forks_in(database)
    for log, seq in forks:
        show(fork_words(log, seq))
    return _summed_up(
        sum(one.entries for one in checked.values()),
        sum(one.finding is not None for one in checked.values()) + len(forks),
    )


def _verify_file(path: Path) -> int:
    from kiosk.core.signedlog import check_signed_log

    logs = _logs_of(path)
    checked = [check_signed_log(log) for log in logs]
    for log, one in zip(logs, checked, strict=True):
        show(log_words(log.name, one, log.key, own=False))
    return _summed_up(
        sum(one.entries for one in checked), sum(one.finding is not None for one in checked)
    )


def _summed_up(number: int, broken: int) -> int:
    if broken:
        print(f"{entries(number)}; {counted(broken, 'log')} broken")
        return 1
    print(f"{entries(number)}, the chain holds")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write the signed file, or print or write a table."""
    if options.counts or options.format:
        return _export_table(options)
    if options.file is None:
        options.format = "csv"
        return _export_table(options)
    return _export_signed(options)


def _export_signed(options: argparse.Namespace) -> int:
    from kiosk.adapters.storage.database import read_database
    from kiosk.adapters.storage.logtravel import export_logs, take_back_export
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.signedlog import check_signed_log, write_logs

    at = SystemClock().now()
    with read_database(state_folder(options)) as database:
        logs = export_logs(database, at)
        try:
            _write(options.file, write_logs(logs))
        except CommandError:
            take_back_export(database, logs, at)
            raise
    number = sum(len(log.lines) for log in logs)
    print(f"{entries(number)} of {counted(len(logs), 'log')} in {options.file}")
    whole = True
    for log in logs:
        finding = check_signed_log(log).finding
        if finding:
            whole = False
            show([f"kiosk {log.name.kiosk}, log {log.name.epoch}: {finding_words(finding)}"])
            if not finding.of_counts:
                print("  No other desk will take this log in; keep the database.")
    return 0 if whole else 1


def _export_table(options: argparse.Namespace) -> int:
    from kiosk.adapters.storage.database import read_database
    from kiosk.core.guests.lists.guarding import guarded

    with read_database(state_folder(options)) as database:
        rows = list(_count_rows(database) if options.counts else _entry_rows(database))
    text = io.StringIO()
    if options.format == "json":
        text.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    elif rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = ("" if cell is None else str(cell) for cell in row.values())
            writer.writerow(dict(zip(row, map(guarded, cells), strict=True)))
    if options.file is None:
        sys.stdout.write(text.getvalue())
    else:
        _write(options.file, text.getvalue().encode())
        print(f"{counted(len(rows), 'row')} in {options.file}")
    return 0


def _entry_rows(database: OpenDatabase) -> Iterator[dict[str, object]]:
    from kiosk.adapters.storage.logrows import read_records
    from kiosk.core.entry import json_of, line_of

    return (json_of(line_of(record)) for record in read_records(database))


def _count_rows(database: OpenDatabase) -> Iterator[dict[str, object]]:
    from kiosk.adapters.storage.logrows import counts_of, event_of, logs_in, told_as_trouble

    with told_as_trouble():
        event = event_of(database.connection)
        for log in logs_in(database.connection):
            for count, _ in counts_of(database.connection, log, event):
                yield count._asdict()


def run_import(options: argparse.Namespace) -> int:
    """Take in the logs; 1 where one was refused or contradicts what is here."""
    from kiosk.adapters.storage.database import open_database
    from kiosk.adapters.storage.logrows import event_of
    from kiosk.adapters.storage.logtravel import import_log

    files = [(path, _logs_of(path)) for path in options.files]
    clean = True
    with open_database(state_folder(options)) as database:
        for path, logs in files:
            show([f"{path}:"])
            for log in logs:
                arrival = import_log(database, log)
                show(arrival_words(arrival, event_of(database.connection)))
                clean &= arrival.whole
    return 0 if clean else 1


def _logs_of(path: Path) -> Sequence[SignedLog]:
    from kiosk.core.signedlog import LogFileError, read_logs

    remedy = "Give a file of `kiosk log export FILE`."
    try:
        return read_logs(read_named(path, _MAX_LOG, remedy))
    except LogFileError as error:
        raise CommandError(
            f"{path}: {error}. Copy it again from the kiosk that wrote it."
        ) from None


def _write(path: Path, data: bytes) -> None:
    from kiosk.adapters.files import write_whole

    try:
        write_whole(path, data)
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written ({error.strerror}). Choose another place."
        ) from None
