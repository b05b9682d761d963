"""The report as files that people open: workbook, pages, table; and the paper list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from kiosk.adapters.reports.pages import Column, Pages, pdf
from kiosk.adapters.reports.printed import paper_list, printed_report
from kiosk.adapters.reports.table import table
from kiosk.adapters.reports.words import LANGUAGES, Words, load_words
from kiosk.adapters.reports.workbook import workbook
from kiosk.adapters.system.places import assets
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.report.compile import Count
from kiosk.core.report.figures import Seats
from kiosk.core.report.halfdays import Presence
from kiosk.look import begin_painting
from tests.door import guest
from tests.people import people
from tests.test_report import ANA, BEN, CLEO, DAY_1, EVENT, local, record, report

CALC = guest("=1+1", "@Formel", partnership="Beta")


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    assert begin_painting(assets() / "fonts") is qapp


def words(language: str = "en") -> Words:
    return load_words(assets() / "reports", language, EVENT.time_zone)


def text_of(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    pages = [document.getAllText(page).text() for page in range(document.pageCount())]
    document.close()
    return pages


def book_of(guests: Sequence[Guest] = (ANA, BEN, CLEO), language: str = "en") -> openpyxl.Workbook:
    records = [record(ANA, local(9)), record(BEN, local(9, 40), basis=EntryBasis.OFFICIAL_READER)]
    counts = [Count(DAY_1, 8, "north", "REFUSE", 3)]
    made = report(records, guests, counts)
    return openpyxl.load_workbook(io.BytesIO(workbook(made, words(language), "made today")))


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_of_a_report(language: str) -> None:
    texts = words(language)
    assert texts.texts.keys() == words("en").texts.keys()
    assert all(texts.sign(presence) for presence in Presence)
    assert all(texts.basis(basis) for basis in EntryBasis)
    assert all(texts.seats(seats) for seats in Seats)


# The workbook


def test_the_workbook_has_a_row_for_each_person_with_the_half_days() -> None:
    sheet = book_of()["Attendance"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=8)]
    assert rows[0][4:] == ["22/11 morning", "22/11 afternoon", "23/11 morning", "23/11 afternoon"]
    silva = next(row for row in rows if row[0] == "Silva")
    assert silva[1:] == [
        "Ana",
        "Invented cluster",
        "Alpha",
        "present (seen)",
        "presumed (no exit)",
        "absent",
        "absent",
    ]


def test_the_workbook_has_charts_of_attendance_and_arrivals() -> None:
    book = book_of()
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert charts["Occasions"] == 1
    assert charts["Arrivals policy-day-1"] == 1


def test_the_workbook_counts_refusals_by_the_hour_of_the_venue() -> None:
    cells = [cell.value for row in book_of()["At the doors"].iter_rows() for cell in row]
    assert cells[cells.index("22/11 09:00") :][:3] == ["22/11 09:00", 3, 0]


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    sheet = book_of([CALC])["Attendance"]
    assert [(cell.value, cell.data_type) for cell in sheet[2]][:2] == [
        ("@Formel", "s"),
        ("=1+1", "s"),
    ]


def test_the_workbook_speaks_french() -> None:
    assert book_of(language="fr").sheetnames[:3] == ["Synthèse", "Présence", "Moments"]


# The table


def test_the_table_opens_in_excel_and_hands_it_no_formula() -> None:
    data = table(report(guests=(ANA, CALC)), words())
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row[:2] for row in rows[1:]] == [["'@Formel", "'=1+1"], ["Silva", "Ana"]]


# The pages


def test_the_printed_report_names_everybody_and_counts_its_pages() -> None:
    guests = people(150)
    pages = text_of(printed_report(report(guests=guests), words(), "made today"))
    whole = "".join("".join(pages).split())
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    for person in guests:
        for word in re.split(r"[ -]", person.name):
            assert word in whole


def test_the_printed_report_shows_what_is_astray() -> None:
    pages = "".join(text_of(printed_report(report(), words(), "made today")))
    assert pages.count("mandatory person missing") == 2


def test_the_printed_report_tells_doors_and_arrivals() -> None:
    records = [record(ANA, local(9)), record(BEN, local(9, 40))]
    counts = [Count(DAY_1, 8, "north", "REFUSE", 3)]
    page = "".join(text_of(printed_report(report(records, counts=counts), words(), "")))
    for told in ("09:00", "09:15", "09:30", "Refused", "2 of 3 expected guests came"):
        assert told in page


def test_a_table_repeats_its_head_on_every_page() -> None:
    def draw(pages: Pages) -> None:
        pages.table([Column("The head", 1)], [(f"row {number}",) for number in range(200)])

    pages = text_of(pdf("t", draw, lambda page, of: f"{page}/{of}"))
    assert len(pages) > 2
    assert all("The head" in page for page in pages)
    assert "row 199" in pages[-1]


def test_a_long_text_grows_its_row_and_is_not_cut() -> None:
    long = " ".join(f"word{number}" for number in range(60))

    def draw(pages: Pages) -> None:
        pages.table([Column("A", 1), Column("B", 5)], [(long, "beside")])

    text = "".join(text_of(pdf("t", draw, lambda page, of: f"{page}/{of}")))
    assert all(word in text for word in long.split())


# The paper list


def test_the_paper_list_has_whoever_is_expected_at_each_occasion_and_nobody_else() -> None:
    remote = guest("Dora", "Zeller", attendance=Attendance.REMOTE)
    waiting = guest("Emil", "Berg", selection=Selection.WAITING)
    once = replace(CLEO, occasions=frozenset({"partnering"}))
    at = datetime(2021, 11, 21, 18, tzinfo=UTC)
    text = "".join(text_of(paper_list(EVENT, [ANA, once, remote, waiting], words("fr"), at)))
    assert (text.count("Silva"), text.count("Martin")) == (3, 1)
    assert "Zeller" not in text
    assert "Berg" not in text
    assert "2 invités, liste du 21/11/2021 19:00" in text
    assert text.count("Masque") >= 4  # over every occasion, and over the blank rows


def test_the_paper_list_asks_to_tick_only_what_the_event_asks_for() -> None:
    plain = replace(EVENT, confirmations=())
    text = "".join(text_of(paper_list(plain, [ANA], words("fr"), local(7))))
    assert "Masque" not in text


def test_nothing_of_a_report_names_the_kind_of_a_proof() -> None:
    out = record(ANA, local(12), EntryAct.OUT)
    text = "".join(text_of(printed_report(report([record(ANA, local(9)), out]), words(), "")))
    for word in ("vaccin", "recovery", "PCR", "dose"):
        assert word not in text


def test_report_words_are_there_for_each_language() -> None:
    assert {file.stem for file in (assets() / "reports").glob("*.toml")} == set(LANGUAGES)
