"""Names of certificates beside names of lists: what is the same, what is worth a look."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import MAX_CANDIDATES, Ambiguous, GuestList, Matched, NoMatch
from kiosk.core.guests.names import Likeness, compare, searchable, similarity, standard_key
from kiosk.core.hcert.dcc import Dcc, EntryKind, Holder
from kiosk.core.verify import Signer, Verified
from tests.door import guest, standard

EXACT, SAME = Likeness.EXACT, Likeness.SAME_PERSON
NEAR, DIFFERENT = Likeness.NEAR, Likeness.DIFFERENT
NOW = datetime(2021, 11, 22, tzinfo=UTC)


def holder(family: str, given: str) -> Holder:
    return Holder(family, given, family, given, "1980-01-01")


def verified(whose: Holder) -> Verified:
    dcc = Dcc(whose, EntryKind.TEST, {}, ())
    return Verified(dcc, Signer(b"12345678"), None, NOW, NOW, ())


def likeness(listed: str, family: str, given: str = "CHLOE") -> Likeness:
    return compare(holder(family, given), guest("Chloe", listed))


# ICAO 9303, table A


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Müller", ["MUELLER", "MUXXLLER", "MULLER"]),
        ("Mueller", ["MUELLER"]),
        ("Öst", ["OEST", "OST"]),
        ("Jørgensen", ["JOERGENSEN", "JORGENSEN"]),
        ("Ångström", ["AANGSTROEM", "ANGSTROM", "AANGSTROM", "ANGSTROEM"]),
        ("Händel", ["HAENDEL", "HANDEL"]),
        ("Weiß", ["WEISS"]),
        ("Ægir", ["AEGIR"]),
        ("Œuvrard", ["OEUVRARD"]),
        ("Muñoz", ["MUNOZ", "MUNXXOZ"]),
        ("Łukasz", ["LUKASZ"]),
        ("Þórsson", ["THORSSON"]),
        ("Guðmundsdóttir", ["GUDMUNDSDOTTIR"]),
        ("Đorđević", ["DORDEVIC"]),
        ("Novák", ["NOVAK"]),
        ("Ștefănescu", ["STEFANESCU"]),
        ("Yıldız", ["YILDIZ"]),
        ("Lefèvre", ["LEFEVRE"]),
        ("Håkansson", ["HAAKANSSON", "HAKANSSON"]),
    ],
)
def test_every_transliteration_of_a_letter_is_the_same_name(
    listed: str, written: list[str]
) -> None:
    assert {likeness(listed, form) for form in written} == {EXACT}
    assert {standard_key(form, "Chloe") for form in written} == {standard_key(listed, "Chloe")}


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Mueller", "MULLER"),
        ("Muller", "MUELLER"),
        ("Muller", "MUXXLLER"),
        ("Weis", "WEISS"),
        ("Munoz", "MUNXXOZ"),
        ("Jorgensen", "JOERGENSEN"),
    ],
)
def test_a_name_without_the_letter_is_not_transliterated_a_second_time(
    listed: str, written: str
) -> None:
    assert likeness(listed, written) is NEAR


@pytest.mark.parametrize("form", ["Mu\u0308ller", "MÜLLER", "müller", " Müller "])
def test_case_blanks_and_the_composition_of_letters_are_no_difference(form: str) -> None:
    assert likeness(form, "MUELLER") is EXACT


def test_one_key_finds_every_transliteration_even_of_neighbouring_letters() -> None:
    forms = {"Ä": ("AE", "A"), "Å": ("AA", "A"), "Ü": ("UE", "UXX", "U"), "Ö": ("OE", "O")}
    for name in map("".join, itertools.product("AEOÄÅÜÖ", repeat=3)):
        key = standard_key(name, "x")
        for written in itertools.product(*[forms.get(letter, (letter,)) for letter in name]):
            assert standard_key("".join(written), "x") == key


# Apostrophes, hyphens, particles


@pytest.mark.parametrize(
    ("listed", "written", "expected"),
    [
        ("O'Brien", "OBRIEN", EXACT),
        ("O’Brien", "OBRIEN", EXACT),
        ("D`Artagnan", "DARTAGNAN", EXACT),
        ("O'Brien", "O<BRIEN", NEAR),
        ("Garcia-Lopez", "GARCIA<LOPEZ", EXACT),
        ("Garcia Lopez", "GARCIA<LOPEZ", EXACT),
        ("Garcia‑Lopez", "GARCIA<LOPEZ", EXACT),
        ("Garcia–Lopez", "GARCIA<LOPEZ", EXACT),
        ("Garcia-Lopez", "GARCIALOPEZ", NEAR),
        ("de la Tour", "DE<LA<TOUR", EXACT),
        ("van der Berg", "VAN<DER<BERG", EXACT),
        ("de la Tour", "TOUR", DIFFERENT),
        ("van der Berg", "VANDERBERG", NEAR),
    ],
)
def test_apostrophes_join_and_hyphens_and_blanks_part(
    listed: str, written: str, expected: Likeness
) -> None:
    assert likeness(listed, written) is expected


# More names than one


@pytest.mark.parametrize(
    ("listed", "family", "given", "expected"),
    [
        (("Chloe", "Martin"), "MARTIN", "CHLOE<ANNE", SAME),
        (("Chloe Anne", "Martin"), "MARTIN", "CHLOE", SAME),
        (("Chloe", "Martin Petit"), "MARTIN", "CHLOE", SAME),
        (("Chloe", "Martin"), "MARTIN<PETIT", "CHLOE<ANNE", SAME),
        (("Anne Chloe", "Martin"), "MARTIN", "CHLOE", DIFFERENT),
        (("Chloe", "Martin"), "MARTIN", "ANNE<CHLOE", DIFFERENT),
        (("Chloe", "Martin"), "PETIT<MARTIN", "CHLOE", DIFFERENT),
        (("Chloe", "Martin"), "CHLOE", "MARTIN", NEAR),
        (("Chloe", "Martin"), "MARTIN", "BRUNO", DIFFERENT),
        (("Chloe", "Martin"), "NOVAK", "CHLOE", DIFFERENT),
        (("Chloe", "Martin"), "MARTIN", "", DIFFERENT),
        (("", "Martin"), "MARTIN", "", EXACT),
        (("Chloe", "Martin"), "MARTINS", "CHLOE", NEAR),
        (("Chloe", "Martin"), "MARTIN", "CLOE", NEAR),
        (("Chloe", "Martin"), "MARTIN", "CHLO", NEAR),
    ],
)
def test_first_names_decide_and_order_matters(
    listed: tuple[str, str], family: str, given: str, expected: Likeness
) -> None:
    found = compare(holder(family, given), guest(*listed))
    assert found in (expected, NEAR) if expected is DIFFERENT else found is expected


@pytest.mark.parametrize(
    ("family", "given"), [("MARTIN", "BRUNO"), ("NOVAK", "CHLOE"), ("DUPONT", "JEAN")]
)
def test_sharing_one_of_two_names_is_not_being_the_same_person(family: str, given: str) -> None:
    assert compare(holder(family, given), guest("Chloe", "Martin")) is DIFFERENT


def test_a_name_in_another_script_is_nobodys_standard_name() -> None:
    listed = guest("Иван", "Иванов")
    for family, given in (("IVANOV", "IVAN"), ("", "IVAN"), ("X", "")):
        assert compare(holder(family, given), listed) is DIFFERENT


@pytest.mark.parametrize(
    "spoof",
    [
        ("Chloe", "Martin\u200b\u202e"),
        ("Chloe", "\u041c\u0430rtin"),  # two Cyrillic letters
        ("<b>Chloe</b>", "Martin"),
    ],
)
def test_letters_that_only_look_alike_are_not_more_than_a_near_miss(spoof: tuple[str, str]) -> None:
    shown = compare(holder("MARTIN", "CHLOE"), guest(*spoof))
    assert shown is EXACT if spoof[1].startswith("Martin\u200b") else shown in (NEAR, DIFFERENT)


def test_similarity_is_one_for_the_same_and_low_for_others() -> None:
    assert similarity(holder("MUELLER", "ZOE"), guest("Zoë", "Müller")) == 1
    assert similarity(holder("NOVAK", "BRUNO"), guest("Chloe", "Martin")) < 0.5


# A whole list

_FAMILIES = (
    *("Martin", "Martins", "Marten", "Martel", "Marin", "Merten", "Novak", "Novakova", "Nowak"),
    *("Müller", "Möller", "Miller", "Mahler", "Maler", "Mailer", "Weiss", "Weis", "Wiese"),
    *("de la Tour", "de la Tourette", "La Tour", "Delatour", "van der Berg", "Vandenberg"),
    *("Garcia Lopez", "Lopez Garcia", "Garcia", "Lopez", "García Pérez", "O'Brien", "O'Bryan"),
    *("Jørgensen", "Jörgenson", "Jensen", "Jansen", "Janssen", "Hansen", "Hanssen", "Håkansson"),
    *("Đorđević", "Dordovic", "Łukasz", "Lukas", "Łukaszewski", "Petit", "Petitjean", "Petit-Jean"),
    *("Ștefănescu", "Stefanescul", "Yıldız"),
)
_GIVEN = (
    *("Anne", "Anna", "Ana", "Hanna", "Anne-Marie", "Marie-Anne", "Marie", "Maria", "Mario"),
    *("Jean", "Jean-Luc", "Jean Paul", "Jan", "Janne", "Jana", "Zoë", "Zoia", "Chloé", "Cléo"),
    *("Björn", "Bjarne", "Søren", "Sören Olaf", "Özgür", "Ozan", "Łukasz", "Lucas", "Luc", "Lucie"),
    *("José", "Josef", "Josefa", "Noël", "Noëlle", "Paul", "Paula", "Pauline", "Pavel", "Pawel"),
    "Ève",
)


def people() -> list[Guest]:
    named = itertools.islice(itertools.product(_FAMILIES, _GIVEN), 2_000)
    return [guest(given, family, id=f"guest-{n}") for n, (family, given) in enumerate(named)]


def written(name: str) -> str:
    """As an issuer writes it: the first form of ICAO 9303."""
    table = {"ü": "ue", "ö": "oe", "ø": "oe", "å": "aa", "đ": "d", "ł": "l", "ı": "i"}
    table |= {letter.upper(): form.capitalize() for letter, form in table.items()}
    return standard("".join(table.get(letter, letter) for letter in name))


def test_each_of_2000_certificates_is_its_own_guests_and_nobody_elses() -> None:
    everybody = people()
    assert len(everybody) == 2_000
    names = GuestList(everybody)
    for person in everybody:
        certificate = verified(holder(written(person.family), written(person.given)))
        assert names.match(certificate) == Matched(person)


def test_no_name_of_2000_guests_is_exactly_that_of_another() -> None:
    for mine, other in itertools.permutations(_FAMILIES, 2):
        assert compare(holder(written(mine), "PAUL"), guest("Paul", other)) is not EXACT
    for mine, other in itertools.permutations(_GIVEN, 2):
        assert compare(holder("PETIT", written(mine)), guest(other, "Petit")) is not EXACT


def test_exactly_one_exact_name_is_a_match_and_two_are_ambiguous() -> None:
    first, second = guest("Chloe", "Martin"), guest("Chloé", "Martin", id="second")
    assert GuestList([first]).match(verified(holder("MARTIN", "CHLOE"))) == Matched(first)
    both = GuestList([first, second]).match(verified(holder("MARTIN", "CHLOE")))
    assert both == Ambiguous((first, second))


def test_a_longer_name_alone_is_a_candidate_and_no_match() -> None:
    listed = guest("Chloe", "Martin")
    found = GuestList([listed]).match(verified(holder("MARTIN", "CHLOE<ANNE<MARIE<LOUISE")))
    assert found == NoMatch((listed,))


def test_candidates_are_five_at_most_and_the_closest_first() -> None:
    listed = [
        guest("Chloe", f"Martin{end}", id=end) for end in ("e", "a", "ez", "o", "i", "u", "s")
    ]
    found = GuestList([*listed, guest("Bruno", "Novak")]).match(verified(holder("MARTINE", "CLOE")))
    assert isinstance(found, NoMatch)
    assert len(found.near) == MAX_CANDIDATES
    assert found.near[0].id == "e"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Zoë", "ZO"), ("zoe", "ZO"), ("Jean-Luc", "JEAN LUC"), ("", ""), ("  ", "")],
)
def test_what_staff_type_is_folded_like_the_list(typed: str, folded: str) -> None:
    assert searchable(typed) == folded
