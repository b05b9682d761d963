"""The two things to show, as cards that tick themselves off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from kiosk.gui.parts.accessible import LINE
from kiosk.gui.parts.controls import Panel, paint_tick, paint_tinted
from kiosk.gui.parts.style import Radius, Style, Tint, Type, Weight, column
from kiosk.gui.parts.text import Text

_SIDE = 40  # px of the circle with the number


class Step(Panel):
    """One of the things to show; it ticks itself off."""

    access = LINE

    def __init__(self) -> None:
        super().__init__(radius=Radius.KEY, height=92)
        self._number, self._done, self._current = "1", False, False
        self._title = Text(Type.BODY, Weight.SEMI, lines=2, least=14, snug=True)
        self._note = Text(Type.SMALL, tint=Tint.MUTE)
        self.setLayout(column(3, (74, 0, 14, 0)).put(None, self._title, self._note, None))

    @property
    def done(self) -> bool:
        """Whether it is ticked off."""
        return self._done

    def name(self, title: str, note: str) -> None:
        """Say what is to be shown."""
        self._title.say(title)
        self._note.say(note)

    def stand(self, number: str, *, done: bool, current: bool, word: str) -> None:
        """Which one it is, and whether it is done, next, or later."""
        self._number, self._done, self._current = number, done, current
        self.wear(Tint.CARD, Tint.ACCENT if current else Tint.LINE, 3 if current else 1)
        self.setAccessibleName(f"{self._title.full}: {word}" if done else self._title.full)

    def restyle(self, style: Style) -> None:
        """Take new sizes; beside large text the note gives way."""
        super().restyle(style)
        self._note.setVisible(not style.large)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, then its number or tick in a circle."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = float(self._style.px(_SIDE))
        box = QRectF(self._style.px(18), (self.height() - side) / 2, side, side)
        if self._done:
            paint_tinted(painter, self._style, box, side / 2, Tint.ADMIT, None)
            paint_tick(painter, box, self._style.colour(Tint.ON_ADMIT))
            return
        tint = Tint.ACCENT if self._current else Tint.MUTE
        paint_tinted(painter, self._style, box, side / 2, tint, None)
        painter.setPen(self._style.colour(Tint.ON_ACCENT if self._current else Tint.ON_MUTE))
        painter.setFont(self._style.font(Type.LEAD, Weight.SEMI))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._number)
