"""One act of staff: its question, and then a supervisor's PIN where the session is not enough."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouchers, Vouching
from kiosk.gui.desk_thread import Asked
from kiosk.gui.parts.pin import PinForm
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import column
from kiosk.gui.words.wording import Wording


class Act(Sheet):
    """A sheet of two pages; the second one comes only where a supervisor is needed.

    asks: emitted once nothing is missing, with the Vouching, or None where none is needed.
    admission: what is decided on, as the card had it when the sheet was opened.
    """

    asks = Signal(object)
    asked: Asked
    action: Action
    words: str  # the table of its texts

    def __init__(self, question: QWidget, *, admits: bool = False) -> None:
        super().__init__(admits=admits)
        self.admission: Admission | None = None
        self.vouchers: Vouchers | None = None  # until the desk has told
        self._hurried = False  # going on was asked for before that
        self.question, self.pin_form = question, PinForm()
        self._pages = QStackedWidget()
        self._pages.addWidget(question)
        self._pages.addWidget(self.pin_form)
        self.form.setLayout(column().put(self._pages))
        self.pin_form.changed.connect(self.rearm)

    # What each act has of its own

    def lacks(self) -> tuple[str, QWidget] | None:
        """What the question still wants: the key of its words, and where."""
        return None

    def places(self) -> Sequence[QWidget]:
        """Where Tab goes in the question."""
        return ()

    def fill_in(self, admission: Admission | None) -> None:
        """Take from the card what is known already."""

    # The two pages

    @property
    def vouching(self) -> bool:
        """Whether the page of the PIN is shown."""
        return self._pages.currentWidget() is self.pin_form

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say(f"{self.words}.title"))
        self.pin_form.speak(say)

    def start(self, admission: Admission | None, about: str) -> None:
        """Ask anew, about what the card shows."""
        self.begin(about)
        self.admission = admission
        self.fill_in(admission)
        self.rearm()
        self.focus_first()

    def goes_on(self, admission: Admission) -> bool:
        """Whether the new answer is of the same guest, and this can still be decided on it."""
        before, now = self.admission and self.admission.guest, admission.guest
        same = bool(before and now and before.id == now.id)
        if same and self.is_possible(admission):
            self.admission = admission
            return True
        return False

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

    def step_back(self) -> None:
        """From the PIN to the question, from there to the card."""
        if not self.vouching or self.stale or self.busy:
            self.left.emit()
            return
        self._turn_to(self.question)

    def complete(self) -> None:
        """Ask for the PIN where one is needed, then the desk."""
        if self.vouching:
            pin = Vouching(self.pin_form.picker.chosen, self.pin_form.pin.take())
            self._ask(pin)
        elif self.vouchers is None:
            self._hurried = True
            self.tell("sheet.wait")
        elif not self.vouchers.needed:
            self._ask(None)
        elif not self.vouchers.people:
            self.tell("pin.nobody")
        else:
            self._turn_to(self.pin_form)
            self.pin_form.pin.setFocus(Qt.FocusReason.TabFocusReason)

    def _ask(self, by: Vouching | None) -> None:
        self.wait()
        self.asks.emit(by)

    def _turn_to(self, page: QWidget) -> None:
        self.pin_form.pin.clear()
        self._pages.setCurrentWidget(page)
        self.tell("")
        self.rearm()
        self.focus_first()
