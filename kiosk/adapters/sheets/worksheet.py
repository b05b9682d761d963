"""One sheet of an XLSX file as a table: values as they are shown, whatever made them."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from kiosk.adapters.sheets.package import Elements, damage_told
from kiosk.adapters.sheets.workbook import MAX_TEXT, Sheet, Workbook, unescaped
from kiosk.core.guests.lists.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    Table,
    beyond_columns,
    column_number,
    too_many_rows,
)

MAX_SHEET = 256 << 20  # bytes of XML; 100,000 rows of 20 cells take 100 MiB
MAX_MERGED = 1_000_000  # cells that merged ranges fill
_EXACT = 1e15  # from here on a spreadsheet's numbers lose their last digits
_LAST_SERIAL = 2_958_465  # 31 December 9999
_DIGITS = "0123456789"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})", re.ASCII)


def sheet_table(
    workbook: Workbook, sheet: Sheet, step: Callable[[], object] = lambda: None
) -> Table:
    """The cells of a sheet; `step` is called for each row. Raises GuestListError."""
    reader = _Cells(workbook, step)
    workbook.package.read(sheet.part, MAX_SHEET, reader)
    with damage_told():
        reader.fill_merged()
    return Table(
        rows=tuple(Row(number, tuple(cells)) for number, cells in reader.rows.items()),
        name=sheet.name,
        other_sheets=tuple(other.name for other in workbook.sheets if other is not sheet),
        unread=reader.unread,
        hidden_rows=tuple(number for number in reader.hidden_rows if number in reader.rows),
        hidden_columns=tuple(sorted(reader.hidden_columns)),
        day_0=workbook.day_0,
    )


class _Range(NamedTuple):
    """Cells that are one: rows and columns from the first to the last."""

    top: int
    bottom: int
    column: int


class _Cells(Elements):
    """Takes the elements of a worksheet (ECMA-376-1 18.3.1)."""

    def __init__(self, workbook: Workbook, step: Callable[[], object]) -> None:
        self.rows: dict[int, list[str]] = {}  # those with something in them, in their order
        self.unread: dict[tuple[int, int], str] = {}
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self._book, self._step = workbook, step
        self._merged: list[_Range] = []
        self._columns: dict[str, int] = {}  # numbers of columns by their letters
        self._number = 0
        self._cells: list[str] = []
        self._column = -1
        self._type, self._style, self._formula = "n", 0, False
        self._pieces: list[str] = []
        self._within = self._spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._within = False
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._within = not self._spoken
        elif name == "row":
            self._begin_row(attributes)
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._spoken = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self.hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def text(self, data: str) -> None:
        if self._within:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._within = False
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._spoken = False

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._number + 1
        if number <= self._number:
            raise ValueError  # the rows of a sheet stand in their order
        self._number, self._cells, self._column = number, [], -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.append(number)

    def _end_row(self) -> None:
        self._step()
        if any(cell and not cell.isspace() for cell in self._cells):
            self.rows[self._number] = self._cells
        if len(self.rows) > MAX_ROWS:
            raise too_many_rows()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "").rstrip(_DIGITS)
        if reference:
            column = self._columns.get(reference)
            if column is None:
                column = self._columns[reference] = _column(reference)
        else:
            column = self._column + 1
        if column <= self._column:
            raise ValueError  # the cells of a row stand in their order
        self._column = column
        self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
        self._formula, self._pieces = False, []

    def _end_cell(self) -> None:
        raw = "".join(self._pieces)
        if not (raw or self._formula):
            return
        if self._column >= MAX_COLUMNS:
            raise beyond_columns(self._number, self._column)
        cell = self._value(raw)
        if cell:
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.append(cell)

    def _value(self, raw: str) -> str:
        """What the cell shows, by its type (18.18.11); where that is not known, why."""
        if self._type == "s":
            return self._book.texts[int(raw)]
        if self._type in ("str", "inlineStr"):
            return unescaped(raw[:MAX_TEXT])
        if self._type == "b":
            return "TRUE" if raw in ("1", "true") else "FALSE"
        if self._type == "d":
            return raw[:MAX_TEXT].removesuffix("T00:00:00")
        if self._type == "e":
            return self._unknown(raw[:MAX_TEXT], "a formula has an error as its result")
        if not raw:
            return self._unknown("?", "the file does not have the result of a formula")
        return self._number_shown(raw)

    def _number_shown(self, raw: str) -> str:
        number = float(raw)
        if not math.isfinite(number):
            raise ValueError
        if self._style in self._book.date_styles:
            if not 0 <= number <= _LAST_SERIAL:
                return self._unknown(raw, "it is a date that does not exist")
            return _moment(number, self._book.day_0)
        if abs(number) >= _EXACT:
            return self._unknown(raw, "it is a number so long that its last digits are lost")
        return str(int(number)) if number.is_integer() else repr(number)

    def _unknown(self, shown: str, why: str) -> str:
        self.unread[self._number, self._column] = why
        return shown

    # Merged cells

    def _merge(self, reference: str) -> None:
        """Remember a range (18.3.1.55) of several rows; "A2:A5"."""
        found = _RANGE.fullmatch(reference)
        if not found:
            return  # a single cell
        column, top, bottom = _column(found[1]), int(found[2]), int(found[3])
        if bottom > top and column < MAX_COLUMNS:
            self._merged.append(_Range(top, bottom, column))

    def fill_merged(self) -> None:
        """Write what stands in the first of merged cells into those below it, as it is shown."""
        numbers, filled = list(self.rows), 0
        for top, bottom, column in self._merged:
            cells = self.rows.get(top, [])
            if column >= len(cells) or not cells[column]:
                continue
            below = numbers[bisect_right(numbers, top) : bisect_left(numbers, bottom + 1)]
            filled += len(below)
            if filled > MAX_MERGED:
                raise ValueError
            for number in below:
                row = self.rows[number]
                row.extend([""] * (column + 1 - len(row)))
                row[column] = cells[column]


def _column(reference: str) -> int:
    column = column_number(reference)
    if column is None:
        raise ValueError
    return column


def _moment(serial: float, day_0: date) -> str:
    """A date, a date and time, or a time of day, as ISO 8601 has them."""
    day, minutes = divmod(round(serial * 24 * 60), 24 * 60)
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    if day == 0:
        return time
    shown = (day_0 + timedelta(days=day)).isoformat()
    return f"{shown} {time}" if minutes else shown
