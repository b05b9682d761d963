"""Guest lists from CSV: read as people write them, or every fault with row, column and remedy."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.guests.badge import pseudonym_of
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.lists import csvtable
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.reading import MAX_NAME
from kiosk.core.guests.lists.table import MAX_CELL, MAX_COLUMNS, MAX_ROWS, GuestListError, ListFault
from tests.door import guest
from tests.guestfiles import OCCASIONS, read

HEADING = "Family name;Given name;Organisation;Partnership\n"


def only(text: str | bytes) -> Guest:
    (guest,) = read(text)
    return guest


def faults(text: str | bytes) -> list[ListFault]:
    with pytest.raises(GuestListError) as caught:
        read(text)
    assert all(fault.remedy.endswith(".") for fault in caught.value.faults)
    return list(caught.value.faults)


def places(text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in faults(text)]


# Files as programs write them


@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_every_usual_delimiter_and_line_end_is_read(delimiter: str, end: str) -> None:
    text = HEADING + "Martin;Chloé;Pôle;Green\nNovak;Bruno;Cluster;Blue\n"
    chloe, bruno = read(text.replace(";", delimiter).replace("\n", end))
    assert (chloe.family, chloe.given, chloe.organisation) == ("Martin", "Chloé", "Pôle")
    assert (bruno.name, bruno.partnership) == ("Bruno Novak", "Blue")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    text = HEADING + "Lefèvre;Zoë;Société «Œuvre»;Green\n"
    assert only(text.encode(encoding)).organisation == "Société «Œuvre»"


def test_names_are_composed_and_blanks_are_one() -> None:
    guest = only(HEADING + "  Le\u0301vy ;Anne \u00a0 Marie;A;Green\n")
    assert (guest.family, guest.given) == ("Lévy", "Anne Marie")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Mar\u202etin\u2066", "Martin"),  # turned writing
        ("Mar\u200btin\ufeff\u00ad", "Martin"),
        ("Mar\x07tin\x1b[31m", "Martin[31m"),
        ("Mar\u2028tin\x85Petit", "Mar tin Petit"),
        ("Mar\ue000tin\U000e0041", "Martin"),
        ("Marti\u0301n", "Martín"),
        ("<b>Martin</b>", "<b>Martin</b>"),  # painted as it is
    ],
)
def test_what_nobody_sees_in_a_cell_is_dropped(cell: str, shown: str) -> None:
    assert only(HEADING + f'"{cell}";Chloe;A;Green\n').family == shown


@pytest.mark.parametrize("cell", ["\u200b\u202e", "-", "😀"])
def test_a_name_needs_a_letter(cell: str) -> None:
    assert places(HEADING + f"{cell};Chloe;A;Green\n") == [(2, "A")]


@pytest.mark.parametrize("length", [MAX_NAME, MAX_NAME + 1])
@pytest.mark.parametrize("row", ["{};Chloe;A;Green", "Martin;{};A;Green"], ids=["family", "given"])
def test_a_name_has_80_characters_at_most(row: str, length: int) -> None:
    text = HEADING + row.format("é" * length) + "\n"
    if length > MAX_NAME:
        assert places(text) == [(2, "A")]
    else:
        assert "é" * length in only(text).name


def test_a_quoted_cell_may_hold_delimiters_line_ends_and_quotation_marks() -> None:
    guest = only(HEADING + 'Martin;Chloe;"The ""Best""; of\nAll";Green\n')
    assert guest.organisation == 'The "Best"; of All'


def test_empty_rows_and_unknown_columns_are_passed_over() -> None:
    text = "Telephone;Name;Partnership\n\n01;Chloe Martin;Green\n;;\n02;Bruno Novak;Blue\n\n"
    assert [guest.family for guest in read(text)] == ["Martin", "Novak"]


def test_a_short_row_has_empty_cells_at_its_end() -> None:
    guest = only("Name;Category;Language\nChloe Martin;press\n")
    assert (guest.category, guest.language) == ("press", "")


# Headings and values in both languages


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (
            "Family name,Given name,Company,Partnership,Role,Sessions,Participation,Status,Lang",
            "Martin,Chloé,Pôle,Green,speaker,partnering,online,waiting list,French",
        ),
        (
            "NOM DE FAMILLE,Prénoms,Société,Partenariat,Catégorie,Jours,Présence,Statut,Langue",
            "Martin,Chloé,Pôle,Green,speaker,Partnering,À distance,En attente,FR",
        ),
        (
            "last_name,first_name,organization,partnership_name,role,invited to,mode,selected,lang",
            "Martin,Chloé,Pôle,Green,speaker,PARTNERING,distanciel,pending,fr-FR",
        ),
    ],
    ids=["English", "French", "with underscores"],
)
def test_headings_and_values_are_read_in_english_and_french(heading: str, row: str) -> None:
    guest = only(f"{heading}\n{row}\n")
    assert guest == Guest(
        id=guest.id,
        badge=guest.badge,
        family="Martin",
        given="Chloé",
        organisation="Pôle",
        partnership="Green",
        category="speaker",
        occasions=frozenset({"partnering"}),
        attendance=Attendance.REMOTE,
        selection=Selection.WAITING,
        language="fr",
    )


@pytest.mark.parametrize(
    ("word", "attendance"),
    [
        ("", Attendance.IN_PERSON),
        ("On site", Attendance.IN_PERSON),
        ("présentiel", Attendance.IN_PERSON),
        ("Livestream", Attendance.REMOTE),
        ("distance", Attendance.REMOTE),
    ],
)
def test_attendance_is_in_person_unless_told(word: str, attendance: Attendance) -> None:
    assert only(f"Name;Category;Mode\nChloe Martin;press;{word}\n").attendance is attendance


@pytest.mark.parametrize(
    ("word", "selection"),
    [
        ("", Selection.SELECTED),
        ("Oui", Selection.SELECTED),
        ("confirmé", Selection.SELECTED),
        ("liste d’attente", Selection.WAITING),
        ("Non", Selection.DECLINED),
        ("annulé", Selection.DECLINED),
    ],
)
def test_selection_is_selected_unless_told(word: str, selection: Selection) -> None:
    assert only(f"Name;Category;Status\nChloe Martin;press;{word}\n").selection is selection


@pytest.mark.parametrize(
    ("cell", "occasions"),
    [
        ("", set(OCCASIONS)),
        ("all", set(OCCASIONS)),
        ("partnering", {"partnering"}),
        ("Partnering + policy-day-1", {"policy-day-1", "partnering"}),
        ("policy-day-1|partnering", {"policy-day-1", "partnering"}),
        (
            "Policy event, 22 November, Partnering event, 23 November",
            {"policy-day-1", "partnering"},
        ),
        ("Tous", set(OCCASIONS)),
        ("aucune", set()),
    ],
)
def test_occasions_are_all_unless_told(cell: str, occasions: set[str]) -> None:
    guest = only(f"Name;Category;Occasions\nChloe Martin;press;{cell}\n")
    assert guest.occasions == occasions


@pytest.mark.parametrize(
    ("cell", "family", "given"),
    [
        ("Chloe Martin", "Martin", "Chloe"),
        ("Jean Paul Petit", "Petit", "Jean Paul"),
        ("Chloe MARTIN", "Martin", "Chloe"),
        ("MARTIN Chloe", "Martin", "Chloe"),
        ("Jean-Luc DE LA TOUR", "De La Tour", "Jean-Luc"),
        ("Martin, Chloe Anne", "Martin", "Chloe Anne"),
        ("de la Tour, Jean", "de la Tour", "Jean"),
        ("Madonna", "Madonna", ""),
        ("CHLOE MARTIN", "MARTIN", "CHLOE"),
    ],
)
@pytest.mark.parametrize("heading", ["Name", "Nom complet", "Nom"])
def test_a_name_in_one_column_is_parted(heading: str, cell: str, family: str, given: str) -> None:
    guest = only(f"{heading};Category\n{cell};press\n")
    assert (guest.family, guest.given) == (family, given)


# Ids and badges


def test_new_guests_get_an_id_and_a_badge_of_their_own() -> None:
    guests = read(HEADING + "Martin;Chloe;A;Green\nNovak;Bruno;B;Blue\n")
    assert len({guest.id for guest in guests} | {guest.badge.hex() for guest in guests}) == 4
    assert {len(guest.badge) for guest in guests} == {8}


def test_a_badge_of_an_earlier_export_is_kept() -> None:
    guest = only("Name;Category;Badge\nChloe Martin;press;0123456789ABCDEF\n")
    assert guest.badge == bytes.fromhex("0123456789abcdef")


def test_desks_that_read_one_list_with_badges_mean_the_same_guests() -> None:
    text = "Name;Category;Badge\nChloe Martin;press;0123456789abcdef\n"
    here, there = only(text), only(text)
    assert here.id == there.id == pseudonym_of(here.badge) != here.badge.hex()


def test_whoever_gets_a_badge_that_was_anothers_is_not_taken_for_them() -> None:
    badge = bytes.fromhex("0123456789abcdef")
    before = guest("Ada", "Petit", id=pseudonym_of(badge))  # has another badge by now
    text = "Name;Category;Badge\nChloe Martin;press;0123456789abcdef\n"
    (new,) = read(text, [before])
    assert new.badge == badge
    assert new.id != before.id


def test_one_name_in_two_organisations_is_two_guests() -> None:
    assert len(read(HEADING + "Martin;Chloe;A;Green\nMartin;Chloe;B;Blue\n")) == 2


def test_names_in_another_script_are_different_guests() -> None:
    text = HEADING + "Иванов;Иван;A;Green\nПетрова;Мария;A;Green\nΠαππάς;Νίκος;A;Green\n"
    assert len(read(text)) == 3
    assert places(text + "Иванов;Иван;A;Green\n") == [(5, "A")]


# Faults

FAULTY_CELLS = {
    "no name": ("Name;Category\n;press\n", (2, "A")),
    "no family name": (HEADING + ";Chloe;A;Green\n", (2, "A")),
    "neither Partnership nor category": (HEADING + "Martin;Chloe;A;\n", (2, "D")),
    "no column for either": ("Name\nChloe Martin\n", (2, "")),
    "no category": ("Name;Category\nChloe Martin;\n", (2, "B")),
    "unknown category": ("Name;Category\nChloe Martin;juggler\n", (2, "B")),
    "badge": ("Name;Category;Badge\nChloe Martin;press;12345\n", (2, "C")),
    "occasion": ("Name;Category;Days\nChloe Martin;press;dinner\n", (2, "C")),
    "attendance": ("Name;Category;Mode\nChloe Martin;press;perhaps\n", (2, "C")),
    "selection": ("Name;Category;Status\nChloe Martin;press;perhaps\n", (2, "C")),
    "language": ("Name;Category;Language\nChloe Martin;press;Klingon\n", (2, "C")),
    "date": ("Name;Category;Registered on\nChloe Martin;press;soon\n", (2, "C")),
    "no such day": ("Name;Category;Registered on\nChloe Martin;press;31/02/2021\n", (2, "C")),
    "year of birth": ("Name;Category;Year of birth\nChloe Martin;press;01/02/1985\n", (2, "C")),
    "same guest": (HEADING + "Martin;Chloe;A;P\nMARTIN;Chloé;a;p\n", (3, "A")),
    "same badge": (
        "Name;Category;Badge\nA B;press;0123456789abcdef\nC D;press;0123-4567-89AB-CDEF\n",
        (3, "C"),
    ),
    "headings again": (HEADING + "Martin;Chloe;A;P\n" + HEADING, (3, "")),
    "lost letter": ("Name;Category\nChlo\ufffd Martin;press\n", (2, "A")),
    "garbled letters": ("Name;Category\nChloÃ© Martin;press\n", (2, "A")),
}


@pytest.mark.parametrize("flaw", FAULTY_CELLS)
def test_a_fault_is_told_with_its_row_and_column(flaw: str) -> None:
    text, place = FAULTY_CELLS[flaw]
    assert places(text) == [place]


def test_all_faults_of_a_list_are_told_at_once_in_the_order_of_rows() -> None:
    text = (
        "Name;Partnership;Badge;Mode;Status;Days\n"
        "Chloe Martin;;xyz;perhaps;perhaps;dinner\n"
        "Bruno Novak;Blue;;;;\n"
        ";Red;;;;dance\n"
        "Bruno Novak;Blue;;;;\n"
    )
    found = places(text)
    assert [row for row, _ in found] == [2, 2, 2, 2, 2, 4, 4, 5]
    assert {column for row, column in found if row == 2} == {"B", "C", "D", "E", "F"}


def test_a_fault_reads_as_one_line_with_its_remedy() -> None:
    (fault,) = faults("Name;Category;Mode\nChloe Martin;press;perhaps\n")
    assert str(fault) == (
        'row 2, column C "Mode": "perhaps" is not understood. Write one of: in person, remote.'
    )


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = HEADING + '\nMartin;Chloe;"A\nB\nC";Green\nNovak;Bruno;B;\n'
    assert places(text) == [(4, "D")]


@pytest.mark.parametrize(
    "heading", ["Telephone;Category", "Given name;Category", "01;02"], ids=range(3)
)
def test_a_list_without_a_column_of_names_is_told_so(heading: str) -> None:
    assert places(f"{heading}\nx;press\n") == [(1, "")]


# Files that are no list


@pytest.mark.parametrize("text", ["", "\n", ";;;\n", "\ufeff", "sep=;"], ids=range(5))
def test_an_empty_file_is_told_so(text: str) -> None:
    assert places(text) == [(0, "")]


@pytest.mark.parametrize("rows", ["", "\n\n", ";;;\n"], ids=range(3))
def test_a_list_without_a_guest_does_not_take_the_place_of_one_that_has_some(rows: str) -> None:
    assert places(HEADING + rows) == [(0, "")]


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)), b"N\x00a\x00m\x00e\x00", b"\x00"],
    ids=["all bytes", "UTF-16 without mark", "zero"],
)
def test_a_binary_file_is_no_text(data: bytes) -> None:
    assert places(data) == [(0, "")]


@pytest.mark.parametrize("length", [MAX_CELL, MAX_CELL + 1])
def test_a_cell_has_300_characters_at_most(length: int) -> None:
    text = HEADING + f"Martin;Chloe;{'x' * length};Green\n"
    if length > MAX_CELL:
        assert places(text) == [(2, "C")]
    else:
        assert len(only(text).organisation) == length


@pytest.mark.parametrize("length", [100_000, 200_000, 2_000_000])
def test_one_giant_cell_is_a_fault_of_its_row(length: int) -> None:
    text = HEADING + f"Novak;Bruno;B;Blue\nMartin;Chloe;{'x' * length};Green\n"
    assert [row for row, _ in places(text)] == [3]


@pytest.mark.parametrize(
    "row",
    ['Martin;Chloe;"A;Green', 'Martin;Chloe;A;"Green', 'Martin;Chloe;"A"B;Green'],
    ids=["within", "at the end", "text behind it"],
)
def test_an_unbalanced_quotation_mark_swallows_no_guest(row: str) -> None:
    text = HEADING + f"Petit;Ada;C;Red\n{row}\nNovak;Bruno;B;Blue\n"
    assert places(text) == [(3, "")]


# Headings that are nearly known, doubled, or too few


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Ocasions", "Occasions"),
        ("Attendence", "Attendance"),
        ("Staus", "Status"),
        ("Statutt", "Status"),
        ("Présense", "Attendance"),
        ("Partnershp", "Partnership"),
        ("Bagde", "Badge id"),
        ("langage", "Language"),
    ],
)
def test_a_mistyped_heading_is_a_fault_and_not_passed_over(heading: str, meant: str) -> None:
    (fault,) = faults(f"Name;Category;{heading}\nChloe Martin;press;no\n")
    assert (fault.row, fault.column, fault.heading) == (1, "C", heading)
    assert fault.remedy.startswith(f"Write {meant},")


def test_a_mistyped_heading_of_the_name_is_told_as_that() -> None:
    (fault,) = faults("Nmae;Category\nChloe Martin;press\n")
    assert fault.remedy.startswith("Write Name,")


@pytest.mark.parametrize(
    "heading",
    ["Telephone", "E-mail", "Country", "Pays", "No", "Code", "Age", "Comments", "", "x" * 999],
)
def test_a_heading_of_something_else_is_passed_over(heading: str) -> None:
    text = f"Name;{heading};Category;Status\nChloe Martin;whatever;press;declined\n"
    assert only(text).selection is Selection.DECLINED


@pytest.mark.parametrize("again", ["Status", "STATUT", "Selected"])
def test_a_column_that_is_doubled_is_a_fault(again: str) -> None:
    (fault,) = faults(f"Name;Category;Status;{again}\nChloe Martin;press;;declined\n")
    assert (fault.row, fault.column, fault.heading) == (1, "D", again)
    assert "column C" in fault.remedy


@pytest.mark.parametrize("headings", ["Name;Category", "Name;Category;", "Name;Category; ;"])
def test_a_cell_beyond_the_headings_is_a_fault_of_its_row(headings: str) -> None:
    assert read(f"{headings}\nChloe Martin;press;;\n")
    assert places(f"{headings}\nAda Petit;crew\nChloe Martin;press;declined\n") == [(3, "C")]


@pytest.mark.parametrize(
    ("rows", "count"),
    [("A;juggler\n", "1 fault in"), ("A;juggler\nB;clown\n", "2 faults in")],
)
def test_one_fault_is_counted_as_one(rows: str, count: str) -> None:
    with pytest.raises(GuestListError, match=count):
        read("Name;Category\n" + rows)


@pytest.mark.parametrize("rows", [MAX_ROWS, MAX_ROWS + 1])
def test_a_list_has_100_000_guests_at_most(rows: int) -> None:
    data = b"Name;Category\n" + b"Chloe Martin;press\n" * (rows - 1)
    if rows > MAX_ROWS:
        with pytest.raises(GuestListError, match="1 fault"):
            csv_table(data)
    else:
        assert len(csv_table(data).rows) == rows


def test_a_file_of_delimiters_alone_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MAX_CELLS", 1_000)
    with pytest.raises(GuestListError) as caught:
        csv_table(b"Name;Category\n" + b";" * 1_000)
    assert "more than 1,000 cells" in caught.value.faults[0].problem


@pytest.mark.parametrize("columns", [MAX_COLUMNS, MAX_COLUMNS + 1])
def test_a_list_has_200_columns_at_most_with_something_in_them(columns: int) -> None:
    heading = "Name;Category" + ";" * (columns - 3)
    text = f"{heading};Tel\nChloe Martin;press{';' * columns}\n"
    if columns > MAX_COLUMNS:
        (fault,) = faults(text)
        assert (fault.row, fault.problem) == (1, "something stands in column GS")
    else:
        assert read(text)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_faults(data: bytes) -> None:
    for prefix in (b"", b"Name;Category\n"):
        with suppress(GuestListError):
            assert read(prefix + data)


def test_a_category_is_spelled_as_the_event_spells_it() -> None:
    assert only("Name;Category\nChloe Martin;PRESS\n").category == "press"


def test_one_column_may_hold_partnerships_and_categories() -> None:
    text = "Name;Partnership or category\nAda Petit;Green\nLuc Grand;Presse\nEva Roy;crew\n"
    groups = [(guest.partnership, guest.category) for guest in read(text)]
    assert groups == [("Green", ""), ("", "press"), ("", "crew")]
    both = only("Name;Partnership;Category\nAda Petit;Press;speaker\n")
    assert (both.partnership, both.category) == ("Press", "speaker")


def test_beside_a_partnership_any_word_may_stand_as_category() -> None:
    assert only("Name;Partnership;Role\nChloe Martin;One;Director\n").category == "Director"


# Encodings and delimiters of real files


def test_a_csv_of_excel_for_mac_is_mac_roman_with_carriage_returns() -> None:
    data = (HEADING + "Lefèvre;Zoé;Société;Green\n").replace("\n", "\r").encode("mac_roman")
    assert only(data).name == "Zoé Lefèvre"


def test_unicode_text_of_excel_is_utf_16_with_tabs() -> None:
    data = (HEADING + "Łukasz;Żaneta;A;Green\n").replace(";", "\t").encode("utf-16")
    assert only(data).name == "Żaneta Łukasz"
    assert places(data[:-1]) == [(2, "D")]  # cut short


def test_excels_own_line_tells_the_delimiter_and_is_no_row() -> None:
    assert only("sep=|\nName|Category\nChloe Martin|press\n").category == "press"
    assert places("sep=;\nName;Category\n;press\n") == [(2, "A")]


@pytest.mark.parametrize(
    "text",
    [
        'Liste;;\nNom;Organisme;Partenariat\n"DUPONT, Marie";"A, B, C";Green\n',
        "Liste, mise à jour\nNom\tOrganisme\tPartenariat\nDUPONT, Marie\tA, B, C\tGreen\n",
        'Nom,Organisme,Partenariat\n"DUPONT, Marie","A, B, C",Green\n"X; Y","; ; ;",Blue\n',
    ],
    ids=["semicolon", "tab", "comma"],
)
def test_a_delimiter_in_titles_and_cells_is_not_taken_for_the_lists(text: str) -> None:
    marie = read(text)[0]
    assert (marie.family, marie.given, marie.organisation) == ("DUPONT", "Marie", "A, B, C")


def test_a_byte_that_is_no_letter_is_a_fault_of_its_cell() -> None:
    assert places(b"Name;Category\nChlo\x81 Martin\xe9;press\n") == [(2, "A")]


@pytest.mark.parametrize("name", ["Ä Öberg", "Åsa Çelik", "Ã Ñandú", "Élodie Œuvré"])
def test_letters_with_marks_are_not_taken_for_garbled(name: str) -> None:
    assert only(f"Name;Category\n{name};press\n").name == name


def test_a_form_with_all_columns_is_read() -> None:
    guest = only(
        "Nom;Prénom;Organisme;Partenariat;Rôle;Participation;Statut;Inscrit le;Langue;Né en;Badge\n"
        "Martin;Chloé;Pôle;Green;speaker;à distance;en attente;05/10/2021;français;1985;\n"
    )
    assert guest == Guest(
        id=guest.id,
        badge=guest.badge,
        family="Martin",
        given="Chloé",
        organisation="Pôle",
        partnership="Green",
        category="speaker",
        occasions=frozenset(OCCASIONS),
        attendance=Attendance.REMOTE,
        selection=Selection.WAITING,
        language="fr",
        registered_on=date(2021, 10, 5),
        birth_year=1985,
    )
