"""Fields of a DCC, read leniently where real issuers differ and strictly where they must not.

Each function raises DecodeError(DCC_MALFORMED) for what it cannot make sense of, and leaves a
note where it had to be lenient.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason

MAX_NAME = 80  # characters; eu-dcc-schema 1.3.x
MAX_FIELD = 200  # characters; schema says 80, real Hungarian ones are a little longer

# ASCII digits and this one shape only: int() and fromisoformat() take far more than the schema.
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"(?:([Zz])|([+-])(\d\d)(?:(:?)(\d\d))?)?",
    re.ASCII,
)
_BIRTH = re.compile(r"((19|20)\d\d(-\d\d){0,2})?", re.ASCII)
_STANDARD = re.compile(r"[A-Z<]*", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def text(source: Mapping[Any, Any], key: str) -> str:
    """A string, trimmed and composed (NFC); empty where it is absent or null."""
    value = source.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        raise DecodeError(Reason.DCC_MALFORMED)
    return unicodedata.normalize("NFC", value).strip()


def display_name(source: Mapping[Any, Any], key: str) -> str:
    """A name for eyes: no control, format or private characters, 80 at most."""
    kept = (c for c in text(source, key) if unicodedata.category(c) not in _UNSEEN)
    return "".join(kept)[:MAX_NAME].strip()


def standard_name(source: Mapping[Any, Any], key: str) -> str:
    """A transliterated name of ICAO 9303 (A-Z and `<`), without fillers at its ends."""
    value = re.sub(r"[\s<]+", "<", text(source, key)).strip("<")
    if len(value) > MAX_NAME or not _STANDARD.fullmatch(value):
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def whole_number(source: Mapping[Any, Any], key: str, notes: list[Note]) -> int:
    """An integer; real issuers send 2.0 for 2."""
    value = source.get(key)
    if isinstance(value, float) and value.is_integer():
        notes.append(Note.NUMBER_NOT_INTEGER)
        value = int(value)
    if type(value) is not int or not 0 <= value <= 99:
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def day(source: Mapping[Any, Any], key: str, notes: list[Note]) -> date:
    """A full local date; a time behind it is dropped (real Bulgarian and Singaporean ones)."""
    value = text(source, key)
    match = _DAY.match(value)
    if match is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    rest = value[match.end() :]
    if rest:
        if not _TIME.fullmatch(rest):
            raise DecodeError(Reason.DCC_MALFORMED)
        notes.append(Note.DATE_REPAIRED)
    return _date(match)


def instant(source: Mapping[Any, Any], key: str, notes: list[Note]) -> datetime:
    """An aware instant (RFC 3339); without a zone it is UTC, as CertLogic reads it."""
    value = text(source, key)
    day_part = _DAY.match(value)
    if day_part is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    time_part = _TIME.fullmatch(value[day_part.end() :])
    if time_part is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    hour, minute, second, fraction, _, sign, _, colon, _ = time_part.groups()
    if second is None or (sign and not colon):
        notes.append(Note.DATE_REPAIRED)
    try:
        return datetime(
            int(day_part[1]),
            int(day_part[2]),
            int(day_part[3]),
            int(hour),
            int(minute),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
            tzinfo=_zone(time_part, notes),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DecodeError(Reason.DCC_MALFORMED) from None


def birth_date(source: Mapping[Any, Any], notes: list[Note]) -> str:
    """A birth date as written: YYYY-MM-DD, YYYY-MM, YYYY or empty (schema 1.1.0 and later)."""
    value = text(source, "dob")
    time_start = value.find("T")
    if time_start > 0 and _TIME.fullmatch(value[time_start:]):
        notes.append(Note.DATE_REPAIRED)
        value = value[:time_start]
    if not _BIRTH.fullmatch(value):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(value) < 10:
        notes.append(Note.BIRTH_DATE_PARTIAL)
    return value


def _zone(match: re.Match[str], notes: list[Note]) -> timezone:
    zulu, sign, hours, minutes = match.group(5, 6, 7, 9)
    if zulu:
        return UTC
    if sign is None:
        notes.append(Note.ZONE_MISSING)
        return UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)


def _date(match: re.Match[str]) -> date:
    year, month, day_of_month = (int(part) for part in match.groups())
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise DecodeError(Reason.DCC_MALFORMED) from None
