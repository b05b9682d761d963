"""The left of the desk: camera, search, guests who wait, last answers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk.admission import Answered, Waiting
from kiosk.gui.desk.find import SearchField
from kiosk.gui.desk.recent import LastAnswers
from kiosk.gui.desk.waiting import WaitingList
from kiosk.gui.parts.marked import ENDLESS
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.style import Style, Styled, column
from kiosk.gui.words.wording import Wording

_PICTURE = (400, 225)
_PORTRAIT_HEIGHT = 376  # px


class DeskSide(QWidget, Styled):
    """Everything left of the card.

    chosen: under which key somebody who waits is brought up. looked_at: whose card is wanted again.
    """

    chosen = Signal(str)
    looked_at = Signal(str)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.preview = Preview(*_PICTURE)
        self.search = SearchField()
        self.waiting = WaitingList()
        self.recent = LastAnswers(zone)
        self.undo = self.recent.undo
        camera = column(16).put(self.preview, self.search, None)
        lists = column(8).put(self.waiting, self.recent, None)
        whole = column(10, turns=True)
        whole.addLayout(camera)
        whole.addLayout(lists, 1)
        self.setLayout(whole)
        self.waiting.chosen.connect(self.chosen)
        self.recent.chosen.connect(self.looked_at)

    def restyle(self, style: Style) -> None:
        """In portrait, keep one height: the card below must not move."""
        super().restyle(style)
        self.setMinimumHeight(0)
        self.setMaximumHeight(ENDLESS)
        if style.portrait:
            self.setFixedHeight(style.px(_PORTRAIT_HEIGHT))

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self.preview.speak(say)
        self.search.setPlaceholderText(say("desk.search"))
        self.search.setAccessibleName(f"{say('desk.search')} (F3)")
        self.waiting.speak(say)
        self.recent.speak(say)

    def show_lists(
        self, waiting: tuple[Waiting, ...], recent: tuple[Answered, ...], *, undoable: bool
    ) -> None:
        """Show who waits, what was answered, and whether the last of it can be taken back."""
        self.waiting.show_waiting(waiting)
        self.recent.show_answers(recent, undoable=undoable)

    def tell_time(self, at: datetime) -> None:
        """The time is `at`."""
        self.waiting.tell_time(at)
