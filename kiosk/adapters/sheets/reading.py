"""A file that somebody gave for a list of guests, as a table, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.adapters.sheets.kinds import ZIP, refused
from kiosk.adapters.sheets.workbook import Workbook
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.table import Table, file_fault


def read_table(
    data: bytes,
    is_list: Callable[[Table], bool],
    sheet: str | None = None,
    step: Callable[[], object] = lambda: None,
) -> Table:
    """The table of an XLSX or CSV file, told by its bytes; `step` is called for each row.

    Of several sheets the one named, else the first that is shown and for which `is_list`.
    Raises GuestListError.
    """
    if refusal := refused(data):
        raise refusal
    if data.startswith(ZIP):
        return _sheet(Workbook(data), is_list, sheet, step)
    if sheet is not None:
        raise file_fault("a CSV file has no sheets", "Leave out which sheet to read.")
    return csv_table(data, step)


def _sheet(
    workbook: Workbook,
    is_list: Callable[[Table], bool],
    wanted: str | None,
    step: Callable[[], object],
) -> Table:
    if wanted is not None:
        return workbook.table(workbook.named(wanted), step)
    best = Table(())
    for table in (workbook.table(name, step) for name in workbook.shown):
        if is_list(table):
            return table
        best = best if best.rows else table  # none has headings: the first tells what is missing
    return best
