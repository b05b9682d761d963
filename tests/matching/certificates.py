"""What issuers do with a name beside transliterating it; shares are assumptions as in `habits`."""

from __future__ import annotations

import random
from collections.abc import Callable

from kiosk.core.hcert.dcc import Holder
from tests.matching.habits import PARTICLES
from tests.matching.issuers import Way, standard, ways
from tests.matching.persons import Person

Fields = tuple[str, str]  # fnt, gnt
IssuerHabit = Callable[[Person, Fields, Way], Fields | None]
MACHINE_READABLE = 39  # characters of a name in the machine readable zone of a passport (9303-4)


def any_way(person: Person, draw: random.Random) -> Way:
    """One of the ways in which the issuers of the person's country write."""
    some = ways(person.language)
    return draw.choices(some, [way.share for way in some])[0]


def certificate(person: Person, draw: random.Random, way: Way | None = None) -> tuple[str, Holder]:
    """The certificate of somebody, written in that way, and what is particular about it."""
    way = way or any_way(person, draw)
    given = (*person.given, *filter(None, [person.patronymic]))
    fields = standard(person.family, way.rule), "<".join(standard(g, way.rule) for g in given)
    made = [(share, name, habit(person, fields, way)) for share, name, habit in ISSUER_HABITS]
    able = [(share, name, new) for share, name, new in made if new and new != fields]
    name, (fnt, gnt) = draw.choices(
        [(way.name, fields), *((name, new) for _, name, new in able)],
        [PLAIN, *(share for share, _, _ in able)],
    )[0]
    return name, Holder(person.family, " ".join(given), fnt, gnt, person.birth)


def _first_given(person: Person, fields: Fields, way: Way) -> Fields:
    return fields[0], standard(person.given[0], way.rule)


def _one_field(_: Person, fields: Fields, __: Way) -> Fields:
    return f"{fields[1]}<{fields[0]}", ""


def _one_field_family_first(_: Person, fields: Fields, __: Way) -> Fields:
    return "<".join(fields), ""


def _exchanged(_: Person, fields: Fields, __: Way) -> Fields:
    return fields[1], fields[0]


def _with_maiden_name(person: Person, fields: Fields, way: Way) -> Fields | None:
    if not person.female or person.maiden in ("", person.family):
        return None
    return f"{fields[0]}<{standard(person.maiden, way.rule)}", fields[1]


def _joined(person: Person, fields: Fields, _: Way) -> Fields | None:
    """VANDERBERG, DELATOUR."""
    if person.family.split()[0].lower() not in PARTICLES:
        return None
    return fields[0].replace("<", ""), fields[1]


def _fillers(_: Person, fields: Fields, __: Way) -> Fields:
    """With the fillers of the machine readable zone behind."""
    return f"{fields[0]}<<", f"{fields[1]}<<<<<<"


def _cut(_: Person, fields: Fields, __: Way) -> Fields | None:
    """As in the machine readable zone, where the name is longer than that."""
    family, given = fields
    room = MACHINE_READABLE - len(family) - 2
    return (family, given[:room]) if 0 < room < len(given) else None


# Beside so many plain certificates of a thousand, of those names to which the habit applies.
PLAIN = 860
ISSUER_HABITS: tuple[tuple[int, str, IssuerHabit], ...] = (
    (40, "the first given name alone", _first_given),
    (10, "the whole name in one field", _one_field),
    (3, "the whole name in one field, family name first", _one_field_family_first),
    (5, "the fields exchanged", _exchanged),
    (12, "the maiden name behind", _with_maiden_name),
    (40, "the particle and the family name in one word", _joined),
    (10, "fillers behind", _fillers),
    (300, "cut to 39 characters", _cut),
)
