"""The desk: texts of codes in, admissions out. It alone owns the log while the doors are open.

It is used from one thread. `at` is taken once per scan, by whoever saw the code.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.decide import (
    Admit,
    Answer,
    Await,
    CallStaff,
    ReaderChecked,
    Refuse,
    Way,
    decide,
)
from kiosk.core.entry import Attendance, EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.badge import BadgeProblem, is_badge, open_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.policy.event import Confirmation, SelfScan
from kiosk.core.policy.judge import judge
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified, Verifier
from kiosk.desk.admission import Admission, Answered, Counters, Person, Shown
from kiosk.desk.findings import Findings, Mode, Station
from kiosk.desk.ports import Journal, StorageTroubleError
from kiosk.desk.visit import HeldUp, Visit

RECENT_ANSWERS = 8


class EntryDesk:
    """Answers the codes shown at one station."""

    def __init__(
        self,
        station: Station,
        verifier: Verifier,
        guests: GuestList,
        badge_key: Ed25519PublicKey,
        journal: Journal,
    ) -> None:
        self.station = station
        self.guests = guests
        self._verifier = verifier
        self._badge_key = badge_key
        self._journal = journal
        self._attendance = Attendance(station.event.time_zone)
        self._read_to = 0
        self._findings = Findings(station, guests, verifier.trust, self._attendance)
        self._visit: Visit | None = None
        self._held_up = HeldUp()
        self._current: Admission | None = None
        self._pending: tuple[EntryDraft, ...] = ()
        self._recent: deque[Answered] = deque(maxlen=RECENT_ANSWERS)
        self._catch_up()

    # What happens at the door

    def sight(self, texts: Iterable[str], at: datetime) -> Admission | None:
        """All codes of one frame. None where nothing new was shown."""
        seen = tuple(dict.fromkeys(texts))
        badges = sum(1 for text in seen if is_badge(text))
        if badges > 1 or len(seen) - badges > 1:
            self._held_up.forget()
            self._pending = ()
            return self._show(Admission(Shown.ONE_AT_A_TIME, at, (Reason.ONE_CODE_AT_A_TIME,)))
        # While staff decide, the codes of this guest may come and go before the camera.
        keep = bool(self._pending)
        new = [text for text in seen if not self._held_up.still(text, at, keep=keep)]
        admission = None
        for text in new:
            admission = self.scan(text, at)
        return admission

    def scan(self, text: str, at: datetime) -> Admission:
        """One code that is newly shown, and what follows from it."""
        visit = self._with_badge(text, at) if is_badge(text) else self._with_certificate(text, at)
        return self._answer(visit, at)

    def tick(self, at: datetime) -> Admission | None:
        """The time has come to `at`: a visit that waited long enough is answered."""
        visit = self._visit
        if visit is None or not visit.awaiting:
            return None
        if at - visit.since < self.station.event.visit_wait:
            return None
        return self._answer(replace(visit, waited=True), at)

    def not_read(self, at: datetime) -> Admission:
        """Something has been held up for long and could not be read: the way to the desk."""
        if self._pending and self._current:
            return self._current  # staff are deciding: their card stays
        visit, wait = self._visit, self.station.event.visit_wait
        if visit is None or not (visit.takes_certificate(at, wait) or visit.takes_badge(at, wait)):
            visit = Visit(at)
        return self._settle(CallStaff((Reason.CODE_NOT_READ,)), visit, at)

    def trouble(self, at: datetime) -> Admission:
        """The program failed in the middle of a scan: the desk, never red."""
        self._visit, self._pending = None, ()
        return self._show(Admission(Shown.DESK, at, (Reason.PROGRAM_TROUBLE,)))

    def clear(self) -> None:
        """Staff are done with this visit."""
        self._visit, self._current, self._pending = None, None, ()

    # What staff do

    def confirm(self, seen: frozenset[Confirmation], at: datetime) -> Admission | None:
        """Staff let the guest of the READY or crossed admission in; None while nothing is."""
        current = self._current
        if current is None or not self._pending:
            return None
        if not seen.issuperset(self.station.event.confirmations):
            return current
        drafts, self._pending = self._pending, ()
        for draft in drafts:
            self._findings.settle_pair(draft.guest)
        card = replace(current, shown=Shown.ADMIT, reasons=(), at=at)
        if len(drafts) > 1:  # a crossed pair: the certificate shown last is the other guest's
            card = replace(card, person=None)
        return self._record(drafts, card, at)

    def official_reader(self, at: datetime) -> Admission:
        """Staff checked the certificate with the official reader; counted apart."""
        visit = self._visit or Visit(at)
        certificate_free = replace(visit, certificate=None, match=None, answered=False)
        return self._answer(replace(certificate_free, proof=ReaderChecked(), since=at), at)

    def choose(self, guest_id: str, at: datetime) -> Admission | None:
        """Staff found the guest by name; None for an unknown id."""
        guest = self.guests.by_id(guest_id)
        if guest is None:
            return None
        visit = self._visit
        if visit is None or visit.answered or visit.proof is None:
            visit = Visit(at)
        return self._answer(replace(visit, badge=guest, vouched=True, since=at), at)

    def let_out(self, guest_id: str, at: datetime) -> bool:
        """The guest leaves; False when not inside. Raises StorageTroubleError."""
        self._catch_up()
        standing = self._attendance.standing(guest_id, at)
        if not standing.inside_at:
            return False
        self._append((self._draft(EntryAct.OUT, guest_id, standing.occasion, _SCANNED),), at)
        guest = self.guests.by_id(guest_id)
        self._recent.appendleft(Answered(at, Shown.ADMIT, _short(guest), left=True))
        return True

    def search(self, query: str) -> tuple[Guest, ...]:
        """Guests by what staff type."""
        return self.guests.search(query)

    def checked(self, at: datetime) -> tuple[Guest, ...]:
        """Guests checked today who have not come in yet, the longest waiting first."""
        self._catch_up_if_possible()
        waiting = [g for g, s in self._attendance.today(at).items() if s.checked and not s.admitted]
        return tuple(guest for g in waiting if (guest := self.guests.by_id(g)))

    def counters(self, at: datetime) -> Counters:
        """Today's figures. Raises StorageTroubleError."""
        self._catch_up_if_possible()
        today = self._attendance.today(at)
        day = at.astimezone(UTC).date()
        return Counters(
            present=sum(1 for s in today.values() if s.inside_at),
            entered=sum(1 for s in today.values() if s.admitted),
            expected=self._findings.expected(at),
            refused=self._journal.tallied(Shown.REFUSE.name, day),
            desk=self._journal.tallied(Shown.DESK.name, day),
        )

    def recent(self) -> tuple[Answered, ...]:
        """The last answers, newest first."""
        return tuple(self._recent)

    # From a code to a visit

    def _with_certificate(self, text: str, at: datetime) -> Visit:
        verification = self._verifier.verify(text, at)
        visit = self._visit
        if visit is None or not visit.takes_certificate(at, self.station.event.visit_wait):
            visit = Visit(at)
        if not isinstance(verification, Verified):
            return replace(visit, proof=verification, since=at)
        return replace(
            visit,
            certificate=verification,
            proof=judge(verification, self.station.event, at),
            match=self.guests.match(verification),
            since=at,
        )

    def _with_badge(self, text: str, at: datetime) -> Visit:
        visit = self._visit
        if visit is None or not visit.takes_badge(at, self.station.event.visit_wait):
            visit = Visit(at)
        return replace(visit, badge=self._open_badge(text), since=at)

    def _open_badge(self, text: str) -> Guest | BadgeProblem:
        badge = open_badge(text, self.station.event.id, self._badge_key)
        if isinstance(badge, BadgeProblem):
            return badge
        if badge.id in self.guests.revoked:
            return BadgeProblem(Reason.BADGE_REVOKED)
        return self.guests.by_badge(badge.id) or BadgeProblem(Reason.BADGE_UNKNOWN)

    # From a visit to an answer

    def _answer(self, visit: Visit, at: datetime) -> Admission:
        try:
            self._catch_up()
        except StorageTroubleError:
            return self._storage_trouble(self._card(Shown.DESK, visit, at))
        answer = decide(self._findings.situation(visit, at))
        if isinstance(answer, Await):
            self._visit, self._pending = replace(visit, awaiting=True), ()
            step = Shown.AWAIT_BADGE if answer is Await.BADGE else Shown.AWAIT_CERTIFICATE
            return self._show(self._card(step, visit, at))
        return self._settle(answer, visit, at)

    # From an answer to a durable entry and a screen

    def _settle(self, answer: Answer, visit: Visit, at: datetime) -> Admission:
        self._pending = ()
        match answer:
            case Admit():
                self._visit = None
                return self._admit(answer, visit, at)
            case CallStaff(reasons=reasons, candidates=candidates):
                self._visit = replace(visit, awaiting=False)
                card = self._card(Shown.DESK, visit, at, answer.guest)
                card = replace(card, reasons=reasons, candidates=candidates)
                if Reason.PAIR_CROSSED in reasons and self.station.mode is Mode.DESK:
                    self._pending = self._pair(answer, at)
            case Refuse():
                self._visit = replace(visit, awaiting=False, answered=True)
                card = Admission(Shown.REFUSE, at, has_certificate=True)
        return self._counted(card, at)

    def _admit(self, answer: Admit, visit: Visit, at: datetime) -> Admission:
        card = self._card(Shown.ADMIT, visit, at, answer.guest)
        card = replace(card, way=answer.way)
        if answer.way is Way.ALREADY:
            return self._counted(card, at)
        draft = self._draft(EntryAct.IN, answer.guest.id, answer.occasion, _basis(answer, visit))
        if answer.way is Way.FIRST and self.station.mode is Mode.DESK:
            if visit.proof is None and card.standing.checked:
                draft = replace(draft, basis=EntryBasis.CHECKED_BEFORE)
            self._pending = (draft,)
            return self._show(replace(card, shown=Shown.READY))
        if answer.way is Way.FIRST and self.station.event.self_scan is SelfScan.PRE_CHECK:
            card = replace(card, checked_only=True)
            if card.standing.checked:
                return self._counted(card, at)
            draft = replace(draft, act=EntryAct.CHECK)
        return self._record((draft,), card, at)

    def _pair(self, answer: CallStaff, at: datetime) -> tuple[EntryDraft, ...]:
        """Both guests of a crossed pair, where each may come in by their own codes."""
        drafts: list[EntryDraft] = []
        pair = [guest for guest in (answer.guest, *answer.candidates) if guest]
        for guest in pair:
            own = Visit(at, proof=ReaderChecked(), badge=guest, vouched=True)
            decision = decide(self._findings.situation(own, at, drafts))
            if not isinstance(decision, Admit):
                return ()
            basis = EntryBasis.CROSSED_PAIR
            drafts.append(self._draft(EntryAct.IN, guest.id, decision.occasion, basis))
        return tuple(drafts)

    def _record(self, drafts: tuple[EntryDraft, ...], card: Admission, at: datetime) -> Admission:
        """Green, but only once it is on disk."""
        try:
            self._append(drafts, at)
        except StorageTroubleError:
            return self._storage_trouble(card)
        self._visit = None
        return self._show(replace(card, **self._standing(card.guest, at)))

    def _storage_trouble(self, card: Admission) -> Admission:
        self._visit, self._pending = None, ()
        reasons = (Reason.STORAGE_TROUBLE,)
        trouble = replace(card, shown=Shown.DESK, reasons=reasons, way=None, checked_only=False)
        return self._show(trouble)

    def _append(self, drafts: tuple[EntryDraft, ...], at: datetime) -> None:
        self._journal.append(drafts, at)
        self._catch_up()

    def _catch_up(self) -> None:
        """Take in what another station of this kiosk, or a sync, has written since."""
        for record in self._journal.records(after=self._read_to):
            self._attendance.add(record)
            self._read_to += 1

    def _catch_up_if_possible(self) -> None:
        """For what is only shown: in trouble the figures of before will do, an answer will not."""
        with suppress(StorageTroubleError):
            self._catch_up()

    def _counted(self, card: Admission, at: datetime) -> Admission:
        if card.shown in (Shown.DESK, Shown.REFUSE):
            with suppress(StorageTroubleError):  # a count is no entry: the answer stands
                self._journal.tally(card.shown.name, self.station.door.id, at)
        return self._show(card)

    def _draft(self, act: EntryAct, guest: str, occasion: str, basis: EntryBasis) -> EntryDraft:
        return EntryDraft(act, guest, occasion, self.station.door.id, basis, self.station.staff)

    def _card(
        self, shown: Shown, visit: Visit, at: datetime, guest: Guest | None = None
    ) -> Admission:
        guest = guest or (visit.badge if isinstance(visit.badge, Guest) else None)
        return Admission(
            shown,
            at,
            guest=guest,
            person=_person(visit),
            has_certificate=visit.proof is not None,
            has_badge=visit.badge is not None,
            **self._standing(guest, at),
        )

    def _standing(self, guest: Guest | None, at: datetime) -> dict[str, Any]:
        """What a card tells of a guest: `standing` and `seats_taken`, as they are now."""
        if guest is None:
            return {}
        occasion = next(iter(self.station.event.open_occasions(self.station.door, at)), None)
        taken = self._findings.holders(occasion, at) if occasion else set()
        return {
            "standing": self._attendance.standing(guest.id, at),
            "seats_taken": self._findings.of_partnership(guest.partnership, taken),
        }

    def _show(self, admission: Admission) -> Admission:
        self._current = admission
        if admission.shown.is_answer:
            self._recent.appendleft(
                Answered(admission.at, admission.shown, _short(admission.guest))
            )
        return admission


_SCANNED = EntryBasis.SCANNED


def _basis(answer: Admit, visit: Visit) -> EntryBasis:
    if answer.way is Way.AGAIN:
        return EntryBasis.REENTRY
    return EntryBasis.OFFICIAL_READER if isinstance(visit.proof, ReaderChecked) else _SCANNED


def _person(visit: Visit) -> Person | None:
    if visit.certificate is None:
        return None
    holder = visit.certificate.dcc.holder
    return Person(holder.family, holder.given, holder.birth_date)


def _short(guest: Guest | None) -> str:
    return f"{guest.given} {guest.family[:1]}.".strip() if guest else ""
