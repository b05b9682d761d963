"""One of those whom a certificate may belong to, with the letters that differ marked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.gui.parts.marked import MarkedText
from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import RIGHT, KeyCap, Text
from kiosk.gui.words.beside import Marked
from kiosk.gui.words.phrases import Candidate

_HIGH, _LOW = 62, 38


class CandidateRow(NameRow):
    """Name of the list, in A-Z below it, what tells the guest from others; its digit chooses."""

    def __init__(self) -> None:
        super().__init__(_HIGH, radius=Radius.FIELD)
        self.guest_id = ""
        self._probable = False
        self._name = MarkedText(Type.BODY, Weight.SEMI, least=12)
        self._latin = MarkedText(Type.SMALL, tint=Tint.MUTE, least=12)
        self._likely = Text(Type.SMALL, Weight.SEMI, Tint.ACCENT_TEXT, align=RIGHT, least=12)
        self._about = Text(Type.SMALL, tint=Tint.MUTE, align=RIGHT, least=12)
        self._cap = KeyCap()
        names = column(0).put(None, self._name, self._latin, None)
        abouts = column(0).put(None, self._likely, self._about, None)
        content = row(12, (14, 0, 10, 0))
        content.addLayout(names, 4)
        content.addLayout(abouts, 3)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)

    def tell(self, candidate: Candidate, number: int, *, low: bool) -> None:
        """Show one; `low`: in one line, where there are many."""
        self.guest_id, self._probable = candidate.guest_id, bool(candidate.probable)
        self._be_low(low)
        name, latin = candidate.name, candidate.latin
        if low and latin.text:
            moved = latin.behind(f"{name.text} · ")
            name, latin = moved, Marked()
        self._name.mark(name.text, name.marks)
        self._latin.mark(latin.text, latin.marks)
        appear(self._latin, bool(latin.text))
        about = " · ".join(filter(None, (candidate.probable, candidate.about)))
        self._likely.say("" if low else candidate.probable)
        appear(self._likely, bool(self._likely.full))
        self._about.say(about if low else candidate.about)
        self._cap.say(str(number))
        told = filter(None, (candidate.name.text, candidate.latin.text, about))
        self.setAccessibleName(", ".join(told))
        appear(self, True)

    def _be_low(self, low: bool) -> None:
        height = _LOW if low else _HIGH
        if height != self._height:
            self._height = height
            self.restyle(self._style)
        self._name.write(Type.BODY if low else Type.LEAD)

    def blank(self) -> None:
        """Show nobody."""
        self.guest_id = ""
        self.forget()
        appear(self, False)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Who is likely the one stands out."""
        if self._probable:
            return Tint.ACCENT_TINT, Tint.ACCENT, 2
        return super().colours()
