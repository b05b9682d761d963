"""Names as they may be painted: whatever somebody typed, one harmless line (security.md T15)."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 80  # base characters; the longest name that ICAO 9303 prints has 39
_MAX_MARKS = 2  # combining marks on one character: more is no orthography but a drawing
_MAX_RAW = 1024  # characters looked at; the rest of a longer name is not painted anyway
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_NO_CHARACTER = {"Cc", "Cf", "Co", "Cs", "Cn"}
_SPACES = {"Zl", "Zp", "Zs"}


def plain_name(raw: str) -> str:
    """`raw` in NFC on one line, without controls, format characters and towers of marks."""
    if raw.isascii() and raw.isprintable() and len(raw) <= MAX_CHARACTERS:
        return " ".join(raw.split())  # as most are, and the rest comes to the same
    kept: list[str] = []
    bases = marks = 0
    for character in unicodedata.normalize("NFC", raw[:_MAX_RAW]):
        category = unicodedata.category(character)
        if category in _NO_CHARACTER and character not in "\t\n\r":
            continue
        if category.startswith("M"):
            marks += 1
            if marks > _MAX_MARKS or not kept:
                continue
        else:
            bases, marks = bases + 1, 0
            if bases > MAX_CHARACTERS:
                kept.append("…")
                break
        kept.append(" " if category in _SPACES or category == "Cc" else character)
    return " ".join("".join(kept).split())


def isolated(raw: str) -> str:
    """The plain name inside isolates, so that its direction does not turn the words around it."""
    name = plain_name(raw)
    return f"{_FIRST_STRONG_ISOLATE}{name}{_POP_ISOLATE}" if name else ""
