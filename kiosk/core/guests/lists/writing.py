"""A guest list as a table that an import reads back as it was, with badge ids and pseudonyms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.lists.guarding import guarded
from kiosk.core.guests.lists.headings import HEADINGS, Field
from kiosk.core.guests.lists.terms import NO_OCCASION
from kiosk.core.guests.lists.values import one_line

Value = str | int | date | None
COLUMNS = (
    Field.FAMILY,
    Field.GIVEN,
    Field.ORGANISATION,
    Field.PARTNERSHIP,
    Field.CATEGORY,
    Field.OCCASIONS,
    Field.ATTENDANCE,
    Field.SELECTION,
    Field.REGISTERED_ON,
    Field.LANGUAGE,
    Field.BIRTH_YEAR,
    Field.BADGE,
    Field.PSEUDONYM,
)
TITLES = tuple(HEADINGS[field][0].capitalize() for field in COLUMNS)


def list_rows(guests: Iterable[Guest]) -> Iterator[tuple[Value, ...]]:
    """A row for each guest, in the order of `COLUMNS`."""
    for guest in guests:
        yield (
            one_line(guest.family),
            one_line(guest.given),
            one_line(guest.organisation),
            one_line(guest.partnership),
            one_line(guest.category),
            " + ".join(sorted(guest.occasions)) or NO_OCCASION,
            str(guest.attendance),
            str(guest.selection),
            guest.registered_on,
            guest.language,
            guest.birth_year,
            grouped(guest.badge.hex()),
            grouped(guest.id),
        )


def grouped(digits: str) -> str:
    """An id of 16 digits in groups, which no spreadsheet takes for a number and rounds."""
    return "-".join(re.findall("....", digits))


def list_csv(guests: Iterable[Guest]) -> bytes:
    """CSV that Excel opens by a double click: UTF-8 with mark, semicolons, nothing that runs."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(TITLES)
    for row in list_rows(guests):
        writer.writerow([guarded("" if cell is None else str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")
