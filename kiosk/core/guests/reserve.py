"""Blank badges in reserve: signed beforehand, on no guest's name, for the desk to hand out.

Each desk has its own, with a number that people can read ("R2-017"). The list tells every desk
whose a blank badge was; it holds nothing of a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.core.guests.badge import ID_LENGTH

MAX_BLANKS = 999  # of one desk: three digits
_NUMBER = re.compile(r"R([0-9A-Z]{1,3})-([0-9]{3})", re.ASCII)
_BADGE = re.compile(rf"[0-9a-f]{{{2 * ID_LENGTH}}}", re.ASCII)
_FIELDS = frozenset({"badge", "desk", "number"})


@dataclass(frozen=True)
class ReserveBadge:
    """A blank badge: its opaque id, the desk that has it, and the number printed on it."""

    badge: bytes
    desk: str
    number: str


class ReserveError(ValueError):
    """A list of blank badges that cannot be taken in, or no numbers left; with the remedy."""


class Reserve:
    """All blank badges of an event."""

    def __init__(self, badges: Iterable[ReserveBadge] = ()) -> None:
        self._by_badge = {one.badge: one for one in badges}
        self._by_number = {one.number: one for one in self._by_badge.values()}

    def __len__(self) -> int:
        return len(self._by_badge)

    def __iter__(self) -> Iterator[ReserveBadge]:
        return iter(self._by_badge.values())

    def find(self, badge_id: bytes) -> ReserveBadge | None:
        """The blank badge of that id."""
        return self._by_badge.get(badge_id)

    def by_number(self, number: str) -> ReserveBadge | None:
        """The blank badge with that number, as somebody reads it out."""
        return self._by_number.get(number.strip().upper())

    def next_numbers(self, desk: str, count: int) -> tuple[str, ...]:
        """The next free numbers of a desk. Raises ReserveError when there are not so many."""
        series = series_of(desk)
        others = {one.desk for one in self if one.number.startswith(f"R{series}-")} - {desk}
        if others:
            raise ReserveError(
                f'"{desk}" would number its blank badges R{series}-..., as "{min(others)}" does. '
                "Give it a name with another number in it."
            )
        used = [one.number for one in self if one.desk == desk]
        last = max((int(number[-3:]) for number in used), default=0)
        if last + count > MAX_BLANKS:
            raise ReserveError(f"A desk has {MAX_BLANKS} blank badges at most; {last} are made.")
        return tuple(f"R{series}-{last + at:03d}" for at in range(1, count + 1))


def series_of(desk: str) -> str:
    """What stands for a desk in its numbers: its own number, else its first letters."""
    digits = re.findall(r"[0-9]+", desk)
    letters = re.sub(r"[^A-Z]", "", desk.upper())
    series = digits[-1].lstrip("0")[:3] if digits else letters[:3]
    if not series:
        raise ReserveError(f'"{desk}" has neither a number nor a letter A-Z. Name it "Desk 2".')
    return series


def reserve_json(reserve: Reserve) -> str:
    """The list in the form in which it travels to the desks."""
    rows = [
        {"badge": one.badge.hex(), "desk": one.desk, "number": one.number}
        for one in sorted(reserve, key=lambda one: one.number)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=0)


def read_reserve(text: str) -> Reserve:
    """What `reserve_json` wrote. Raises ReserveError."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise ReserveError("This is no list of blank badges. Take it from the organiser again.")
    badges = [_badge(row) for row in rows]
    reserve = Reserve(badges)
    if not len(reserve) == len(badges) == len({one.number for one in badges}):
        raise ReserveError("A blank badge stands twice in the list. Take it again.")
    return reserve


def _badge(row: object) -> ReserveBadge:
    if isinstance(row, dict) and row.keys() == _FIELDS:
        badge, desk, number = row["badge"], row["desk"], row["number"]
        whole = all(isinstance(value, str) for value in (badge, desk, number))
        if whole and _BADGE.fullmatch(badge) and _NUMBER.fullmatch(number):
            return ReserveBadge(bytes.fromhex(badge), desk, number)
    raise ReserveError("A row of the list of blank badges is damaged. Take it again.")
