"""The states of the guest's screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from kiosk.core.decide import Way
from kiosk.core.reasons import Reason
from kiosk.demo.scenes import Scene
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Hint, ScannerNote
from kiosk.gui.words.inviting import QUIET
from tests.gui_support import AT, SOMEBODY, admit, awaiting, refuse, see_desk
from tests.shots.camera import (
    BLURRED,
    NOBODY,
    PAPER,
    PHONE,
    SHOWN_BADGE,
    corners_of,
    frame_of,
)
from tests.shots.stage import Stage
from tests.shots.state import State

Show = Callable[[Stage], None]
WEBCAM = "Logitech HD Pro Webcam C920 (046d:082d)"  # as long as the names of webcams get
_LATER = timedelta(seconds=1.5)  # that an answer has been there


def held(scene: Scene, *, read: bool = False) -> Show:
    """Something is held up; its code is outlined once it was read."""

    def show(stage: Stage) -> None:
        frame = frame_of(scene)
        stage.kiosk.window.show_frame(frame)
        if read:
            height, width = frame.image.shape
            stage.kiosk.window.show_codes(corners_of(scene), (width, height))

    return show


def step(admission: Admission, scene: Scene = NOBODY) -> Show:
    """A step of a visit, and what is held up meanwhile."""

    def show(stage: Stage) -> None:
        stage.kiosk.window.show_frame(frame_of(scene))
        stage.kiosk.window.show_admission(admission)

    return show


def answer(admission: Admission) -> Show:
    """An answer, a moment after it came."""

    def show(stage: Stage) -> None:
        stage.kiosk.window.show_admission(admission)
        stage.kiosk.clock.go(_LATER)
        stage.kiosk.guest.answer.advance()

    return show


def hinted(hint: Hint, scene: Scene = BLURRED) -> Show:
    """A hint upon the camera's picture."""

    def show(stage: Stage) -> None:
        stage.kiosk.window.show_frame(frame_of(scene))
        stage.kiosk.window.show_hint(hint)

    return show


def trouble(fault: CameraFault) -> Show:
    """The camera shows nothing."""
    return lambda stage: stage.kiosk.window.camera_trouble(CameraTrouble(fault, WEBCAM))


def note(which: ScannerNote) -> Show:
    """Something is told of the hand scanner."""
    return lambda stage: stage.kiosk.guest.tell_scanner(which)


def page(name: str) -> Show:
    """A page that a guest asks for."""
    return lambda stage: stage.kiosk.guest.open_page(getattr(stage.kiosk.guest, name))


def not_open(stage: Stage) -> None:
    """The door is not open."""
    stage.kiosk.guest.show_closed()


def greeting(stage: Stage) -> None:
    """Nobody has been there for a while."""
    stage.kiosk.clock.go(timedelta(seconds=QUIET + 1))
    stage.kiosk.guest.tell_time(stage.kiosk.clock.now())


def listening(stage: Stage) -> None:
    """Somebody has it all read aloud."""
    guest = stage.kiosk.guest
    guest.can_listen = lambda _: True
    guest._listen(True)


_SCANNER_NOTES = sorted(set(ScannerNote) - {ScannerNote.LEARNT, ScannerNote.NOT_LEARNT})


def _guest(screen: str, name: str, show: Show) -> State:
    return State(Mode.SELF, screen, name, show)


GUEST = (
    _guest("scan", "idle", lambda _: None),
    _guest("scan", "certificate held up", held(PHONE)),
    _guest("scan", "certificate read", held(PHONE, read=True)),
    _guest("scan", "waiting for badge", step(awaiting(Shown.AWAIT_BADGE), SHOWN_BADGE)),
    _guest("scan", "waiting for certificate", step(awaiting(Shown.AWAIT_CERTIFICATE), PAPER)),
    _guest("scan", "one at a time", step(Admission(Shown.ONE_AT_A_TIME, AT), PHONE)),
    *(_guest("scan", f"hint {hint}", hinted(hint)) for hint in Hint),
    *(_guest("scan", f"camera {fault}", trouble(fault)) for fault in CameraFault),
    *(_guest("scan", f"scanner {each}", note(each)) for each in _SCANNER_NOTES),
    _guest("scan", "greeting", greeting),
    _guest("scan", "listening", listening),
    _guest("page", "languages", page("languages")),
    _guest("page", "your data", page("notice")),
    _guest("page", "not open", not_open),
    _guest("answer", "admit", answer(admit(checked_only=False))),
    _guest("answer", "admit checked", answer(admit())),
    _guest("answer", "admit again", answer(admit(way=Way.AGAIN))),
    _guest("answer", "admit unnamed", answer(admit(replace(SOMEBODY, given="")))),
    _guest("answer", "desk", answer(see_desk(Reason.NAMES_DIFFER))),
    _guest("answer", "desk not read", answer(see_desk(Reason.CODE_NOT_READ))),
    _guest("answer", "refuse", answer(refuse())),
)
