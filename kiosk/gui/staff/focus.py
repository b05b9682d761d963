"""Keeps the keys on a sheet while answers come below it: somebody is typing a PIN."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.gui.parts.sheet import Cover


class FocusKeeper(QObject):
    """Gives the focus back to `cover` when something of `screen` below takes it."""

    def __init__(self, screen: QWidget, cover: Cover) -> None:
        super().__init__(cover)
        self._screen, self._cover = screen, cover
        self._last: QWidget | None = None  # of the sheet, that had the focus
        self._before: QWidget | None = None  # of the screen
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._changed)

    def begin(self) -> None:
        """The sheet is about to be shown."""
        self._before, self._last = self._screen.focusWidget(), None

    def end(self) -> None:
        """It is gone: the keys are the screen's again."""
        back = self._before if self._before and self._before.isVisible() else self._screen
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is None or self._cover.isHidden():
            return
        if self._cover.isAncestorOf(now):
            self._last = now
        elif self._is_below(now):
            back = self._last if self._last and self._last.isVisible() else self._cover.sheet
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_below(self, widget: QWidget) -> bool:
        """Not of another sheet, which lies upon this one."""
        ours = widget is self._screen or self._screen.isAncestorOf(widget)
        above: QWidget | None = widget
        while above is not self._screen and above is not None:
            if isinstance(above, Cover):
                return False
            above = above.parentWidget()
        return ours
