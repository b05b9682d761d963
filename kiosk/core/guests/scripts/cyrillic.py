"""Cyrillic letters: ICAO 9303-3 section 6, table B, and where states depart from it.

The table has exceptions by language, and a name does not say of which language it is: every table
whose alphabet has all its letters counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.core.guests.scripts.table import Table, fitting, pairs

_COMMON = pairs(
    "А A Б B В V Г G Д D Е E Ж ZH З Z К K Л L М M Н N О O П P Р R С S Т T У U Ф F "
    "Х KH Ц TS Ч CH Ш SH"
)
_SOFT = pairs("Й I Ь - Ю IU Я IA")  # as 9303 has them
_SOFT_Y = pairs("Й Y Ь - Ю YU Я YA")  # as English readers expect them
_SOUTH = pairs("И I Ј J Љ LJ Њ NJ Х H Ц C")

_OTHERS = pairs(
    "Ё E И I І I Щ SHCH Ъ IE Ы Y Э E Ѵ Y Ґ G Ў U Ѫ U Ѓ G Ђ D Ѕ DZ Ј J Ќ K Љ LJ Њ NJ Ћ C Џ DZ "
    "Є IE Ї I"
)
_ICAO = _COMMON | _SOFT | _OTHERS
# Until passports had 9303's. Without Ъ: it would make a Russian Petr of every Bulgarian Petar.
_RUSSIAN = _COMMON | _SOFT_Y | pairs("Ё E И I Щ SHCH Ы Y Э E")
_BELARUSIAN = _COMMON | _SOFT | pairs("Г H Ё IO І I Ы Y Э E Ў U")
_UKRAINIAN_ICAO = _COMMON | _SOFT | pairs("Ґ G Є IE И Y І I Ї I Щ SHCH")
_UKRAINIAN = _UKRAINIAN_ICAO | pairs("Г H")
_BULGARIAN = _COMMON | _SOFT_Y | pairs("И I Х H Щ SHT Ъ A Ь Y")
_MACEDONIAN = _COMMON | _SOUTH | pairs("Ѓ G Ѕ DZ Ќ K Џ DZ")
# 9303 has H for the Serbian Г, but Serbian passports are written in Latin letters, with G.
_SERBIAN = _COMMON | _SOUTH | pairs("Ђ D Ж Z Ћ C Ч C Џ DZ Ш S")

TABLES = (
    Table(_ICAO),
    Table(_UKRAINIAN_ICAO),
    Table(_UKRAINIAN),
    Table(  # Cabinet of Ministers of Ukraine, resolution 55 of 2010
        _UKRAINIAN,
        initial=pairs("Є YE Ї YI Й Y Ю YU Я YA"),
        groups={"ЗГ": "ZGH"},
    ),
    Table(_BELARUSIAN),
    Table(_BULGARIAN, final={"ИЯ": "IA"}),  # Transliteration Act of 2009
    Table(_SERBIAN),
    Table(_SERBIAN | pairs("Ђ DJ")),
    Table(_MACEDONIAN | pairs("Ѓ GJ Ќ KJ Џ DJ")),
    Table(_MACEDONIAN),
    Table(_RUSSIAN),
    Table(_RUSSIAN, final=pairs("ИЙ Y ЫЙ Y")),
)


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """Those of the tables whose alphabets have all of `letters`."""
    return fitting(TABLES, letters)
