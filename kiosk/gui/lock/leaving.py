"""The way out of a locked screen: a supervisor's name and PIN, then the program ends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Authority, Clock
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouchers, Vouching
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.pinsheet import PinSheet
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.parts.style import Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording

UNATTENDED = 20_000  # milliseconds without a key or a touch, after which it closes by itself
_NOBODY = Vouchers(Action.CLOSE_DOOR, (), needed=False)


class LeaveSheet(PinSheet):
    """Who ends the program, and the PIN. Where nobody is named, the gesture is to be made again."""

    def __init__(self) -> None:
        super().__init__()
        self.hold = Text(Type.LEAD, Weight.SEMI, lines=4, portrait_lines=6)
        self.form.setLayout(column().put(12, self.pin_form, self.hold, None))

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say("leave.title"))
        self.go.name(say("leave.go"), say("key.enter"))
        self.pin_form.speak(say, "leave.who")
        self.hold.say(say("leave.hold"))

    def offer(self, people: Sequence[Supervisor]) -> None:
        """Whom to choose from; nobody: there is no PIN to ask for."""
        self.busy = False
        self.pin_form.offer(people)
        for each in (self.pin_form, self.go):
            each.setVisible(bool(people))
        self.hold.setVisible(not people)
        self.tell("")
        self.rearm()
        self.focus_first()

    def begin(self, about: str = "") -> None:
        """Wait for the desk to tell who there is."""
        super().begin(about)
        for each in (self.pin_form, self.go, self.hold):
            each.hide()
        self.wait()


class WayOut(QObject):
    """Opens the sheet upon `window` at the gesture, and tells by `out` that it may be left."""

    out = Signal()
    _people_arrived = Signal(object)
    _answer_arrived = Signal(object)

    def __init__(
        self,
        app: QApplication,
        window: QMainWindow,
        desk: DeskThread,
        clock: Clock,
        say: Wording,
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._clock, self._say = window, desk, clock, say
        self._who: Vouchers | None = None  # once the desk has told
        self._before: QWidget | None = None  # that had the focus
        self.sheet = LeaveSheet()
        self.sheet.speak(say)
        self.cover = Cover(window, self.sheet, (880, 560))
        self._unattended = QTimer(self, singleShot=True, interval=UNATTENDED)
        self._unattended.timeout.connect(self.close)
        self.sheet.left.connect(self.close)
        self.sheet.asks.connect(self._vouch)
        self._people_arrived.connect(self._offer)
        self._answer_arrived.connect(self._answer)
        app.focusChanged.connect(self._keep_focus)

    @property
    def is_open(self) -> bool:
        """Whether the sheet is shown."""
        return not self.cover.isHidden()

    def ask(self) -> None:
        """Somebody held the gesture: once for the sheet, once more where it asks for no PIN."""
        if self.is_open:
            if self._who is not None and not self._who.needed:
                self.out.emit()
            return
        self._before, self._who = self._window.focusWidget(), None
        self._unattended.start()
        self.cover.open()
        if self._desk.ended:  # it never opened: nobody's PIN can be looked at, nobody is served
            self._offer(_NOBODY)
        else:
            self._desk.tell(who_may_leave, self._people_arrived.emit)

    def close(self) -> None:
        """Stay."""
        self._unattended.stop()
        self._who = None
        self.cover.close_sheet()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def attend(self) -> None:
        """Somebody pressed or touched something: the time until it closes begins anew."""
        if self.is_open:
            self._unattended.start()

    def _keep_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """What happens below may not take the keys away."""
        if now is not None and self.is_open and not self.cover.isAncestorOf(now):
            QTimer.singleShot(0, self.sheet, self.sheet.focus_first)

    def _offer(self, answer: object) -> None:
        if not self.is_open:
            return
        if isinstance(answer, Vouchers):
            self._who = answer
            self.sheet.offer(answer.people)
        elif isinstance(answer, NotDone):
            self.sheet.fail(why_not(answer, self._say))

    def _vouch(self, vouching: Vouching) -> None:
        action = self._who.action if self._who else Action.CLOSE_DOOR
        at = self._clock.now()
        self._desk.tell(
            lambda desk: desk.supervising.vouch(vouching, action, at), self._answer_arrived.emit
        )

    def _answer(self, answer: object) -> None:
        if isinstance(answer, Authority):
            self.out.emit()
        elif isinstance(answer, Denied):
            self.sheet.deny(answer)
        elif isinstance(answer, NotDone):
            self.sheet.fail(why_not(answer, self._say))


def who_may_leave(desk: EntryDesk) -> Vouchers:
    """Supervisors; stewards where there are only those; nobody is needed where none are named.

    Raises StorageTroubleError.
    """
    for action in (Action.CLOSE_DOOR, Action.CLOSE_SESSION):
        if people := desk.supervising.who_may(action):
            return Vouchers(action, people, needed=True)
    return _NOBODY
