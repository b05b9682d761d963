"""Guest lists from XLSX: as spreadsheets save them, and files that are none or mean harm."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.adapters.sheets import package, workbook
from kiosk.adapters.sheets.reading import read_table
from kiosk.core.guests.lists.mapping import has_headings
from kiosk.core.guests.lists.reading import ReadList
from kiosk.core.guests.lists.table import MAX_COLUMNS, MAX_ROWS, GuestListError, ListFault, Table
from tests.guestfiles import TERMS
from tests.guestfiles import read_table as read_guests
from tests.xlsxfiles import MAIN, by_hand, made, saved, sheet_of, texts, zipped

HEADING = ["Nom", "Prénom", "Organisme", "Partenariat"]
CHLOE = ["Martin", "Chloé", "Pôle", "Green"]
BRUNO = ["Novak", "Bruno", "B", "Blue"]


def table(data: bytes, sheet: str | None = None) -> Table:
    return read_table(data, lambda table: has_headings(table, TERMS), sheet)


def read(data: bytes, sheet: str | None = None) -> ReadList:
    return read_guests(table(data, sheet))


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in table(data).rows]


def fault(data: bytes, sheet: str | None = None) -> ListFault:
    with pytest.raises(GuestListError) as caught:
        read(data, sheet)
    (found,) = caught.value.faults
    assert found.remedy.endswith(".")
    return found


# As spreadsheets save them


def test_a_list_below_merged_titles_and_empty_rows_and_columns_is_read() -> None:
    def titles(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:F2")
        sheet["A1"].font = Font(bold=True, size=20)

    title: list[list[object]] = [["Événement du 22 novembre : participants"], [], []]
    shifted = [[None, None, *row] for row in (HEADING, CHLOE, [], BRUNO)]
    found = read(made([*title, *shifted], titles))
    assert [guest.name for guest in found.guests] == ["Chloé Martin", "Bruno Novak"]


def test_dates_numbers_and_ticks_are_read_as_they_are_shown() -> None:
    heading = ["Nom complet", "Catégorie", "Né en", "Inscrit le", "partnering", "policy-day-1"]
    row = ["Chloé Martin", "press", 1985, datetime(2021, 10, 5, 14, 32), True, False]  # noqa: DTZ001
    (guest,) = read(made([heading, row])).guests
    assert (guest.birth_year, guest.registered_on) == (1985, date(2021, 10, 5))
    assert guest.occasions == {"partnering"}


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Nom complet", "Catégorie", "Inscrit le"], ["A B", "press", date(2021, 10, 5)]):
        sheet.append(row)
    sheet.append(["C D", "press", 43012])  # a number without the form of a date
    found = read(saved(book)).guests
    assert [guest.registered_on for guest in found] == [date(2021, 10, 5)] * 2


def test_the_result_of_a_formula_is_read_and_one_that_is_missing_told() -> None:
    row = '<row r="2"><c r="A2" t="str"><f>B2&amp;C2</f><v>Chloe Martin</v></c>'
    parts = by_hand(sheet_of(texts("Name", "Category") + row + '<c r="B2"><f>1+1</f></c></row>'))
    found = fault(zipped(parts))
    assert (found.row, found.column) == (2, "B")
    assert "result of a formula" in found.problem


def test_an_error_of_a_formula_is_a_fault_of_its_cell() -> None:
    row = '<row r="2"><c r="A2" t="str"><v>A B</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    with pytest.raises(GuestListError) as caught:
        read(zipped(by_hand(sheet_of(texts("Name", "Category") + row))))
    assert "error as its result" in caught.value.faults[0].problem


def test_an_error_in_a_column_that_is_not_read_is_no_fault() -> None:
    row = texts("A B", "press").replace("</row>", '<c t="e"><v>#N/A</v></c></row>')
    assert read(zipped(by_hand(sheet_of(texts("Name", "Category", "Tel") + row)))).guests


def test_a_number_whose_last_digits_are_lost_is_no_badge_id() -> None:
    heading = ["Name", "Category", "Badge"]
    assert fault(made([heading, ["A B", "press", 1234567890123456]])).column == "C"


def test_cells_merged_over_rows_count_for_each_of_them() -> None:
    rows = [HEADING, CHLOE, ["Novak", "Bruno"], ["Petit", "Ada"], [], ["Roux", "Bea", "D", "Red"]]

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C4")
        sheet.merge_cells("D2:D5")

    found = read(made(rows, merge)).guests
    assert [guest.partnership for guest in found] == ["Green", "Green", "Green", "Red"]
    assert [guest.organisation for guest in found] == ["Pôle", "Pôle", "Pôle", "D"]


def test_headings_merged_over_two_rows_are_one() -> None:
    def merge(sheet: Worksheet) -> None:
        for area in ("A1:A2", "B1:B2", "C1:D1"):
            sheet.merge_cells(area)

    rows = [
        ["Nom complet", "Partenariat", "Présence", None],
        [None, None, "policy-day-1", "partnering"],
        ["Chloé Martin", "Green", None, "x"],
    ]
    (guest,) = read(made(rows, merge)).guests
    assert (guest.partnership, *guest.occasions) == ("Green", "partnering")


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["D"].hidden = True

    found = table(made([HEADING, CHLOE, BRUNO], hide))
    assert len(found.rows) == 3
    assert (found.hidden_rows, found.hidden_columns) == ((3,), (3,))


def test_texts_in_several_runs_with_escapes_and_pronunciation_are_whole() -> None:
    shared = (
        f'<x:sst xmlns:x="{MAIN}"><x:si><x:r><x:t>Mar</x:t></x:r><x:r><x:t>tin</x:t></x:r>'
        "<x:rPh sb='0' eb='1'><x:t>マルタン</x:t></x:rPh></x:si>"
        "<x:si><x:t>A_x000D_\n_x005F_x0041_</x:t></x:si></x:sst>"
    )
    row = '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{row}</x:sheetData></x:worksheet>'
    assert cells(zipped(by_hand(sheet, texts=shared))) == [("Martin", "A\r\n_x0041_")]


def test_a_strict_workbook_is_read() -> None:
    parts = by_hand(sheet_of(texts("Name", "Category") + texts("Chloe Martin", "press")))
    strict = {
        name: str(text)
        .replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006", "http://purl.oclc.org/ooxml"
        )
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006",
            "http://purl.oclc.org/ooxml/officeDocument",
        )
        for name, text in parts.items()
    }
    assert read(zipped(strict)).guests[0].name == "Chloe Martin"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("dd/mm/yyyy", "2021-11-22"),
        ("[$-40C]d mmmm yyyy;@", "2021-11-22"),
        ("yyyy", "2021-11-22"),
        ("h:mm", "2021-11-22"),
        ("[h]:mm", "1068528:00"),
        ('0 "days"', "44522"),
        ("#,##0.00 [$€-40C]", "44522"),
        ("[Red]0", "44522"),
        ("General", "44522"),
        ("@", "44522"),
        (r"0\d", "44522"),
    ],
)
def test_a_number_is_a_date_where_its_form_has_parts_of_one(code: str, shown: str) -> None:
    def form(sheet: Worksheet) -> None:
        sheet["A1"].number_format = code

    assert cells(made([[44522]], form)) == [(shown,)]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(44522.5, "2021-11-22 12:00"), (0.25, "06:00"), (1.0, "1900-01-01"), (2958465, "9999-12-31")],
)
def test_a_date_is_shown_with_its_time_of_day(number: float, shown: str) -> None:
    def form(sheet: Worksheet) -> None:
        sheet["A1"].number_format = "dd/mm/yyyy hh:mm"

    assert cells(made([[number]], form)) == [(shown,)]


def test_a_date_that_does_not_exist_is_told() -> None:
    def form(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "dd/mm/yyyy"

    heading = ["Name", "Category", "Registered on"]
    with pytest.raises(GuestListError) as caught:
        read(made([heading, ["A B", "press", 3e9]], form))
    assert "is not understood" in caught.value.faults[0].problem


def test_comments_and_formatted_empty_rows_far_below_are_no_guests() -> None:
    def mess(sheet: Worksheet) -> None:
        sheet["A2"].comment = Comment("à vérifier", "Ada")
        sheet["B900"].font = Font(bold=True)
        sheet["C1000"].value = " "

    assert len(read(made([HEADING, CHLOE], mess)).guests) == 1


# Several sheets


def several() -> bytes:
    book = Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)
    notes.title = "Hôtels"
    notes.append(["Hôtel", "Prix"])
    for title, guest in (("Vieux", CHLOE), ("Invités", BRUNO), ("Autres", CHLOE)):
        sheet = book.create_sheet(title)
        for row in (HEADING, guest):
            sheet.append(row)
    book["Vieux"].sheet_state = "hidden"
    return saved(book)


def test_the_first_sheet_that_is_shown_and_has_guests_is_read() -> None:
    found = table(several())
    assert (found.name, found.other_sheets) == ("Invités", ("Hôtels", "Vieux", "Autres"))
    assert read_guests(found).guests[0].given == "Bruno"


@pytest.mark.parametrize("name", ["Vieux", "vieux"])
def test_a_sheet_is_read_that_is_named_though_it_is_hidden(name: str) -> None:
    assert read(several(), name).guests[0].given == "Chloé"


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    assert '"Invités"' in fault(several(), "Nothing").remedy


def test_of_a_workbook_without_a_list_the_first_sheet_is_told_of() -> None:
    data = made([["Hôtel", "Prix"], ["A", 1]])
    assert "no column of names" in fault(data).problem
    assert "empty" in fault(made([])).problem


def test_a_csv_file_has_no_sheets() -> None:
    assert "no sheets" in fault(b"Name;Category\nA B;press\n", "Liste").problem


# Beside openpyxl, on what it makes


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(-(10**14), 10**14),
                st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
                st.dates(date(1901, 1, 1), date(2099, 12, 31)),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
                .filter(lambda text: "_x" not in text)
                .map(lambda text: f"a{text}"),
            ),
            min_size=1,
            max_size=6,
        ),
        max_size=8,
    )
)
def test_cells_are_read_as_openpyxl_reads_them(rows: list[list[Any]]) -> None:
    data = made(rows)
    reference = load_workbook(io.BytesIO(data), data_only=True).active
    assert isinstance(reference, Worksheet)
    found = {row.number: row.cells for row in table(data).rows}
    for number, row in enumerate(reference.iter_rows(values_only=True), start=1):
        shown = tuple(map(_shown, row))
        while shown and not shown[-1]:
            shown = shown[:-1]
        assert found.get(number, ()) == shown


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            return value.date().isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


# Files that are none


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NO_LISTS = {
    "old Excel": (OLE, ".xls"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "OpenDocument": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
        ".ods",
    ),
    "Numbers": (zipped({"Index/Document.iwa": b"\x00"}), "Numbers"),
    "old Numbers": (zipped({"Index.zip": b""}), "Numbers"),
    "binary Excel": (zipped({"xl/workbook.bin": b"\x00"}), ".xlsb"),
    "Word": (zipped({"word/document.xml": ""}), "Word"),
    "zip": (zipped({"photo.jpg": b"\x00"}), "zip without a spreadsheet"),
    "web page": (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
    "web page with mark": (b"\xef\xbb\xbf<table><tr><td>Name</td></tr></table>", "web page"),
    "XML of 2003": (b'<?xml version="1.0"?><Workbook/>', "XML"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "RTF": (b"{\\rtf1 Name}", "RTF"),
    "nothing": (b"", "empty"),
    "half a zip": (made([HEADING, CHLOE])[:-400], "damaged"),
}


@pytest.mark.parametrize("kind", NO_LISTS)
def test_a_file_of_another_kind_is_told_for_what_it_is(kind: str) -> None:
    data, problem = NO_LISTS[kind]
    assert problem in fault(data).problem


def encrypted_entry() -> bytes:
    data = bytearray(made([HEADING, CHLOE]))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def test_a_zip_with_a_password_is_told() -> None:
    assert "password" in fault(encrypted_entry()).problem


SHEET = sheet_of(texts("Name", "Category") + texts("Chloe Martin", "press"))
DAMAGED = {
    "unknown text": sheet_of('<row><c t="s"><v>7</v></c></row>'),
    "not a number": sheet_of("<row><c><v>nan</v></c></row>"),
    "open element": "<worksheet><sheetData>",
    "two roots": "<worksheet/><worksheet/>",
    "strange encoding": '<?xml version="1.0" encoding="klingon"?><worksheet/>',
    "null": "<worksheet>\x00</worksheet>",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_sheet_is_one_fault(damage: str) -> None:
    assert fault(zipped(by_hand(DAMAGED[damage]))).problem == "the XLSX file is damaged"


def test_a_workbook_without_sheets_of_cells_is_told() -> None:
    parts = by_hand(SHEET)
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{MAIN}"/>'
    assert "damaged" in fault(zipped(parts)).problem
    del parts["xl/workbook.xml"]
    assert "without a spreadsheet" in fault(zipped(parts)).problem


def test_a_part_outside_of_the_file_is_not_looked_for() -> None:
    parts = by_hand(SHEET)
    relations = str(parts["xl/_rels/workbook.xml.rels"])
    away = relations.replace('Target="worksheets/sheet1.xml"', 'Target="../../../etc/passwd"')
    parts["xl/_rels/workbook.xml.rels"] = away
    assert "no sheet of cells" in fault(zipped(parts)).problem
    external = relations.replace("<Relationship ", '<Relationship TargetMode="External" ')
    parts["xl/_rels/workbook.xml.rels"] = external
    assert read(zipped(parts)).guests  # of the part of that name within the file


# Files that mean harm: little memory, little time


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)).replace("&a0;", "&a;")
    + "]><worksheet><sheetData><row><c><v>&a11;</v></c></row></sheetData></worksheet>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<worksheet><sheetData><row><c t='str'><v>&x;</v></c></row></sheetData></worksheet>"
)


@pytest.mark.parametrize("xml", [ENTITIES, OUTSIDE], ids=["a billion laughs", "external entity"])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
def test_a_document_type_is_refused_in_every_part(part: str, xml: str) -> None:
    parts = by_hand(SHEET)
    parts[part] = xml
    assert "document type" in fault(zipped(parts)).problem


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_PART", 8 << 20)
    blank = "<worksheet>" + " " * (32 << 20)
    data = zipped(by_hand(blank))
    assert len(data) < 100_000
    tracemalloc.start()
    assert "more than 8 MiB in sheet1.xml" in fault(data).problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_more_elements_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_ELEMENTS", 10_000)
    assert "more than 10,000 cells" in fault(zipped(by_hand(sheet_of("<row/>" * 10_000)))).problem
    assert read(zipped(by_hand(SHEET))).guests


def test_more_shared_texts_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SHARED", 1_000)
    shared = f'<sst xmlns="{MAIN}">{"<si><t>ab</t></si>" * 1_001}</sst>'
    assert "more than 1,000 texts" in fault(zipped(by_hand(SHEET, texts=shared))).problem


def test_a_zip_of_very_many_files_is_refused_before_it_is_opened() -> None:
    many = zipped({f"xl/{number}": "" for number in range(package.MAX_PARTS + 1)})
    assert "files in the zip" in fault(many).problem


def test_what_stands_far_outside_is_refused_and_what_is_empty_there_is_not() -> None:
    far = sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    found = fault(zipped(by_hand(far)))
    assert (found.row, found.problem) == (1048576, "something stands in column XFD")
    assert f"{MAX_COLUMNS} columns" in found.remedy
    styled = SHEET.replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    assert read(zipped(by_hand(styled))).guests


@pytest.mark.parametrize("count", [MAX_ROWS, MAX_ROWS + 1])
def test_a_sheet_has_100_000_guests_at_most(count: int) -> None:
    data = zipped(by_hand(sheet_of("<row><c><v>1</v></c></row>" * count)))
    if count > MAX_ROWS:
        assert "100,000 rows" in fault(data).problem
    else:
        assert len(table(data).rows) == count


def test_merged_ranges_without_end_cost_no_time() -> None:
    merges = '<mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1"/><mergeCell ref="?"/>' * 300
    rows = texts("Name", "Category") + texts("Chloe Martin", "press") * 5_000
    data = zipped(by_hand(sheet_of(rows, f"<mergeCells>{merges}</mergeCells>")))
    begun = time.process_time()
    assert fault(data).problem == "the XLSX file is damaged"
    assert time.process_time() - begun < 5


def test_hidden_columns_without_end_are_some() -> None:
    column = '<cols><col min="1" max="999999999" hidden="1"/></cols>'
    found = table(zipped(by_hand(SHEET.replace("<sheetData>", f"{column}<sheetData>"))))
    assert len(found.hidden_columns) == MAX_COLUMNS


def test_unusual_compression_is_refused() -> None:
    data = zipped(by_hand(SHEET), zipfile.ZIP_LZMA)
    assert fault(data).problem == "the XLSX file is damaged"


def test_a_long_text_is_kept_in_part_and_a_fault() -> None:
    long = "a" * 1_000_000
    rows = texts("Name", "Category") + texts(long, "press")
    assert fault(zipped(by_hand(sheet_of(rows)))).problem == "far too long"


def test_no_change_of_a_file_raises_anything_but_faults() -> None:
    draw = random.Random(5)  # noqa: S311  # no secret
    whole = made([HEADING, CHLOE, BRUNO])
    parts = by_hand(SHEET)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 20)):
            data[draw.randrange(4, len(data))] = draw.randrange(256)
        name = draw.choice(list(parts))
        text = bytearray(str(parts[name]).encode())
        text[draw.randrange(len(text))] = draw.randrange(256)
        for broken in (bytes(data), zipped({**parts, name: bytes(text)})):
            with suppress(GuestListError):
                assert read(broken).guests
