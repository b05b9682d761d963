"""What the screens are made of: panels, keys, toggles, rows. Each paints itself from the tokens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kiosk.gui.parts.accessible import GROUP, ONE_OF, WHOLE
from kiosk.gui.parts.style import KEY_HEIGHT, Radius, Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, KeyCap, Text

_RING = 3  # px of the focus ring, with a gap of two (design.md)
_RING_ROOM = 5
_FLASH = 700  # milliseconds
_FIXED, _SOFT = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored


def paint_box(
    painter: QPainter, box: QRectF, radius: float, fill: QColor, line: QColor, width: float = 1
) -> None:
    """A rounded rectangle with its outline inside `box`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = width / 2
    painter.setPen(QPen(line, width) if width else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)


def paint_tinted(
    painter: QPainter,
    style: Style,
    box: QRectF,
    radius: float,
    fill: Tint,
    line: Tint | None,
    width: float = 1,
) -> None:
    """The same in the colours of `style`; width in px of the design, no outline without `line`."""
    inside, thick = style.colour(fill), float(style.px(width)) if line else 0.0
    paint_box(painter, box, radius, inside, style.colour(line or fill), thick)


def paint_tick(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """A tick that fills the middle of `box`."""
    side = box.width()
    pen = QPen(colour, side * 0.11, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    points = ((0.29, 0.52), (0.44, 0.68), (0.72, 0.35))
    left, top = box.left(), box.top()
    painter.drawPolyline(QPolygonF([QPointF(left + x * side, top + y * side) for x, y in points]))


class Panel(QWidget, Styled):
    """A surface. radius 0 and edge "bottom" or "top" make a bar across the window."""

    access = GROUP

    def __init__(
        self,
        fill: Tint = Tint.CARD,
        line: Tint | None = Tint.LINE,
        *,
        radius: int = 0,
        height: int = 0,
        width: int = 0,
        edge: str = "",
    ) -> None:
        super().__init__()
        self._fill, self._line, self._thick = fill, line, 1
        self._radius, self._height, self._width, self._edge = radius, height, width, edge

    def wear(self, fill: Tint, line: Tint | None, thick: int = 1) -> None:
        """Change the colours, never the size."""
        self._fill, self._line, self._thick = fill, line, thick
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        if self._height:
            self.setFixedHeight(style.px(self._height))
        if self._width:
            self.setFixedWidth(style.px(self._width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill and outline."""
        painter = QPainter(self)
        if self._edge:
            painter.fillRect(self.rect(), self._style.colour(self._fill))
            y = self.height() - 1 if self._edge == "bottom" else 0
            painter.fillRect(0, y, self.width(), 1, self._style.colour(Tint.LINE))
            return
        box, radius = QRectF(self.rect()), self._style.px(self._radius)
        paint_tinted(painter, self._style, box, radius, self._fill, self._line, self._thick)


class Pressable(QAbstractButton, Styled):
    """A button that paints itself. Enter presses it too; a mouse leaves the focus where it is."""

    access = WHOLE

    def __init__(self, height: int, width: int = 0, radius: int = Radius.KEY) -> None:
        super().__init__()
        self._height, self._width, self._radius = height, width, radius
        self._style, self._over = Style(), False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(_FIXED if width else _SOFT, _FIXED)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedHeight(style.px(self._height))
        if self._width:
            self.setFixedWidth(style.px(self._width))

    def enterEvent(self, event: QEnterEvent) -> None:
        """A pointer is above it."""
        super().enterEvent(event)
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No pointer is above it any more."""
        super().leaveEvent(event)
        self._over = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space (Qt's) and Enter press it; a key held down presses once."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()

    def colours(self) -> tuple[Tint, Tint, float]:
        """Fill, outline, and its width in px of the design."""
        return Tint.CARD, Tint.LINE, 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring while focused, then the shape."""
        painter = QPainter(self)
        inside, outline, width = self.colours()
        fill, line = self._style.colour(inside), self._style.colour(outline)
        box, radius = QRectF(self.rect()), float(self._style.px(self._radius))
        if self.hasFocus():
            clear = QColor(Qt.GlobalColor.transparent)
            ring = float(self._style.px(_RING))
            paint_box(painter, box, radius, clear, self._style.colour(Tint.ACCENT), ring)
            room = float(self._style.px(_RING_ROOM))
            box, radius = box.adjusted(room, room, -room, -room), max(2.0, radius - room)
        if self.isDown():
            fill = fill.darker(108)
        elif self._over and self.isEnabled():
            fill = fill.darker(103)
        paint_box(painter, box, radius, fill, line, max(1.0, width * self._style.factor))


class LanguageKey(Pressable):
    """Switches the language; the one in use is filled."""

    access = ONE_OF

    def __init__(self, language: str, code: str, name: str, width: int = KEY_HEIGHT) -> None:
        super().__init__(KEY_HEIGHT, width)
        self.setCheckable(True)
        self._code = Text(Type.BODY, Weight.SEMI, align=CENTRE)
        self.become(language, code, name)
        self.setLayout(row(0, (4, 0, 4, 0)).put(self._code))
        self.toggled.connect(self._dye)

    def become(self, language: str, code: str, name: str) -> None:
        """Stand for a language from now on."""
        self.language = language
        self.setAccessibleName(name)
        self._code.say(code)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Filled while its language is in use."""
        if self.isChecked():
            return Tint.ACCENT, Tint.ACCENT, 1
        return Tint.PAPER, Tint.LINE, 1

    def _dye(self, checked: bool) -> None:
        self._code.dye(Tint.ON_ACCENT if checked else Tint.INK)


class PrimaryKey(Pressable):
    """The one big key: green when it would let somebody in, quiet until then.

    fill, text: its colours once it is ready, where it does something else.
    """

    def __init__(self, height: int, fill: Tint = Tint.ADMIT, text: Tint = Tint.ON_ADMIT) -> None:
        super().__init__(height)
        self._ready, self._fill, self._text = False, fill, text
        self._label = Text(Type.LEAD, Weight.BOLD, align=CENTRE, lines=2)
        self._cap = KeyCap()
        content = row(16, (24, 0, 20, 0)).put(self._label)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.arm(False)

    @property
    def ready(self) -> bool:
        """Whether pressing it does something."""
        return self._ready

    def wear(self, fill: Tint, text: Tint) -> None:
        """Take other colours for while it is ready."""
        self._fill, self._text = fill, text

    def arm(self, ready: bool) -> None:
        """Show whether pressing it does something."""
        self._ready = ready
        self._label.dye(self._text if ready else Tint.MUTE)
        self._cap.dye(self._text if ready else Tint.MUTE)
        self.update()

    def name(self, label: str, cap: str) -> None:
        """Show what it does, and its key."""
        self._label.say(label)
        self._cap.say(cap)
        self.setAccessibleName(f"{label} ({cap})")

    def colours(self) -> tuple[Tint, Tint, float]:
        """Filled while ready."""
        if self._ready:
            return self._fill, self._fill, 1
        return Tint.PAPER, Tint.LINE, 1


class SideKey(Pressable):
    """A secondary key: label above, its key below."""

    lines = 2

    def __init__(self, height: int, radius: int = Radius.KEY) -> None:
        super().__init__(height, radius=radius)
        self._label = Text(Type.SMALL, Weight.SEMI, align=CENTRE, lines=self.lines, least=12)
        self._cap = KeyCap()
        self.place()

    def place(self) -> None:
        """The label above its key."""
        content = column(4, (8, 8, 8, 10)).put(None, self._label)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(content.put(None))

    def name(self, label: str, cap: str) -> None:
        """Show what it does, and its key, where it has one."""
        self._label.say(label)
        self._cap.say(cap)
        if self._cap.isHidden() == bool(cap):
            self._cap.setVisible(bool(cap))
        self.setAccessibleName(f"{label} ({cap})" if cap else label)

    def changeEvent(self, event: QEvent) -> None:
        """Step back while it cannot be used."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._label.dye(Tint.INK if self.isEnabled() else Tint.MUTE)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Quiet."""
        return Tint.PAPER, Tint.LINE, 1


class SmallKey(SideKey):
    """A key of one line, beside a title."""

    lines = 1

    def place(self) -> None:
        """The label, and its key beside it."""
        content = row(8, (12, 0, 10, 0))
        content.addWidget(self._label, 1)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)


class Toggle(Pressable):
    """Something staff confirm with their own eyes."""

    def __init__(self, height: int) -> None:
        super().__init__(height, radius=Radius.FIELD)
        self.setCheckable(True)
        self._flashing = False
        self._label = Text(Type.BODY, Weight.SEMI)
        self._cap = KeyCap()
        content = row(12, (56, 0, 16, 0)).put(self._label)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self._timer = QTimer(self, singleShot=True, interval=_FLASH)
        self._timer.timeout.connect(self.calm)

    def name(self, label: str, cap: str) -> None:
        """Show what is confirmed, and its key, where it has one."""
        self._label.say(label)
        self._cap.say(cap)
        self._cap.setVisible(bool(cap))
        self.setAccessibleName(f"{label} ({cap})" if cap else label)

    @property
    def flashing(self) -> bool:
        """Whether it is asking to be pressed."""
        return self._flashing

    def flash(self) -> None:
        """Ask to be pressed first."""
        self._flashing = True
        self._timer.start()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the big key's, also from here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def calm(self) -> None:
        """Ask no more."""
        self._flashing = False
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Step back while there is nothing to confirm."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._label.dye(Tint.INK if self.isEnabled() else Tint.MUTE)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Green once confirmed."""
        if self.isChecked():
            return Tint.ADMIT_TINT, Tint.ADMIT_TEXT, 2
        if self._flashing:
            return Tint.DESK_TINT, Tint.DESK, 3
        return Tint.CARD, Tint.LINE, 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """The shape, then the box with or without its tick."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = float(self._style.px(24))
        box = QRectF(self._style.px(18), (self.height() - side) / 2, side, side)
        radius = float(self._style.px(6))
        if self.isChecked():
            paint_tinted(painter, self._style, box, radius, Tint.ADMIT, None)
            paint_tick(painter, box, self._style.colour(Tint.ON_ADMIT))
            return
        line = Tint.MUTE if self.isEnabled() else Tint.LINE
        paint_tinted(painter, self._style, box, radius, Tint.CARD, line, 2)
