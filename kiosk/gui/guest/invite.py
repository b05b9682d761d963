"""The words beside the camera's picture: greeting, one instruction, a moving picture, the steps."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from kiosk.desk.findings import Station
from kiosk.gui.guest.moving import MovingPicture, Thing
from kiosk.gui.guest.steps import Step
from kiosk.gui.parts.accessible import SILENT
from kiosk.gui.parts.style import Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import ACROSS, BELOW, Text
from kiosk.gui.words.inviting import Invitation, greeting, what_else
from kiosk.gui.words.wording import Wording

_ENDLESS = 10_000  # px: as high as the place allows
_FADE = 450  # milliseconds from one language to the next
_CERTIFICATE = (Thing.PHONE, Thing.PAPER)
_BADGE = (Thing.BADGE,)


class InviteWords(QWidget, Styled):
    """Says one invitation in one language; `fade_to` changes the language softly."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.greeting = Text(Type.LEAD, tint=Tint.MUTE)
        self.instruction = Text(
            Type.INSTRUCTION,
            Weight.BOLD,
            lines=3,
            portrait_lines=2,
            snug=True,
            balanced=True,
            least=30,
        )
        self.moving = MovingPicture()
        self.certificate, self.badge = Step(), Step()
        self._ready = Text(Type.BODY, tint=Tint.MUTE, lines=2, align=ACROSS | BELOW, least=14)
        steps = column(16).put(None, self.certificate, self.badge, None)
        beside = row(20)
        beside.addWidget(self.moving, 0, Qt.AlignmentFlag.AlignVCenter)
        beside.addLayout(steps, 1)
        self._above = QWidget()
        self._above.setLayout(column(0).put(self.greeting, 8, self.instruction, None))
        self._air = QWidget()
        words = column(0).put(self._above)
        words.addWidget(self._air, 1)
        words.addLayout(beside)
        self.setLayout(words.put(16, self._ready))
        self._veil = _Veil(self)

    def tell(self, say: Wording, invite: Invitation, instruction: str = "") -> None:
        """Say `invite`; `instruction`: the key of another one in the place of its own."""
        self._veil.end()
        self.greeting.say(greeting(say, self._station))
        self.instruction.say(say(instruction or invite.instruction))
        self._ready.say(what_else(say, self._station))
        self.certificate.name(say("guest.certificate"), say("guest.certificate_note"))
        both = invite.certificate is not None and invite.badge is not None
        self.badge.name(say("guest.badge"), say("guest.badge_note") if both else "")
        self.moving.setVisible(invite.wants_anything)
        self.moving.play(_BADGE if invite.wants_badge else _CERTIFICATE)
        self._tell_steps(invite, say("guest.step_done"))

    def fade_to(self, say: Wording, invite: Invitation) -> None:
        """Say it in another language, which takes the place of this one softly."""
        softly = self.isVisible() and not self._style.still
        before = self._as_painted() if softly else None
        self.tell(say, invite)
        if before is not None:
            self._veil.begin(before, self._as_painted())

    def _as_painted(self) -> QPixmap:
        """The words as they are now, on paper."""
        self._veil.end()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # what was said just now has its place
        painted = QPixmap(self.size())
        painted.fill(self._style.colour(Tint.PAPER))
        self.render(painted, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        return painted

    def restyle(self, style: Style) -> None:
        """Take new sizes: the steps stay where they are, however long the sentence is."""
        super().restyle(style)
        for words in (self.greeting, self.instruction):
            words.restyle(style)  # first: they tell how high they may be
        high = self.greeting.height_in(style) + self.instruction.height_in(style)
        self._above.setFixedHeight(high + style.px(8))
        self._air.setMinimumHeight(style.px(12))
        self._air.setMaximumHeight(style.px(28) if style.portrait else _ENDLESS)

    @property
    def spoken(self) -> str:
        """The sentences, to be heard."""
        return " ".join(filter(None, (self.instruction.full, self._ready.full)))

    def _tell_steps(self, invite: Invitation, word: str) -> None:
        number, current = 1, True
        for step, done in ((self.certificate, invite.certificate), (self.badge, invite.badge)):
            step.setVisible(done is not None)
            if done is not None:
                step.stand(str(number), done=done, current=current and not done, word=word)
                number, current = number + 1, current and done


class _Veil(QWidget, Styled):
    """One picture of the words that fades into another; below it nothing is painted meanwhile."""

    access = SILENT

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._before = self._after = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._fading = QVariantAnimation(self, startValue=1.0, endValue=0.0)
        self._fading.setDuration(_FADE)
        self._fading.valueChanged.connect(self.update)
        self._fading.finished.connect(self.end)
        self.hide()

    def begin(self, before: QPixmap, after: QPixmap) -> None:
        """Cover everything, and fade."""
        self._before, self._after = before, after
        self.resize(before.size())
        self.raise_()
        self.show()
        self._fading.start()

    def end(self) -> None:
        """Be gone."""
        self._fading.stop()
        self._before = self._after = QPixmap()
        self.hide()

    def restyle(self, style: Style) -> None:
        """What was painted in another size is of no use."""
        super().restyle(style)
        self.end()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words that come, and over them those that go, ever fainter."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._after)
        painter.setOpacity(float(self._fading.currentValue() or 0.0))
        painter.drawPixmap(0, 0, self._before)
