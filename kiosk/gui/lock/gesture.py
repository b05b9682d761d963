"""The deliberate gesture that asks for the way out: a chord or a corner, held for three seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QTouchEvent

HOLD = 3_000  # milliseconds
# X tells of a key that is held down as of one that is let go and pressed again, and Qt does not
# notice each time that the two belong together.
LET_GO = 200  # milliseconds
CORNER = 96  # device-independent pixels from the top right corner, both ways
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Alt)
_Type = QEvent.Type
_ELSEWHERE = frozenset({_Type.WindowDeactivate, _Type.ApplicationDeactivate})
GESTURE = _ELSEWHERE | {
    _Type.KeyPress, _Type.KeyRelease, _Type.MouseButtonPress, _Type.MouseButtonRelease,
    _Type.MouseMove, _Type.TouchBegin, _Type.TouchUpdate, _Type.TouchEnd, _Type.TouchCancel,
}  # fmt: skip  # what it looks at


class LeaveGesture(QObject):
    """Watches for Ctrl+Alt+Q, or a finger or the mouse on the top right corner of a screen.

    `asked` comes once per gesture, while it is still being held. Shown events are left alone.
    """

    asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._by_key = False
        self._timer = QTimer(self, singleShot=True, interval=HOLD)
        self._timer.timeout.connect(self.asked)
        self._let_go = QTimer(self, singleShot=True, interval=LET_GO)
        self._let_go.timeout.connect(lambda: self._end(by_key=True))

    @property
    def holding(self) -> bool:
        """Whether somebody is in the middle of it."""
        return self._timer.isActive()

    def watch(self, event: QEvent) -> None:
        """Look at an event of any window of the program; several times does no harm."""
        kind = event.type()
        if isinstance(event, QKeyEvent):
            self._key(event, kind)
        elif isinstance(event, QTouchEvent):
            self._finger(event, kind)
        elif isinstance(event, QMouseEvent):
            self._mouse(event, kind)
        elif kind in _ELSEWHERE:
            self._timer.stop()

    def _key(self, event: QKeyEvent, kind: QEvent.Type) -> None:
        if kind == _Type.KeyPress and event.key() == Qt.Key.Key_Q:
            self._let_go.stop()
            if event.modifiers() & _CHORD == _CHORD and not event.isAutoRepeat():
                self._begin(by_key=True)
        elif kind == _Type.KeyRelease and event.key() in _MODIFIERS:
            self._end(by_key=True)
        elif kind == _Type.KeyRelease and event.key() == Qt.Key.Key_Q and self.holding:
            self._let_go.start()

    def _mouse(self, event: QMouseEvent, kind: QEvent.Type) -> None:
        there = _in_corner(event.globalPosition())
        if kind == _Type.MouseButtonPress and there:
            self._begin(by_key=False)
        elif kind == _Type.MouseButtonRelease or not there:
            self._end(by_key=False)

    def _finger(self, event: QTouchEvent, kind: QEvent.Type) -> None:
        there = event.pointCount() == 1 and _in_corner(event.point(0).globalPosition())
        if kind == _Type.TouchBegin and there:
            self._begin(by_key=False)
        elif kind in (_Type.TouchEnd, _Type.TouchCancel) or not there:
            self._end(by_key=False)

    def _begin(self, *, by_key: bool) -> None:
        if not self._timer.isActive():
            self._by_key = by_key
            self._timer.start()

    def _end(self, *, by_key: bool) -> None:
        """A mouse that moves elsewhere does not end what the keyboard began."""
        if self._by_key is by_key:
            self._timer.stop()


def _in_corner(place: QPointF) -> bool:
    point = place.toPoint()
    screen = QGuiApplication.screenAt(point)
    if screen is None:
        return False
    edge = screen.geometry()
    corner = QRect(edge.right() - CORNER + 1, edge.top(), CORNER, CORNER)
    return corner.contains(point)
