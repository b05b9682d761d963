"""Rows of lists: a guest to choose, one of the last answers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from kiosk.gui.parts.controls import Panel, Pressable, paint_tinted
from kiosk.gui.parts.style import Tint, Type, Weight, row
from kiosk.gui.parts.text import LEFT, RIGHT, KeyCap, Text


class PersonRow(Pressable):
    """One guest of a list; pressing it chooses the guest."""

    def __init__(self, height: int) -> None:
        super().__init__(height, radius=10)
        self.guest_id = ""
        self._name = Text(Type.BODY, Weight.SEMI, least=13)
        self._about = Text(Type.SMALL, tint=Tint.MUTE, align=RIGHT, least=12)
        self._cap = KeyCap()
        content = row(10, (14, 0, 10, 0))
        content.addWidget(self._name, 3)
        content.addWidget(self._about, 2)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def name(self, guest_id: str, name: str, about: str, cap: str) -> None:
        """Show a guest, what tells them from others, and the key that chooses them."""
        self.guest_id = guest_id
        self._name.say(name)
        self._about.say(about)
        self.mark(cap)
        self.setAccessibleName(f"{name}, {about}")
        self.setVisible(True)

    def mark(self, cap: str) -> None:
        """Show the key that chooses the guest; empty while there is none."""
        self._cap.say(cap)
        self._cap.setVisible(bool(cap))

    def blank(self) -> None:
        """Show nobody."""
        self.guest_id = ""
        self.setVisible(False)


class AnswerRow(Panel):
    """One of the last answers: colour, time, short name, word."""

    def __init__(self, height: int) -> None:
        super().__init__(Tint.CARD, None, radius=10, height=height)
        self._dot: Tint | None = None
        self._time = Text(Type.SMALL, tint=Tint.MUTE, align=LEFT)
        self._name = Text(Type.SMALL, least=12)
        self._word = Text(Type.SMALL, tint=Tint.MUTE, align=RIGHT)
        content = row(8, (36, 0, 14, 0))
        content.addWidget(self._time, 2)
        content.addWidget(self._name, 5)
        content.addWidget(self._word, 3)
        self.setLayout(content)

    def tell(self, dot: Tint, time: str, name: str, word: str) -> None:
        """Show one answer."""
        self._dot = dot
        for label, text in ((self._time, time), (self._name, name), (self._word, word)):
            label.say(text)
        self.setAccessibleName(f"{time} {name} {word}")
        self.setVisible(True)
        self.update()

    def blank(self) -> None:
        """Show nothing."""
        self._dot = None
        self.setVisible(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The surface, then the dot."""
        super().paintEvent(event)
        if self._dot is None:
            return
        painter = QPainter(self)
        side = float(self._style.px(12))
        box = QRectF(self._style.px(14), (self.height() - side) / 2, side, side)
        paint_tinted(painter, self._style, box, side / 2, self._dot, None)
