"""The persons of a report as CSV, for other programs."""

from __future__ import annotations

import csv
import io

from kiosk.adapters.reports.words import Words
from kiosk.core.guests.lists.guarding import guarded
from kiosk.core.report.figures import Report


def table(report: Report, words: Words) -> bytes:
    """One row for each person, in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    heads = [words(key) for key in ("family", "given", "organisation", "group")]
    heads += [words.half(half) for half in report.halves]
    writer.writerow([*heads, words("first_in"), words("last_out"), words("badge")])
    for row in report.persons:
        writer.writerow(
            [
                *map(guarded, words.names(row)),
                *(words(presence.name.lower()) for presence in row.halves),
                words.time(row.first_in),
                words.time(row.last_out),
                row.guest_id,
            ]
        )
    return text.getvalue().encode("utf-8-sig")
