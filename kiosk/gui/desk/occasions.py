"""All occasions of today beside each other, and the Partnerships that are waited for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.desk.findings import Station
from kiosk.gui.asked import OccasionState
from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.controls import Panel, Pressable, SmallKey, paint_tinted
from kiosk.gui.parts.style import Radius, Style, Styled, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import CENTRE, RIGHT, KeyCap, Text
from kiosk.gui.words.standing import FIGURES, Line, figures_of, lines_of, summary_of, times_of
from kiosk.gui.words.wording import Wording

MOST = 3  # occasions of one day beside each other
_LINES = 5  # Partnerships at a time
_LINE = 30


class Fill(QWidget, Styled):
    """How full a room is: a bar, amber from 90 %; nothing for a room without a limit."""

    access = SILENT

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self._nearly_full = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, share: float | None, *, nearly_full: bool) -> None:
        """Show a share, 1.0 for full."""
        self._share, self._nearly_full = share, nearly_full
        self.update()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedHeight(style.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The room, then what of it is taken."""
        if self._share is None:
            return
        painter, box = QPainter(self), QRectF(self.rect())
        radius = box.height() / 2
        paint_tinted(painter, self._style, box, radius, Tint.LINE, None)
        width = max(box.height(), box.width() * min(1.0, self._share))
        tint = Tint.DESK if self._nearly_full else Tint.ADMIT
        taken = QRectF(box.left(), box.top(), width, box.height())
        paint_tinted(painter, self._style, taken, radius, tint, None)


class OccasionColumn(Pressable):
    """One occasion: name, times, how full the room is, and its figures; chosen, it is outlined."""

    def __init__(self) -> None:
        super().__init__(1, radius=Radius.FIELD)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._name = Text(Type.SMALL, Weight.BOLD, align=CENTRE, lines=2, least=12)
        self._times = Text(Type.SMALL, tint=Tint.MUTE, align=CENTRE, least=12)
        self._room = Text(Type.LEAD, Weight.BOLD, align=CENTRE, least=13)
        self.fill = Fill()
        self.values = [Text(Type.SMALL, Weight.SEMI, align=CENTRE, least=12) for _ in FIGURES[1:]]
        content = column(2, (12, 8, 12, 8)).put(
            self._name, self._times, 2, self._room, self.fill, 4
        )
        self.setLayout(content.put(*self.values, None))

    def restyle(self, style: Style) -> None:
        """As high as its place."""
        super().restyle(style)
        self.setMinimumHeight(0)
        self.setMaximumHeight(16_777_215)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def tell(self, state: OccasionState, say: Wording, station: Station) -> None:
        """Show how it stands."""
        figures = state.figures
        self._name.say(figures.occasion.name)
        self._times.say(times_of(figures.occasion, say, station))
        told = figures_of(figures)
        self._room.say(told[0])
        self.fill.tell(figures.share, nearly_full=figures.nearly_full)
        for label, value in zip(self.values, told[1:], strict=True):
            label.say(value)
        names = (say(f"desk.{name}") for name in FIGURES)
        spoken = ", ".join(f"{name}: {value}" for name, value in zip(names, told, strict=True))
        self.setAccessibleName(f"{figures.occasion.name}: {spoken}")

    def colours(self) -> tuple[Tint, Tint, float]:
        """Outlined while its Partnerships are shown."""
        return (Tint.CARD, Tint.ACCENT, 2) if self.isChecked() else (Tint.CARD, Tint.LINE, 1)


class PartnershipRow(Panel):
    """One Partnership that is waited for, or of which too many came."""

    def __init__(self) -> None:
        super().__init__(edge="bottom", height=_LINE)
        self._name = Text(Type.SMALL, Weight.SEMI, least=12)
        self._what = Text(Type.SMALL, least=12)
        self._who = Text(Type.SMALL, tint=Tint.MUTE, align=RIGHT, least=12)
        content = row(12)
        for label, share in ((self._name, 4), (self._what, 4), (self._who, 6)):
            content.addWidget(label, share)
        self.setLayout(content)

    def tell(self, line: Line | None) -> None:
        """Show one, or nothing; its place stays."""
        name, what, who = (line.name, line.what, line.who) if line else ("", "", "")
        for label, text in ((self._name, name), (self._what, what), (self._who, who)):
            label.say(text)
        self.setAccessibleName(f"{name}: {what}. {who}" if line else "")


class OccasionsPage(QWidget):
    """Lies upon the card, below the answer, until it is `left`."""

    left = Signal()

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._say: Wording | None = None
        self._states: dict[str, OccasionState] = {}
        self._chosen, self._first = "", 0
        self._title = Text(Type.LEAD, Weight.BOLD)
        self._back = SmallKey(40, Radius.FIELD)
        self._labels = [Text(Type.LEAD, Weight.SEMI, least=12)]
        self._labels += [Text(Type.SMALL, tint=Tint.MUTE, least=12) for _ in FIGURES[1:]]
        self.columns = [OccasionColumn() for _ in range(MOST)]
        self._summary = Text(Type.SMALL, Weight.SEMI, Tint.MUTE, least=12)
        self._more, self._cap = SmallKey(36, Radius.FIELD), KeyCap()
        self.lines = [PartnershipRow() for _ in range(_LINES)]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._arrange()
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self._title.say(say("desk.occasions_title"))
        self._back.name(say("sheet.back"), say("key.escape"))
        for label, name in zip(self._labels, FIGURES, strict=True):
            label.say(say(f"desk.{name}"))
        self._tell()

    def show_state(self, occasion_id: str, state: OccasionState) -> None:
        """How one occasion stands now."""
        self._states[occasion_id] = state
        if not self._chosen:
            self._chosen = occasion_id
        self._tell()

    def forget(self) -> None:
        """Show nothing until it is told anew."""
        self._states, self._chosen, self._first = {}, "", 0
        self._tell()

    # Doing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose an occasion, Page down the next Partnerships."""
        shown = self._shown()
        here = next((n for n, each in enumerate(shown) if each == self._chosen), 0)
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Left if shown:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._choose(shown[(here + step) % len(shown)])
            case Qt.Key.Key_PageDown:
                self._turn()
            case _:
                super().keyPressEvent(event)

    def _choose(self, occasion_id: str) -> None:
        self._chosen, self._first = occasion_id, 0
        self._tell()

    def _turn(self) -> None:
        self._first += _LINES
        self._tell()

    def _shown(self) -> list[str]:
        return list(self._states)[:MOST]

    def _tell(self) -> None:
        say = self._say
        if say is None:
            return
        shown = self._shown()
        for number, each in enumerate(self.columns):
            appear(each, number < len(shown))
            if number < len(shown):
                each.tell(self._states[shown[number]], say, self._station)
                each.setChecked(shown[number] == self._chosen)
        state = self._states.get(self._chosen)
        lines = lines_of(state, say) if state else ()
        self._first = self._first if self._first < len(lines) else 0
        self._show_lines(lines, say)
        self._summary.say(summary_of(state, say) if state else "")

    def _show_lines(self, lines: Sequence[Line], say: Wording) -> None:
        seen = lines[self._first : self._first + _LINES]
        for number, place in enumerate(self.lines):
            place.tell(seen[number] if number < len(seen) else None)
        last = self._first + len(seen)
        appear(self._more, len(lines) > _LINES)
        self._more.name(f"{self._first + 1}–{last}", say("key.page_down"))

    # Building

    def _arrange(self) -> None:
        above = row(12)
        above.addWidget(self._title, 9)
        above.addWidget(self._back, 3)
        labels = column(2, (0, 8, 0, 8))  # line for line as the columns have them
        above_all = Text(Type.SMALL, lines=2), Text(Type.SMALL)
        labels.put(*above_all, 2, self._labels[0], Fill(), 4, *self._labels[1:], None)
        table = row(8)
        table.addLayout(labels, 3)
        for each in self.columns:
            table.addWidget(each, 4)
        below = row(12)
        below.addWidget(self._summary, 9)
        below.addWidget(self._more, 4)
        title = Panel(Tint.CARD, None, height=40)
        title.setLayout(below)
        inside = column(0, (32, 12, 32, 16)).put(above, 8)
        inside.addLayout(table, 1)
        inside.put(8, title, *self.lines)
        self.setLayout(inside)

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._more.clicked.connect(self._turn)
        for number, each in enumerate(self.columns):
            each.clicked.connect(lambda _=False, number=number: self._choose(self._shown()[number]))
