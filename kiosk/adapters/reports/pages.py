"""A4 pages that fill from the top: headings, paragraphs, tables that go on, bars. One PDF file.

Lengths are in millimetres from the upper left corner of the page, sizes of type in points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from kiosk.look import FONT_FAMILIES, Tint, Weight

MARGIN = 14.0
FOOT = 12.0  # of the page number, from the lower edge
_DOTS = 1200  # an inch: a hairline and a letter stay where they should
_POINT = 25.4 / 72
_RULE = 0.15  # of a line
_PAD = 1.2  # beside and above the text of a cell


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and its share of the width."""

    head: str
    share: float
    centred: bool = False


@dataclass(frozen=True)
class Ink:
    """How text is set."""

    size: float = 8.5
    weight: int = Weight.REGULAR
    colour: Tint = Tint.INK


PLAIN, BOLD = Ink(), Ink(weight=Weight.SEMI)
QUIET = Ink(7.5, colour=Tint.MUTE)


class Pages:
    """Draws downwards; a new page begins where something does not fit any more."""

    def __init__(self, painter: QPainter, writer: QPdfWriter, foot: Callable[[int], str]) -> None:
        self._painter, self._writer, self._foot = painter, writer, foot
        layout = writer.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
        self.width, self._height = layout.width() - 2 * MARGIN, layout.height()
        self._y = MARGIN
        self.number = 1
        self._draw_foot()

    def space(self, height: float) -> None:
        """Leave some room."""
        self._y += height

    def keep(self, height: float) -> bool:
        """Begin a new page where less than `height` is left; whether one was begun."""
        if self._y + height <= self._height - MARGIN - FOOT / 2:
            return False
        self._writer.newPage()
        self.number += 1
        self._y = MARGIN
        self._draw_foot()
        return True

    def line(self, text: str, ink: Ink = PLAIN) -> None:
        """A paragraph over the whole width."""
        height = self._text_height(text, self.width, ink)
        self.keep(height)
        self._text(text, QRectF(MARGIN, self._y, self.width, height), ink)
        self._y += height

    def heading(self, text: str) -> None:
        """The heading of a part, with some of what follows on the same page."""
        self.space(6)
        self.keep(28)
        self.line(text, Ink(13, Weight.BOLD))
        self.space(2)

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        marked: Callable[[int], bool] = lambda _: False,
        least: float = 0.0,
    ) -> None:
        """Rows under a head that every page repeats. `marked` rows stand on amber.

        least: the height of a row, for what is filled in by hand.
        """
        widths = self._widths(columns)
        self._head(columns, widths)
        for number, row in enumerate(rows):
            height = max(least, self._row_height(row, widths))
            if self.keep(height):
                self._head(columns, widths)
            if marked(number):
                self._fill(QRectF(MARGIN, self._y + _RULE, self.width, height), Tint.DESK_TINT)
            self._cells(columns, widths, row, height, PLAIN)
            self._rule(Tint.LINE)

    def bars(self, bars: Sequence[tuple[str, int]], height: float = 42.0) -> None:
        """A bar chart with the figure over each bar and the label under it."""
        self.keep(height + 4)
        room, top = self.width / len(bars), max(count for _, count in bars) or 1
        floor = self._y + height - 6
        every = -(-len(bars) // 16)  # labels that would run into each other are left out
        for place, (label, count) in enumerate(bars):
            left, tall = MARGIN + place * room, (height - 12) * count / top
            self._fill(QRectF(left + room * 0.12, floor - tall, room * 0.76, tall), Tint.ACCENT)
            if count:
                over = QRectF(left - 4, floor - tall - 4.4, room + 8, 4)
                self._text(str(count), over, QUIET, centred=True)
            if place % every == 0:
                self._text(label, QRectF(left - 6, floor + 1, room + 12, 4), QUIET, centred=True)
        self._y = floor
        self._rule(Tint.MUTE)
        self._y = floor + 8

    # Below: where the strokes are made

    def _head(self, columns: Sequence[Column], widths: Sequence[float]) -> None:
        heads = [column.head for column in columns]
        height = self._row_height(heads, widths, BOLD)
        self.keep(height + 8)
        self._cells(columns, widths, heads, height, BOLD)
        self._rule(Tint.INK)

    def _widths(self, columns: Sequence[Column]) -> list[float]:
        shares = sum(column.share for column in columns)
        return [self.width * column.share / shares for column in columns]

    def _row_height(self, row: Sequence[str], widths: Sequence[float], ink: Ink = PLAIN) -> float:
        heights = (
            self._text_height(text, width - 2 * _PAD, ink)
            for text, width in zip(row, widths, strict=True)
        )
        return max(heights) + 2 * _PAD

    def _cells(
        self,
        columns: Sequence[Column],
        widths: Sequence[float],
        row: Sequence[str],
        height: float,
        ink: Ink,
    ) -> None:
        left = MARGIN
        for column, width, text in zip(columns, widths, row, strict=True):
            cell = QRectF(left + _PAD, self._y + _PAD, width - 2 * _PAD, height - 2 * _PAD)
            self._text(text, cell, ink, centred=column.centred)
            left += width
        self._y += height

    def _text_height(self, text: str, width: float, ink: Ink) -> float:
        self._painter.setFont(_font(ink))
        room = _dots(QRectF(0, 0, width, 1000))
        return self._painter.boundingRect(room, _FLAGS, text or " ").height() * 25.4 / _DOTS

    def _text(self, text: str, room: QRectF, ink: Ink, *, centred: bool = False) -> None:
        self._painter.setFont(_font(ink))
        self._painter.setPen(QPen(ink.colour.colour))
        flags = _FLAGS | Qt.AlignmentFlag.AlignHCenter.value if centred else _FLAGS
        self._painter.drawText(_dots(room), flags, text)

    def _fill(self, room: QRectF, tint: Tint) -> None:
        self._painter.fillRect(_dots(room), tint.colour)

    def _rule(self, tint: Tint) -> None:
        self._fill(QRectF(MARGIN, self._y, self.width, _RULE), tint)

    def _draw_foot(self) -> None:
        room = QRectF(MARGIN, self._height - FOOT, self.width, 5)
        self._text(self._foot(self.number), room, QUIET)


_FLAGS = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignTop.value


def _dots(room: QRectF) -> QRectF:
    """Millimetres in the dots of the file."""
    scale = _DOTS / 25.4
    return QRectF(room.x() * scale, room.y() * scale, room.width() * scale, room.height() * scale)


def _font(ink: Ink) -> QFont:
    made = QFont(list(FONT_FAMILIES))
    made.setPixelSize(round(ink.size * _POINT * _DOTS / 25.4))
    made.setWeight(QFont.Weight(ink.weight))
    # Else Inter draws the colon of 09:00 as a letter that nobody can search for or copy.
    made.setFeature(QFont.Tag("calt"), 0)
    return made


def pdf(title: str, draw: Callable[[Pages], None], foot: Callable[[int, int], str]) -> bytes:
    """The file that `draw` fills; `foot` makes the last line of a page of its number and count.

    It is drawn twice, for the first page tells how many there are. Needs a QGuiApplication.
    """
    _, count = _drawn(title, draw, lambda number: foot(number, number))
    data, _ = _drawn(title, draw, lambda number: foot(number, count))
    return data


def _drawn(
    title: str, draw: Callable[[Pages], None], foot: Callable[[int], str]
) -> tuple[bytes, int]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(_DOTS)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    pages = Pages(painter, writer, foot)
    draw(pages)
    painter.end()
    return bytes(buffer.data().data()), pages.number
