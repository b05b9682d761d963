"""The one window: shows what the desk answers, and hands time and keys to it. Decides nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import CameraTrouble, Clock, Frame, Hint, ScannerNote
from kiosk.desk.settings import USUAL, Settings
from kiosk.gui.announcer import Announcer
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.parts.preview import Corners, Preview
from kiosk.gui.parts.signs import SignBook
from kiosk.gui.parts.style import ASSETS, Style, Theme, restyle
from kiosk.gui.parts.theme import theme_of
from kiosk.gui.staff.board import StaffBoard
from kiosk.gui.staff.pages import StaffPages
from kiosk.gui.troubles import Troubles
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import FALLBACK, Wording, screen_language

TICK = 250  # milliseconds
_TICKS_PER_REFRESH = 20  # every 5 seconds
_TICKS_PER_LANGUAGES = 240  # every minute: a guest list may have been imported
_LANGUAGE_FOR = 60.0  # seconds that a guest's choice outlives the last thing that happened


class KioskWindow(QMainWindow):
    """One station's window. It starts the desk's thread, and ends it when it is closed.

    wordings: by language; those that the event names come first. signs: folder of the drawings.
    settings: of this PC, also of staff's language.
    """

    answered = Signal(object)  # an Admission, once it has been painted
    settings_taken = Signal(object)  # the Settings that hold from now on
    _languages_arrived = Signal(object)  # Counter[str], or NotDone where nobody can tell

    def __init__(
        self,
        station: Station,
        wordings: Mapping[str, Wording],
        clock: Clock,
        desk: DeskThread,
        signs: Path = ASSETS / "signs",
        settings: Settings = USUAL,
    ) -> None:
        super().__init__()
        self._station, self._clock, self._desk = station, clock, desk
        self._settings = settings
        self._wordings = _in_order(wordings, station)
        self._language = self._first_language()
        self._shown: Admission | None = None
        self._unpainted: deque[Admission] = deque()
        self._spoken = ""
        self._failed = False
        self._language_until = 0.0
        self._guest_look = (False, False)  # high contrast, large text: for this guest alone
        self._ticks = 0
        self._closed = False
        self._screen = self._make_screen(SignBook(signs))
        self.setCentralWidget(self._screen)
        self._troubles = Troubles(self._screen, clock)
        self.staff = StaffBoard(self._screen, station, clock, desk, self._staff_says)
        self.pages = StaffPages(
            self._screen,
            station,
            clock,
            self.staff,
            self._staff_says,
            self,
            [say for say in self._wordings.values() if say.tells_staff] or [self.staff_wording],
        )
        self.setWindowTitle(plain_name(station.event.name))
        self.setMinimumSize(320, 240)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._speak(self._language)
        self._connect()
        self._follow_system()

    # What the program may ask, pictures from any thread

    @property
    def preview(self) -> Preview:
        """The camera's picture; its three `show_...` methods are for any thread."""
        return self._screen.preview

    @property
    def screen_shown(self) -> SelfScreen | DeskScreen:
        """The screen of this station's mode."""
        return self._screen

    @property
    def language(self) -> str:
        """The language that was chosen."""
        return self._language

    @property
    def staff_wording(self) -> Wording:
        """What staff are told in: their own language where it was set, else the event's first."""
        for_staff = {code: say for code, say in self._wordings.items() if say.tells_staff}
        wordings = for_staff or self._wordings
        return wordings.get(self._settings.language) or next(iter(wordings.values()))

    @property
    def settings(self) -> Settings:
        """Those that it follows."""
        return self._settings

    def take_settings(self, settings: Settings) -> None:
        """Follow other settings from now on."""
        before, self._settings = self._settings, settings
        self._restyle()
        if settings.language != before.language:
            self.switch_language(self._first_language())
        self.settings_taken.emit(settings)

    def show_frame(self, frame: Frame) -> None:
        """Show a camera's picture. From any thread."""
        self.preview.show_frame(frame)
        self.pages.settings.show_frame(frame)

    def show_codes(self, corners_list: Sequence[Corners], frame_size: tuple[int, int]) -> None:
        """Outline codes of a frame of (width, height). From any thread."""
        self.preview.show_codes(corners_list, frame_size)
        self.pages.ready.code_read()

    def show_hint(self, hint: Hint | None) -> None:
        """Say over the picture what would help to read what is held up. From any thread."""
        self.preview.show_hint(hint)

    def camera_trouble(self, trouble: CameraTrouble | None) -> None:
        """Say why the camera shows nothing; None: it shows something again. From any thread."""
        self.preview.camera_trouble(trouble)
        self.pages.settings.camera(trouble)
        self._troubles.camera(trouble)

    def tell_list_age(self, issued: date, *, revocation: bool = False) -> None:
        """Tell staff of when a list is, in their language. From any thread."""
        self._troubles.list_age(issued, revocation=revocation)

    def tell_clock(self, *, doubted: bool) -> None:
        """Tell staff that the clock is not believed, or nothing any more."""
        self._troubles.clock(doubted=doubted)

    def scanner_note(self, note: ScannerNote | None) -> None:
        """Tell staff about a hand scanner: LOST until None comes. From any thread."""
        self._troubles.scanner(note)

    def show_admission(self, admission: Admission) -> None:
        """Show an answer or a step in place of whatever is shown."""
        language, self._shown = self._language_for(admission), admission
        self._speak(language)
        self._screen.show_admission(admission)
        self._stay()
        self._unpainted.append(admission)
        QTimer.singleShot(0, self._tell_painted)  # by then everything is in its place

    def switch_language(self, language: str) -> None:
        """Speak `language` from now on; at self-scan, until this guest is done."""
        if language in self._wordings:
            self._language = language
            self._stay()
            self._speak(language)

    def wear(self, *, contrast: bool, large: bool) -> None:
        """Look like that for the guest who is there, until the next one."""
        self._guest_look = (contrast, large)
        self._restyle()
        if isinstance(self._screen, SelfScreen):
            self._screen.look(contrast=contrast, large=large)

    def snapshot(self) -> QPixmap:
        """The window as it is painted now."""
        return self.grab()

    # Building

    def _make_screen(self, signs: SignBook) -> SelfScreen | DeskScreen:
        if self._station.mode is Mode.SELF:
            screen = SelfScreen(self._where_guests_are(), self._wordings, self._clock, signs)
            screen.answer_over.connect(self._end_visit)
            screen.look_wanted.connect(self._wear_for_guest)
            screen.touched.connect(self._stay)
            self._languages_arrived.connect(screen.offer_languages)
            return screen
        return DeskScreen(self._station, self._wordings, self._clock, signs, self._desk)

    def _where_guests_are(self) -> Station:
        """The station that the guest's screen speaks of."""
        return self._station

    def _connect(self) -> None:
        self._screen.language_chosen.connect(self.switch_language)
        self.answered.connect(Announcer(self._screen).tell)
        self._desk.admission.connect(self.show_admission)
        self._desk.failed.connect(self._show_failed)
        self._desk.storage_note.connect(self._troubles.storage)
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.staff.duty_changed.connect(self._troubles.duty)
        self._troubles.camera_changed.connect(self.pages.ready.camera)
        if isinstance(self._screen, SelfScreen):
            self._screen.closed.staff.clicked.connect(self.staff.hand_over)
        else:
            self._screen.header.duty.clicked.connect(self.staff.hand_over)
            self.staff.duty_changed.connect(self._screen.header.duty.take)
        self._desk.start()
        self._desk.refresh(self._clock.now())
        self.staff.look(self._clock.now())
        self._ask_for_languages()

    def _follow_system(self) -> None:
        """Where the settings leave the colours to it."""
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._restyle)
        hints.accessibility().contrastPreferenceChanged.connect(self._restyle)

    # Time

    def _tick(self) -> None:
        at = self._clock.now()
        self._screen.tell_time(at)
        self._troubles.tick()
        if self._failed:
            return
        self._desk.tick(at)
        self._ticks += 1
        if self._ticks % _TICKS_PER_REFRESH == 0:
            self._desk.refresh(at)
            self.staff.look(at)
        if self._ticks % _TICKS_PER_LANGUAGES == 0:
            self._ask_for_languages()
        self._go_home()

    def _ask_for_languages(self) -> None:
        """How many guests read which: no names, and nothing that leaves this window."""
        if self._station.mode is Mode.SELF:
            told = self._languages_arrived.emit
            self._desk.tell(lambda desk: desk.guests.languages(), told)

    def _stay(self) -> None:
        self._language_until = self._clock.monotonic() + _LANGUAGE_FOR

    def _go_home(self) -> None:
        """At self-scan the next guest finds everything as it was: language, colours, size."""
        shown = self._shown.shown if self._shown else Shown.ONE_AT_A_TIME
        visit = shown is not Shown.ONE_AT_A_TIME  # which ends by itself, with an answer
        waits = self._station.mode is Mode.SELF and self._language_until and not visit
        if waits and self._clock.monotonic() >= self._language_until:
            self._end_visit()

    def _wear_for_guest(self, contrast: bool, large: bool) -> None:
        self.wear(contrast=contrast, large=large)

    def _end_visit(self) -> None:
        self._shown = None
        if isinstance(self._screen, SelfScreen):
            self._screen.invite()
        if any(self._guest_look):
            self.wear(contrast=False, large=False)
        self.switch_language(next(iter(self._wordings)))
        self._language_until = 0.0

    # Words

    def _staff_says(self) -> Wording:
        """At the desk the language that was chosen there; guests choose none for staff."""
        desk = self._station.mode is Mode.DESK
        return self._wordings[self._language] if desk else self.staff_wording

    def _first_language(self) -> str:
        """What it begins with: at the desk staff's own, where that was set."""
        chosen = self._settings.language
        staff = self._station.mode is Mode.DESK and chosen in self._wordings
        return chosen if staff else next(iter(self._wordings))

    def _language_for(self, admission: Admission) -> str:
        """The guest's, once the guest is known; at the desk the one of staff, who read there."""
        guest = admission.guest
        if self._station.mode is Mode.SELF and guest:
            language = screen_language(guest.language)
            return language if language in self._wordings else self._language
        if self._station.mode is Mode.SELF and admission.shown is Shown.REFUSE and self._in_step:
            return self._spoken  # a refusal names nobody, and is the same guest's
        return self._language

    @property
    def _in_step(self) -> bool:
        """Whether a guest who is known was to show a second code."""
        before = self._shown
        return before is not None and bool(before.guest) and not before.shown.is_answer

    def _speak(self, language: str) -> None:
        if language != self._spoken:
            self._spoken = language
            self._screen.speak(self._wordings[language], language)
            self.staff.speak()
            self.pages.speak()
            self._screen.tell_time(self._clock.now())

    def _show_failed(self, why: str) -> None:
        """The desk could not be opened: staff are needed, and find code and remedy here."""
        self._failed = True
        trouble = Admission(Shown.DESK, self._clock.now(), (Reason.PROGRAM_TROUBLE,))
        self.show_admission(trouble)
        if isinstance(self._screen, SelfScreen):
            self._screen.answer.hold()
        else:
            self._screen.show_closed(why.partition(":")[0])

    def _tell_painted(self) -> None:
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))  # paint what is left
        while self._unpainted:
            self.answered.emit(self._unpainted.popleft())

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of staff, which mean the same whatever is shown."""
        if event.isAutoRepeat() or not self.pages.pressed(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything takes its size from the window."""
        super().resizeEvent(event)
        self._restyle()

    def _restyle(self) -> None:
        contrast, large = self._guest_look
        theme = Theme.CONTRAST if contrast else theme_of(self._settings.theme)
        large = large or self._settings.large_text
        restyle(
            self, Style.of(self.size(), theme, large=large, still=self._settings.reduced_motion)
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the desk's thread first: whatever was asked is still recorded."""
        if not self._closed:
            self._closed = True
            self._timer.stop()
            self.pages.stop()
            self._desk.stop()
        event.accept()


def _in_order(wordings: Mapping[str, Wording], station: Station) -> dict[str, Wording]:
    """Those that the event names first, in its order; for guests then all the others.

    All also for staff, where the event names none of them.
    """
    if not wordings:
        raise ValueError(f"no wording at all: {FALLBACK}.toml is needed")
    languages = [screen_language(each) for each in station.event.languages]
    first = {each: wordings[each] for each in languages if each in wordings}
    return {**first, **wordings} if station.mode is Mode.SELF else first or dict(wordings)
