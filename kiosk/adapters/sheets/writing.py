"""A guest list as an XLSX file that an import reads back as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.lists.guarding import is_guarded
from kiosk.core.guests.lists.writing import TITLES, Value, list_rows

_ESCAPE = re.compile(
    r"_(?=x[0-9A-Fa-f]{4}_)"
)  # would be read as a character (ECMA-376-1 22.9.2.19)
_DATE = "yyyy-mm-dd"
_MEANS_MORE = ("=", "+", "-", "@", "#")  # beginnings of what Excel or openpyxl takes for no text
_WIDTH = 20  # characters of a column


def list_xlsx(guests: Iterable[Guest], step: Callable[[], object] = lambda: None) -> bytes:
    """The workbook; `step` is called for each guest. Texts are texts: nothing in it runs."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Guests")
    sheet.freeze_panes = "A2"
    for at in range(1, len(TITLES) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTH
    bold = Font(bold=True)
    titles = [WriteOnlyCell(sheet, title) for title in TITLES]
    for title in titles:
        title.font = bold
    sheet.append(titles)
    for row in list_rows(guests):
        sheet.append([_cell(sheet, value) for value in row])
        step()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: object, value: Value) -> object:
    """A text that begins with = is no formula, and stays none when somebody edits the cell."""
    if not isinstance(value, str):
        if not isinstance(value, date):
            return value
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _DATE
        return cell
    text = _ESCAPE.sub("_x005F_", f"'{value}" if is_guarded(value) else value)
    if not text.startswith(_MEANS_MORE):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
