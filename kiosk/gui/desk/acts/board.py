"""Opens the sheets of staff's acts upon the card, and puts to the desk what they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission
from kiosk.desk.findings import Station
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import Clock, PrintFault
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouchers, Vouching
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.accept import AcceptSheet
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.badge import GiveBadgeSheet
from kiosk.gui.desk.acts.closing import EveryoneOutSheet
from kiosk.gui.desk.acts.menu import MenuSheet
from kiosk.gui.desk.acts.override import OverrideSheet
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.reprint import ReprintSheet
from kiosk.gui.desk.acts.send_away import SendAwaySheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.desk.acts.undo import UndoSheet
from kiosk.gui.desk.card import DeskCard
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import ASSETS, dress
from kiosk.gui.printing import Printing
from kiosk.gui.words.acts import Decision, Situation, menu
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording

SHEETS: Mapping[Decision, Callable[[Station], Act]] = {
    Decision.OVERRIDE: lambda _: OverrideSheet(),
    Decision.SUBSTITUTE: SubstituteSheet,
    Decision.REGISTER: RegisterSheet,
    Decision.ACCEPT: AcceptSheet,
    Decision.GIVE_BADGE: lambda _: GiveBadgeSheet(),
    Decision.REPRINT: lambda _: ReprintSheet(),
    Decision.SEND_AWAY: lambda _: SendAwaySheet(),
    Decision.PAPER: PaperSheet,
    Decision.EVERYONE_OUT: lambda station: EveryoneOutSheet(station.event),
    Decision.UNDO: lambda _: UndoSheet(),
}


class Acts(QObject):
    """One sheet at a time lies upon the card."""

    done = Signal(str, object)  # Asked and Done: it is on disk
    left = Signal()  # the card is seen again
    let_out = Signal()  # the guest of the card leaves
    undo = Signal()  # what was recorded last is taken back

    def __init__(
        self,
        card: DeskCard,
        desk: DeskThread,
        station: Station,
        clock: Clock,
        printing: Printing,
    ) -> None:
        super().__init__()
        self._card, self._desk, self._clock, self._printing = card, desk, clock, printing
        self._say: Wording | None = None
        self._admission: Admission | None = None
        self._about, self._undoable = "", False
        self._by: Vouching | None = None  # for what comes after printing
        self.sheet: Sheet | None = None
        self.menu = MenuSheet(ASSETS / "signs" / "acts")
        self._station = station
        self._made: dict[Decision, Act] = {}
        self._connect()

    @property
    def open(self) -> bool:
        """Whether a sheet lies upon the card."""
        return self.sheet is not None

    @property
    def sheets(self) -> Sequence[Sheet]:
        """Those that there are by now."""
        return (self.menu, *self._made.values())

    def act(self, decision: Decision) -> Act:
        """The sheet of an act, made when it is first wanted: all of them would delay the start."""
        act = self._made.get(decision)
        if act is None:
            act = self._made[decision] = SHEETS[decision](self._station)
            if self._say is not None:
                act.speak(self._say)
            act.asks.connect(partial(self._ask, act))
            act.inquires.connect(self._desk.inquire)
            self._add(act)
        return act

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        for sheet in self.sheets:
            sheet.speak(say)
        self._offer_menu()

    def open_menu(self, admission: Admission | None, about: str, *, undoable: bool) -> None:
        """Show what can be decided now about what the card shows."""
        self._admission, self._about, self._undoable = admission, about, undoable
        self._offer_menu()
        self._lay(self.menu)
        self.menu.begin(about)

    def begin(self, decision: Decision) -> None:
        """Lay the sheet of an act upon the card."""
        act, at = self.act(decision), self._clock.now()
        self._lay(act)
        if isinstance(act, ReprintSheet):
            act.tell_printer(self._printing.where)
        act.start(self._admission, self._about, at)
        self._desk.look_for_vouchers(act.asked, act.action, at)

    def leave(self) -> None:
        """Take the sheet away; it forgets everything."""
        self._forget()
        self._admission, self._about, self._by = None, "", None
        self._card.lift()
        self.left.emit()

    def change_hands(self) -> None:
        """Whoever checks here from now on finds nobody's PIN."""
        if isinstance(self.sheet, Act):
            self.sheet.pin_form.pin.clear()

    # What the desk says

    def take_admission(self, admission: Admission) -> None:
        """Another answer came: a sheet may be about the guest before."""
        if isinstance(self.sheet, Act) and not self.sheet.goes_on(admission):
            self.sheet.go_stale()
        elif self.sheet is self.menu:
            self.menu.go_stale()

    def take_outcome(self, asked: str, outcome: Outcome) -> None:
        """What became of what the open sheet asked, or of what was asked without one."""
        act = self.sheet if isinstance(self.sheet, Act) and self.sheet.asked == asked else None
        if not isinstance(outcome, NotDone):
            if act is not None:
                self.leave()
            self.done.emit(asked, outcome)
        elif act is not None and self._say is not None:
            act.fail(why_not(outcome, self._say))
        elif asked == Asked.UNDO and outcome.reason is Reason.NOT_AUTHORISED and not self.open:
            self._admission, self._about = None, ""
            self.begin(Decision.UNDO)

    def _offer(self, vouchers: Vouchers) -> None:
        if isinstance(self.sheet, Act) and self.sheet.action is vouchers.action:
            self.sheet.offer(vouchers)

    def _deny(self, denied: Denied) -> None:
        if isinstance(self.sheet, Act):
            self.sheet.deny(denied)

    def _told(self, what: str, answer: object) -> None:
        if isinstance(self.sheet, Act):
            self.sheet.take(what, answer)

    # What the sheets ask

    def _choose(self, decision: str) -> None:
        if decision in SHEETS and decision != Decision.UNDO:
            self._forget()
            self.begin(Decision(decision))
            return
        self.leave()
        (self.undo if decision == Decision.UNDO else self.let_out).emit()

    def _ask(self, act: Act, by: Vouching | None) -> None:
        guest = act.to_print() if isinstance(act, ReprintSheet) else None
        if guest is not None:
            self._by = by
            self._printing.begin(guest)
        else:
            self._put(act, by)

    def _put(self, act: Act, by: Vouching | None) -> None:
        at, question = self._clock.now(), act.question()
        # An override is of the very answer that the card shows.
        card = act.admission if act.action is OverrideSheet.action else None
        self._desk.act(
            act.asked, act.action, lambda desk, own: question(desk, own, at), at, by, card
        )

    def _printed(self, fault: PrintFault | None) -> None:
        act = self.sheet
        if not isinstance(act, ReprintSheet):
            return
        if fault is None:
            self._put(act, self._by)
        else:
            act.fail_printing(fault)

    # Building

    def _lay(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._desk.want_blank(wanted=isinstance(sheet, GiveBadgeSheet))
        self._card.lay(sheet)

    def _forget(self) -> None:
        if self.sheet is not None:
            self.sheet.end()
        self.sheet = None
        self._desk.want_blank(wanted=False)

    def _offer_menu(self) -> None:
        if self._say is not None:
            situation = Situation(self._admission, self._undoable, self._printing.able)
            self.menu.offer(menu(situation, self._say))

    def _connect(self) -> None:
        self._desk.vouchers.connect(self._offer)
        self._desk.denied.connect(self._deny)
        self._desk.outcome.connect(self.take_outcome)
        self._desk.told.connect(self._told)
        self._printing.ended.connect(self._printed)
        self.menu.chosen.connect(self._choose)
        self._add(self.menu)

    def _add(self, sheet: Sheet) -> None:
        self._card.add(sheet)
        dress(sheet, self._card)
        sheet.left.connect(self.leave)
