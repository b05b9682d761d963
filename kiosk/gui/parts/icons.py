"""Small drawings beside words and in keys, in whatever colour the text beside them has."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.style import ASSETS, Style, Styled, Tint

_COLOUR = b"currentColor"  # what the drawings say in the place of their colour


class Icon(StrEnum):
    """Each drawing, by the name of its file."""

    LANGUAGES = "languages"
    LARGER = "larger"
    CONTRAST = "contrast"
    LISTEN = "listen"
    BACK = "back"
    INFO = "info"
    PHONE = "phone"
    PAPER = "paper"
    BADGE = "badge"
    ARROW = "arrow"  # to the right
    TURN = "turn"  # back, behind oneself
    TICK = "tick"


def draw(icon: Icon, colour: QColor, folder: Path = ASSETS / "signs") -> QSvgRenderer:
    """The drawing in `colour`. Raises FileNotFoundError where it is missing."""
    file = folder / f"{icon}.svg"
    if not file.is_file():
        raise FileNotFoundError(f"{file.name} is missing; unpack the program again")
    lines = file.read_bytes().replace(_COLOUR, colour.name().encode())
    return QSvgRenderer(QByteArray(lines))


class IconView(QWidget, Styled):
    """One drawing, square, in a place of `side` px; `turned` clockwise by degrees."""

    access = SILENT

    def __init__(self, icon: Icon | None, side: int, tint: Tint = Tint.INK) -> None:
        super().__init__()
        self._icon, self._side, self._tint, self._turned = icon, side, tint, 0.0
        self._drawing: QSvgRenderer | None = None
        self.restyle(Style())

    def show_icon(self, icon: Icon | None, turned: float = 0.0) -> None:
        """Change the drawing, never the place."""
        self._icon, self._turned = icon, turned
        self.dye(self._tint)

    def dye(self, tint: Tint) -> None:
        """Show it in another colour."""
        self._tint = tint
        self._drawing = draw(self._icon, self._style.colour(tint)) if self._icon else None
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes and colours."""
        super().restyle(style)
        self.setFixedSize(style.px(self._side), style.px(self._side))
        self.dye(self._tint)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing, turned about its middle."""
        if self._drawing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        painter.translate(middle)
        painter.rotate(self._turned)
        painter.translate(-middle)
        self._drawing.render(painter, QRectF(self.rect()))
