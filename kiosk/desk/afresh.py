"""Who may come in, looked up anew right before it is recorded.

Another screen may have given the last seat away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.core.decide import Admit, CallStaff, ReaderChecked, Way, decide
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.reasons import Reason
from kiosk.desk.books import Books
from kiosk.desk.findings import Findings, Station
from kiosk.desk.visit import Visit


class Afresh:
    """Answers for guests whose certificates were accepted a moment ago."""

    def __init__(self, station: Station, books: Books, findings: Findings) -> None:
        self._station, self._books, self._findings = station, books, findings

    def pair(self, answer: CallStaff, at: datetime) -> tuple[EntryDraft, ...]:
        """Both guests of a crossed pair, where each may come in by their own codes; else nobody."""
        drafts: list[EntryDraft] = []
        for guest in (answer.guest, *answer.candidates):
            own = self._answer(guest.id, drafts, at) if guest else None
            if not isinstance(own, Admit):
                return ()
            basis = EntryBasis.CROSSED_PAIR
            drafts.append(self._station.draft(EntryAct.IN, own.guest.id, own.occasion, basis))
        return tuple(drafts)

    def still(
        self, drafts: Sequence[EntryDraft], at: datetime
    ) -> tuple[EntryDraft, ...] | CallStaff:
        """Those of `drafts` that are still to be recorded; why not, where one may not come in."""
        fresh: list[EntryDraft] = []
        for draft in drafts:
            answer = self._answer(draft.guest, fresh, at)
            if isinstance(answer, CallStaff):
                return answer
            if answer.way is not Way.ALREADY:
                fresh.append(replace(draft, occasion=answer.occasion))
        return tuple(fresh)

    def _answer(
        self, guest_id: str, beside: Sequence[EntryDraft], at: datetime
    ) -> Admit | CallStaff:
        """What the guest is answered, when `beside` come in too."""
        if not self._books.caught_up():
            return CallStaff((Reason.STORAGE_TROUBLE,))
        guest = self._books.guests.by_id(guest_id)
        if guest is None:  # a new list came, without this guest
            return CallStaff((Reason.NOT_ON_LIST,))
        own = Visit(at, proof=ReaderChecked(), badge=guest, vouched=True)
        answer = decide(self._findings.situation(own, at, beside))
        if isinstance(answer, Admit | CallStaff):
            return answer
        return CallStaff((Reason.PROGRAM_TROUBLE,), guest)
