"""What the columns of a list are taken for: by headings, by cells, as told; and faults of both."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.guests.lists.columns import Column, Layout, Why, Wish
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.headings import Field, hinted, meanings, meant
from kiosk.core.guests.lists.mapping import has_headings, layout_of
from kiosk.core.guests.lists.table import (
    GuestListError,
    ListFault,
    Table,
    column_number,
    letters,
    rows_of,
)
from kiosk.core.guests.lists.terms import EventTerms
from tests.guestfiles import TERMS, read, read_table

PEOPLE = "Martin;Chloe;Green\nNovak;Bruno;Blue\n"


def layout(text: str, *told: tuple[str, str], heading_row: int | None = None) -> Layout:
    return layout_of(csv_table(text.encode()), TERMS, Wish(told, heading_row))


def held(found: Layout) -> dict[str, str]:
    """What each column that is read holds."""
    return {column.letters: column.occasion or str(column.field) for column in found.used}


def faults(text: str, *told: tuple[str, str], heading_row: int | None = None) -> list[ListFault]:
    with pytest.raises(GuestListError) as caught:
        layout(text, *told, heading_row=heading_row)
    assert all(fault.remedy.endswith(".") for fault in caught.value.faults)
    return list(caught.value.faults)


# The row of the headings


@pytest.mark.parametrize(
    "titles",
    [
        "",
        "Liste des participants\n",
        "Participants;;\n\n;;\nmise à jour : 3 novembre;;\n",
        "Sessions;;\n" + "note;;\n" * 28,
    ],
    ids=["none", "one cell", "merged and empty", "thirty rows"],
)
def test_the_headings_are_found_below_titles(titles: str) -> None:
    found = layout(f"{titles}Nom;Prénom;Partenariat\n{PEOPLE}")
    assert found.heading_row == 1 + titles.count("\n")
    assert [guest.family for guest in read(f"{titles}Nom;Prénom;Partenariat\n{PEOPLE}")] == [
        "Martin",
        "Novak",
    ]


def test_of_two_rows_of_headings_the_fuller_one_counts() -> None:
    text = "Participant;;Occasions;\nNom;Prénom;policy-day-1;partnering\nMartin;Chloe;x;\n"
    found = layout(text)
    assert found.heading_row == 2
    assert held(found) == {"A": "family", "B": "given", "C": "policy-day-1", "D": "partnering"}


def test_the_row_of_the_headings_can_be_told() -> None:
    text = "Nom;Prénom;Statut;Partenariat\nNom;Prénom;Nom du partenariat;x\nMartin;Chloe;Green;\n"
    assert layout(text).heading_row == 1
    found = layout(text, heading_row=2)
    assert (found.heading_row, held(found)["C"]) == (2, "partnership")
    (fault,) = faults(text, heading_row=9)
    assert "row 9" in fault.problem


def test_whether_a_table_is_a_list_of_guests_is_told_by_its_headings() -> None:
    for text, expected in {"Nom;Ville\nA;B\n": True, "Hotel;Prix\nA;1\n": False, "": False}.items():
        assert has_headings(csv_table(text.encode()), TERMS) is expected


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    names = {0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"}
    assert {number: letters(number) for number in names} == names
    assert {column_number(name.lower()): name for name in names.values()} == names
    assert column_number("A1") is column_number("") is column_number("ABCD") is None


# What headings mean


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nom *", Field.FAMILY),
        ("NOM (en majuscules)", Field.FAMILY),
        ("Votre prénom :", Field.GIVEN),
        ("Prénom du participant", Field.GIVEN),
        ("Prénom / First name", Field.GIVEN),
        ("First name\nPrénom", Field.GIVEN),
        ("Nom / Prénom", Field.NAME),
        ("What is your name?", Field.NAME),
        ("Quel est votre nom ?", Field.FAMILY),
        ("Name of the organisation", Field.ORGANISATION),
        ("Nom de l’organisme", Field.ORGANISATION),
        ("Date d'inscription", Field.REGISTERED_ON),
        ("Année de naissance", Field.BIRTH_YEAR),
        ("Statut", Field.SELECTION),
        ("Type", Field.CATEGORY),
    ],
)
def test_headings_are_known_as_people_write_them(heading: str, field: Field) -> None:
    assert meanings(heading)[0] is field


@pytest.mark.parametrize(
    "heading",
    [
        *("Téléphone", "E-mail", "Adresse électronique", "Ville", "Code postal", "Pays", "N°"),
        *("Commentaires", "Fonction", "Civilité", "Site web", "Régime alimentaire", "Hôtel", "Vol"),
        *("Date de naissance", "Lieu de naissance", "Nom de jeune fille", "Signature", "Table"),
        *("Phone", "Job title", "City", "Country", "Dietary requirements", "Remarks", "Arrival"),
        *("Date", "Date of birth", "Passport number", "Consent", "Photo", "Twitter", "LinkedIn"),
    ],
)
def test_headings_of_other_things_are_neither_known_nor_slips(heading: str) -> None:
    assert meanings(heading) == ()
    assert meant(heading) is None


@pytest.mark.parametrize(
    ("heading", "cells", "field"),
    [
        ("Type", ["in person", "online"], Field.ATTENDANCE),
        ("Type", ["speaker", "press"], Field.CATEGORY),
        ("Type", ["SME", "cluster"], Field.CATEGORY),
        ("Statut", ["confirmé", "en attente"], Field.SELECTION),
        ("Statut", ["intervenant", "presse"], Field.CATEGORY),
        ("Inscription", ["03/11/2021", "2021-11-04"], Field.REGISTERED_ON),
        ("Inscription", ["oui", "non"], Field.SELECTION),
    ],
)
def test_where_a_heading_may_mean_two_things_the_cells_decide(
    heading: str, cells: list[str], field: Field
) -> None:
    rows = "".join(f"Martin {at};One;{cell}\n" for at, cell in enumerate(cells))
    column = layout(f"Name;Partnership;{heading}\n{rows}").columns[2]
    assert column.field is field
    assert column.why is (Why.GUESSED if "SME" in cells else Why.CONFIRMED)


def test_nom_is_the_family_name_beside_prenom_and_else_the_whole_name() -> None:
    assert held(layout("Nom;Prénom;Partenariat\na;b;c\n"))["A"] == "family"
    assert held(layout("Nom;Partenariat\na b;c\n"))["A"] == "name"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Ihr Partnership", Field.PARTNERSHIP),
        ("Nous participerai", Field.OCCASIONS),
        ("Téléphone de l'organisme", Field.ORGANISATION),
        ("Langue parlée", Field.LANGUAGE),
        ("Partnership organisation", None),
        ("Hôtel", None),
        ("", None),
    ],
)
def test_a_word_of_an_unknown_heading_is_a_hint_and_no_meaning(
    heading: str, field: Field | None
) -> None:
    assert hinted(heading) is field
    assert meanings(heading) == ()


@pytest.mark.parametrize(
    ("cell", "attendance"),
    [("Sur place (Saint-Ouen)", Attendance.IN_PERSON), ("En ligne (lien)", Attendance.REMOTE)],
)
def test_a_remark_in_brackets_does_not_count(cell: str, attendance: Attendance) -> None:
    (guest,) = read(f"Name;Category;Mode;Status\nA B;press;{cell};en attente (2)\n")
    assert (guest.attendance, guest.selection) == (attendance, Selection.WAITING)


# A column for each occasion


@pytest.mark.parametrize(
    ("heading", "occasion"),
    [
        ("partnering", "partnering"),
        ("Policy event, 22 November", "policy-day-1"),
        ("POLICY DAY 2", "policy-day-2"),
        ("22 November", "policy-day-1"),
        ("Attending 22 Nov", "policy-day-1"),
        ("Lundi 22 novembre", "policy-day-1"),
        ("22/11", "policy-day-1"),
        ("23/11 matin", "policy-day-2"),
        ("23/11 après-midi", "partnering"),
        ("Tuesday morning", "policy-day-2"),
        ("Partnering event", "partnering"),
    ],
)
def test_a_column_of_yes_and_no_is_about_the_occasion_of_its_heading(
    heading: str, occasion: str
) -> None:
    text = f"Name;Category;{heading}\nChloe Martin;press;x\nBruno Novak;press;\n"
    chloe, bruno = read(text)
    assert chloe.occasions == {occasion}
    assert bruno.occasions == frozenset()


@pytest.mark.parametrize("cell", ["x", "X", "oui", "Yes", "1", "VRAI", "✓", "☑"])
def test_ticks_are_yes(cell: str) -> None:
    (guest,) = read(f"Name;Category;partnering\nChloe Martin;press;{cell}\n")
    assert guest.occasions == {"partnering"}


@pytest.mark.parametrize("cell", ["", "non", "No", "0", "FAUX", "-", "☐"])
def test_empty_boxes_are_no(cell: str) -> None:
    (guest,) = read(f"Name;Category;partnering\nChloe Martin;press;{cell}\n")
    assert guest.occasions == frozenset()


def test_a_word_that_is_neither_yes_nor_no_is_a_fault() -> None:
    with pytest.raises(GuestListError) as caught:
        read("Name;Category;partnering\nChloe Martin;press;perhaps\n")
    assert str(caught.value.faults[0]).startswith('row 2, column C "partnering": "perhaps"')


def test_a_heading_that_may_be_two_occasions_is_a_fault_where_its_cells_are_yes_and_no() -> None:
    (fault,) = faults("Name;Category;Attending 23 Nov (all day)\nChloe Martin;press;x\n")
    assert (fault.row, fault.column) == (1, "C")
    assert "policy-day-2 or partnering" in fault.problem
    found = layout("Name;Category;23 November\nChloe Martin;press;arrives at 9\n")
    assert [column.heading for column in found.unused] == ["23 November"]


def test_a_day_with_words_that_name_no_occasion_is_a_fault_unless_other_columns_have_that_day() -> (
    None
):
    (fault,) = faults("Name;Category;22/11;23/11 atelier\nChloe Martin;press;x;x\n")
    assert (fault.row, fault.column) == (1, "D")
    assert "policy-day-2 or partnering" in fault.problem
    found = layout("Name;Category;22/11;22/11 déjeuner\nChloe Martin;press;x;x\n")
    assert [column.heading for column in found.unused] == ["22/11 déjeuner"]


def test_the_answers_of_a_form_tell_what_a_long_question_is_about() -> None:
    text = (
        "Name;Category;A quels moments participerez-vous ?;En présentiel ou à distance ?;Hotel\n"
        "A B;press;Policy event, 22 November, Partnering event, 23 November;A distance;oui\n"
        "C D;press;policy-day-2;En présentiel;non\n"
    )
    found = held(layout(text))
    assert (found["C"], found["D"]) == ("occasions", "attendance")
    assert "E" not in found
    first, second = read(text)
    assert first.occasions == {"policy-day-1", "partnering"}
    assert (first.attendance, second.attendance) == (Attendance.REMOTE, Attendance.IN_PERSON)
    headed = held(layout("Name;Category;Occasions;Bis\nA B;press;policy-day-1;policy-day-2\n"))
    assert "D" not in headed


def test_days_are_words_of_an_occasion_only_where_they_are_told() -> None:
    assert TERMS.occasions_like("lundi") == ("policy-day-1",)
    assert EventTerms(TERMS.occasions, ()).occasions_like("lundi") == ()


@pytest.mark.parametrize("heading", ["Present", "I attend", "Attending"])
def test_a_column_of_yes_and_no_that_names_no_occasion_is_about_none(heading: str) -> None:
    found = layout(f"Name;Category;{heading}\nChloe Martin;press;x\n")
    assert [column.heading for column in found.unused] == [heading]


def test_words_about_an_occasion_that_are_no_yes_and_no_are_not_read() -> None:
    found = layout("Name;Category;Partnering interests\nChloe Martin;press;hydrogen\n")
    assert [column.heading for column in found.unused] == ["Partnering interests"]
    found = layout("Name;Category;22 November\nChloe Martin;press;hotel\n")
    assert [column.heading for column in found.unused] == ["22 November"]


@pytest.mark.parametrize("other", ["Partnering event", "Occasions"])
def test_two_columns_about_one_occasion_are_a_fault(other: str) -> None:
    text = f"Name;Category;{other};partnering\nChloe Martin;press;;x\n"
    (fault,) = faults(text.replace(";;", ";x;") if other != "Occasions" else text)
    assert fault.column == "D"
    assert "column C" in fault.problem


# What is told


def test_columns_are_told_by_letter_or_heading() -> None:
    text = "Titre;Qui;Tel;Groupe;Jour 2\nMme;Chloe Martin;01;Green;x\n"
    told = (("b", "name"), ("groupe", "partnership"), ("Jour 2", "policy-day-2"))
    found = layout(text, *told)
    assert held(found) == {"B": "name", "D": "partnership", "E": "policy-day-2"}
    assert {column.why for column in found.used} == {Why.TOLD}
    (guest,) = read_table(csv_table(text.encode()), wish=Wish(told)).guests
    assert (guest.name, guest.partnership) == ("Chloe Martin", "Green")
    assert guest.occasions == {"policy-day-2"}


def test_what_is_told_comes_before_what_is_guessed() -> None:
    text = "Nom;Nom de famille;Prénom;Statut;Partenariat\na;Martin;Chloe;x;Green\n"
    assert [fault.column for fault in faults(text)] == ["B"]
    assert held(layout(text, ("Nom de famille", "family"))) == {
        "B": "family",
        "C": "given",
        "D": "selection",
        "E": "partnership",
    }
    assert "D" not in held(layout(text, ("A", "ignore"), ("Statut", "ignore")))


@pytest.mark.parametrize("word", ["birth-year", "Année de naissance", "year of birth"])
def test_a_field_is_told_by_its_word_or_a_usual_heading(word: str) -> None:
    found = layout("Name;Category;J\nChloe Martin;press;1985\n", ("J", word))
    assert found.of(Field.BIRTH_YEAR) == Column(2, "J", Field.BIRTH_YEAR, why=Why.TOLD)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ([("Nothing", "name")], '"Nothing"'),
        ([("Z", "name")], '"Z"'),
        ([("Name", "juggling")], '"juggling"'),
        ([("A", "name"), ("Name", "given")], "told twice"),
        ([("Twice", "category")], '"Twice"'),
    ],
)
def test_what_is_told_wrongly_is_a_fault(told: list[tuple[str, str]], problem: str) -> None:
    text = "Name;Category;Twice;Twice\nChloe Martin;press;;\n"
    (fault,) = faults(text, *told)
    assert problem in fault.problem


def test_columns_read_as_people_would_say_it() -> None:
    found = layout("Nom;Prénom;Tel;;partnering;Statut\na;b;c;d;x;oui\n", ("F", "selection"))
    assert [str(column) for column in found.columns] == [
        'column A "Nom" -> family name (guessed)',
        'column B "Prénom" -> given name (guessed)',
        'column C "Tel" is not used',
        "column D (no heading) is not used",
        'column E "partnering" -> invited to partnering (guessed, its cells agree)',
        'column F "Statut" -> status (as told)',
    ]


# Days and years


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-10-05", date(2021, 10, 5)),
        ("2021-10-05T14:32:00Z", date(2021, 10, 5)),
        ("2021/10/5 14:32", date(2021, 10, 5)),
        ("05/10/2021", date(2021, 10, 5)),
        ("5.10.21", date(2021, 10, 5)),
        ("05-10-2021 08:00:12", date(2021, 10, 5)),
        ("44474", date(2021, 10, 5)),
        ("44474.605", date(2021, 10, 5)),
        ("", None),
    ],
)
def test_the_day_of_the_registration_is_read_in_every_usual_form(
    cell: str, day: date | None
) -> None:
    (guest,) = read(f"Name;Category;Inscrit le\nChloe Martin;press;{cell}\n")
    assert guest.registered_on == day


def test_dates_of_which_one_can_only_be_american_are_all_american() -> None:
    text = "Name;Category;Registered on\nAda Petit;press;10/05/2021\nBea Roux;press;{}\n"
    found = read_table(csv_table(text.format("10/25/2021").encode()))
    assert found.month_first
    assert [guest.registered_on for guest in found.guests] == [
        date(2021, 10, 5),
        date(2021, 10, 25),
    ]
    found = read_table(csv_table(text.format("25/10/2021").encode()))
    assert not found.month_first
    assert [guest.registered_on for guest in found.guests] == [
        date(2021, 5, 10),
        date(2021, 10, 25),
    ]


def test_dates_of_both_orders_are_faults_and_never_guessed() -> None:
    text = (
        "Name;Category;Registered on\n"
        "Ada Petit;press;25/10/2021\nBea Roux;press;10/25/2021\nC D;press;9999\n"
    )
    with pytest.raises(GuestListError) as caught:
        read(text)
    assert [fault.row for fault in caught.value.faults] == [3, 4]


@pytest.mark.parametrize(
    ("cell", "year"), [("1985", 1985), ("1900", 1900), ("2100", 2100), ("", None)]
)
def test_the_year_of_birth_is_a_year(cell: str, year: int | None) -> None:
    (guest,) = read(f"Name;Category;Né en\nChloe Martin;press;{cell}\n")
    assert guest.birth_year == year


@pytest.mark.parametrize("cell", ["1899", "2101", "85", "12/03/1985"])
def test_what_is_no_year_of_birth_is_a_fault(cell: str) -> None:
    with pytest.raises(GuestListError, match="1 fault"):
        read(f"Name;Category;Né en\nChloe Martin;press;{cell}\n")


# Words of both languages


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        *(("fr", "fr"), ("FR-fr", "fr"), ("Français", "fr"), ("French", "fr"), ("anglais", "en")),
        *(("German", "de"), ("Deutsch", "de"), ("zh-Hans", "zh"), ("Ελληνικά", "el"), ("", "")),
    ],
)
def test_languages_are_told_by_code_or_name(cell: str, language: str) -> None:
    (guest,) = read(f"Name;Category;Langue\nChloe Martin;press;{cell}\n")
    assert guest.language == language


@pytest.mark.parametrize(
    ("cell", "category"),
    [("Intervenante", "speaker"), ("presse", "press"), ("Staff", "crew"), ("PRESS", "press")],
)
def test_categories_are_told_in_both_languages(cell: str, category: str) -> None:
    (guest,) = read(f"Nom;Catégorie\nChloe Martin;{cell}\n")
    assert guest.category == category


def test_yes_and_no_tell_whether_somebody_was_selected() -> None:
    one, other, remote = read(
        "Name;Category;Sélectionné;Présence\nA B;press;oui;\nC D;press;NON;\nE F;press;;en ligne\n"
    )
    assert (one.selection, other.selection) == (Selection.SELECTED, Selection.DECLINED)
    assert remote.attendance is Attendance.REMOTE


def test_an_empty_table_and_one_of_headings_alone_are_told() -> None:
    assert Table(rows_of([["", " "], []])).rows == ()
    assert repr(csv_table(b"Name\nChloe Martin\n").rows[1]) == "Row(2, 1 cells)"
    assert repr(csv_table(b"Name\nChloe Martin\n")) == "Table(2 rows)"
