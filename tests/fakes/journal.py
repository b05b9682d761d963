"""An entry log in memory that can be told to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

from kiosk.core.entry import EntryAct, EntryDraft, EntryRecord, next_hlc
from kiosk.core.guests.amendments import Amendment
from kiosk.desk.ports import WHOLE_DAY, LogMovedError, News, StorageTroubleError


class MemoryJournal:
    """Implements the desk's `Journal`. `appends` counts transactions, `full` refuses to write."""

    def __init__(self) -> None:
        self.log: list[EntryRecord] = []
        self.amendments: list[Amendment] = []
        self.appends = 0
        self.full = False
        self.unreadable = False
        self.closed = False
        self.rests = 0
        self._tallies: Counter[tuple[str, date, int]] = Counter()

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
        answer: str = "",
    ) -> tuple[EntryRecord, ...]:
        self._check(self.full)
        if after is not None and after != len(self.log):
            raise LogMovedError
        new: list[EntryRecord] = []
        for draft in drafts:
            new.append(self._record(draft, at, (self.log + new)[-1:]))
        self.log += new
        self.amendments += amendments
        self.appends += 1
        if answer:
            self._count(answer, at)
        return tuple(new)

    def news(self, after: int = 0) -> News:
        self._check(self.unreadable)
        return News(self.log[after:], len(self.log))

    def tally(self, answer: str, door: str, at: datetime) -> None:
        del door
        self._check(self.full)
        self._count(answer, at)

    def _count(self, answer: str, at: datetime) -> None:
        utc = at.astimezone(UTC)
        self._tallies[answer, utc.date(), utc.hour] += 1

    def tallied(self, answer: str, day: date, hours: range = WHOLE_DAY) -> int:
        return sum(self._tallies[answer, day, hour] for hour in hours)

    def rest(self) -> None:
        self._check(self.full)
        self.rests += 1

    def close(self) -> None:
        self._check(self.full)
        self.closed = True

    @property
    def acts(self) -> list[tuple[EntryAct, str]]:
        """What was recorded of whom, in order."""
        return [(record.act, record.guest) for record in self.log]

    @staticmethod
    def _check(broken: bool) -> None:
        if broken:
            raise StorageTroubleError("SQLITE_FULL")

    @staticmethod
    def _record(draft: EntryDraft, at: datetime, last: Sequence[EntryRecord]) -> EntryRecord:
        seq = last[0].seq + 1 if last else 1
        return EntryRecord(
            id=f"entry-{seq}",
            epoch="epoch-1",
            seq=seq,
            event="saint-ouen-2021",
            kiosk="kiosk-1",
            act=draft.act,
            guest=draft.guest,
            occasion=draft.occasion,
            door=draft.door,
            basis=draft.basis,
            staff=draft.staff,
            cause=draft.cause,
            refers=draft.refers,
            happened=draft.happened,
            at=at.astimezone(UTC),
            hlc=next_hlc(last[0].hlc if last else 0, at),
            boot="boot-1",
            mono=float(seq),
            list_version=1,
        )
