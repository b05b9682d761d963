"""Which screen the guest's side of a desk has, as screens come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from kiosk.desk.settings import Settings
from kiosk.gui.lock.lock import KioskLock


@dataclass(frozen=True)
class GuestScreen:
    """The screen that was asked for: its number, the first one being 1; 0: any but the desk's."""

    number: int = 0

    def among(self, screens: Sequence[QScreen], desk: QScreen | None) -> QScreen | None:
        """That screen, which is never the desk's; None where there is none."""
        wanted = screens[self.number - 1 : self.number] if self.number else screens
        return next((screen for screen in wanted if screen is not desk), None)


class SecondScreen(QObject):
    """Shows the guest's window while there is a screen for it, and hides it while there is none.

    make: makes the window, once it is wanted. desk: staff's window, which keeps the keys. lock:
    holds the guest's window on its screen; without it the window is one among others, which
    somebody may move, also where there is one screen alone.
    """

    def __init__(
        self,
        app: QGuiApplication,
        make: Callable[[], QWidget],
        desk: QWidget,
        asked: GuestScreen | None,
        lock: KioskLock | None = None,
    ) -> None:
        super().__init__(desk)
        self._make, self._desk, self._asked, self._lock = make, desk, asked, lock
        self._window: QWidget | None = None
        app.screenAdded.connect(lambda _: self.place())
        app.screenRemoved.connect(self.place)
        app.primaryScreenChanged.connect(lambda _: self.place())

    def ask(self, asked: GuestScreen | None) -> None:
        """Another screen is wanted from now on, or none."""
        self._asked = asked
        self.place()

    def follow(self, settings: Settings) -> None:
        """Ask for what the settings of this PC say now."""
        self.ask(GuestScreen() if settings.guest_window else None)

    def place(self, gone: QScreen | None = None) -> None:
        """Show the window where it belongs now, or hide it; `gone`: a screen that is leaving."""
        there = [each for each in QGuiApplication.screens() if each is not gone]
        screen = self._asked.among(there, self._desk.screen()) if self._asked else None
        if self._asked is None or (screen is None and self._lock is not None):
            self._hide()
        elif self._lock is None:
            self._shown().show()
            self._desk.activateWindow()
        else:
            self._lock.let_go(self._shown())
            self._lock.hold(self._shown(), screen)

    def _shown(self) -> QWidget:
        if self._window is None:
            self._window = self._make()
        return self._window

    def _hide(self) -> None:
        if self._window is None:
            return
        if self._lock is not None:
            self._lock.let_go(self._window)
        self._window.hide()
