"""The simulated camera: guests hold up their codes before it, as the scenario says."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator

from kiosk.adapters.camera.paced import Grey, PacedCamera
from kiosk.demo.scenes import SIZE, Pose, Scene, Stage

FPS = 15.0
SETTLE = 0.25  # seconds from the edge of the picture to rest
FIRST_BLUR = 5.0  # pixels of defocus at the beginning of the entrance
TREMOR = 1.3  # pixels; a hand is never quite still

EMPTY = Scene()


class SimulatedCamera(PacedCamera):
    """Shows scenes with their entrance and a hand's tremor. Any thread may call `show`."""

    def __init__(
        self,
        size: tuple[int, int] = SIZE,
        empty: Scene = EMPTY,
        in_view: Callable[[Scene, float], None] | None = None,
    ) -> None:
        """`in_view` is called from the camera's thread, once a scene: see `in_view_since`."""
        super().__init__("Simulated camera", FPS)
        self._size = size
        self._empty = empty
        self._on_view = in_view
        self._lock = threading.Lock()
        self._scene, self._settle, self._turn = empty, 0.0, 0
        self._in_view_since: float | None = None

    @property
    def in_view_since(self) -> float | None:
        """When all codes of the present scene were first entirely in a frame; else None.

        Monotonic seconds, taken when that frame was ready: what follows is the kiosk's own time.
        """
        with self._lock:
            return self._in_view_since

    def show(self, scene: Scene | None, settle: float = SETTLE) -> None:
        """From the next frame on show this scene, None being the empty lobby.

        What is held up comes in within `settle` seconds; 0 has it there at once.
        """
        with self._lock:
            self._scene, self._settle = scene or self._empty, settle
            self._turn += 1
            self._in_view_since = None

    def pictures(self) -> Iterator[Grey]:
        """A frame of whatever is to be shown when it is asked for, for ever."""
        turn, began, number = -1, 0.0, 0
        stage = Stage(self._empty, self._size)
        while True:
            with self._lock:
                scene, settle, wanted = self._scene, self._settle, self._turn
            if wanted != turn:
                if scene != stage.scene:
                    stage = Stage(scene, self._size)
                turn, began = wanted, time.monotonic()
            pose = pose_at(time.monotonic() - began, settle, self._size[1])
            picture = stage.picture(pose, number)
            number += 1
            if picture.codes_in_view():
                self._note_view(turn)
            yield picture.image

    def _note_view(self, turn: int) -> None:
        now = time.monotonic()
        with self._lock:
            if turn != self._turn or self._in_view_since is not None:
                return
            self._in_view_since = now
            scene = self._scene
        if self._on_view is not None:
            self._on_view(scene, now)


def pose_at(seconds: float, settle: float, height: int) -> Pose:
    """Where things are `seconds` after they were shown: in from below, then sharp, then held."""
    to_go = max(0.0, 1 - seconds / settle) if settle > 0 else 0.0
    return Pose(
        right=_sway(seconds, 0.9, 0.0) + 0.12 * height * to_go**2,
        down=_sway(seconds, 1.3, 1.7) + 0.9 * height * to_go**2,
        turned=0.25 * _sway(seconds, 0.7, 0.5) + 9 * to_go**2,
        blur=FIRST_BLUR * to_go,
    )


def _sway(seconds: float, hertz: float, phase: float) -> float:
    """Slow drift with a finer tremor on it, `TREMOR` pixels at most."""
    slow = math.sin(2 * math.pi * hertz * seconds + phase)
    fine = math.sin(2 * math.pi * 7.1 * hertz * seconds + 3 * phase)
    return TREMOR * (0.75 * slow + 0.25 * fine)
