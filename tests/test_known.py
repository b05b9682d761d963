"""Whom a new list has again: by badge, by name and organisation, or alone in a Partnership."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.guests.guest import Guest, Selection
from kiosk.core.guests.known import Sign
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.table import GuestListError
from tests.guestfiles import read, read_table

HEADING = "Family name;Given name;Organisation;Partnership\n"


def test_a_list_read_again_keeps_ids_and_badges_whatever_else_has_changed() -> None:
    before = read(HEADING + "Müller;Chloé;Pôle Énergie;Green\nNovak;Bruno;B;Blue\n")
    text = (
        "Prénom;Nom de famille;Organisme;Partenariat;Statut\n"
        "BRUNO;novak;b;BLUE;en attente\nAda;Petit;C;Red;oui\nChloe;Mueller;pole energie;green;oui\n"
    )
    bruno, ada, chloe = read(text, before)
    assert (chloe.id, chloe.badge) == (before[0].id, before[0].badge)
    assert (bruno.id, bruno.badge, bruno.selection) == (
        before[1].id,
        before[1].badge,
        Selection.WAITING,
    )
    assert ada.id not in {guest.id for guest in before}


def test_a_guest_whose_name_was_corrected_is_known_by_the_badge() -> None:
    (before,) = read("Name;Category\nChloe Martn;press\n")
    corrected = f"Name;Category;Badge\nChloe Martin;press;{before.badge.hex()}\n"
    (after,) = read(corrected, [before])
    assert (after.id, after.family) == (before.id, "Martin")


def test_a_doubled_guest_is_one_fault_though_both_would_have_the_same_badge() -> None:
    rows = "Martin;Chloe;A;Green\n"
    known = read(HEADING + rows)
    with pytest.raises(GuestListError) as caught:
        read(HEADING + rows * 2, known)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "A")]


def ids(text: str, known: tuple[Guest, ...]) -> list[str]:
    """Of the guests in `text`; a new one has "new"."""
    found = read_table(csv_table(text.encode()), known)
    return [guest.id if guest.id in found.recognised else "new" for guest in found.guests]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Martin;Chloe;ACME;Green", "Martin;Chloé;Acme Ltd;green"),
        ("Petit;Ada;;Red", "Petit;Ada;A;Red"),
    ],
)
def test_an_organisation_that_is_spelled_otherwise_makes_no_new_guest(
    before: str, after: str
) -> None:
    known = read(HEADING + before + "\nNovak;Bruno;B;Blue\n")
    assert ids(HEADING + after + "\n", known) == [known[0].id]


def test_a_guest_without_partnership_is_known_by_name_and_category() -> None:
    heading = "Name;Organisation;Category\n"
    known = read(heading + "Chloe Martin;Gazette;press\n")
    assert ids(heading + "Chloe Martin;La Gazette;press\n", known) == [known[0].id]
    assert ids(heading + "Chloe Martin;La Gazette;crew\n", known) == ["new"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("AB", "C", ["new"]),
        ("A", "BC", ["new", "new"]),
        ("A", "BA", ["new", "A"]),
        ("AB", "BA", ["B", "A"]),
        ("AB", "AC", ["A", "new"]),
    ],
)
def test_of_two_with_one_name_in_a_partnership_only_the_organisation_tells(
    before: str, after: str, expected: list[str]
) -> None:
    rows = {letter: f"Martin;Chloe;{letter};Green\n" for letter in "ABC"}
    known = read(HEADING + "".join(rows[letter] for letter in before))
    names = {guest.id: guest.organisation for guest in known}
    found = ids(HEADING + "".join(rows[letter] for letter in after), known)
    assert [names.get(one, "new") for one in found] == expected


def test_a_badge_and_a_name_of_one_guest_in_two_rows_make_two_guests() -> None:
    (known,) = read("Name;Category\nChloe Martin;press\n")
    text = f"Name;Category;Badge\nChloe Martin;press;\nChloe Petit;press;{known.badge.hex()}\n"
    assert ids(text, (known,)) == ["new", known.id]


def test_of_two_guests_of_before_who_are_alike_the_first_is_found() -> None:
    (first,) = read("Name;Category\nChloe Martin;press\n")
    second = replace(first, id="other", badge=b"12345678")
    assert ids("Name;Category\nChloe Martin;press\n", (first, second)) == [first.id]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Иванов;Иван", "Ivanov;Ivan"),
        ("李;娜", "李;娜"),
        ("Müller;Jörg", "MUELLER;Joerg"),
        ("Guest;Number 1", "guest;number 1"),
    ],
)
def test_another_spelling_of_a_name_is_the_same_guest(before: str, after: str) -> None:
    known = read(HEADING + before + ";A;Green\n")
    assert ids(HEADING + after + ";A;Green\n", known) == [known[0].id]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("李;娜", "李;明"),
        ("Guest;Number 1", "Guest;Number 2"),
        ("כהן;משה", "כהן;שרה"),
        ("कि;क", "का;क"),
    ],
)
def test_names_without_a_form_are_told_apart(one: str, other: str) -> None:
    assert len(read(HEADING + one + ";A;Green\n" + other + ";A;Green\n")) == 2


def test_the_year_of_birth_tells_two_of_one_name_apart() -> None:
    heading = "Name;Organisation;Category;Year of birth\n"
    one, other = "Jean Martin;A;press;1960\n", "Jean Martin;A;press;1990\n"
    known = read(heading + one + other)
    assert len(known) == 2
    assert ids(heading + other + one, known) == [known[1].id, known[0].id]
    assert ids(heading + other, known[:1]) == ["new"]  # a son, not the father


def test_a_year_of_birth_that_is_told_for_the_first_time_makes_no_new_guest() -> None:
    known = read("Name;Organisation;Category\nJean Martin;A;press\n")
    text = "Name;Organisation;Category;Year of birth\nJean Martin;A;press;1960\n"
    assert ids(text, known) == [known[0].id]


def test_by_what_a_guest_is_known_is_told() -> None:
    known = read(HEADING + "Martin;Chloe;A;Green\nNovak;Bruno;B;Blue\nPetit;Ada;C;Red\n")
    text = (
        "Name;Organisation;Partnership;Badge\n"
        f"Chloe Martin-Roux;A;Green;{known[0].badge.hex()}\n"
        "Bruno Novak;B;Blue;\nAda Petit;Other;Red;\nBea Roux;D;Red;\n"
    )
    found = read_table(csv_table(text.encode()), known)
    assert [found.recognised.get(guest.id) for guest in found.guests] == [
        Sign.BADGE,
        Sign.NAME,
        Sign.ALONE,
        None,
    ]
