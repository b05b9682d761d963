"""The pairs: a guest of the list, and the certificate of the same person."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from kiosk.core.guests.guest import Guest
from kiosk.core.hcert.dcc import Holder
from tests.door import guest
from tests.matching.certificates import any_way, certificate
from tests.matching.habits import LIST_HABITS, Grade, spelled
from tests.matching.persons import Crowd, Person

SEED = 9303
EACH = 80  # persons of each country
# Of a row like these the name may be somebody else's own.
OTHER_NAMES = ("the English form", "without its hyphens")
# What these rows lack tells nearly everybody apart who is taken for the person: a mother of the
# name by which her daughter is known has the very name of the list.
NAMESAKES = (
    "a later given name",
    "one of two family names",
    "without the particle",
    "an initial for the given name",
)


@dataclass(frozen=True)
class Pair:
    """One name twice, with what is particular about either."""

    person: Person
    listed: Guest
    grade: Grade
    habit: str
    issuer: str
    holder: Holder


@dataclass(frozen=True)
class Relative:
    """Somebody who is easily taken for the person of a pair; listed: with a row of their own."""

    of: Pair
    kind: str
    holder: Holder
    listed: Guest | None


@dataclass(frozen=True)
class Corpus:
    """The pairs, who is easily taken for them, and strangers, who are like nobody."""

    pairs: tuple[Pair, ...]
    relatives: tuple[Relative, ...]
    strangers: tuple[Holder, ...]

    @property
    def guests(self) -> list[Guest]:
        """The guest list."""
        return [pair.listed for pair in self.pairs]

    @property
    def crowded(self) -> list[Guest]:
        """The guest list with relatives and near namesakes on it."""
        return self.guests + [relative.listed for relative in self.relatives if relative.listed]


def make_corpus(each: int = EACH, seed: int = SEED) -> Corpus:
    """`each` persons of every country, always the same for one seed."""
    crowd, draw = Crowd(seed), random.Random(seed + 1)  # noqa: S311  # no secret
    people = crowd.people(each)
    pairs = tuple(_pair(person, number, crowd, draw) for number, person in enumerate(people))
    relatives = tuple(
        _relative(pair, kind, person, draw)
        for pair in pairs
        if pair.habit not in NAMESAKES
        for kind, person in crowd.relatives(pair.person)
    )
    strangers = tuple(certificate(person, draw)[1] for person in crowd.people(each * 5 // 8))
    return Corpus(pairs, relatives, strangers)


def _pair(person: Person, number: int, crowd: Crowd, draw: random.Random) -> Pair:
    way = any_way(person, draw)
    plain = spelled(person, way, draw)
    made = [(row, row[3](person, plain, draw)) for row in LIST_HABITS]
    able = [(row, written) for row, written in made if written is not None]
    (_, grade, habit, _), written = draw.choices(able, [row[0] for row, _ in able])[0]
    if grade is Grade.SHORT or habit in OTHER_NAMES:
        known_as = replace(person, given=(written.given,), family=written.family)
        if not crowd.admitted(known_as, person):  # somebody has that very name
            grade, habit, written = Grade.PROPER, "as written", plain
    listed = guest(written.given, written.family, id=f"{number:05}")
    issuer, holder = certificate(person, draw, way)
    return Pair(person, listed, grade, habit, issuer, holder)


def _relative(of: Pair, kind: str, person: Person, draw: random.Random) -> Relative:
    listed = None
    if draw.random() < 0.2:
        name = spelled(person, any_way(person, draw), draw)
        listed = guest(name.given, name.family, id=f"{of.listed.id}-{kind}")
    return Relative(of, kind, certificate(person, draw)[1], listed)
