"""The head of the desk: occasion, figures, the state of the lists in words, languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Signal

from kiosk.desk.admission import Counters, OccasionFigures
from kiosk.desk.findings import Station
from kiosk.desk.ports import ScannerNote, StorageNote
from kiosk.gui.desk.banner import Banner
from kiosk.gui.desk.duty_key import DutyKey
from kiosk.gui.desk.figures import FiguresKey
from kiosk.gui.parts.controls import LanguageKey, Panel
from kiosk.gui.parts.style import MARGIN_DESK, Style, row
from kiosk.gui.words.alerts import Alerts
from kiosk.gui.words.facts import occasion_now
from kiosk.gui.words.wording import Wording

_HEIGHT, _PORTRAIT_HEIGHT = 88, 176
_KEY_WIDTH = 56


class DeskHeader(Panel):
    """A bar across the window; two lines of it in portrait."""

    language_chosen = Signal(str)
    staff_wanted = Signal()  # something came that guests are kept waiting by

    def __init__(self, station: Station, wordings: Mapping[str, Wording]) -> None:
        super().__init__(edge="bottom", height=_HEIGHT)
        self._station = station
        self._say = next(iter(wordings.values()))
        self.alerts = Alerts()
        self.duty = DutyKey()
        self.figures = FiguresKey()
        self._figures = self.figures.figures
        self.banner = Banner()
        self._keys = [
            LanguageKey(each.language, each("language.code"), each("language.name"), _KEY_WIDTH)
            for each in wordings.values()
        ]
        for key in self._keys:
            key.clicked.connect(lambda _=False, key=key: self._choose(key))
        self._arrange()

    def speak(self, say: Wording, chosen: str) -> None:
        """Take the words of a language."""
        self._say = say
        self.figures.speak(say)
        for key in self._keys:
            key.setChecked(key.language == chosen)
        self.banner.speak(say)
        self._tell()

    def tell_list_age(self, issued: date, *, revocation: bool) -> None:
        """Say of when the trust list is, or the revocation list."""
        self.alert(**{"revocation_list" if revocation else "trust_list": issued})

    def tell_clock(self, *, doubted: bool) -> None:
        """Say that the clock is not believed, or nothing any more."""
        self.alert(clock_doubted=doubted)

    def tell_scanner(self, note: ScannerNote | None) -> None:
        """Say something about a hand scanner, or nothing any more."""
        self.alert(scanner=note)

    def tell_storage(self, note: StorageNote) -> None:
        """Say what happened to the disk, or nothing any more."""
        self.alert(storage=note)

    def alert(self, **known: object) -> None:
        """Something is wrong, or well again: fields of `Alerts`."""
        before, self.alerts = self.alerts, replace(self.alerts, **known)  # type: ignore[arg-type]
        if self.alerts != before:
            self._tell()
        if self.alerts.calls - before.calls:
            self.staff_wanted.emit()

    def _tell(self) -> None:
        self.banner.tell(self.alerts.told(self._say))

    def count(self, counters: Counters, here: OccasionFigures | None = None) -> None:
        """Show the figures of what is open here, else those of today."""
        self.figures.count(counters, here)
        self.alert(figures=counters.notices)

    def tell_time(self, at: datetime) -> None:
        """Show what is open, and the time."""
        occasion = occasion_now(self._station, at)
        time = self._say.clock_time(at, self._station.event.time_zone)
        name = occasion.name if occasion else self._station.event.name
        self.duty.tell(name, self._station.door.name, time)

    def restyle(self, style: Style) -> None:
        """Take new sizes: two lines in portrait."""
        super().restyle(style)
        self._height = _PORTRAIT_HEIGHT if style.portrait else _HEIGHT
        super().restyle(style)
        self._keys_row.setParent(None)
        (self._top if style.portrait else self._bottom).addLayout(self._keys_row)

    def _arrange(self) -> None:
        self._top = row(16)
        self._top.addWidget(self.duty, 1)
        self._bottom = row(16)
        self._bottom.addWidget(self.figures)
        self._bottom.addWidget(self.banner, 1)
        self._keys_row = row(8).put(*self._keys)
        self._bottom.addLayout(self._keys_row)
        lines = row(16, (MARGIN_DESK, 8, MARGIN_DESK, 8), turns=True)
        lines.addLayout(self._top, 5)
        lines.addLayout(self._bottom, 14)
        self.setLayout(lines)

    def _choose(self, key: LanguageKey) -> None:
        key.setChecked(True)
        self.language_chosen.emit(key.language)
