"""The guest's screen: one instruction and two steps, then the answer, which fills it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.core.policy.event import Confirmation
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Station
from kiosk.desk.ports import Clock, ScannerNote
from kiosk.gui.guest.answer import AnswerView
from kiosk.gui.parts.controls import LanguageKey, Panel, paint_tick, paint_tinted
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.signs import SignBook, Stars
from kiosk.gui.parts.style import MARGIN_GUEST, Radius, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import ACROSS, BELOW, CENTRE, RIGHT, Text
from kiosk.gui.words.answers import guest_answer
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_PICTURE = (720, 560)  # 9:7
_INSTRUCTION: dict[Shown | None, str] = {
    Shown.AWAIT_BADGE: "guest.now_badge",
    Shown.AWAIT_CERTIFICATE: "guest.now_certificate",
}
_HINT_SECONDS = 5.0


class SelfScreen(QStackedWidget):
    """Two pages: the invitation to scan, and the answer."""

    language_chosen = Signal(str)
    answer_over = Signal()

    def __init__(
        self, station: Station, wordings: Mapping[str, Wording], clock: Clock, signs: SignBook
    ) -> None:
        super().__init__()
        self._station = station
        self._admission: Admission | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else a language would seem chosen
        self.preview = Preview(*_PICTURE)
        self.answer = AnswerView(signs, clock)
        self._clock = clock
        self._hint_until = 0.0
        self._camera_gone = False
        self._scanner: ScannerNote | None = None
        self._say = next(iter(wordings.values()))
        self._keys = [
            LanguageKey(each.language, each("language.code"), each("language.name"))
            for each in wordings.values()
        ]
        for key in self._keys:
            key.clicked.connect(lambda _=False, key=key: self._choose(key))
        self.addWidget(self._invitation())
        self.addWidget(self.answer)
        self.answer.over.connect(self.answer_over)
        self.preview.gone.connect(self._miss_camera)

    def speak(self, say: Wording, chosen: str) -> None:
        """Say everything in the language of `say`; `chosen` is the one of the keys."""
        self._say = say
        for key in self._keys:
            key.setChecked(key.language == chosen)
        self._greeting.say(say("guest.greeting", town=self._town()))
        self._certificate.name(say("guest.certificate"), say("guest.certificate_note"))
        self._badge.name(say("guest.badge"), say("guest.badge_note"))
        self._ready.say(self._what_else())
        contact = say("guest.contact", contact=self._station.event.privacy_contact)
        self._privacy.say(f"{say('guest.privacy')}  {contact}")
        self.preview.speak(say)
        self._show_steps()
        if self._admission and self._admission.shown.is_answer:
            self.answer.reword(guest_answer(self._admission, say, self._station))

    def show_admission(self, admission: Admission) -> None:
        """Show an answer, or the next step."""
        if admission.shown is Shown.ONE_AT_A_TIME:
            self._hint(admission)
            return
        self._admission, self._hint_until = admission, 0.0
        if admission.shown.is_answer:
            self.answer.show_answer(guest_answer(admission, self._say, self._station))
            self.setCurrentWidget(self.answer)
        else:
            self.setCurrentIndex(0)
            self.answer.end()
        self._show_steps()

    def _hint(self, admission: Admission) -> None:
        """Two codes in one picture: say so for a moment; the steps stay as they were."""
        self._hint_until = self._clock.monotonic() + _HINT_SECONDS
        if self._admission is None or self._admission.shown.is_answer:
            self._admission = admission
        self.setCurrentIndex(0)
        self.answer.end()
        self._show_steps()

    def invite(self) -> None:
        """The next guest, please."""
        self._admission, self._hint_until = None, 0.0
        self.setCurrentIndex(0)
        self.answer.end()
        self._show_steps()

    def showEvent(self, event: QShowEvent) -> None:
        """No key has the focus before somebody asks for it."""
        super().showEvent(event)
        self.setFocus()

    def tell_scanner(self, note: ScannerNote | None) -> None:
        """Say something about a hand scanner in the place of door and time, or nothing any more."""
        self._scanner = note
        self.tell_time(self._clock.now())

    def tell_time(self, at: datetime) -> None:
        """Show door and time; a hint has had its time."""
        if self._hint_until and self._clock.monotonic() >= self._hint_until:
            self._hint_until = 0.0
            self._show_steps()
        time = self._say.clock_time(at, self._station.event.time_zone)
        where = f"{plain_name(self._station.door.name)} · {time}"
        self._where.say(self._say(f"scanner.{self._scanner}") if self._scanner else where)

    # Building

    def _invitation(self) -> QWidget:
        self._greeting = Text(Type.LEAD, tint=Tint.MUTE)
        self._instruction = Text(
            Type.INSTRUCTION, Weight.BOLD, lines=3, portrait_lines=2, align=ACROSS | BELOW, least=34
        )
        self._certificate, self._badge = Step("1"), Step("2")
        self._ready = Text(Type.BODY, tint=Tint.MUTE, lines=3, align=ACROSS | BELOW)
        self._hold = Text(Type.BODY, tint=Tint.MUTE, align=CENTRE)
        page = Panel(Tint.PAPER, None)
        picture = column(12).put(self.preview, self._hold, None)
        words = column(0).put(self._greeting, 8, self._instruction, 24)
        words.put(self._certificate, 16, self._badge, 32, self._ready, None)
        body = row(48, (MARGIN_GUEST, 32, MARGIN_GUEST, 16), turns=True)
        body.addLayout(picture)
        body.addLayout(words, 1)
        content = column().put(self._header())
        content.addLayout(body, 1)
        page.setLayout(content.put(self._foot()))
        return page

    def _header(self) -> Panel:
        bar = Panel(edge="bottom", height=88)
        name = Text(Type.LEAD, Weight.SEMI, least=14)
        name.say(plain_name(self._station.event.name))
        content = row(16, (MARGIN_GUEST, 0, MARGIN_GUEST, 0)).put(Stars(40))
        content.addWidget(name, 1)
        keys = row(8).put(*self._keys)
        content.addLayout(keys)
        bar.setLayout(content)
        return bar

    def _foot(self) -> Panel:
        bar = Panel(edge="top", height=56)
        self._privacy = Text(Type.SMALL, tint=Tint.MUTE, lines=2, least=12)
        self._where = Text(
            Type.SMALL, tint=Tint.MUTE, align=RIGHT, lines=2, portrait_lines=2, least=12
        )
        content = row(24, (MARGIN_GUEST, 0, MARGIN_GUEST, 0))
        content.addWidget(self._privacy, 4)
        content.addWidget(self._where, 1)
        bar.setLayout(content)
        return bar

    # Saying

    def _choose(self, key: LanguageKey) -> None:
        key.setChecked(True)
        self.language_chosen.emit(key.language)

    def _town(self) -> str:
        return plain_name(self._station.event.place.rsplit(",", 1)[-1])

    def _what_else(self) -> str:
        words = []
        if Confirmation.MASK in self._station.event.confirmations:
            words.append(self._say("guest.keep_mask"))
        if Confirmation.ID_DOCUMENT in self._station.event.confirmations:
            words.append(self._say("guest.id_ready"))
        return " ".join(words)

    def _miss_camera(self, gone: bool) -> None:
        self._camera_gone = gone
        self._show_steps()

    def _instruction_for(self, waiting: Admission | None) -> str:
        if self._camera_gone:
            return "answer.desk"
        if self._hint_until:
            return "guest.one_at_a_time"
        return _INSTRUCTION.get(waiting.shown if waiting else None, "guest.show_certificate")

    def _show_steps(self) -> None:
        admission = self._admission
        waiting = admission if admission and not admission.shown.is_answer else None
        self._instruction.say(self._say(self._instruction_for(waiting)))
        self._hold.say("" if self._camera_gone else self._say("guest.hold_in_frame"))
        certificate = bool(waiting and waiting.has_certificate)
        badge = bool(waiting and waiting.has_badge)
        done = self._say("guest.step_done")
        self._certificate.stand(done=certificate, current=not certificate, word=done)
        self._badge.stand(done=badge, current=certificate and not badge, word=done)


class Step(Panel):
    """One of the two things to show; it ticks itself off."""

    def __init__(self, number: str) -> None:
        super().__init__(radius=Radius.KEY, height=88)
        self._number, self._done, self._current = number, False, False
        self._title = Text(Type.BODY, Weight.SEMI, least=14)
        self._note = Text(Type.SMALL, tint=Tint.MUTE)
        words = column(4, (84, 0, 16, 0)).put(None, self._title, self._note, None)
        self.setLayout(words)

    @property
    def done(self) -> bool:
        """Whether it is ticked off."""
        return self._done

    def name(self, title: str, note: str) -> None:
        """Say what is to be shown."""
        self._title.say(title)
        self._note.say(note)

    def stand(self, *, done: bool, current: bool, word: str) -> None:
        """Done, next, or later."""
        self._done, self._current = done, current
        self.wear(Tint.CARD, Tint.ACCENT if current else Tint.LINE, 3 if current else 1)
        self.setAccessibleName(f"{self._title.full}: {word}" if done else self._title.full)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, then its number or tick in a circle."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = float(self._style.px(44))
        box = QRectF(self._style.px(22), (self.height() - side) / 2, side, side)
        if self._done:
            paint_tinted(painter, self._style, box, side / 2, Tint.ADMIT, None)
            paint_tick(painter, box, self._style.colour(Tint.ON_ADMIT))
            return
        tint = Tint.ACCENT if self._current else Tint.MUTE
        paint_tinted(painter, self._style, box, side / 2, tint, None)
        painter.setPen(self._style.colour(Tint.ON_ACCENT if self._current else Tint.ON_MUTE))
        painter.setFont(self._style.font(Type.LEAD, Weight.SEMI))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._number)
