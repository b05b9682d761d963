"""Which letters of two names differ, for the eyes of staff."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kiosk.core.guests.differences import Span, differing, in_latin, is_latin
from kiosk.desk.admission import Person
from kiosk.gui.words.beside import Beside, Marked, beside
from tests.gui_support import make_guest
from tests.test_gui_design import SPOOFS


def shown(text: str, spans: tuple[Span, ...]) -> str:
    """A text with its marks in brackets."""
    for start, length in reversed(spans):
        text = f"{text[:start]}[{text[start : start + length]}]{text[start + length :]}"
    return text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ZOE LUKASIK", "Zoé Łukasik"),
        ("JURGEN MULLER", "Jürgen Müller"),
        ("JUERGEN MUELLER", "Jürgen Müller"),
        ("Jean Pierre", "Jean-Pierre"),
        ("Sean OBrien", "Seán O’Brien"),
        ("STRASSE", "Straße"),
        ("Bjorn", "Bjørn"),
        ("MARTIN Anna", "Anna Martin"),
        ("JEANPIERRE Roux", "Jean Pierre Roux"),
    ],
)
def test_case_accents_signs_and_forms_of_a_letter_are_no_difference(one: str, other: str) -> None:
    assert differing(one, other) == ((), ())


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        ("Zoe Lukasyk", "Zoé Łukasik", ("Zoe Lukas[y]k", "Zoé Łukas[i]k")),
        ("Ana Martin", "Ana Martins", ("Ana Martin", "Ana Martin[s]")),
        ("Anna Maria Roux", "Anna Roux", ("Anna [Maria] Roux", "Anna Roux")),
        ("Anna Maria Martin", "Ana Martins", ("An[n]a [Maria] Martin", "Ana Martin[s]")),
        ("Mattias", "Matthias", ("Mattias", "Matt[h]ias")),
        ("JURGEN MULER", "Jürgen Müller", ("JURGEN MULER", "Jürgen Mül[l]er")),
    ],
)
def test_a_letter_without_a_partner_is_marked_where_it_stands(
    one: str, other: str, marked: tuple[str, str]
) -> None:
    spans = differing(one, other)
    assert (shown(one, spans[0]), shown(other, spans[1])) == marked


def test_the_marks_are_the_same_from_either_side() -> None:
    one, other = differing("Zoe Lukasyk", "Zoé Łukasik")
    assert differing("Zoé Łukasik", "Zoe Lukasyk") == (other, one)


def test_two_names_that_share_single_letters_differ_as_a_whole() -> None:
    spans = differing("Usuaria Ficticia", "Jānis Bērziņš")
    assert (shown("Usuaria", (spans[0][0],))[0], spans[0]) == ("[", ((0, 16),))
    assert spans[1] == ((0, 13),)
    assert differing("", "Ana") == ((), ((0, 3),))


@pytest.mark.parametrize("spoof", ["", *SPOOFS])
def test_marks_lie_inside_their_text_whatever_it_is(spoof: str) -> None:
    for one, other in ((spoof, "Usuaria"), ("Usuaria", spoof), (spoof, spoof)):
        spans = differing(one[:1000], other[:1000])
        for text, marks in zip((one[:1000], other[:1000]), spans, strict=True):
            ends = [(start, start + length) for start, length in marks]
            assert all(0 <= start < end <= len(text) for start, end in ends)
            assert all(end <= start for (_, end), (start, _) in pairwise(ends))


def test_a_text_of_many_words_is_compared_in_one() -> None:
    many = "a b " * 20
    assert differing(many, many) == ((), ())
    assert differing(many, many + "c")[1] == ((80, 1),)


# Names in another script


GEORGE = make_guest(1, "Γιώργος", "Παπαδόπουλος")


def names(certificate: Person) -> Beside:
    return beside(certificate, GEORGE)


def test_a_name_in_another_script_is_compared_in_the_form_closest_to_the_certificate() -> None:
    assert in_latin(GEORGE, "GIORGOS PAPADOPOULOS") == "GIORGOS PAPADOPOULOS"
    assert not is_latin(GEORGE.name)
    assert is_latin("Zoé Łukasik-O’Brien 2")


def test_beside_a_greek_name_its_latin_form_carries_the_marks() -> None:
    both = names(Person("Papadopulos", "Giorgos", "", "GIORGOS PAPADOPULOS"))
    assert both.listed == Marked("Γιώργος Παπαδόπουλος")
    assert shown(both.latin.text, both.latin.marks) == "GIORGOS PAPADOP[O]ULOS"
    assert both.certificate == Marked("Giorgos Papadopulos")


def test_a_certificate_in_greek_is_compared_by_its_own_latin_name() -> None:
    both = names(Person("Παπαδόπουλος", "Γεώργιος", "", "GEORGIOS PAPADOPOULOS"))
    assert both.certificate == Marked("Γεώργιος Παπαδόπουλος")
    assert shown(both.standard.text, both.standard.marks) == "G[E]ORG[I]OS PAPADOPOULOS"
    assert shown(both.latin.text, both.latin.marks) == "G[I]ORGOS PAPADOPOULOS"


def test_a_cyrillic_name_is_told_in_letters_that_everybody_reads() -> None:
    guest = make_guest(2, "Олена", "Шевченко")
    both = beside(Person("Shevchenko", "Olena", "", "OLENA SHEVCHENKO"), guest)
    assert both.latin == Marked("OLENA SHEVCHENKO")


def test_a_name_that_has_no_form_in_latin_is_compared_as_it_is() -> None:
    guest = make_guest(3, "שרה", "כהן")
    both = beside(Person("Cohen", "Sara", "", "SARA COHEN"), guest)
    assert both.latin.text == ""
    assert both.listed.marks == ((0, len(both.listed.text)),)
