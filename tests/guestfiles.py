"""Guest lists as files: read as the commands read them, for a small event."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, time

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.lists.columns import Wish
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.mapping import layout_of
from kiosk.core.guests.lists.reading import ReadList, read_list
from kiosk.core.guests.lists.table import Table
from kiosk.core.guests.lists.terms import EventTerms, half_days

OCCASIONS = {
    "policy-day-1": "Policy event, 22 November",
    "policy-day-2": "Policy event, 23 November",
    "partnering": "Partnering event, 23 November",
}
CATEGORIES = ("speaker", "press", "crew")
DAYS = {id_: date(2021, 11, 22 if id_ == "policy-day-1" else 23) for id_ in OCCASIONS}
HALVES = {
    "policy-day-1": half_days(time(9), time(18, 30)),
    "policy-day-2": half_days(time(9), time(13)),
    "partnering": half_days(time(14), time(18, 30)),
}
TERMS = EventTerms(OCCASIONS, CATEGORIES, DAYS, HALVES)
_NUMBERS = itertools.count(1)


def read_table(table: Table, known: Iterable[Guest] = (), wish: Wish | None = None) -> ReadList:
    """The list of a table; no id is given twice."""
    layout = layout_of(table, TERMS, wish or Wish())
    return read_list(table, layout, TERMS, known, lambda: next(_NUMBERS).to_bytes(8, "big"))


def read(text: str | bytes, known: Iterable[Guest] = ()) -> tuple[Guest, ...]:
    """The guests of a CSV file; a text is written as UTF-8."""
    return read_table(csv_table(text.encode() if isinstance(text, str) else text), known).guests
