"""A name in its line, with the letters that differ underlined and on a tint; never rich text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import QSizePolicy

from kiosk.core.guests.differences import Span
from kiosk.gui.parts.style import Style, Tint, Type, Weight
from kiosk.gui.parts.text import Text

_UNDERLINE = 2.0  # px of the design
ENDLESS = 16_777_215  # px: Qt's own word for no limit of a size


class MarkedText(Text):
    """A `Text` of which some letters are marked. Spans count characters, of what it says.

    `tall`: it takes the height of its place, with as many lines as there is room for.
    """

    _marks: tuple[Span, ...] = ()
    _tall = False

    def __init__(
        self,
        size: int = Type.BODY,
        weight: int = Weight.REGULAR,
        tint: Tint = Tint.INK,
        *,
        least: int = 0,
        tall: bool = False,
    ) -> None:
        super().__init__(size, weight, tint, least=least, lines=2 if tall else 1)
        self._tall = tall
        self.restyle(self._style)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        if self._tall:
            self.setMinimumHeight(0)
            self.setMaximumHeight(ENDLESS)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def mark(self, text: str, marks: Sequence[Span] = ()) -> None:
        """Say `text`, and mark these spans of it."""
        self._marks = tuple(marks)
        self.say(text)
        self.update()

    def write(self, size: int) -> None:
        """Take letters of another size, px of the design."""
        if size != self._size:
            self._size = size
            self.restyle(self._style)

    @property
    def marks(self) -> tuple[Span, ...]:
        """What is marked."""
        return self._marks

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint and a line under each mark, then the letters."""
        if self._marks:
            self._paint_marks()
        super().paintEvent(event)

    def _paint_marks(self) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = max(2.0, float(self._style.px(_UNDERLINE)))
        for box in self._boxes():
            painter.fillRect(box, self._style.colour(Tint.DESK_TINT))
            line = QRectF(box.left(), box.bottom() - thick, box.width(), thick)
            painter.fillRect(line, self._style.colour(Tint.DESK))

    def _boxes(self) -> list[QRectF]:
        """Where the marked letters are, line by line; those that were cut off have no place."""
        shown, room = self.text(), QRectF(self.contentsRect())
        layout = _laid_out(self, shown, room.width())
        height = sum(layout.lineAt(n).height() for n in range(layout.lineCount()))
        top = room.top() + (room.height() - height) / 2
        seen = _seen(shown, self.full)
        places = (n for start, length in self._marks for n in range(start, start + length))
        return [_box(layout, shown, n).translated(room.left(), top) for n in places if n < seen]


def _box(layout: QTextLayout, text: str, place: int) -> QRectF:
    """Where a character is; Qt counts in units of UTF-16."""
    begin, end = (len(text[:n].encode("utf-16-le")) // 2 for n in (place, place + 1))
    line = layout.lineForTextPosition(begin)
    edges = sorted(_across(line, unit) for unit in (begin, end))
    return QRectF(edges[0], line.y(), edges[1] - edges[0], line.height())


def _across(line: QTextLine, unit: int) -> float:
    """The distance from the left at which a unit of text begins."""
    place: tuple[float, int] = line.cursorToX(unit)  # type: ignore[assignment]
    return place[0]


def _laid_out(label: Text, text: str, width: float) -> QTextLayout:
    """As the label lays it out itself."""
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    wraps = QTextOption.WrapMode.WordWrap if label.wordWrap() else QTextOption.WrapMode.NoWrap
    option.setWrapMode(wraps)
    layout = QTextLayout(text, label.font())
    layout.setTextOption(option)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0.0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _seen(shown: str, full: str) -> int:
    """How many characters of the full text are shown."""
    return len(full) if shown == full else len(shown) - 1
