"""The sheets of staff upon a screen: opens them at a key, a badge or the desk's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode, Station
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Clock
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.staff.duty_sheet import Beside, DutySheet, Occasion
from kiosk.gui.staff.focus import FocusKeeper
from kiosk.gui.staff.line import StaffLine
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.outcomes import why_not
from kiosk.gui.words.wording import Wording

UNATTENDED = 30_000  # milliseconds without a digit, after which a hand-over is taken back
_SIZE = (920, 700)


class StaffBoard(QObject):
    """Knows who checks at a station, and lays the sheet for it upon `screen`.

    duty_changed: an OnDuty, whenever somebody else checks here or nobody does.
    """

    duty_changed = Signal(object)
    opened = Signal()  # somebody opened the station, which nobody attended before
    wanted = Signal(object)  # Beside: what else staff asked for on the sheet
    _badge_arrived = Signal(str)

    def __init__(
        self,
        screen: QWidget,
        station: Station,
        clock: Clock,
        desk: DeskThread,
        say: Callable[[], Wording],
    ) -> None:
        """`say`: the language of staff, as it is now."""
        super().__init__(screen)
        self._screen, self._station, self._clock, self._say = screen, station, clock, say
        self._duty: OnDuty | None = None
        self._bearer: Supervisor | None = None
        self._shut = False
        self.line = StaffLine(desk, self)
        self.sheet = DutySheet()
        self.cover = Cover(screen, self.sheet, _SIZE)
        self._focus = FocusKeeper(screen, self.cover)
        self._unattended = QTimer(self, singleShot=True, interval=UNATTENDED)
        self._connect()

    # What the program may ask

    @property
    def duty(self) -> OnDuty | None:
        """Who checks here; None until the desk has told."""
        return self._duty

    @property
    def is_open(self) -> bool:
        """Whether the sheet lies upon the screen."""
        return not self.cover.isHidden()

    def speak(self) -> None:
        """The language of staff may be another one."""
        self.sheet.speak(self._say())
        if self.is_open:
            self.sheet.turn_to(self.sheet.occasion, self._who())

    def show_badge(self, text: str) -> None:
        """A staff badge was shown. From any thread."""
        self._badge_arrived.emit(text)

    def look(self, at: datetime) -> None:
        """Ask the desk how things stand."""
        self.line.look(at)

    def hand_over(self) -> None:
        """Ask who checks here from now on."""
        if self._duty is None or self.is_open:
            return
        self._open(Occasion.HAND_OVER if self._duty.attended else self._unattended_as())

    def pause(self) -> None:
        """Nobody checks here until somebody's PIN."""
        if self._duty is not None and self._duty.named:
            self.line.pause(self._clock.now())

    def shut(self) -> None:
        """No answer can be trusted: none is given, and nobody's PIN changes that."""
        self._shut = True
        self.line.shut(self._clock.now())

    def close(self) -> None:
        """Take the sheet away."""
        self._unattended.stop()
        self._bearer = None
        if self.is_open:
            self.cover.close_sheet()
            self._focus.end()

    # What the desk tells

    def _take_state(self, duty: OnDuty) -> None:
        """As it was asked for, or as another program made it."""
        before, self._duty = self._duty, duty
        if not duty.attended and (before is None or before.attended):
            self._attend_nobody()
        if before != duty:
            self.duty_changed.emit(duty)

    def _take_done(self, duty: OnDuty) -> None:
        """What was asked on the sheet, or by a key, is done."""
        before = self._duty
        if duty.attended:
            self.close()
        self._take_state(duty)
        if duty.attended and before is not None and not before.attended and not before.person:
            self.opened.emit()

    def _attend_nobody(self) -> None:
        """At the desk the sheet comes at once; guests are not to see it before staff ask."""
        self.close()
        if self._station.mode is Mode.DESK and not self._shut:
            self._open(self._unattended_as())

    def _unattended_as(self) -> Occasion:
        paused = self._duty is not None and self._duty.person is not None
        return Occasion.PAUSED if paused else Occasion.OPEN

    def _offer(self, people: tuple[Supervisor, ...]) -> None:
        if not self.is_open:
            return
        self.sheet.offer(people, self._likely(people))
        if self._bearer is not None:
            bearer, self._bearer = self._bearer, None
            self.sheet.choose(bearer)

    def _likely(self, people: tuple[Supervisor, ...]) -> str:
        """Who is shown first: after a pause who went, at a hand-over somebody else."""
        here = self._duty.person.id if self._duty and self._duty.person else ""
        if self.sheet.occasion is Occasion.PAUSED:
            return here
        return next((person.id for person in people if person.id != here), here)

    def _take_bearer(self, person: Supervisor) -> None:
        """A badge on its cord passes the camera: whoever checks here already is not asked."""
        duty = self._duty
        own = duty is not None and duty.attended and duty.person is not None
        if duty is None or not duty.named:
            return
        if own and not self.is_open and duty.person is not None and duty.person.id == person.id:
            return
        if self.is_open:
            self.sheet.choose(person)
        else:
            self._bearer = person
            self.hand_over()

    def _fail(self, why: NotDone) -> None:
        if self.is_open:
            self.sheet.fail(why_not(why, self._say()))

    def _deny(self, denied: Denied) -> None:
        if self.is_open:
            self.sheet.deny(denied)

    # The sheet

    def _open(self, occasion: Occasion) -> None:
        self._focus.begin()
        self.sheet.speak(self._say())
        self.cover.open(plain_name(self._station.door.name))
        self.sheet.turn_to(occasion, self._who())
        self.line.look_for_people()
        if occasion is Occasion.HAND_OVER or self._station.mode is Mode.SELF:
            self._unattended.start()

    def _who(self) -> str:
        """Who checks here now, and from when."""
        say, duty = self._say(), self._duty
        if duty is None or duty.person is None or duty.since is None:
            return say("duty.over" if duty and duty.over else "duty.nobody_yet")
        since = say.clock_time(duty.since, self._station.event.time_zone)
        return say("duty.since", name=plain_name(duty.person.name), time=since)

    def _want(self, what: Beside) -> None:
        self.close()
        self.wanted.emit(what)

    def _connect(self) -> None:
        self.line.state.connect(self._take_state)
        self.line.done.connect(self._take_done)
        self.line.people.connect(self._offer)
        self.line.bearer.connect(self._take_bearer)
        self.line.denied.connect(self._deny)
        self.line.failed.connect(self._fail)
        self.sheet.asks.connect(lambda by: self.line.open(by, self._clock.now()))
        self.sheet.left.connect(self.close)
        self.sheet.wanted.connect(self._want)
        self.sheet.pin_form.changed.connect(self._unattended_again)
        self._badge_arrived.connect(self.line.badge)
        self._unattended.timeout.connect(self.close)

    def _unattended_again(self) -> None:
        if self._unattended.isActive():
            self._unattended.start()
