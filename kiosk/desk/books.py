"""The guest list and the entry log as they are now. Nobody else at a desk writes the log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kiosk.core.attendance import Attendance
from kiosk.core.entry import EntryDraft, EntryRecord
from kiosk.desk.ports import GuestSource, Journal, StorageTroubleError


class Books:
    """What one station knows of guests and entries, and how it adds to them."""

    def __init__(self, zone: ZoneInfo, source: GuestSource, journal: Journal) -> None:
        self._source, self._journal = source, journal
        self.guests = source.current()
        self.attendance = Attendance(zone)
        self._read_to = 0
        self.catch_up()

    def catch_up(self) -> None:
        """Take in what this or another station of this kiosk, or a sync, has written since.

        Raises StorageTroubleError.
        """
        news = self._journal.news(after=self._read_to)
        for record in news.records:
            self.attendance.add(record)
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
        records = self._journal.append(drafts, at, self._read_to, answer=answer)
        self.catch_up()
        return records

    def count(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry. Raises StorageTroubleError."""
        self._journal.tally(answer, door, at)

    def counted(self, answer: str, at: datetime) -> int:
        """How often `answer` was counted on the day (UTC) of `at`. Raises StorageTroubleError."""
        return self._journal.tallied(answer, at.astimezone(UTC).date())

    def rest(self) -> None:
        """Nobody is at the door: what is due in the log and would make a guest wait."""
        with suppress(StorageTroubleError):  # the next quiet moment will do
            self._journal.rest()

    def close(self) -> None:
        """The door closes: sign the log as closed."""
        with suppress(StorageTroubleError):  # that it was not closed is told by `kiosk log verify`
            self._journal.close()
