"""Which language a cell names: codes of two or three letters, tags, names as people write them."""

from __future__ import annotations

import re

from kiosk.core.guests.known import plain

# By code (ISO 639-1): codes of three letters (ISO 639-2, terminology and bibliography), then the
# name in English, in French and in the language itself, other names, and country codes that people
# take for the language's. No country code stands here that is the code of another language.
_LANGUAGES = {
    "bg": "bul, Bulgarian, bulgare, български",
    "cs": "ces, cze, cz, Czech, tchèque, čeština, česky",
    "da": "dan, dk, Danish, danois, dansk",
    "de": "deu, ger, German, allemand, Deutsch",
    "el": "ell, gre, gr, Greek, Modern Greek, grec, grec moderne, ελληνικά",
    "en": "eng, gb, English, anglais",
    "es": "spa, Spanish, Castilian, espagnol, castillan, español, castellano",
    "et": "est, Estonian, estonien, eesti, eesti keel",
    "fi": "fin, Finnish, finnois, suomi",
    "fr": "fra, fre, French, français",
    "ga": "gle, Irish, Irish Gaelic, irlandais, gaélique irlandais, Gaeilge",
    "hr": "hrv, Croatian, croate, hrvatski",
    "hu": "hun, Hungarian, hongrois, magyar",
    "is": "isl, ice, Icelandic, islandais, íslenska",
    "it": "ita, Italian, italien, italiano",
    "lt": "lit, Lithuanian, lituanien, lietuvių, lietuvių kalba",
    "lv": "lav, Latvian, letton, latviešu, latviešu valoda",
    "mt": "mlt, Maltese, maltais, Malti",
    "nb": "nob, no, nor, nn, nno, Norwegian, Bokmål, Norwegian Bokmål, Nynorsk, Norwegian Nynorsk, "
    "norvégien, norsk, norsk bokmål, norsk nynorsk",
    "nl": "nld, dut, Dutch, Flemish, néerlandais, hollandais, flamand, Nederlands, Vlaams",
    "pl": "pol, Polish, polonais, polski, język polski",
    "pt": "por, Portuguese, portugais, português",
    "ro": "ron, rum, Romanian, Moldovan, roumain, moldave, română, limba română",
    "ru": "rus, Russian, russe, русский",
    "sk": "slk, slo, Slovak, slovaque, slovenčina, slovensky",
    "sl": "slv, Slovenian, Slovene, slovène, slovenščina",
    "sq": "sqi, alb, Albanian, albanais, shqip",
    "sr": "srp, Serbian, serbe, српски, srpski",
    "sv": "swe, Swedish, suédois, svenska",
    "tr": "tur, Turkish, turc, Türkçe",
    "uk": "ukr, ua, Ukrainian, ukrainien, українська, українська мова",
}
_CODE_OF = {
    plain(name): code for code, names in _LANGUAGES.items() for name in (code, *names.split(", "))
}
# A code with what narrows it: script, country, variant (RFC 5646, section 2.1), or "pt BR".
_TAG = re.compile(r"([a-z]{2,3})(?:(?:-[a-z0-9]{2,8})+| [a-z]{2})?", re.ASCII)
_REMARK = re.compile(r"\s*\([^)]*\)$")


def language_of(value: str) -> str | None:
    """The code of two letters (ISO 639-1) of a code, a tag or a name; empty stays empty.

    Norwegian is nb, however it is written. A code of two letters that is not known is kept;
    None for what is no language.
    """
    word = plain(value.replace("_", "-"))
    word = _REMARK.sub("", word) or word
    if word in _CODE_OF or not word:
        return _CODE_OF.get(word, "")
    tag = _TAG.fullmatch(word)
    if tag is None:
        return None
    return _CODE_OF.get(tag[1], tag[1] if len(tag[1]) == 2 else None)
