"""The only place where the pieces meet: state folder, adapters, desk, window."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.wishes import NONE as NO_WISHES
from kiosk.adapters.camera.wishes import Wishes
from kiosk.adapters.reader.process import ReadingProcess
from kiosk.adapters.revocation.blocklist import open_blocklist
from kiosk.adapters.revocation.lists import installed_list
from kiosk.adapters.revocation.memory import remember_revoked
from kiosk.adapters.scanner.calibration import is_calibration
from kiosk.adapters.scanner.station import HandScanners, SerialChoice
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests
from kiosk.adapters.storage.lasting import LastingStorage, Place
from kiosk.adapters.storage.reserve import stored_reserve
from kiosk.adapters.storage.staff import sessions_in
from kiosk.adapters.system import display
from kiosk.adapters.system.clock import SystemClock, boot_id, lasting_boot_id
from kiosk.adapters.system.clockfile import ClockFile, ClockLook
from kiosk.adapters.system.keys import KeyFileError, badge_public_key
from kiosk.adapters.system.places import assets, certs
from kiosk.adapters.trust.sources import check_dates, installed_trust
from kiosk.adapters.trust.store import remember
from kiosk.core.policy.event import Event
from kiosk.core.reasons import Reason
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.sealing import Sealer
from kiosk.core.staff.badge import has_staff_badge_form
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import Failed, Verified, Verifier
from kiosk.demo.issuer import Subject, claims_of, make_issuer, vaccination
from kiosk.desk.attention import ReadingWatch, Steadiness, has_guests_code
from kiosk.desk.clockguard import ClockGuard, Timekeeper
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
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.parts.style import install_fonts
from kiosk.gui.window import KioskWindow
from kiosk.gui.words.wording import Wording, load_wording

AGE_EVERY = 10_000  # milliseconds between two looks at the age of the lists and at the clock


@dataclass(frozen=True)
class Installation:
    """A state folder with everything that a door needs from it; `sealer` opens its guests."""

    state: Path
    trust: TrustList
    revocations: Revocations = NONE
    sealer: Sealer | None = None

    def open_desk(
        self,
        station: Station,
        clock: Clock,
        tell: TellStorage,
        time: Timekeeper | None = None,
    ) -> EntryDesk:
        """A desk over this installation; call it in the thread that will use the desk.

        tell: is told what happens to the disk. time: who watches the clock, where it is this PC's.
        Raises DatabaseError, KeyFileError, StorageTroubleError.
        """
        place = Place(self.state, station.event, station.door.id)
        storage = LastingStorage(place, self.sealer, clock, boot_id(), tell)
        return EntryDesk(
            replace(station, kiosk=storage.database.meta("kiosk")),
            Verifier(self.trust, self.revocations),
            storage,
            badge_public_key(self.state),
            storage,
            time,
            stored_reserve(storage.database),
            sessions_in(storage.database, clock, lasting_boot_id(), station.event.time_zone),
        )

    def watch(
        self, clock: Clock, *, looks: bool = False, last_entry: datetime | None = None
    ) -> ClockGuard:
        """Who watches the clock of this kiosk; `looks`: and remembers nothing.

        Raises OSError where it is to be remembered and cannot.
        """
        memory, signed = (ClockLook if looks else ClockFile)(self.state), self.trust.newest_at
        return ClockGuard(clock, memory, lasting_boot_id(), signed=signed, last_entry=last_entry)


def installation(state: Path, sealer: Sealer | None = None) -> Installation:
    """The installation of a state folder.

    Raises TrustSourceError, RevocationError, KeyFileError, OSError.
    """
    trust = installed_trust([certs(), state / "trust"])
    return Installation(state, trust, installed_revocations(state), sealer)


def installed_revocations(state: Path) -> Revocations:
    """The revocation list and the blocklist of a state folder, as far as there are any.

    Raises RevocationError, KeyFileError, OSError.
    """
    revoked = installed_list(state, lambda: badge_public_key(state))
    return Revocations(revoked, open_blocklist(state))


def remembering(place: Installation, at: datetime) -> tuple[Installation, list[str]]:
    """The installation with everything blocked for good that its trust lists revoke.

    And what staff should know about that. No older issue of a trust list is believed from now
    on. Raises TrustSourceError, also where a list is certainly dated ahead of the clock;
    RevocationError, OSError.
    """
    check_dates(place.trust, at)
    remember(place.trust, place.state / "trust", at)
    revoked = place.revocations.revoked
    blocked, told = remember_revoked(place.state, place.trust, at)
    if revoked is not None and revoked.expires_at < at:
        told.append(
            f"The revocation list of {revoked.issued_at:%d %b %Y} is past its end. It still "
            "counts; ask the organiser for a newer one."
        )
    return replace(place, revocations=Revocations(revoked, blocked)), told


def missing_pieces(place: Installation) -> list[tuple[str, str]]:
    """What a door still lacks, each with its remedy; empty when it can open.

    Raises DatabaseError.
    """
    missing = []
    with open_database(place.state, place.sealer) as database:
        if not len(read_guests(database)):
            remedy = f"kiosk guests import FILE.csv --event FILE --state {place.state}"
            missing.append(("the guest list", remedy))
    try:
        badge_public_key(place.state)
    except KeyFileError as error:
        missing.append(("the key that badges are checked with", str(error)))
    if not place.trust.signers:
        remedy = f"kiosk trust import LIST --key PEM --state {place.state} (see certs/README.md)"
        missing.append(("a trust list", remedy))
    return missing


def has_display() -> bool:
    """Whether a window could be seen, or somebody chose Qt's platform on purpose."""
    return bool(os.environ.get("QT_QPA_PLATFORM")) or display.answers()


def prepare_qt() -> None:
    """Settings that must stand before the first Qt object: no display means offscreen."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Qt Multimedia tells of each optional library that it does without; doctor does it better.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")


def load_wordings(event: Event) -> Mapping[str, Wording]:
    """The texts of the event's languages that the program has, the event's first language first."""
    there = [code for code in event.languages if (assets() / "texts" / f"{code}.toml").is_file()]
    return {code: load_wording(assets() / "texts", code) for code in there or ["en"]}


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
    ) -> None:
        """`time` is for staff to be told; the desk has one of its own."""
        self._clock, self._time, self._camera = clock, time, camera
        self._trust, self._revoked, self._event = trust, revoked, station.event
        self._steadiness, self._watch = Steadiness(_is_the_house_s), ReadingWatch()
        self._hint: Hint | None = None  # that the window shows
        self._unread: CameraTrouble | None = None  # while nothing reads what the camera sends
        self._reading = ReadingProcess(self._on_sighting, self._on_away)
        self._reading.start()  # first: its process loads while the window is made
        self.desk = DeskThread(lambda: open_desk(self.desk.tell_storage))
        self.window = KioskWindow(station, wordings, clock, self.desk)
        self._ageing = QTimer(self.window, interval=AGE_EVERY)
        self._ageing.timeout.connect(self._tell_age)
        self._ageing.start()
        self._tell_age()

    def look(self) -> None:
        """Begin to look through the camera."""
        self._camera.start(self._on_frame, self._on_trouble)

    def look_away(self) -> None:
        """Leave the camera to another station."""
        self._camera.stop()

    def stop(self) -> None:
        """End everything, in the order in which nothing calls into what is gone."""
        self._camera.stop()
        self._reading.stop()
        self.window.close()  # which ends the desk's thread

    def _tell_age(self) -> None:
        """Tell staff when a list is old: the trust list by the event, the other by its own end.

        And when the clock is not believed.
        """
        if self._time is not None:
            self.window.tell_clock(doubted=self._time.view().doubt is not None)
        at, issued = self._clock.now(), self._trust.issued_at
        if issued is not None and is_old(self._trust, self._event, at):
            self.window.tell_list_age(issued.date())
        elif self._revoked is not None and self._revoked.expires_at < at:
            self.window.tell_list_age(self._revoked.issued_at.date(), revocation=True)

    def take_scan(self, scan: ScannedText) -> None:
        """A hand scanner was held to a code. From any thread."""
        if not has_staff_badge_form(scan.text):
            self.desk.scanned(scan.text, scan.at)

    def _on_frame(self, frame: Frame) -> None:
        self._reading.offer(frame)  # first: painting would keep the reading thread waiting
        self.window.camera_trouble(self._unread)
        if self._unread is None:
            self.window.show_frame(frame)

    def _on_trouble(self, trouble: CameraTrouble) -> None:
        self.window.camera_trouble(trouble)

    def _on_away(self, away: bool) -> None:
        """In the reading thread: no picture where showing a code would lead to nothing."""
        self._unread = CameraTrouble(CameraFault.NOT_READ, self._camera.name) if away else None

    def _on_sighting(self, frame: Frame, sighting: Sighting) -> None:
        """In the reading thread: `at` is taken once, here, and handed down."""
        at = self._clock.now()
        sighting = self._steadiness.passed(sighting, at)
        if sighting.codes:
            height, width = frame.image.shape
            self.window.show_codes([c.corners for c in sighting.codes], (width, height))
            texts = tuple(c.text for c in sighting.codes if not _is_the_house_s(c.text))
            if any(is_calibration(code.text) for code in sighting.codes):
                self.window.scanner_note(ScannerNote.NOT_NEEDED)
            self.desk.sight(texts, at)
        unread, before = self._watch.observe(sighting, at), self._hint
        self._hint = self._watch.hint
        if self._hint is not before:
            self.window.show_hint(self._hint)
        if unread:
            self.desk.not_read(at, beside=has_guests_code(sighting))


@dataclass(frozen=True)
class CameraChoice:
    """What stands behind `--camera`, and what a webcam is asked for."""

    source: str
    wishes: Wishes = NO_WISHES


class DoorError(Exception):
    """A door that cannot be opened: why, and the remedy."""


def application() -> QApplication:
    """The Qt application of this process, with the program's own fonts."""
    prepare_qt()
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    install_fonts(assets() / "fonts")
    return app


def self_test(make_verifier: Callable[[TrustList], Verifier] = Verifier) -> None:
    """A genuine and a forged certificate of a throw-away signer, before any guest's.

    Raises DoorError when the one is not verified or the other is: then no answer can be trusted.
    """
    signer, forger = make_issuer("XX"), make_issuer("XX")
    verifier = make_verifier(trust_list_of([Row(signer.certificate)], "self-test"))
    at = datetime(2021, 11, 22, 8, tzinfo=UTC)
    subject = Subject("Test", "Self", "TEST", "SELF")
    claims = claims_of(subject, "v", vaccination("2021-08-01"), at - timedelta(days=1), "XX")
    forged = forger.sign(claims, kid=signer.kid)
    verdicts = verifier.verify(signer.sign(claims), at), verifier.verify(forged, at)
    match verdicts:
        case Verified(), Failed(reason=Reason.SIGNATURE_INVALID):
            return
    raise DoorError(
        "The self-test failed: certificates are not verified as they should be. Install the "
        "program again; until then use the paper list and the official reader."
    )


def open_door(
    place: Installation,
    station: Station,
    camera: CameraChoice,
    scanner: SerialChoice | None = None,
    *,
    windowed: bool,
) -> int:
    """Run one station with a real clock until its window is closed; the exit status.

    Raises DoorError.
    """
    if not has_display():
        raise DoorError(
            "There is no display here. Start it in the session of the screen, or name the screen "
            "in the variable DISPLAY."
        )
    self_test()
    app = application()
    lock = QLockFile(str(place.state / f"{station.mode}.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        raise DoorError(f"The {station.mode} screen of {place.state} runs already.")
    try:
        source = open_camera(camera.source, camera.wishes)
    except UnknownCameraError as error:
        raise DoorError(str(error)) from None
    clock = SystemClock()
    running = RunningStation(
        station,
        lambda tell: place.open_desk(station, clock, tell, place.watch(clock)),
        source,
        clock,
        load_wordings(station.event),
        place.trust,
        place.revocations.revoked,
        place.watch(clock, looks=True),
    )
    if windowed:
        running.window.show()
    else:
        # Without a window manager nobody else makes the window as large as the screen.
        running.window.setGeometry(app.primaryScreen().geometry())
        running.window.showFullScreen()
    running.window.activateWindow()  # without a window manager nobody else gives it the keys
    scanners = HandScanners(
        running.window.windowHandle(),
        place.state,
        clock.now,
        running.take_scan,
        running.window.scanner_note,
        scanner,
        learns=station.mode is Mode.DESK,
    )
    running.look()
    status = run_until_quit(app)
    scanners.end()
    running.stop()
    return status


def run_until_quit(app: QApplication) -> int:
    """Qt's event loop, which SIGINT and SIGTERM end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    ticking = QTimer()  # Python runs its signal handlers only while Python code runs
    ticking.timeout.connect(lambda: None)
    ticking.start(200)
    return int(app.exec())
