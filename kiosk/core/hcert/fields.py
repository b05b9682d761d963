"""Fields of a DCC, read leniently where real issuers differ and strictly where they must not.

Each function takes a value, leaves a note where it had to be lenient, gives the form of the schema,
and raises DecodeError(DCC_MALFORMED) for what it cannot make sense of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason

MAX_NAME = 80  # characters; eu-dcc-schema 1.3.x
MAX_FIELD = 200  # characters; schema says 80, real Hungarian ones are a little longer

Reader = Callable[[Any, list[Note]], Any]

# ASCII digits and this one shape only: int() and fromisoformat() take far more than the schema.
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"[Tt ](\d\d:\d\d)(?:(:\d\d)(?:[.,](\d{1,9}))?)?"
    r"(?:([Zz])|([+-]\d\d)(?:(:?)(\d\d))?)?",
    re.ASCII,
)
_BIRTH = re.compile(r"((19|20)\d\d(-\d\d){0,2})?", re.ASCII)
_STANDARD = re.compile(r"[A-Z<]*", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def text(value: Any, notes: list[Note]) -> str:
    """A string, trimmed and composed (NFC)."""
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        raise DecodeError(Reason.DCC_MALFORMED)
    trimmed = value.strip()
    if trimmed != value:
        notes.append(Note.TEXT_TRIMMED)
    return unicodedata.normalize("NFC", trimmed)


def display_name(value: str) -> str:
    """A name for eyes: no control, format or private characters, 80 at most."""
    kept = (c for c in value if unicodedata.category(c) not in _UNSEEN)
    return "".join(kept)[:MAX_NAME].strip()


def standard_name(value: str) -> str:
    """A transliterated name of ICAO 9303 (A-Z and `<`), without fillers at its ends."""
    value = re.sub(r"[\s<]+", "<", value).strip("<")
    if len(value) > MAX_NAME or not _STANDARD.fullmatch(value):
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def whole_number(value: Any, notes: list[Note]) -> int:
    """An integer; real issuers send 2.0 for 2."""
    if isinstance(value, float) and value.is_integer():
        notes.append(Note.NUMBER_NOT_INTEGER)
        value = int(value)
    if type(value) is not int or not 0 <= value <= 99:
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def day(value: Any, notes: list[Note]) -> str:
    """A full local date, YYYY-MM-DD; a time behind it is dropped (real Bulgarian ones)."""
    value = text(value, notes)
    match = _DAY.match(value)
    if match is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    rest = value[match.end() :]
    if rest:
        if not _TIME.fullmatch(rest):
            raise DecodeError(Reason.DCC_MALFORMED)
        notes.append(Note.DATE_REPAIRED)
    try:
        date.fromisoformat(match[0])
    except ValueError:
        raise DecodeError(Reason.DCC_MALFORMED) from None
    return match[0]


def instant(value: Any, notes: list[Note]) -> str:
    """An instant (RFC 3339) with its zone; without one it is UTC, as CertLogic reads it."""
    value = text(value, notes)
    day_part = _DAY.match(value)
    if day_part is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    time_part = _TIME.fullmatch(value[day_part.end() :])
    if time_part is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    minutes, seconds, fraction, zulu, hours_off, colon, minutes_off = time_part.groups()
    if seconds is None or (hours_off and not colon):
        notes.append(Note.DATE_REPAIRED)
    if not zulu and not hours_off:
        notes.append(Note.ZONE_MISSING)
    fraction = f".{fraction}" if fraction else ""
    zone = f"{hours_off}:{minutes_off or '00'}" if hours_off else "Z"
    repaired = f"{day_part[0]}T{minutes}{seconds or ':00'}{fraction}{zone}"
    try:
        datetime.fromisoformat(repaired).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DecodeError(Reason.DCC_MALFORMED) from None
    return repaired


def birth_date(value: str, notes: list[Note]) -> str:
    """A birth date as written: YYYY-MM-DD, YYYY-MM, YYYY or empty (schema 1.1.0 and later)."""
    time_start = value.find("T")
    if time_start > 0 and _TIME.fullmatch(value[time_start:]):
        notes.append(Note.DATE_REPAIRED)
        value = value[:time_start]
    if not _BIRTH.fullmatch(value):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(value) < 10:
        notes.append(Note.BIRTH_DATE_PARTIAL)
    return value
