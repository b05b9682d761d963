"""A whole name in one cell, parted into family name and given names."""

from __future__ import annotations


def parted(name: str) -> tuple[str, str]:
    """Family name and given names: `DUPONT, Marie` by its comma, else by capitals, else the last.

    `Marie DUPONT` and `DUPONT Marie` are told by the capitals; else the last word is the family.
    """
    if "," in name:
        family, _, given = name.partition(",")
        return family.strip(), given.strip()
    words = name.split()
    capitals = [w for w in words if len(w) > 1 and w == w.upper() and any(map(str.isalpha, w))]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals).title(), " ".join(w for w in words if w not in capitals)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")
