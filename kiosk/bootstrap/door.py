"""A door from its self-test until its window is closed."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.wishes import NONE as NO_WISHES
from kiosk.adapters.camera.wishes import Wishes
from kiosk.adapters.reader.process import ReadingProcess
from kiosk.adapters.scanner.station import HandScanners, SerialChoice
from kiosk.adapters.system.awake import kept_awake
from kiosk.adapters.system.clock import SystemClock
from kiosk.adapters.system.ending import Ending
from kiosk.adapters.system.lifesign import SCANNING, Tell
from kiosk.bootstrap.alone import come_when_called, only_one
from kiosk.bootstrap.errors import DoorError as DoorError
from kiosk.bootstrap.heard import let_be_heard
from kiosk.bootstrap.heart import Heart
from kiosk.bootstrap.house import house_of
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.printing import let_print
from kiosk.bootstrap.screens import application, has_display, load_wordings
from kiosk.bootstrap.selftest import self_test as self_test
from kiosk.bootstrap.station import RunningStation, settle
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import Camera, TellStorage
from kiosk.gui.lock.leaving import WayOut
from kiosk.gui.lock.lock import KioskLock
from kiosk.gui.second.screens import GuestScreen, SecondScreen

FIRST_CAMERA = "0"
_AWAKE_AFTER = 1_000  # milliseconds
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CameraChoice:
    """What stands behind `--camera`, and what a webcam is asked for.

    remembered: it is that of the settings, which nobody asked for today.
    """

    source: str
    wishes: Wishes = NO_WISHES
    remembered: bool = False


def open_door(
    place: Installation,
    station: Station,
    camera: CameraChoice,
    scanner: SerialChoice | None = None,
    *,
    windowed: bool,
    guest_screen: GuestScreen | None = None,
    tell: Tell = lambda _: None,
    reading: ReadingProcess | None = None,
) -> int:
    """Run one station with a real clock until its window is closed; the exit status.

    Unless `windowed` it fills the screen, and is left by the kiosk lock's way out alone. The
    guest's side of a desk has `guest_screen`, else what the settings say. SIGINT and SIGTERM end
    it in order whenever they come. tell: takes its signs of life. reading: begun already. Raises
    DoorError.
    """
    if not has_display():
        raise DoorError(
            "There is no display here. Start it in the session of the screen, or name the screen "
            "in the variable DISPLAY."
        )
    with Ending() as ending, ExitStack() as closing:
        self_test()
        app = application()
        closing.enter_context(only_one(place.state, station.mode))
        clock = SystemClock()
        running = _running(place, station, camera, clock, reading)
        closing.callback(running.stop)
        let_print(running, place, station.event)
        if ending.asked:
            return 0
        leave = partial(app.exit, 0)  # not quit(), which asks windows first that do not close
        lock = None if windowed else KioskLock(app)
        if lock is None:
            running.window.show()
        else:
            _hold(lock, app, running, clock, closing).connect(leave)
        running.window.activateWindow()  # without a window manager nobody else gives it the keys
        come_when_called(running.window)
        if station.mode is Mode.DESK:
            _show_guests(app, running, guest_screen, lock)
        closing.callback(_scanners(place, running, clock, scanner, station.mode).end)
        heart = Heart(running.silences, tell)
        closing.callback(heart.stop)
        sounds = let_be_heard(running)
        closing.callback(sounds.stop)
        event, wishes = station.event, camera.wishes
        running.window.pages.furnish(house_of(place, event, clock, running, sounds, wishes))
        running.once_scanning(partial(tell, SCANNING))
        running.look()
        settle()
        QTimer.singleShot(0, heart.start)  # with the first turn of the loop, which paints first
        return ending.during(app.exec, leave)


def _desk_of(
    place: Installation, station: Station, clock: SystemClock, tell: TellStorage
) -> EntryDesk:
    """In the desk's thread."""
    desk = place.open_desk(station, clock, tell, place.watch(clock))
    settle()
    return desk


def _running(
    place: Installation,
    station: Station,
    camera: CameraChoice,
    clock: SystemClock,
    reading: ReadingProcess | None,
) -> RunningStation:
    return RunningStation(
        station,
        partial(_desk_of, place, station, clock),
        camera_of(camera),
        clock,
        load_wordings(station.event, station.mode),
        place.trust,
        place.revocations.revoked,
        place.watch(clock, looks=True),
        place.settings.read().settings,
        reading,
    )


def camera_of(choice: CameraChoice) -> Camera:
    """The camera that was chosen, not started yet; of a remembered one that is gone, the first.

    A door that starts by itself, after a power cut say, is not to stay shut for a camera that was
    unplugged. Raises DoorError.
    """
    try:
        return open_camera(choice.source, choice.wishes)
    except UnknownCameraError as error:
        if not choice.remembered:
            raise DoorError(str(error)) from None
    _log.warning("the camera of the settings is not there: the first webcam is used instead")
    return camera_of(CameraChoice(FIRST_CAMERA, choice.wishes))


def _show_guests(
    app: QApplication, running: RunningStation, asked: GuestScreen | None, lock: KioskLock | None
) -> None:
    """The guest's side, once staff's own is there; what was asked for goes before the settings."""
    second = SecondScreen(app, running.guest_side, running.window, asked, lock)
    if asked is None:
        running.window.settings_taken.connect(second.follow)
        QTimer.singleShot(0, lambda: second.follow(running.window.settings))
    else:
        QTimer.singleShot(0, second.place)


def _scanners(
    place: Installation,
    running: RunningStation,
    clock: SystemClock,
    scanner: SerialChoice | None,
    mode: Mode,
) -> HandScanners:
    window = running.window
    return HandScanners(
        window.windowHandle(),
        place.state,
        clock.now,
        running.take_scan,
        window.scanner_note,
        scanner,
        learns=mode is Mode.DESK,
    )


def _hold(
    lock: KioskLock,
    app: QApplication,
    running: RunningStation,
    clock: SystemClock,
    closing: ExitStack,
) -> SignalInstance:
    """The whole screen, kept awake; what is returned tells that somebody took the way out."""
    closing.callback(lock.open)
    way_out = WayOut(app, running.window, running.desk, clock, running.window.staff_wording)
    lock.leave_asked.connect(way_out.ask)
    lock.touched.connect(way_out.attend)
    lock.hold(running.window)
    # Later: a desktop that is slow to answer is not to keep the window waiting.
    QTimer.singleShot(_AWAKE_AFTER, lock, lambda: closing.enter_context(kept_awake()))
    return way_out.out


def run_until_quit(app: QApplication) -> int:
    """Qt's event loop, which SIGINT and SIGTERM end."""
    with Ending() as ending:
        return ending.during(app.exec, partial(app.exit, 0))
