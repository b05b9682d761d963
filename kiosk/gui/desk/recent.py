"""The last answers: shape, time and short name of each; one touch brings its card up again."""

from __future__ import annotations

from enum import Enum, auto
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from kiosk.desk.admission import Answered, Shown
from kiosk.gui.parts.controls import Panel, SmallKey
from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import LEFT, KeyCap, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

LINES = 8
_COLUMNS = 2
_CELL, _KEY = 34, 34


class Kind(Enum):
    """What a line tells of."""

    ADMIT = auto()
    DESK = auto()
    REFUSE = auto()
    LEFT = auto()
    UNDONE = auto()


_WORDS = {
    Kind.ADMIT: "desk.answer_in",
    Kind.DESK: "desk.answer_desk",
    Kind.REFUSE: "desk.answer_refused",
    Kind.LEFT: "desk.answer_out",
    Kind.UNDONE: "desk.answer_undone",
}
_TINTS = {
    Kind.ADMIT: (Tint.ADMIT, Tint.ON_ADMIT),
    Kind.DESK: (Tint.DESK, Tint.ON_DESK),
    Kind.REFUSE: (Tint.REFUSE, Tint.ON_REFUSE),
    Kind.LEFT: (Tint.MUTE, Tint.ON_MUTE),
    Kind.UNDONE: (Tint.MUTE, Tint.ON_MUTE),
}
# In a square of side 1: the outline of each shape (a circle has none), and the strokes upon it.
_OUTLINES = {
    Kind.DESK: ((0.5, 0.02), (1.0, 0.94), (0.0, 0.94)),
    Kind.REFUSE: (
        *((0.29, 0.0), (0.71, 0.0), (1.0, 0.29), (1.0, 0.71)),
        *((0.71, 1.0), (0.29, 1.0), (0.0, 0.71), (0.0, 0.29)),
    ),
}
_STROKES = {
    Kind.ADMIT: (((0.27, 0.52), (0.44, 0.69), (0.74, 0.34)),),
    Kind.DESK: (((0.5, 0.36), (0.5, 0.62)), ((0.5, 0.8), (0.5, 0.802))),
    Kind.REFUSE: (((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))),
    Kind.LEFT: (((0.26, 0.5), (0.74, 0.5)), ((0.56, 0.3), (0.76, 0.5), (0.56, 0.7))),
    Kind.UNDONE: (
        ((0.24, 0.42), (0.66, 0.42), (0.66, 0.7)),
        ((0.4, 0.24), (0.22, 0.42), (0.4, 0.6)),
    ),
}


def kind_of(answered: Answered) -> Kind:
    """What a line tells of."""
    if answered.undone:
        return Kind.UNDONE
    if answered.left:
        return Kind.LEFT
    return Kind[answered.shown.name] if answered.shown in _ANSWERS else Kind.DESK


_ANSWERS = (Shown.ADMIT, Shown.DESK, Shown.REFUSE)


class AnswerCell(NameRow):
    """One of the last answers."""

    def __init__(self) -> None:
        super().__init__(_CELL, radius=10)
        self.guest_id = ""
        self._kind = Kind.ADMIT
        self._time = Text(Type.SMALL, tint=Tint.MUTE, align=LEFT, least=12)
        self._name = Text(Type.SMALL, Weight.SEMI, least=12)
        content = row(6, (38, 0, 8, 0))
        content.addWidget(self._time, 5)
        content.addWidget(self._name, 11)
        self.setLayout(content)

    def tell(self, answered: Answered, time: str, say: Wording) -> None:
        """Show one answer; of nobody, its word."""
        self.guest_id, self._kind = answered.guest, kind_of(answered)
        word = say(_WORDS[self._kind])
        self._time.say(time)
        self._name.say(plain_name(answered.name) or word)
        self._name.dye(Tint.INK if answered.name else Tint.MUTE)
        self.setEnabled(bool(self.guest_id))
        self.setAccessibleName(f"{time} {plain_name(answered.name)} {word}".replace("  ", " "))
        appear(self, True)
        self.update()

    def blank(self) -> None:
        """Show nothing."""
        self.guest_id = ""
        self.forget()
        appear(self, False)

    def colours(self) -> tuple[Tint, Tint, float]:
        """No outline: these are past."""
        return Tint.CARD, Tint.CARD, 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """The surface, then the shape of the answer."""
        super().paintEvent(event)
        side = float(self._style.px(18))
        box = QRectF(self._style.px(11), (self.height() - side) / 2, side, side)
        fill, upon = _TINTS[self._kind]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour(fill))
        outline = _OUTLINES.get(self._kind)
        if outline is None:
            painter.drawEllipse(box)
        else:
            painter.drawPolygon(QPolygonF([_at(box, *point) for point in outline]))
        round_, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        solid = Qt.PenStyle.SolidLine
        painter.setPen(QPen(self._style.colour(upon), side * 0.11, solid, round_, join))
        for stroke in _STROKES[self._kind]:
            painter.drawPolyline(QPolygonF([_at(box, *point) for point in stroke]))


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())


class LastAnswers(QWidget):
    """A title, the key that takes back, and the answers, newest first, column by column."""

    chosen = Signal(str)  # a guest's id

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._say: Wording | None = None
        self._answers: tuple[Answered, ...] = ()
        self._brought = -1  # place of the line whose card its key brought up last
        self._title = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self._cap = KeyCap()
        self._nothing = Text(Type.SMALL, tint=Tint.MUTE)
        self.cells = [AnswerCell() for _ in range(LINES)]
        self.undo = SmallKey(_KEY, Radius.FIELD)
        self.undo.setEnabled(False)
        self._arrange()
        for cell in self.cells:
            cell.clicked.connect(lambda _=False, cell=cell: self._choose(cell))

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self._title.say(say("desk.recent"))
        self._cap.say("R")
        self._nothing.say(say("desk.nothing_yet"))
        self.undo.name(say("desk.undo"), "F9")
        self._tell()

    def show_answers(self, answers: tuple[Answered, ...], *, undoable: bool) -> None:
        """Show them, and whether the last thing that was recorded can be taken back."""
        if answers != self._answers:
            self._answers, self._brought = answers, -1
            self._tell()
        self.undo.setEnabled(undoable)

    def bring_next(self) -> None:
        """Bring up the card of the newest guest, each time of the one before."""
        known = [n for n, each in enumerate(self._answers[:LINES]) if each.guest]
        if known:
            self._brought = next((n for n in known if n > self._brought), known[0])
            self.chosen.emit(self._answers[self._brought].guest)

    def _arrange(self) -> None:
        above = row(8)
        above.addWidget(self._title, 5)
        above.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        above.addWidget(self.undo, 4)
        half = LINES // _COLUMNS
        columns = row(4)
        for first in range(0, LINES, half):
            columns.addLayout(column(4).put(*self.cells[first : first + half], None), 1)
        place = Panel(Tint.PAPER, None, height=half * (_CELL + 4))
        whole = column(0).put(self._nothing)
        whole.addLayout(columns)
        place.setLayout(whole.put(None))
        self.setLayout(column(4).put(above, place, None))

    def _choose(self, cell: AnswerCell) -> None:
        if cell.guest_id:
            self.chosen.emit(cell.guest_id)

    def _tell(self) -> None:
        if self._say is None:
            return
        appear(self._nothing, not self._answers)
        for number, cell in enumerate(self.cells):
            if number < len(self._answers):
                answered = self._answers[number]
                cell.tell(answered, self._say.clock_time(answered.at, self._zone), self._say)
            else:
                cell.blank()
