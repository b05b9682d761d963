"""A supervisor's name and PIN for one thing beside guests: the settings, the clock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.parts.pin import PinForm
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import Tint, Type, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording


class VouchSheet(Sheet):
    """Asks who says so. The words are named after the action."""

    asks = Signal(object)  # Vouching

    def __init__(self) -> None:
        super().__init__()
        self.action = Action.SETTINGS
        self._why = Text(Type.BODY, tint=Tint.MUTE, lines=2, least=13)
        self.pin_form = PinForm()
        self.form.setLayout(column(4).put(self._why, 10, self.pin_form, None))
        self.pin_form.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.pin_form.speak(say)
        self.title.say(say(f"vouch.{self.action.name.lower()}"))

    def explain(self, why: str) -> None:
        """Say what is about to be done."""
        self._why.say(why)

    def begin(self, about: str = "") -> None:
        """Ask anew; who may is still to come."""
        super().begin(about)
        self.pin_form.offer(())
        self.wait()

    def offer(self, people: Sequence[Supervisor]) -> None:
        """Whom to choose from."""
        self.busy = False
        self.pin_form.offer(people)
        self.tell("" if people else "pin.nobody")
        self.rearm()
        self.focus_first()

    def end(self) -> None:
        """Forget everything."""
        self.pin_form.offer(())
        super().end()

    def deny(self, denied: Denied) -> None:
        """The PIN did not do."""
        super().deny(denied)
        self.pin_form.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> Sequence[QWidget]:
        """Name and PIN."""
        return self.pin_form.stops()

    def missing(self) -> tuple[str, QWidget] | None:
        """The PIN."""
        return self.pin_form.missing

    def digit(self, digit: str) -> bool:
        """It is the PIN's."""
        self.pin_form.pin.setFocus(Qt.FocusReason.TabFocusReason)
        self.pin_form.pin.insert(digit)
        return True

    def complete(self) -> None:
        """Have the PIN looked at."""
        chosen = self.pin_form.picker.chosen
        if chosen:
            vouching = Vouching(chosen, self.pin_form.pin.take())
            self.wait()
            self.asks.emit(vouching)
