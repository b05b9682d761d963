"""One act of staff: its questions, and then a supervisor's PIN where the session is not enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import Outcome
from kiosk.desk.ports import Authority
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouchers, Vouching
from kiosk.gui.asked import Asked
from kiosk.gui.parts.pin import PinForm
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import column
from kiosk.gui.words.wording import Wording

_NEVER = datetime.min.replace(tzinfo=UTC)  # no sheet was opened yet
Question = Callable[[EntryDesk, Authority, datetime], Admission | Outcome]


class Act(Sheet):
    """A sheet of one page for each question; the last page, of the PIN, comes only where needed.

    asks: emitted once nothing is missing, with the Vouching, or None where none is needed.
    inquires: something is to be looked up: a name for it, and a function of the desk;
    `take` gets what it says. admission: what is decided on, as the card had it at first.
    at: the time at which the sheet was opened, aware.
    """

    asks = Signal(object)
    inquires = Signal(str, object)
    asked: Asked
    action: Action
    words: str  # the table of its texts
    bound = True  # to the guest of the card, who is named: another guest's answer ends it

    def __init__(self, *questions: QWidget, admits: bool = False) -> None:
        super().__init__(admits=admits)
        self.admission: Admission | None = None
        self.at = _NEVER
        self.vouchers: Vouchers | None = None  # until the desk has told
        self._hurried = False  # going on was asked for before that
        self.questions, self.pin_form = questions, PinForm()
        self._pages = QStackedWidget()
        for page in (*questions, self.pin_form):
            # The highest page is not to take the room of what stands below a lower one.
            page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._pages.addWidget(page)
        self.form.setLayout(column().put(self._pages))
        self.pin_form.changed.connect(self.rearm)

    # What each act has of its own

    def question(self) -> Question:
        """What the desk is asked, with all that was given."""
        raise NotImplementedError

    def lacks(self) -> tuple[str, QWidget] | None:
        """What the page still wants: the key of its words, and where."""
        return None

    def places(self) -> Sequence[QWidget]:
        """Where Tab goes in the page."""
        return ()

    def passes(self, step: int) -> bool:
        """Whether a page has nothing to ask, with what is known."""
        return step < 0

    def fill_in(self) -> None:
        """Take from the card what is known already."""

    def sentence(self) -> str:
        """What is about to be recorded, beside the PIN; empty where the title says it."""
        return ""

    def take(self, what: str, answer: object) -> None:
        """What was looked up."""

    # The pages

    @property
    def step(self) -> int:
        """Which page is shown, from 0."""
        return self._pages.currentIndex()

    @property
    def vouching(self) -> bool:
        """Whether the page of the PIN is shown."""
        return self._pages.currentWidget() is self.pin_form

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say(f"{self.words}.title"))
        self.pin_form.speak(say)

    def start(self, admission: Admission | None, about: str, at: datetime) -> None:
        """Ask anew, about what the card shows."""
        self.begin(about if self.bound else "")
        self.admission, self.at = admission, at
        self.fill_in()
        first = next((n for n in range(len(self.questions)) if not self.passes(n)), 0)
        self._turn_to(first)

    def goes_on(self, admission: Admission) -> bool:
        """Whether this can still be decided after a new answer: it is of the same guest."""
        before, now = self.admission and self.admission.guest, admission.guest
        same = bool(before and now and before.id == now.id)
        if same and self.is_possible(admission):
            self.admission = admission
            return True
        return self.admission is None or not self.bound

    def is_possible(self, admission: Admission) -> bool:
        """Whether the act goes with what the card shows now."""
        del admission
        return True

    def end(self) -> None:
        """Forget everything."""
        self.admission, self.vouchers, self._hurried = None, None, False
        self.pin_form.offer(())
        self._pages.setCurrentIndex(0)
        super().end()

    def offer(self, vouchers: Vouchers) -> None:
        """Whether a supervisor is needed, and who there is."""
        self.vouchers = vouchers
        self.pin_form.offer(vouchers.people)
        self.rearm()
        if self._hurried:
            self._hurried = False
            self.go_on()

    def deny(self, denied: Denied) -> None:
        """The PIN did not do."""
        super().deny(denied)
        self.pin_form.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_stale(self) -> None:
        """Another answer came: what is typed on here must not reach its keys."""
        self.pin_form.pin.clear()
        super().go_stale()

    def stops(self) -> Sequence[QWidget]:
        """Of the page that is shown."""
        return self.pin_form.stops() if self.vouching else self.places()

    def missing(self) -> tuple[str, QWidget] | None:
        """Of the page that is shown."""
        return self.pin_form.missing if self.vouching else self.lacks()

    @property
    def last(self) -> bool:
        """Whether nothing follows but the desk."""
        further = any(not self.passes(n) for n in range(self.step + 1, len(self.questions)))
        alone = self.vouchers is not None and not self.vouchers.needed
        return self.vouching or (alone and not further)

    def rearm(self) -> None:
        """Show whether going on would do something, and what."""
        super().rearm()
        if self.say is not None:
            words = self.goes if self.last else Sheet.goes
            self.go.name(self.say(words), self.say("key.enter"))

    def step_back(self) -> None:
        """From the PIN to the questions, from there to the card."""
        before = (n for n in reversed(range(self.step)) if not self.passes(n))
        page = next(before, None)
        if page is None or self.stale or self.busy:
            self.left.emit()
        else:
            self._turn_to(page)

    def complete(self) -> None:
        """The next question; then the PIN where one is needed, then the desk."""
        if self.vouching:
            pin = Vouching(self.pin_form.picker.chosen, self.pin_form.pin.take())
            self._ask(pin)
            return
        following = range(self.step + 1, len(self.questions))
        page = next((n for n in following if not self.passes(n)), None)
        if page is not None:
            self._turn_to(page)
        elif self.vouchers is None:
            self._hurried = True
            self.tell("sheet.wait")
        elif not self.vouchers.needed:
            self._ask(None)
        elif not self.vouchers.people:
            self.tell("pin.nobody")
        else:
            self._turn_to(len(self.questions))

    def _ask(self, by: Vouching | None) -> None:
        self.wait()
        self.asks.emit(by)

    def _turn_to(self, page: int) -> None:
        self.pin_form.pin.clear()
        self.put_keyboard_away()
        self._pages.setCurrentIndex(page)
        self.told.say(self.sentence() if self.vouching else "")
        self.rearm()
        if self.vouching:
            self.pin_form.pin.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focus_first()
