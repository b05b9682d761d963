"""Whose certificate it is on a list of thousands: nobody is taken for another, slips are found."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import MAX_CANDIDATES, Ambiguous, GuestList, Matched, NoMatch
from kiosk.core.guests.names import listed_forms, named, same_person, standard_name
from kiosk.core.guests.near import NearNames
from kiosk.core.guests.nearness import NEAR, nearness
from kiosk.core.guests.spelling import spellings
from tests import people
from tests.door import guest
from tests.people import STYLES, certificate_of, holder, verified

COUNT = 2_000


@cache
def everybody() -> list[Guest]:
    return people.people(COUNT)


@cache
def whole_list() -> GuestList:
    return GuestList(everybody())


def strangers(count: int) -> list[Guest]:
    known = {(g.family, g.given) for g in everybody()}
    found = people.people(2 * count, seed=77)
    return [g for g in found if (g.family, g.given) not in known][:count]


# Exactly one


def test_exactly_one_exact_name_is_a_match_and_two_are_ambiguous() -> None:
    first, second = guest("Chloe", "Martin"), guest("Chloé", "Martin", id="second")
    assert GuestList([first]).match(verified(holder("MARTIN", "CHLOE"))) == Matched(first)
    both = GuestList([first, second]).match(verified(holder("MARTIN", "CHLOE")))
    assert both == Ambiguous((first, second))


def test_one_form_of_two_names_is_ambiguous_and_their_others_are_not() -> None:
    plain, accented = guest("Anna", "Muller"), guest("Anna", "Müller", id="second")
    listed = GuestList([plain, accented])
    assert listed.match(verified(holder("MULLER", "ANNA"))) == Ambiguous((plain, accented))
    assert listed.match(verified(holder("MUELLER", "ANNA"))) == Matched(accented)


@pytest.mark.parametrize("letters", [78, 79, 80, 81, 120])
def test_a_name_is_cut_where_the_schema_cuts_it(letters: int) -> None:
    family = ("ab" * 39 + " Xyz" + "w" * 60)[:letters].strip()
    listed = guest("Anna", family)
    certificate = family.upper().replace(" ", "<")[:80].strip("<")
    assert GuestList([listed]).match(verified(holder(certificate, "ANNA"))) == Matched(listed)


def test_names_that_differ_in_their_parting_alone_are_ambiguous() -> None:
    apart, joined = guest("Paul", "van den Berg"), guest("Paul", "Vandenberg", id="second")
    for written in ("VAN<DEN<BERG", "VANDENBERG"):
        found = GuestList([apart, joined]).match(verified(holder(written, "PAUL")))
        assert found == Ambiguous((apart, joined))


@pytest.mark.parametrize("style", STYLES)
def test_no_certificate_of_2000_guests_is_taken_for_anothers(style: str) -> None:
    for person in everybody():
        match whole_list().match(verified(certificate_of(person, style))):
            case Matched(found):
                assert found is person
            case Ambiguous(found):
                assert person in found
            case other:
                pytest.fail(f"{other} for a guest of the list")


def test_two_of_2000_guests_share_a_form_only_where_one_of_them_has_it_as_the_standards_own() -> (
    None
):
    """Müller and Muller do, and both go to the desk; no other pair of 1,999,000 does."""
    bearers: dict[str, set[str]] = {}
    first = {person.id: spellings(person.family, person.given)[0].key for person in everybody()}
    for person in everybody():
        for form in spellings(person.family, person.given):
            bearers.setdefault(form.key, set()).add(person.id)
    shared = {key: ids for key, ids in bearers.items() if len(ids) > 1}
    assert all(any(first[one] == key for one in ids) for key, ids in shared.items())
    assert len(shared) < 10


@pytest.mark.parametrize("style", STYLES)
def test_no_stranger_has_the_exact_name_of_a_guest(style: str) -> None:
    for stranger in strangers(COUNT):
        found = whole_list().match(verified(certificate_of(stranger, style)))
        assert isinstance(found, NoMatch)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Иван", "Иванов"), ("Иван", "Иванова")),
        (("Иван", "Шаров"), ("Иван", "Саров")),
        (("Иван", "Гарин"), ("Иван", "Харин")),
        (("Νίκος", "Παππάς"), ("Νίκος", "Παππά")),
        (("Петър", "Василев"), ("Пётр", "Васильев")),
        (("Jan", "Nowák"), ("Jan", "Novák")),
        (("Jörg", "Böhm"), ("Jorg", "Boehm")),
        (("ვაჟა", "ეზუგბაია"), ("Vazha", "Ezugbaya")),
    ],
)
def test_every_form_of_a_name_is_its_guests_or_the_desks(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    both = [guest(*one, id="one"), guest(*other, id="other")]
    for mine in both:
        for form in spellings(mine.family, mine.given):
            certificate = holder("<".join(form.family), "<".join(form.given))
            match GuestList(both).match(verified(certificate)):
                case Matched(found):
                    assert found is mine
                case found:
                    assert isinstance(found, Ambiguous)


@pytest.mark.parametrize(
    ("listed", "family", "given"),
    [
        (("Maria Garcia", "Lopez"), "GARCIA<LOPEZ", "MARIA"),
        (("Jan van den", "Berg"), "VAN<DEN<BERG", "JAN"),
        (("", "Maria Garcia Lopez"), "GARCIA<LOPEZ", "MARIA"),
        (("Maria", "Garcia Lopez"), "MARIA<GARCIA<LOPEZ", ""),
    ],
)
def test_where_the_given_names_end_does_not_count(
    listed: tuple[str, str], family: str, given: str
) -> None:
    person = guest(*listed)
    assert GuestList([person]).match(verified(holder(family, given))) == Matched(person)


def born(year: int | None, known_as: str, given: str = "Chloe", family: str = "Martin") -> Guest:
    return replace(guest(given, family, id=known_as), birth_year=year)


@pytest.mark.parametrize(
    ("years", "year", "expected"),
    [
        ((1980,), "1980", [0]),
        ((1981,), "1980", []),
        ((1981,), "", [0]),
        ((1980, 1951), "1980-05-05", [0]),
        ((1980, 1951), "", [0, 1]),
        ((1980, 1980), "1980", [0, 1]),
        ((1980, None), "1980", [0, 1]),
        ((1951, None), "1980", [1]),
        ((1951, 1952), "1980", []),
    ],
)
@pytest.mark.parametrize("more", ["", "<ANNE"])
def test_the_year_of_birth_tells_namesakes_apart(
    years: tuple[int | None, ...], year: str, expected: list[int], more: str
) -> None:
    listed = [born(listed_year, str(number)) for number, listed_year in enumerate(years)]
    certificate = holder("MARTIN", "CHLOE" + more)._replace(birth_date=year)
    found = GuestList(listed).match(verified(certificate))
    if len(expected) == 1:
        assert found == Matched(listed[expected[0]])
    elif expected and not more:
        assert found == Ambiguous(tuple(listed))
    else:
        assert found == NoMatch(tuple(listed))


# Further given names on the certificate alone


@pytest.mark.parametrize(
    ("given", "certificate"),
    [
        ("Maria", "MARIA<ANNA"),
        ("Maria", "MARIA<ANNA<LUISA"),
        ("Maria Anna", "MARIA<ANNA<LUISA"),
        ("Jean-Luc", "JEAN<LUC<ANDRE"),
    ],
)
def test_who_has_the_first_given_names_alone_is_meant(given: str, certificate: str) -> None:
    listed, other = guest(given, "Rossi"), guest("Carla", "Rossi", id="other")
    found = GuestList([listed, other]).match(verified(holder("ROSSI", certificate)))
    assert found == Matched(listed)


@pytest.mark.parametrize(
    "other",
    [
        ("Maria Elena", "Rossi"),  # a twin, or a cousin
        ("Maria-Elena", "Rossi"),
        ("Anna", "Rossi"),  # known by the second name
        ("Luisa Anna", "Rossi"),
        ("M.", "Rossi"),
        ("", "Maria Elena Rossi"),
    ],
)
def test_nobody_is_meant_where_another_may_be(other: tuple[str, str]) -> None:
    listed, second = guest("Maria", "Rossi"), guest(*other, id="second")
    certificate = verified(holder("ROSSI", "MARIA<ANNA<LUISA"))
    found = GuestList([listed, second]).match(certificate)
    assert isinstance(found, NoMatch)
    assert set(found.near) <= {listed, second}
    assert found.near
    assert GuestList([listed]).match(certificate) == Matched(listed)


@pytest.mark.parametrize(
    ("listed", "family", "given"),
    [
        (("Maria Anna", "Rossi"), "ROSSI", "MARIA"),  # a list with more than the certificate
        (("Anna", "Rossi"), "ROSSI", "MARIA<ANNA"),
        (("Maria", "Rossi"), "ROSSI<BIANCHI", "MARIA<ANNA"),
        (("Maria", "Bianchi Rossi"), "ROSSI", "MARIA<ANNA"),
        (("M.", "Rossi"), "ROSSI", "MARIA<ANNA"),
    ],
)
def test_every_other_difference_is_the_desks(
    listed: tuple[str, str], family: str, given: str
) -> None:
    found = GuestList([guest(*listed)]).match(verified(holder(family, given)))
    assert isinstance(found, NoMatch)


def test_who_is_listed_without_what_a_hyphen_adds_is_another() -> None:
    jean, jean_luc = guest("Jean", "Martin"), guest("Jean-Luc", "Martin", id="jean-luc")
    certificate = verified(holder("MARTIN", "JEAN<LUC")._replace(given="Jean-Luc"))
    assert GuestList([jean]).match(certificate) == NoMatch((jean,))
    assert GuestList([jean, jean_luc]).match(certificate) == Matched(jean_luc)


def test_the_same_letters_parted_at_other_places_are_another_name() -> None:
    listed = guest("Görela Åsa", "Blom")
    assert GuestList([listed]).match(verified(holder("BLOM", "GOERELA<ASA"))) == Matched(listed)
    other = GuestList([listed]).match(verified(holder("BLOM", "GOEREL<AASA")))
    assert isinstance(other, NoMatch)


def test_whom_the_year_excludes_leaves_nobody_else_to_be_meant() -> None:
    """Anna is not Maria Anna because Maria was born too early."""
    listed = [born(1950, "maria", "Maria", "Rossi"), guest("Anna", "Rossi", id="anna")]
    certificate = holder("ROSSI", "MARIA<ANNA")._replace(birth_date="1985-01-01")
    assert isinstance(GuestList(listed).match(verified(certificate)), NoMatch)


# Nobody, but close


def test_exchanged_fields_are_a_candidate_and_no_match() -> None:
    listed = guest("Chloe", "Martin")
    assert GuestList([listed]).match(verified(holder("CHLOE", "MARTIN"))) == NoMatch((listed,))


def test_who_would_be_the_same_person_beside_a_badge_is_a_candidate_however_far() -> None:
    listed = guest("An", "Li Saengsuwan")
    certificate = holder("LI", "AN<NATTHAPHONG")
    assert nearness(standard_name(certificate), listed_forms("Li Saengsuwan", "An")) < NEAR
    assert GuestList([listed]).match(verified(certificate)) == NoMatch((listed,))


@pytest.mark.parametrize(
    ("family", "given"), [("MADONNA", "LOUISE"), ("", "MADONA"), ("LOUISE", "MADONNA")]
)
def test_somebody_with_one_name_is_found_by_it(family: str, given: str) -> None:
    listed = guest("", "Madonna")
    found = GuestList([listed, guest()]).match(verified(holder(family, given)))
    assert found == NoMatch((listed,))


def test_somebody_listed_with_an_initial_is_found() -> None:
    listed = guest("J.", "Martin")
    assert GuestList([listed]).match(verified(holder("MARTIN", "JEAN"))) == NoMatch((listed,))
    assert GuestList([listed]).match(verified(holder("MARTIN", "CHLOE"))) == NoMatch(())


def test_a_certificate_with_one_name_has_all_as_candidates_who_bear_it() -> None:
    chloe, bruno, ada = guest("Chloe", "Martin"), guest("Bruno", "Martin"), guest("Ada", "Petit")
    found = GuestList([chloe, bruno, ada]).match(verified(holder("MARTIN", "")))
    assert found == NoMatch((bruno, chloe))


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("MARTINEZ", "CHLOE"),  # two slips from a part of six letters
        ("MARTIN", "CHLO"),
        ("MARIN", "CHOLE"),
    ],
)
def test_parts_of_other_lengths_are_partners(family: str, given: str) -> None:
    found = GuestList([guest(), guest("Bruno", "Novak")]).match(verified(holder(family, given)))
    assert found == NoMatch((guest(),))


def test_a_short_part_is_found_beside_a_longer_one() -> None:
    listed = guest("Li", "Nguyen")
    assert GuestList([listed]).match(verified(holder("NGUYEN", "LIU"))) == NoMatch((listed,))
    assert GuestList([listed]).match(verified(holder("NGUYEN", "LU"))) == NoMatch(())


def test_the_closest_is_found_among_many_who_share_a_part() -> None:
    others = [guest("Anna Maria", f"Kral{chr(97 + n % 26)}{n}", id=str(n)) for n in range(100)]
    wanted = guest("Anna Maria", "Novakowa")
    found = GuestList([*others, wanted]).match(verified(holder("NOVAKOVA", "ANNA<MARIA")))
    assert found == NoMatch((wanted,))


def test_candidates_are_five_at_most_and_the_closest_first() -> None:
    listed = [
        guest("Chloe", f"Martin{end}", id=end) for end in ("e", "a", "ez", "o", "i", "u", "s")
    ]
    found = GuestList([*listed, guest("Bruno", "Novak")]).match(verified(holder("MARTINE", "CLOE")))
    assert isinstance(found, NoMatch)
    assert len(found.near) == MAX_CANDIDATES
    assert found.near[0].id == "e"


RECALL: dict[people.Slip, int] = {  # found of 300
    people.typo: 300,
    people.two_typos: 297,
    people.joined: 297,
    people.swapped: 300,
    people.shortened: 300,
    people.lengthened: 300,
}


@pytest.mark.parametrize("slip", RECALL, ids=lambda slip: slip.__name__)
def test_guests_are_found_in_spite_of_a_slip(slip: people.Slip) -> None:
    draw = random.Random(7)  # noqa: S311  # no secret
    found = 0
    for person in draw.sample(everybody(), 300):
        certificate = slip(certificate_of(person, draw.choice(list(STYLES))), draw)
        match = whole_list().match(verified(certificate))
        found += person in (match.near if isinstance(match, NoMatch) else everybody())
    assert found >= RECALL[slip]


def test_hardly_a_stranger_is_close_to_anybody() -> None:
    near = sum(
        1
        for stranger in strangers(500)
        if whole_list().match(verified(certificate_of(stranger))) != NoMatch(())
    )
    assert near <= 20


def test_the_search_finds_whom_comparing_with_everybody_finds() -> None:
    listed = [*everybody(), guest("", "Madonna"), guest("李", "Chen")]
    search = NearNames(named(listed))
    draw = random.Random(11)  # noqa: S311  # no secret
    for slip in RECALL:
        for person in draw.sample(everybody(), 4):
            name = standard_name(slip(certificate_of(person), draw))
            found = {found.id for found in search.closest(name, COUNT)}
            for other in listed:
                forms = listed_forms(other.family, other.given)
                near = nearness(name, forms) >= NEAR or same_person(name, forms)
                assert near is (other.id in found)


def test_an_empty_list_has_nobody() -> None:
    assert GuestList(()).match(verified(holder("MARTIN", "CHLOE"))) == NoMatch(())
    assert GuestList(()).search("martin") == ()


# What staff type


def ids(listed: GuestList, query: str) -> list[str]:
    return [found.id for found in listed.search(query)]


def test_every_word_typed_must_be_in_the_name_or_the_organisation() -> None:
    listed = GuestList(
        [
            guest("Chloé", "Martin", organisation="Pôle Énergie", id="chloe"),
            guest("Anna", "Martinez", organisation="Green", id="anna"),
            guest("Иван", "Петров", organisation="Клъстер", id="ivan"),
            guest("娜", "李", id="li"),
        ]
    )
    assert ids(listed, "martin") == ["chloe", "anna"]
    assert (
        ids(listed, "chloe mart")
        == ids(listed, "énergie")
        == ids(listed, "MARTIN pole")
        == ["chloe"]
    )
    assert ids(listed, "ivan") == ids(listed, "Петр") == ["ivan"]
    assert ids(listed, "李") == ["li"]
    assert ids(listed, "martin klaster") == ids(listed, " - ") == []


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        (("Γιώργος", "Παπαδόπουλος"), "papadopoulos παπαδ παπαδόπουλος PAPADOPOULOU papadpoulos"),
        (("Georgios", "Papadopoulos"), "Παπαδόπουλος παπ γεώργιος"),
        (("Jörg", "Müller"), "müller muller mueller MUEL mülle muell mullr"),
        (("Илия", "Илиев"), "iliev ILIEV илиев или iliew"),
        (("Ilia", "Iliev"), "Илиев или"),
        (("Юлія", "Щербак"), "yulia yuliia iuliia shcherbak shtcherbak"),
        (("Jan", "van den Berg"), "vandenberg berg vanden"),
        (("Seán", "O’Brien"), "obrien o'brien"),
        (("Zoë", "Maß"), "mass maß zoe ZOË"),
        (("Łukasz", "Wiśniewski"), "lukasz wisniewski wiśniewsky"),
    ],
)
def test_a_name_is_found_in_any_script_accent_and_case_and_with_a_letter_wrong(
    listed: tuple[str, str], typed: str
) -> None:
    wanted = guest(*listed, id="wanted")
    guests = GuestList([guest("Chloe", "Martin"), wanted])
    for query in typed.split():
        assert guests.search(query) == (wanted,), query


def test_the_words_may_come_in_any_order_and_one_may_be_of_the_partnership() -> None:
    listed = GuestList(
        [
            guest("Jean", "Martin", organisation="", partnership="Blue Coast", id="coast"),
            guest("Jean", "Martin", organisation="", partnership="Green Hill", id="hill"),
        ]
    )
    assert ids(listed, "hill martin j") == ids(listed, "je mar gree") == ["hill"]


def test_a_wrong_letter_counts_from_five_on_and_only_where_nothing_is_exact() -> None:
    listed = GuestList([guest("Anna", "Novak", id="novak"), guest("Anna", "Nowak", id="nowak")])
    assert ids(listed, "novak") == ["novak"]
    assert ids(listed, "nofak") == ["novak", "nowak"]
    assert ids(listed, "nova") == ["novak"]
    assert ids(listed, "nofa") == []
    assert ids(listed, "anna nofak") == ["novak", "nowak"]


def test_results_are_at_most_as_many_as_are_asked_for() -> None:
    listed = GuestList([guest("Anna", "Novak", id=str(number)) for number in range(9)])
    for typed in ("novak", "anna novak", "nofak"):
        assert len(listed.search(typed)) == 8
        assert len(listed.search(typed, 3)) == 3
        assert len(listed.search(typed, 9)) == 9


def test_a_word_inside_another_is_found_from_three_letters_on() -> None:
    listed = GuestList([guest("Anna", "Obermüller", id="ober")])
    assert ids(listed, "mul") == ["ober"]
    assert ids(listed, "mu") == []


def test_a_whole_name_comes_before_one_that_begins_so_and_both_before_an_organisation() -> None:
    listed = GuestList(
        [
            guest("Anna", "Petit", organisation="Martin & Co", id="of-martin"),
            guest("Anna", "Martine", id="martine"),
            guest("Zoe", "Martin", id="martin"),
        ]
    )
    assert ids(listed, "martin") == ["martin", "martine", "of-martin"]


def test_words_that_begin_a_name_come_first_and_the_list_is_short() -> None:
    listed = GuestList(
        [guest("Roman", f"Osman{n}", id=f"inside-{n}") for n in range(9)]
        + [guest("Manon", "Petit", id="begins")]
    )
    found = ids(listed, "man")
    assert found[0] == "begins"
    assert len(found) == 8


def test_a_list_knows_its_guests_by_pseudonym_and_badge() -> None:
    listed = guest()
    guests = GuestList([listed], frozenset({b"revoked!"}))
    assert guests.by_id(listed.id) is guests.by_badge(listed.badge) is listed
    assert guests.by_id("nobody") is guests.by_badge(b"nothing!") is None
    assert (len(guests), list(guests)) == (1, [listed])
    assert guests.current() is guests
    assert guests.revoked == {b"revoked!"}


def test_a_prepared_list_answers_like_any_other() -> None:
    listed, certificate = guest(), verified(holder("MARTIN", "CHLO"))
    prepared, other = GuestList([listed]), GuestList([listed])
    prepared.prepare()
    assert prepared.match(certificate) == other.match(certificate) == NoMatch((listed,))
    assert prepared.search("chl") == other.search("chl") == (listed,)


def test_a_guest_does_not_show_the_name() -> None:
    assert repr(guest(id="1f")) == "Guest(1f)"
