"""The desk's screen: what is pressed becomes a question to the desk, what it says is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.core.policy.event import Confirmation
from kiosk.desk.admission import Admission, Found, Today
from kiosk.desk.findings import Station
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import BadgePrinter, Clock, ScannerNote
from kiosk.gui.desk.acts.board import Acts
from kiosk.gui.desk.card import DeskCard
from kiosk.gui.desk.find import FindPage
from kiosk.gui.desk.header import DeskHeader
from kiosk.gui.desk.occasions import OccasionsPage
from kiosk.gui.desk.side import DeskSide
from kiosk.gui.desk_thread import Asked, DeskThread, Overview
from kiosk.gui.parts.accessible import GROUP
from kiosk.gui.parts.signs import SignBook
from kiosk.gui.parts.style import MARGIN_DESK, Styled, Tint, column, row
from kiosk.gui.printing import Printing
from kiosk.gui.words.acts import recorded_card
from kiosk.gui.words.facts import state_of
from kiosk.gui.words.outcomes import undone_card, why_not
from kiosk.gui.words.phrases import Card, closed_card, desk_card, idle_card, left_card
from kiosk.gui.words.wording import Wording

_UPON_PAGES = (  # that work while a page lies upon the card
    *(Qt.Key.Key_F1, Qt.Key.Key_K, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_R),
    *(Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_Escape),
    *(Qt.Key.Key_F2, Qt.Key.Key_F5, Qt.Key.Key_F12),  # the window's
)
_DIGITS = {Qt.Key(Qt.Key.Key_0.value + number): number for number in range(1, 6)}


class DeskScreen(QWidget, Styled):
    """Header, left side, card, and the keys."""

    access = GROUP
    language_chosen = Signal(str)
    done = Signal()  # staff are done with the guest of the card

    def __init__(
        self,
        station: Station,
        wordings: Mapping[str, Wording],
        clock: Clock,
        signs: SignBook,
        desk: DeskThread,
    ) -> None:
        super().__init__()
        self._station, self._clock, self._desk = station, clock, desk
        self._admission: Admission | None = None
        self._say = next(iter(wordings.values()))
        self.header = DeskHeader(station, wordings)
        self.side = DeskSide(station.event.time_zone)
        self.card = DeskCard(station.event.confirmations, signs)
        self._printing = Printing()
        self.acts = Acts(self.card, desk, station, clock, self._printing)
        self.finder = FindPage(self.side.search)
        self.occasions = OccasionsPage(station)
        self.preview = self.side.preview
        self._asks = self._written()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._arrange()
        self._connect()

    def speak(self, say: Wording, chosen: str) -> None:
        """Say everything in another language."""
        self._say = say
        self.header.speak(say, chosen)
        self.side.speak(say)
        self.card.speak(say)
        self.acts.speak(say)
        self.finder.speak(say)
        self.occasions.speak(say)
        if self._admission is not None:
            self.card.tell(desk_card(self._admission, say, self._station))

    def print_with(self, printer: BadgePrinter) -> None:
        """What badges are printed with; else none are."""
        self._printing.use(printer)

    @property
    def spoken(self) -> str:
        """The answer and whose it is, to be heard."""
        card = self.card.card
        return f"{self.card.band.accessibleName()} {card.name if card else ''}".strip()

    def show_admission(self, admission: Admission) -> None:
        """Show another card; whoever types a name goes on typing."""
        if admission is self._admission:  # the desk keeps the card that staff are deciding on
            self.card.rearm()
            return
        self.acts.take_admission(admission)
        self.header.banner.fold()  # the list may lie upon the answer
        self._admission = admission
        card = desk_card(admission, self._say, self._station)
        self.card.tell(card)
        self.side.waiting.number(not card.candidates)
        if not (self.finding or self.acts.open):
            self.setFocus()

    def show_overview(self, overview: Overview) -> None:
        """Show figures, guests who wait, last answers."""
        self.header.count(overview.counters, overview.here)
        side = self.side
        side.show_lists(overview.waiting, overview.recent, undoable=overview.undoable)
        if self.card.shows(self.occasions):
            self._desk.look_at_today(self._clock.now())

    def show_left(self, recorded: bool, guest_id: str) -> None:
        """Show whether it was recorded that the guest left, if the card is still theirs."""
        card = self.card.card
        if card is None or card.guest is None or card.guest.id != guest_id:
            return
        left = left_card(recorded, card, self._clock.now(), self._say, self._station)
        if recorded:
            self._admission = None
        # Else staff are deciding on it still, and the desk keeps it for them.
        keeps = not recorded and card.confirmable
        self.card.tell(replace(card, helps=left.helps) if keeps else left)
        if not keeps:
            self.done.emit()

    def change_hands(self, *, closed: bool) -> None:
        """Somebody else checks here: PIN and confirmations were another one's.

        closed: nobody does, and whoever opens next finds no guest.
        """
        self.acts.change_hands()
        self.card.ask_anew()
        if closed:
            self.acts.leave()
            self.clear()

    def show_outcome(self, asked: str, outcome: Outcome) -> None:
        """Show on the card as it is why something was not taken back."""
        failed = asked == Asked.UNDO and isinstance(outcome, NotDone) and not self.acts.open
        if failed and isinstance(outcome, NotDone) and self.card.card is not None:
            self.card.tell(replace(self.card.card, helps=(why_not(outcome, self._say),)))

    def show_done(self, asked: str, done: Done) -> None:
        """Show what was recorded, or taken back; an override has an answer of its own."""
        at = self._clock.now()
        if asked == Asked.UNDO:
            self._admission = None
            self.card.tell(undone_card(done, at, self._say, self._station))
            self.done.emit()
        elif asked != Asked.OVERRIDE:
            self._show_recorded(recorded_card(Asked(asked), done, at, self._say, self._station))
            if asked == Asked.SEND_AWAY:
                self._desk.clear(self._admission)
                self._admission = None
                self.done.emit()

    def _show_recorded(self, recorded: Card) -> None:
        """What is of nobody on the card leaves the card as it is, with a line more."""
        card = self.card.card
        if card is None or self._admission is None or recorded.goes_on or recorded.ends:
            self.card.tell(recorded)
        else:
            self.card.tell(replace(card, helps=recorded.helps))

    def show_closed(self, code: str) -> None:
        """The desk could not be opened: nothing here works, and this says what to do."""
        self.card.tell(closed_card(code, self._say))

    def tell_scanner(self, note: ScannerNote | None) -> None:
        """Say something about a hand scanner, or nothing any more."""
        self.header.tell_scanner(note)

    def tell_time(self, at: datetime) -> None:
        """The time is `at`."""
        self.header.tell_time(at)
        self.side.tell_time(at)

    def clear(self) -> None:
        """Ready for the next guest."""
        if self._admission is not None:
            self._desk.clear(self._admission)
        self._admission = None
        self.side.waiting.number(True)
        self.card.tell(idle_card(self._say))
        self.leave_page()
        self.done.emit()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that are written on the screen. A key held down counts once."""
        if event.isAutoRepeat() or not self._pressed(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _pressed(self, key: Qt.Key) -> bool:
        if self.acts.sheet is not None:  # somebody clicked beside it
            return self._pressed_beside(key)
        if self.card.covered and key not in _UPON_PAGES:
            return True  # what cannot be seen is not decided
        asks = self._asks.get(key)
        if asks is not None:
            asks()
        elif key in _DIGITS:
            self._digit(_DIGITS[key])
        return asks is not None or key in _DIGITS

    def _written(self) -> dict[Qt.Key, Callable[[], None]]:
        """The keys that are written on the screen, but for digits."""
        return {
            Qt.Key.Key_Return: self._let_in,
            Qt.Key.Key_Enter: self._let_in,
            Qt.Key.Key_Space: lambda: self.card.toggle(Confirmation.ID_DOCUMENT),
            Qt.Key.Key_M: lambda: self.card.toggle(Confirmation.MASK),
            Qt.Key.Key_F1: self.header.banner.turn,
            Qt.Key.Key_K: self._type_by_finger,
            Qt.Key.Key_F3: self._begin_to_find,
            Qt.Key.Key_F4: self._turn_occasions,
            Qt.Key.Key_R: self.side.recent.bring_next,
            Qt.Key.Key_F6: self._read_officially,
            Qt.Key.Key_F7: self._let_out,
            Qt.Key.Key_F8: self._decide_otherwise,
            Qt.Key.Key_F9: self._undo,
            Qt.Key.Key_Escape: self._escape,
            Qt.Key.Key_PageDown: self.side.waiting.turn,
        }

    def _pressed_beside(self, key: Qt.Key) -> bool:
        sheet = self.acts.sheet
        if sheet is not None and key == Qt.Key.Key_Escape:
            sheet.step_back()
        elif sheet is not None:
            sheet.focus_first()
        return True

    def _digit(self, number: int) -> None:
        if self.card.card is not None and self.card.card.candidates:
            self.card.choose_candidate(number)
        else:
            self.side.waiting.choose(number)

    # Questions to the desk

    def _let_in(self) -> None:
        card = self.card.card
        if card is not None and card.goes_on and card.guest is not None:
            self._choose(card.guest.id)
            return
        if self.card.primary.ready:
            self._desk.confirm(self.card.seen, self._clock.now(), self._admission)
            self.card.primary.arm(False)  # one key, one entry
            return
        missing = self.card.missing()
        if self.card.card is not None and self.card.card.confirmable and missing is not None:
            QApplication.beep()
            missing.flash()
            missing.setFocus(Qt.FocusReason.TabFocusReason)

    def _read_officially(self) -> None:
        self._desk.official_reader(self._clock.now())

    def _let_out(self) -> None:
        card = self.card.card
        if card is not None and card.guest is not None:
            self._desk.let_out(card.guest.id, self._clock.now())

    def _decide_otherwise(self) -> None:
        """Whatever can be decided beside letting in."""
        card, undoable = self.card.card, self.side.undo.isEnabled()
        if card is None or card.goes_on:  # it tells what was recorded, of whoever that was
            self.acts.open_menu(None, "", undoable=undoable)
        else:
            self.acts.open_menu(self._admission, card.name, undoable=undoable)

    def _undo(self) -> None:
        self._desk.undo(self._clock.now())

    def _choose(self, guest_id: str) -> None:
        self._desk.choose(guest_id, self._clock.now())
        self.leave_page()

    def _look_at(self, guest_id: str) -> None:
        self._desk.look_at_guest(guest_id, self._clock.now())
        self.leave_page()

    def _choose_found(self, found: Found) -> None:
        """Whoever is inside is looked at: to leave, or for something else to be done."""
        ask = self._look_at if found.today is Today.INSIDE else self._choose
        ask(found.guest.id)

    def _search(self, query: str) -> None:
        self._desk.search(query, self._clock.now())

    # Pages upon the card

    @property
    def finding(self) -> bool:
        """Whether somebody is being looked for."""
        return self.card.shows(self.finder)

    def leave_page(self) -> None:
        """Show the card again, unless a sheet lies upon it."""
        if not self.acts.open:
            self.card.lift()
            self.setFocus()

    def _escape(self) -> None:
        if self.card.covered:
            self.leave_page()
        else:
            self.clear()

    def _begin_to_find(self) -> None:
        self.side.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find()  # it may have had the focus already

    def _find(self) -> None:
        if self.acts.sheet is not None:
            self.acts.sheet.focus_first()
        else:
            self.card.lay(self.finder)

    def _type_by_finger(self) -> None:
        self._find()
        if self.finding:
            self.finder.type_by_finger()

    def _turn_occasions(self) -> None:
        """Show the figures of all occasions, or the card again."""
        if self.card.shows(self.occasions):
            self.leave_page()
        elif not self.acts.open:
            self.occasions.forget()  # the day may be another one
            self._desk.look_at_today(self._clock.now())
            self.card.lay(self.occasions)
            self.occasions.setFocus()

    def _forget_search(self) -> None:
        if not self.finding:
            self.finder.forget()

    # Building

    def _arrange(self) -> None:
        body = row(24, (MARGIN_DESK,) * 4, turns=True)
        body.addWidget(self.side)
        body.addWidget(self.card, 1)
        whole = column().put(self.header)
        whole.addLayout(body, 1)
        self.setLayout(whole)
        self.card.add(self.finder)
        self.card.add(self.occasions)

    def _connect(self) -> None:
        self.header.language_chosen.connect(self.language_chosen)
        self.side.chosen.connect(self._choose)
        self.side.looked_at.connect(self._look_at)
        self.side.search.begun.connect(self._find)
        self.finder.tell_states(lambda found, say: state_of(found, say, self._station))
        self.finder.wanted.connect(self._search)
        self.finder.chosen.connect(self._choose_found)
        self.finder.left.connect(self.leave_page)
        self.card.turned.connect(self._forget_search)
        self.header.figures.clicked.connect(self._turn_occasions)
        self.occasions.left.connect(self.leave_page)
        self._desk.standing.connect(self.occasions.show_state)
        self.side.undo.clicked.connect(self._undo)
        self._desk.outcome.connect(self.show_outcome)
        self.acts.done.connect(self.show_done)
        self.acts.left.connect(lambda: self.setFocus())
        self.acts.let_out.connect(self._let_out)
        self.acts.undo.connect(self._undo)
        self._desk.found.connect(self.finder.show_found)
        self._desk.left.connect(self.show_left)
        self._desk.overview.connect(self.show_overview)
        self.card.let_in.connect(self._let_in)
        self.card.official_reader.connect(self._read_officially)
        self.card.leaves.connect(self._let_out)
        self.card.otherwise.connect(self._decide_otherwise)
        self.card.cleared.connect(self.clear)
        self.card.chosen.connect(self._choose)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys work at once."""
        super().showEvent(event)
        self.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paper."""
        QPainter(self).fillRect(self.rect(), self._style.colour(Tint.PAPER))
