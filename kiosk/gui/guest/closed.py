"""The page of a door that is not open: calm, and with the time."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.gui.parts.controls import Panel, Pressable
from kiosk.gui.parts.signs import Stars
from kiosk.gui.parts.style import KEY_HEIGHT, MARGIN_GUEST, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_KEY_WIDTH = 200


class ClosedPage(Panel):
    """Says that this entrance is not open yet. `staff`: the key for those who open it."""

    def __init__(self, event_name: str) -> None:
        super().__init__(Tint.PAPER, None)
        name = Text(Type.LEAD, Weight.SEMI, Tint.MUTE, align=CENTRE, lines=2)
        name.say(plain_name(event_name))
        self._title = Text(
            Type.INSTRUCTION, Weight.BOLD, align=CENTRE, lines=3, snug=True, balanced=True
        )
        self._below = Text(
            Type.LINE, tint=Tint.MUTE, align=CENTRE, lines=3, snug=True, balanced=True
        )
        self._where = Text(Type.BODY, tint=Tint.MUTE, align=CENTRE)
        self.staff = Pressable(KEY_HEIGHT, _KEY_WIDTH)
        self._staff = Text(Type.BODY, Weight.SEMI, Tint.MUTE, align=CENTRE)
        self.staff.setLayout(row(0, (16, 0, 16, 0)).put(self._staff))
        margin = MARGIN_GUEST * 2
        content = column(0, (margin, 48, margin, 40)).put(None)
        content.addWidget(Stars(96), 0, Qt.AlignmentFlag.AlignHCenter)
        content.put(28, name, 40, self._title, 20, self._below, None)
        content.addWidget(self.staff, 0, Qt.AlignmentFlag.AlignHCenter)
        content.put(16, self._where)
        self.setLayout(content)

    def speak(self, say: Wording, staff: Wording) -> None:
        """Say it in the language of `say`, and to staff in theirs."""
        self._staff.say(staff("duty.staff"))
        self.staff.setAccessibleName(staff("duty.staff"))
        self._title.say(say("guest.not_open"))
        self._below.say(say("guest.not_open_line"))

    def tell_where(self, where: str) -> None:
        """Show door and time."""
        self._where.say(where)

    @property
    def spoken(self) -> str:
        """To be heard."""
        return f"{self._title.full}. {self._below.full}"
