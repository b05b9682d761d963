"""The page that invites to scan: keys above, the camera's picture, one instruction, the notice."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal

from kiosk.desk.findings import Station
from kiosk.gui.guest.invite import InviteWords
from kiosk.gui.guest.keys import GuestKeys
from kiosk.gui.parts.controls import Panel
from kiosk.gui.parts.iconkey import IconKey
from kiosk.gui.parts.icons import Icon
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.signs import Stars
from kiosk.gui.parts.style import MARGIN_GUEST, Flow, Style, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import CENTRE, RIGHT, Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_PICTURE = (684, 532)  # 9:7
_FIRST = 1000  # the words take what room there is before anything else does
_ENDLESS = 10_000  # px: as high as the place allows
_PORTRAIT = (720, 560)
_BESIDE_LARGE = (540, 420)  # large text needs the room
_ABOVE_LARGE = (666, 518)


class ScanPage(Panel):
    """What a guest sees before the answer."""

    notice_wanted = Signal()

    def __init__(self, station: Station, wordings: Mapping[str, Wording]) -> None:
        super().__init__(Tint.PAPER, None)
        self._station = station
        self.preview = Preview(*_PICTURE)
        self.keys = GuestKeys(wordings)
        self.words = InviteWords(station)
        self._hold = Text(Type.BODY, tint=Tint.MUTE, align=CENTRE)
        self.preview.hinted.connect(self._give_way)
        self._header, self._reach = row(), row()
        content = column().put(self._head())
        content.addLayout(self._body(), 1)
        content.put(self._reachable(), self._foot())
        self.setLayout(content)

    def speak(self, say: Wording, chosen: str, staff: Wording) -> None:
        """Say all that stays; `chosen`: the language of the keys, `staff`: that of faults."""
        self.keys.speak(say, chosen)
        self._data.name(say("guest.your_data"))
        contact = say("guest.contact", contact=self._station.event.privacy_contact)
        self._privacy.say(f"{say('guest.privacy')} {contact}")
        self.preview.speak(say, staff)

    def hold(self, words: str) -> None:
        """Say below the picture how to hold the code."""
        self._hold.say(words)

    def _give_way(self, hinted: bool) -> None:
        """One thing at a time: a hint upon the picture says it better."""
        self._hold.dye(Tint.PAPER if hinted else Tint.MUTE)

    def tell_where(self, where: str) -> None:
        """Show door and time, or a note for staff."""
        self._where.say(where)

    def restyle(self, style: Style) -> None:
        """Take new sizes: on an upright screen the keys are at the hands, not above the head."""
        super().restyle(style)
        if style.portrait:
            width, height = _ABOVE_LARGE if style.large else _PORTRAIT
        else:
            width, height = _BESIDE_LARGE if style.large else _PICTURE
        self.preview.take(width, height)
        beside = not style.portrait and not style.large  # as high as the picture, edge to edge
        self.words.setMaximumHeight(style.px(height) if beside else _ENDLESS)
        self._level.setVisible(beside)
        self._bar.setVisible(style.portrait)
        (self._reach if style.portrait else self._header).addWidget(self.keys)

    # Building

    def _head(self) -> Panel:
        bar = Panel(edge="bottom", height=88)
        name = Text(Type.LEAD, Weight.SEMI, lines=2, least=14)
        name.say(plain_name(self._station.event.name))
        self._header = row(16, (MARGIN_GUEST, 0, MARGIN_GUEST, 0)).put(Stars(40))
        self._header.addWidget(name, 1)
        self._header.addWidget(self.keys)
        bar.setLayout(self._header)
        return bar

    def _body(self) -> Flow:
        picture = column(10).put(None)
        picture.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignHCenter)
        picture.put(self._hold, None)
        body = row(44, (MARGIN_GUEST, 20, MARGIN_GUEST, 12), turns=True)
        body.addLayout(picture)
        words = column(10).put(None)
        words.addWidget(self.words, _FIRST)
        self._level = Text(Type.BODY)  # as high as the line below the picture
        body.addLayout(words.put(self._level, None), 1)
        return body

    def _reachable(self) -> Panel:
        self._bar = Panel(edge="top", height=96)
        self._reach = row(0, (MARGIN_GUEST, 0, MARGIN_GUEST, 0))
        self._bar.setLayout(self._reach)
        return self._bar

    def _foot(self) -> Panel:
        bar = Panel(edge="top", height=88)
        self._data = IconKey(Icon.INFO, worded=True)
        self._data.clicked.connect(self.notice_wanted)
        self._privacy = Text(Type.SMALL, tint=Tint.MUTE, lines=0, least=12)
        self._where = Text(
            Type.SMALL, tint=Tint.MUTE, align=RIGHT, lines=3, portrait_lines=3, least=12
        )
        content = row(20, (MARGIN_GUEST, 0, MARGIN_GUEST, 0)).put(self._data)
        content.addWidget(self._privacy, 5)
        content.addWidget(self._where, 2)
        bar.setLayout(content)
        return bar
