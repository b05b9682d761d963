"""Holds the windows of the program on their screens, until it is opened."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.gui.lock.events import KEPT_OUT, is_kept_out
from kiosk.gui.lock.gesture import GESTURE, LeaveGesture
from kiosk.gui.lock.pointer import IdlePointer

MEND_EVERY = 1_000  # milliseconds between two looks whether the windows still fill their screens
_SOON = 100  # milliseconds after a change; the window system has settled by then
_ON_TOP = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
_Type = QEvent.Type
_DISTURBED = frozenset({_Type.WindowDeactivate, _Type.WindowStateChange, _Type.Hide, _Type.Move})
_TOUCHES = frozenset({_Type.KeyPress, _Type.MouseButtonPress, _Type.TouchBegin})
# Nearly every event of a program is a timer, a picture or a layout: those are not looked at.
_WATCHED = KEPT_OUT | GESTURE | _DISTURBED | {_Type.Close, _Type.MouseMove}


@dataclass(frozen=True)
class _Held:
    window: QWidget
    screen: str  # its name; empty for the primary one


class KioskLock(QObject):
    """From its making until `open`, no window closes and no key, menu or drop leads elsewhere.

    It sees what the toolkit sees: what the system keeps for itself (Ctrl+Alt+Del, the console
    keys of Linux) is the system's to lock, see docs/kiosk-mode.md. `leave_asked` comes when
    somebody held the gesture for it.
    """

    leave_asked = Signal()
    touched = Signal()  # a key, a button or a finger was put down

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app, self._held = app, list[_Held]()
        self._opened = False
        self._gesture, self._pointer = LeaveGesture(self), IdlePointer(self)
        self._gesture.asked.connect(self.leave_asked)
        self._mending = QTimer(self, interval=MEND_EVERY)
        self._mending.timeout.connect(self.mend)
        self._mending.start()
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.mend)
        app.screenAdded.connect(self._soon.start)
        app.screenRemoved.connect(self._soon.start)
        app.primaryScreenChanged.connect(self._soon.start)
        app.installEventFilter(self)

    @property
    def pointer(self) -> IdlePointer:
        """The mouse pointer of these windows."""
        return self._pointer

    def hold(self, window: QWidget, screen: QScreen | None = None) -> None:
        """Show `window` over the whole of `screen`, the primary one by default, and keep it so.

        The first window held is the one that the keyboard belongs to.
        """
        self._held.append(_Held(window, screen.name() if screen else ""))
        window.setWindowFlags(window.windowFlags() | _ON_TOP)
        self._fill(self._held[-1])
        self._take_keys()

    def let_go(self, window: QWidget) -> None:
        """Hold `window` no more: its screen is gone, or wanted for something else."""
        self._held = [held for held in self._held if held.window is not window]

    def open(self) -> None:
        """Let everything go: from now on windows close, and every key does what it does."""
        if self._opened:
            return
        self._opened = True
        self._mending.stop()
        self._soon.stop()
        self._pointer.end()
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for what nobody is to get."""
        kind = event.type()
        if kind not in _WATCHED:
            return False
        if kind in _TOUCHES:
            self.touched.emit()
        self._gesture.watch(event)
        self._pointer.watch(event)
        if kind == _Type.Close and self._holds(watched):
            event.ignore()
            return True
        if kind in _DISTURBED and self._holds(watched):
            self._soon.start()
        if not is_kept_out(event):
            return False
        event.setAccepted(kind == _Type.ShortcutOverride)  # then no shortcut has it either
        return True

    def mend(self) -> None:
        """Put every window back over its screen, and the keyboard to the first one."""
        if self._opened:
            return
        for held in self._held:
            if not _fills(held):
                self._fill(held)
        self._take_keys()

    def _holds(self, watched: QObject) -> bool:
        return any(watched in (held.window, held.window.windowHandle()) for held in self._held)

    def _fill(self, held: _Held) -> None:
        screen = _screen_of(held)
        if held.window.windowHandle() is not None and held.window.screen() is not screen:
            held.window.setScreen(screen)
        # Without a window manager nobody else makes the window as large as the screen.
        held.window.setGeometry(screen.geometry())
        held.window.showFullScreen()

    def _take_keys(self) -> None:
        first = self._held[0].window
        if not first.isActiveWindow():
            first.raise_()
            first.activateWindow()


def _screen_of(held: _Held) -> QScreen:
    """Its own, or while that one is gone the primary one."""
    there = (each for each in QGuiApplication.screens() if each.name() == held.screen)
    return next(there, QGuiApplication.primaryScreen())


def _fills(held: _Held) -> bool:
    return (
        held.window.isVisible()
        and held.window.isFullScreen()
        and not held.window.isMinimized()
        and held.window.geometry() == _screen_of(held).geometry()
    )
