"""A supervisor lets in against the answer: why, and the PIN."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.causes import Cause
from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording

_CAUSES = (Cause.KNOWN_GUEST, Cause.LIST_ERROR, Cause.EXTRA_SEAT, Cause.MACHINE_TROUBLE)


class OverrideSheet(Act):
    """Asks for the cause; its digit goes on to the PIN."""

    asked, action, words = Asked.OVERRIDE, Action.OVERRIDE, "override"
    goes = "desk.let_in"

    def __init__(self) -> None:
        self._why = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.causes = Choice([cause.name for cause in _CAUSES])
        page = QWidget()
        page.setLayout(column(8).put(self._why, self.causes, None))
        super().__init__(page, admits=True)
        self.causes.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self._why.say(say("override.why"))
        self.causes.name({each.name: say(f"override.{each.name.lower()}") for each in _CAUSES})

    def question(self) -> Question:
        """To let the guest in, for that cause."""
        cause = Cause[self.causes.one]
        return lambda desk, by, at: desk.override(cause, by, at)

    def fill_in(self) -> None:
        """No cause is chosen beforehand."""
        self.causes.choose()

    def is_possible(self, admission: Admission) -> bool:
        """Where there is an answer to be set aside."""
        return admission.overridable

    def lacks(self) -> tuple[str, QWidget] | None:
        """The cause."""
        return None if self.causes.one else ("override.choose", self.causes.stop)

    def places(self) -> Sequence[QWidget]:
        """The causes."""
        return self.causes.stops()

    def digit(self, digit: str) -> bool:
        """Chooses a cause, and goes on."""
        if self.vouching or self.stale or not self.causes.press(digit):
            return False
        self.go_on()
        return True
