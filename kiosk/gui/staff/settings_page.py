"""Shows the settings of this PC, keeps what is touched, and has everything follow it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk.house import House
from kiosk.desk.ports import CameraTrouble, Frame
from kiosk.desk.settings import SettingFault, Settings
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.staff.settings_sheet import SettingsSheet
from kiosk.gui.words.wording import Wording

_SIZE = (1200, 1240)


class Window(Protocol):
    """The window around the screen."""

    @property
    def settings(self) -> Settings:
        """Those that it follows."""
        ...

    def take_settings(self, settings: Settings) -> None:
        """Follow other settings from now on."""
        ...


class SettingsPage(QObject):
    """The sheet upon `screen`. Whoever opens it has been asked for a PIN."""

    left = Signal()

    def __init__(
        self,
        screen: QWidget,
        window: Window,
        say: Callable[[], Wording],
        languages: Sequence[Wording],
    ) -> None:
        super().__init__(screen)
        self._window, self._say = window, say
        self.house: House | None = None
        self._watching = False
        self.sheet = SettingsSheet(languages)
        self.cover = Cover(screen, self.sheet, _SIZE)
        self.sheet.chosen.connect(self._take)
        self.sheet.heard.connect(self._play)
        self.sheet.left.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Whether it lies upon the screen."""
        return not self.cover.isHidden()

    def show_frame(self, frame: Frame) -> None:
        """What the camera sees. From any thread."""
        if self._watching:
            self.sheet.preview.show_frame(frame)

    def camera(self, trouble: CameraTrouble | None) -> None:
        """What is wrong with the camera, or nothing any more. From any thread."""
        self.sheet.preview.camera_trouble(trouble)

    def open(self) -> None:
        """Lay the sheet upon the screen."""
        house = self.house
        if house is None:
            return
        self.sheet.speak(self._say())
        self.sheet.tell_settings(self._window.settings, house.cameras(), house.printers())
        self._watching = True
        self.cover.open()
        self._tell(house.settings.read().faults)

    def speak(self) -> None:
        """The language of staff may be another one."""
        self.sheet.speak(self._say())
        if self.is_open and self.house is not None:
            self.sheet.tell_devices(self.house.cameras(), self.house.printers())

    def close(self) -> None:
        """Take it away."""
        self._watching = False
        if self.is_open:
            self.cover.close_sheet()
            self.left.emit()

    def _take(self, settings: Settings) -> None:
        if self.house is None:
            return
        before = self._window.settings
        fault = self.house.settings.keep(settings)
        if settings.camera != before.camera:
            self.house.use_camera(settings.camera)
        self._window.take_settings(settings)  # they count, whether they could be kept or not
        if settings.language != before.language:
            self.speak()
        self._tell([fault] if fault else [])

    def _tell(self, faults: Sequence[SettingFault]) -> None:
        say = self._say()
        told = [say(f"settings.fault_{each.wrong.name.lower()}", what=each.key) for each in faults]
        self.sheet.told.say(" ".join(told))

    def _play(self) -> None:
        sounds = self.house.sounds if self.house else None
        device = sounds.device if sounds else ""
        if sounds is not None:
            sounds.test()
        self.sheet.tell("" if device != "" else "settings.no_loudspeaker")
