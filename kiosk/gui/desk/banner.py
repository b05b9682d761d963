"""The banner: what is wrong, its remedy, and how much more there is; in no guest's way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.gui.parts.accessible import LINE, SILENT
from kiosk.gui.parts.controls import Panel, Pressable
from kiosk.gui.parts.sheet import Passing
from kiosk.gui.parts.style import Style, Styled, Tint, Type, Weight, column, restyle, row
from kiosk.gui.parts.text import KeyCap, Pill, StatusText, Text
from kiosk.gui.words.alerts import Alert, Urgency
from kiosk.gui.words.wording import Wording

_HEIGHT = 56
_MOST = 6  # rows of the list
_SIGN = 24
_WIDTH = 720  # of the list
_COLOURS = {  # surface, outline, text
    Urgency.NOW: (Tint.DESK, Tint.DESK, Tint.ON_DESK),
    Urgency.SOON: (Tint.DESK_TINT, Tint.DESK, Tint.INK),
    Urgency.KNOWN: (Tint.ACCENT_TINT, Tint.ACCENT_TINT, Tint.ACCENT_TEXT),
}


class UrgencySign(QWidget, Styled):
    """A triangle with an exclamation mark; for what is merely known, a ring with an i."""

    access = SILENT

    def __init__(self) -> None:
        super().__init__()
        self._urgency, self._tint = Urgency.KNOWN, Tint.INK
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle(Style())

    def tell(self, urgency: Urgency, tint: Tint) -> None:
        """Change sign and colour, never the place."""
        self._urgency, self._tint = urgency, tint
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(_SIGN), style.px(_SIGN))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The outline, then the mark in it."""
        side = float(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(
                self._style.colour(self._tint),
                side * 0.09,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        if self._urgency is Urgency.KNOWN:
            painter.drawEllipse(QRectF(0.08 * side, 0.08 * side, 0.84 * side, 0.84 * side))
            strokes = ((0.30, 0.302), (0.47, 0.70))
        else:
            corners = ((0.5, 0.1), (0.94, 0.88), (0.06, 0.88))
            painter.drawPolygon(QPolygonF([QPointF(x * side, y * side) for x, y in corners]))
            strokes = ((0.38, 0.58), (0.72, 0.722))
        for top, bottom in strokes:
            painter.drawLine(QPointF(side / 2, top * side), QPointF(side / 2, bottom * side))


class AlertRow(Panel):
    """One alert of the list."""

    access = LINE

    def __init__(self) -> None:
        super().__init__(Tint.CARD, None, radius=12, height=72)
        self._sign = UrgencySign()
        self._problem = Text(Type.BODY, Weight.SEMI, least=12)
        self._remedy = Text(Type.SMALL, lines=2, least=12)
        words = column(0).put(None, self._problem, self._remedy, None)
        content = row(14, (16, 0, 16, 0))
        content.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        content.addLayout(words, 1)
        self.setLayout(content)

    def tell(self, alert: Alert) -> None:
        """Show it."""
        fill, line, text = _COLOURS[alert.urgency]
        self.wear(fill, line, 2)
        self._sign.tell(alert.urgency, text)
        for words, label in ((alert.line, self._problem), (alert.remedy, self._remedy)):
            label.dye(text)
            label.say(words)
        self.setAccessibleName(f"{alert.line} {alert.remedy}".strip())


class AlertList(Passing):
    """All alerts, one below the other, upon the screen."""

    def __init__(self) -> None:
        super().__init__(Tint.CARD, Tint.LINE, radius=18)
        self._rows = [AlertRow() for _ in range(_MOST)]
        self.setLayout(column(8, (12, 12, 12, 12)).put(*self._rows))
        self._shown = 0
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What the rows that are shown say."""
        return [each.accessibleName() for each in self._rows[: self._shown]]

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Show as many as there is room for."""
        self._shown = min(len(alerts), _MOST)
        for number, each in enumerate(self._rows):
            each.setVisible(number < self._shown)
        for each, alert in zip(self._rows, alerts, strict=False):
            each.tell(alert)

    def lie_below(self, banner: QWidget) -> None:
        """Lie upon the window, right below `banner`, as wide as the window allows."""
        window = banner.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        room = self._style.px(12)
        width = min(self._style.px(_WIDTH), window.width() - 2 * room)
        corner = banner.mapTo(window, QPoint(banner.width(), banner.height()))
        left = max(room, min(corner.x() - width, window.width() - width - room))
        height = sum(each.height() for each in self._rows[: self._shown])
        height += self._style.px(8) * (self._shown - 1) + 2 * room
        self.setGeometry(left, corner.y() + self._style.px(8), width, height)
        self.raise_()


class Banner(Pressable):
    """The most urgent alert in brief, its sign, and "+2". Pressing it shows or hides them all.

    It is nothing while there is nothing to tell, and keeps its place.
    """

    def __init__(self) -> None:
        super().__init__(_HEIGHT, radius=16)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._alerts: tuple[Alert, ...] = ()
        self._well = ""  # what is said of all being well
        self._sign = UrgencySign()
        self._brief = StatusText(Type.SMALL, Weight.SEMI, lines=2, least=12)
        self._more = Pill(12)
        self._cap = KeyCap()
        self.list = AlertList()
        content = row(7, (12, 0, 10, 0))
        content.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        content.addWidget(self._brief, 1, Qt.AlignmentFlag.AlignVCenter)
        for each in (self._more, self._cap):
            content.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        self._content = content
        self.setLayout(content)
        self.clicked.connect(self.turn)
        self.tell(())

    @property
    def told(self) -> str:
        """What it says; empty while there is nothing to tell."""
        return self._alerts[0].brief if self._alerts else ""

    @property
    def unfolded(self) -> bool:
        """Whether all alerts are shown."""
        return self.list.isVisible()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._cap.say(say("alert.key"))
        self._well = say("alert.none")

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Show the first of `alerts`, which are in order of urgency."""
        self._alerts = tuple(alerts)
        first = alerts[0] if alerts else Alert(Urgency.KNOWN, "", "")
        _, _, text = _COLOURS[first.urgency]
        self._sign.tell(first.urgency, text)
        more = f"+{len(alerts) - 1}" if len(alerts) > 1 else ""
        self._brief.dye(text)
        self._brief.say(first.brief)
        self._more.say(more)
        self._more.setVisible(bool(more))
        self._cap.dye(text)
        for each in (self._sign, self._cap):
            each.setVisible(bool(alerts))
        self.setEnabled(bool(alerts))
        self.setAccessibleName(f"{first.brief} {more}".strip() or self._well)
        self._content.activate()  # "+10" is wider than "+9"
        if self.unfolded:
            self._unfold()
        self.update()

    def turn(self) -> None:
        """Show all alerts, or none but the first again."""
        if self.unfolded or not self._alerts:
            self.fold()
        else:
            self._unfold()

    def fold(self) -> None:
        """Show the first alone."""
        self.list.hide()

    def restyle(self, style: Style) -> None:
        """Take new sizes; the list may lie anywhere."""
        super().restyle(style)
        self.list.restyle(style)
        restyle(self.list, style)
        if self.unfolded:
            self._unfold()

    def _unfold(self) -> None:
        if not self._alerts:
            self.fold()
            return
        self.list.tell(self._alerts)
        self.list.lie_below(self)
        self.list.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing while there is nothing to tell."""
        if self._alerts:
            super().paintEvent(event)

    def colours(self) -> tuple[Tint, Tint, float]:
        """By urgency."""
        fill, line, _ = _COLOURS[self._alerts[0].urgency if self._alerts else Urgency.KNOWN]
        return fill, line, 2
