"""The three signs, and the stars of the header."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.style import Style, Styled, Tint
from kiosk.gui.words.answers import Sign

SIGN_TINT = {Sign.ADMIT: Tint.ADMIT, Sign.DESK: Tint.DESK, Sign.REFUSE: Tint.REFUSE}
SIGN_TEXT = {Sign.ADMIT: Tint.ON_ADMIT, Sign.DESK: Tint.ON_DESK, Sign.REFUSE: Tint.ON_REFUSE}
_STARS = 12


class SignBook:
    """The drawings of the three signs. Raises FileNotFoundError where one cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._drawings = {sign: self._load(folder, sign) for sign in Sign}

    @staticmethod
    def _load(folder: Path, sign: Sign) -> QSvgRenderer:
        file = folder / f"{sign.name.lower()}.svg"
        if not file.is_file():
            raise FileNotFoundError(f"{file.name} is missing; unpack the program again")
        return QSvgRenderer(str(file))

    def paint(self, sign: Sign, painter: QPainter, box: QRectF) -> None:
        """Draw `sign` into `box`."""
        self._drawings[sign].render(painter, box)


class SignView(QWidget, Styled):
    """Shows one sign, square, in a place of `side` px."""

    access = SILENT

    def __init__(self, book: SignBook, side: int) -> None:
        super().__init__()
        self._book, self._side = book, side
        self._sign: Sign | None = None
        self.restyle(Style())

    def show_sign(self, sign: Sign | None) -> None:
        """Change the sign, never the place."""
        self._sign = sign
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(self._side), style.px(self._side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing."""
        if self._sign is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._book.paint(self._sign, painter, QRectF(self.rect()))


class Stars(QWidget, Styled):
    """The ring of twelve."""

    access = SILENT

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        self.restyle(Style())

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(self._side), style.px(self._side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Twelve dots on a circle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour(Tint.SUN))
        middle, dot = self.width() / 2, self.width() * 0.075
        ring = middle - dot
        for number in range(_STARS):
            angle = 2 * math.pi * number / _STARS
            centre = QPointF(middle + ring * math.sin(angle), middle - ring * math.cos(angle))
            painter.drawEllipse(centre, dot, dot)
