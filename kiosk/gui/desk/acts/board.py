"""Opens the sheets of staff's acts upon the card, and puts to the desk what they ask."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from kiosk.desk.admission import Admission
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import Clock
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouchers, Vouching
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.override import OverrideSheet
from kiosk.gui.desk.card import DeskCard
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording


class Acts(QObject):
    """One sheet at a time lies upon the card."""

    done = Signal(str, object)  # Asked and Done: it is on disk
    left = Signal()  # the card is seen again

    def __init__(self, card: DeskCard, desk: DeskThread, clock: Clock) -> None:
        super().__init__()
        self._card, self._desk, self._clock = card, desk, clock
        self._say: Wording | None = None
        self.sheet: Sheet | None = None
        self.override = OverrideSheet()
        self.sheets: Sequence[Act] = (self.override,)
        self._connect()

    @property
    def open(self) -> bool:
        """Whether a sheet lies upon the card."""
        return self.sheet is not None

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        for sheet in self.sheets:
            sheet.speak(say)

    def begin(self, act: Act, admission: Admission | None, about: str) -> None:
        """Lay the sheet of an act upon the card."""
        self.sheet = act
        self._card.lay(act)
        act.start(admission, about)
        self._desk.look_for_vouchers(act.asked, act.action, self._clock.now())

    def leave(self) -> None:
        """Take the sheet away; it forgets everything."""
        if self.sheet is not None:
            self.sheet.end()
        self.sheet = None
        self._card.lift()
        self.left.emit()

    def take_admission(self, admission: Admission) -> None:
        """Another answer came: a sheet is about the one before, unless it is of the same guest."""
        if isinstance(self.sheet, Act) and not self.sheet.goes_on(admission):
            self.sheet.go_stale()

    def take_outcome(self, asked: str, outcome: Outcome) -> None:
        """What became of what the open sheet asked; or of what was asked without one."""
        mine = isinstance(self.sheet, Act) and self.sheet.asked == asked
        if isinstance(outcome, NotDone):
            if mine and self.sheet is not None and self._say is not None:
                self.sheet.fail(why_not(outcome, self._say))
            return
        if mine:
            self.leave()
        self.done.emit(asked, outcome)

    # Questions to the desk

    def _let_in_anyway(self, by: Vouching) -> None:
        sheet = self.override
        if sheet.admission is not None:
            self._desk.override(sheet.cause, by, self._clock.now(), sheet.admission)

    def _offer(self, vouchers: Vouchers) -> None:
        if isinstance(self.sheet, Act) and self.sheet.action is vouchers.action:
            self.sheet.offer(vouchers)

    def _deny(self, denied: Denied) -> None:
        if self.sheet is not None:
            self.sheet.deny(denied)

    def _connect(self) -> None:
        self._desk.vouchers.connect(self._offer)
        self._desk.denied.connect(self._deny)
        self._desk.outcome.connect(self.take_outcome)
        for sheet in self.sheets:
            self._card.add(sheet)
            sheet.left.connect(self.leave)
        self.override.asks.connect(self._let_in_anyway)
