"""The report on paper, and the paper list for a door whose machines are all down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from kiosk.adapters.reports.pages import QUIET, Column, Ink, Pages, pdf
from kiosk.adapters.reports.words import Words
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.spelling import folded
from kiosk.core.policy.event import Confirmation, Event
from kiosk.core.report.figures import Report, Seats
from kiosk.core.report.halfdays import AFTERNOON
from kiosk.look import Weight

TITLE, SUBTITLE = Ink(20, Weight.BOLD), Ink(11, Weight.SEMI)
BLANKS = 12  # rows for whoever is not on the list
ROW = 8.0  # mm, for a row that is filled in by hand


def printed_report(report: Report, words: Words, made: str) -> bytes:
    """The report as a PDF. `made` says when, and from which logs."""

    def draw(pages: Pages) -> None:
        pages.line(words("title"), TITLE)
        pages.line(report.event.name, SUBTITLE)
        pages.line(f"{report.event.place}. {made}", QUIET)
        pages.space(3)
        for sentence in words.summary(report):
            pages.line(sentence, SUBTITLE)
        _occasions(pages, report, words)
        _partnerships(pages, report, words)
        _doors(pages, report, words)
        _persons(pages, report, words)

    return pdf(words("title"), draw, lambda page, of: words("page", page=page, pages=of))


def _occasions(pages: Pages, report: Report, words: Words) -> None:
    pages.heading(words("occasions"))
    columns = [Column(words("occasion"), 5)]
    columns += [Column(words(key), 1.4, centred=True) for key in ("expected", "came", "most")]
    rows = [
        (row.occasion.name, str(row.expected), str(row.came), str(row.most))
        for row in report.occasions
    ]
    pages.table(columns, rows)
    for row in report.occasions:
        if row.arrivals:
            pages.heading(words("arrivals_of", occasion=row.occasion.name))
            pages.bars([(words.hour(bar.since), bar.count) for bar in row.arrivals])


def _partnerships(pages: Pages, report: Report, words: Words) -> None:
    """Those alone that somebody has to look after; the workbook has all of them."""
    astray = [row for row in report.partnerships if row.seats is not Seats.RIGHT]
    if not astray:
        return
    names = {row.occasion.id: row.occasion.name for row in report.occasions}
    pages.heading(words("partnerships"))
    columns = [Column(words("occasion"), 4), Column(words("partnership"), 3)]
    columns += [Column(words("invited"), 1, centred=True), Column(words("came"), 1, centred=True)]
    columns.append(Column(words("seats"), 3))
    rows = [
        (names[r.occasion], r.partnership, str(r.invited), str(r.came), words.seats(r.seats))
        for r in astray
    ]
    pages.table(columns, rows, marked=lambda _: True)


def _doors(pages: Pages, report: Report, words: Words) -> None:
    doors = report.doors
    pages.heading(words("doors"))
    rows = [(words.basis(basis), str(count)) for basis, count in sorted(doors.by_basis.items())]
    rows += [
        (words("overrides"), str(doors.overrides)),
        (words("sent_away"), str(doors.sent_away)),
        (words("refused"), str(sum(doors.refused.values()))),
        (words("desk"), str(sum(doors.desk.values()))),
    ]
    pages.table([Column(words("basis"), 5), Column("", 1, centred=True)], rows)
    pages.line(words("no_names"), QUIET)


def _persons(pages: Pages, report: Report, words: Words) -> None:
    pages.heading(words("attendance"))
    pages.line(words("legend", time=f"{AFTERNOON:%H:%M}"), QUIET)
    pages.space(2)
    columns = [Column(words("family"), 3), Column(words("given"), 2.4)]
    columns += [Column(words("organisation"), 3.4), Column(words("group"), 2.6)]
    columns += [Column(words.half(half), 1.5, centred=True) for half in report.halves]
    rows = [
        (*words.names(row), *(words.sign(presence) for presence in row.halves))
        for row in report.persons
    ]
    pages.table(columns, rows)


def on_paper(guests: Iterable[Guest]) -> list[Guest]:
    """Those whom the paper list has, by name: selected, and expected in person."""
    expected = [
        guest
        for guest in guests
        if guest.attendance is Attendance.IN_PERSON and guest.selection is Selection.SELECTED
    ]
    return sorted(expected, key=lambda guest: (folded(guest.family), folded(guest.given), guest.id))


def paper_list(event: Event, guests: Sequence[Guest], words: Words, made: datetime) -> bytes:
    """Who may come in, by name, with room to write: the last resort, printed before the event."""
    expected = on_paper(guests)

    def draw(pages: Pages) -> None:
        pages.line(words("paper_title"), TITLE)
        pages.line(event.name, SUBTITLE)
        time = f"{made.astimezone(words.zone):%d/%m/%Y %H:%M}"
        pages.line(words("paper_count", count=len(expected), time=time), QUIET)
        pages.line(words("paper_use"), QUIET)
        for occasion in event.occasions:
            invited = [guest for guest in expected if occasion.id in guest.occasions]
            if invited:
                pages.heading(occasion.name)
                pages.table(_paper_columns(event, words), _paper_rows(event, invited), least=ROW)
        pages.heading(words("paper_blank"))
        columns = _paper_columns(event, words)
        pages.table(columns, [("",) * len(columns)] * BLANKS, least=ROW + 2)

    return pdf(words("paper_title"), draw, lambda page, of: words("page", page=page, pages=of))


def _paper_columns(event: Event, words: Words) -> list[Column]:
    seen = {Confirmation.ID_DOCUMENT: "paper_id", Confirmation.MASK: "paper_mask"}
    columns = [Column(words("family"), 3), Column(words("given"), 2.4), Column(words("group"), 3.2)]
    ticks = ["paper_certificate", *(seen[look] for look in event.confirmations)]
    columns += [Column(words(key), 1.3, centred=True) for key in ticks]
    times = [Column(words(key), 1.6, centred=True) for key in ("paper_time", "paper_out")]
    return [*columns, *times]


def _paper_rows(event: Event, guests: Sequence[Guest]) -> list[tuple[str, ...]]:
    ticks = ("☐",) * (1 + len(event.confirmations))
    return [(g.family, g.given, g.partnership or g.category, *ticks, "", "") for g in guests]
