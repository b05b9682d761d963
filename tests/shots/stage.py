"""An open window that is brought into one state after another, and stands still in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractAnimation, QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.desk.admission import Counters
from kiosk.desk.findings import Mode
from kiosk.desk.ports import StorageNote
from kiosk.gui.desk_thread import Overview
from tests.gui_support import AT, Opened, dress, guest_wordings, opened
from tests.shots.camera import NOBODY, frame_of
from tests.shots.looks import Look

NOBODY_YET = Overview(Counters(expected=212), (), ())
_PATIENCE = 10_000  # milliseconds that the desk may take to open


@dataclass
class Stage:
    """The window of one mode, and the look that it has now."""

    kiosk: Opened
    mode: Mode
    look: Look = field(default_factory=Look)

    @property
    def window(self) -> QWidget:
        """What is photographed."""
        return self.kiosk.window

    def wear(self, look: Look) -> None:
        """Take another language, size and colours."""
        if look.size != self.look.size:
            self.window.resize(*look.size)
        self.look = look
        self.kiosk.window.take_settings(look.settings)
        self.kiosk.window.switch_language(look.language)
        QApplication.processEvents()

    def show(self, drive: Callable[[Stage], None]) -> None:
        """Begin anew, then bring it into the state that `drive` is."""
        self.begin()
        drive(self)
        for _ in range(2):  # layouts that follow from layouts
            QApplication.processEvents()
        _stand_still(self.window)

    def begin(self) -> None:
        """As it was when the door opened: the camera sees an empty lobby."""
        window = self.kiosk.window
        self.kiosk.clock.set(AT)
        window.camera_trouble(None)
        window.show_hint(None)
        window.scanner_note(None)
        window.staff.close()
        window.staff._duty = None
        for page in (window.pages.ready, window.pages.closing):
            page.close()
        window.preview._forget_codes()
        window.show_frame(frame_of(NOBODY))
        if self.mode is Mode.SELF:
            self._begin_with_guests()
        else:
            header = self.kiosk.staff.header
            header.alert(trust_list=None, revocation_list=None, storage=StorageNote.WELL)
            self.kiosk.staff.acts.leave()
            self.kiosk.staff.clear()
            self.kiosk.staff.show_overview(NOBODY_YET)
        window.switch_language(self.look.language)
        QApplication.processEvents()

    def _begin_with_guests(self) -> None:
        """Somebody has just come, so that the greeting does not go through the languages yet."""
        guest = self.kiosk.guest
        self.kiosk.clock._monotonic = guest._noticed = 0.0
        guest.can_listen = lambda _: False
        guest.show_open()
        guest.tell_time(AT)

    def photograph(self) -> QImage:
        """The window as it is painted now."""
        return self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@contextmanager
def staged(mode: Mode, *, painting: bool = True) -> Iterator[Stage]:
    """A window of `mode` that speaks all its languages and moves only when told.

    painting: whether it will be photographed; without, only the places of things are right.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    dress(app)
    app.setCursorFlashTime(0)
    with opened(mode, say=guest_wordings() if mode is Mode.SELF else None) as kiosk:
        _wait_for_the_desk(kiosk)
        kiosk.window._timer.stop()
        kiosk.window.setUpdatesEnabled(painting)
        yield Stage(kiosk, mode)


def _wait_for_the_desk(kiosk: Opened) -> None:
    """Until it has told all that would take the place of what the states tell."""
    waiting = QEventLoop()
    kiosk.desk.overview.connect(waiting.quit)
    QTimer.singleShot(_PATIENCE, waiting, waiting.quit)
    kiosk.desk.refresh(kiosk.clock.now())
    waiting.exec()
    kiosk.desk.stop()  # from now on the states say what it would say
    QApplication.processEvents()


def _stand_still(window: QWidget) -> None:
    """End what moves by itself."""
    for moving in window.findChildren(QAbstractAnimation):
        moving.stop()
