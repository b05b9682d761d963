"""Who checks here: the sheet on which a station is opened, handed over, and gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.desk.supervising import Supervisor
from kiosk.gui.parts.controls import SmallKey
from kiosk.gui.parts.pinsheet import PinSheet
from kiosk.gui.parts.style import Tint, Type, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording

_KEY = 56


class Occasion(StrEnum):
    """Why the sheet is shown; the words are named after it."""

    OPEN = "open"  # nobody checks here yet
    HAND_OVER = "hand_over"
    PAUSED = "paused"


class Beside(StrEnum):
    """What else can be done from the sheet while somebody checks here."""

    PAUSE = "pause"
    READY = "ready"
    SETTINGS = "settings"
    CLOSE = "close"


KEYS = {
    Qt.Key.Key_F4: Beside.PAUSE,
    Qt.Key.Key_F5: Beside.READY,
    Qt.Key.Key_F6: Beside.SETTINGS,
    Qt.Key.Key_F12: Beside.CLOSE,
}


class DutySheet(PinSheet):
    """A person, the person's PIN, Enter. Digits go into the PIN wherever they are typed."""

    wanted = Signal(object)  # Beside

    def __init__(self) -> None:
        super().__init__()
        self.occasion = Occasion.OPEN
        self._people: Sequence[Supervisor] = ()
        self._first = ""  # the person to begin with
        self._duty, self._badge = (Text(Type.BODY, tint=Tint.MUTE, least=13) for _ in range(2))
        self.keys = {each: SmallKey(_KEY) for each in Beside}
        for each, key in self.keys.items():
            key.clicked.connect(lambda _=False, each=each: self.wanted.emit(each))
        others = row(12).put(*self.keys.values())
        form = column(4).put(self._duty, self._badge, 10, self.pin_form, None)
        form.addLayout(others)
        self.form.setLayout(form)

    # What it says

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.pin_form.speak(say, "duty.who")
        self._badge.say(say("duty.badge"))
        for number, (each, key) in enumerate(self.keys.items()):
            cap = list(KEYS)[number].name.removeprefix("Key_")
            key.name(say(f"duty.{each}"), cap)
        self._dress()

    def turn_to(self, occasion: Occasion, duty: str) -> None:
        """Say why it is shown, and who checks here now."""
        self.occasion = occasion
        self._duty.say(duty)
        self._dress()

    def offer(self, people: Sequence[Supervisor], first: str = "") -> None:
        """Whom to choose from; first: the pseudonym of who is shown first."""
        self.busy = False
        ordered = sorted(people, key=lambda person: person.id != first)
        self._people = ordered
        self.pin_form.offer(ordered)
        self._dress()
        self.tell("" if people else "duty.nobody")
        self.rearm()
        self.focus_first()

    def choose(self, person: Supervisor) -> None:
        """A staff badge was shown: that person, and only the PIN is missing."""
        self.offer(self._people or (person,), person.id)
        self.pin_form.pin.setFocus(Qt.FocusReason.TabFocusReason)

    def begin(self, about: str = "") -> None:
        """Ask anew; whom to choose from is still to come."""
        super().begin(about)
        self.pin_form.offer(())
        self.wait()

    def end(self) -> None:
        """Forget everything."""
        self._people = ()
        self._duty.say("")
        super().end()

    # What a sheet has of its own

    def stops(self) -> Sequence[QWidget]:
        """Name, PIN, and what else there is."""
        return [*self.pin_form.stops(), *self.keys.values()]

    def missing(self) -> tuple[str, QWidget] | None:
        """The PIN."""
        return None if self.pin_form.missing is None else ("duty.type_pin", self.pin_form.pin)

    def step_back(self) -> None:
        """Only where somebody checks here: else there is nothing to go back to."""
        if self.occasion is Occasion.HAND_OVER:
            super().step_back()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of what else can be done."""
        beside = KEYS.get(Qt.Key(event.key()))
        if beside is not None and self.keys[beside].isVisible() and not event.isAutoRepeat():
            event.accept()
            self.wanted.emit(beside)
            return
        super().keyPressEvent(event)

    def _dress(self) -> None:
        """The words, and what there is to do as things stand."""
        if self.say is not None:
            self.title.say(self.say(f"duty.{self.occasion}_title"))
            self.go.name(self.say(f"duty.{self.occasion}_go"), self.say("key.enter"))
        attended, named = self.occasion is Occasion.HAND_OVER, bool(self._people)
        self.back.setVisible(attended)
        self.pin_form.setVisible(named)
        self._badge.setVisible(named)
        for each, key in self.keys.items():
            key.setVisible(attended and (named or each is not Beside.PAUSE))
