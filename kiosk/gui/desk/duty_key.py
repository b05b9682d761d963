"""What is open here, at which door, who checks: pressing it opens the sheet of staff."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.desk.duty import OnDuty
from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.style import KEY_HEIGHT, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import KeyCap, Text
from kiosk.gui.words.names import plain_name


class DutyKey(Pressable):
    """Two lines in one key."""

    def __init__(self) -> None:
        super().__init__(KEY_HEIGHT)
        self._place, self._person = "", ""
        self._occasion = Text(Type.BODY, Weight.BOLD, lines=2, least=14)
        self._where = Text(Type.SMALL, tint=Tint.MUTE, least=12)
        self._cap = KeyCap()
        self._cap.say("F2")
        content = row(8, (0, 0, 4, 0))
        content.addLayout(column(0).put(None, self._occasion, self._where, None), 1)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def tell(self, occasion: str, door: str, time: str) -> None:
        """What is open, at which door, and the time."""
        self._occasion.say(plain_name(occasion))
        self._place = f"{plain_name(door)} · {time}"
        self._tell()

    def take(self, duty: OnDuty) -> None:
        """Who checks here, where somebody is named."""
        self._person = plain_name(duty.person.name) if duty.person else ""
        self._tell()

    def colours(self) -> tuple[Tint, Tint, float]:
        """No outline: it is a title first."""
        return Tint.CARD, Tint.CARD, 1

    def _tell(self) -> None:
        where = " · ".join(filter(None, (self._place, self._person)))
        self._where.say(where)
        self.setAccessibleName(f"{self._occasion.full}, {where} (F2)")
