"""One station at work: camera, reader, desk and window, wired together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QTimer

from kiosk.adapters.reader.process import ReadingProcess
from kiosk.adapters.scanner.calibration import is_calibration
from kiosk.bootstrap.screens import load_wordings
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.staff.badge import has_staff_badge_form
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.attention import ReadingWatch, Steadiness, has_guests_code
from kiosk.desk.clockguard import ClockGuard
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station, is_old
from kiosk.desk.ports import (
    Camera,
    CameraFault,
    CameraTrouble,
    Clock,
    Frame,
    Hint,
    ScannedText,
    ScannerNote,
    Sighting,
    TellStorage,
)
from kiosk.desk.settings import USUAL, Settings
from kiosk.desk.visit import HeldUp
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.second.window import GuestWindow
from kiosk.gui.window import KioskWindow
from kiosk.gui.words.wording import Wording

AGE_EVERY = 10_000  # milliseconds between two looks at the age of the lists and at the clock


def settle() -> None:
    """What has been made so far is there to stay: nobody need look for garbage in it again.

    Python would look through all guests while window, desk and reader wait. For a program that
    has just opened a door.
    """
    gc.freeze()
    gc.enable()


def _is_the_house_s(text: str) -> bool:
    """A code that is no guest's: the one that teaches scanners, or a steward's badge on a cord."""
    return is_calibration(text) or has_staff_badge_form(text)


class RunningStation:
    """One station at work: camera, reader, desk and window, wired together."""

    def __init__(
        self,
        station: Station,
        open_desk: Callable[[TellStorage], EntryDesk],
        camera: Camera,
        clock: Clock,
        wordings: Mapping[str, Wording],
        trust: TrustList,
        revoked: RevocationList | None = None,
        time: ClockGuard | None = None,
        settings: Settings = USUAL,
        reading: ReadingProcess | None = None,
    ) -> None:
        """`time` is for staff to be told; the desk has one of its own.

        reading: begun already, for its process takes as long to load as all the rest.
        """
        self._station, self._clock, self._time, self._camera = station, clock, time, camera
        self._trust, self._revoked, self._event = trust, revoked, station.event
        self._steadiness, self._watch = Steadiness(_is_the_house_s), ReadingWatch()
        self._staff_badges = HeldUp()
        self._hint: Hint | None = None  # that the window shows
        self._unread: CameraTrouble | None = None  # while nothing reads what the camera sends
        self._first_read: Callable[[], None] | None = None
        self._reading = reading or ReadingProcess()
        self._reading.tell(self._on_sighting, self._on_away)
        if reading is None:
            self._reading.start()  # first: its process loads while the window is made
        self.desk = DeskThread(lambda: open_desk(self.desk.tell_storage))
        self.window = KioskWindow(station, wordings, clock, self.desk, settings=settings)
        self._guests: GuestWindow | None = None
        self._ageing = QTimer(self.window, interval=AGE_EVERY)
        self._ageing.timeout.connect(self._tell_age)
        self._ageing.start()
        self._tell_age()

    def guest_side(self) -> GuestWindow:
        """The window for the guest's side of this desk; it follows the one of staff."""
        if self._guests is None:
            words = load_wordings(self._event, Mode.SELF)
            settings = self.window.settings
            self._guests = GuestWindow(self._station, words, self._clock, self.desk, settings)
            self.window.settings_taken.connect(self._guests.take_settings)
            screen = self.window.screen_shown
            if isinstance(screen, DeskScreen):
                screen.done.connect(self._guests.invite)
        return self._guests

    @property
    def _windows(self) -> tuple[KioskWindow, ...]:
        """Those that show what the camera sees."""
        return (self.window, self._guests) if self._guests else (self.window,)

    def look(self) -> None:
        """Begin to look through the camera."""
        self._camera.start(self._on_frame, self._on_trouble)

    def once_scanning(self, tell: Callable[[], None]) -> None:
        """Have `tell` called in the reading thread when the first picture has been read."""
        self._first_read = tell

    def look_through(self, camera: Camera) -> None:
        """Look through another camera from now on."""
        self._camera.stop()
        self._camera = camera
        self.look()

    def look_away(self) -> None:
        """Leave the camera to another station."""
        self._camera.stop()

    def stop(self) -> None:
        """End everything, in the order in which nothing calls into what is gone."""
        self._camera.stop()
        self._reading.stop()
        for window in reversed(self._windows):  # staff's own ends the desk's thread
            window.close()

    def silences(self) -> dict[str, float]:
        """For each part that works in a thread the seconds since it turned last."""
        return {"desk": self.desk.silence, "reading": self._reading.silence}

    def _tell_age(self) -> None:
        """Tell staff when a list is old: the trust list by the event, the other by its own end.

        And when the clock is not believed.
        """
        self.tell_clock()
        at, issued = self._clock.now(), self._trust.issued_at
        if issued is not None and is_old(self._trust, self._event, at):
            self.window.tell_list_age(issued.date())
        elif self._revoked is not None and self._revoked.expires_at < at:
            self.window.tell_list_age(self._revoked.issued_at.date(), revocation=True)

    def tell_clock(self) -> None:
        """Tell staff whether the clock is believed."""
        if self._time is not None:
            self.window.tell_clock(doubted=self._time.view().doubt is not None)

    def take_scan(self, scan: ScannedText) -> None:
        """A hand scanner was held to a code. From any thread."""
        if has_staff_badge_form(scan.text):
            self.window.staff.show_badge(scan.text)
        else:
            self.desk.scanned(scan.text, scan.at)

    def _tell_staff(self, sighting: Sighting, at: datetime) -> None:
        """A staff badge is told of once, as long as it is held up."""
        for code in sighting.codes:
            if has_staff_badge_form(code.text) and not self._staff_badges.still(code.text, at):
                self.window.staff.show_badge(code.text)

    def _on_frame(self, frame: Frame) -> None:
        self._reading.offer(frame)  # first: painting would keep the reading thread waiting
        for window in self._windows:
            window.camera_trouble(self._unread)
            if self._unread is None:
                window.show_frame(frame)

    def _on_trouble(self, trouble: CameraTrouble) -> None:
        for window in self._windows:
            window.camera_trouble(trouble)

    def _on_away(self, away: bool) -> None:
        """In the reading thread: no picture where showing a code would lead to nothing."""
        self._unread = CameraTrouble(CameraFault.NOT_READ, self._camera.name) if away else None

    def _on_sighting(self, frame: Frame, sighting: Sighting) -> None:
        """In the reading thread: `at` is taken once, here, and handed down."""
        at = self._clock.now()
        if (told := self._first_read) is not None:
            self._first_read = None
            told()
        sighting = self._steadiness.passed(sighting, at)
        if sighting.codes:
            height, width = frame.image.shape
            for window in self._windows:
                window.show_codes([c.corners for c in sighting.codes], (width, height))
            tried = self.window.pages.ready.tries and not has_guests_code(sighting)
            texts = tuple(c.text for c in sighting.codes if not (tried or _is_the_house_s(c.text)))
            if any(is_calibration(code.text) for code in sighting.codes):
                self.window.scanner_note(ScannerNote.NOT_NEEDED)
            self.desk.sight(texts, at)
        self._tell_staff(sighting, at)
        unread, before = self._watch.observe(sighting, at), self._hint
        self._hint = self._watch.hint
        if self._hint is not before:
            for window in self._windows:
                window.show_hint(self._hint)
        if unread:
            self.desk.not_read(at, beside=has_guests_code(sighting))
