"""The letters of each script in A-Z, as issuers write them.

ICAO Doc 9303 part 3 section 6, and the national rules that passports follow where 9303 has no table
or where states depart from it.

A script has one or more schemes. A scheme is what one issuer does with a whole name: the same
letter always in the same way. The first one is the standard's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from kiosk.core.guests.scripts import arabic, armenian, cyrillic, georgian, greek, latin

Scheme = Callable[[str], str]  # a word in upper case (NFC) in, A-Z out

# By the first word of the letters' Unicode names. Each function takes the letters of a name and
# gives the schemes that have all of them, none where there is none.
SCRIPTS: dict[str, Callable[[frozenset[str]], Iterator[Scheme]]] = {
    "LATIN": latin.schemes,
    "CYRILLIC": cyrillic.schemes,
    "GREEK": greek.schemes,
    "ARABIC": arabic.schemes,
    "ARMENIAN": armenian.schemes,
    "GEORGIAN": georgian.schemes,
}


@lru_cache(maxsize=2048)
def script_of(letter: str) -> str:
    """The script of a letter, by the name that Unicode gives it: LATIN, GREEK, HEBREW, CJK..."""
    return unicodedata.name(letter, "").partition(" ")[0]
