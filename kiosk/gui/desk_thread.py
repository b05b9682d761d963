"""The thread that the entry desk lives in: questions go in from anywhere, answers come as signals.

The desk is built in this thread, since SQLite binds a connection to the thread that opened it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from kiosk.core.policy.event import Confirmation, Occasion
from kiosk.core.reasons import Reason, explain
from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import Authority, StorageNote, StorageTroubleError
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouching
from kiosk.gui.asked import Asked as Asked
from kiosk.gui.asked import OccasionState as OccasionState
from kiosk.gui.asked import Overview as Overview
from kiosk.gui.asked import Question, overview_of
from kiosk.gui.runner import Runner, where

_log = logging.getLogger(__name__)
BLANK_SHOWN = "blank shown"  # to whoever inquired nothing and wants a blank badge
_STOP_WITHIN = 15_000  # milliseconds; an append takes some ten, a locked database 2,000


class DeskThread(QObject):
    """Asks an EntryDesk in its own thread. Every public method may be called from any thread."""

    admission = Signal(object)  # Admission
    overview = Signal(object)  # Overview
    found = Signal(str, object)  # the query, and its tuple[Found, ...]
    left = Signal(bool, str)  # a guest was to leave: whether it was recorded, and who
    outcome = Signal(str, object)  # what staff asked for (Asked), and its Done or NotDone
    vouchers = Signal(object)  # Vouchers: whether an act needs a supervisor, and who there is
    denied = Signal(object)  # Denied: a supervisor was named, and the PIN did not do
    standing = Signal(str, object)  # an occasion's id, and how it stands: OccasionState
    told = Signal(str, object)  # what was looked up (`inquire`), and what the desk says
    failed = Signal(str)  # the desk could not be opened: code and remedy
    storage_note = Signal(object)  # StorageNote: what happened to the disk, for staff

    def __init__(self, open_desk: Callable[[], EntryDesk], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_desk = open_desk
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._last: Admission | None = None  # of the desk's thread
        self._wants_blank = False
        self._ended = threading.Event()
        self._turned = time.monotonic()  # when a question was taken up last
        self._newest_lock = threading.Lock()
        self._newest: tuple[tuple[str, ...], datetime] | None = None
        self._thread = Runner(self._run, self)

    @property
    def ended(self) -> bool:
        """Whether nothing is answered any more: it was stopped, or never could open."""
        return self._ended.is_set()

    @property
    def silence(self) -> float:
        """Seconds since it took up a question; 0 once it was ended, or never could open."""
        return 0.0 if self._ended.is_set() else time.monotonic() - self._turned

    def start(self) -> None:
        """Open the desk and begin to answer; what was asked before is answered first."""
        self._turned = time.monotonic()
        if not self._thread.isRunning():
            self._thread.start()

    def stop(self) -> bool:
        """Answer what was asked, then end. False if the thread did not end in time."""
        self._ended.set()
        self._questions.put(None)
        return not self._thread.isRunning() or self._thread.wait(_STOP_WITHIN)

    def tell_storage(self, note: StorageNote, words: str) -> None:
        """Tell staff, and the program's log, what happened to the disk."""
        _log.warning("%s", words)
        self.storage_note.emit(note)

    # What may be asked

    def sight(self, texts: tuple[str, ...], at: datetime) -> None:
        """The codes of one frame. While the desk is busy, only the newest frame waits."""
        with self._newest_lock:
            waits, self._newest = self._newest is not None, (texts, at)
        if not waits:
            self._put(self._sight, at, shown=True)

    def scanned(self, text: str, at: datetime) -> None:
        """A code of a hand scanner: each is looked at, for each was meant."""
        self._put(lambda desk: self._scanned(desk, text, at), at, shown=True)

    def tick(self, at: datetime) -> None:
        """The time is `at`."""
        self._put(lambda desk: self._tick(desk, at), at)

    def not_read(self, at: datetime, *, beside: bool = False) -> None:
        """Something has been held up for long and not read; `beside`: a guest's code was."""
        self._put(
            lambda desk: desk.second_not_read(at) if beside else desk.not_read(at), at, shown=True
        )

    def confirm(
        self, seen: frozenset[Confirmation], at: datetime, card: Admission | None = None
    ) -> None:
        """Staff let in whom they see: nothing happens if that is not `card` any more."""
        self._put(lambda desk: self._confirm(desk, seen, at, card), at)

    def official_reader(self, at: datetime) -> None:
        """Staff checked the certificate with the official reader."""
        self._put(lambda desk: desk.official_reader(at), at)

    def choose(self, guest_id: str, at: datetime) -> None:
        """Staff found the guest."""
        self._put(lambda desk: desk.choose(guest_id, at), at)

    def let_out(self, guest_id: str, at: datetime) -> None:
        """The guest leaves; `left` tells whether that was recorded."""
        self._put(lambda desk: self._let_out(desk, guest_id, at), at, always=True)

    def undo(self, at: datetime, by: Vouching | None = None) -> None:
        """Take back what this station recorded last; another session's needs a supervisor."""
        action = Action.UNDO_ANY if by else Action.UNDO_OWN
        self.act(Asked.UNDO, action, lambda desk, granted: desk.undo(at, granted), at, by)

    def look_for_vouchers(self, asked: Asked, action: Action, at: datetime) -> None:
        """`vouchers` tells who may do `action`; where they cannot be read, `outcome` why."""
        self._put(lambda desk: self._tell_vouchers(desk, asked, action, at), None)

    def act(
        self,
        asked: Asked,
        action: Action,
        question: Callable[[EntryDesk, Authority], Admission | Outcome],
        at: datetime,
        by: Authority | Vouching | None = None,
        card: Admission | None = None,
    ) -> None:
        """Put to the desk what not everybody may ask; nothing happens if `card` is gone.

        by: who vouches, else the open session; `denied` tells where a PIN does not do.
        """

        def ask(desk: EntryDesk) -> Admission | Outcome | Denied:
            if card is not None and card is not self._last:
                return NotDone(Reason.OVERRIDE_NOT_POSSIBLE)
            try:
                granted = desk.supervising.granted(by, action, at)
            except StorageTroubleError:
                granted = NotDone(Reason.STORAGE_TROUBLE)
            return question(desk, granted) if isinstance(granted, Authority) else granted

        self._perform(asked, ask, at)

    def ask(self, asked: Asked, question: Callable[[EntryDesk], Outcome], at: datetime) -> None:
        """Put to the desk what its `leaving`, `registering` or `paper` is asked."""
        self._perform(asked, question, at)

    def tell(self, question: Callable[[EntryDesk], object], told: Callable[[object], None]) -> None:
        """Have `told` called in the desk's thread with the answer; NotDone where there is none."""
        self._put(lambda desk: self._told(desk, question, told), None)

    def look_at(self, occasion: Occasion, at: datetime) -> None:
        """`standing` tells how `occasion` stands."""
        self._put(lambda desk: self._look_at(desk, occasion, at), None)

    def want_blank(self, *, wanted: bool) -> None:
        """Whether a blank badge that is shown is `told`, and not answered."""
        self._wants_blank = wanted

    def inquire(self, what: str, question: Callable[[EntryDesk], object]) -> None:
        """`told` tells under that name what the desk answers to a question that changes nothing."""

        def ask(desk: EntryDesk) -> None:
            self.told.emit(what, question(desk))

        self._put(ask, None)

    def look_at_today(self, at: datetime) -> None:
        """`standing` tells how each occasion of today stands, one after the other."""
        self._put(lambda desk: self._look_at_today(desk, at), None)

    def search(self, query: str, at: datetime) -> None:
        """`found` tells the guests, and where they stand."""
        self._put(lambda desk: self._search(desk, query, at), None)

    def look_at_guest(self, guest_id: str, at: datetime) -> None:
        """Show a guest's card, from which nothing follows."""
        self._put(lambda desk: desk.look_at(guest_id, at), at)

    def clear(self, card: Admission | None = None) -> None:
        """Staff are done with this visit: nothing happens if that is not `card` any more."""
        self._put(lambda desk: self._clear(desk, card), None)

    def refresh(self, at: datetime) -> None:
        """`overview` tells how things stand."""
        self._put(lambda _: None, at, always=True)

    # In the desk's thread

    def _put(
        self,
        ask: Callable[[EntryDesk], Admission | None],
        at: datetime | None,
        *,
        always: bool = False,
        shown: bool = False,
    ) -> None:
        if not self._ended.is_set():  # nobody would ever take it out, and it may hold a code
            self._questions.put(Question(ask, at, always, shown))

    def _run(self) -> None:
        try:
            desk = self._open_desk()
        except StorageTroubleError as error:
            self._fail(Reason.STORAGE_TROUBLE, error)
            return
        except Exception as error:  # noqa: BLE001  # a thread's top: nobody else would notice
            self._fail(Reason.PROGRAM_TROUBLE, error)
            return
        while (question := self._questions.get()) is not None:
            self._turned = time.monotonic()
            answered = self._answer(desk, question)
            if question.at is not None and (answered or question.always):
                self._tell_overview(desk, question.at)
        desk.close()

    def _fail(self, reason: Reason, error: Exception) -> None:
        self._ended.set()
        while not self._questions.empty():
            self._questions.get()
        _log.error("the desk could not be opened: %s", where(error))
        self.failed.emit(f"{reason}: {explain(reason).remedy}")

    def _answer(self, desk: EntryDesk, question: Question) -> bool:
        """Ask, and send out what comes at once; whether anything came."""
        if question.shown and not desk.duty.attended:
            with self._newest_lock:
                self._newest = None
            return False
        try:
            admission = question.ask(desk)
        except StorageTroubleError:
            reasons = (Reason.STORAGE_TROUBLE,)
            admission = Admission(Shown.DESK, question.at, reasons) if question.at else None
        except Exception as error:  # noqa: BLE001  # a thread's top: the door must go on
            _log.error("the desk failed: %s", where(error))
            admission = desk.trouble(question.at) if question.at else None
        if admission is None:
            return False
        self._last = admission
        self.admission.emit(admission)
        return True

    def _tell_overview(self, desk: EntryDesk, at: datetime) -> None:
        try:
            overview = overview_of(desk, at)
        except StorageTroubleError:
            return  # the figures stay as they were; the next answer tells of the disk
        except Exception as error:  # noqa: BLE001  # figures are no reason to stop a door
            _log.error("no overview: %s", where(error))
            return
        self.overview.emit(overview)

    def _tick(self, desk: EntryDesk, at: datetime) -> Admission | None:
        if self._questions.empty():
            desk.rest()
        return desk.tick(at)

    def _sight(self, desk: EntryDesk) -> Admission | None:
        with self._newest_lock:
            newest, self._newest = self._newest, None
        if newest is None:
            return None
        texts, at = newest
        return self._shown_or_set_aside(desk, texts, at, lambda: desk.sight(texts, at))

    def _scanned(self, desk: EntryDesk, text: str, at: datetime) -> Admission | None:
        return self._shown_or_set_aside(desk, (text,), at, lambda: desk.scanned(text, at))

    def _shown_or_set_aside(
        self,
        desk: EntryDesk,
        texts: tuple[str, ...],
        at: datetime,
        ask: Callable[[], Admission | None],
    ) -> Admission | None:
        """What a code is answered; where it has to wait, the list says so."""
        blank = desk.offering.shown_blank(texts) if self._wants_blank else None
        if blank is not None:
            self.told.emit(BLANK_SHOWN, blank)
            return None
        before = desk.set_aside
        admission = ask()
        if admission is None and desk.set_aside != before:
            self._tell_overview(desk, at)
        return admission

    def _confirm(
        self,
        desk: EntryDesk,
        seen: frozenset[Confirmation],
        at: datetime,
        card: Admission | None,
    ) -> Admission | None:
        # A scan may have come between the key and this call: then it is another guest's card.
        if card is not None and card is not self._last:
            return None
        return desk.confirm(seen, at)

    def _let_out(self, desk: EntryDesk, guest_id: str, at: datetime) -> Admission | None:
        try:
            recorded = desk.let_out(guest_id, at)
        except StorageTroubleError:
            guest = desk.guests.by_id(guest_id)
            return Admission(Shown.DESK, at, (Reason.STORAGE_TROUBLE,), guest=guest)
        showing = self._last.guest if self._last else None
        if recorded and showing is not None and showing.id == guest_id:
            self._clear(desk)
        self.left.emit(recorded, guest_id)
        return None

    def _perform(
        self, asked: Asked, ask: Callable[[EntryDesk], Admission | Outcome | Denied], at: datetime
    ) -> None:
        self._put(lambda desk: self._performed(asked, ask(desk)), at, always=True)

    def _performed(self, asked: Asked, result: Admission | Outcome | Denied) -> Admission | None:
        if isinstance(result, Admission):
            guests = (result.guest,) if result.guest else ()
            self.outcome.emit(asked.value, Done(guests=guests))
            return result
        if isinstance(result, Denied):
            self.denied.emit(result)
            return None
        if asked is Asked.UNDO and isinstance(result, Done):
            self._last = None  # as the desk's own card: it is gone
        self.outcome.emit(asked.value, result)
        return None

    def _tell_vouchers(self, desk: EntryDesk, asked: Asked, action: Action, at: datetime) -> None:
        try:
            self.vouchers.emit(desk.supervising.vouchers(action, at))
        except StorageTroubleError:
            self.outcome.emit(asked.value, NotDone(Reason.STORAGE_TROUBLE))

    @staticmethod
    def _told(
        desk: EntryDesk, question: Callable[[EntryDesk], object], told: Callable[[object], None]
    ) -> None:
        try:
            answer = question(desk)
        except StorageTroubleError:
            answer = NotDone(Reason.STORAGE_TROUBLE)
        except Exception:
            told(NotDone(Reason.PROGRAM_TROUBLE))
            raise
        told(answer)

    def _look_at(self, desk: EntryDesk, occasion: Occasion, at: datetime) -> None:
        figures = desk.figures.occasion(occasion, at)
        state = OccasionState(figures, desk.figures.partnerships(occasion))
        self.standing.emit(occasion.id, state)

    def _look_at_today(self, desk: EntryDesk, at: datetime) -> None:
        for occasion in desk.figures.today(at):
            self._look_at(desk, occasion, at)

    def _search(self, desk: EntryDesk, query: str, at: datetime) -> None:
        self.found.emit(query, desk.lookup.find(query, at))

    def _clear(self, desk: EntryDesk, card: Admission | None = None) -> None:
        if card is None or card is self._last:
            desk.clear()
            self._last = None
