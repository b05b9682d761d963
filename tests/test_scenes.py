"""The simulated camera: what it shows is read where it should be, and nowhere else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import base45
import numpy as np
import pytest

from kiosk.adapters.reader.quick import QuickReader
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.demo.camera import SimulatedCamera, pose_at
from kiosk.demo.scenes import Pose, Scene, Stage, render, unreadable
from kiosk.desk.ports import CameraTrouble, Frame, Sighting


def made_up(prefix: str, count: int, seed: int) -> str:
    data = np.random.default_rng(seed).integers(0, 256, count, dtype=np.uint8).tobytes()
    return prefix + str(base45.b45encode(data), "ascii")


CERTIFICATE = made_up("HC1:", 370, 5)
OTHER_CERTIFICATE = made_up("HC1:", 352, 6)
BADGE = made_up("B1:", 75, 7)

READABLE = [
    Scene(CERTIFICATE, seed=1),
    Scene(CERTIFICATE, seed=2, scale=2.6),
    Scene(CERTIFICATE, seed=3, scale=4.5),
    Scene(CERTIFICATE, seed=4, blur=1.0),
    Scene(CERTIFICATE, seed=5, blur=1.3, scale=4.2),
    Scene(CERTIFICATE, seed=6, tilt=12),
    Scene(CERTIFICATE, seed=7, tilt=-20, blur=0.6),
    Scene(CERTIFICATE, seed=8, perspective=0.4),
    Scene(CERTIFICATE, seed=9, perspective=0.5, tilt=8),
    Scene(CERTIFICATE, seed=10, glare=0.25),
    Scene(CERTIFICATE, seed=11, glare=0.35, tilt=-6),
    Scene(CERTIFICATE, seed=12, glare=0.2, perspective=0.3),
    Scene(CERTIFICATE, seed=13, dim=0.5, noise=6),
    Scene(CERTIFICATE, seed=14, dim=0.7, noise=5),
    Scene(CERTIFICATE, seed=15, dim=0.4, glare=0.2, tilt=5, noise=4),
    Scene(CERTIFICATE, holder="paper", seed=16),
    Scene(CERTIFICATE, holder="paper", seed=17, tilt=15, blur=0.6),
    Scene(CERTIFICATE, holder="paper", seed=18, perspective=0.4, dim=0.3),
    Scene(CERTIFICATE, holder="paper", seed=19, tilt=-30, scale=3.0),
    Scene(CERTIFICATE, holder="paper", seed=20, noise=9, dim=0.2),
    Scene(BADGE, holder="paper", seed=21),
    Scene(BADGE, holder="paper", seed=22, tilt=25, blur=1.0),
    Scene(BADGE, holder="paper", seed=23, perspective=0.6),
    Scene(BADGE, holder="paper", seed=24, glare=0.2, scale=4.5),
    Scene(BADGE, holder="paper", seed=25, dim=0.7, noise=5),
    Scene(BADGE, holder="phone", seed=26, tilt=-15, scale=4),
    Scene(BADGE, holder="phone", seed=27, scale=2.8),
]


@pytest.mark.parametrize("scene", READABLE, ids=repr)
def test_a_code_held_up_reasonably_is_read(scene: Scene) -> None:
    reader, image = QuickReader(), render(scene)
    for _ in ("for the first time", "and held up"):
        sighting = reader.read(image)
        assert [code.text for code in sighting.codes] == [scene.text]
        assert not sighting.something_there  # beside it, be it a screen or a printed sheet


@pytest.mark.parametrize("also", [BADGE, OTHER_CERTIFICATE], ids=["badge", "certificate"])
def test_two_codes_side_by_side_are_both_read(also: str) -> None:
    seen = QuickReader().read(render(Scene(CERTIFICATE, also=also, seed=31)))
    assert {code.text for code in seen.codes} == {CERTIFICATE, also}


@pytest.mark.parametrize("text", [CERTIFICATE, BADGE], ids=["certificate", "badge"])
def test_an_unreadable_scene_is_not_read_but_something_is_there(text: str) -> None:
    for seed in range(6):
        sighting = QuickReader().read(render(unreadable(text, seed)))
        assert sighting.codes == ()
        assert sighting.something_there


def test_200_empty_frames_hold_no_code_and_nothing_that_looks_like_one() -> None:
    reader = QuickReader()
    for seed in range(40):
        stage = Stage(Scene(seed=seed, dim=0.2 * (seed % 5), noise=2 + 3 * (seed % 4)))
        for number in range(5):
            assert reader.read(stage.picture(number=number).image) == Sighting()


def test_a_scene_gives_the_same_picture_each_time() -> None:
    scene = Scene(CERTIFICATE, glare=0.3, noise=5, seed=41)
    assert np.array_equal(render(scene), render(scene))


def test_another_seed_gives_another_picture() -> None:
    assert not np.array_equal(
        render(Scene(CERTIFICATE, seed=1)), render(Scene(CERTIFICATE, seed=2))
    )


def test_a_picture_has_the_size_that_was_asked_for() -> None:
    image = render(Scene(CERTIFICATE), (960, 540))
    assert image.shape == (540, 960)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


def test_the_corners_of_the_code_are_where_a_reader_finds_them() -> None:
    picture = Stage(Scene(BADGE, holder="paper", tilt=10, seed=51)).picture()
    (code,) = ZxingReader().read(picture.image).codes
    assert np.abs(np.array(code.corners) - picture.codes[0]).max() < 4


def test_a_code_that_is_partly_outside_is_not_in_view() -> None:
    stage = Stage(Scene(BADGE, holder="paper", seed=52))
    assert stage.picture().codes_in_view()
    assert not stage.picture(Pose(right=700)).codes_in_view()
    assert not Stage(Scene()).picture().codes_in_view()


def test_a_scene_never_shows_its_text() -> None:
    assert BADGE not in repr(Scene(BADGE, also=BADGE))


def test_a_frame_is_cheap_enough_for_fifteen_in_a_second() -> None:
    stage = Stage(unreadable(CERTIFICATE))
    before = time.process_time()
    for number in range(10):
        stage.picture(Pose(right=number), number)
    assert (time.process_time() - before) / 10 < 0.025  # seconds


def test_a_thing_comes_in_out_of_focus_and_then_hardly_moves() -> None:
    first, last = pose_at(0, 0.25, 720), pose_at(0.3, 0.25, 720)
    assert first.down > 600
    assert first.blur > 4
    assert last.blur == 0
    assert abs(last.down) + abs(last.right) < 4


class Listener:
    """Keeps the newest frame and wakes whoever waits for one that is fit."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.troubles: list[CameraTrouble] = []
        self._came = threading.Condition()

    def deliver(self, frame: Frame) -> None:
        with self._came:
            self.frames.append(frame)
            self._came.notify_all()

    def wait_for_text(self, text: str | None) -> bool:
        """Whether a frame with exactly that code comes within 5 seconds."""
        reader = ZxingReader()
        seen = -1

        def fit() -> bool:
            nonlocal seen
            if not self.frames or self.frames[-1].number == seen:
                return False
            seen = self.frames[-1].number
            codes = reader.read(self.frames[-1].image).codes
            return [code.text for code in codes] == ([] if text is None else [text])

        with self._came:
            return self._came.wait_for(fit, 5)


@contextmanager
def running(camera: SimulatedCamera) -> Iterator[Listener]:
    listener = Listener()
    camera.start(listener.deliver, listener.troubles.append)
    try:
        yield listener
    finally:
        camera.stop()
    assert listener.troubles == []


def test_the_simulated_camera_shows_what_it_is_told_to() -> None:
    camera = SimulatedCamera()
    with running(camera) as listener:
        assert listener.wait_for_text(None)
        camera.show(Scene(BADGE, holder="paper", seed=61))
        assert listener.wait_for_text(BADGE)
        camera.show(Scene(CERTIFICATE, seed=62))
        assert listener.wait_for_text(CERTIFICATE)
        camera.show(None)
        assert listener.wait_for_text(None)


def test_the_camera_knows_since_when_a_code_is_in_view() -> None:
    told: list[tuple[Scene, float]] = []
    camera = SimulatedCamera(in_view=lambda scene, when: told.append((scene, when)))
    scene = Scene(BADGE, holder="paper", seed=63)
    with running(camera) as listener:
        asked = time.monotonic()
        camera.show(scene)
        assert listener.wait_for_text(BADGE)
        since = camera.in_view_since
        assert since is not None
        assert asked < since <= time.monotonic()
        assert told == [(scene, since)]


def test_nothing_is_in_view_before_the_first_scene_and_after_the_last() -> None:
    camera = SimulatedCamera()
    assert camera.in_view_since is None
    with running(camera) as listener:
        camera.show(Scene(BADGE, holder="paper", seed=64))
        assert listener.wait_for_text(BADGE)
        camera.show(None)
        assert camera.in_view_since is None


def test_the_same_scene_can_be_shown_again_and_comes_in_anew() -> None:
    told: list[float] = []
    twice = threading.Event()

    def in_view(_scene: Scene, when: float) -> None:
        told.append(when)
        if len(told) == 2:
            twice.set()
        else:
            camera.show(scene, settle=0)

    camera = SimulatedCamera(in_view=in_view)
    scene = Scene(BADGE, holder="paper", seed=65)
    with running(camera):
        camera.show(scene, settle=0)
        assert twice.wait(5)
    assert told[1] > told[0]
