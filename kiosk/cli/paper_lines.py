"""The paper list as somebody typed it: one line for each guest, with the time on the paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, read_named

if TYPE_CHECKING:
    from kiosk.core.entry import EntryAct

MAX_PAPER = 1024 * 1024  # bytes
_COLUMNS = {"time", "guest"}  # and "act", if anybody left
_REMEDY = (
    "The first line names the columns: time;guest;act. "
    'A time is "09:30" of today, or "2021-11-22 09:30".'
)


@dataclass(frozen=True, repr=False)
class TypedLine:
    """One line: its number in the file, and what it says. happened: aware."""

    number: int
    guest: str
    happened: datetime
    act: EntryAct


def read_lines(path: Path, today: datetime) -> Iterator[TypedLine]:
    """The lines of a CSV file; `today`: now, at the venue. Raises CommandError with all faults."""
    text = _text(path)
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = names
    if not set(names) >= _COLUMNS:
        raise CommandError(f"{path}: a column is missing. {_REMEDY}")
    lines, faults = [], []
    for number, row in enumerate(rows, start=2):
        try:
            lines.append(_line(number, row, today))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise CommandError(f"{path}: nothing was recorded. {_REMEDY}\n" + "\n".join(faults))
    return iter(lines)


def _text(path: Path) -> str:
    data = read_named(path, MAX_PAPER, "Give the path of a CSV file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _line(number: int, row: dict[str, str | None], today: datetime) -> TypedLine:
    from kiosk.core.entry import EntryAct

    guest, act = (row.get("guest") or "").strip(), (row.get("act") or "in").strip().lower()
    if not guest:
        raise ValueError("no guest")
    if act not in ("in", "out"):
        raise ValueError(f'"{act}" is neither "in" nor "out"')
    return TypedLine(
        number, guest, _happened((row.get("time") or "").strip(), today), EntryAct(act)
    )


def _happened(text: str, today: datetime) -> datetime:
    """A time of day of `today`, or a date and time, on the venue's wall."""
    try:
        if len(text) <= len("09:30"):
            return datetime.combine(today.date(), time.fromisoformat(text.zfill(5)), today.tzinfo)
        written = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a time') from None
    return written if written.tzinfo else written.replace(tzinfo=today.tzinfo)
