"""From the entry log to the times at which somebody was inside, as far as the log can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.core.attendance import in_order
from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord

_COMING_IN = frozenset({EntryAct.IN, EntryAct.OVERRIDE})


@dataclass(frozen=True)
class Stay:
    """One time inside, from an entry until the exit that was recorded for it.

    until: aware; None while nobody recorded an exit. seen_out: the guest was seen to leave; not
    where everybody was let out at once, or came in anew without having left.
    """

    guest: str
    occasion: str
    door: str
    since: datetime
    until: datetime | None = None
    seen_out: bool = False
    basis: EntryBasis = EntryBasis.SCANNED


def stays(records: Iterable[EntryRecord]) -> dict[str, tuple[Stay, ...]]:
    """The stays of every guest who came in, by pseudonym, in the order in which they began."""
    found: dict[str, list[Stay]] = {}
    for record in in_order(records):
        own = found.setdefault(record.guest, [])
        inside = bool(own) and own[-1].until is None
        if record.act in _COMING_IN:
            if inside:
                own[-1] = replace(own[-1], until=record.when)
            own.append(
                Stay(record.guest, record.occasion, record.door, record.when, basis=record.basis)
            )
        elif record.act is EntryAct.OUT and inside:
            seen = record.basis is not EntryBasis.EVERYONE_OUT
            own[-1] = replace(own[-1], until=record.when, seen_out=seen)
    return {guest: tuple(own) for guest, own in found.items() if own}


def most_at_once(all_stays: Sequence[Stay], closes: datetime) -> int:
    """The most guests inside at one time; nobody is taken to stay longer than `closes`."""
    steps = [(stay.since, 1) for stay in all_stays]
    steps += [(max(stay.since, min(stay.until or closes, closes)), -1) for stay in all_stays]
    inside = most = 0
    for _, step in sorted(steps):  # who leaves goes before who comes at the same instant
        inside += step
        most = max(most, inside)
    return most
