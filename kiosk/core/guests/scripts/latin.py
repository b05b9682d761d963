"""Latin letters beyond A-Z: ICAO 9303-3 section 6, table A."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import methodcaller

# The forms that the table allows, its first one first; then the plain letter, which many issuers
# write, and the DJ of Serbia and Croatia.
VARIANTS = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Ö": ("OE", "O"),
    "Ø": ("OE", "O"),
    "Ü": ("UE", "UXX", "U"),
    "Ñ": ("N", "NXX"),
    "Đ": ("D", "DJ"),
    "Ə": ("A", "E"),  # not in the table; passports of Azerbaijan write A
}
# Letters that Unicode does not take apart into a letter of A-Z and marks. The lower part is not in
# the table: letters of African languages.
_UNITS = {
    "Æ": "AE",
    "Ð": "D",
    "Ħ": "H",
    "ĸ": "K",
    "Ł": "L",
    "Ŋ": "N",
    "Œ": "OE",
    "Þ": "TH",
    "Ŧ": "T",
    "ẞ": "SS",
    "Ǥ": "G",
    "Ɓ": "B",
    "Ɖ": "D",
    "Ɗ": "D",
    "Ɛ": "E",
    "Ǝ": "E",
    "Ƒ": "F",
    "Ɣ": "G",
    "Ɩ": "I",
    "Ɨ": "I",
    "Ƙ": "K",
    "Ɲ": "N",
    "Ɔ": "O",
    "Ɵ": "O",
    "Ƭ": "T",
    "Ʉ": "U",
    "Ʋ": "V",
    "Ƴ": "Y",
    "Ƶ": "Z",
}


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """Every choice of a form for each letter that has several."""
    plain = {letter: _plain(letter) for letter in letters if not letter.isascii()}
    if "" in plain.values():
        return
    several = sorted(letters & VARIANTS.keys())
    for forms in itertools.product(*(VARIANTS[letter] for letter in several)):
        table = plain | dict(zip(several, forms, strict=True))
        yield methodcaller("translate", str.maketrans(table))


@lru_cache(maxsize=1024)
def _plain(letter: str) -> str:
    """The letter without marks; empty where there is no such letter in A-Z."""
    if letter in _UNITS or letter in VARIANTS:
        return _UNITS.get(letter) or VARIANTS[letter][0]
    return "".join(c for c in unicodedata.normalize("NFKD", letter) if "A" <= c <= "Z")
