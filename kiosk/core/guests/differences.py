"""Which letters of two names differ: for eyes alone, never to decide by.

Letters are compared as names are matched: without case, accents and signs, and a letter that has
several forms (ICAO 9303-3 section 6, Ü: UE or U) in the one that differs least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import remembered_forms
from kiosk.core.guests.scripts import SCRIPTS, script_of
from kiosk.core.guests.scripts.latin import VARIANTS
from kiosk.core.guests.spelling import words

Span = tuple[int, int]  # of characters: the first one's place, and how many
_MOST_FORMS = 8  # of a name that are looked at: the likelier ones come first
_ALIKE = 0.5  # share of letters with a partner: below, two names differ as a whole
_FORM = 2  # forms of a letter that are tried for the whole name: the long one, the plain one


def differing(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The characters of each text that have no partner in the other one, as spans of each.

    Where most have none, the whole of both: single letters that two names share tell nothing.
    """
    tried = [_marks(one, other, form) for form in range(_FORM)]
    marks = min(tried, key=_count)
    letters = sum(character.isalnum() for character in one + other)
    if _count(marks) > letters * (1 - _ALIKE):
        return ((0, len(one)),) * bool(one), ((0, len(other)),) * bool(other)
    return marks


def _count(marks: tuple[tuple[Span, ...], tuple[Span, ...]]) -> int:
    return sum(length for spans in marks for _, length in spans)


def is_latin(text: str) -> bool:
    """Whether every letter of `text` is Latin, so that it can be compared as it is written."""
    return all(script_of(letter) == "LATIN" for letter in text if letter.isalpha())


def in_latin(guest: Guest, certificate: str) -> str:
    """A guest's name in A-Z, in the form that is closest to a certificate's; empty where none is.

    certificate: the standard name, A-Z with blanks.
    """
    forms = remembered_forms(guest.family, guest.given)[:_MOST_FORMS]
    texts = dict.fromkeys(" ".join(form.parts) for form in forms)
    plain = [text for text in texts if text.isascii()]
    return min(plain, key=lambda text: _distance(text, certificate), default="")


def _distance(one: str, other: str) -> float:
    return 1 - SequenceMatcher(None, one, other, autojunk=False).ratio()


def _marks(one: str, other: str, form: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    letters, others = list(_letters(one, form)), list(_letters(other, form))
    matcher = SequenceMatcher(
        None, [letter for letter, _ in letters], [letter for letter, _ in others], autojunk=False
    )
    places: tuple[set[int], set[int]] = set(), set()
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "delete":
            start, end = _slid(one, letters, start, end)
        elif kind == "insert":
            begin, stop = _slid(other, others, begin, stop)
        if kind != "equal":
            places[0].update(place for _, place in letters[start:end])
            places[1].update(place for _, place in others[begin:stop])
    return _spans(sorted(places[0])), _spans(sorted(places[1]))


def _slid(text: str, letters: Sequence[tuple[str, int]], start: int, end: int) -> tuple[int, int]:
    """A run without partners, from the beginning of a word where that is as right.

    Of ANNA MARIA beside ANNA, A MARI is as many letters too many as MARIA is.
    """
    for first, last in zip(range(start, end), range(end, len(letters) + 1), strict=False):
        if _begins_word(text, letters, first):
            return first, last
        if last == len(letters) or letters[first][0] != letters[last][0]:
            break
    return start, end


def _begins_word(text: str, letters: Sequence[tuple[str, int]], number: int) -> bool:
    place = letters[number][1]
    return not text[place - 1 : place].isalnum()


def _letters(text: str, form: int) -> Iterator[tuple[str, int]]:
    """Each letter of A-Z that `text` is written with, and the place it comes from."""
    for place, character in enumerate(text):
        for letter in _written(character, form):
            yield letter, place


@lru_cache(maxsize=4096)
def _written(character: str, form: int) -> str:
    return "".join(_in_letters(word, form) for word in words(character))


def _in_letters(character: str, form: int) -> str:
    if character.isascii():
        return character
    if character in VARIANTS:
        return VARIANTS[character][0 if form == 0 else -1]
    script = script_of(character[0])
    schemes = SCRIPTS[script](frozenset(character)) if script in SCRIPTS else iter(())
    scheme = next(schemes, None)
    return scheme(character) if scheme else character


def _spans(places: Sequence[int]) -> tuple[Span, ...]:
    """Neighbours in one span."""
    runs = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    groups = ([place for _, place in run] for _, run in runs)
    return tuple((group[0], len(group)) for group in groups)
