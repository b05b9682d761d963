"""Every decision beside letting in, each in its place: a digit, a drawing, a line, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import KEY_HEIGHT, Radius, Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import KeyCap, Text
from kiosk.gui.words.acts import KEYS, Decision, Item
from kiosk.gui.words.wording import Wording

_UPRIGHT = KEY_HEIGHT  # where there is room for keys as high as fingers like them best
_LINE, _DRAWING, _APART = 60, 28, 8
_ROWS = 6


class Drawing(QWidget, Styled):
    """A line drawing in the colour of text."""

    access = SILENT

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._svg = QSvgRenderer(str(file))
        self._tint = Tint.INK

    def dye(self, tint: Tint) -> None:
        """Show it in another colour."""
        self._tint = tint
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(_DRAWING), style.px(_DRAWING))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing, dyed."""
        dense = self.devicePixelRatioF()
        picture = QPixmap(self.size() * dense)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self._svg.render(painter, QRectF(picture.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), self._style.colour(self._tint))
        painter.end()
        QPainter(self).drawPixmap(self.rect(), picture)


class MenuKey(Pressable):
    """One decision."""

    def __init__(self, decision: Decision, drawing: Path) -> None:
        super().__init__(_LINE, radius=Radius.FIELD)
        self.decision = decision
        self._drawing = Drawing(drawing)
        self._label = Text(Type.BODY, Weight.SEMI, least=13)
        self._why = Text(Type.SMALL, tint=Tint.MUTE, least=12)
        self._cap = KeyCap()
        content = row(14, (18, 0, 14, 0)).put(self._drawing)
        content.addLayout(column(0).put(None, self._label, self._why, None), 1)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedHeight(style.px(_UPRIGHT if style.portrait else _LINE))

    def tell(self, item: Item) -> None:
        """Show it, or why it cannot be."""
        self._label.say(item.line)
        self._why.say(item.why_not)
        self._why.setVisible(bool(item.why_not))
        self._cap.say(item.key)
        self.setEnabled(not item.why_not)
        self.setAccessibleName(f"{item.line} ({item.key})")
        self.setAccessibleDescription(item.why_not)

    def changeEvent(self, event: QEvent) -> None:
        """Step back while it is not possible."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            tint = Tint.INK if self.isEnabled() else Tint.MUTE
            self._label.dye(tint)
            self._drawing.dye(tint)

    def colours(self) -> tuple[Tint, Tint, float]:
        """White while possible, else as the paper."""
        return Tint.CARD if self.isEnabled() else Tint.PAPER, Tint.LINE, 1


class MenuSheet(Sheet):
    """Emits what was `chosen`."""

    chosen = Signal(str)  # a Decision

    def __init__(self, drawings: Path) -> None:
        super().__init__()
        self._items: Sequence[Item] = ()
        self.decisions = {each: MenuKey(each, drawings / f"{each}.svg") for each in Decision}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for number, key in enumerate(self.decisions.values()):
            self._grid.addWidget(key, number % _ROWS, number // _ROWS)
            key.clicked.connect(lambda _=False, key=key: self._decide(key.decision))
        self._grid.setRowStretch(_ROWS, 1)
        self.form.setLayout(self._grid)
        self.go.hide()
        self._foot.insertWidget(0, self.told, 5)  # there is room for it, and none above

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.title.say(say("menu.title"))

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))

    def offer(self, items: Sequence[Item]) -> None:
        """Show the decisions."""
        self._items = items
        for item in items:
            self.decisions[item.decision].tell(item)

    def stops(self) -> Sequence[QWidget]:
        """What is possible."""
        return [key for key in self.decisions.values() if key.isEnabled()]

    def focus_first(self) -> None:
        """The digits work at once, and no line looks chosen."""
        self.setFocus()

    def digit(self, digit: str) -> bool:
        """Takes a decision, or tells why not."""
        decision = next(each for each, key in KEYS.items() if key == digit)
        self._decide(decision)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F9 has its own place here too; arrows walk."""
        if event.key() == Qt.Key.Key_F9:
            self._decide(Decision.UNDO)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def go_on(self) -> None:
        """Enter alone decides nothing here."""

    def _decide(self, decision: Decision) -> None:
        if self.stale:  # it would be about whoever is on the card by now
            QApplication.beep()
            return
        item = next((each for each in self._items if each.decision is decision), None)
        if item is not None and item.why_not:
            self.told.say(item.why_not)
        elif item is not None:
            self.chosen.emit(decision)
