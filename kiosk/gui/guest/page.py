"""What the guest's pages share: a bar with the way back and a title, and a place below it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout

from kiosk.gui.parts.controls import Panel
from kiosk.gui.parts.iconkey import IconKey
from kiosk.gui.parts.icons import Icon
from kiosk.gui.parts.style import MARGIN_GUEST, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording


class GuestPage(Panel):
    """A page that one comes back from. seconds: after which it closes by itself."""

    back_wanted = Signal()
    seconds = 0.0

    def __init__(self) -> None:
        super().__init__(Tint.PAPER, None)
        self.back = IconKey(Icon.BACK, worded=True)
        self.back.clicked.connect(self.back_wanted)
        self.title = Text(Type.LINE, Weight.BOLD, least=20)
        self.bar = row(24, (MARGIN_GUEST, 8, MARGIN_GUEST, 8)).put(self.back)
        self.bar.addWidget(self.title, 1)

    def speak(self, say: Wording) -> None:
        """Say it in the language of `say`."""
        self.back.name(say("guest.back"))

    def build(self, content: QLayout) -> None:
        """Lay out bar and content."""
        top = Panel(edge="bottom", height=88)
        top.setLayout(self.bar)
        whole = column().put(top)
        whole.addLayout(content, 1)
        self.setLayout(whole)
