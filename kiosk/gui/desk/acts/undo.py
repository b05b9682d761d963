"""A supervisor takes back what somebody else recorded, or what a supervisor vouched for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission, Shown
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.style import Tint, Type, column
from kiosk.gui.parts.text import BELOW, LEFT, Text
from kiosk.gui.words.wording import Wording


class UndoSheet(Act):
    """Says why a supervisor is needed; then the PIN."""

    asked, action, words = Asked.UNDO, Action.UNDO_ANY, "undo"
    goes = "undo.go"
    bound = False

    def __init__(self) -> None:
        self._why = Text(Type.BODY, tint=Tint.MUTE, lines=3, align=LEFT & ~LEFT | BELOW)
        page = QWidget()
        page.setLayout(column(8).put(self._why, None))
        super().__init__(page)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self._why.say(say("undo.why"))

    def goes_on(self, admission: Admission) -> bool:
        """Whoever came in meanwhile would be what is taken back."""
        return admission.shown is not Shown.ADMIT

    def question(self) -> Question:
        """To take it back."""
        return lambda desk, by, at: desk.undo(at, by)
