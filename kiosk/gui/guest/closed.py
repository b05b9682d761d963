"""The page of a door that is not open: calm, and with the time."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.gui.parts.controls import Panel
from kiosk.gui.parts.signs import Stars
from kiosk.gui.parts.style import MARGIN_GUEST, Tint, Type, Weight, column
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording


class ClosedPage(Panel):
    """Says that this entrance is not open yet."""

    def __init__(self, event_name: str) -> None:
        super().__init__(Tint.PAPER, None)
        name = Text(Type.LEAD, Weight.SEMI, Tint.MUTE, align=CENTRE, lines=2)
        name.say(plain_name(event_name))
        self._title = Text(Type.INSTRUCTION, Weight.BOLD, align=CENTRE, lines=2, portrait_lines=3)
        self._below = Text(Type.LINE, tint=Tint.MUTE, align=CENTRE, lines=2)
        self._where = Text(Type.BODY, tint=Tint.MUTE, align=CENTRE)
        margin = MARGIN_GUEST * 2
        content = column(0, (margin, 48, margin, 40)).put(None)
        content.addWidget(Stars(96), 0, Qt.AlignmentFlag.AlignHCenter)
        content.put(28, name, 40, self._title, 16, self._below, None, self._where)
        self.setLayout(content)

    def speak(self, say: Wording) -> None:
        """Say it in the language of `say`."""
        self._title.say(say("guest.not_open"))
        self._below.say(say("guest.not_open_line"))

    def tell_where(self, where: str) -> None:
        """Show door and time."""
        self._where.say(where)

    @property
    def spoken(self) -> str:
        """To be heard."""
        return f"{self._title.full}. {self._below.full}"
