"""The head of the desk: occasion, figures, the state of the lists in words, languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.desk.admission import Counters
from kiosk.desk.findings import Station
from kiosk.desk.ports import ScannerNote, StorageNote
from kiosk.gui.parts.controls import LanguageKey, Panel, paint_tinted
from kiosk.gui.parts.style import MARGIN_DESK, Style, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.phrases import occasion_now
from kiosk.gui.words.wording import Wording

_FIGURES = ("present", "entered", "expected", "refused")
_HEIGHT, _PORTRAIT_HEIGHT = 88, 176
_KEY_WIDTH = 56


class DeskHeader(Panel):
    """A bar across the window; two lines of it in portrait."""

    language_chosen = Signal(str)

    def __init__(self, station: Station, wordings: Mapping[str, Wording]) -> None:
        super().__init__(edge="bottom", height=_HEIGHT)
        self._station = station
        self._say = next(iter(wordings.values()))
        self._list_of: tuple[str, date] | None = None
        self._clock_doubted = False
        self._scanner: ScannerNote | None = None
        self._storage = StorageNote.WELL
        self._occasion = Text(Type.BODY, Weight.BOLD, lines=2, least=14)
        self._where = Text(Type.SMALL, tint=Tint.MUTE)
        self._figures = {name: Figure() for name in _FIGURES}
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
        for name, figure in self._figures.items():
            figure.name(say(f"desk.{name}"))
        for key in self._keys:
            key.setChecked(key.language == chosen)
        self._tell()

    def tell_list_age(self, issued: date, *, revocation: bool) -> None:
        """Say of when the trust list is, or the revocation list."""
        self._list_of = ("desk.revocations_of" if revocation else "desk.list_of", issued)
        self._tell()

    def tell_clock(self, *, doubted: bool) -> None:
        """Say that the clock is not believed, or nothing any more."""
        self._clock_doubted = doubted
        self._tell()

    def tell_scanner(self, note: ScannerNote | None) -> None:
        """Say something about a hand scanner in the place of the lists, or nothing any more."""
        self._scanner = note
        self._tell()

    def tell_storage(self, note: StorageNote) -> None:
        """Say what happened to the disk in the place of the lists, or nothing any more."""
        self._storage = note
        self._tell()

    def _tell(self) -> None:
        """One thing at a time: what somebody waits for, then what is in every guest's way."""
        if self._scanner is not None:
            self.banner.say(self._say(f"scanner.{self._scanner}"))
        elif self._clock_doubted:
            self.banner.say(self._say("desk.clock_doubted"))
        elif self._storage is not StorageNote.WELL:
            self.banner.say(self._say(f"storage.{self._storage}"))
        elif self._list_of is not None:
            text, issued = self._list_of
            self.banner.say(self._say(text, date=self._say.day(issued)))
        else:
            self.banner.say("")

    def count(self, counters: Counters) -> None:
        """Show today's figures."""
        for name, figure in self._figures.items():
            figure.count(getattr(counters, name))

    def tell_time(self, at: datetime) -> None:
        """Show what is open, and the time."""
        occasion = occasion_now(self._station, at)
        self._occasion.say(plain_name(occasion.name if occasion else self._station.event.name))
        time = self._say.clock_time(at, self._station.event.time_zone)
        self._where.say(f"{plain_name(self._station.door.name)} · {time}")

    def restyle(self, style: Style) -> None:
        """Take new sizes: two lines in portrait."""
        super().restyle(style)
        self._height = _PORTRAIT_HEIGHT if style.portrait else _HEIGHT
        super().restyle(style)
        self._keys_row.setParent(None)
        (self._top if style.portrait else self._bottom).addLayout(self._keys_row)

    def _arrange(self) -> None:
        what = column(0).put(None, self._occasion, self._where, None)
        self._top = row(16)
        self._top.addLayout(what, 1)
        self._bottom = row(16)
        figures = row(0).put(*self._figures.values())
        self._bottom.addLayout(figures)
        self._bottom.addWidget(self.banner, 1)
        self._keys_row = row(8).put(*self._keys)
        self._bottom.addLayout(self._keys_row)
        lines = row(16, (MARGIN_DESK, 8, MARGIN_DESK, 8), turns=True)
        lines.addLayout(self._top, 5)
        lines.addLayout(self._bottom, 13)
        self.setLayout(lines)

    def _choose(self, key: LanguageKey) -> None:
        key.setChecked(True)
        self.language_chosen.emit(key.language)


class Figure(QWidget):
    """One counter."""

    def __init__(self) -> None:
        super().__init__()
        self._number = Text(Type.LEAD, Weight.BOLD, align=CENTRE)
        self._label = Text(Type.SMALL, tint=Tint.MUTE, align=CENTRE, least=12)
        self._number.say("–")
        self._size = Panel(Tint.CARD, None, width=88, height=1)
        self.setLayout(column(0).put(None, self._number, self._label, self._size, None))

    @property
    def number(self) -> str:
        """What is shown."""
        return self._number.full

    def name(self, label: str) -> None:
        """Say what is counted."""
        self._label.say(label)
        self.setAccessibleName(f"{label}: {self._number.full}")

    def count(self, number: int) -> None:
        """Show the number."""
        self._number.say(str(number))
        self.setAccessibleName(f"{self._label.full}: {number}")


class Banner(Panel):
    """A line about lists or scanner; no pill while there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__(Tint.CARD, None, radius=20, height=48)
        self._text = Text(Type.SMALL, Weight.SEMI, align=CENTRE, lines=2, least=12)
        self.setLayout(row(0, (16, 0, 16, 0)).put(self._text))

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.full

    def say(self, text: str) -> None:
        """Show `text`."""
        self._text.say(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pill."""
        if not self._text.full:
            return
        box = QRectF(self.rect())
        paint_tinted(QPainter(self), self._style, box, box.height() / 2, Tint.ACCENT_TINT, None)
