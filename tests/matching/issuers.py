"""How the issuers of each country write a name in fnt and gnt: A-Z and `<`.

Written from the standards, and apart from the program's own tables, so that these measure those:

- Latin letters: ICAO Doc 9303 part 3, section 6 A; many issuers write the plain letter instead.
- Greek: ELOT 743 (1982, ISO 843 type 2), the transcription of Greek passports.
- Ukrainian: Cabinet of Ministers, resolution 55 of 27 January 2010; before it 858 of 2007.
- Bulgarian: Transliteration Act of 13 March 2009. Macedonian and Serbian: the passports of both.
- Other Cyrillic: ICAO Doc 9303 part 3, section 6 B.
- Armenian: BGN/PCGN 1981 without its signs. Georgian: the national system of 2002.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Rule = Callable[[str], str]  # one word in small or capital letters in, A-Z out


def _table(text: str) -> dict[str, str]:
    """`АA БB ЖZH`: each letter with what it becomes; a letter alone becomes nothing."""
    return {pair[0]: pair[1:] for pair in text.split()}


_MARKED = _table(
    "ÀA ÁA ÂA ÃA ĀA ĂA ĄA ÇC ĆC ĈC ĊC ČC ĎD ÐD ĐD ÈE ÉE ÊE ËE ĒE ĔE ĖE ĘE ĚE ĜG ĞG ĠG ĢG ĤH ĦH ÌI "
    "ÍI ÎI ÏI ĨI ĪI ĬI ĮI İI ĴJ ĶK ĹL ĻL ĽL ŁL ŃN ŅN ŇN ÒO ÓO ÔO ÕO ŌO ŎO ŐO ŔR ŖR ŘR ŚS ŜS ŞS ŠS "
    "ȘS ŢT ŤT ŦT ȚT ÙU ÚU ÛU ŨU ŪU ŬU ŮU ŰU ŲU ŴW ÝY ŶY ŸY ŹZ ŻZ ŽZ ẞSS ÞTH ÆAE ŒOE"
)
_9303 = _MARKED | _table("ÄAE ÅAA ÖOE ØOE ÜUE ÑN")
_PLAIN = _MARKED | _table("ÄA ÅA ÖO ØO ÜU ÑN")
_WITH_XX = _9303 | _table("ÜUXX ÑNXX")
_WITH_DJ = _9303 | _table("ĐDJ")


def _latin(letters: Mapping[str, str]) -> Rule:
    table = str.maketrans(dict(letters))
    return lambda word: word.replace("ß", "ẞ").upper().translate(table)


_GREEK = _table(
    "ΑA ΒV ΓG ΔD ΕE ΖZ ΗI ΘTH ΙI ΚK ΛL ΜM ΝN ΞX ΟO ΠP ΡR ΣS ΤT ΥY ΦF ΧCH ΨPS ΩO ΆA ΈE ΉI ΊI ΌO ΎY "
    "ΏO ΪI ΫY ΐI ΰY ςS"
)


def _greek(letters: Mapping[str, str]) -> Rule:
    """The digraphs of ELOT 743 first, then letter by letter; a diaeresis parts a digraph."""

    def rule(word: str) -> str:
        text = word.upper()
        text = re.sub("^ΜΠ", "B", re.sub("ΜΠ$", "B", text))
        text = re.sub("Ο[ΥΎ]", "OU", text)
        text = re.sub("Γ(?=[ΓΞΧ])", "N", text)
        for vowel, written in (("[ΑΆ]", "A"), ("[ΕΈ]", "E"), ("[ΗΉ]", "I")):
            text = re.sub(f"{vowel}[ΥΎ](?=[ΘΚΞΠΣΤΦΧΨ]|$)", f"{written}F", text)
            text = re.sub(f"{vowel}[ΥΎ]", f"{written}V", text)
        return "".join(letters.get(letter, letter) for letter in text)

    return rule


_CYRILLIC = _table(  # 9303-3, section 6 B
    "АA БB ВV ГG ДD ЕE ЁE ЖZH ЗZ ИI ІI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХKH ЦTS ЧCH ШSH ЩSHCH "
    "ЪIE ЫY Ь ЭE ЮIU ЯIA ҐG ЄIE ЇI ЃG ЌK ЅDZ ЉLJ ЊNJ ЏDZ ЈJ ЂD ЋC"
)
_UKRAINIAN_2010 = _CYRILLIC | _table("ГH ИY")
_UKRAINIAN_2007 = _CYRILLIC | _table("ИY")
_BULGARIAN = _CYRILLIC | _table("ЙY ХH ЩSHT ЪA ЬY ЮYU ЯYA")
_MACEDONIAN = _CYRILLIC | _table("ЃGJ ЌKJ ХH ЦC ЏDJ")
_MACEDONIAN_9303 = _CYRILLIC | _table("ХH ЦC")
_SERBIAN = _CYRILLIC | _table("ЖZ ХH ЦC ЧC ШS ЏDZ ЂDJ")
_SERBIAN_9303 = _SERBIAN | _table("ЂD")


def _cyrillic(letters: Mapping[str, str]) -> Rule:
    return lambda word: "".join(letters.get(letter, letter) for letter in word.upper())


def _ukrainian(word: str) -> str:
    """Resolution 55: Є Ї Й Ю Я begin a word as YE YI Y YU YA; ЗГ is ZGH."""
    text = word.upper()
    initial = {"Є": "YE", "Ї": "YI", "Й": "Y", "Ю": "YU", "Я": "YA"}.get(text[:1])
    text = (initial or text[:1]) + text[1:]
    return _cyrillic(_UKRAINIAN_2010)(text.replace("ЗГ", "ZGH"))


def _bulgarian(word: str) -> str:
    """The Act: ИЯ at the end of a word is IA."""
    return _cyrillic(_BULGARIAN)(re.sub("ИЯ$", "IA", word.upper()))


_ARMENIAN = _table(
    "ԱA ԲB ԳG ԴD ԵE ԶZ ԷE ԸY ԹT ԺZH ԻI ԼL ԽKH ԾTS ԿK ՀH ՁDZ ՂGH ՃCH ՄM ՅY ՆN ՇSH ՈO ՉCH ՊP ՋJ "
    "ՌR ՍS ՎV ՏT ՐR ՑTS ՓP ՔK ՕO ՖF"
)


def _armenian(word: str) -> str:
    """Ո and Ե begin a word as VO and YE; ՈՒ is U, ԵՎ (և) is EV."""
    text = word.replace("և", "եվ").upper().replace("ՈՒ", "U")
    text = re.sub("^Ե", "YE", re.sub("^Ո", "VO", text))
    return "".join(_ARMENIAN.get(letter, letter) for letter in text)


_GEORGIAN = _table(
    "აA ბB გG დD ეE ვV ზZ თT იI კK ლL მM ნN ოO პP ჟZH რR სS ტT უU ფP ქK ღGH ყQ შSH ჩCH ცTS ძDZ წTS "
    "ჭCH ხKH ჯJ ჰH"
)


def _georgian(word: str) -> str:
    return "".join(_GEORGIAN.get(letter, letter.upper()) for letter in word)


class Way(NamedTuple):
    """One way in which issuers of a country write: of a hundred certificates so many do."""

    name: str
    share: int
    rule: Rule


_PASSPORT = "as the passport"
_LATIN = (
    Way(_PASSPORT, 84, _latin(_9303)),
    Way("accents dropped", 15, _latin(_PLAIN)),
    Way("Ü as UXX, Ñ as NXX", 1, _latin(_WITH_XX)),
)
_SOUTH_LATIN = (
    Way(_PASSPORT, 60, _latin(_WITH_DJ)),
    Way("Đ as D", 40, _latin(_9303)),
)
WAYS: Mapping[str, Sequence[Way]] = {
    "el": (
        Way(_PASSPORT, 95, _greek(_GREEK)),
        Way("Ξ as KS", 5, _greek(_GREEK | {"Ξ": "KS"})),
    ),
    "uk": (
        Way(_PASSPORT, 88, _ukrainian),
        Way("resolution of 2007", 8, _cyrillic(_UKRAINIAN_2007)),
        Way("9303 for every language", 4, _cyrillic(_CYRILLIC)),
    ),
    "ru": (Way(_PASSPORT, 100, _cyrillic(_CYRILLIC)),),
    "bg": (
        Way(_PASSPORT, 95, _bulgarian),
        Way("9303 for every language", 5, _cyrillic(_CYRILLIC)),
    ),
    "mk": (
        Way(_PASSPORT, 80, _cyrillic(_MACEDONIAN)),
        Way("Ѓ as G, Ќ as K", 20, _cyrillic(_MACEDONIAN_9303)),
    ),
    "sr": (
        Way(_PASSPORT, 70, _cyrillic(_SERBIAN)),
        Way("Ђ as D", 30, _cyrillic(_SERBIAN_9303)),
    ),
    "hy": (Way(_PASSPORT, 100, _armenian),),
    "ka": (Way(_PASSPORT, 100, _georgian),),
    "hr": _SOUTH_LATIN,
    "bs": _SOUTH_LATIN,
}


def ways(language: str) -> Sequence[Way]:
    """How names of a language are written, the passports' way first."""
    return WAYS.get(language, _LATIN)


def standard(text: str, rule: Rule) -> str:
    """A field as 9303 has it: apostrophes gone, everything else between words a `<`."""
    bare = re.sub(r"['’`]", "", text)
    return "<".join(rule(word) for word in re.split(r"[\s.\-]+", bare) if word)
