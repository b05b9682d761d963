"""The design system of the screens: type scale, grid, radii, and the style of a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QBoxLayout, QLayout, QLineEdit, QWidget

from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.theme import Theme as Theme
from kiosk.look import FONT_FAMILY as FONT_FAMILY
from kiosk.look import Tint as Tint
from kiosk.look import Weight as Weight
from kiosk.look import font
from kiosk.look import install_fonts as install_fonts

ASSETS = Path(__file__).resolve().parents[3] / "assets"


# Text beside its surface: each pair is held to WCAG AA by a test.
TEXT_ON = (
    (Tint.INK, Tint.PAPER),
    (Tint.INK, Tint.CARD),
    (Tint.MUTE, Tint.PAPER),
    (Tint.MUTE, Tint.CARD),
    (Tint.MUTE, Tint.ADMIT_TINT),
    (Tint.INK, Tint.ADMIT_TINT),
    (Tint.INK, Tint.DESK_TINT),
    (Tint.ACCENT_TEXT, Tint.PAPER),
    (Tint.ACCENT_TEXT, Tint.CARD),
    (Tint.ACCENT_TEXT, Tint.ACCENT_TINT),
    (Tint.INK, Tint.ACCENT_TINT),
    (Tint.MUTE, Tint.ACCENT_TINT),
    (Tint.ADMIT_TEXT, Tint.CARD),
    (Tint.ADMIT_TEXT, Tint.ADMIT_TINT),
    (Tint.ON_ACCENT, Tint.ACCENT),
    (Tint.ON_ADMIT, Tint.ADMIT),
    (Tint.ON_DESK, Tint.DESK),
    (Tint.ON_REFUSE, Tint.REFUSE),
    (Tint.ON_MUTE, Tint.MUTE),
    (Tint.ON_NIGHT, Tint.NIGHT),
)


class Type:
    """Type scale in px at a height of 800 px."""

    SMALL = 15
    BODY = 18
    LEAD = 22
    LINE = 30
    INSTRUCTION = 44
    TITLE = 72


class Radius:
    """Corner radii in px at a height of 800 px."""

    FIELD = 12
    KEY = 18
    CAMERA = 24


MARGIN_DESK = 24
MARGIN_GUEST = 40
KEY_HEIGHT = 72  # of everything that a finger presses
LEAST_TYPE = 12  # device pixels: no text is ever smaller
LARGER = 1.3  # large text beside the usual one
_LANDSCAPE = (1280, 800)
_PORTRAIT = (800, 1376)


@dataclass(frozen=True)
class Style:
    """How a window is painted: what one px of the design is, in which colours, how large the text.

    factor: device pixels for one px of the design; the window's size decides.
    still: nothing moves by itself, for people whom that disturbs (WCAG 2.1, 2.3.3).
    """

    factor: float = 1.0
    portrait: bool = False
    theme: Theme = Theme.LIGHT
    large: bool = False
    still: bool = False

    @classmethod
    def of(
        cls, size: QSize, theme: Theme = Theme.LIGHT, *, large: bool = False, still: bool = False
    ) -> Style:
        """The largest factor at which the whole design fits into `size`."""
        portrait = size.height() > size.width()
        width, height = _PORTRAIT if portrait else _LANDSCAPE
        factor = min(size.width() / width, size.height() / height)
        return cls(factor, portrait, theme, large, still)

    @property
    def usual(self) -> Style:
        """The same with text of the usual size."""
        return replace(self, large=False)

    def px(self, value: float) -> int:
        """`value` of the design in device pixels, never less than one."""
        return max(1, round(value * self.factor)) if value else 0

    def letters(self, size: float) -> int:
        """The height of letters of `size` px of the design in device pixels."""
        return max(LEAST_TYPE, self.px(size * LARGER if self.large else size))

    def font(self, size: float, weight: int = Weight.REGULAR) -> QFont:
        """The one family, in `size` px of the design."""
        return font(self.letters(size), weight)

    def colour(self, tint: Tint) -> QColor:
        """What `tint` is in this theme."""
        return self.theme.colour(tint)


class Styled:
    """Mixin for whatever takes sizes and colours from the window's style."""

    _style = Style()

    def restyle(self, style: Style) -> None:
        """Take new sizes and colours."""
        self._style = style
        if isinstance(self, QWidget):
            self.update()


def appear(widget: QWidget, visible: bool) -> None:
    """Show or hide a widget, where that changes anything: Qt lays the whole window out anew."""
    if widget.isHidden() == visible:
        widget.setVisible(visible)


class Flow(QBoxLayout, Styled):
    """A row or column whose spacing and margins follow the style.

    margins: left, top, right, bottom. turns: in portrait a row becomes a column and vice versa.
    """

    def __init__(
        self,
        direction: QBoxLayout.Direction,
        spacing: float = 0,
        margins: tuple[float, float, float, float] = (0, 0, 0, 0),
        *,
        turns: bool = False,
    ) -> None:
        super().__init__(direction)
        self._upright, self._turns = direction, turns
        self._spacing, self._margins = spacing, margins
        self.restyle(Style())

    def restyle(self, style: Style) -> None:
        """Take new sizes, and the direction that suits the window."""
        super().restyle(style)
        left, top, right, bottom = (style.px(value) for value in self._margins)
        self.setContentsMargins(left, top, right, bottom)
        self.setSpacing(style.px(self._spacing))
        if self._turns:
            row = QBoxLayout.Direction.LeftToRight
            column = QBoxLayout.Direction.TopToBottom
            other = column if self._upright is row else row
            self.setDirection(other if style.portrait else self._upright)

    def put(self, *items: QWidget | QLayout | int | None) -> Flow:
        """Append widgets, layouts, gaps (px of the design) and stretches (None)."""
        for item in items:
            match item:
                case QWidget():
                    self.addWidget(item)
                case QLayout():
                    self.addLayout(item)
                case int():
                    self.addWidget(Gap(item))
                case None:
                    self.addStretch(1)
        return self


class Gap(QWidget, Styled):
    """An empty stretch of fixed height or width, in px of the design."""

    access = SILENT

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(self._size), style.px(self._size))


def row(
    spacing: float = 0,
    margins: tuple[float, float, float, float] = (0, 0, 0, 0),
    *,
    turns: bool = False,
) -> Flow:
    """A row; a column in portrait when it `turns`."""
    return Flow(QBoxLayout.Direction.LeftToRight, spacing, margins, turns=turns)


def column(
    spacing: float = 0,
    margins: tuple[float, float, float, float] = (0, 0, 0, 0),
    *,
    turns: bool = False,
) -> Flow:
    """A column; a row in portrait when it `turns`."""
    return Flow(QBoxLayout.Direction.TopToBottom, spacing, margins, turns=turns)


def restyle(root: QWidget, style: Style) -> None:
    """Hand `style` to everything inside `root` that asks for it."""
    for child in _inside(root):
        if isinstance(child, Styled):
            child.restyle(style)


def dress(part: QWidget, place: Styled) -> None:
    """Hand what was made late, and all in it, the style of the `place` that it now lies in."""
    if isinstance(part, Styled):
        part.restyle(place._style)
    restyle(part, place._style)


def _inside(root: QObject) -> Iterator[QObject]:
    """Everything in `root`, but for what is in a line of input, which sees to its own.

    Qt's own parts of it have no class in PySide6, which would load all its classes to find one.
    """
    for child in root.children():
        yield child
        if not isinstance(child, QLineEdit):
            yield from _inside(child)
