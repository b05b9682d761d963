"""The mouse pointer, which is not shown to guests who use none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

IDLE = 3_000  # milliseconds without a movement


class IdlePointer(QObject):
    """Hides the pointer on every screen while the mouse rests, and for fingers."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._at: QPointF | None = None
        self._hidden = False
        self._timer = QTimer(self, singleShot=True, interval=IDLE)
        self._timer.timeout.connect(self._hide)
        self._timer.start()

    @property
    def hidden(self) -> bool:
        """Whether it is hidden now."""
        return self._hidden

    def watch(self, event: QEvent) -> None:
        """Look at an event of any window of the program."""
        if event.type() != QEvent.Type.MouseMove or not isinstance(event, QMouseEvent):
            return
        # A finger moves no pointer, and a window that opens under a resting mouse tells a "move".
        if event.source() != Qt.MouseEventSource.MouseEventNotSynthesized:
            return
        moved, self._at = self._at != event.globalPosition(), event.globalPosition()
        if moved:
            self.show()
            self._timer.start()

    def show(self) -> None:
        """Show it again."""
        if self._hidden:
            self._hidden = False
            QApplication.restoreOverrideCursor()

    def end(self) -> None:
        """Show it, and hide it no more."""
        self._timer.stop()
        self.show()

    def _hide(self) -> None:
        if not self._hidden:
            self._hidden = True
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
