"""A list's name, as people type it, in the forms in which certificates have it: A-Z and `<`.

ICAO 9303-3: 4.6 how a name is written, 6 how letters are transliterated. There are several correct
forms (Müller: MUELLER, MUXXLLER, MULLER), and each is accepted. What a certificate says is compared
as it is, never transliterated again.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kiosk.core.guests.scripts import SCRIPTS, Scheme, script_of
from kiosk.core.guests.scripts.arabic import SHADDA

MAX_FIELD = 80  # characters of fnt or gnt (eu-dcc-schema 1.3): a longer name is cut there
MAX_SPELLINGS = 256  # of one name: each letter that has several forms multiplies them

# Gone before Unicode makes a blank with a mark, or a Greek letter, of them.
_NO_LETTERS = str.maketrans("", "", "´µ")
_APOSTROPHES = "'’‘`′\u0640"  # the last one only makes an Arabic word longer
_TITLE = re.compile(
    r"\s*(?:(?:dr|prof|mrs?|ms|mme|mlle)\b\.?|(?:bc|dipl|doc|dott|dra|drs|hon|ing|ir|judr|mag|mgr|"
    r"mddr|mudr|mvdr|paeddr|phdr|rev|rndr|sig|sra?|thdr)\.)",
    re.IGNORECASE,
)
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")
_NUMBER = re.compile(r"\d+")
# What a letter with a mark may have become, and the plain letter.
_FOLDS = (
    *(("UXX", "U"), ("NXX", "N"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A")),
    ("DJ", "D"),
)


class StandardName(NamedTuple):
    """The parts of the family name and of the given names, each A-Z."""

    family: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its parts in two fields; see `standard_key`."""
        return standard_key("<".join(self.family), "<".join(self.given))

    @property
    def parts(self) -> tuple[str, ...]:
        """The whole name: the given names, then the family name."""
        return self.given + self.family

    def is_also(self, other: StandardName) -> bool:
        """Whether both are one name: in this order, but where the given names end.

        Issuers part VAN DER BERG and O'BRIEN as they like, and where a list has names in one
        column, nobody knows where the given names end.
        """
        return same_parts(self.parts, other.parts)

    def __repr__(self) -> str:
        """Without the name: it is personal."""
        return f"StandardName({len(self.family)}, {len(self.given)})"


def standard_key(family: str, given: str) -> str:
    """The fields of a name (fnt, gnt) without `<`; a name that has one of both alone is family."""
    family, given = family[:MAX_FIELD], given[:MAX_FIELD]
    key = f"{family}/{given}" if family and given else f"{family}{given}/"
    return key.replace("<", "")


def same_parts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two partings have the same letters, and one of them only joins parts of the other.

    VAN DER BERG and VANDERBERG are one name; GOEREL AASA and GOERELA ASA are two.
    """
    if one == other:
        return True
    if "".join(one) != "".join(other):
        return False
    cuts, others = _cuts(one), _cuts(other)
    return cuts & others in (cuts, others)


def _cuts(parts: Sequence[str]) -> int:
    """Where parts end, as a set of bits."""
    return sum(1 << at for at in itertools.accumulate(map(len, parts)))


def spellings(family: str, given: str) -> tuple[StandardName, ...]:
    """Every form of a list's name that is accepted, the standard's own first.

    None where a letter has no form, or where one word mixes scripts: what looks like a name of
    A-Z may be made of other letters.
    """
    forms: Iterator[StandardName] = itertools.islice(_spellings(family, given), MAX_SPELLINGS)
    if len(family) + len(given) > MAX_FIELD // 4:  # of one letter UXX or SHCH may become
        forms = map(_as_the_schema_cuts, forms)
    return tuple(dict.fromkeys(form for form in forms if form.family or form.given))


def _as_the_schema_cuts(name: StandardName) -> StandardName:
    family, given = ("<".join(field)[:MAX_FIELD].split("<") for field in name)
    return StandardName(tuple(filter(None, family)), tuple(filter(None, given)))


def transliterated(name: str) -> str:
    """The first form that ICAO 9303 gives for a name: A-Z with `<` between its parts."""
    forms = spellings(name, "")
    return "<".join(forms[0].family) if forms else ""


def words(text: str) -> list[str]:
    """The parts of a name in upper case.

    Apostrophes join (9303-3 4.6), blanks, hyphens and all other signs part. Marks that belong to no
    letter, and signs that are not seen, are dropped.
    """
    composed = unicodedata.normalize("NFKC", text.translate(_NO_LETTERS)).upper()
    return unicodedata.normalize("NFC", composed).translate(_CHARACTERS).split()


def folded(text: str) -> str:
    """A name without accents, case and choice of spelling, with blanks; for finding people."""
    return " ".join(folded_word(word) for word in words(text))


def same_guest_key(family: str, given: str) -> str:
    """One key for all transliterations of a name; names of different people may share it."""
    return f"{folded(family)}/{folded(given)}"


@lru_cache(maxsize=32768)
def folded_word(word: str) -> str:
    """One of `words` in plain letters; letters that have no form stay."""
    text = word if word.isascii() else _first_forms(word)
    before = ""
    while text != before:  # AUEE, from "Aüe", folds in two steps to what "Aüe" folds to in one
        before = text
        for long, short in _FOLDS:
            text = text.replace(long, short)
    return text


def _first_forms(word: str) -> str:
    runs = itertools.groupby(word, script_of)
    return "".join(_first_form(script, "".join(run)) for script, run in runs)


def _first_form(script: str, run: str) -> str:
    schemes = SCRIPTS[script](frozenset(run)) if script in SCRIPTS else iter(())
    scheme = next(schemes, None)
    return scheme(run) if scheme else run


class _Characters(dict[int, str | None]):
    """What becomes of each character of a name, for `str.translate`."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _character(chr(code))
        return self[code]


def _character(character: str) -> str | None:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or character in _APOSTROPHES or "\u02b0" <= character <= "\u02ff":
        return None
    if unicodedata.combining(character) and character != SHADDA:
        return None
    return character if category[0] in "LM" else " "


_CHARACTERS = _Characters()


def _spellings(family: str, given: str) -> Iterator[StandardName]:
    last, comma, first = family.partition(",")
    if comma and last.strip() and first.strip():  # Berg, van den
        yield from _spellings(f"{first} {last}", given)
    if _TITLE.match(family) or _TITLE.match(given):
        untitled = (words(without_titles(text)) or words(text) for text in (family, given))
        yield from _by_numbers(*untitled)
    yield from _by_numbers(words(family), words(given))


def without_titles(text: str) -> str:
    """Without the titles that it begins with (9303-3 3.4: they are no part of the name)."""
    rest = text
    while title := _TITLE.match(rest):
        rest = rest[title.end() :]
    return rest


def _by_numbers(family: list[str], given: list[str]) -> Iterator[StandardName]:
    """A number is Roman (9303-3 4.6); some issuers write so each digit, or none at all."""
    if not any(map(_NUMBER.search, family + given)):
        yield from _by_schemes(family, given)
        return
    for write in (_roman, _roman_digits, ""):
        parts = [[_NUMBER.sub(write, word) for word in part] for part in (family, given)]
        yield from _by_schemes(*(list(filter(None, part)) for part in parts))


def _roman(number: re.Match[str]) -> str:
    if len(number[0]) > 2:
        return _roman_digits(number)
    tens, ones = divmod(int(number[0]), 10)
    return _ROMAN_TENS[tens] + _ROMAN[ones]


def _roman_digits(number: re.Match[str]) -> str:
    return "".join(_ROMAN[int(digit)] for digit in number[0])


def _by_schemes(family: list[str], given: list[str]) -> Iterator[StandardName]:
    if all(map(str.isascii, family + given)):
        yield StandardName(tuple(family), tuple(given))
        return
    letters: dict[str, set[str]] = {}
    for word in family + given:
        scripts = set(map(script_of, word))
        if len(scripts) > 1:
            return
        letters.setdefault(scripts.pop(), set()).update(word)
    choices = [
        SCRIPTS[script](frozenset(used)) if script in SCRIPTS else ()
        for script, used in letters.items()
    ]
    for schemes in itertools.product(*choices):
        by_script = dict(zip(letters, schemes, strict=True))
        yield StandardName(_written(family, by_script), _written(given, by_script))


def _written(parts: list[str], by_script: Mapping[str, Scheme]) -> tuple[str, ...]:
    """Each part by the scheme of its script; a part of signs without sound is none."""
    return tuple(filter(None, [by_script[script_of(part[0])](part) for part in parts]))
