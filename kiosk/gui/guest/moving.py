"""The moving picture beside the steps: a phone, a sheet of paper or a badge goes to the camera."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QEasingCurve, QElapsedTimer, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QStyle, QWidget

from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.controls import paint_box, paint_tick
from kiosk.gui.parts.style import Style, Styled, Tint

WIDTH, HEIGHT = 148, 200  # px of the design
_ROUND = 3000  # milliseconds of one thing
_STEP = 33  # milliseconds between two pictures of it
_CAMERA = QRectF(2, 2, 144, 152)  # what the camera sees
_MIDDLE = QPointF(74, 78)
_GUIDE = 100.0  # side of the guide frame
_BELOW = 96.0  # from where a thing begins its way
_RISEN, _READ, _LEAVES = 0.40, 0.50, 0.80  # of the round
_STILL = 0.65  # the moment that is shown when nothing may move
_RISE = QEasingCurve(QEasingCurve.Type.InOutCubic)
# A code's look, and no code: no camera can read anything into it.
_MODULES = (
    "111110101011111",
    "100010011010001",
    "101010110010101",
    "100010101110001",
    "111110101011111",
    "000000110100000",
    "101101011010110",
    "010011100101001",
    "110100101101101",
    "000001011010010",
    "111110010110101",
    "100010110011010",
    "101010101101100",
    "100010011010110",
    "111110110101101",
)


class Thing(Enum):
    """What may be held before the camera."""

    PHONE = auto()
    PAPER = auto()
    BADGE = auto()


class MovingPicture(QWidget, Styled):
    """Plays the things given, one after the other, for ever; it decorates nothing else."""

    access = SILENT

    def __init__(self) -> None:
        super().__init__()
        self._things: Sequence[Thing] = (Thing.PHONE,)
        self._time = QElapsedTimer()
        self._time.start()
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle(Style())

    @property
    def moving(self) -> bool:
        """Whether it moves just now."""
        return self._timer.isActive()

    def play(self, things: Sequence[Thing]) -> None:
        """Show those things from now on."""
        if things != self._things:
            self._things = things
            self._time.restart()
            self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(WIDTH), style.px(HEIGHT))
        self._go()

    def showEvent(self, event: QShowEvent) -> None:
        """Move while somebody may look."""
        super().showEvent(event)
        self._go()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _go(self) -> None:
        # What the system's setting for animations says, Qt tells as their length.
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        still = self._style.still or not self.style().styleHint(hint, None, self)
        if still or not self.isVisible():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _moment(self) -> tuple[Thing, float]:
        """The thing of this moment, and how far its round is."""
        if not self._timer.isActive():
            return self._things[0], _STILL
        rounds, passed = divmod(self._time.elapsed(), _ROUND)
        return self._things[rounds % len(self._things)], passed / _ROUND

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What the camera sees, the guide frame, and the thing on its way."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / WIDTH, self.height() / HEIGHT)
        thing, at = self._moment()
        night = self._style.colour(Tint.NIGHT)
        paint_box(painter, _CAMERA, 14, night, self._style.colour(Tint.LINE))
        risen = _RISE.valueForProgress(min(1.0, at / _RISEN))
        gone = max(0.0, (at - _LEAVES) / (1 - _LEAVES))
        painter.save()
        painter.setOpacity((1 - gone) * min(1.0, at * 12))
        painter.translate(_MIDDLE + QPointF(0, _BELOW * (1 - risen)))
        grown = 1.0 + 0.16 * risen
        painter.scale(grown, grown)
        _PAINTED[thing](painter, self._style)
        painter.restore()
        read = at >= _READ and not gone
        self._paint_guide(painter, 0.9 if read else 1.0)
        if read:
            self._paint_read(painter, min(1.0, (at - _READ) * 12))

    def _paint_guide(self, painter: QPainter, size: float) -> None:
        half, arm = _GUIDE * size / 2, _GUIDE * 0.17
        pen = QPen(self._style.colour(Tint.SUN), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for right, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            corner = _MIDDLE + QPointF(right * half, down * half)
            along, up = QPointF(-right * arm, 0), QPointF(0, -down * arm)
            painter.drawPolyline(QPolygonF([corner + along, corner, corner + up]))

    def _paint_read(self, painter: QPainter, grown: float) -> None:
        side = 34 * (0.6 + 0.4 * grown)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QPointF(_CAMERA.right() - 22, _CAMERA.bottom() - 22))
        green = self._style.colour(Tint.ADMIT)
        paint_box(painter, box, side / 2, green, self._style.colour(Tint.ON_ADMIT), 2)
        paint_tick(painter, box, self._style.colour(Tint.ON_ADMIT))


def _paint_code(painter: QPainter, box: QRectF, colour: QColor) -> None:
    side = box.width() / len(_MODULES)
    edge = side + 0.35  # without seams between two modules
    for down, line in enumerate(_MODULES):
        for right, module in enumerate(line):
            if module == "1":
                place = QRectF(box.left() + right * side, box.top() + down * side, edge, edge)
                painter.fillRect(place, colour)


def _paint_phone(painter: QPainter, style: Style) -> None:
    night, white = style.colour(Tint.NIGHT), style.colour(Tint.ON_NIGHT)
    paint_box(painter, QRectF(-34, -46, 68, 118), 11, night.darker(140), white, 1.5)
    paint_box(painter, QRectF(-29, -39, 58, 102), 6, white, white, 0)
    _paint_code(painter, QRectF(-22.5, -22.5, 45, 45), night)
    for top, width in ((32, 38), (40, 26)):
        paint_box(painter, QRectF(-width / 2, top, width, 4), 2, style.colour(Tint.MUTE), night, 0)


def _paint_paper(painter: QPainter, style: Style) -> None:
    night, white = style.colour(Tint.NIGHT), style.colour(Tint.ON_NIGHT)
    mute = style.colour(Tint.MUTE)
    paint_box(painter, QRectF(-42, -36, 84, 112), 3, white, night, 1.5)
    _paint_code(painter, QRectF(-22.5, -22.5, 45, 45), night)
    for top, width in ((34, 60), (43, 60), (52, 42)):
        paint_box(painter, QRectF(-30, top, width, 3.5), 1.75, mute, night, 0)


def _paint_badge(painter: QPainter, style: Style) -> None:
    night, white = style.colour(Tint.NIGHT), style.colour(Tint.ON_NIGHT)
    accent, mute = style.colour(Tint.ACCENT), style.colour(Tint.MUTE)
    painter.setPen(QPen(accent, 4))
    painter.drawLine(QPointF(-16, -70), QPointF(-3, -40))
    painter.drawLine(QPointF(16, -70), QPointF(3, -40))
    paint_box(painter, QRectF(-38, -42, 76, 108), 7, white, night, 1.5)
    paint_box(painter, QRectF(-10, -38, 20, 5), 2.5, night, night, 0)
    _paint_code(painter, QRectF(-21, -24, 42, 42), night)
    paint_box(painter, QRectF(-26, 28, 52, 7), 3.5, accent, night, 0)
    paint_box(painter, QRectF(-19, 42, 38, 4), 2, mute, night, 0)


_PAINTED: dict[Thing, Callable[[QPainter, Style], None]] = {
    Thing.PHONE: _paint_phone,
    Thing.PAPER: _paint_paper,
    Thing.BADGE: _paint_badge,
}
