"""A door from its self-test until its window is closed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.wishes import NONE as NO_WISHES
from kiosk.adapters.camera.wishes import Wishes
from kiosk.adapters.scanner.station import HandScanners, SerialChoice
from kiosk.adapters.system.clock import SystemClock
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.screens import application, has_display, load_wordings
from kiosk.bootstrap.station import RunningStation
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import Failed, Verified, Verifier
from kiosk.demo.issuer import Subject, claims_of, make_issuer, vaccination
from kiosk.desk.findings import Mode, Station


@dataclass(frozen=True)
class CameraChoice:
    """What stands behind `--camera`, and what a webcam is asked for."""

    source: str
    wishes: Wishes = NO_WISHES


class DoorError(Exception):
    """A door that cannot be opened: why, and the remedy."""


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
        place.settings.read().settings,
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
