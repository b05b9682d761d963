"""One value out of several: a click or an arrow goes to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.keys import ENTER
from kiosk.gui.parts.style import Radius, Type, Weight, row
from kiosk.gui.parts.text import KeyCap, Text

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class Stepper(Pressable):
    """Shows one of its values; `changed` tells which, once somebody chose it."""

    changed = Signal(str)

    def __init__(self, height: int) -> None:
        super().__init__(height, radius=Radius.FIELD)
        self._values: Sequence[tuple[str, str]] = ()
        self._place, self._label = 0, ""
        self._text = Text(Type.BODY, Weight.SEMI, least=12)
        self._cap = KeyCap()
        self._cap.say("↑ ↓")
        content = row(12, (18, 0, 14, 0)).put(self._text)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.clicked.connect(lambda: self._step(1))

    @property
    def value(self) -> str:
        """The one that is shown."""
        return self._values[self._place][0] if self._values else ""

    def name(self, label: str) -> None:
        """Say what is chosen here, for who does not see it."""
        self._label = label
        self._show()

    def offer(self, values: Sequence[tuple[str, str]], chosen: str) -> None:
        """Values and their words; nothing is told as changed."""
        self._values = values
        self._place = next((n for n, (value, _) in enumerate(values) if value == chosen), 0)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose; Enter is whoever's lies around."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._step(step)
        elif event.key() in ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        if len(self._values) > 1:
            self._place = (self._place + by) % len(self._values)
            self._show()
            self.changed.emit(self.value)

    def _show(self) -> None:
        words = self._values[self._place][1] if self._values else ""
        self._text.say(words)
        self._cap.setVisible(len(self._values) > 1)
        self.setAccessibleName(f"{self._label}: {words}")
