"""Where something is typed: the look of a field, and the field of a PIN."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from kiosk.core.staff.pin import LONGEST
from kiosk.gui.parts.controls import paint_tinted
from kiosk.gui.parts.keys import digit_of, is_letter
from kiosk.gui.parts.style import Radius, Style, Styled, Tint, Type, Weight, column
from kiosk.gui.parts.text import KeyCap, Text


class Field(QLineEdit, Styled):
    """One line to type in; `cap` is the name of its key, drawn at its end.

    touched: by a finger, for whom a keyboard upon the screen may be wanted.
    """

    touched = Signal()

    def __init__(self, cap: str, longest: int) -> None:
        super().__init__()
        self.setFrame(False)
        self.setMaxLength(longest)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._cap = KeyCap()
        self._cap.say(cap)
        self._cap.setParent(self)

    @property
    def keeps_enter(self) -> bool:
        """Whether Enter means something here, and nothing to the sheet."""
        return False

    def hide_cap(self) -> None:
        """No key leads here."""
        self._cap.hide()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._cap.restyle(style)
        self._dye()
        self.setFixedHeight(style.px(48))
        self.setFont(style.font(Type.BODY))
        self.setTextMargins(style.px(18), 0, style.px(56), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, its ring while focused, then the text."""
        painter = QPainter(self)
        tint, width = (Tint.ACCENT, 3) if self.hasFocus() else (Tint.LINE, 1)
        box, radius = QRectF(self.rect()), self._style.px(Radius.FIELD)
        paint_tinted(painter, self._style, box, radius, Tint.CARD, tint, width)
        painter.end()
        cap = self._cap
        cap.move(
            self.width() - cap.width() - self._style.px(14), (self.height() - cap.height()) // 2
        )
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell a finger from a mouse: Qt makes a press of a mouse of both."""
        super().mousePressEvent(event)
        if is_finger(event):
            self.touched.emit()

    def _dye(self) -> None:
        palette = self.palette()
        for role, tint in (
            (QPalette.ColorRole.Text, Tint.INK),
            (QPalette.ColorRole.PlaceholderText, Tint.MUTE),
            (QPalette.ColorRole.Highlight, Tint.ACCENT),
            (QPalette.ColorRole.HighlightedText, Tint.ON_ACCENT),
        ):
            palette.setColor(role, self._style.colour(tint))
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)


class Entry(QWidget):
    """A field with what is to be typed above it."""

    def __init__(self, longest: int, cap: str = "") -> None:
        super().__init__()
        self.label = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.field = Field(cap, longest)
        if not cap:
            self.field.hide_cap()
        self.setLayout(column(4).put(self.label, self.field))

    @property
    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self.field.text().strip()

    def name(self, label: str) -> None:
        """Say what is to be typed."""
        self.label.say(label)
        self.field.setAccessibleName(label)

    def fill(self, text: str) -> None:
        """Put something there."""
        self.field.setText(text)
        self.field.setCursorPosition(0)


class PinField(Field):
    """Where a PIN is typed, unseen; whoever takes it leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__("", LONGEST)
        self.hide_cap()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits alone, also of a French keyboard without Shift; other letters go on."""
        if digit := digit_of(event):
            self.insert(digit)
        elif is_letter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def take(self) -> str:
        """What was typed, which is gone from the field."""
        pin = self.text()
        self.clear()
        return pin


def is_finger(event: QMouseEvent) -> bool:
    """Whether a press of the mouse is a finger's upon the screen."""
    made = event.source() is not Qt.MouseEventSource.MouseEventNotSynthesized
    return made or event.device().type() is QInputDevice.DeviceType.TouchScreen
