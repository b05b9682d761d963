"""A list as a spreadsheet shows it: cells of text, rows and columns by its names for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

MAX_LISTED = 100_000  # guests: more than any event of this kind has
MAX_ROWS = MAX_LISTED + 100  # with something in them: titles and headings stand above
MAX_COLUMNS = 200  # forms with a column for each question have a hundred
MAX_CELL = 300  # characters
SERIAL_DAY_0 = date(1899, 12, 30)  # of Excel's serial dates (ECMA-376 18.17.4.1, 1900 date system)

_LETTERS = re.compile(r"[A-Z]{1,3}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class Row:
    """One row that has something in it.

    number: as a spreadsheet counts, from 1. cells: from column A on; a short row ends early.
    """

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text in a column (0 is A), empty where the row has none."""
        return self.cells[column] if column < len(self.cells) else ""

    def __repr__(self) -> str:
        """Without the cells: they are personal."""
        return f"Row({self.number}, {len(self.cells)} cells)"


@dataclass(frozen=True, repr=False)
class Table:
    """The rows of one list, in their order.

    name: of the sheet, empty for CSV. other_sheets: those that were not read. unread: why a cell
    (row number, column) has no text, though something stands in it. hidden_rows, hidden_columns:
    those that are read, though a spreadsheet does not show them. delimited: a delimiter within a
    cell could have moved those behind it.
    day_0: what the serial date 0 stands for.
    """

    rows: tuple[Row, ...]
    name: str = ""
    other_sheets: tuple[str, ...] = ()
    unread: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    delimited: bool = False
    day_0: date = SERIAL_DAY_0

    def __repr__(self) -> str:
        """Without the cells: they are personal."""
        return f"Table({len(self.rows)} rows)"


@dataclass(frozen=True)
class ListFault:
    """One fault: its row (0 for the whole file), its column's letter and heading, the remedy.

    column, heading: empty where the fault is of the row, or of the file.
    """

    row: int
    column: str
    heading: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        place = f"row {self.row}" if self.row else "file"
        if self.column:
            place += f", column {self.column}" + (f' "{self.heading}"' if self.heading else "")
        return f"{place}: {self.problem}. {self.remedy}"


class GuestListError(ValueError):
    """A list that cannot be taken in; `faults` names every reason."""

    def __init__(self, faults: Sequence[ListFault]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
        super().__init__(f"{count} in the guest list")
        self.faults = tuple(faults)


def file_fault(problem: str, remedy: str, row: int = 0) -> GuestListError:
    """A list that cannot be read as a whole."""
    return GuestListError([ListFault(row, "", "", problem, remedy)])


def too_many_rows() -> GuestListError:
    """A list longer than `MAX_ROWS`."""
    problem = f"more than {MAX_LISTED:,} rows with something in them"
    return file_fault(problem, "Split the list, or delete what is no guest.")


def beyond_columns(row: int, column: int) -> GuestListError:
    """Something stands further right than `MAX_COLUMNS`."""
    remedy = f"Delete what is no part of the list; {MAX_COLUMNS} columns are read."
    return file_fault(f"something stands in column {letters(column)}", remedy, row)


def rows_of(lines: Iterable[Sequence[str]]) -> tuple[Row, ...]:
    """Rows counted from 1; those with nothing in them are left out. Raises GuestListError."""
    rows = []
    for number, cells in enumerate(lines, start=1):
        for column, cell in enumerate(cells[MAX_COLUMNS:], start=MAX_COLUMNS):
            if cell and not cell.isspace():
                raise beyond_columns(number, column)
        if any(cell and not cell.isspace() for cell in cells):
            rows.append(Row(number, tuple(cells[:MAX_COLUMNS])))
        if len(rows) > MAX_ROWS:
            raise too_many_rows()
    return tuple(rows)


def letters(column: int) -> str:
    """The name of a column: A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int | None:
    """The column of that name, in any case; None where it is none."""
    if not _LETTERS.fullmatch(name):
        return None
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
