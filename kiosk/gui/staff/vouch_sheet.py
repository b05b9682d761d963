"""A supervisor's name and PIN for one thing beside guests: the settings, the clock."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.staff.roles import Action
from kiosk.desk.supervising import Supervisor
from kiosk.gui.parts.pinsheet import PinSheet
from kiosk.gui.parts.style import Tint, Type, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording


class VouchSheet(PinSheet):
    """Asks who says so. The words are named after the action."""

    def __init__(self) -> None:
        super().__init__()
        self.action = Action.SETTINGS
        self._why = Text(Type.BODY, tint=Tint.MUTE, lines=2, least=13)
        self.form.setLayout(column(4).put(self._why, 10, self.pin_form, None))

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
