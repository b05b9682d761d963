"""What was written on the paper list while no machine worked is keyed in later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.books import Books, Step
from kiosk.desk.findings import Station
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import Authority

_ACTS = frozenset({EntryAct.IN, EntryAct.OUT})


@dataclass(frozen=True)
class PaperLine:
    """One line of the paper: who, what, and the time that is written there (aware).

    act: IN or OUT.
    """

    guest_id: str
    happened: datetime
    act: EntryAct = EntryAct.IN


class PaperList:
    """Records entries and exits of before, marked as such. Whoever is on no list is added first."""

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books

    def record(self, lines: Sequence[PaperLine], by: Authority, at: datetime) -> Outcome:
        """Record all lines in one transaction, or none; what is in the log already stays once."""
        if not by.may(Action.PAPER):
            return NotDone(Reason.NOT_AUTHORISED)
        return self._books.perform(lambda: self._step(lines, by, at), at)

    def _step(self, lines: Sequence[PaperLine], by: Authority, at: datetime) -> Step | NotDone:
        drafts: list[EntryDraft] = []
        for line in dict.fromkeys(lines):
            draft = self._draft(line, by, at)
            if isinstance(draft, NotDone):
                return draft
            if not self._is_there(draft, line.happened):
                drafts.append(draft)
        return Step(tuple(drafts))

    def _draft(self, line: PaperLine, by: Authority, at: datetime) -> EntryDraft | NotDone:
        if line.act not in _ACTS:
            raise ValueError("the paper list tells of entries and exits")
        guest = self._books.guests.by_id(line.guest_id)
        if guest is None:
            return NotDone(Reason.NOT_ON_LIST)
        occasion = self._occasion(guest, line)
        if occasion is None or line.happened > at:
            return NotDone(Reason.TIME_NOT_POSSIBLE, guest)
        draft = self._station.draft(line.act, guest.id, occasion.id, EntryBasis.PAPER)
        return replace(draft, staff=by.session, happened=line.happened.astimezone(UTC))

    def _occasion(self, guest: Guest, line: PaperLine) -> Occasion | None:
        """What was open at that time: the guest's own occasion, if it was one of several."""
        event, at = self._station.event, line.happened
        possible = list(event.open_occasions(self._station.door, at))
        if line.act is EntryAct.OUT:  # leaving takes time
            today = (
                o for o in event.occasions if event.local_date(o.opens) == event.local_date(at)
            )
            possible += [occasion for occasion in today if occasion.is_over(at)]
        own = (occasion for occasion in possible if occasion.id in guest.occasions)
        return next(own, next(iter(possible), None))

    def _is_there(self, draft: EntryDraft, happened: datetime) -> bool:
        return any(
            record.act is draft.act and record.happened == happened
            for record in self._books.attendance.entries(happened, draft.guest)
        )
