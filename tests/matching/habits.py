"""What people who keep guest lists do with a name.

How often each habit occurs is an assumption, stated here; nobody publishes such figures. They were
fixed before the program was measured by them.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.matching.issuers import Way, ways
from tests.matching.persons import Person


class Grade(Enum):
    """How a list has a name."""

    PROPER = "complete and as it is written"
    SHORT = "a part missing, or more than the certificate has"
    SLIP = "with a slip"


@dataclass(frozen=True)
class Written:
    """A name on a list: the two columns."""

    family: str
    given: str


ListHabit = Callable[[Person, Written, random.Random], Written | None]


# The list


def spelled(person: Person, way: Way, draw: random.Random) -> Written:
    """Family name and given names in the person's own script, or in Latin letters.

    These are mostly written as in the person's own documents, that is in the certificate's `way`.
    """
    given = person.given if draw.random() < 0.4 else person.given[:1]
    name = Written(person.family, " ".join(given))
    if person.script == "Latin" or draw.random() < 0.5:
        return name
    own = way if draw.random() < 0.9 else ways(person.language)[0]
    rule = _gaj if person.language == "sr" else own.rule
    return _by_words(name, lambda word: rule(word).title())


def _by_words(name: Written, write: Callable[[str], str]) -> Written:
    return Written(*(re.sub(r"[^\s\-.,]+", lambda m: write(m[0]), f) for f in _fields(name)))


def _fields(name: Written) -> tuple[str, str]:
    return name.family, name.given


_GAJ = {
    pair[0]: pair[1:]
    for pair in [
        "аa",
        "бb",
        "вv",
        "гg",
        "дd",
        "ђđ",
        "еe",
        "жž",
        "зz",
        "иi",
        "јj",
        "кk",
        "лl",
        "љlj",
        "мm",
        "нn",
        "њnj",
        "оo",
        "пp",
        "рr",
        "сs",
        "тt",
        "ћć",
        "уu",
        "фf",
        "хh",
        "цc",
        "чč",
        "џdž",
        "шš",
    ]
}


def _gaj(word: str) -> str:
    """Serbian in the Latin letters of Gaj."""
    return "".join(_GAJ[letter] for letter in word.lower())


def _capitals(_: Person, name: Written, __: random.Random) -> Written:
    return Written(name.family.upper(), name.given.upper())


def _family_in_capitals(_: Person, name: Written, __: random.Random) -> Written:
    return Written(name.family.upper(), name.given)


def _one_column(_: Person, name: Written, __: random.Random) -> Written:
    """Parted behind the last blank, as a list of one column must be."""
    given, _sep, family = f"{name.given} {name.family}".rpartition(" ")
    return Written(family, given)


def _one_field(_: Person, name: Written, __: random.Random) -> Written:
    return Written(f"{name.given} {name.family}", "")


def _titled(person: Person, name: Written, draw: random.Random) -> Written:
    titles = {"cs": "Ing. Mgr. MUDr. PhDr.", "sk": "Ing. Mgr. JUDr.", "de": "Dr. Prof. Mag. Ing."}
    more = titles.get(person.language, "Dr. Prof. Mrs" if person.female else "Dr. Prof. Mr")
    return Written(name.family, f"{draw.choice(more.split())} {name.given}")


def _other_signs(_: Person, name: Written, __: random.Random) -> Written:
    """Typographic apostrophes and hyphens, blanks that do not break, cedillas, accents apart."""
    signs = str.maketrans("'- ȘșȚț", "’\u2011\u00a0ŞşŢţ")
    return Written(*(unicodedata.normalize("NFD", f.translate(signs)) for f in _fields(name)))


def _without_hyphen(_: Person, name: Written, __: random.Random) -> Written | None:
    if "-" not in name.family + name.given:
        return None
    return Written(name.family.replace("-", " "), name.given.replace("-", " "))


def _one_family(person: Person, name: Written, __: random.Random) -> Written | None:
    """The first of two family names; in Portugal the last."""
    parts = name.family.replace("-", " ").split()
    if len(parts) != 2 or not all(len(part) > 3 for part in parts):
        return None
    return Written(parts[-1 if person.language == "pt" else 0], name.given)


PARTICLES = frozenset(
    [
        "van",
        "von",
        "zu",
        "de",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "la",
        "le",
        "lo",
        "della",
        "dalla",
        "degli",
        "du",
        "del",
        "ten",
        "ter",
        "af",
        "in",
        "op",
        "'t",
        "het",
        "t",
    ]
)


def _without_particle(_: Person, name: Written, __: random.Random) -> Written | None:
    words = name.family.split()
    rest = [word for word in words if word.lower() not in PARTICLES]
    return Written(" ".join(rest), name.given) if rest and rest != words else None


def _particle_behind(_: Person, name: Written, __: random.Random) -> Written | None:
    """As Dutch lists are sorted: Berg, van den."""
    *particles, last = name.family.split()
    if not particles or not {word.lower() for word in particles} <= PARTICLES:
        return None
    return Written(f"{last}, {' '.join(particles)}", name.given)


def _later_given(person: Person, name: Written, __: random.Random) -> Written | None:
    """Known by the second given name."""
    second = person.given[1:2]
    return Written(name.family, second[0]) if second and name.given in person.given else None


def _initial(_: Person, name: Written, __: random.Random) -> Written:
    return Written(name.family, f"{name.given[0]}.")


def _more_family(person: Person, name: Written, __: random.Random) -> Written | None:
    """Married: the list has both names, the certificate not yet."""
    if not person.female or person.script != "Latin":
        return None
    return Written(f"{name.family}-{person.maiden}", name.given)


def _typo(_: Person, name: Written, draw: random.Random) -> Written:
    """One letter left out, doubled, or exchanged with the next."""
    fields = list(_fields(name))
    which = draw.randrange(2) if len(fields[1]) > 2 else 0
    text = fields[which]
    at = draw.choice([n for n in range(1, len(text)) if text[n].isalpha()])
    slips = [text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]]
    if text[at + 1 : at + 2].isalpha() and text[at + 1] != text[at]:
        slips.append(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    fields[which] = draw.choice(slips)
    return Written(*fields)


def _exchanged(_: Person, name: Written, __: random.Random) -> Written:
    return Written(name.given, name.family)


_ENGLISH_KEYBOARD = str.maketrans("łŁøØđĐðÐıŋħĦ", "lLoOdDdDinhH") | {
    0xDF: "ss", 0xE6: "ae", 0xC6: "Ae", 0x153: "oe", 0xFE: "th", 0xDE: "Th",
}  # fmt: skip


def _no_accents(_: Person, name: Written, __: random.Random) -> Written | None:
    """Typed on an English keyboard."""
    texts = [unicodedata.normalize("NFD", field) for field in _fields(name)]
    bare = ["".join(c for c in text if not unicodedata.combining(c)) for text in texts]
    typed = Written(*(text.translate(_ENGLISH_KEYBOARD) for text in bare))
    return None if typed == name else typed


_OTHERWISE = {
    "uk": "Й:Y Х:KH И:Y ІЙ:IY Ю:YU Я:YA Є:YE Г:G Ж:ZH Ц:TS Ч:CH Ш:SH Щ:SHCH Ї:YI",
    "ru": "Й:Y Х:KH Ю:YU Я:YA Ё:YO Ж:ZH Ц:TS Ч:CH Ш:SH Щ:SCH Ы:Y Э:E",
    "bg": "Й:I Х:KH Ю:IU Я:IA Ж:J Ц:C Ч:TCH Ш:CH Щ:CHT Ъ:U У:OU",
    "mk": "Ѓ:G Ќ:K Ж:Z Ч:C Ш:S Џ:DZ Ѕ:Z",
    "sr": "Ђ:DJ Ж:ZH Ч:CH Ћ:CH Ш:SH Џ:DZH Ц:TS",
    "el": "Χ:H Φ:PH Η:EE Υ:I ΟΥ:U ΑΙ:E ΟΙ:I ΕΙ:I Ω:O Ξ:KS ΕΥ:EF ΑΥ:AF",
    "hy": "Խ:X Ծ:C Ղ:G Ճ:J Չ:TCH Ջ:DJ Ց:C Ժ:J Ը:E ՈՒ:OU",
    "ka": "ჟ:J ღ:G ყ:K ჩ:TCH წ:C ჭ:TCH ხ:H ჯ:DJ ც:C",
}


def _otherwise(person: Person, name: Written, _: random.Random) -> Written | None:
    """In Latin letters as the person likes them: Yuriy, Hristo, Filippos as Philippos."""
    pairs = [pair.split(":") for pair in _OTHERWISE.get(person.language, "").split()]
    if not pairs or (name.family + name.given).isascii():
        return None
    rule = ways(person.language)[0].rule

    def write(word: str) -> str:
        text = unicodedata.normalize("NFC", word).upper() if person.language != "ka" else word
        for letters, written in sorted(pairs, key=lambda pair: -len(pair[0])):
            text = text.replace(letters, written)
        runs = re.findall(r"[A-Z]+|[^A-Z]+", text)
        return "".join(run if run.isascii() else rule(run) for run in runs).title()

    return _by_words(name, write)


_ENGLISH_FORMS = dict(
    pair.split(":")
    for pair in [
        "Олена:Elena",
        "Ганна:Anna",
        "Наталія:Natalie",
        "Катерина:Catherine",
        "Микола:Nicholas",
        "Ігор:Igor",
        "Олександр:Alexander",
        "Володимир:Vladimir",
        "Георги:George",
        "Николай:Nicholas",
        "Елена:Helen",
        "Γεώργιος:George",
        "Ιωάννης:John",
        "Ελένη:Helen",
        "Νικόλαος:Nicholas",
        "Αικατερίνη:Catherine",
        "Μιχαήλ:Michael",
        "Παύλος:Paul",
        "Ђорђе:George",
        "Јован:John",
        "გიორგი:George",
    ]
)


def _in_english(person: Person, _: Written, __: random.Random) -> Written | None:
    """The given name as the English have it: Elena for Olena, George for Georgios."""
    english = _ENGLISH_FORMS.get(person.given[0])
    if english is None:
        return None
    rule = ways(person.language)[0].rule
    return Written(_by_words(Written(person.family, ""), lambda w: rule(w).title()).family, english)


def _as_written(_: Person, name: Written, __: random.Random) -> Written:
    return name


# How many rows of a thousand, of those names to which the habit applies; about.
LIST_HABITS: tuple[tuple[int, Grade, str, ListHabit], ...] = (
    (430, Grade.PROPER, "as written", _as_written),
    (90, Grade.PROPER, "in capitals", _capitals),
    (80, Grade.PROPER, "family name in capitals", _family_in_capitals),
    (90, Grade.PROPER, "one column, parted", _one_column),
    (20, Grade.PROPER, "one column, not parted", _one_field),
    (40, Grade.PROPER, "with a title", _titled),
    (30, Grade.PROPER, "other signs, accents apart", _other_signs),
    (100, Grade.PROPER, "without its hyphens", _without_hyphen),
    (300, Grade.SHORT, "one of two family names", _one_family),
    (60, Grade.SHORT, "without the particle", _without_particle),
    (60, Grade.SHORT, "the particle behind", _particle_behind),
    (30, Grade.SHORT, "a later given name", _later_given),
    (10, Grade.SHORT, "an initial for the given name", _initial),
    (15, Grade.SHORT, "a family name more", _more_family),
    (30, Grade.SLIP, "one letter wrong", _typo),
    (20, Grade.SLIP, "the columns exchanged", _exchanged),
    (60, Grade.SLIP, "typed without accents", _no_accents),
    (60, Grade.SLIP, "in Latin letters of one's own", _otherwise),
    (40, Grade.SLIP, "the English form", _in_english),
)
