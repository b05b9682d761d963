"""Fields of a DCC, read leniently where real issuers differ and strictly where they must not.

Each reader takes a value, leaves a note where it had to be lenient, gives the form of the schema,
and raises DecodeError(DCC_MALFORMED) for what it cannot make sense of.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from kiosk.core.hcert.cbor import Tagged
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason

MAX_NAME = 80  # characters; eu-dcc-schema 1.3.x
MAX_FIELD = 200  # characters; schema says 80, real Hungarian ones are a little longer

Reader = Callable[[Any, list[Note]], Any]

# ASCII digits and this one shape only: int() and fromisoformat() take far more than the schema.
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_INSTANT = re.compile(
    rf"\d{{4}}-\d\d-\d\dT{_HOUR}:{_SIXTY}:{_SIXTY}(?:\.\d{{1,9}})?(?:Z|[+-]{_HOUR}:{_SIXTY})",
    re.ASCII,
)
_TIME = re.compile(
    rf"[Tt ]({_HOUR}:{_SIXTY})(?:(:{_SIXTY})(?:[.,](\d{{1,9}}))?)?"
    rf"(?:([Zz])|([+-]{_HOUR})(?:(:?)({_SIXTY}))?)?",
    re.ASCII,
)
_BIRTH = re.compile(r"(?:(?:19|20)\d\d(?:-\d\d){0,2})?", re.ASCII)
_STANDARD = re.compile(r"(?:[A-Z]+(?:<[A-Z]+)*)?", re.ASCII)
_FILLERS = re.compile(r"[\s<]+")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def text(value: Any, notes: list[Note]) -> str:
    """A string, trimmed and composed (NFC)."""
    if type(value) is not str or len(value) > MAX_FIELD:
        raise DecodeError(Reason.DCC_MALFORMED)
    trimmed = value.strip()
    if len(trimmed) != len(value):
        notes.append(Note.TEXT_TRIMMED)
    return trimmed if trimmed.isascii() else unicodedata.normalize("NFC", trimmed)


def display_name(value: str) -> str:
    """A name for eyes: no control, format or private characters, 80 at most."""
    if not value.isprintable():
        value = "".join(c for c in value if unicodedata.category(c) not in _UNSEEN)
    return value[:MAX_NAME].strip()


def standard_name(value: str) -> str:
    """A transliterated name of ICAO 9303 (A-Z and `<`), without fillers at its ends."""
    if not _STANDARD.fullmatch(value):
        value = _FILLERS.sub("<", value).strip("<")
        if not _STANDARD.fullmatch(value):
            raise DecodeError(Reason.DCC_MALFORMED)
    if len(value) > MAX_NAME:
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def whole_number(value: Any, notes: list[Note]) -> int:
    """An integer; real issuers send 2.0 for 2."""
    if type(value) is float and value.is_integer():
        notes.append(Note.NUMBER_NOT_INTEGER)
        value = int(value)
    if type(value) is not int or not 0 <= value <= 99:
        raise DecodeError(Reason.DCC_MALFORMED)
    return value


def day(value: Any, notes: list[Note]) -> str:
    """A full local date, YYYY-MM-DD; a time behind it is dropped (real Bulgarian ones)."""
    value = text(_untagged(value, notes), notes)
    written: str = value[:10]
    if not _DAY.fullmatch(written):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(value) > 10:
        if not _TIME.fullmatch(value, 10):
            raise DecodeError(Reason.DCC_MALFORMED)
        notes.append(Note.DATE_REPAIRED)
    try:
        date.fromisoformat(written)
    except ValueError:
        raise DecodeError(Reason.DCC_MALFORMED) from None
    return written


def instant(value: Any, notes: list[Note]) -> str:
    """An instant (RFC 3339) with its zone; without one it is UTC, as CertLogic reads it."""
    written = text(_untagged(value, notes), notes)
    if not _INSTANT.fullmatch(written):
        written = _repaired(written, notes)
    try:
        datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DecodeError(Reason.DCC_MALFORMED) from None
    return written


def birth_date(value: Any, notes: list[Note]) -> str:
    """A birth date as written: YYYY-MM-DD, YYYY-MM, YYYY or empty (schema 1.1.0 and later)."""
    written = text(_untagged(value, notes), notes)
    if len(written) > 10 and _TIME.fullmatch(written, 10):
        notes.append(Note.DATE_REPAIRED)
        written = written[:10]
    if not _BIRTH.fullmatch(written):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(written) < 10:
        notes.append(Note.BIRTH_DATE_PARTIAL)
    return written


def _repaired(value: str, notes: list[Note]) -> str:
    day_part = _DAY.match(value)
    time_part = _TIME.fullmatch(value, 10) if day_part else None
    if day_part is None or time_part is None:
        raise DecodeError(Reason.DCC_MALFORMED)
    minutes, seconds, fraction, zulu, hours_off, colon, minutes_off = time_part.groups()
    if seconds is None or (hours_off and not colon):
        notes.append(Note.DATE_REPAIRED)
    if not zulu and not hours_off:
        notes.append(Note.ZONE_MISSING)
    fraction = f".{fraction}" if fraction else ""
    zone = f"{hours_off}:{minutes_off or '00'}" if hours_off else "Z"
    return f"{day_part[0]}T{minutes}{seconds or ':00'}{fraction}{zone}"


def _untagged(value: Any, notes: list[Note]) -> Any:
    """The text under a date tag: 0 and 1004 hold one, 1 the seconds since 1970 (RFC 8949 3.4)."""
    if type(value) is not Tagged:
        return value
    notes.append(Note.DATE_TAGGED)
    number, content = value
    if number != 1:
        return content
    if type(content) is not int and (type(content) is not float or not math.isfinite(content)):
        raise DecodeError(Reason.DCC_MALFORMED)
    try:
        at = datetime.fromtimestamp(content, UTC)
    except (ValueError, OverflowError, OSError):
        raise DecodeError(Reason.DCC_MALFORMED) from None
    return at.isoformat().replace("+00:00", "Z")
