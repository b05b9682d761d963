"""The checksum of a certificate identifier (UVCI, `ci`): told to the organiser, never a reason.

Half of the official specimens carry a wrong one, and the guidelines forbid to rely on it; so it is
asked for where notes are shown, and not at a door.
"""

from __future__ import annotations

from kiosk.core.notes import Note

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"  # eHealth Network, UVCI, annex 2
_PREFIX = "URN:UVCI:"


def notes_on(ci: str) -> tuple[Note, ...]:
    """A note where the checksum of `ci` is absent or wrong; none where it is right."""
    body, mark, checksum = ci.rpartition("#")
    if not mark:
        return (Note.UVCI_CHECKSUM_MISSING,)
    if not body.startswith(_PREFIX):
        body = _PREFIX + body  # the checksum is over the whole, also where it is left out
    right = len(checksum) == 1 and _luhn_sum(body + checksum) == 0
    return () if right else (Note.UVCI_CHECKSUM_WRONG,)


def _luhn_sum(text: str) -> int | None:
    """Luhn's sum mod 38: each second letter from the right counts twice; None for other letters."""
    size, total = len(_LETTERS), 0
    for place, letter in enumerate(reversed(text)):
        value = _LETTERS.find(letter) * (1 + place % 2)
        if value < 0:
            return None
        total += value // size + value % size
    return total % size
