"""Looks whether a door is ready, and asks staff for what needs eyes and ears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk import readiness
from kiosk.desk.house import House
from kiosk.desk.ports import CameraTrouble, Clock
from kiosk.desk.readiness import Finding, Item
from kiosk.desk.settings import Settings
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.runner import Runner
from kiosk.gui.staff.ready_sheet import ReadySheet
from kiosk.gui.words import readiness as words
from kiosk.gui.words.wording import Wording

_SIZE = (1200, 1240)


class Window(Protocol):
    """The window around the screen."""

    @property
    def settings(self) -> Settings:
        """Those that it follows."""
        ...


class ReadyPage(QObject):
    """The sheet upon `screen`, and the thread that looks. camera: read by the program.

    blocked: no answer can be trusted, so that none may be given. confirm: the clock is to be
    confirmed.
    """

    left = Signal()
    blocked = Signal()
    confirm = Signal()
    tries = False  # a code is asked for, to see that the camera sees; read from any thread
    _found = Signal(int, object)  # which round, and its Finding
    _code = Signal()

    def __init__(
        self,
        screen: QWidget,
        clock: Clock,
        zone: ZoneInfo,
        say: Callable[[], Wording],
        window: Window,
    ) -> None:
        super().__init__(screen)
        self._clock, self._zone, self._say, self._window = clock, zone, say, window
        self.house: House | None = None
        self.sheet = ReadySheet()
        self.cover = Cover(screen, self.sheet, _SIZE)
        self._findings: dict[Item, Finding] = {}
        self._round = 0
        self._looking: Runner | None = None
        self._trouble: CameraTrouble | None = None
        self._read_at: datetime | None = None
        self._heard: bool | None = None
        self._played = False
        self._printed: bool | None = None
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether it lies upon the screen."""
        return not self.cover.isHidden()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far, in order."""
        return tuple(self._findings[item] for item in Item if item in self._findings)

    def open(self) -> None:
        """Lay the sheet upon the screen, and look."""
        if self.house is None:
            return
        self.sheet.speak(self._say())
        self.tries = True
        self.cover.open()
        self.look()

    def speak(self) -> None:
        """The language of staff may be another one."""
        self.sheet.speak(self._say())
        for finding in self.findings:
            self._show(finding)

    def close(self) -> None:
        """Take it away."""
        self.tries = False
        if self.is_open:
            self.cover.close_sheet()
            self.left.emit()

    def stop(self) -> None:
        """Wait until nothing is looked at any more."""
        self._round += 1
        if self._looking is not None:
            self._looking.wait()

    def look(self) -> None:
        """Look at all of it anew; what somebody said stays said."""
        if self.house is None or (self._looking is not None and self._looking.isRunning()):
            return
        self._round += 1
        self._findings.clear()
        self.sheet.wait_for_all()
        number, house = self._round, self.house

        def look() -> None:
            for item, check in house.checks().items():
                if number == self._round:
                    self._found.emit(number, house.look(item, check))

        self._looking = Runner(look, self)
        self._looking.start()
        self._ask_all()

    # What the program tells

    def code_read(self) -> None:
        """The camera has shown a code. From any thread."""
        self._code.emit()

    def camera(self, trouble: CameraTrouble | None) -> None:
        """What is wrong with the camera, or nothing any more."""
        self._trouble = trouble
        self._ask_all()

    # Inside

    def _take_code(self) -> None:
        self._read_at = self._clock.now()
        if self.is_open:
            self._take(self._camera())

    def _take_found(self, number: int, finding: Finding) -> None:
        if number == self._round:
            self._take(finding)
            if finding.blocks:
                self.blocked.emit()

    def _take(self, finding: Finding) -> None:
        self._findings[finding.item] = finding
        self._show(finding)

    def _show(self, finding: Finding) -> None:
        say = self._say()
        self.sheet.tell_one(finding, words.told(finding, say, self._zone))
        self.sheet.tell_all(words.summary(self.findings, say))

    def _ask_all(self) -> None:
        if self.is_open:
            for finding in (self._camera(), self._sound(), readiness.paper(self._printed)):
                self._take(finding)

    def _camera(self) -> Finding:
        return readiness.camera(self._trouble, self._read_at, self._clock.now())

    def _sound(self) -> Finding:
        sounds = self.house.sounds if self.house else None
        device = sounds.device if sounds else ""
        on = self._window.settings.sounds and self._window.settings.volume > 0
        found = readiness.sound(device, self._heard, on=on)
        asked = self._played and found.words == "ask"
        return Finding(found.item, found.state, "heard") if asked else found

    def _press(self, item: Item) -> None:
        match item:
            case Item.SOUND:
                self._listen()
            case Item.PAPER:
                self._printed = True
                self._ask_all()
            case Item.CLOCK:
                self.confirm.emit()

    def _listen(self) -> None:
        """Once to play them, once more to say that they were heard."""
        if self._played:
            self._played, self._heard = False, True
        elif self.house is not None and self.house.sounds is not None:
            self._played, self._heard = True, None
            self.house.sounds.test()
        self._ask_all()

    def _deny(self) -> None:
        if self._played:
            self._played, self._heard = False, False
            self._ask_all()

    def _connect(self) -> None:
        self._found.connect(self._take_found)
        self._code.connect(self._take_code)
        self.sheet.left.connect(self.close)
        self.sheet.pressed.connect(self._press)
        self.sheet.denied.connect(self._deny)
        self.sheet.again.connect(self.look)
