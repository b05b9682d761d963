"""The report as an XLSX workbook with charts, for whoever counts on."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.adapters.reports.words import Words
from kiosk.core.report.figures import Report, Seats
from kiosk.core.report.halfdays import Presence

_WIDEST = 48  # characters of a column
_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1D3FBB")
_WARNING = PatternFill("solid", fgColor="FEF4D6")
Cell = str | int


def workbook(report: Report, words: Words, made: str) -> bytes:
    """The bytes of the workbook. `made` says when, and from which logs."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _summary(book, report, words, made)
    _attendance(book, report, words)
    _occasions(book, report, words)
    _partnerships(book, report, words)
    _doors(book, report, words)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _summary(book: Workbook, report: Report, words: Words, made: str) -> None:
    sheet = book.create_sheet(words("summary"))
    lines = [report.event.name, report.event.place, made, *words.summary(report)]
    for line in [*lines, words("no_names")]:
        _write(sheet, sheet.max_row + 1 if sheet["A1"].value else 1, [line])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.column_dimensions["A"].width = 100


def _attendance(book: Workbook, report: Report, words: Words) -> None:
    heads = [words(key) for key in ("family", "given", "organisation", "group")]
    heads += [words.half(half) for half in report.halves]
    heads += [words("first_in"), words("last_out"), words("badge")]
    rows = [
        [
            *words.names(row),
            *(words(presence.name.lower()) for presence in row.halves),
            words.time(row.first_in),
            words.time(row.last_out),
            row.guest_id,
        ]
        for row in report.persons
    ]
    sheet = _table(book, words("attendance"), heads, rows)
    sheet.freeze_panes = "C2"
    presumed = words(Presence.PRESUMED.name.lower())
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if cell.value == presumed:
                cell.fill = _WARNING


def _occasions(book: Workbook, report: Report, words: Words) -> None:
    heads = [words(key) for key in ("occasion", "expected", "came", "most", "missed")]
    rows: list[Sequence[Cell]] = [
        [
            row.occasion.name,
            row.expected,
            row.came,
            row.most,
            ", ".join(guest.name for guest in row.missed),
        ]
        for row in report.occasions
    ]
    sheet = _table(book, words("occasions"), heads, rows)
    chart = BarChart()
    chart.title = words("occasions")
    chart.add_data(Reference(sheet, min_col=2, max_col=3, min_row=1, max_row=len(rows) + 1), True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    sheet.add_chart(chart, f"A{len(rows) + 4}")
    for row in report.occasions:
        if row.arrivals:
            _arrivals(book, report, words, row.occasion.id)


def _arrivals(book: Workbook, report: Report, words: Words, occasion_id: str) -> None:
    row = next(row for row in report.occasions if row.occasion.id == occasion_id)
    rows: list[Sequence[Cell]] = [
        [f"{bar.since.astimezone(words.zone):%H:%M}", bar.count] for bar in row.arrivals
    ]
    name = f"{words('arrivals')} {occasion_id}"[:31]  # Excel's longest name of a sheet
    sheet = _table(book, name, [words("hour"), words("came")], rows)
    chart = BarChart()
    chart.title = words("arrivals_of", occasion=row.occasion.name)
    chart.legend = None
    chart.gapWidth = 20
    chart.width, chart.height = 24, 10  # cm
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=len(rows) + 1), True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    sheet.add_chart(chart, "D2")


def _partnerships(book: Workbook, report: Report, words: Words) -> None:
    names = {row.occasion.id: row.occasion.name for row in report.occasions}
    heads = [words(key) for key in ("occasion", "partnership", "invited", "came", "seats")]
    rows: list[Sequence[Cell]] = [
        [names[row.occasion], row.partnership, row.invited, row.came, words.seats(row.seats)]
        for row in report.partnerships
    ]
    sheet = _table(book, words("partnerships"), heads, rows)
    for number, row in enumerate(report.partnerships, start=2):
        if row.seats is not Seats.RIGHT:
            sheet.cell(number, 5).fill = _WARNING


def _doors(book: Workbook, report: Report, words: Words) -> None:
    doors = report.doors
    rows: list[Sequence[Cell]] = [
        [words.basis(basis), count] for basis, count in sorted(doors.by_basis.items())
    ]
    rows += [[words("overrides"), doors.overrides], [words("sent_away"), doors.sent_away], []]
    rows.append([words("hour"), words("refused"), words("desk")])
    for day, hour in sorted(doors.refused.keys() | doors.desk.keys()):
        refused, desk = doors.refused.get((day, hour), 0), doors.desk.get((day, hour), 0)
        rows.append([f"{day:%d/%m} {hour:02}:00", refused, desk])
    _table(book, words("doors"), [words("basis"), words("came")], rows)


def _table(
    book: Workbook, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Worksheet:
    """A sheet with a heading row that stays, columns as wide as what is in them, and filters."""
    sheet = book.create_sheet(name)
    _write(sheet, 1, heads)
    for cell in sheet[1]:
        cell.font, cell.fill = _HEAD, _HEAD_FILL
    number = 1
    for number, row in enumerate(rows, start=2):
        _write(sheet, number, row)
    for column, cells in enumerate(sheet.iter_cols(max_row=number), start=1):
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = min(longest + 3, _WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{number}"
    return sheet


def _write(sheet: Worksheet, row: int, values: Sequence[Cell]) -> None:
    """Text as text: a name that begins with an equals sign must not become a formula."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"
