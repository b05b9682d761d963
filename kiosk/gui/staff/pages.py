"""The pages of staff beside who checks here: readiness, closing, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode, Station
from kiosk.desk.house import House
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Authority, Clock
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.staff.board import UNATTENDED, StaffBoard
from kiosk.gui.staff.closing_page import ClosingPage
from kiosk.gui.staff.duty_sheet import Beside
from kiosk.gui.staff.focus import FocusKeeper
from kiosk.gui.staff.ready_page import ReadyPage
from kiosk.gui.staff.settings_page import SettingsPage, Window
from kiosk.gui.staff.vouch_sheet import VouchSheet
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording

LEFT_ALONE = 60_000  # milliseconds untouched, after which what a PIN has opened is closed
_SIZE = (880, 640)
_UPON_SCREEN = {Qt.Key.Key_F5: Beside.READY, Qt.Key.Key_F12: Beside.CLOSE}
Then = Callable[[Authority | None], None]


class StaffPages(QObject):
    """Opens them at a key or from the sheet of `board`; without a house there are none."""

    _people = Signal(object)
    _granted = Signal(object)

    def __init__(
        self,
        screen: QWidget,
        station: Station,
        clock: Clock,
        board: StaffBoard,
        say: Callable[[], Wording],
        window: Window,
        languages: Sequence[Wording],
    ) -> None:
        """`languages`: those that staff may read."""
        super().__init__(screen)
        self._station, self._clock, self._board, self._say = station, clock, board, say
        self._then: Then | None = None
        self.house: House | None = None
        self.ready = ReadyPage(screen, clock, station.event.time_zone, say, window)
        self.closing = ClosingPage(screen, station, clock, board, say)
        self.settings = SettingsPage(screen, window, say, languages)
        self.vouch = VouchSheet()
        self.cover = Cover(screen, self.vouch, _SIZE)
        covers = (self.cover, self.ready.cover, self.closing.cover, self.settings.cover)
        self._focuses = [FocusKeeper(screen, each) for each in covers]
        self._unattended = QTimer(self, singleShot=True, interval=UNATTENDED)
        self._alone = QTimer(self, singleShot=True, interval=LEFT_ALONE)
        self._person = ""  # who checks here
        self._connect()

    def furnish(self, house: House) -> None:
        """From now on there is a PC around the desk."""
        self.house = house
        self.ready.house = self.closing.house = self.settings.house = house

    def speak(self) -> None:
        """The language of staff may be another one."""
        self.vouch.speak(self._say())
        self.ready.speak()
        self.settings.speak()

    def pressed(self, key: Qt.Key) -> bool:
        """One of the keys of staff was pressed upon the screen; whether it was one."""
        if key == Qt.Key.Key_F2:
            self._board.hand_over()
            return True
        what = _UPON_SCREEN.get(key)
        if what is None or self._station.mode is Mode.SELF:
            return False  # guests' keys ask for nothing: there the sheet comes first, and a PIN
        self.want(what)
        return True

    def want(self, what: Beside) -> None:
        """Staff asked for it; on a guest's screen a supervisor says so first."""
        does = {
            Beside.PAUSE: self._board.pause,
            Beside.READY: self._open_ready,
            Beside.CLOSE: self._open_closing,
            Beside.SETTINGS: self._open_settings,
        }[what]
        if what is Beside.SETTINGS or self._station.mode is Mode.SELF:
            self.ask(Action.SETTINGS, "", lambda _: does())
        else:
            does()

    def ask(self, action: Action, why: str, then: Then) -> None:
        """Have `then` called with the authority of a supervisor; with None where none is named."""
        duty = self._board.duty
        if duty is None or not duty.named:
            then(None)
            return
        self._then, self.vouch.action = then, action
        self.vouch.speak(self._say())
        self.vouch.explain(why)
        self._focuses[0].begin()
        self.cover.open()
        self._unattended.start()
        question = partial(lambda desk, action: desk.supervising.who_may(action), action=action)
        self._board.line.ask(question, self._people.emit)

    def stop(self) -> None:
        """Nothing is looked at any more."""
        self.ready.stop()

    # Inside

    def _close(self) -> None:
        self._unattended.stop()
        self._then = None
        if not self.cover.isHidden():
            self.cover.close_sheet()
            self._focuses[0].end()

    def _offer(self, people: tuple[Supervisor, ...]) -> None:
        if not self.cover.isHidden():
            self.vouch.offer(people)

    def _ask_desk(self, by: Vouching) -> None:
        action, at, then = self.vouch.action, self._clock.now(), self._then
        question = partial(lambda desk, by: desk.supervising.vouch(by, action, at), by=by)
        self._board.line.ask(question, lambda granted: self._granted.emit((then, granted)))

    def _take(self, answer: tuple[Then | None, Authority]) -> None:
        then, granted = answer
        if then is None or then is not self._then:
            return  # the sheet was left meanwhile, and may ask for something else
        self._close()
        then(granted)

    def _deny(self, denied: Denied) -> None:
        if not self.cover.isHidden():
            self.vouch.deny(denied)

    def _fail(self, why: NotDone) -> None:
        if not self.cover.isHidden():
            self.vouch.fail(why_not(why, self._say()))

    def _confirm_time(self) -> None:
        say, at = self._say(), self._clock.now()
        zone = self._station.event.time_zone
        time = f"{say.day(at.astimezone(zone).date())}, {say.clock_time(at, zone)}"
        self.ask(Action.CONFIRM_TIME, say("vouch.time", time=time), self._time_confirmed)

    def _time_confirmed(self, authority: Authority | None) -> None:
        if self.house is not None:
            self.house.confirm_time(authority)
            self._open_ready()

    def _open_ready(self) -> None:
        self._focuses[1].begin()
        self.ready.open()
        self._alone.start()

    def _open_closing(self) -> None:
        self._focuses[2].begin()
        self.closing.open()
        self._alone.start()

    def _open_settings(self) -> None:
        self._focuses[3].begin()
        self.settings.open()
        self._alone.start()

    def _attend(self) -> None:
        """Somebody does something on a page: the time until it closes begins anew."""
        if self._alone.isActive():
            self._alone.start()

    def _leave(self) -> None:
        """Nobody does: guests are not to find what a supervisor's PIN has opened."""
        self.settings.close()
        if self._station.mode is Mode.SELF:
            self.ready.close()
            self.closing.close()

    def _change_hands(self, duty: OnDuty) -> None:
        """Nor is whoever checks here next."""
        person = duty.person.id if duty.attended and duty.person else ""
        if person != self._person:
            self._person = person
            self.settings.close()

    def _opened(self) -> None:
        """The door was opened: at the desk, look whether all is ready."""
        if self._station.mode is Mode.DESK:
            self._open_ready()

    def _connect(self) -> None:
        line = self._board.line
        line.denied.connect(self._deny)
        line.failed.connect(self._fail)
        self._people.connect(self._offer)
        self._granted.connect(self._take)
        self.vouch.asks.connect(self._ask_desk)
        self.vouch.left.connect(self._close)
        self._unattended.timeout.connect(self._close)
        self._board.wanted.connect(self.want)
        self._board.opened.connect(self._opened)
        self.ready.confirm.connect(self._confirm_time)
        self.ready.left.connect(self._focuses[1].end)
        self.closing.left.connect(self._focuses[2].end)
        self.settings.left.connect(self._focuses[3].end)
        self.ready.blocked.connect(self._board.shut)
        self._alone.timeout.connect(self._leave)
        self._board.duty_changed.connect(self._change_hands)
        for touched in (
            self.settings.sheet.chosen,
            self.settings.sheet.heard,
            self.ready.sheet.pressed,
            self.ready.sheet.denied,
            self.ready.sheet.again,
            self.closing.sheet.pin_form.changed,
        ):
            touched.connect(self._attend)
