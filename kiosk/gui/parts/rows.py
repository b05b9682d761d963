"""Rows of lists: a guest to choose."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.style import Tint, Type, Weight, row
from kiosk.gui.parts.text import RIGHT, KeyCap, Text


class NameRow(Pressable):
    """A row with what people are called: of any length, so that it may end in an ellipsis."""

    def forget(self) -> None:
        """No name stays in what is hidden, nor where a screen reader would find it."""
        if self.accessibleName():
            self.setAccessibleName("")
            for label in self.findChildren(Text):
                label.say("")


class PersonRow(NameRow):
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
        self.forget()
        self.setVisible(False)
