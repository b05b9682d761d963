"""The sheets of an XLSX file as tables: calamine reads what was looked through before."""

from __future__ import annotations

import io
import math
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet, CalamineWorkbook

from kiosk.adapters.sheets.package import Package, damage_told, too_large
from kiosk.core.guests.lists.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    SERIAL_DAY_0,
    Row,
    Table,
    beyond_columns,
    column_number,
    file_fault,
    too_many_rows,
)

MAX_LAST = 2 * MAX_ROWS  # row with something in it; calamine keeps the empty cells above it too
MAX_MERGED = 1_000_000  # cells that merged ranges fill
MAX_SHARED = 2_000_000  # shared texts; each name, organisation and address of a large list is one
MAX_TEXT = 1_000  # characters that are kept of one cell; far more than one may have
_DAY_0_1904 = date(1904, 1, 1)  # of workbooks that old Excel for Mac began (ECMA-376-1 18.17.4.1)
_EXACT = 1e15  # from here on a spreadsheet's numbers lose their last digits
_DIGITS = "0123456789"
_NO_RESULT = "the file does not have the result of a formula"
_ERROR = "a formula has an error as its result"
Cells = dict[int, list[str]]  # by the number of the row


@dataclass
class _Notes:
    """What calamine does not tell of a worksheet, noticed on the way through (18.3.1)."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    beyond: tuple[int, int] | None = None  # the first cell behind the columns that are read
    last: int = 0  # row with something in it
    _row: int = 0
    _column: int = -1

    def notice(self, name: str, attributes: dict[str, str]) -> None:
        """One element."""
        hidden = attributes.get("hidden") in ("1", "true")
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._something()
        elif name == "f":
            self.unread.setdefault((self._row, self._column), _NO_RESULT)
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            if hidden:
                self.hidden_rows.append(self._row)
        elif name == "col" and hidden:
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self.hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "").rstrip(_DIGITS)
        column = column_number(reference) if reference else self._column + 1
        if column is None:
            raise ValueError
        self._column = column
        if attributes.get("t") == "e":
            self.unread[self._row, column] = _ERROR

    def _something(self) -> None:
        self.last = max(self.last, self._row)
        if self._column >= MAX_COLUMNS:
            self.beyond = self.beyond or (self._row, self._column)
        if self.unread.get((self._row, self._column)) == _NO_RESULT:
            del self.unread[self._row, self._column]


class Workbook:
    """One file. All methods raise GuestListError."""

    def __init__(self, data: bytes) -> None:
        self._notes: defaultdict[str, _Notes] = defaultdict(_Notes)
        self._relations: dict[str, str] = {}  # of the workbook, by id: the part
        self._ids: dict[str, str] = {}  # of relations, by the name of the sheet
        self._hidden: set[str] = set()
        self._day_0 = SERIAL_DAY_0
        self._shared = 0
        Package(data).look_through(self._notice)
        with damage_told():
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            self.names = tuple(n for n in self._book.sheet_names if self._part(n) in self._notes)
        if not self.names:
            raise file_fault("the XLSX file has no sheet of cells", "Give the list itself.")

    @property
    def shown(self) -> tuple[str, ...]:
        """The sheets that a spreadsheet shows; all of them where it shows none."""
        return tuple(name for name in self.names if name not in self._hidden) or self.names

    def named(self, name: str) -> str:
        """The sheet of that name, in any case."""
        for there in self.names:
            if there.casefold() == name.casefold():
                return there
        names = ", ".join(f'"{there}"' for there in self.names)
        raise file_fault(f'there is no sheet "{name}"', f"Name one of: {names}.")

    def table(self, name: str, step: Callable[[], object] = lambda: None) -> Table:
        """The cells of a sheet; `step` is called for each row."""
        notes = self._notes[self._part(name)]
        if notes.beyond:
            raise beyond_columns(*notes.beyond)
        if notes.last > MAX_LAST:
            raise too_many_rows()
        with damage_told():
            sheet = self._book.get_sheet_by_name(name)
            rows = dict(_rows(sheet, notes, step))
            _fill_merged(rows, sheet)
        return Table(
            rows=tuple(Row(number, tuple(cells)) for number, cells in rows.items()),
            name=name,
            other_sheets=tuple(other for other in self.names if other != name),
            unread=notes.unread,
            hidden_rows=tuple(number for number in notes.hidden_rows if number in rows),
            hidden_columns=tuple(sorted(notes.hidden_columns)),
            day_0=self._day_0,
        )

    def _part(self, name: str) -> str:
        return self._relations.get(self._ids.get(name, ""), "")

    def _notice(self, part: str, name: str, attributes: dict[str, str]) -> None:
        if part.startswith("xl/worksheets/"):
            self._notes[part].notice(name, attributes)
        elif part == "xl/_rels/workbook.xml.rels" and name == "Relationship":
            target = posixpath.join("/xl", attributes.get("Target", ""))
            self._relations[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")
        elif part == "xl/workbook.xml" and name == "sheet":
            sheet = attributes.get("name", "")
            self._ids[sheet] = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            if attributes.get("state", "visible") != "visible":
                self._hidden.add(sheet)
        elif name == "si":
            self._shared += 1
            if self._shared > MAX_SHARED:
                raise too_large(f"more than {MAX_SHARED:,} texts")
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self._day_0 = _DAY_0_1904


def _rows(
    sheet: CalamineSheet, notes: _Notes, step: Callable[[], object]
) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that has something in it."""
    if sheet.start is None:
        return
    found = 0
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        step()
        texts = [_text(cell, (number, at), notes) for at, cell in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        if any(text and not text.isspace() for text in texts):
            found += 1
            yield number, texts
        if found > MAX_ROWS:
            raise too_many_rows()


def _text(value: object, place: tuple[int, int], notes: _Notes) -> str:
    """What the cell shows; where that is not known, something, and `notes` has why."""
    if value == "":
        return "?" if place in notes.unread else ""
    if isinstance(value, float) and abs(value) >= _EXACT:
        notes.unread[place] = "it is a number so long that its last digits are lost"
    return _shown(value)


def _shown(value: object) -> str:
    """A value as text: days and times as ISO 8601 has them."""
    match value:
        case bool():
            return str(value).upper()
        case datetime():
            moment = value.time() != time.min
            return value.isoformat(" ", "minutes") if moment else value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            hours, minute = divmod(round(value.total_seconds() / 60), 60)
            return f"{hours:02}:{minute:02}"
        case float():
            if not math.isfinite(value):
                raise ValueError
            return str(int(value)) if value.is_integer() else repr(value)
    return str(value)[:MAX_TEXT]


def _fill_merged(rows: Cells, sheet: CalamineSheet) -> None:
    """Write what stands in the first of merged cells into those below it, as it is shown."""
    filled = 0
    for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
        first = rows.get(top + 1, [])
        if bottom == top or column >= len(first) or not first[column]:
            continue
        below = range(top + 2, bottom + 2) if bottom - top < len(rows) else tuple(rows)
        for number in below:
            if top + 1 < number <= bottom + 1 and number in rows:
                row = rows[number]
                row.extend([""] * (column + 1 - len(row)))
                row[column] = first[column]
                filled += 1
                if filled > MAX_MERGED:
                    raise ValueError
