"""Names of certificates beside names of lists: what is the same, what is worth a look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.guests.names import Likeness, compare, listed_forms, standard_name
from kiosk.core.guests.nearness import INITIAL, SAME_SOUND, alike, nearness, slips
from tests.door import guest
from tests.people import holder

EXACT, SAME = Likeness.EXACT, Likeness.SAME_PERSON
NEAR, DIFFERENT = Likeness.NEAR, Likeness.DIFFERENT


def likeness(listed: str, family: str, given: str = "CHLOE") -> Likeness:
    return compare(holder(family, given), guest("Chloe", listed))


def whole(listed: tuple[str, str], family: str, given: str) -> Likeness:
    return compare(holder(family, given), guest(*listed))


# The same


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Müller", ["MUELLER", "MUXXLLER", "MULLER"]),
        ("Mueller", ["MUELLER"]),
        ("Öst", ["OEST", "OST"]),
        ("Jørgensen", ["JOERGENSEN", "JORGENSEN"]),
        ("Ångström", ["AANGSTROEM", "ANGSTROM", "AANGSTROM", "ANGSTROEM"]),
        ("Weiß", ["WEISS"]),
        ("Muñoz", ["MUNOZ", "MUNXXOZ"]),
        ("Đorđević", ["DORDEVIC", "DJORDJEVIC"]),
        ("Ștefănescu", ["STEFANESCU"]),
        ("Yıldız", ["YILDIZ"]),
        ("Иванов", ["IVANOV"]),
        ("Mu\u0308ller", ["MUELLER"]),
        (" MÜLLER ", ["MUELLER"]),
        ("O'Brien", ["OBRIEN", "O<BRIEN"]),
        ("Garcia-Lopez", ["GARCIA<LOPEZ", "GARCIALOPEZ"]),
        ("van der Berg", ["VAN<DER<BERG", "VANDERBERG", "VANDER<BERG"]),
    ],
)
def test_every_form_of_a_name_is_the_same_name(listed: str, written: list[str]) -> None:
    assert {likeness(listed, form) for form in written} == {EXACT}


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("Mueller", "MULLER"),
        ("Muller", "MUELLER"),
        ("Weis", "WEISS"),
        ("Jorgensen", "JOERGENSEN"),
        ("Schmidt", "SCHMITT"),
        ("Meier", "MAIER"),
        ("Nowak", "NOVAK"),
        ("Petrov", "PETROVA"),
        ("Jensen", "JANSEN"),
    ],
)
def test_another_name_is_never_exact_however_close(listed: str, written: str) -> None:
    assert likeness(listed, written) is NEAR


@pytest.mark.parametrize(
    ("listed", "written"), [("Schmidt", "WEBER"), ("Li", "LU"), ("Martin", "MUNXXOZ")]
)
def test_a_name_that_is_not_close_is_different(listed: str, written: str) -> None:
    assert likeness(listed, written) is DIFFERENT


def test_a_name_of_one_field_is_the_same_in_either() -> None:
    for listed in (("", "Madonna"), ("Madonna", "")):
        assert whole(listed, "MADONNA", "") is whole(listed, "", "MADONNA") is EXACT


# The same person, beside the own badge


@pytest.mark.parametrize(
    ("listed", "family", "given", "expected"),
    [
        # more names on either side
        (("Chloe", "Martin"), "MARTIN", "CHLOE<ANNE", SAME),
        (("Chloe Anne", "Martin"), "MARTIN", "CHLOE", SAME),
        (("Chloe", "Martin Petit"), "MARTIN", "CHLOE", SAME),
        (("Chloe", "Martin"), "MARTIN<PETIT", "CHLOE<ANNE", SAME),
        (("Jean-Luc", "van den Berg"), "VANDENBERG<DUPONT", "JEANLUC<ANDRE", SAME),
        (("Jean", "Vandenberg"), "VAN<DEN<BERG<DUPONT", "JEAN", SAME),
        (("Anne Chloe", "Martin"), "MARTIN", "CHLOE", NEAR),
        (("Chloe", "Martin"), "MARTIN", "ANNE<CHLOE", NEAR),
        (("Chloe", "Martin"), "PETIT<MARTIN", "CHLOE", SAME),  # as in Portugal
        (("Chloe", "Petit Martin"), "MARTIN", "CHLOE", SAME),
        (("Jan", "Berg"), "VAN<DEN<BERG", "JAN<PIET", SAME),
        (("Jan Piet van den", "Berg"), "VAN<DEN<BERG", "JAN", SAME),
        (("Piet", "Berg"), "VAN<DEN<BERG", "JAN<PIET", NEAR),
        # initials
        (("Jean P.", "Martin"), "MARTIN", "JEAN<PIERRE", SAME),
        (("Jean Pierre", "Martin"), "MARTIN", "JEAN<P", SAME),
        (("Jean P.", "Martin"), "MARTIN", "JEAN<PIERRE<MARIE", SAME),
        (("Jean P.", "Martin"), "MARTIN", "JEAN<MARC", NEAR),
        (("J.", "Martin"), "MARTIN", "JEAN", NEAR),
        (("Jean Paul", "Martin"), "MARTIN", "JEAN<PIERRE", NEAR),
        (("Ab Xyz", "Abcde"), "ABCDE", "AB<QRSTUVW", NEAR),  # 7 letters of 10
        (("Ab Wxyz", "Abcde"), "ABCDE", "AB<QRSTUVW", DIFFERENT),  # 7 of 11
        # family names in another order
        (("Maria", "Lopez Garcia"), "GARCIA<LOPEZ", "MARIA<JOSE", SAME),
        (("Maria", "Lopez Garcia"), "GARCIA<LOPEZ", "ANA", NEAR),
        (("Jan", "Berg, van den"), "VAN<DEN<BERG", "JAN", EXACT),
        # the fields exchanged, or one of them alone
        (("Chloe", "Martin"), "CHLOE", "MARTIN", SAME),
        (("Chloe Anne", "Martin"), "CHLOE<ANNE", "MARTIN", SAME),
        (("Chloe Anne", "Martin"), "CHLOE", "MARTIN", NEAR),
        (("Ahmad", "Firdaus"), "AHMAD<FIRDAUS", "", EXACT),
        (("Ahmad", "Firdaus"), "", "FIRDAUS<AHMAD", SAME),
        (("", "Ahmad Firdaus"), "FIRDAUS", "AHMAD", EXACT),
        (("", "Firdaus Ahmad"), "FIRDAUS", "AHMAD", SAME),
        (("Ahmad", "Firdaus"), "AHMAD<ZAKI<FIRDAUS", "", SAME),
        (("Ahmad", "Firdaus"), "FIRDAUS<AHMAD<ZAKI", "", SAME),
        (("", "Ahmad Firdaus"), "FIRDAUS", "AHMAD<ZAKI", SAME),
        (("Ahmad", "Firdaus"), "FIRDAUS<ZAKI<AHMAD", "", NEAR),
        (("Chloe", "Martin"), "CHLOE<ANNE", "MARTIN", SAME),  # exchanged
        (("Mads Åge", "Grøn"), "GRON", "MADSA<AGE", NEAR),  # the same letters, parted otherwise
        # where the given names end
        (("Maria Garcia", "Lopez"), "GARCIA<LOPEZ", "MARIA", EXACT),
        (("Jan van den", "Berg"), "VAN<DEN<BERG", "JAN", EXACT),
        (("Ahmad", "Firdaus"), "AHMAD", "", NEAR),
        (("Chloe", "Martin"), "MARTIN", "", NEAR),
        (("", "Martin"), "MARTIN", "CHLOE", NEAR),
        # letters without a form behind the first name
        (("Chloe 李", "Martin"), "MARTIN", "CHLOE", SAME),
        (("李", "Martin"), "MARTIN", "CHLOE", DIFFERENT),
        # others
        (("Chloe", "Martin"), "MARTIN", "BRUNO", DIFFERENT),
        (("Chloe", "Martin"), "NOVAK", "CHLOE", DIFFERENT),
        (("Chloe", "Martin"), "MARTINS", "CHLOE", NEAR),
        (("Chloe", "Martin"), "MARTIN", "CLOE", NEAR),
        (("Chloe", "Martin"), "MARTIN", "CHLO", NEAR),
        (("Chloe", "Martin"), "MATRIN", "CHOLE", NEAR),
        (("Chloe", "Papadopoulos"), "PAPADUPULOS", "CHLOE", NEAR),
    ],
)
def test_first_names_decide_and_further_ones_may_be_missing(
    listed: tuple[str, str], family: str, given: str, expected: Likeness
) -> None:
    assert whole(listed, family, given) is expected


CUT = "LLANFAIRPWLLGWYNGYLLGOGERYCHWYRNDROBWLL"


@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        (CUT[:16], "CHRISTOPHER", DIFFERENT),  # 29 characters with the two fillers
        (CUT[:17], "CHRISTOPHER", DIFFERENT),  # 30, but the family is not complete
        ("LLANFAIRPWLLGWYNGYLL", "CHRISTOP", SAME),  # 30
        ("LLANFAIRPWLLGWYNGYLL", "CHRISTO", DIFFERENT),
    ],
)
def test_a_name_that_fills_a_machine_readable_zone_may_be_cut(
    family: str, given: str, expected: Likeness
) -> None:
    found = whole(("Christopher", "Llanfairpwllgwyngyll"), family, given)
    assert found is expected or (expected is DIFFERENT and found is NEAR)


def test_a_name_of_many_parts_may_be_cut_within_the_last() -> None:
    listed = ("Christopher Llewellyn", "Llanfair Pwllg")
    assert whole(listed, "LLANFAIR<PWLLG", "CHRISTOPHER<LL") is SAME  # 30 characters
    assert whole(listed, "LLANFAIR<PWLLG", "CHRISTOPHER<LLE") is NEAR


@pytest.mark.parametrize(
    ("listed", "written", "expected"),
    [
        ("Jean", "Jean-Pierre", NEAR),
        ("Jean-Pierre", "Jean", NEAR),
        ("Jean-Pierre", "Jean-Luc", NEAR),
        ("Jean-Pierre", "Jean-Pierre Luc", SAME),
        ("Jean-Pierre", "Jean Pierre Luc", SAME),
        ("Jean Pierre", "Jean-Pierre Luc", SAME),
        ("Dr. Jean-Pierre", "Jean-Pierre Luc", SAME),
        ("Dr. Jean-Pierre", "Jean", NEAR),
        ("Jeanpierre", "Jean-Pierre Luc", SAME),
        ("Jean", "Jean Pierre", SAME),
        ("Jean", "Jean Pierre-Luc", SAME),
        ("Jean", "", SAME),
    ],
)
def test_a_hyphen_makes_another_first_given_name(
    listed: str, written: str, expected: Likeness
) -> None:
    standard = written.upper().replace("-", "<").replace(" ", "<") or "JEAN<PIERRE"
    certificate = holder("MARTIN", standard)._replace(given=written)
    assert compare(certificate, guest(listed, "Martin")) is expected


@pytest.mark.parametrize(
    ("listed", "born", "expected"),
    [
        (1980, "1980-01-01", EXACT),
        (1980, "1980", EXACT),
        (1980, "", EXACT),
        (None, "1980-01-01", EXACT),
        (1981, "1980-01-01", NEAR),
        (1981, "1980", NEAR),
    ],
)
def test_another_year_of_birth_is_near_at_most(
    listed: int | None, born: str, expected: Likeness
) -> None:
    person = replace(guest(), birth_year=listed)
    assert compare(holder("MARTIN", "CHLOE")._replace(birth_date=born), person) is expected
    same = NEAR if expected is NEAR else SAME
    assert compare(holder("MARTIN", "CHLOE<ANNE")._replace(birth_date=born), person) is same


# Letters of another script


@pytest.mark.parametrize(("family", "given"), [("IVANOV", "LI"), ("", "LI"), ("X", "")])
def test_a_name_without_a_form_is_no_certificates(family: str, given: str) -> None:
    assert whole(("李", "王"), family, given) is DIFFERENT


@pytest.mark.parametrize(
    "spoof", [("Chloe", "\u041c\u0430rtin"), ("Chl\u03bfe", "Martin"), ("<b>Chloe</b>", "Martin")]
)
def test_letters_that_only_look_alike_are_not_the_name(spoof: tuple[str, str]) -> None:
    assert whole(spoof, "MARTIN", "CHLOE") in (NEAR, DIFFERENT)


def test_what_nobody_sees_in_a_name_makes_no_difference() -> None:
    assert whole(("Chl\u200boe", "Martin\u202e"), "MARTIN", "CHLOE") is EXACT


def test_nobodys_name_is_nobody_elses() -> None:
    for listed in (("", ""), ("-", "😀"), ("Chloe", "Martin")):
        assert whole(listed, "", "") is whole(listed, "<", "<<") is DIFFERENT


# How close


@pytest.mark.parametrize(
    ("listed", "family", "given", "share"),
    [
        (("Chloe", "Martin"), "MARTIN", "CHLOE", 1),
        (("Chloe", "Martin"), "CHLOE", "MARTIN", 1),
        (("Zoë", "Müller"), "MUXXLLER", "ZOE", 1),
        (("Jo", "van der Berg"), "VANDERBERG", "JO", 1),
        (("Bruno", "Martin"), "MARTIN", "BRUN", (6 + 4 * 4 / 5) / 10),
        (("Iurii", "Martin"), "MARTIN", "YURIY", (6 + 5 * 0.98) / 11),
        (("Chloe", "Martin"), "NOVAK", "BRUNO", 0),
        (("Chloe", "Martin"), "MARTIN", "BRUNO", 0),
    ],
)
def test_nearness_is_the_share_of_letters_in_parts_that_have_a_partner(
    listed: tuple[str, str], family: str, given: str, share: float
) -> None:
    forms = listed_forms(listed[1], listed[0])
    assert nearness(standard_name(holder(family, given)), forms) == pytest.approx(share)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("MARTIN", "MARTIN", 1),
        ("MUELLER", "MULLER", SAME_SOUND),
        ("MUXXLLER", "MULLER", SAME_SOUND),
        ("YURIY", "IURII", SAME_SOUND),
        ("KHRISTO", "HRISTO", SAME_SOUND),
        ("ZIVKOVIC", "ZHIVKOVICH", SAME_SOUND),
        ("XENOFON", "KSENOFON", SAME_SOUND),
        ("GRYGORIY", "HRYHORII", SAME_SOUND),
        ("JIRAYR", "ZHIRAYR", SAME_SOUND * 5 / 6),  # IRAIR and ZIRAIR
        ("MARTIN", "M", INITIAL),
        ("ZHANNA", "ZH", INITIAL),
        ("Z", "ZHANNA", INITIAL),
        ("ZHANNA", "S", 0),
        ("AN", "IN", 0),
        ("ANA", "ANNA", SAME_SOUND),
        ("MARTIN", "MARTON", 5 / 6),
        ("MARTINEZ", "NARTINES", 6 / 8),
        ("MARTINEZ", "AMRTINES", 6 / 8),
        ("MARTINEZ", "MARTINZE", 7 / 8),
        ("MARTINEZ", "NARDINES", 0),
        ("ABCDEFMN", "ABCDEFMNOP", 8 / 10),
        ("ABCDEFMN", "RBCDEFMNO", 7 / 9),
        ("ABCDEFMNO", "BCDEFMNOR", 7 / 9),
        ("ABCDEFMNOP", "BCDEFMNO", 8 / 10),
    ],
)
def test_two_parts_are_as_alike_as_they_have_letters_without_a_slip(
    one: str, other: str, expected: float
) -> None:
    assert alike(one, other) == alike(other, one) == pytest.approx(expected)


@given(st.text("ABC", max_size=8), st.text("ABC", max_size=8), st.integers(1, 2))
def test_slips_are_counted_as_the_optimal_string_alignment_does(
    one: str, other: str, limit: int
) -> None:
    assert min(slips(one, other, limit), limit + 1) == min(alignment(one, other), limit + 1)


def alignment(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    rows: list[list[int]] = [[*range(len(other) + 1)]]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b):
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


LETTERS = st.text("AB<", max_size=12)


@given(LETTERS, LETTERS, st.text("aäb ", max_size=8), st.text("aäb ", max_size=8))
def test_any_two_names_stand_to_each_other_somehow(
    family: str, given_: str, listed_family: str, listed_given: str
) -> None:
    found = whole((listed_given, listed_family), family, given_)
    assert found in Likeness
    forms = listed_forms(listed_family, listed_given)
    assert 0 <= nearness(standard_name(holder(family, given_)), forms) <= 1
