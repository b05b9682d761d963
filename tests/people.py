"""Invented guests in any number, their certificates as issuers write them, and slips of the pen.

Given names are common ones of many languages; family names are put together from syllables, so that
they sound like somebody's and are nobody's in particular.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from kiosk.core.guests.guest import Guest
from kiosk.core.hcert.dcc import Dcc, EntryKind, Holder
from kiosk.core.verify import Signer, Verified
from tests.door import guest, standard

NOW = datetime(2021, 11, 22, tzinfo=UTC)
_GIVEN = str.split(
    "Anna Anne Ana Hanna Johanna Ioana Marie Maria Marija Mario Marius Jean Jan Jana János "
    "Johan Juan Ivan Iva Eva Ève Zoë Zoé Chloé Cléo Lucas Lukas Łukasz Luca Luc Lucie Lucía "
    "Petr Peter Petra Piotr Pierre Pedro Paul Paula Pauline Pavel Paweł Michel Michał Michael "
    "Mikael Miguel Jörg Jürgen Jorge Søren Sören Björn Bjarne Åsa Åke Özgür Ozan Çağla Şule "
    "José Josef Josefa Noël Noëlle Ángela Angelo Katarzyna Kateřina Katarina Catarina Ştefan "
    "Ștefan Štefan Stefania Siobhán Seán Aoife Inês Iñaki Mārtiņš Ilze Jānis Rūta Žygimantas "
    "Gintarė Kristjan Õie Aino Väinö Tõnu Györgyi Béla Zsófia Márton Tomáš Thomas Tomasz "
    "Aleksander Alexandre Alexandra Nikola Nikolas Nicolas Matija Mateo Matteo Mathieu Giulia "
    "Giulio Julia Julie Julius Sofia Sophie Elena Helena Hélène Ellen Emil Emilia Émilie Oskar "
    "Oscar Þóra Guðrún Đorđe Željko Ana-Lucía Anne-Marie Marie-Anne Jean-Luc Jean-Paul "
    "Karl-Heinz"
)
_BEGINNINGS = str.split(
    "Ba Be Bjø Bo Brá Ca Cha Cla Czu Da De Do Dra Du E Fa Fé Fla Fo Ga Ge Gó Gra Gu Ha Hä He "
    "Hor Hu Ie Já Ja Je Jó Ka Ke Kla Ko Krü Ku La Le Li Lö Lu Łu Ma Me Mi Mo Mü Na Ne No Nu O Ö "
    "Pa Pe Pi Pla Po Prá Que Ra Re Ri Ro Rø Sa Scha Se Si Sko Šo Sta Stei Sva Ta Te Thi To Tra "
    "Tu U Va Ve Vi Vo Wa We Wi Wo Za Že Zi"
)
_MIDDLES = str.split(
    "b bel ber ch d dan der dl f g gar gel k ka ko l lan le li m ma men mi n na ne nd p r ra rd "
    "re ri s sa se st t ta te ti v ve z"
)
_ENDS = str.split(
    "ac aitis ak ard aru as bach berg ert escu eanu eau el elli en er es ez ić ico iņš ini ius "
    "ka kalns kiewicz lund mann nen o off os ová ović puu quist s sen ska ski son ström ú vics "
    "y"
)
_PARTICLES = ("de la", "van der", "von", "O'", "Mc", "di", "dos", "el")


def people(count: int, seed: int = 9303) -> list[Guest]:
    """That many guests, no two with the same name."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    found: dict[tuple[str, str], Guest] = {}
    while len(found) < count:
        family, given = _family(draw), _given(draw)
        number = str(len(found))
        found.setdefault((family, given), _guest(given, family, number))
    return list(found.values())


def _guest(given: str, family: str, number: str) -> Guest:
    return replace(_ANYBODY, id=number, badge=int(number).to_bytes(8), family=family, given=given)


_ANYBODY = guest("Chloe", "Martin")


def _family(draw: random.Random) -> str:
    name = draw.choice(_BEGINNINGS) + draw.choice(_MIDDLES) + draw.choice(_ENDS)
    if draw.random() < 0.3:
        name = draw.choice(_BEGINNINGS) + draw.choice(_MIDDLES) + name.lower()
    match draw.randrange(12):
        case 0:
            return f"{draw.choice(_PARTICLES)} {name}".replace("' ", "'").replace("Mc ", "Mc")
        case 1:
            return f"{name}-{_family(draw)}" if draw.random() < 0.5 else f"{name} {_family(draw)}"
        case _:
            return name


def _given(draw: random.Random) -> str:
    names = draw.sample(_GIVEN, draw.choices((1, 2, 3), (70, 25, 5))[0])
    return " ".join(names)


def holder(family: str, given: str) -> Holder:
    """Of a certificate with these 9303 forms."""
    return Holder(family, given, family, given, "1980-01-01")


def verified(whose: Holder) -> Verified:
    """That holder's genuine certificate."""
    dcc = Dcc(whose, EntryKind.TEST, {}, ())
    return Verified(dcc, Signer(b"12345678"), None, NOW, NOW, ())


# As issuers write names: a table of their own, so that the program's is not its own judge.
_FIRST_FORMS = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Ü": "UE", "ẞ": "SS", "Œ": "OE",
    "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L", "ı": "I",
}  # fmt: skip
_PLAIN_FORMS = _FIRST_FORMS | {"Ä": "A", "Å": "A", "Ö": "O", "Ø": "O", "Ü": "U"}
STYLES = {"9303": _FIRST_FORMS, "plain": _PLAIN_FORMS}


def written(name: str, style: str = "9303") -> str:
    """A name as an issuer of that style writes it in fnt and gnt."""
    forms = STYLES[style]
    return standard("".join(forms.get(letter, letter) for letter in name.replace("ß", "ẞ").upper()))


def certificate_of(guest: Guest, style: str = "9303") -> Holder:
    """The holder that an issuer of that style writes."""
    return holder(written(guest.family, style), written(guest.given, style))


# Slips: what comes between a guest's own name and the list's.

Slip = Callable[[Holder, random.Random], Holder]


def typo(whose: Holder, draw: random.Random) -> Holder:
    """One letter left out, doubled, changed, or exchanged with the next, in either field."""
    fields = [whose.family_standard, whose.given_standard]
    which = draw.randrange(2)
    fields[which] = _slip(fields[which], draw)
    return holder(*fields)


def two_typos(whose: Holder, draw: random.Random) -> Holder:
    """One slip in each field."""
    return holder(_slip(whose.family_standard, draw), _slip(whose.given_standard, draw))


def _slip(name: str, draw: random.Random) -> str:
    at = draw.choice([place for place, letter in enumerate(name) if letter != "<"])
    before, letter, after = name[:at], name[at], name[at + 1 :]
    other = draw.choice("ABCDEFGHIJKLMNOPRSTUVZ".replace(letter, ""))
    slips = [before + letter + letter + after, before + other + after]
    if len(name) > 1:
        slips.append((before + after).strip("<"))
    if after[:1] not in ("", "<", letter):
        slips.append(before + after[0] + letter + after[1:])
    return draw.choice(slips)


def swapped(whose: Holder, draw: random.Random) -> Holder:  # noqa: ARG001  # all slips alike
    """Family and given names in each other's field."""
    return holder(whose.given_standard, whose.family_standard)


def shortened(whose: Holder, draw: random.Random) -> Holder:  # noqa: ARG001
    """The first given name and the first family name alone."""
    return holder(whose.family_standard.split("<")[0], whose.given_standard.split("<")[0])


def lengthened(whose: Holder, draw: random.Random) -> Holder:
    """All given names that a certificate has, of which the list has one."""
    more = written(draw.choice(_GIVEN))
    return holder(whose.family_standard, f"{whose.given_standard}<{more}")


def joined(whose: Holder, draw: random.Random) -> Holder:
    """The parts of a field in one, and a slip."""
    return typo(
        holder(*(f.replace("<", "") for f in (whose.family_standard, whose.given_standard))), draw
    )
