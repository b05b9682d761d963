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

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d?)(?::?([0-5]\d))?)?", re.ASCII
)
_LONGEST_DATE = 10  # characters


def parse(text: object) -> datetime:
    """The date-time of a text in one of the formats of `plusTime`.

    A missing time is midnight, a missing offset UTC; a partial date is its last day.
    Raises EvaluationError.
    """
    if type(text) is not str:
        raise EvaluationError("a date or date-time is not a text")
    try:
        return _day(text) if len(text) <= _LONGEST_DATE else _instant(text)
    except (ValueError, OverflowError):
        raise EvaluationError("not a date or date-time") from None


def date_of_birth(text: object) -> datetime:
    """The last day that a birth date of a certificate may mean. Raises EvaluationError."""
    if type(text) is str and len(text) > _LONGEST_DATE:
        raise EvaluationError("not a date of birth")
    return parse(text)


def _day(text: str) -> datetime:
    if not _DATE.fullmatch(text):
        raise ValueError
    if len(text) == _LONGEST_DATE:
        return datetime.fromisoformat(text + "T00:00:00+00:00")
    year, month = int(text[:4]), int(text[5:] or 12)
    return datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)


def _instant(text: str) -> datetime:
    if _USUAL.fullmatch(text):
        return datetime.fromisoformat(text)
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError
    day_and_time, fraction, sign, hours, minutes = match.groups()
    offset = f"{sign}{hours:0>2}:{minutes or '00'}" if sign else "+00:00"
    instant = datetime.fromisoformat(day_and_time + offset).astimezone(UTC)
    if fraction:
        instant = instant.replace(microsecond=int(fraction[:3].ljust(3, "0")) * 1000)
    return instant


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
