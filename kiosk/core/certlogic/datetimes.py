"""Date-times of CertLogic: always in UTC, to the millisecond ("Offset date-time").

Offsetting is that of ECMAScript's setUTCFullYear and its sisters: what overflows a month goes on
in the next one, so that 29 February 2020 and one year is 1 March 2021.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kiosk.core.certlogic.errors import EvaluationError

_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d?)(?::?([0-5]\d))?)?)?",
    re.ASCII,
)
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_MIDNIGHT = "00:00:00"
_MAX_OFFSET = 23  # hours (ISO 8601)


def parse(text: str) -> datetime:
    """A date, partial date or date-time in one of the formats of `plusTime`.

    A missing time is midnight, a missing offset UTC; a partial date is its last day.
    Raises EvaluationError.
    """
    try:
        match = _DATE_TIME.fullmatch(text)
        if match is None:
            return _last_day(text)
        day, time, fraction, sign, hours, minutes = match.groups()
        instant = datetime.fromisoformat(f"{day}T{time or _MIDNIGHT}+00:00")
        if fraction:
            instant = instant.replace(microsecond=int(fraction[:3].ljust(3, "0")) * 1000)
        if sign:
            instant -= _offset(sign, int(hours), int(minutes or 0))
    except (ValueError, OverflowError):
        raise EvaluationError("not a date or date-time") from None
    return instant


def date_of_birth(text: str) -> datetime:
    """The last day that a birth date of a certificate may mean. Raises EvaluationError."""
    if not _DATE.fullmatch(text):
        raise EvaluationError("not a date of birth")
    return parse(text)


def _last_day(text: str) -> datetime:
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise ValueError
    year, month = int(match.group(1)), int(match.group(2) or 12)
    return datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)


def _offset(sign: str, hours: int, minutes: int) -> timedelta:
    if hours > _MAX_OFFSET:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return offset if sign == "+" else -offset


def _plus_months(instant: datetime, months: int) -> datetime:
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    first = instant.replace(year=year, month=month + 1, day=1)
    return first + timedelta(days=instant.day - 1)


_PLUS: dict[str, Callable[[datetime, int], datetime]] = {
    "year": lambda instant, amount: _plus_months(instant, 12 * amount),
    "month": _plus_months,
    "day": lambda instant, amount: instant + timedelta(days=amount),
    "hour": lambda instant, amount: instant + timedelta(hours=amount),
}
UNITS = tuple(_PLUS)


def plus(instant: datetime, amount: int, unit: str) -> datetime:
    """`instant` with `amount` of one of the UNITS added. Raises EvaluationError."""
    try:
        return _PLUS[unit](instant, amount)
    except (ValueError, OverflowError):
        raise EvaluationError("a date-time beyond the calendar") from None
