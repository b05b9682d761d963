"""Invented persons of every European country, and their relatives and near namesakes."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.matching.issuers import standard, ways

# The languages of each country's names; one that is named twice has twice as many.
COUNTRIES: Mapping[str, str] = {
    "AL": "sq", "AM": "hy", "AT": "de", "BA": "bs hr", "BE": "nl fr", "BG": "bg", "CH": "de fr it",
    "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es", "FI": "fi fi sv",
    "FR": "fr", "GB": "en en ga", "GE": "ka", "GR": "el", "HR": "hr", "HU": "hu", "IE": "ga en",
    "IS": "is", "IT": "it", "LI": "de", "LT": "lt pl", "LU": "fr de pt", "LV": "lv", "MD": "ro ru",
    "ME": "sr", "MK": "mk mk sq", "MT": "mt en", "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt",
    "RO": "ro ro hu", "RS": "sr", "SE": "sv", "SI": "sl", "SK": "sk sk hu", "TR": "tr",
    "UA": "uk uk uk ru",
}  # fmt: skip
SCRIPTS: Mapping[str, str] = {
    "el": "Greek", "hy": "Armenian", "ka": "Georgian",
    **dict.fromkeys(("bg", "mk", "ru", "sr", "uk"), "Cyrillic"),
}  # fmt: skip
# Of a hundred persons so many have a second given name; of those a quarter a third one.
_SECOND = {"bg": 0, "uk": 0, "ru": 0, "el": 10, "ka": 5, "hy": 5, "sr": 5, "mk": 5, "cs": 10}
_PATRONYMIC = {"bg": 85, "uk": 30, "ru": 40}  # of a hundred certificates so many have it
_FAMILIES = {"es": 100, "pt": 80}  # of a hundred persons so many have two family names
_VOWELS = ("aeiou", "аеиоу", "αειο", "აეიოუ")
_LETTERS = ("bdfgklmnprstvz", "бдкмнпрст", "βδκλμνπρστ", "ბდკლმნრსტ", "բդկլմնրստ")


@dataclass(frozen=True)
class Person:
    """Somebody, as they write themselves; given: all their given names."""

    country: str
    language: str
    female: bool
    given: tuple[str, ...]
    family: str
    patronymic: str
    maiden: str
    birth: str

    @property
    def script(self) -> str:
        """The script of the language."""
        return SCRIPTS.get(self.language, "Latin")

    def standards(self) -> set[str]:
        """The family name with the first given names in every way in which issuers write them.

        María José is María too.
        """
        given = " ".join(self.given).split()
        return {
            standard(" ".join((*given[:count], self.family)), way.rule).replace("<", "")
            for way in ways(self.language)
            for count in range(1, len(given) + 1)
        }


@cache
def stocks() -> Mapping[str, Mapping[str, list[str]]]:
    """The names of each language."""
    text = Path(__file__).with_name("stocks.toml").read_text("utf-8")
    return {
        language: {kind: names.replace("_", "\0").split() for kind, names in kinds.items()}
        for language, kinds in tomllib.loads(text).items()
    }


def _pick(names: list[str], draw: random.Random, *, female: bool) -> str:
    male, _, hers = draw.choice(names).replace("\0", " ").partition("/")
    return hers if female and hers else male


def person(country: str, draw: random.Random) -> Person:
    """Somebody of that country."""
    language = draw.choice(COUNTRIES[country].split())
    stock, female = stocks()[language], draw.random() < 0.5
    count = 1
    if draw.randrange(100) < _SECOND.get(language, 45):
        count = 3 if draw.randrange(4) == 0 else 2
    given = draw.sample(stock["female" if female else "male"], count)
    family = _pick(stock["family"], draw, female=female)
    if draw.randrange(100) < _FAMILIES.get(language, 0) and " " not in family:
        family = f"{family} {_pick(stock['family'], draw, female=female)}"
    patronymic = ""
    if draw.randrange(100) < _PATRONYMIC.get(language, 0):
        patronymic = _pick(stock["patronymic"], draw, female=female)
    return Person(
        country,
        language,
        female,
        tuple(name.replace("\0", " ") for name in given),
        family,
        patronymic,
        _pick(stock["family"], draw, female=female),
        f"{draw.randrange(1940, 2003)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
    )


class Crowd:
    """Draws persons, no two of whom have one family name and the same first given names."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311  # no secret
        self._taken: set[str] = set()

    def people(self, each: int) -> list[Person]:
        """So many of each country."""
        found: list[Person] = []
        for country in COUNTRIES:
            wanted = len(found) + each
            while len(found) < wanted:
                if somebody := self.admitted(person(country, self.draw)):
                    found.append(somebody)
        return found

    def admitted(self, somebody: Person, other: Person | None = None) -> Person | None:
        """Who is nobody's namesake so far, and not taken for one by any issuer's spelling.

        other: the same person by another name, admitted already.
        """
        names = somebody.standards()
        if names & self._taken - (other.standards() if other else set()):
            return None
        self._taken |= names
        return somebody

    def relatives(self, of: Person) -> Iterator[tuple[str, Person]]:
        """Those who are most easily taken for somebody, by what they are to them."""
        for kind, make in _RELATIVES.items():
            if somebody := self.admitted(make(of, self.draw)):
                yield kind, somebody


def _sibling(of: Person, draw: random.Random) -> Person:
    other = person(of.country, draw)
    while other.language != of.language or other.given[0] in of.given:
        other = person(of.country, draw)
    family = of.family if other.female == of.female else _other_form(of)
    return replace(other, family=family, patronymic="", maiden=of.maiden)


def _other_form(of: Person) -> str:
    """The family name as the other sex bears it."""
    for pair in stocks()[of.language]["family"]:
        if of.family in pair.split("/"):
            male, _, hers = pair.partition("/")
            return (male if of.female else hers or male).replace("\0", " ")
    return of.family


def _twin(of: Person, draw: random.Random) -> Person:
    """With the same further given names and the same day of birth."""
    other = _sibling(of, draw)
    return replace(other, given=(other.given[0], *of.given[1:]), birth=of.birth)


def _parent(of: Person, draw: random.Random) -> Person:
    """Whose first given name is somebody's second."""
    other = _sibling(of, draw)
    return replace(other, given=(of.given[-1] if len(of.given) > 1 else other.given[0],))


def namesake(of: Person, draw: random.Random) -> Person:
    """A relative of the same first given name and other further ones, whom no name tells apart."""
    other = _sibling(of, draw)
    return replace(other, given=(of.given[0], other.given[0]), family=of.family, female=of.female)


def _given_one_letter_away(of: Person, draw: random.Random) -> Person:
    """Jan and Jana, Mario and Maria, Petr and Peter."""
    return replace(of, given=(_changed(of.given[0], draw, at_end=True), *of.given[1:]))


def _family_one_letter_away(of: Person, draw: random.Random) -> Person:
    """Maier and Meier, Schmidt and Schmitt."""
    return replace(of, family=_changed(of.family, draw, at_end=False), maiden="")


def _changed(name: str, draw: random.Random, *, at_end: bool) -> str:
    """One letter is another of its kind; at the end a vowel may come or go."""
    last = name[-1]
    vowels = next((vowels for vowels in _VOWELS if set(vowels) & set(name)), "ա")
    if at_end:
        if last in vowels:
            return name[:-1] + draw.choice(vowels.replace(last, "") or "ի")
        return name + vowels[0]
    places = [found.start() for found in re.finditer(r"\w", name) if found.start() > 0]
    draw.shuffle(places)
    for at in places:
        for kind in (*_VOWELS, *_LETTERS):
            if name[at] in kind:
                return name[:at] + draw.choice(kind.replace(name[at], "")) + name[at + 1 :]
    return name + last


_RELATIVES = {
    "sister or brother": _sibling,
    "twin with the same further given names": _twin,
    "parent with the second given name": _parent,
    "given name one letter away": _given_one_letter_away,
    "family name one letter away": _family_one_letter_away,
}
