"""One desk at work: window, reader, camera path and disk, and the script's hands on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import assert_never

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from benchmarks.waiting import people
from benchmarks.waiting.operators import KEY, Operator
from benchmarks.waiting.people import Act, Presses, Shows, Types, Visitor
from kiosk.adapters.camera.paced import Grey
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system.keys import put_badge_key
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.screens import application, load_wordings
from kiosk.bootstrap.station import RunningStation
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role
from kiosk.demo.camera import SimulatedCamera
from kiosk.demo.clock import ScenarioClock
from kiosk.desk.admission import Admission
from kiosk.desk.findings import Mode, Station
from kiosk.desk.sessions import new_pin
from tests import door

PATIENCE = 20.0  # seconds; a screen that has not reacted by then never will
FAST = 4.0  # times real time while nobody does anything for 8 seconds
EMPTY = 0.3  # real seconds of empty picture between two guests
_STEP, _FRAME = 0.5, 0.08  # of the script's time, and how long it takes: a frame at least
_BAND, _BEND = 26, 1.5  # pixels: how wide a crease is, and how far it bends what lies beside it


@dataclass
class Turn:
    """What became of a visitor: seconds of people, and of the program."""

    visitor: Visitor
    human: float = 0.0
    program: float = 0.0
    waits: list[float] = field(default_factory=list)  # of the program, each

    @property
    def seconds(self) -> float:
        """Of one person."""
        return (self.human + self.program) / self.visitor.persons

    @property
    def assumed(self) -> float:
        """Those of one person that are our figures, not the model's."""
        acts = (act for act in self.visitor.acts if isinstance(act, Operator) and act.assumed)
        return sum(act.seconds for act in acts) / self.visitor.persons


class CreasedCamera(SimulatedCamera):
    """The demonstration's camera; while `creased`, what it sees has been folded twice."""

    creased = False

    def pictures(self) -> Iterator[Grey]:
        """Frames with a crease across and one down the middle."""
        for image in super().pictures():
            yield folded(image) if self.creased else image


def folded(image: Grey) -> Grey:
    """Paper that was folded and lies open again: bent at the crease, dark before it, light behind.

    image: luma, shape (height, width), uint8.
    """
    height, width = image.shape
    across = np.arange(width, dtype=np.float32) - 0.47 * width
    down = np.arange(height, dtype=np.float32) - 0.52 * height
    bend_x, bend_y = (_BEND * np.sign(d) * np.exp(-np.abs(d) / 60) for d in (across, down))
    map_x = np.tile(np.arange(width, dtype=np.float32) + bend_x, (height, 1))
    map_y = np.tile((np.arange(height, dtype=np.float32) + bend_y)[:, None], (1, width))
    bent = cv2.remap(image, map_x, map_y.astype(np.float32), cv2.INTER_LINEAR)
    light = np.ones((height, width), np.float32)
    light *= 1 - 0.4 * np.exp(-((across / _BAND) ** 2))[None, :] * np.sign(-across)[None, :]
    light *= 1 - 0.4 * np.exp(-((down / _BAND) ** 2))[:, None] * np.sign(-down)[:, None]
    return np.asarray(np.clip(bent * light, 0, 255), np.uint8)


class Desk:
    """Plays visitors at one desk in Qt's own event loop."""

    def __init__(self, folder: Path) -> None:
        application()
        event = door.saint_ouen()
        with open_database(folder, door.SEALER) as database:
            replace_guests(database, people.guests())
            boss = Member(
                "0" * 16, "Supervisor", Role.SUPERVISOR, door.MORNING, "nobody", new_pin(people.PIN)
            )
            StoredStaff(database).keep_member(boss)
        put_badge_key(folder, door.badge_key())
        self._clock, self._camera = ScenarioClock(door.MORNING), CreasedCamera()
        place = Installation(folder, door.trust(), sealer=door.SEALER)
        station = Station(event, door.policy(), event.doors[0], Mode.DESK, "bench", desk="Desk 1")
        self._running = RunningStation(
            station,
            lambda tell: place.open_desk(station, self._clock, tell),
            self._camera,
            self._clock,
            load_wordings(event),
            door.trust(),
        )
        self._answers: list[tuple[float, Admission]] = []
        self._recorded: list[float] = []
        self._found: list[tuple[float, str, int]] = []
        self._running.window.answered.connect(
            lambda admission: self._answers.append((time.monotonic(), admission))
        )
        self._running.desk.outcome.connect(lambda *_: self._recorded.append(time.monotonic()))
        self._running.desk.found.connect(
            lambda query, guests: self._found.append((time.monotonic(), query, len(guests)))
        )

    def open(self) -> None:
        """Show the window and begin to look."""
        self._running.window.resize(1280, 800)
        self._running.window.show()
        self._running.window.activateWindow()
        self._running.look()
        self._spin(3.0)  # until a second reader stands by

    def close(self) -> None:
        """End everything."""
        self._running.stop()

    def serve(self, visitor: Visitor) -> Turn:
        """Play one visitor. Raises AssertionError where the screen does not do what it should."""
        turn = Turn(visitor)
        for act in visitor.acts:
            program, human = self._do(act)
            turn.program, turn.human = turn.program + program, turn.human + human
            if program:
                turn.waits.append(program)
        self._camera.show(None)
        self._spin(EMPTY)
        return turn

    def _do(self, act: Act) -> tuple[float, float]:
        """Seconds of the program, and of people."""
        match act:
            case Operator():
                self._pass(act.seconds)
                return 0.0, act.seconds
            case Shows():
                return self._show(act), 0.0
            case Presses():
                return self._press(act), KEY.seconds
            case Types():
                return self._type(act), KEY.seconds * len(act.text)
        assert_never(act)

    def _pass(self, seconds: float) -> None:
        """Let time pass in steps, with frames of the camera in each: what is held up stays seen."""
        steps = max(1, round(seconds / _STEP))
        for _ in range(steps):
            self._clock.advance(timedelta(seconds=seconds / steps))
            self._spin(_FRAME)

    def _show(self, act: Shows) -> float:
        before, began = len(self._answers), self._clock.now()
        self._camera.creased = act.creased
        self._clock.run_at(FAST if act.hurried else 1)
        self._camera.show(act.scene)
        self._wait(lambda: self._came(before, act), f"{act.shown} {act.reason or ''}")
        self._clock.run_at(1)
        if act.hurried:
            return (self._clock.now() - began).total_seconds()
        seen = self._camera.in_view_since
        assert seen is not None
        return self._answers[-1][0] - seen

    def _came(self, before: int, act: Shows) -> bool:
        new = [admission for _, admission in self._answers[before:]]
        return (
            bool(new)
            and new[-1].shown is act.shown
            and (act.reason is None or act.reason in new[-1].reasons)
        )

    def _press(self, act: Presses) -> float:
        key = Qt.Key[f"Key_{act.key}"]
        self._pass(KEY.seconds)
        answers, records, began = len(self._answers), len(self._recorded), time.monotonic()
        self._send(key, _text_of(key))
        if act.recorded:
            self._wait(lambda: len(self._recorded) > records, f"{act.key} to be recorded")
            return self._recorded[-1] - began
        if act.shown is None:
            self._spin(0.05)  # what it opens is open
            return 0.0
        self._wait(lambda: len(self._answers) > answers, f"{act.key} {act.shown}")
        answered, admission = self._answers[-1]
        assert admission.shown is act.shown, admission
        return answered - began

    def _type(self, act: Types) -> float:
        for letter in act.text:
            self._pass(KEY.seconds)
            self._send(Qt.Key.Key_unknown, letter)
            self._spin(0.01)
        began = time.monotonic()
        if act.found is None:
            return 0.0
        self._wait(lambda: any(q == act.text for _, q, _ in self._found), "nobody found")
        at, _, count = next(each for each in self._found if each[1] == act.text)
        assert count == act.found, count
        return max(0.0, at - began)

    def _send(self, key: Qt.Key, text: str) -> None:
        window = self._running.window
        target = window.focusWidget() or window.centralWidget()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key.value, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.postEvent(target, event)

    def _wait(self, come: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not come():
            last = self._answers[-1][1] if self._answers else None
            assert time.monotonic() < until, f"waited in vain for {what}; the screen has {last}"
            self._spin(0.002)

    def _spin(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(max(1, int(seconds * 1000)), loop.quit)
        loop.exec()


def _text_of(key: Qt.Key) -> str:
    return {Qt.Key.Key_Space: " ", Qt.Key.Key_Return: "\r", Qt.Key.Key_M: "m"}.get(key, "")
