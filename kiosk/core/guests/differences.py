"""Which letters of two names differ: for eyes alone, never to decide by.

Letters are compared as names are matched: without case, accents and signs, and a letter that has
several forms (ICAO 9303-3 section 6, Ü: UE or U) in the one that differs least.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import remembered_forms
from kiosk.core.guests.scripts import SCRIPTS, script_of
from kiosk.core.guests.scripts.latin import VARIANTS
from kiosk.core.guests.spelling import words

Span = tuple[int, int]  # of characters: the first one's place, and how many
Marks = tuple[tuple[Span, ...], tuple[Span, ...]]
Word = Sequence[tuple[str, int]]  # letters of A-Z, and the place of the character they come from
Places = tuple[set[int], set[int]]
_MOST_FORMS = 8  # of a name that are looked at: the likelier ones come first
_ALIKE = 0.5  # share of letters with a partner: below, two names or words differ as a whole
_MOST_PAIRS = 100  # of words: no name has more, and a text that has would take long
_HYPHENS = "-\u2010\u2011\u2012\u2013"
_FORM = 2  # forms of a letter that are tried for the whole name: the long one, the plain one


def differing(one: str, other: str) -> Marks:
    """The characters of each text that have no partner in the other one, as spans of each.

    Where most have none, the whole of both: single letters that two names share tell nothing.
    """
    tried = [_marks(one, other, form) for form in range(_FORM)]
    marks = min(tried, key=_count)
    letters = sum(character.isalnum() for character in one + other)
    if _count(marks) > letters * (1 - _ALIKE):
        return ((0, len(one)),) * bool(one), ((0, len(other)),) * bool(other)
    return marks


def _count(marks: Marks) -> int:
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


def _marks(one: str, other: str, form: int) -> Marks:
    """Word by word, in whatever order, or all in one, as JEANPIERRE is: what marks less."""
    words_of = [_words_of(text, form) for text in (one, other)]
    joined = [[letter for word in words for letter in word] for words in words_of]
    ways = [_by_letter(*joined)]
    if len(words_of[0]) * len(words_of[1]) <= _MOST_PAIRS:
        ways.insert(0, _by_word(*words_of))
    places = min(ways, key=lambda way: len(way[0]) + len(way[1]))
    return _spans(sorted(places[0])), _spans(sorted(places[1]))


def _by_word(words: Sequence[Word], others: Sequence[Word]) -> Places:
    """Each word beside the one most like it; a word without one is marked as a whole."""
    pairs = ((_likeness(a, b), m, n) for m, a in enumerate(words) for n, b in enumerate(others))
    left, right = dict(enumerate(words)), dict(enumerate(others))
    found: Places = set(), set()
    for likeness, m, n in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness >= _ALIKE and m in left and n in right:
            marks = _by_letter(left.pop(m), right.pop(n))
            found[0].update(marks[0])
            found[1].update(marks[1])
    for side, rest in zip(found, (left, right), strict=True):
        side.update(place for word in rest.values() for _, place in word)
    return found


def _likeness(one: Word, other: Word) -> float:
    return _matcher(one, other).ratio()


def _by_letter(letters: Word, others: Word) -> Places:
    places: Places = set(), set()
    for kind, start, end, begin, stop in _matcher(letters, others).get_opcodes():
        if kind != "equal":
            places[0].update(place for _, place in letters[start:end])
            places[1].update(place for _, place in others[begin:stop])
    return places


def _matcher(one: Word, other: Word) -> SequenceMatcher[str]:
    letters, others = ([letter for letter, _ in word] for word in (one, other))
    return SequenceMatcher(None, letters, others, autojunk=False)


def _words_of(text: str, form: int) -> list[Word]:
    """The letters of A-Z that each word is written with, and the places they come from."""
    parts = groupby(enumerate(text), key=lambda character: _parts(character[1]))
    runs = (list(run) for parting, run in parts if not parting)
    found = ([(letter, at) for at, char in run for letter in _written(char, form)] for run in runs)
    return [word for word in found if word]


def _parts(character: str) -> bool:
    """Whether it stands between two words."""
    return character.isspace() or character in _HYPHENS


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
