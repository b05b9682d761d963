"""The guest's screen: invites to scan, answers, and tells of data and languages when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Station
from kiosk.desk.ports import Clock, ScannerNote
from kiosk.gui.guest.answer import AnswerView
from kiosk.gui.guest.closed import ClosedPage
from kiosk.gui.guest.languages import LanguagesPage
from kiosk.gui.guest.notice import NoticePage
from kiosk.gui.guest.page import GuestPage
from kiosk.gui.guest.scan import ScanPage
from kiosk.gui.parts.preview import Preview
from kiosk.gui.parts.signs import SignBook
from kiosk.gui.words.answers import guest_answer
from kiosk.gui.words.inviting import Invitation, in_turn, invitation, likely_first, turn
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_HINT_SECONDS = 5.0


class SelfScreen(QStackedWidget):
    """Pages: the invitation to scan, the answer, all languages, the notice, the closed door.

    `listen_wanted` tells what is to be read aloud in which language, empty words for silence; the
    key is there as long as `can_listen` says that the language can be heard.
    """

    language_chosen = Signal(str)
    look_wanted = Signal(bool, bool)  # high contrast, large text: for this guest
    listen_wanted = Signal(str, str)
    touched = Signal()  # somebody is there
    answer_over = Signal()

    def __init__(
        self, station: Station, wordings: Mapping[str, Wording], clock: Clock, signs: SignBook
    ) -> None:
        super().__init__()
        self._station, self._clock, self._wordings = station, clock, wordings
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else a language would seem chosen
        self._say = next(iter(wordings.values()))
        self._staff_say = _of_staff(wordings)
        self._admission: Admission | None = None
        self._can_listen: Callable[[str], bool] = lambda _: False
        self._listening = self._camera_gone = self._open_late = False
        self._hint_until = self._page_until = 0.0
        self._noticed = clock.monotonic()
        self._turns: Sequence[str] = in_turn(list(wordings), station.event.languages, {})
        self._greets: str | None = None  # the language that greets while nobody is there
        self._scanner: ScannerNote | None = None
        self.scan = ScanPage(station, wordings)
        self.scan.keys.offer(self._turns)
        self.answer = AnswerView(signs, clock)
        self.languages = LanguagesPage(wordings)
        self.notice = NoticePage(station.event, self._say)
        self.closed = ClosedPage(station.event.name)
        for page in (self.scan, self.answer, self.languages, self.notice, self.closed):
            self.addWidget(page)
        self._connect()

    @property
    def preview(self) -> Preview:
        """The camera's picture."""
        return self.scan.preview

    # The language

    def speak(self, say: Wording, chosen: str) -> None:
        """Say everything in the language of `say`; `chosen` is the one of the keys."""
        self._say, self._greets = say, None
        staff = say if say.tells_staff else self._staff_say
        self.scan.speak(say, chosen, staff)
        self.closed.speak(say, staff)
        page = self.currentWidget()
        if isinstance(page, GuestPage):  # the other ones when they are opened: a scan waits now
            page.speak(say)
        self._show_steps()
        if self._admission and self._admission.shown.is_answer:
            self.answer.reword(guest_answer(self._admission, say, self._station))
        self._show_listen()

    def offer_languages(self, counts: object) -> None:
        """How many guests of the list read which language: theirs get keys, and are greeted.

        counts: a mapping; anything else tells nothing.
        """
        if not isinstance(counts, Mapping):
            return
        event = self._station.event.languages
        likely = likely_first(self._wordings, event, counts)
        self._turns = in_turn(likely, event, counts)
        self.scan.keys.offer(self._turns)
        self.scan.keys.speak(self._say, self._say.language)

    # Answers and steps

    def show_admission(self, admission: Admission) -> None:
        """Show an answer, or the next step, in place of whatever is shown."""
        self._notice_somebody()
        if admission.shown is Shown.ONE_AT_A_TIME:
            self._hint(admission)
            return
        self._admission, self._hint_until, self._page_until = admission, 0.0, 0.0
        if admission.shown.is_answer:
            self.answer.show_answer(guest_answer(admission, self._say, self._station))
            self.setCurrentWidget(self.answer)
        else:
            self._show_scan()
        self._show_steps()
        self._read_aloud()

    def _hint(self, admission: Admission) -> None:
        """Two codes in one picture: say so for a moment; the steps stay as they were."""
        self._hint_until = self._clock.monotonic() + _HINT_SECONDS
        if self._admission is None or self._admission.shown.is_answer:
            self._admission = admission
        self._show_scan()
        self._show_steps()
        self._read_aloud()

    def invite(self) -> None:
        """The next guest, please: nothing of the last one stays."""
        self._admission, self._hint_until = None, 0.0
        self._listen(False)
        self.look(contrast=False, large=False)
        self.show_home()
        self._show_steps()

    def show_home(self) -> None:
        """The page that guests find: the invitation, or the closed door."""
        self.setCurrentWidget(self.closed if self._open_late else self.scan)
        self.answer.end()
        self._page_until = 0.0

    def _show_scan(self) -> None:
        self.setCurrentWidget(self.scan)
        self.answer.end()
        self._page_until = 0.0

    def show_closed(self) -> None:
        """The door is not open yet, or not any more: say so, whatever guests do."""
        self._open_late = True
        self.invite()
        self.answer_over.emit()  # whatever this guest had chosen ends with it

    def show_open(self) -> None:
        """The door is open."""
        self._open_late = False
        self.invite()
        self.answer_over.emit()

    # How it looks and sounds, for this guest

    def look(self, *, contrast: bool, large: bool) -> None:
        """Show how the screen looks now."""
        self.scan.keys.look(contrast=contrast, large=large)

    @property
    def can_listen(self) -> Callable[[str], bool]:
        """Whether a language can be heard."""
        return self._can_listen

    @can_listen.setter
    def can_listen(self, hook: Callable[[str], bool]) -> None:
        self._can_listen = hook
        self._show_listen()

    @property
    def spoken(self) -> str:
        """The sentences of what is shown, to be heard."""
        page = self.currentWidget()
        if page is self.answer:
            return self.answer.spoken
        if page is self.notice:
            return self.notice.spoken
        return self.closed.spoken if page is self.closed else self.scan.words.spoken

    def _listen(self, on: bool) -> None:
        """Read this guest everything aloud from now on, or nothing any more."""
        before, self._listening = self._listening, on
        self._show_listen()
        if on:
            self._read_aloud()
        elif before:
            self.listen_wanted.emit("", self._say.language)

    def _read_aloud(self) -> None:
        if self._listening:
            self.listen_wanted.emit(self.spoken, self._say.language)

    def _show_listen(self) -> None:
        possible = self._can_listen(self._say.language)
        self.scan.keys.listen(possible=possible, on=self._listening)
        self.notice.listen.setVisible(possible)
        self.notice.listen.setChecked(self._listening)

    # Pages that somebody asks for

    def open_page(self, page: GuestPage) -> None:
        """Show it until its time is over, somebody goes back, or a code is shown."""
        by_key = self.focusWidget()
        with_focus = by_key is not None and by_key is not self and by_key.hasFocus()
        self._page_until = self._clock.monotonic() + page.seconds
        page.speak(self._say)
        self.setCurrentWidget(page)
        if with_focus:
            page.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read_aloud()

    def close_page(self) -> None:
        """Back to the invitation."""
        self.show_home()
        self.setFocus()
        self._read_aloud()

    def _choose(self, language: str) -> None:
        self._notice_somebody()
        self.show_home()
        self.setFocus()
        self.language_chosen.emit(language)
        self._read_aloud()

    # Time

    def tell_time(self, at: datetime) -> None:
        """Show door and time; what has had its time goes."""
        now = self._clock.monotonic()
        if self._hint_until and now >= self._hint_until:
            self._hint_until = 0.0
            self._show_steps()
        if self._page_until and now >= self._page_until:
            self.close_page()
        self._greet(now)
        time = self._say.clock_time(at, self._station.event.time_zone)
        where = f"{plain_name(self._station.door.name)} · {time}"
        note = self._staff_say(f"scanner.{self._scanner}") if self._scanner else ""
        self.scan.tell_where(note or where)
        self.closed.tell_where(note or where)

    def tell_scanner(self, note: ScannerNote | None) -> None:
        """Say something about a hand scanner in the place of door and time, or nothing any more."""
        self._scanner = note
        self.tell_time(self._clock.now())

    def _greet(self, now: float) -> None:
        """While nobody is there the greeting goes through the languages of the guests."""
        idle = self.currentWidget() is self.scan and self._admission is None
        language = turn(self._turns, now - self._noticed) if idle else None
        if language == self._greets or self._camera_gone:
            return
        self._greets = language
        if language is None:
            self._show_steps()
        else:
            self.scan.words.fade_to(self._wordings[language], invitation(None, self._station))

    def _notice_somebody(self) -> None:
        """Somebody is there: the greeting stays in the language of the keys."""
        self._noticed = self._clock.monotonic()
        if self._greets is not None:
            self._greets = None
            self._show_steps()
        self.touched.emit()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """No key has the focus before somebody asks for it."""
        super().showEvent(event)
        self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch beside the keys."""
        super().mousePressEvent(event)
        self._notice_somebody()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back from a page."""
        self._notice_somebody()
        if event.key() == Qt.Key.Key_Escape and isinstance(self.currentWidget(), GuestPage):
            self.close_page()
        else:
            super().keyPressEvent(event)

    # Saying

    def _connect(self) -> None:
        keys = self.scan.keys
        keys.language_chosen.connect(self._choose)
        keys.languages_wanted.connect(lambda: self.open_page(self.languages))
        keys.look_wanted.connect(self.look_wanted)
        keys.listen_wanted.connect(self._listen)
        self.notice.listen_wanted.connect(self._listen)
        self.scan.notice_wanted.connect(lambda: self.open_page(self.notice))
        for signal in (
            keys.look_wanted,
            keys.languages_wanted,
            keys.listen_wanted,
            self.scan.notice_wanted,
            self.preview.noticed,
        ):
            signal.connect(self._notice_somebody)
        self.languages.chosen.connect(self._choose)
        for page in (self.languages, self.notice):
            page.back_wanted.connect(self.close_page)
        self.answer.over.connect(self.answer_over)
        self.preview.gone.connect(self._miss_camera)

    def _miss_camera(self, gone: bool) -> None:
        self._camera_gone = gone
        self._show_steps()

    def _show_steps(self) -> None:
        admission = self._admission
        waiting = admission if admission and not admission.shown.is_answer else None
        invited = invitation(waiting, self._station)
        instruction = "guest.one_at_a_time" if self._hint_until else ""
        if self._camera_gone:
            invited, instruction = Invitation("answer.desk", None, None), ""
        self.scan.words.tell(self._say, invited, instruction)
        self.scan.hold("" if self._camera_gone else self._say("guest.hold_in_frame"))


def _of_staff(wordings: Mapping[str, Wording]) -> Wording:
    """The first language in which there are texts for staff, else the first of all."""
    first, *others = wordings.values()
    return next((say for say in (first, *others) if say.tells_staff), first)
