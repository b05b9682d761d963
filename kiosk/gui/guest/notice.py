"""What guests are told of their data: GDPR Art. 13, on one page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from kiosk.core.policy.event import Event
from kiosk.gui.guest.page import GuestPage
from kiosk.gui.parts.controls import Panel
from kiosk.gui.parts.iconkey import IconKey
from kiosk.gui.parts.icons import Icon
from kiosk.gui.parts.style import MARGIN_GUEST, Radius, Style, Styled, Tint, Type, Weight, column
from kiosk.gui.parts.text import ACROSS, BELOW, LEFT, Text
from kiosk.gui.words.notice import notice
from kiosk.gui.words.wording import Wording


class NoticePage(GuestPage):
    """Each section as a card: two columns, one in portrait."""

    listen_wanted = Signal(bool)
    seconds = 45.0

    def __init__(self, event: Event, say: Wording) -> None:
        super().__init__()
        self._event = event
        self._cards = [_Section() for _ in notice(event, say)]
        self.listen = IconKey(Icon.LISTEN, stays=True)
        self.listen.clicked.connect(self.listen_wanted)
        self.bar.addWidget(self.listen)
        self.build(_Columns(self._cards))

    def speak(self, say: Wording) -> None:
        """Say it in the language of `say`."""
        super().speak(say)
        self.title.say(say("notice.title"))
        self.listen.name(say("guest.listen"))
        for card, (title, words) in zip(self._cards, notice(self._event, say), strict=True):
            card.tell(title, words)

    @property
    def spoken(self) -> str:
        """All of it, to be heard."""
        return " ".join([self.title.full + ".", *(card.spoken for card in self._cards)])


class _Section(Panel):
    """A question and its answer."""

    def __init__(self) -> None:
        super().__init__(Tint.CARD, Tint.LINE, radius=Radius.KEY)
        self._title = Text(Type.LEAD, Weight.BOLD, Tint.ACCENT_TEXT, least=15)
        self._words = Text(Type.LEAD, lines=0, align=ACROSS | BELOW, least=14)
        self.setLayout(column(6, (24, 14, 24, 12)).put(self._title, self._words))

    def tell(self, title: str, words: str) -> None:
        """Show it; the last section has no question."""
        self._title.say(title)
        self._title.setVisible(bool(title))
        self._words.setAlignment(ACROSS | BELOW if title else LEFT)
        self.wear(Tint.CARD if title else Tint.ACCENT_TINT, Tint.LINE)
        self._words.say(words)

    @property
    def spoken(self) -> str:
        """To be heard."""
        return f"{self._title.full}: {self._words.full}" if self._title.full else self._words.full


class _Columns(QGridLayout, Styled):
    """Cards in two columns, in portrait in one."""

    def __init__(self, cards: list[_Section]) -> None:
        super().__init__()
        self._cards = cards
        self.restyle(Style())

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        across, down = style.px(MARGIN_GUEST), style.px(20)
        self.setContentsMargins(across, down, across, down)
        self.setSpacing(style.px(14))
        columns = 1 if style.portrait else 2
        for number, card in enumerate(self._cards):
            self.addWidget(card, number // columns, number % columns)
        for column_ in range(2):
            self.setColumnStretch(column_, 1 if column_ < columns else 0)
