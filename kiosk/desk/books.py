"""The guest list and the entry log as they are now. Nobody else at a desk writes the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.core.attendance import Attendance
from kiosk.core.entry import EntryDraft, EntryRecord, next_hlc
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason
from kiosk.desk.identifiers import uuid7_of
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import GuestSource, Journal, LogMovedError, StorageTroubleError

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, repr=False)
class Step:
    """What is recorded together, or not at all.

    changes: of the guest list, which the drafts tell of; the first draft says by whom and why.
    back: the changes that take those back. answer: counted with the drafts.
    """

    drafts: tuple[EntryDraft, ...]
    changes: tuple[Guest | Change, ...] = ()
    back: tuple[Change, ...] = ()
    answer: str = ""


@dataclass(frozen=True, repr=False)
class Written:
    """A step that this station has recorded at `at`; changes, back: as in `Step`."""

    records: tuple[EntryRecord, ...]
    changes: tuple[Guest | Change, ...]
    back: tuple[Change, ...]
    at: datetime


class Books:
    """What one station knows of guests and entries, and how it adds to them.

    last: what this station recorded last, while it may be taken back.
    """

    def __init__(
        self, zone: ZoneInfo, source: GuestSource, journal: Journal, kiosk: str = ""
    ) -> None:
        self._zone, self._source, self._journal, self._kiosk = zone, source, journal, kiosk
        self.guests = source.current()
        self.guests.prepare()
        self.attendance = Attendance(zone)
        self.last: Written | None = None
        self._read_to = 0
        self._newest = 0  # hybrid clock of the log
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what this or another station of this kiosk, or a sync, has written since.

        Raises StorageTroubleError.
        """
        news = self._journal.news(after=self._read_to)
        for record in news.records:
            self.attendance.add(record)
            self._newest = max(self._newest, record.hlc)
        self._read_to = news.position
        self.guests = self._source.current()

    def caught_up(self) -> bool:
        """Whether the log could be read; else figures of before will do, an answer will not."""
        try:
            self.catch_up()
        except StorageTroubleError:
            return False
        return True

    def write(
        self, drafts: Sequence[EntryDraft], at: datetime, answer: str = ""
    ) -> tuple[EntryRecord, ...]:
        """Record all `drafts` in one transaction, as decided on what was read so far.

        answer: counted with them. When it returns they are on disk. Raises StorageTroubleError,
        and LogMovedError where another screen has recorded something since: then read, decide
        anew, and write that.
        """
        return self._write(Step(tuple(drafts), answer=answer), at)

    def perform(self, plan: Callable[[], Step | NotDone], at: datetime) -> Outcome:
        """Record what `plan` says, in one transaction.

        It is asked anew as often as another screen was quicker.
        """
        try:
            while True:
                self.catch_up()
                step = plan()
                if isinstance(step, NotDone):
                    return step
                with suppress(LogMovedError):
                    return self._done(self._write(step, at) if step.drafts else ())
        except StorageTroubleError:
            return NotDone(Reason.STORAGE_TROUBLE)

    def _write(self, step: Step, at: datetime) -> tuple[EntryRecord, ...]:
        # Amendments are laid over the list in the order of their ids: a clock that was set back
        # must not put these before what the log, of which the clock never goes back, knows.
        # Those of one step are of different guests, and need no order among them.
        hlc = next_hlc(self._newest, at)
        amendments = [
            Amendment(uuid7_of(hlc), at, self._kiosk, told.staff, told.cause, change)
            for told in step.drafts[:1]
            for change in step.changes
        ]
        records = self._journal.append(
            step.drafts, at, self._read_to, amendments=amendments, answer=step.answer
        )
        if any(record.guest for record in records):  # not what the kiosk notes of itself
            self.last = Written(records, step.changes, step.back, at)
        self.caught_up()  # it is on disk, whether it can be read again just now or not
        return records

    def _done(self, records: tuple[EntryRecord, ...]) -> Done:
        both = [record.guest for record in records] + [record.refers for record in records]
        concerned = dict.fromkeys(both)  # who takes a seat comes behind who had it
        guests = tuple(guest for id_ in concerned if (guest := self.guests.by_id(id_)))
        return Done(records, guests)

    def has_seat(self, guest_id: str, occasion: Occasion) -> bool:
        """Whether the guest was checked for `occasion`, or came in to it, on its day."""
        return occasion.id in self.attendance.standing(guest_id, occasion.opens).seats

    def came_in(self, guest_id: str, occasion: Occasion) -> bool:
        """Whether the guest came in to `occasion`, on its day."""
        return occasion.id in self.attendance.standing(guest_id, occasion.opens).entered

    def count(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry. Raises StorageTroubleError."""
        self._journal.tally(answer, door, at)

    def counted(self, answer: str, at: datetime) -> int:
        """How often `answer` was counted on the local day of `at`. Raises StorageTroubleError."""
        day = at.astimezone(self._zone).date()
        begins, ends = (
            datetime.combine(each, time(), self._zone) for each in (day, day + timedelta(days=1))
        )
        return self.counted_between(answer, begins, ends)

    def counted_between(self, answer: str, since: datetime, until: datetime) -> int:
        """The same of every hour that has begun between the two, since no finer time is kept.

        Raises StorageTroubleError.
        """
        first, end = since.astimezone(UTC), until.astimezone(UTC)
        hour, total = first.replace(minute=0, second=0, microsecond=0), 0
        while hour < end:
            midnight = hour.replace(hour=0) + timedelta(days=1)
            hours = 24 if end >= midnight else -(-(end - hour.replace(hour=0)) // _HOUR)
            total += self._journal.tallied(answer, hour.date(), range(hour.hour, hours))
            hour = midnight
        return total

    def rest(self) -> None:
        """Nobody is at the door: what is due in the log and would make a guest wait."""
        with suppress(StorageTroubleError):  # the next quiet moment will do
            self._journal.rest()

    def close(self) -> None:
        """The door closes: sign the log as closed."""
        with suppress(StorageTroubleError):  # that it was not closed is told by `kiosk log verify`
            self._journal.close()
