"""Greek letters: ELOT 743 = ISO 843, which Greek and Cypriot passports follow.

The transcription of the passports (type 2) comes first: ΑΥ, ΕΥ, ΗΥ are AV, EV, IV before voiced
sounds, AF, EF, IF before others; ΜΠ is B at either end of a word. Then the transliteration (type
1), letter by letter. An accent on the first letter of a group, or a diaeresis on the second, parts
it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial

from kiosk.core.guests.scripts.table import pairs

_LETTERS = pairs(
    "Α A Β V Γ G Δ D Ε E Ζ Z Η I Θ TH Ι I Κ K Λ L Μ M Ν N Ξ X Ο O Π P Ρ R Σ S Τ T Υ Y Φ F "
    "Χ CH Ψ PS Ω O"
)
_ACUTE, _DIAERESIS = "\u0301", "\u0308"
_UNPARTED = f"{_ACUTE}?(?!{_DIAERESIS})"
_BEFORE_OTHERS = re.compile(rf"([ΑΕΗ])Υ{_ACUTE}?(?=[ΘΚΞΠΣΤΦΧΨ]|$)")
_BEFORE_VOICED = re.compile(rf"([ΑΕΗ])Υ{_UNPARTED}")
_OU = re.compile(rf"ΟΥ{_UNPARTED}")
_DIPHTHONG = re.compile(rf"([ΑΕΗΟ])Υ{_UNPARTED}")
_B = re.compile(r"^ΜΠ|ΜΠ$")
_NASAL = re.compile(r"Γ(?=[ΓΞΧ])")


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """As in passports, with and without B; letter by letter; each with X and with KS for Ξ."""
    bare = frozenset("".join(_bare(letter) for letter in letters))
    if not bare or not bare <= _LETTERS.keys():
        return
    for xi in ("X", "KS") if "Ξ" in bare else ("X",):
        table = str.maketrans(_LETTERS | {"Ξ": xi})
        yield partial(_transcribed, table=table)
        if "Π" in bare:
            yield partial(_transcribed, table=table, end="MP")
        yield partial(_transliterated, table=table)


def _transcribed(word: str, table: dict[int, str], end: str = "B") -> str:
    text = unicodedata.normalize("NFD", word)
    text = _OU.sub("OU", _BEFORE_VOICED.sub(r"\1V", _BEFORE_OTHERS.sub(r"\1F", text)))
    return _bare(_NASAL.sub("N", _B.sub(end, text))).translate(table)


def _transliterated(word: str, table: dict[int, str]) -> str:
    text = _DIPHTHONG.sub(r"\1U", unicodedata.normalize("NFD", word))
    return _bare(text).translate(table)


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
