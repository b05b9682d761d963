"""Where something is typed: the look of a field, and the field of a PIN."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from kiosk.core.staff.pin import LONGEST
from kiosk.gui.controls import paint_box
from kiosk.gui.design import Radius, Scale, Scaled, Tint, Type
from kiosk.gui.text import KeyCap


class Field(QLineEdit, Scaled):
    """One line to type in; `cap` is the name of its key, drawn at its end."""

    def __init__(self, cap: str, longest: int) -> None:
        super().__init__()
        self._scale = Scale()
        self.setFrame(False)
        self.setMaxLength(longest)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._dye()
        self._cap = KeyCap()
        self._cap.say(cap)
        self._cap.setParent(self)

    def rescale(self, scale: Scale) -> None:
        """Take new sizes."""
        self._scale = scale
        self.setFixedHeight(scale.px(48))
        self.setFont(scale.font(Type.BODY))
        self.setTextMargins(scale.px(18), 0, scale.px(56), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, its ring while focused, then the text."""
        painter = QPainter(self)
        tint, width = (Tint.ACCENT, 3) if self.hasFocus() else (Tint.LINE, 1)
        radius, thick = self._scale.px(Radius.FIELD), self._scale.px(width)
        paint_box(painter, QRectF(self.rect()), radius, Tint.CARD.colour, tint.colour, thick)
        painter.end()
        cap = self._cap
        cap.move(
            self.width() - cap.width() - self._scale.px(14), (self.height() - cap.height()) // 2
        )
        super().paintEvent(event)

    def _dye(self) -> None:
        palette = self.palette()
        for role, tint in (
            (QPalette.ColorRole.Text, Tint.INK),
            (QPalette.ColorRole.PlaceholderText, Tint.MUTE),
            (QPalette.ColorRole.Highlight, Tint.ACCENT),
            (QPalette.ColorRole.HighlightedText, Tint.CARD),
        ):
            palette.setColor(role, tint.colour)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)


class PinField(Field):
    """Where a PIN is typed, unseen; whoever takes it leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__("", LONGEST)
        self._cap.hide()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def take(self) -> str:
        """What was typed, which is gone from the field."""
        pin = self.text()
        self.clear()
        return pin
