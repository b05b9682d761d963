"""A key with a drawing, for fingers: 72 px high, with or without a word."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.icons import Icon, IconView
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Tint, Type, Weight, row
from kiosk.gui.parts.text import Text

_SIDE, _GAP = 32, 10  # px of the drawing, and from it to the word
_LEFT, _RIGHT = 14, 18


class IconKey(Pressable):
    """A drawing, and a word where `worded`; one that `stays` down is filled until pressed again."""

    def __init__(self, icon: Icon, *, worded: bool = False, stays: bool = False) -> None:
        super().__init__(KEY_HEIGHT, KEY_HEIGHT)
        self.setCheckable(stays)
        self._icon = IconView(icon, _SIDE)
        self._word = Text(Type.BODY, Weight.SEMI, hug=True) if worded else None
        content = row(_GAP, (_LEFT, 0, _RIGHT, 0)) if worded else row()
        content.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignCenter)
        if self._word is not None:
            content.addWidget(self._word, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.toggled.connect(self._dye)

    def name(self, word: str) -> None:
        """Say what it does: to be read where it is worded, else to be heard."""
        self.setAccessibleName(word)
        self.setToolTip("" if self._word else word)
        if self._word is not None:
            self._word.say(word)
            self._fit(self._word)

    def restyle(self, style: Style) -> None:
        """Take new sizes: as wide as the word wants it."""
        super().restyle(style)
        if self._word is not None:
            self._fit(self._word)

    def _fit(self, word: Text) -> None:
        letters = QFontMetrics(self._style.font(Type.BODY, Weight.SEMI))
        beside = sum(map(self._style.px, (_LEFT, _SIDE, _GAP, _RIGHT)))
        self.setFixedWidth(beside + letters.horizontalAdvance(word.full) + 2)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Filled while it stays down."""
        if self.isChecked():
            return Tint.ACCENT, Tint.ACCENT, 1
        return Tint.PAPER, Tint.LINE, 1

    def _dye(self, down: bool) -> None:
        tint = Tint.ON_ACCENT if down else Tint.INK
        self._icon.dye(tint)
        if self._word is not None:
            self._word.dye(tint)
