"""Text on the screens: plain, in a place that never depends on what it says."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from kiosk.gui.parts.accessible import SILENT, announce
from kiosk.gui.parts.style import Style, Styled, Tint, Type, Weight
from kiosk.look import font

# Absolute: a name that is written from right to left stays where names are.
ACROSS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
LEFT = ACROSS | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignHCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
UPON = Qt.AlignmentFlag.AlignBottom  # of its lines, for a text that stands upon the next one
BELOW = Qt.AlignmentFlag.AlignTop
_ENDLESS = 100_000  # px: no text is that high
PILL_BESIDE = 28  # px of the design, on both sides of a pill
_ANYWHERE = QRect(0, 0, _ENDLESS, _ENDLESS)
_ONE_LINE = int(Qt.TextFlag.TextSingleLine)


@cache
def _line_height(pixels: int, weight: int) -> int:
    """Of letters of `pixels`; Qt gives a whole pixel more than the spacing, where that is broken.

    Asked for by each text of a screen, in a dozen sizes.
    """
    return QFontMetrics(font(pixels, weight)).boundingRect(_ANYWHERE, _ONE_LINE, "A").height()


class Text(QLabel, Styled):
    """A label of a fixed number of lines, always PlainText.

    A text that is too long is set smaller, down to `least` px, then cut with an ellipsis; it
    never makes the label larger. Large text is as large as there is room for, and never smaller
    than the usual one. `hug` makes a one-line label as wide as its text, `snug` one of several
    lines as high as those that its text takes, `balanced` breaks them where they become equally
    long. `lines` 0: as many as there is room for.
    """

    def __init__(
        self,
        size: int = Type.BODY,
        weight: int = Weight.REGULAR,
        tint: Tint = Tint.INK,
        *,
        lines: int = 1,
        portrait_lines: int = 0,
        align: Qt.AlignmentFlag = LEFT,
        least: int = 0,
        hug: bool = False,
        snug: bool = False,
        balanced: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(align)
        self.setForegroundRole(QPalette.ColorRole.WindowText)  # in a button Qt takes another
        self._size, self._weight, self._least = size, weight, least or round(size * 0.7)
        self._lines, self._portrait_lines = lines, portrait_lines or lines
        self._hug, self._tint, self._full, self._cut = hug, tint, "", False
        self._snug, self._balanced = snug, balanced
        across = QSizePolicy.Policy.Fixed if hug else QSizePolicy.Policy.Ignored
        down = QSizePolicy.Policy.Preferred if lines else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, down)
        self.restyle(self._style)

    @property
    def full(self) -> str:
        """What it says, uncut."""
        return self._full

    @property
    def cut(self) -> bool:
        """Whether the end of the text is missing."""
        return self._cut

    def say(self, text: str) -> None:
        """Show `text`."""
        if text != self._full:
            self._full = text
            self.setAccessibleName(text)
            self._fit()

    def dye(self, tint: Tint) -> None:
        """Show the text in another colour."""
        self._tint = tint
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._style.colour(tint))
        self.setPalette(palette)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.dye(self._tint)
        self.setWordWrap(self._line_count() != 1)
        if self._lines:
            self.setMinimumHeight(self.height_in(style.usual))
            self.setMaximumHeight(self.height_in(style))
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as its lines are, whatever they say."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def hasHeightForWidth(self) -> bool:
        """No: else a text that was set smaller would keep the place that it had then."""
        return False

    def height_in(self, style: Style) -> int:
        """Of its lines."""
        return _line_height(style.letters(self._size), self._weight) * self._line_count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _line_count(self) -> int:
        return self._portrait_lines if self._style.portrait else self._lines

    def _fit(self) -> None:
        if self._hug:
            self._hug_text()
            return
        if not (self._full or self._snug or self._balanced):
            self.setFont(self._style.font(self._size, self._weight))
            self.setText("")
            self._cut = False
            return
        room = self.rect() if self._balanced else self.contentsRect()
        if self._snug:
            room.setHeight(self.height_in(self._style))
        top = self._style.letters(self._size)
        bottom = min(top, self._style.usual.letters(self._least))
        for pixels in range(top, bottom - 1, -1):
            font = self._style.font(self._size, self._weight)
            font.setPixelSize(pixels)
            metrics = QFontMetrics(font)
            if self._holds(metrics, room, self._full):
                break
        self.setFont(font)
        shown = self._shortened(metrics, room)
        self._cut = shown != self._full
        self.setText(shown)
        if not (self._snug or self._balanced):
            return
        high = self._wrapped(metrics, room.width(), shown or "A").height()
        if self._snug:
            self.setFixedHeight(high)
        if self._balanced:
            self._balance(metrics, room.width(), high)

    @staticmethod
    def _wrapped(metrics: QFontMetrics, width: int, text: str) -> QRect:
        """The place that `text` takes in lines of `width`; wider where a word is longer."""
        flags = int(Qt.TextFlag.TextWordWrap)
        return metrics.boundingRect(QRect(0, 0, width, _ENDLESS), flags, text)

    def _balance(self, metrics: QFontMetrics, width: int, high: int) -> None:
        """Narrow the lines as far as they do not become more; a single one stays as it is."""
        narrow, wide = width // 2 if self.wordWrap() else width, width
        while narrow < wide:
            middle = (narrow + wide) // 2
            box = self._wrapped(metrics, middle, self.text())
            fits = box.height() <= high and box.width() <= middle
            narrow, wide = (narrow, middle) if fits else (middle + 1, wide)
        spare = width - wide
        centred = bool(self.alignment() & Qt.AlignmentFlag.AlignHCenter)
        left = spare // 2 if centred else 0
        self.setContentsMargins(left, 0, spare - left, 0)

    def _hug_text(self) -> None:
        """Only what is wider than all that it lies in is set smaller."""
        font, margins = self._style.font(self._size, self._weight), self.contentsMargins()
        beside = margins.left() + margins.right() + 2
        room = self._room_above() - beside
        least = self._style.usual.letters(self._least)
        while QFontMetrics(font).horizontalAdvance(self._full) > room and font.pixelSize() > least:
            font.setPixelSize(font.pixelSize() - 1)
        self.setFont(font)
        self.setFixedWidth(QFontMetrics(font).horizontalAdvance(self._full) + beside)
        self.setText(self._full)

    def _room_above(self) -> int:
        """The width that a hugging text may have at most, its margins included."""
        return _ENDLESS

    def _holds(self, metrics: QFontMetrics, room: QRect, text: str) -> bool:
        flags = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
        box = metrics.boundingRect(QRect(0, 0, room.width(), _ENDLESS), int(flags), text)
        wide = metrics.horizontalAdvance(text) if not self.wordWrap() else box.width()
        return wide <= room.width() and box.height() <= room.height()

    def _shortened(self, metrics: QFontMetrics, room: QRect) -> str:
        if self._holds(metrics, room, self._full):
            return self._full
        if not self.wordWrap():
            return metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, room.width())
        short, long = 0, len(self._full)
        while short < long - 1:
            middle = (short + long) // 2
            fits = self._holds(metrics, room, self._full[:middle].rstrip() + "…")
            short, long = (middle, long) if fits else (short, middle)
        return self._full[:short].rstrip() + "…"


class StatusText(Text):
    """A text that a screen reader says each time that it changes."""

    def say(self, text: str) -> None:
        """Show `text`, and have it said."""
        news = text != self.full
        super().say(text)
        if news:
            announce(self, text)


class KeyCap(Text):
    """The name of a key, drawn as one; not larger with large text, which is for what it does."""

    access = SILENT

    def __init__(self, tint: Tint = Tint.MUTE) -> None:
        self._tint = tint
        super().__init__(13, Weight.SEMI, tint, align=CENTRE, hug=True)

    def dye(self, tint: Tint) -> None:
        """Show text and outline in another colour."""
        self._tint = tint
        super().dye(tint)
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style.usual)
        side = style.px(7)
        self.setContentsMargins(side, 0, side, 0)
        super().restyle(style.usual)
        self.setFixedHeight(style.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline, then the text."""
        if self.full:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = self._style.colour(self._tint)
            colour.setAlphaF(0.55)
            painter.setPen(QPen(colour, 1))
            radius = self._style.px(5)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
            painter.end()
        super().paintEvent(event)


class Pill(Text):
    """A short word over the camera's picture, on a dark ground of its own."""

    def __init__(self, size: int) -> None:
        super().__init__(size, Weight.SEMI, Tint.ON_NIGHT, align=CENTRE, hug=True)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        side = style.px(self._size)
        self.setContentsMargins(side, 0, side, 0)
        super().restyle(style)
        self.setFixedHeight(style.px(2.2 * self._size))

    def _room_above(self) -> int:
        """No wider than the picture."""
        above = self.parentWidget()
        return above.width() - 2 * self._style.px(PILL_BESIDE) if above else _ENDLESS

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour(Tint.NIGHT))
        painter.drawRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        painter.end()
        super().paintEvent(event)
