"""What a cell means: words in French and English, dates, years; None for nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar

from kiosk.core.guests.badge import ID_LENGTH
from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.guests.known import plain

YEARS_OF_BIRTH = range(1900, 2101)
YEARS_OF_REGISTRATION = range(2000, 2101)

_YES = frozenset({"yes", "oui", "y", "o", "x", "1", "true", "vrai", "ok", "ja", "✓", "✔", "☑", "☒"})
_NO = frozenset({"", "no", "non", "n", "0", "false", "faux", "nein", "-", "–", "—", "☐", "none"})
_ATTENDANCE = {
    Attendance.IN_PERSON: (
        *("", "in person", "on site", "onsite", "sur place", "presentiel", "en personne"),
        *("en presentiel", "physical", "physique", "in-person", "on-site", "present", "presente"),
    ),
    Attendance.REMOTE: (
        *("remote", "online", "livestream", "distance", "a distance", "distanciel", "virtual"),
        *("en distanciel", "en ligne", "virtuel", "visio", "visioconference", "remotely", "stream"),
    ),
}
_SELECTION = {
    Selection.SELECTED: (
        *("", "selected", "confirmed", "selectionne", "selectionnee", "confirme", "confirmee"),
        *("accepted", "accepte", "acceptee", "retenu", "retenue", "approved", "valide", "validee"),
    ),
    Selection.WAITING: (
        *("waiting", "waiting list", "waitlist", "waitlisted", "pending", "en attente", "attente"),
        *("liste d'attente", "sur liste d'attente", "on waiting list"),
    ),
    Selection.DECLINED: (
        *("declined", "refused", "refuse", "refusee", "decline", "declinee", "annule", "annulee"),
        *("rejected", "rejete", "rejetee", "cancelled", "canceled", "non retenu", "non retenue"),
        *("not selected", "non selectionne", "non selectionnee", "desiste", "desistee"),
    ),
}
_BADGE = re.compile(rf"[0-9a-f]{{{2 * ID_LENGTH}}}", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ,].*)?", re.ASCII)
_SERIAL = re.compile(
    r"(\d{5})(?:\.\d+)?", re.ASCII
)  # 1927 to 2173; the fraction is the time of day
_REMARK = re.compile(r"\s*\([^)]*\)$")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  # controls, formats, private, unassigned
M = TypeVar("M", bound=Enum)


def one_line(cell: str) -> str:
    """Composed, with single blanks, and without characters that nobody sees (security.md T15)."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    if not cell.isprintable():
        blanks = "".join(" " if c.isspace() else c for c in cell)
        cell = "".join(c for c in blanks if unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", cell).split())


def is_garbled(text: str) -> bool:
    """Whether UTF-8 was read as Windows-1252 once ("ChloÃ©"), or a letter was lost (U+FFFD)."""
    if text.isascii():
        return False
    if "\ufffd" in text:
        return True
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def yes_or_no(value: str) -> bool | None:
    """Yes, no, and the ticks and crosses that people put; empty is no."""
    word = plain(value)
    return True if word in _YES else False if word in _NO else None


def attendance_of(value: str) -> Attendance | None:
    """In person or remote, whatever is remarked in brackets; empty is in person."""
    word = plain(value)
    return _meaning(_REMARK.sub("", word) or word, _ATTENDANCE)


def selection_of(value: str) -> Selection | None:
    """Selected, waiting or declined, whatever is remarked in brackets; empty is selected."""
    word = _REMARK.sub("", plain(value)) or plain(value)
    if word and word in _YES:
        return Selection.SELECTED
    if word and word in _NO:
        return Selection.DECLINED
    return _meaning(word, _SELECTION)


def _meaning(word: str, words: Mapping[M, tuple[str, ...]]) -> M | None:
    return next((meaning for meaning, spellings in words.items() if word in spellings), None)


def badge_of(value: str) -> bytes | None:
    """The id of an earlier export: 16 digits 0-9 a-f, with blanks or hyphens; empty stays empty."""
    digits = re.sub(r"[\s-]", "", value.lower())
    return bytes.fromhex(digits) if not digits or _BADGE.fullmatch(digits) else None


def pseudonym_of(value: str) -> str | None:
    """A guest's id of an earlier export, written like a badge id; empty stays empty."""
    found = badge_of(value)
    return None if found is None else found.hex()


def year_of(value: str) -> int | None:
    """A year of birth."""
    year = int(value) if re.fullmatch(r"\d{4}", value, re.ASCII) else 0
    return year if year in YEARS_OF_BIRTH else None


def month_comes_first(values: Iterable[str]) -> bool:
    """Whether dates are American: 11/25/2021 is one, and none is as 25/11/2021."""
    firsts, seconds = set[bool](), set[bool]()
    for value in values:
        if written := _DATE.fullmatch(value):
            firsts.add(int(written[1]) > 12)
            seconds.add(int(written[2]) > 12)
    return True in seconds and True not in firsts


def date_of(value: str, day_0: date, month_first: bool = False) -> date | None:
    """The day that a cell tells: ISO 8601, day before month, or Excel's serial date."""
    if iso := _ISO_DATE.fullmatch(value):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if serial := _SERIAL.fullmatch(value):
        found = day_0 + timedelta(days=int(serial[1]))
        return found if found.year in YEARS_OF_REGISTRATION else None
    if written := _DATE.fullmatch(value):
        first, second, year = int(written[1]), int(written[2]), int(written[3])
        day, month = (second, first) if month_first else (first, second)
        return _day(year + 2000 if year < 100 else year, month, day)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS_OF_REGISTRATION else None
    except ValueError:
        return None
