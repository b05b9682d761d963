"""Names as certificates have them (ICAO 9303 part 3: A-Z and `<`) beside names as lists have them.

A list's name has several correct transliterations (Müller: MUELLER, MUXXLLER, MULLER); each is
accepted. The certificate's own form is never transliterated again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, auto
from functools import lru_cache

from kiosk.core.guests.guest import Guest
from kiosk.core.hcert.dcc import Holder

# ICAO 9303-3 section 6, table A, and the plain letter that issuers use as well.
_LETTERS = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ö": ("OE", "O"),
    "Ø": ("OE", "O"),
    "Œ": ("OE",),
    "Ü": ("UE", "UXX", "U"),
    "ẞ": ("SS",),
    "ß": ("SS",),
    "Þ": ("TH",),
    "Ð": ("D",),
    "Đ": ("D",),
    "Ł": ("L",),
    "Ħ": ("H",),
    "Ŋ": ("N",),
    "Ñ": ("N", "NXX"),
    "Ŧ": ("T",),
    "ı": ("I",),
    "Ĳ": ("IJ",),
}
_APOSTROPHES = "'’ʼ`´"
_FOLDS = (("UXX", "U"), ("NXX", "N"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A"))

NEAR = 0.8  # similarity (0 to 1) from which two different names are worth a look


class Likeness(Enum):
    """How a certificate's name stands to a guest's."""

    EXACT = auto()  # every part the same
    SAME_PERSON = auto()  # same family and first given name; one of both has more names
    NEAR = auto()  # worth a look
    DIFFERENT = auto()


@dataclass(frozen=True, repr=False)
class _Pattern:
    """The accepted forms of each part of a list's name, as regular expressions."""

    family: tuple[re.Pattern[str], ...]
    given: tuple[re.Pattern[str], ...]


def compare(holder: Holder, guest: Guest) -> Likeness:
    """How the certificate's name stands to `guest`'s."""
    pattern = _pattern(guest.family, guest.given)
    family, given = _parts(holder.family_standard), _parts(holder.given_standard)
    if _all_match(pattern.family, family) and _all_match(pattern.given, given):
        return Likeness.EXACT
    if _leading_match(pattern.family, family) and _leading_match(pattern.given, given):
        return Likeness.SAME_PERSON
    return Likeness.NEAR if _is_near(holder, guest) else Likeness.DIFFERENT


def standard_key(family: str, given: str) -> str:
    """One key for all transliterations of a name; names of different people may share it."""
    return f"{_fold(family)}/{_fold(given)}"


def similarity(holder: Holder, guest: Guest) -> float:
    """From 0 to 1, over the folded names, whatever the order of their parts."""
    return _matcher(holder, guest).ratio()


def _is_near(holder: Holder, guest: Guest) -> bool:
    # The two quick ratios are upper bounds: they spare nearly everybody of a list the slow one.
    matcher = _matcher(holder, guest)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= NEAR for bound in bounds)


def _matcher(holder: Holder, guest: Guest) -> SequenceMatcher[str]:
    mine = _fold(holder.family_standard) + "<" + _fold(holder.given_standard)
    theirs = _fold(guest.family) + "<" + _fold(guest.given)
    if mine.replace("<", "") == theirs.replace("<", ""):
        theirs = mine  # parted otherwise: VANDERBERG, O<BRIEN
    mine, theirs = ("<".join(sorted(name.split("<"))) for name in (mine, theirs))
    return SequenceMatcher(None, mine, theirs, autojunk=False)


def searchable(text: str) -> str:
    """A name for typing: without accents, case or hyphens."""
    return _fold(text).replace("<", " ").strip()


def transliterated(name: str) -> str:
    """The first form that ICAO 9303 gives for a name: A-Z with `<` between its parts."""
    return "<".join("".join(_forms(letter)[0] for letter in part) for part in _split(name))


@lru_cache(maxsize=4096)
def _pattern(family: str, given: str) -> _Pattern:
    return _Pattern(_part_patterns(family), _part_patterns(given))


def _part_patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_expression(part)) for part in _split(name))


def _expression(part: str) -> str:
    pieces = []
    for letter in part:
        forms = _forms(letter)
        pieces.append(forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})")
    return "".join(pieces)


def _forms(letter: str) -> tuple[str, ...]:
    if letter in _LETTERS:
        return _LETTERS[letter]
    plain = unicodedata.normalize("NFKD", letter).upper()
    return ("".join(c for c in plain if "A" <= c <= "Z"),)


def _split(name: str) -> list[str]:
    """The parts of a list's name: apostrophes join, spaces and hyphens part (ICAO 9303-3 3.4)."""
    joined = unicodedata.normalize("NFC", name).translate({ord(c): None for c in _APOSTROPHES})
    parts = re.split(r"[\s<\-‐‑–.,/]+", joined.replace("ß", "ẞ").upper())
    return [part for part in parts if part]


def _parts(standard: str) -> list[str]:
    return [part for part in standard.split("<") if part]


def _all_match(patterns: tuple[re.Pattern[str], ...], parts: list[str]) -> bool:
    return len(patterns) == len(parts) and _leading_match(patterns, parts, needed=0)


def _leading_match(
    patterns: tuple[re.Pattern[str], ...], parts: list[str], needed: int = 1
) -> bool:
    """Whether the shorter of both is the beginning of the longer."""
    pairs = list(zip(patterns, parts, strict=False))
    return len(pairs) >= needed and all(p.fullmatch(part) for p, part in pairs)


@lru_cache(maxsize=8192)
def _fold(name: str) -> str:
    text = "<".join("".join(_forms(letter)[-1] for letter in part) for part in _split(name))
    before = ""
    while text != before:  # AUEE, from "Aüe", folds in two steps to what "Aüe" folds to in one
        before = text
        for long, short in _FOLDS:
            text = text.replace(long, short)
    return text
