"""What the entry log adds up to: who was checked, is in, or left.

Everything here is a fold over the set of records, so their order of arrival is irrelevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord, next_hlc
from kiosk.core.guests.standing import Standing


class Attendance:
    """Who was checked, is in, or left, by local day: a fold over entry records."""

    def __init__(self, zone: ZoneInfo, records: Iterable[EntryRecord] = ()) -> None:
        self._zone = zone
        self._records: dict[tuple[date, str], list[EntryRecord]] = {}
        self._counting: dict[date, dict[str, list[EntryRecord]]] = {}
        self._standings: dict[date, dict[str, Standing]] = {}
        self._places: dict[str, tuple[date, str]] = {}
        self._undone: set[str] = set()
        self._handed_on: dict[tuple[str, str], list[EntryRecord]] = {}
        self._stale: set[tuple[date, str]] = set()  # to be folded before anybody looks
        self._days: dict[int, date] = {}  # by quarter of an hour: zones change at none other
        for record in records:
            self.add(record)

    def add(self, record: EntryRecord) -> None:
        """Take in one more record; the same one twice counts once."""
        if record.id in self._places or not record.guest:
            return
        place = self._day(record.when), record.guest
        self._places[record.id] = place
        self._records.setdefault(place, []).append(record)
        if record.cause is Cause.SUBSTITUTION:
            self._handed_on.setdefault((record.guest, record.occasion), []).append(record)
        self._standings.setdefault(place[0], {}).setdefault(record.guest, Standing())
        self._stale.add(place)
        if record.cause is Cause.UNDONE:
            self._undone.add(record.refers)
            if record.refers in self._places:  # before midnight, it may be
                self._stale.add(self._places[record.refers])

    def _fold(self) -> None:
        while self._stale:
            day, guest = place = self._stale.pop()
            counting = self._counting_of(self._records[place])
            self._counting.setdefault(day, {})[guest] = counting
            self._standings[day][guest] = reduce(_after, counting, Standing())

    def _counting_of(self, records: Iterable[EntryRecord]) -> list[EntryRecord]:
        return in_order(record for record in records if record.id not in self._undone)

    def standing(self, guest: str, at: datetime) -> Standing:
        """Where `guest` stands on the local day of `at`."""
        return self.today(at).get(guest, Standing())

    def today(self, at: datetime) -> Mapping[str, Standing]:
        """The standing of everybody who occurs on the local day of `at`, in order of occurring."""
        self._fold()
        return self._standings.get(self._day(at), {})

    def entries(self, at: datetime, guest: str = "") -> Iterator[EntryRecord]:
        """What counts of the local day of `at`, of everybody or of one guest, guest by guest."""
        self._fold()
        today = self._counting.get(self._day(at), {})
        for records in [today.get(guest, [])] if guest else today.values():
            yield from records

    def handed_on(self, guest: str, occasion: str) -> EntryRecord | None:
        """The note that the guest's seat was given to another, whose pseudonym it refers to."""
        notes = self._counting_of(self._handed_on.get((guest, occasion), ()))
        return notes[-1] if notes else None

    def _day(self, at: datetime) -> date:
        quarter = int(at.timestamp()) // 900
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = at.astimezone(self._zone).date()
        return day


def in_order(records: Iterable[EntryRecord]) -> list[EntryRecord]:
    """The records that count, each once, in the order in which they happened."""
    known = {record.id: record for record in records}
    undone = {record.refers for record in known.values() if record.cause is Cause.UNDONE}
    return sorted((r for r in known.values() if r.id not in undone), key=_order)


def _order(record: EntryRecord) -> tuple[int, str, str, int]:
    """Records in the order in which they happened; the hybrid clock where they were recorded."""
    hlc = next_hlc(0, record.happened) if record.happened else record.hlc
    return hlc, record.kiosk, record.epoch, record.seq


_ACCEPTED = frozenset({EntryAct.CHECK, EntryAct.IN, EntryAct.OVERRIDE})
_NO_PROOF = frozenset({EntryBasis.BADGE_ONLY, EntryBasis.REENTRY})


def _after(before: Standing, record: EntryRecord) -> Standing:
    if record.act in _ACCEPTED and record.basis not in _NO_PROOF:
        before = replace(before, proved=True)
    match record.act:
        case EntryAct.CHECK:
            return replace(
                before,
                checked=True,
                checked_at=record.when,
                occasion=record.occasion,
                seats=before.seats | {record.occasion},
            )
        case EntryAct.IN | EntryAct.OVERRIDE:
            return replace(
                before,
                admitted=True,
                admitted_to=record.occasion,
                inside_at=record.door,
                occasion=record.occasion,
                last_in=record.when,
                entered=before.entered | {record.occasion},
                seats=before.seats | {record.occasion},
            )
        case EntryAct.OUT:
            return replace(before, inside_at="")
        case EntryAct.REFUSED:  # no longer awaited; a seat stays with who has come in to it
            return replace(before, checked=False, seats=before.entered)
        case EntryAct.NOTE if record.cause is Cause.SUBSTITUTION:
            waits = before.checked and before.occasion != record.occasion
            # Who came in at a door that did not know of it yet sits there all the same.
            seats = (before.seats - {record.occasion}) | before.entered
            return replace(before, checked=waits, seats=seats)
        case EntryAct.NOTE:
            return before
    assert_never(record.act)
