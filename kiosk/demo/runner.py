"""Plays the scenario: holds codes before the simulated camera, presses keys, reads the screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, assert_never

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.demo.acts import (
    Act,
    Ask,
    ClockJumps,
    DiskBreaks,
    Hold,
    HoldUnreadable,
    Override,
    Pause,
    Press,
    Step,
    TimeIs,
    Unseen,
)
from kiosk.demo.camera import SimulatedCamera
from kiosk.demo.clock import ScenarioClock
from kiosk.demo.scenes import Scene, unreadable
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.outcome import Done
from kiosk.desk.outcome import Outcome as DeskOutcome
from kiosk.gui.desk_thread import Asked, DeskThread
from kiosk.gui.window import KioskWindow

PATIENCE = 6.0  # seconds; a screen that has not reacted by then never will
LOBBY = 0.3  # seconds of empty lobby between two guests: what is being read is read by then
KEY = 0.05  # seconds that a key takes
SETTLED = 0.15  # seconds after an answer, for the picture to be taken at rest
FAST = 5.0  # times real time, while a code is held up for 8 seconds

# How guests hold things: phones and paper, tilted, out of focus, in glare, in the dark.
MANNERS: tuple[dict[str, object], ...] = (
    {"holder": "phone", "tilt": 3.0},
    {"holder": "phone", "tilt": -8.0, "blur": 0.6},
    {"holder": "paper", "tilt": 4.0, "perspective": 0.2},
    {"holder": "phone", "glare": 0.25, "tilt": 2.0},
    {"holder": "phone", "perspective": 0.3, "tilt": 6.0},
    {"holder": "paper", "dim": 0.35, "noise": 4.0},
    {"holder": "phone", "dim": 0.3, "blur": 0.4, "tilt": -4.0},
    {"holder": "paper", "blur": 0.7, "glare": 0.15, "tilt": -3.0},
)


class StationAtWork(Protocol):
    """What the runner needs of a running station."""

    window: KioskWindow
    desk: DeskThread

    def look(self) -> None:
        """Begin to look through the camera."""
        ...

    def look_away(self) -> None:
        """Leave the camera to another station."""
        ...

    def stop(self) -> None:
        """End everything."""
        ...


@dataclass(frozen=True, repr=False)
class Outcome:
    """What became of a step. `milliseconds` from the code in full view to the painted answer.

    not_done: why something was not done that staff asked for.
    """

    step: Step
    admission: Admission | None
    milliseconds: float | None
    picture: Path | None
    not_done: Reason | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the answer is the one that the table of answers wants."""
        if self.admission is None or self.admission.shown is not self.step.expected:
            return False
        if self.not_done is not None:
            return False
        return self.step.reason is None or self.step.reason in self.admission.reasons


class Runner:
    """Plays steps one by one in Qt's own event loop."""

    def __init__(
        self,
        open_station: Callable[[str], StationAtWork],
        camera: SimulatedCamera,
        clock: ScenarioClock,
        break_disk: Callable[[], None],
        pictures: Path,
    ) -> None:
        self._open_station = open_station
        self._camera, self._clock, self._break_disk = camera, clock, break_disk
        self._pictures = pictures
        self._stations: dict[str, StationAtWork] = {}
        self._station: StationAtWork | None = None
        self._answers: list[tuple[float, Admission]] = []
        self._outcomes: list[DeskOutcome] = []  # of what staff asked for
        self._not_done: Reason | None = None
        self._shown = 0

    def play(self, steps: Sequence[Step]) -> Iterator[Outcome]:
        """Play all steps, each outcome as soon as it is there."""
        for number, step in enumerate(steps, start=1):
            yield self._play(number, step)

    def stop(self) -> None:
        """Close every station."""
        for station in self._stations.values():
            station.stop()

    def _play(self, number: int, step: Step) -> Outcome:
        station = self._go_to(step.station)
        self._camera.show(None)
        self._spin(LOBBY)
        self._clock.advance(step.gap)
        milliseconds, admission, saved, self._not_done = None, None, False, None
        picture = self._pictures / f"{number:02d}-{step.station.replace(' ', '-')}.png"
        for act in step.acts:
            reaction = self._do(act, station)
            if reaction is not None:
                milliseconds, admission = reaction
        if admission is not None:
            self._spin(SETTLED)
            saved = station.window.snapshot().save(str(picture))
        taken = picture if saved else None
        return Outcome(step, admission, milliseconds, taken, self._not_done)

    def _go_to(self, name: str) -> StationAtWork:
        if name not in self._stations:
            self._stations[name] = self._opened(name)
        station = self._stations[name]
        if station is not self._station:
            if self._station is not None:
                self._station.look_away()
                self._station.window.hide()
            self._station = station
            station.window.show()
            station.window.activateWindow()
            station.look()
        return station

    def _opened(self, name: str) -> StationAtWork:
        station = self._open_station(name)
        station.window.answered.connect(
            lambda admission: self._answers.append((time.monotonic(), admission))
        )
        station.desk.outcome.connect(lambda _, outcome: self._outcomes.append(outcome))
        return station

    def _do(self, act: Act, station: StationAtWork) -> tuple[float, Admission] | None:
        """Do it; the milliseconds until the screen reacted, and how."""
        began = time.monotonic()
        match act:
            case Hold():
                return self._hold(self._scene(act))
            case HoldUnreadable(text):
                return self._hold_unreadable(text)
            case Pause(passing):
                self._camera.show(None)
                self._spin(LOBBY)
                return self._reaction(began, lambda: self._clock.advance(passing))
            case Press(key, reacts):
                press = _presser(station.window, key)
                if reacts:
                    return self._reaction(began, press)
                press()
                self._spin(KEY)
            case Override(cause, by):
                card, at = self._answers[-1][1], self._clock.now()
                return self._reaction(
                    began,
                    lambda: station.desk.act(
                        Asked.OVERRIDE,
                        Action.OVERRIDE,
                        lambda desk, own: desk.override(cause, own, at),
                        at,
                        by,
                        card,
                    ),
                )
            case _:
                self._do_unseen(act, station)
        return None

    def _do_unseen(self, act: Unseen, station: StationAtWork) -> None:
        match act:
            case ClockJumps(by):
                self._camera.show(None)
                self._spin(LOBBY)
                self._clock.advance(by)
            case TimeIs(at):
                self._clock.set(at)
            case Ask():
                self._ask(act, station.desk)
            case DiskBreaks():
                self._break_disk()
            case _:
                assert_never(act)

    def _hold(self, scene: Scene) -> tuple[float, Admission] | None:
        reaction = self._reaction(time.monotonic(), lambda: self._camera.show(scene))
        if reaction is None:
            return None
        answered, admission = self._answers[-1]
        in_view = self._camera.in_view_since
        return (1000 * (answered - in_view) if in_view else reaction[0], admission)

    def _hold_unreadable(self, text: str) -> tuple[float, Admission] | None:
        self._clock.run_at(FAST)
        try:
            scene = unreadable(text)
            return self._reaction(time.monotonic(), lambda: self._camera.show(scene))
        finally:
            self._clock.run_at(1)

    def _ask(self, act: Ask, desk: DeskThread) -> None:
        before = len(self._outcomes)
        act.question(desk, self._clock.now())
        self._wait(lambda: len(self._outcomes) > before)
        outcome = self._outcomes[-1] if len(self._outcomes) > before else None
        if not isinstance(outcome, Done):
            self._not_done = outcome.reason if outcome else Reason.PROGRAM_TROUBLE

    def _reaction(self, began: float, cause: Callable[[], None]) -> tuple[float, Admission] | None:
        """What the screen shows next, after `cause`."""
        seen = len(self._answers)
        cause()
        self._wait(lambda: len(self._answers) > seen)
        if len(self._answers) == seen:
            return None
        answered, admission = self._answers[-1]
        return 1000 * (answered - began), admission

    def _wait(self, come: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not come() and time.monotonic() < until:
            self._spin(0.005)

    def _scene(self, act: Hold) -> Scene:
        self._shown += 1
        manner = MANNERS[self._shown % len(MANNERS)]
        return Scene(act.text, also=act.also, seed=self._shown, **manner)  # type: ignore[arg-type]

    def _spin(self, seconds: float) -> None:
        """Let Qt work for so long."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()


def _presser(window: KioskWindow, name: str) -> Callable[[], None]:
    """A real key event to whatever has the focus, as a keyboard would send it."""
    key = Qt.Key[f"Key_{name}"]
    text = {"Space": " ", "Return": "\r"}.get(name, name.lower() if len(name) == 1 else "")

    def press() -> None:
        # The window's own focus: on a screen without a window manager no window is active.
        target = window.focusWidget() or window.centralWidget() or window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key.value, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.postEvent(target, event)

    return press


def answered_names(shown: Shown) -> str:
    """The word of the table for an answer."""
    return {
        Shown.ADMIT: "Admit",
        Shown.DESK: "Desk",
        Shown.REFUSE: "Refused",
    }.get(shown, shown.name.replace("_", " ").capitalize())
