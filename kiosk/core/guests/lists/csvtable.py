"""A CSV file of any usual encoding and delimiter, as a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from kiosk.core.guests.lists.headings import meanings
from kiosk.core.guests.lists.table import Table, file_fault, rows_of

MAX_CELLS = 10_000_000  # 100,000 rows of 100; a row of so many cells takes 80 MB
_DELIMITERS = ";\t,"  # of two that do as well, the first
_LOOKED_AT = 16_384  # characters from which the delimiter is told: titles and some rows
_SEPARATOR = re.compile(r"sep=(.)(?:\r\n|\r|\n|$)", re.IGNORECASE)  # Excel's own first line
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def csv_table(data: bytes, step: Callable[[], object] = lambda: None) -> Table:
    """The cells of a CSV file; `step` is called for each row. Raises GuestListError."""
    text = decode_csv(data)
    if "\x00" in text:
        raise file_fault("not a text file", "Save the list as XLSX, or as CSV UTF-8.")
    separator = _SEPARATOR.match(text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator[1] if separator else _delimiter(text[:_LOOKED_AT])
    if text.count(delimiter) > MAX_CELLS:
        raise file_fault(f"more than {MAX_CELLS:,} cells", "Delete what is no part of the list.")
    return Table(rows_of(_lines(text, delimiter, step)), delimited=True)


def decode_csv(data: bytes) -> str:
    """The text: what its mark says, else UTF-8, else what Excel writes on Windows or a Mac.

    Excel's "CSV (Macintosh)" is Mac Roman with bare carriage returns. A byte that stands for no
    letter becomes U+FFFD, which is told as a fault of its cell.
    """
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":  # cut short
            return data.decode(encoding, "replace")
    mac = b"\r" in data and b"\n" not in data
    return data.decode("mac_roman" if mac else "cp1252", "replace")


def _lines(text: str, delimiter: str, step: Callable[[], object]) -> Iterator[list[str]]:
    """The cells. Strict, for else an open quotation mark swallows all guests behind it."""
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True):
            yield cells
            number += 1
            step()
    except csv.Error:
        remedy = "Look whether a quotation mark is missing, or save it as CSV again."
        raise file_fault("a cell does not end where it should", remedy, number + 1) from None


def _delimiter(text: str) -> str:
    """The one that makes most headings of a row, else most rows of one width."""
    return max(_DELIMITERS, key=lambda delimiter: _sense(text, delimiter))


def _sense(text: str, delimiter: str) -> tuple[int, int]:
    lines: list[list[str]] = []
    with suppress(csv.Error):  # a giant cell; what stands before it tells
        lines.extend(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    known = max((sum(1 for cell in line if meanings(cell)) for line in lines), default=0)
    widths = Counter(len(line) for line in lines if len(line) > 1)
    return known, max((width * count for width, count in widths.items()), default=0)
