"""All languages, each by its own name: one touch chooses."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout

from kiosk.gui.guest.page import GuestPage
from kiosk.gui.parts.accessible import ONE_OF
from kiosk.gui.parts.controls import Pressable, paint_tick
from kiosk.gui.parts.style import MARGIN_GUEST, Style, Styled, Tint, Type, Weight, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording

_COLUMNS, _COLUMNS_PORTRAIT = 4, 3
_HIGH, _HIGH_PORTRAIT = 76, 104  # px of a key
_GAP = 12  # px between two keys


class LanguagesPage(GuestPage):
    """A key for every language, in the order of their own names."""

    chosen = Signal(str)
    seconds = 20.0

    def __init__(self, wordings: Mapping[str, Wording]) -> None:
        super().__init__()
        named = sorted(wordings.values(), key=lambda say: _alphabetical(say("language.name")))
        self.keys = [_NameKey(say) for say in named]
        for key in self.keys:
            key.clicked.connect(lambda _=False, key=key: self.chosen.emit(key.language))
        self._grid = _Grid(self.keys)
        self.build(self._grid)

    def speak(self, say: Wording) -> None:
        """Say it in the language of `say`, and mark that one."""
        super().speak(say)
        self.title.say(say("guest.choose_language"))
        for key in self.keys:
            key.setChecked(key.language == say.language)


class _Grid(QGridLayout, Styled):
    """Keys in rows from left to right, with rows enough for all."""

    def __init__(self, keys: list[_NameKey]) -> None:
        super().__init__()
        self._keys = keys
        self.restyle(Style())

    def restyle(self, style: Style) -> None:
        """Take new sizes, and as many columns as suit the window."""
        super().restyle(style)
        columns = _COLUMNS_PORTRAIT if style.portrait else _COLUMNS
        across, down = style.px(MARGIN_GUEST), style.px(24)
        self.setContentsMargins(across, down, across, down)
        self.setSpacing(style.px(_GAP))
        rows = -(-len(self._keys) // columns)
        for number, key in enumerate(self._keys):
            self.addWidget(key, number // columns, number % columns)
        for number in range(max(_COLUMNS, columns)):
            self.setColumnStretch(number, 1 if number < columns else 0)
        for number in range(len(self._keys) + 1):
            self.setRowStretch(number, 1 if number == rows else 0)


class _NameKey(Pressable):
    """A language by its own name; the one in use is filled and ticked."""

    access = ONE_OF

    def __init__(self, say: Wording) -> None:
        super().__init__(_HIGH)
        self.language = say.language
        self.setCheckable(True)
        self.setAccessibleName(say("language.name"))
        self._name = Text(Type.LEAD, Weight.SEMI, least=16)
        self._name.say(say("language.name"))
        self.setLayout(row(8, (24, 0, 56, 0)).put(self._name))
        self.toggled.connect(self._dye)

    def restyle(self, style: Style) -> None:
        """Take new sizes; where there is room, more for the finger."""
        self._height = _HIGH_PORTRAIT if style.portrait else _HIGH
        super().restyle(style)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Filled while its language is in use."""
        if self.isChecked():
            return Tint.ACCENT, Tint.ACCENT, 1
        return Tint.CARD, Tint.LINE, 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """The key, then the tick."""
        super().paintEvent(event)
        if self.isChecked():
            side = float(self._style.px(40))
            box = QRectF(self.width() - side * 1.3, (self.height() - side) / 2, side, side)
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_tick(painter, box, self._style.colour(Tint.ON_ACCENT))

    def _dye(self, checked: bool) -> None:
        self._name.dye(Tint.ON_ACCENT if checked else Tint.INK)


def _alphabetical(name: str) -> str:
    """For sorting: Latin, Greek, Cyrillic letters in turn, marks and case left aside."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))
