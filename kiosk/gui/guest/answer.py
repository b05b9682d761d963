"""The answer that fills the guest's screen: sign, title, one line, and a bar that runs out."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.core.policy.event import DeskSide
from kiosk.desk.ports import Clock
from kiosk.gui.parts.accessible import SILENT, Access, Role
from kiosk.gui.parts.controls import paint_box, paint_tinted
from kiosk.gui.parts.icons import Icon, IconView
from kiosk.gui.parts.signs import SIGN_TEXT, SIGN_TINT, SignBook, SignView
from kiosk.gui.parts.style import MARGIN_GUEST, Style, Styled, Tint, Type, Weight, column
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.answers import GuestAnswer, Sign

_STEP = 40  # milliseconds between two lengths of the bar
_ARROW = 120  # px
_WAYS = {  # the drawing, and by how many degrees it is turned clockwise
    DeskSide.LEFT: (Icon.ARROW, 180.0),
    DeskSide.RIGHT: (Icon.ARROW, 0.0),
    DeskSide.AHEAD: (Icon.ARROW, -90.0),
    DeskSide.BEHIND: (Icon.TURN, 0.0),
}


class AnswerView(QWidget, Styled):
    """Shows one answer; `over` tells that its time has run out."""

    access = Access(Role.AlertMessage, whole=True)

    over = Signal()

    def __init__(self, signs: SignBook, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._shown: GuestAnswer | None = None
        self._ends = 0.0
        self._sign = SignView(signs, 240)
        self._title = Text(
            Type.TITLE, Weight.BOLD, align=CENTRE, portrait_lines=2, least=34, balanced=True
        )
        self._line = Text(Type.LINE, align=CENTRE, lines=2, portrait_lines=3, balanced=True)
        self._way = IconView(None, _ARROW)
        self._bar = _Bar()
        content = column(0, (MARGIN_GUEST * 2, 0, MARGIN_GUEST * 2, 0)).put(None)
        content.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        content.put(40, self._title, 24, self._line, 20)
        content.addWidget(self._way, 0, Qt.AlignmentFlag.AlignHCenter)
        content.put(40)
        content.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(content.put(None))
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self.advance)

    @property
    def spoken(self) -> str:
        """Both sentences, to be heard."""
        return f"{self._shown.title}. {self._shown.line}" if self._shown else ""

    @property
    def shown(self) -> GuestAnswer | None:
        """The answer that is shown."""
        return self._shown

    def show_answer(self, answer: GuestAnswer) -> None:
        """Replace whatever is shown, at once."""
        self._ends = self._clock.monotonic() + answer.seconds
        self._bar.run(1.0, SIGN_TEXT[answer.sign])
        self._bar.setVisible(True)
        self._timer.start()
        self.reword(answer)

    def reword(self, answer: GuestAnswer) -> None:
        """Say the answer that is shown in another language; its time goes on."""
        self._shown = answer
        tint = SIGN_TEXT[answer.sign]
        self._sign.show_sign(answer.sign)
        for label, text in ((self._title, answer.title), (self._line, answer.line)):
            label.dye(tint)
            label.say(text)
        self._way.show_icon(*(_WAYS[answer.way] if answer.way else (None, 0.0)))
        self._way.dye(tint)
        self._way.setVisible(answer.way is not None)
        self.setAccessibleName(f"{answer.title}. {answer.line}")
        self.update()

    def hold(self) -> None:
        """Leave the answer there: its time does not run out."""
        self._timer.stop()
        self._bar.setVisible(False)

    def end(self) -> None:
        """Show no answer any more, and forget whom it named."""
        self._timer.stop()
        self._shown = None
        for label in (self._title, self._line):
            label.say("")
        self.setAccessibleName("")

    def advance(self) -> None:
        """The time has gone on."""
        if self._shown is None or not self._timer.isActive():
            return
        left = self._ends - self._clock.monotonic()
        shown = ceil(left) if self._style.still else left  # once a second where nothing may move
        self._bar.run(shown / self._shown.seconds, SIGN_TEXT[self._shown.sign])
        if left <= 0:
            self.over.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One colour, edge to edge."""
        sign = self._shown.sign if self._shown else None
        tint = SIGN_TINT[sign] if isinstance(sign, Sign) else Tint.PAPER
        QPainter(self).fillRect(self.rect(), self._style.colour(tint))


class _Bar(QWidget, Styled):
    """How much of the answer's time is left."""

    access = SILENT

    def __init__(self) -> None:
        super().__init__()
        self._left, self._tint = 1.0, Tint.ON_ADMIT
        self.restyle(Style())

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(320), style.px(8))

    def run(self, left: float, tint: Tint) -> None:
        """Show the share that is left."""
        self._left, self._tint = min(1.0, max(0.0, left)), tint
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The whole in pale, the rest in full."""
        painter = QPainter(self)
        box, radius = QRectF(self.rect()), self.height() / 2
        pale = self._style.colour(self._tint)
        pale.setAlphaF(0.28)
        paint_box(painter, box, radius, pale, pale, 0)
        rest = QRectF(0, 0, max(float(self.height()), box.width() * self._left), box.height())
        if self._left > 0:
            paint_tinted(painter, self._style, rest, radius, self._tint, None)
