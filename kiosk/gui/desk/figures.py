"""The figures in the head of the desk: of what is open now; pressing them shows all occasions."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.desk.admission import Counters, OccasionFigures
from kiosk.gui.parts.accessible import LINE
from kiosk.gui.parts.controls import Panel, Pressable, paint_tinted
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, KeyCap, Text
from kiosk.gui.words.wording import Wording

_NAMES = ("present", "entered", "expected", "refused")
_WIDTHS, _KEY = (94, 66, 82, 74), 368


class Figure(QWidget):
    """One counter; `limit` behind it where there is one, marked once it is nearly reached."""

    access = LINE

    def __init__(self, width: int) -> None:
        super().__init__()
        self._number = Text(Type.LEAD, Weight.BOLD, align=CENTRE)
        self._label = Text(Type.SMALL, tint=Tint.MUTE, align=CENTRE, least=12)
        self._number.say("–")
        self._size = Panel(Tint.CARD, None, width=width, height=1)
        self._size.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.nearly_full = False
        label = column(0, (4, 0, 4, 0)).put(self._label)
        self.setLayout(column(0).put(None, self._number, label, self._size, None))

    @property
    def number(self) -> str:
        """What is counted, without the limit."""
        return self._number.full.partition("/")[0]

    def name(self, label: str) -> None:
        """Say what is counted."""
        self._label.say(label)
        self._tell()

    def count(self, number: int, limit: int | None = None, *, nearly_full: bool = False) -> None:
        """Show the number."""
        self._number.say(str(number) if limit is None else f"{number}/{limit}")
        self.nearly_full = nearly_full
        self._number.dye(Tint.ON_DESK if nearly_full else Tint.INK)
        self._tell()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._label.full}: {self._number.full}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ground behind the number of a room that is nearly full."""
        if self.nearly_full:
            style: Style = self._number._style
            box = QRectF(self._number.geometry()).adjusted(0, -1, 0, 1)
            paint_tinted(QPainter(self), style, box, style.px(8), Tint.DESK, None)


class FiguresKey(Pressable):
    """Four figures in one key."""

    def __init__(self) -> None:
        super().__init__(KEY_HEIGHT, _KEY)
        self._say: Wording | None = None
        self.figures = {n: Figure(w) for n, w in zip(_NAMES, _WIDTHS, strict=True)}
        self._cap = KeyCap()
        content = row(0, (4, 0, 10, 0)).put(*self.figures.values())
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def restyle(self, style: Style) -> None:
        """Leave room inside the ground of a number."""
        super().restyle(style)
        for figure in self.figures.values():
            figure._number.setContentsMargins(style.px(3), 0, style.px(3), 0)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        for name, figure in self.figures.items():
            figure.name(say(f"desk.{name}"))
        self._cap.say("F4")
        self._tell()

    def count(self, counters: Counters, here: OccasionFigures | None) -> None:
        """Show the figures of what is open here, else those of today."""
        if here is None:
            for name, figure in self.figures.items():
                figure.count(getattr(counters, name))
        else:
            limit = here.occasion.capacity
            self.figures["present"].count(here.inside, limit, nearly_full=here.nearly_full)
            for name in _NAMES[1:]:
                self.figures[name].count(getattr(here, name))
        self._tell()

    def colours(self) -> tuple[Tint, Tint, float]:
        """No outline: they are figures first."""
        return Tint.CARD, Tint.CARD, 1

    def _tell(self) -> None:
        told = ", ".join(figure.accessibleName() for figure in self.figures.values())
        self.setAccessibleName(f"{told} (F4)")
