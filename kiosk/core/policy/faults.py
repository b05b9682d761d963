"""Faults of an event file: where, what, and the remedy; and values read while collecting them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

_DURATION = re.compile(r"(\d{1,5})\s*(s|min|h|days?)", re.ASCII)
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "day": "days", "days": "days"}
_YEARS = range(2000, 2200)  # others are slips, and near the calendar's ends nothing can be added
_HEADER = re.compile(r"\s*\[+\s*([A-Za-z0-9_.\-]+)\s*\]+")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an event file; `line` counts from 1, 0 for the file as a whole."""

    line: int
    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"line {self.line}: {self.where}: {self.problem}. {self.remedy}"


class Lines:
    """Where tables and keys stand in a TOML text; the parser of the standard library forgets."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, int, str], int] = {}
        table, counts = "", {"": 0}
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = header.group(1)
                counts[table] = counts.get(table, -1) + 1
                self._lines[table, counts[table], ""] = number
            elif key := _KEY.match(line):
                self._lines.setdefault((table, counts[table], key.group(1)), number)

    def of(self, table: str, index: int, key: str) -> int:
        """The line of a key or of the table that it names, else of its own table, else 0."""
        places = ((table, index, key), (f"{table}.{key}", 0, ""), (table, index, ""))
        return next((self._lines[place] for place in places if place in self._lines), 0)


class Section:
    """One table of the file, read key by key; whatever is wrong goes into `faults`."""

    def __init__(
        self, name: str, values: object, lines: Lines, faults: list[Fault], index: int = 0
    ) -> None:
        self._name, self._lines, self._faults, self._index = name, lines, faults, index
        self._present = isinstance(values, dict)
        self._values: Mapping[str, Any] = values if isinstance(values, dict) else {}
        self._asked: set[str] = set()
        self._unsound: set[str] = set()
        if not self._present:
            self.fault("", "this table is missing", f"Add [{name}].")

    def fault(self, key: str, problem: str, remedy: str) -> None:
        """Record a fault at `key` (or the table, where `key` is empty)."""
        where = f"{self._name}.{key}" if key else self._name
        line = self._lines.of(self._name, self._index, key)
        self._faults.append(Fault(line, where, problem, remedy))

    def table(self, key: str) -> Section:
        """The table below this one."""
        values = self._get(key, None)
        return Section(f"{self._name}.{key}", values, self._lines, self._faults)

    def sound(self, *keys: str) -> bool:
        """Whether all these were read without a fault, so that they can be compared."""
        return self._unsound.isdisjoint(keys)

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not empty."""
        value = self._get(key, default)
        if isinstance(value, str) and (value.strip() or default == ""):
            return value.strip()
        return self._wrong(key, value, "a text in quotes", "")

    def number(self, key: str) -> int | None:
        """A whole number of at least 1; None where it is absent."""
        value = self._get(key, 0)
        if value == 0 and key not in self._values:
            return None
        if type(value) is int and value >= 1:
            return value
        return self._wrong(key, value, "a whole number of at least 1", None)

    def duration(self, key: str, default: str | None = None) -> timedelta:
        """A length of time such as "72 h", "7 days", "60 min", "30 s"."""
        value = self._get(key, default)
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return self._wrong(key, value, 'a length of time such as "72 h" or "7 days"', _ZERO)
        return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})

    def days(self, key: str) -> timedelta:
        """A length of time that is compared by date: whole days."""
        length = self.duration(key)
        if length % _DAY:
            return self._wrong(key, length, 'whole days such as "7 days": it counts by date', _ZERO)
        return length

    def duration_if_any(self, key: str) -> timedelta | None:
        """A length of time; None where it is absent."""
        return self.duration(key) if key in self._values else None

    def choice(self, key: str, kinds: Iterable[T], default: str | None = None) -> T:
        """One of the values of an enumeration of texts."""
        allowed = {str(kind): kind for kind in kinds}
        value = self._get(key, default)
        if isinstance(value, str) and value in allowed:
            return allowed[value]
        return self._wrong(key, value, _one_of(allowed), next(iter(allowed.values())))

    def choice_if_any(self, key: str, kinds: Iterable[T]) -> T | None:
        """One of the values of an enumeration of texts; None where it is absent."""
        return self.choice(key, kinds) if key in self._values else None

    def choices(self, key: str, kinds: Iterable[T], default: list[str] | None = None) -> list[T]:
        """Several of the values of an enumeration of texts, each once."""
        allowed = {str(kind): kind for kind in kinds}
        values = self.texts(key, default)
        if unknown := [value for value in values if value not in allowed]:
            return self._wrong(key, unknown[0], _one_of(allowed), [])
        return [allowed[value] for value in values]

    def texts(self, key: str, default: list[str] | None = None) -> list[str]:
        """A list of texts, each once."""
        values = self._get(key, default)
        if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
            return self._wrong(key, values, "a list of texts in quotes", [])
        if len(set(values)) != len(values):
            return self._wrong(key, values, "a list that names each value once", [])
        return values

    def local_time(self, key: str, zone: ZoneInfo) -> datetime:
        """A date-time of the venue's wall clock, made aware."""
        value = self._get(key, None)
        if isinstance(value, datetime) and value.year in _YEARS:
            aware = value.tzinfo is not None
            return value.astimezone(zone) if aware else value.replace(tzinfo=zone)
        return self._wrong(key, value, "a date and time such as 2021-11-22T09:00:00", _LONG_AGO)

    def finish(self) -> None:
        """Name what nobody asked for: a mistyped key must not be silently ignored."""
        for key in self._values.keys() - self._asked:
            self.fault(key, "this key is not known", "Correct its spelling or delete the line.")

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        return self._values.get(key, default)

    def _wrong(self, key: str, value: object, wanted: str, instead: T) -> T:
        self._unsound.add(key)
        if self._present:
            problem = "is missing" if value is None else f"is not {wanted}"
            self.fault(key, problem, f"Write {wanted}.")
        return instead


def _one_of(allowed: Mapping[str, object]) -> str:
    return "one of " + ", ".join(f'"{name}"' for name in allowed)


_ZERO = timedelta()
_DAY = timedelta(days=1)
_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
