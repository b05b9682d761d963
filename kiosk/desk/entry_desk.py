"""The desk: texts of codes in, admissions out. It alone owns the log while the doors are open.

It is used from one thread. `at` is taken once per scan, by whoever saw the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.causes import Cause
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
from kiosk.core.entry import EntryAct, EntryDraft
from kiosk.core.guests.badge import is_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.reserve import Reserve
from kiosk.core.hcert.envelope import is_certificate
from kiosk.core.policy.event import Confirmation, SelfScan
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.afresh import Afresh
from kiosk.desk.aside import Aside
from kiosk.desk.books import Books
from kiosk.desk.cards import Cards, basis_of, not_written, ours_among, probable_of
from kiosk.desk.clockguard import SignedFloor, Timekeeper, write_notes
from kiosk.desk.duty import Duty
from kiosk.desk.figures import Figures
from kiosk.desk.findings import Findings, Mode, Station
from kiosk.desk.intake import Intake, came_damaged, distracts, in_turn
from kiosk.desk.leaving import Leaving
from kiosk.desk.lookup import Lookup
from kiosk.desk.offering import Offering
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.outlook import Outlook
from kiosk.desk.overriding import Chance, Overriding, is_forged
from kiosk.desk.paper import PaperList
from kiosk.desk.ports import Authority, GuestSource, Journal, LogMovedError, StorageTroubleError
from kiosk.desk.recent import Recent
from kiosk.desk.registering import Registering
from kiosk.desk.sessions import Sessions
from kiosk.desk.supervising import Supervising
from kiosk.desk.undoing import Undoing
from kiosk.desk.visit import SCANNED, HeldUp, Visit

CONFIRM_WITHIN = timedelta(minutes=5)  # from the answer that staff are asked to confirm


class EntryDesk(Outlook):
    """Answers the codes shown at one station.

    figures: how things stand. lookup: where single guests do. leaving, registering, paper: what
    staff do beside answering, offering: out of what, supervising: by whom. duty: who checks here.
    """

    def __init__(
        self,
        station: Station,
        verifier: Verifier,
        guests: GuestSource,
        badge_key: Ed25519PublicKey,
        journal: Journal,
        time: Timekeeper | None = None,
        reserve: Reserve | None = None,
        sessions: Sessions | None = None,
    ) -> None:
        """`time` watches the clock that `at` is taken from; else only signed lists speak of it.

        reserve: the blank badges of all desks. sessions: who knows the PINs of supervisors.
        """
        self.station = station
        self._time = time or SignedFloor(verifier.trust.newest_at)
        self._books = Books(station.event.time_zone, guests, journal, station.kiosk)
        reserve = reserve or Reserve()
        self._intake = Intake(station, verifier, self._books, badge_key, reserve)
        self._findings = Findings(station, self._books, verifier.trust, self._time)
        self.lookup = Lookup(station, self._books, self._findings)
        self._cards = Cards(station, self._books, self._findings, self.lookup)
        self.figures = Figures(station.event, self._books)
        self.leaving = Leaving(station, self._books)
        self.registering = Registering(station, self._books)
        self.paper = PaperList(station, self._books)
        self.supervising = Supervising(station, sessions)
        self.offering = Offering(station.event, self._books, reserve, badge_key)
        self.duty = Duty(station, sessions)
        self._afresh = Afresh(station, self._books, self._findings)
        self._overriding = Overriding(station, self._books)
        self._undoing = Undoing(station, self._books)
        self._visit: Visit | None = None
        self._held_up = HeldUp()
        self._current: Admission | None = None
        self._chance: Chance | None = None
        self._pending: tuple[EntryDraft, ...] = ()
        self._ready: Visit | None = None  # of the card that staff were asked to confirm last
        self._aside = Aside(self._intake)
        self._recent = Recent()

    # What happens at the door

    def sight(self, texts: Iterable[str], at: datetime) -> Admission | None:
        """All codes of one frame. None where nothing new was shown, and where it has to wait."""
        seen = ours_among(texts)
        if len({is_badge(text) for text in seen}) < len(seen) and not self._deciding(at):
            self._held_up.forget()
            self._pending = ()
            return self._show(Admission(Shown.ONE_AT_A_TIME, at, (Reason.ONE_CODE_AT_A_TIME,)))
        # While staff decide, the codes of this guest may come and go before the camera.
        keep = bool(self._pending)
        new = [text for text in seen if not self._held_up.still(text, at, keep=keep)]
        admission = None
        for text in in_turn(new, seen, self._current):
            if not distracts(self._visit, text):
                admission = self._scan_in_turn(text, at)
        return admission

    def scanned(self, text: str, at: datetime) -> Admission | None:
        """One code of a hand scanner. None where it is held to the same code still."""
        same = self._held_up.still(text, at, keep=bool(self._pending), within=SCANNED)
        if same or distracts(self._visit, text):
            return None
        if came_damaged(text):
            return self.not_read(at, Reason.SCAN_DAMAGED)
        return self._scan_in_turn(text, at)

    def _scan_in_turn(self, text: str, at: datetime) -> Admission | None:
        """A code; while staff decide on another guest it waits for them, and no card is lost."""
        if not self._deciding(at):
            return self.scan(text, at)
        if is_badge(text) or is_certificate(text):
            self._books.caught_up()
            self._aside.take(text, self._current.guest if self._current else None, at)
        return None

    def _deciding(self, at: datetime) -> bool:
        """Whether staff are asked to let a guest in, and may do so still."""
        current = self._current if self._pending else None
        if current is None or current.shown is not Shown.READY:
            return False
        return timedelta() <= at - current.at <= CONFIRM_WITHIN

    def _make_room(self, at: datetime) -> None:
        """Staff turn to another guest: the one they were deciding on waits."""
        if self._ready is not None and self._deciding(at):
            self._aside.keep(self._ready, at)
        self._pending = ()

    def scan(self, text: str, at: datetime) -> Admission:
        """One code that is newly shown, and what follows from it."""
        known = self._books.caught_up()  # first: a new guest list counts for this very code
        return self._decided(self._intake.take(text, self._visit, at), at, known=known)

    def tick(self, at: datetime) -> Admission | None:
        """The time has come to `at`: a visit that waited long enough is answered."""
        write_notes(self._time, self._books, self.station.door.id, at)
        self._aside.forget_old(at)
        visit, wait = self._visit, self.station.event.visit_wait
        if visit is not None and visit.over(at, wait):
            self._visit = visit = None
            if self.station.mode is Mode.SELF:
                self._current = None
        if visit is None or not visit.awaiting or at - visit.since < wait:
            return None
        return self._answer(replace(visit, waited=True), at)

    def not_read(self, at: datetime, reason: Reason = Reason.CODE_NOT_READ) -> Admission:
        """A code was shown and could not be read: the way to the desk."""
        if self._pending and self._current:
            return self._current  # staff are deciding: their card stays
        visit, wait = self._visit, self.station.event.visit_wait
        if visit is None or not (visit.takes_certificate(at, wait) or visit.takes_badge(at, wait)):
            visit = Visit(at)
        return self._settle(CallStaff((reason,)), visit, at)

    def second_not_read(self, at: datetime) -> Admission | None:
        """The same beside a code that was read; None where its guest has just been answered."""
        answered = self._current and self._current.answered(at, self.station.event.visit_wait)
        return None if answered else self.not_read(at)

    def trouble(self, at: datetime) -> Admission:
        """The program failed in the middle of a scan: the desk, never red."""
        self._visit, self._pending = None, ()
        return self._show(Admission(Shown.DESK, at, (Reason.PROGRAM_TROUBLE,)))

    def clear(self) -> None:
        """Staff are done with this visit; a code that is still held up begins no other one."""
        self._visit, self._current, self._chance, self._pending = None, None, None, ()
        self._ready = None

    def rest(self) -> None:
        """Nothing else is asked just now: time for what can wait."""
        self._books.rest()

    def close(self) -> None:
        """The station closes."""
        self._books.close()

    # What staff do

    def confirm(self, seen: frozenset[Confirmation], at: datetime) -> Admission | None:
        """Staff let the guest of the READY or crossed admission in; None while nothing is."""
        current = self._current
        if current is None or not self._pending:
            return None
        if not seen.issuperset(self.station.event.confirmations):
            return current
        staff = self.station.staff  # the desk may have been handed over since the answer
        drafts, self._pending = tuple(replace(d, staff=staff) for d in self._pending), ()
        if not timedelta() <= at - current.at <= CONFIRM_WITHIN:
            # Judged too long ago: what still counts today is looked up anew.
            return self._answer(Visit(at, badge=current.guest, vouched=True), at)
        for draft in drafts:
            self._findings.settle_pair(draft.guest)
        card = replace(current, shown=Shown.ADMIT, reasons=(), at=at, confirmable=False)
        if len(drafts) > 1:  # a crossed pair: the certificate shown last is the other guest's
            card = replace(card, person=None)
        return self._record_anew(drafts, card, at)

    def official_reader(self, at: datetime) -> Admission:
        """Staff checked the certificate with the official reader; counted apart.

        It is for what could not be read or judged: a refusal stays one, and whoever is ready to
        be let in needs none.
        """
        if self._current is not None and self._current.shown in (Shown.REFUSE, Shown.READY):
            return self._current
        visit = self._present(at) or Visit(at)
        certificate_free = replace(visit, holder=None, match=None, answered=False)
        return self._answer(replace(certificate_free, proof=ReaderChecked(), since=at), at)

    def choose(self, guest_id: str, at: datetime) -> Admission | None:
        """Staff found the guest, or bring up who waits; None for an unknown id."""
        aside = self._aside.bring(guest_id, at)
        if aside is not None:
            self._make_room(at)
            return self._answer(aside, at)
        guest = self.guests.by_id(guest_id)
        if guest is None:
            return None
        self._make_room(at)
        visit = self._present(at)
        if visit is None or visit.answered or visit.proof is None:
            # Finding the guest by name is no way around a forgery.
            visit = Visit(at, forged=visit is not None and visit.forged)
        return self._answer(replace(visit, badge=guest, vouched=True, since=at), at)

    def look_at(self, guest_id: str, at: datetime) -> Admission | None:
        """The card of a guest, from which nothing follows; None for an unknown id."""
        self._books.caught_up()
        guest = self.guests.by_id(guest_id)
        if guest is None:
            return None
        self._make_room(at)
        self._visit = None
        card = self._cards.card(Shown.GUEST, Visit(at), at, guest)
        return self._show(card)

    def _present(self, at: datetime) -> Visit | None:
        """The visit that is still going on."""
        visit = self._visit
        over = visit is None or visit.over(at, self.station.event.visit_wait)
        return None if over else visit

    def let_out(self, guest_id: str, at: datetime) -> bool:
        """The guest leaves; False when not inside. Raises StorageTroubleError."""
        if not self.leaving.let_out(guest_id, at):
            return False
        self._recent.left(self.guests.by_id(guest_id), at)
        return True

    def override(self, cause: Cause, by: Authority, at: datetime) -> Admission | NotDone:
        """A supervisor lets the guest of an overridable card in, for that cause."""
        outcome = self._overriding.override(self._chance, cause, by, at)
        if isinstance(outcome, NotDone):
            return outcome
        self.clear()
        card = self._cards.card(Shown.ADMIT, Visit(at), at, next(iter(outcome.guests), None))
        return self._show(replace(card, way=Way.FIRST))

    def undo(self, at: datetime, by: Authority | None = None) -> Outcome:
        """Take back what was recorded here last, as the open session may; its card goes."""
        outcome = self._undoing.undo(by or self.supervising.own(at), at)
        if isinstance(outcome, Done):
            self.clear()
            self._recent.undone(next(iter(outcome.guests), None), at)
        return outcome

    # From a visit to an answer

    def _answer(self, visit: Visit, at: datetime) -> Admission:
        return self._decided(visit, at, known=self._books.caught_up())

    def _decided(self, visit: Visit, at: datetime, *, known: bool) -> Admission:
        """The answer; where the log is not `known`, none can be given."""
        if not known:
            return self._storage_trouble(self._cards.card(Shown.DESK, visit, at))
        self._overriding.saw(visit, at)
        if isinstance(visit.proof, ReaderChecked):
            guest = visit.badge if isinstance(visit.badge, Guest) else None
            if self._overriding.is_barred(visit, guest, at):
                visit = replace(visit, proof=None)  # a refusal stays one
        answer = decide(self._findings.situation(visit, at))
        if isinstance(answer, Await):
            self._visit, self._pending = replace(visit, awaiting=True), ()
            step = Shown.AWAIT_BADGE if answer is Await.BADGE else Shown.AWAIT_CERTIFICATE
            chance = self._overriding.chance(answer, visit, at)
            return self._show(self._cards.card(step, visit, at), chance)
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
                card = self._cards.card(Shown.DESK, visit, at, answer.guest)
                likely = probable_of(visit, candidates)
                card = replace(card, reasons=reasons, candidates=candidates, probable=likely)
                if Reason.PAIR_CROSSED in reasons and self.station.mode is Mode.DESK:
                    self._pending = self._afresh.pair(answer, at)
                    card = replace(card, confirmable=bool(self._pending))
            case Refuse():
                forged = is_forged(visit.proof)
                self._visit = Visit(visit.since, badge=visit.badge, answered=True, forged=forged)
                card = Admission(Shown.REFUSE, at, has_certificate=True)
        return self._counted(card, at, self._overriding.chance(answer, visit, at))

    def _admit(self, answer: Admit, visit: Visit, at: datetime) -> Admission:
        card = self._cards.card(Shown.ADMIT, visit, at, answer.guest)
        card = replace(card, way=answer.way)
        if answer.way is Way.ALREADY:
            return self._counted(card, at)
        draft = self.station.draft(
            EntryAct.IN, answer.guest.id, answer.occasion, basis_of(card, visit)
        )
        if self.station.mode is Mode.DESK and (answer.way is Way.FIRST or visit.vouched):
            self._pending, self._ready = (draft,), visit  # of a name alone nothing is recorded
            return self._show(replace(card, shown=Shown.READY, confirmable=True))
        if answer.way is Way.FIRST and self.station.event.self_scan is SelfScan.PRE_CHECK:
            card = replace(card, checked_only=True)
            if card.standing.awaited and card.standing.occasion == answer.occasion:
                return self._counted(card, at)
            draft = replace(draft, act=EntryAct.CHECK)
        return self._record((draft,), card, at)

    def _record(self, drafts: tuple[EntryDraft, ...], card: Admission, at: datetime) -> Admission:
        """Green, but only once it is on disk."""
        try:
            self._books.write(drafts, at, Shown.ADMIT.name)
        except LogMovedError:
            return self._record_anew(drafts, card, at)
        except StorageTroubleError:
            return self._storage_trouble(card)
        self._visit = None
        return self._show(self._cards.renewed(card, at))

    def _record_anew(
        self, drafts: tuple[EntryDraft, ...], card: Admission, at: datetime
    ) -> Admission:
        """Record who may still come in."""
        fresh = self._afresh.still(drafts, at)
        if isinstance(fresh, CallStaff):
            return self._settle(fresh, Visit(at), at)
        if not fresh:
            return self._counted(replace(card, way=Way.ALREADY), at)
        return self._record(fresh, card, at)

    def _storage_trouble(self, card: Admission) -> Admission:
        self._visit, self._pending = None, ()
        return self._show(not_written(card))

    def _counted(self, card: Admission, at: datetime, chance: Chance | None = None) -> Admission:
        if card.shown in (Shown.DESK, Shown.REFUSE):
            with suppress(StorageTroubleError):  # a count is no entry: the answer stands
                self._books.count(card.shown.name, self.station.door.id, at)
        return self._show(card, chance)

    def _show(self, admission: Admission, chance: Chance | None = None) -> Admission:
        admission = replace(admission, overridable=chance is not None)
        self._current, self._chance = admission, chance
        if admission.shown.is_answer:
            self._recent.answered(admission)
        return admission
