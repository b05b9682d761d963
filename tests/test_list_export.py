"""A list that is exported reads back as it was, and nothing in it runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.adapters.sheets.reading import read_table
from kiosk.adapters.sheets.writing import list_xlsx
from kiosk.core.guests.changes import compare_lists
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.known import Sign, identity
from kiosk.core.guests.lists.guarding import guarded, is_guarded, unguarded
from kiosk.core.guests.lists.mapping import has_headings
from kiosk.core.guests.lists.reading import MAX_NAME, ReadList
from kiosk.core.guests.lists.values import is_garbled, one_line
from kiosk.core.guests.lists.writing import TITLES, grouped, list_csv
from kiosk.core.guests.spelling import words
from tests import door
from tests.guestfiles import CATEGORIES, OCCASIONS, TERMS
from tests.guestfiles import read_table as read_guests

WRITERS = {"CSV": list_csv, "XLSX": list_xlsx}
FORMULAS = ("=1+1", "+33 1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1", "'=1", "''+1")


def guest(given: str, family: str, **changes: object) -> Guest:
    """Somebody under a pseudonym of the form that the program makes."""
    made = door.guest(given, family, **changes)
    return replace(made, id=made.badge.hex())


def again(data: bytes, known: Sequence[Guest]) -> ReadList:
    return read_guests(read_table(data, lambda table: has_headings(table, TERMS)), known)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co", "Cs", "Cn"])
texts = (
    st.one_of(
        st.sampled_from(["", "O'Brien", "A; B", 'the "Best"', "1/2", "_x0041_", "#N/A", *FORMULAS]),
        st.text(letters, max_size=30),
    )
    .map(one_line)
    .filter(lambda text: not is_garbled(text))
)
names = texts.map(lambda text: text[:MAX_NAME].strip()).filter(words)
partnered = st.tuples(texts.filter(bool), texts).map(
    lambda pair: (pair[0], TERMS.category(pair[1]) or pair[1])
)
people = st.builds(
    Guest,
    id=st.binary(min_size=8, max_size=8).map(bytes.hex),
    badge=st.binary(min_size=8, max_size=8),
    family=names,
    given=texts.map(lambda text: text[:MAX_NAME].strip()),
    organisation=texts,
    partnership=st.just(""),
    category=st.sampled_from(CATEGORIES),
    occasions=st.frozensets(st.sampled_from(list(OCCASIONS))),
    attendance=st.sampled_from(Attendance),
    selection=st.sampled_from(Selection),
    language=st.sampled_from(["", "fr", "el", "zh"]),
    registered_on=st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    birth_year=st.none() | st.integers(1900, 2100),
)
members = st.tuples(people, partnered).map(
    lambda both: replace(both[0], partnership=both[1][0], category=both[1][1])
)
lists = st.lists(
    people | members,
    min_size=1,
    max_size=6,
    unique_by=(lambda g: g.id, lambda g: g.badge, identity),
)


@pytest.mark.parametrize("kind", WRITERS)
@given(lists)
@settings(deadline=None, max_examples=60)
def test_an_export_reads_back_as_it_was(kind: str, guests: list[Guest]) -> None:
    found = again(WRITERS[kind](guests), guests)
    assert list(found.guests) == guests
    assert set(found.recognised.values()) == {Sign.PSEUDONYM}
    change = compare_lists(guests, found.guests)
    assert (change.new, change.changed, change.gone) == ((), (), ())


@pytest.mark.parametrize("kind", WRITERS)
def test_whatever_is_edited_everybody_is_known_again(kind: str) -> None:
    before = [guest("Chloe", "Martin"), guest("Bruno", "Novak")]
    edited = [
        replace(before[1], family="Novák", organisation="Other", partnership="Else"),
        replace(before[0], given="Chloé", selection=Selection.WAITING),
    ]
    found = again(WRITERS[kind](edited), before)
    assert [one.id for one in found.guests] == [before[1].id, before[0].id]
    change = compare_lists(before, found.guests)
    assert [changed.fields for changed in change.changed] == [
        ("family name", "organisation", "partnership"),
        ("given name", "status"),
    ]


@pytest.mark.parametrize("kind", WRITERS)
def test_another_kiosk_knows_the_guests_of_an_export_by_the_same_pseudonyms(kind: str) -> None:
    before = [guest("Chloe", "Martin"), guest("Bruno", "Novak")]
    reprinted = [replace(before[0], badge=bytes(8)), before[1]]
    assert again(WRITERS[kind](reprinted), []).guests == tuple(reprinted)


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_csv_begins_with_what_a_spreadsheet_runs(cell: str) -> None:
    data = list_csv([guest("Chloe", "Martin", organisation=cell)])
    written = lines(data)[1][2]
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert written == guarded(cell)
    assert unguarded(written) == cell


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(cell: str) -> None:
    data = list_xlsx([guest("Chloe", "Martin", organisation=cell)])
    sheet = load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    found = sheet["C2"]
    assert found.data_type == "s"
    assert unguarded(str(found.value)) == cell
    assert found.quotePrefix or not cell.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("cell", ["", "O'Brien", "'t Hart", "a=b", "1-2", "'", "''"])
def test_an_ordinary_cell_is_written_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell
    assert not is_guarded(cell)


def test_a_badge_id_of_digits_alone_is_no_number_for_a_spreadsheet() -> None:
    assert grouped("1234567890123456") == "1234-5678-9012-3456"


def test_a_workbook_has_real_dates_and_years_below_titles_that_stay_in_sight() -> None:
    one = guest("Chloe", "Martin", registered_on=date(2021, 10, 5), birth_year=1985)
    sheet = load_workbook(io.BytesIO(list_xlsx([one]))).active
    assert isinstance(sheet, Worksheet)
    assert tuple(cell.value for cell in sheet[1]) == TITLES
    assert (sheet["I2"].is_date, sheet["K2"].value) == (True, 1985)
    assert sheet.freeze_panes == "A2"


def test_a_list_that_excel_saved_again_in_its_own_way_is_the_same() -> None:
    """A French Excel writes days its own way, and quotes no more than it must."""
    before = [guest("Chloe", "Martin", registered_on=date(2021, 10, 5), occasions=frozenset())]
    rows = lines(list_csv(before))
    rows[1][8] = "05/10/2021"
    text = "\r\n".join(";".join(row) for row in rows)
    found = again(text.encode("cp1252"), before)
    assert list(found.guests) == before
