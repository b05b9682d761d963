"""The settings of this PC on one page; each counts as soon as it is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kiosk.desk.settings import LOUDEST, Look, Settings
from kiosk.gui.parts.accessible import Access, Role
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.controls import SmallKey, Toggle, paint_tinted
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.stepper import Stepper
from kiosk.gui.parts.style import Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_LINE, _APART, _STEP = 56, 8, 10
_PICTURE = (470, 320)
SWITCHES = ("large_text", "reduced_motion", "sounds", "guest_window")


class VolumeBar(QWidget, Styled):
    """How loud it is, as a bar."""

    access = Access(Role.ProgressBar, whole=True)

    def __init__(self) -> None:
        super().__init__()
        self._volume, self._label = 0, ""
        self.restyle(Style())

    def name(self, label: str) -> None:
        """Say what it shows, for who does not see it."""
        self._label = label
        self.tell(self._volume)

    def tell(self, volume: int) -> None:
        """Show it."""
        self._volume = volume
        self.setAccessibleName(f"{self._label}: {volume}")
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedHeight(style.px(_LINE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The groove, then what is filled of it."""
        high = self.height() * 0.22
        groove = QRectF(0, (self.height() - high) / 2, self.width(), high)
        painter = QPainter(self)
        paint_tinted(painter, self._style, groove, high / 2, Tint.PAPER, Tint.LINE)
        if self._volume:
            filled = QRectF(groove)
            filled.setWidth(max(high, groove.width() * self._volume / LOUDEST))
            paint_tinted(painter, self._style, filled, high / 2, Tint.ACCENT, None)


class SettingsSheet(Sheet):
    """Left how it looks and sounds, right the devices. chosen: the Settings with what was touched.

    heard: the sounds are to be played.
    """

    goes = "settings.go"
    chosen = Signal(object)
    heard = Signal()

    def __init__(self, languages: Sequence[Wording]) -> None:
        """`languages`: those that staff may choose."""
        super().__init__()
        self._settings, self._telling = Settings(), False
        self._languages = languages
        self._labels = {name: Text(Type.SMALL, Weight.SEMI, Tint.MUTE) for name in _LABELS}
        self.theme = Choice(list(Look), across=2, numbered=False, height=_LINE)
        codes = [each.language for each in languages]
        self.language = Choice(codes, across=2, numbered=False, height=_LINE)
        self.switches = {name: Toggle(_LINE) for name in SWITCHES}
        self.quieter, self.louder, self.play = (SmallKey(_LINE) for _ in range(3))
        self.bar = VolumeBar()
        self.camera, self.printer = Stepper(_LINE), Stepper(_LINE)
        self.preview = Preview(*_PICTURE)
        self.back.hide()  # what was touched counts already
        self._arrange()
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say("settings.title"))
        for name, label in self._labels.items():
            label.say(say(f"settings.{name}"))
        self.theme.name({look: say(f"settings.{look}") for look in Look})
        self.language.name({each.language: each("language.name") for each in self._languages})
        for name, toggle in self.switches.items():
            toggle.name(say(f"settings.{name}"), "")
        self.quieter.name("–", "")
        self.louder.name("+", "")
        self.quieter.setAccessibleName(say("settings.quieter"))
        self.louder.setAccessibleName(say("settings.louder"))
        self.play.name(say("settings.play"), "")
        self.bar.name(say("settings.volume"))
        self.camera.name(say("settings.camera"))
        self.printer.name(say("settings.printer"))
        self.preview.speak(say)

    def tell_settings(
        self, settings: Settings, cameras: Sequence[str], printers: Sequence[str]
    ) -> None:
        """Show them, and what there is to choose from."""
        self._telling, self._settings = True, settings
        self.theme.choose(settings.theme)
        self.language.choose(settings.language or self._languages[0].language)
        for name, toggle in self.switches.items():
            toggle.setChecked(getattr(settings, name))
        self.bar.tell(settings.volume)
        self._telling = False
        self.tell_devices(cameras, printers)

    def tell_devices(self, cameras: Sequence[str], printers: Sequence[str]) -> None:
        """Show what there is to choose from."""
        camera, printer = self._settings.camera, self._settings.printer
        self.camera.offer(self._devices(cameras, camera, "first"), camera)
        self.printer.offer(self._devices(printers, printer, "system_s"), printer)

    def stops(self) -> Sequence[QWidget]:
        """Where Tab goes."""
        volume = (self.quieter, self.louder, self.play)
        looks = [*self.theme.stops(), *self.language.stops(), *self.switches.values()]
        return [*looks, *volume, self.camera, self.printer]

    def focus_first(self) -> None:
        """Enter goes on at once."""
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def complete(self) -> None:
        """All counts already."""
        self.left.emit()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))

    # Inside

    def _devices(self, names: Sequence[str], chosen: str, usual: str) -> list[tuple[str, str]]:
        """The usual one first; one that was chosen and is not there stays to be seen."""
        say = self.say
        if say is None:
            return []
        there = [(name, plain_name(name)) for name in names]
        if chosen and chosen not in names:
            there.append((chosen, say("settings.gone", name=plain_name(chosen))))
        return [("", say(f"settings.{usual}")), *there]

    def _change(self, **fields: object) -> None:
        if not self._telling:
            changed = replace(self._settings, **fields)  # type: ignore[arg-type]  # our own names
            if changed != self._settings:
                self._settings = changed
                self.chosen.emit(changed)

    def _turn(self, by: int) -> None:
        volume = max(0, min(LOUDEST, self._settings.volume + by))
        self.bar.tell(volume)
        self._change(volume=volume)

    def _arrange(self) -> None:
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, toggle in enumerate(self.switches.values()):
            self._grid.addWidget(toggle, place // 2, place % 2)
        volume = row(12)
        for each, share in ((self.quieter, 1), (self.bar, 4), (self.louder, 1), (self.play, 2)):
            volume.addWidget(each, share)
        looks = column(4).put(self._labels["theme"], self.theme, 8, self._labels["language"])
        looks.put(self.language, 8)
        looks.addLayout(self._grid)
        looks.put(8, self._labels["volume"], volume, None)
        picture = QHBoxLayout()
        picture.addWidget(self.preview)
        picture.addStretch(1)
        devices = column(4).put(self._labels["camera"], self.camera, 4, picture, 8)
        devices.put(self._labels["printer"], self.printer, None)
        whole = row(32, turns=True)
        whole.addLayout(looks, 5)
        whole.addLayout(devices, 4)
        self.form.setLayout(whole)

    def _connect(self) -> None:
        self.theme.changed.connect(lambda: self._change(theme=Look(self.theme.one or Look.LIGHT)))
        self.language.changed.connect(lambda: self._change(language=self.language.one))
        for name, toggle in self.switches.items():
            toggle.toggled.connect(lambda on, name=name: self._change(**{name: on}))
        self.quieter.clicked.connect(lambda: self._turn(-_STEP))
        self.louder.clicked.connect(lambda: self._turn(_STEP))
        self.play.clicked.connect(self.heard)
        self.camera.changed.connect(lambda name: self._change(camera=name))
        self.printer.changed.connect(lambda name: self._change(printer=name))


_LABELS = ("theme", "language", "volume", "camera", "printer")
