"""A webcam through Qt, without a webcam: plugged, unplugged, frozen and broken on the bench."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtMultimedia import QCameraDevice, QVideoSink
from pytestqt.qtbot import QtBot

from kiosk.adapters.camera import qt_camera, webcam
from kiosk.adapters.camera.qt_camera import QtCamera, available_cameras
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame
from tests.fakes.cameras import PIXEL, QUIET_MULTIMEDIA, Bench, Listener, grey, video_frame

pytestmark = QUIET_MULTIMEDIA


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog ten times as fast."""
    monkeypatch.setattr(qt_camera, "SILENCE", 0.15)
    monkeypatch.setattr(qt_camera, "OPENING", 0.4)
    monkeypatch.setattr(qt_camera, "OPENED_BEFORE", 0.2)
    monkeypatch.setattr(qt_camera, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(qt_camera, "BACK_OFF", (0.03, 0.06))


class Started:
    """A webcam on the bench, started, with what it says."""

    def __init__(self, qtbot: QtBot, bench: Bench, wanted: str | int = 0) -> None:
        self.bench, self.listener = bench, Listener()
        self.camera = QtCamera(wanted, bench)
        self._qtbot = qtbot
        self.camera.start(self.listener.deliver, self.listener.trouble)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=3000)

    def feed_until(self, condition: Callable[[], bool], level: int | None = None) -> None:
        def fed() -> bool:
            self.bench.feed(level)
            return condition()

        self.until(fed)


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[..., Started]]:
    all_started: list[Started] = []

    def begin(bench: Bench, wanted: str | int = 0) -> Started:
        all_started.append(Started(qtbot, bench, wanted))
        return all_started[-1]

    yield begin
    for started in all_started:
        started.camera.stop()


Start = Callable[..., Started]


def test_trouble_is_noticed_within_3_seconds() -> None:
    assert qt_camera.SILENCE + qt_camera.LOOK_EVERY <= 3
    assert qt_camera.SAME_FRAMES / webcam.SLOWEST + qt_camera.LOOK_EVERY <= 3
    assert qt_camera.SAME_FEW / qt_camera.SILENCE <= 5  # frames a second, as webcams do in the dark


def test_a_webcam_that_is_back_is_opened_soon_enough_to_be_seen_within_5_seconds() -> None:
    opening = 1.5  # seconds to the first frame
    assert max(qt_camera.BACK_OFF) + opening <= 5
    patience = max(qt_camera.OPENED_BEFORE, 1.5 * opening)
    assert patience + qt_camera.LOOK_EVERY + qt_camera.BACK_OFF[0] + opening <= 5


@pytest.mark.parametrize(
    ("wanted", "opened"),
    [(0, "Desk cam"), ("1", "Lid cam"), ("Lid cam", "Lid cam"), ("lid CAM", "Lid cam")],
)
def test_a_webcam_is_found_by_number_or_name(start: Start, wanted: str | int, opened: str) -> None:
    started = start(Bench("Desk cam", "Lid cam"), wanted)
    assert started.bench.opened == [opened]
    assert started.camera.name == opened


def test_frames_of_a_webcam_are_delivered_from_a_thread_of_their_own(start: Start) -> None:
    started = start(Bench("Desk cam"))
    keep = started.listener.frames
    started.feed_until(lambda: len(keep) >= 3)
    assert keep[0].image.shape == (48, 64)
    assert [frame.number for frame in keep[:3]] == [0, 1, 2]
    assert started.listener.threads == {"webcam"}
    assert started.listener.troubles == []


def test_a_webcam_that_is_not_there_is_trouble_and_opened_as_soon_as_it_comes(
    start: Start,
) -> None:
    started = start(Bench())
    assert started.listener.troubles == [CameraTrouble(CameraFault.NOT_CONNECTED, "0")]
    started.bench.plug("Desk cam")
    started.feed_until(lambda: bool(started.listener.frames))
    assert started.camera.name == "Desk cam"


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_is_unplugged_is_trouble_and_taken_up_again(start: Start) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    started.bench.plug(told=False)
    started.until(lambda: len(started.listener.troubles) == 2)
    assert started.listener.troubles == [
        CameraTrouble(CameraFault.NO_PICTURE, "Desk cam"),
        CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam"),
    ]
    count = len(started.listener.frames)
    started.bench.plug("Desk cam")
    started.feed_until(lambda: len(started.listener.frames) > count)
    assert len(started.listener.troubles) == 2


@pytest.mark.usefixtures("quick")
def test_another_webcam_never_takes_the_place_of_the_one_that_was_opened(
    start: Start, qtbot: QtBot
) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    started.bench.plug("Lid cam")
    assert started.listener.troubles == [CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam")]
    qtbot.wait(300)  # ten tries
    assert set(started.bench.opened) == {"Desk cam"}


def test_a_webcam_that_the_system_says_is_gone_is_trouble_at_once_and_back_at_once(
    start: Start,
) -> None:
    """With the program's own pauses: none of them is waited for."""
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    started.bench.plug()
    assert started.listener.troubles == [CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam")]
    count = len(started.listener.frames)
    started.bench.plug("Desk cam")
    assert len(started.bench.opened) == 1
    started.feed_until(lambda: len(started.listener.frames) > count)
    assert len(started.bench.opened) == 2


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_is_silent_is_opened_anew_as_soon_as_something_is_plugged_in(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_camera, "OPENING", 1000)
    started = start(Bench("Desk cam"))
    started.until(lambda: bool(started.listener.troubles))
    started.bench.plug("Desk cam")
    started.until(lambda: len(started.bench.opened) == 2)


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_was_quick_to_open_once_is_not_waited_for_so_long_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_camera, "OPENING", 1000)
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    started.until(lambda: len(started.bench.opened) == 4)  # silent, silent and silent again


@pytest.mark.usefixtures("quick")
def test_a_slow_webcam_that_freezes_is_trouble_after_a_few_frames(start: Start) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    slow = 0.3 / qt_camera.SAME_FEW  # seconds between two frames
    fed = [0.0, 0]

    def frozen() -> bool:
        if time.monotonic() - fed[0] >= slow:
            fed[0], fed[1] = time.monotonic(), fed[1] + 1
            started.bench.feed(50)
        return bool(started.listener.troubles)

    started.until(frozen)
    assert started.listener.troubles == [CameraTrouble(CameraFault.FROZEN, "Desk cam")]
    assert fed[1] < qt_camera.SAME_FRAMES


@pytest.mark.usefixtures("quick")
def test_a_frozen_webcam_that_comes_to_life_is_shown_at_once(start: Start) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: len(started.bench.opened) >= 4, level=50)
    count = len(started.listener.frames)
    started.feed_until(lambda: len(started.listener.frames) > count)
    assert len(started.listener.troubles) == 1


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_freezes_is_trouble_and_its_old_picture_is_not_shown(start: Start) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.troubles), level=50)
    assert started.listener.troubles[0] == CameraTrouble(CameraFault.FROZEN, "Desk cam")
    assert len(started.listener.frames) <= qt_camera.SAME_FRAMES
    count = len(started.listener.frames)
    started.feed_until(lambda: len(started.bench.opened) >= 2, level=50)
    started.feed_until(lambda: len(started.listener.frames) > count)
    assert len(started.listener.troubles) == 1


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_fails_is_trouble_and_opened_again_and_the_log_tells_why(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    started = start(Bench("Desk cam"))
    started.bench.failed("Device is\nin use ")
    assert started.listener.troubles == [CameraTrouble(CameraFault.FAILED, "Desk cam")]
    assert caplog.messages == ["webcam failed: Device is in use"]
    started.until(lambda: len(started.bench.opened) == 2)
    started.feed_until(lambda: bool(started.listener.frames))


@pytest.mark.usefixtures("quick")
def test_a_webcam_that_never_sends_a_frame_is_opened_again_and_told_once(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    started = start(Bench("Desk cam"))
    started.until(lambda: len(started.bench.opened) >= 3)
    assert started.listener.troubles == [CameraTrouble(CameraFault.NO_PICTURE, "Desk cam")]
    assert caplog.messages == ["webcam no_picture"]


def test_after_stop_a_webcam_is_closed_and_says_nothing(start: Start) -> None:
    started = start(Bench("Desk cam"))
    started.feed_until(lambda: bool(started.listener.frames))
    sink = started.bench.sink
    assert sink is not None
    started.camera.stop()
    count = len(started.listener.frames)
    assert started.bench.sink is None
    sink.setVideoFrame(video_frame(PIXEL.Format_Y8, grey(3, (48, 64))))
    started.bench.plug()
    started.until(lambda: "webcam" not in {thread.name for thread in threading.enumerate()})
    assert (len(started.listener.frames), started.listener.troubles) == (count, [])


def test_a_webcam_is_started_once_at_a_time(start: Start) -> None:
    started = start(Bench("Desk cam"))
    with pytest.raises(RuntimeError, match="already"):
        started.camera.start(started.listener.deliver, started.listener.trouble)


@pytest.mark.usefixtures("qapp")
def test_the_webcams_of_this_machine_have_names() -> None:
    names = available_cameras()
    assert len(set(names)) == len(names)
    assert available_cameras(Bench("A", "B")) == ["A", "B"]


def test_a_listener_that_throws_costs_a_frame_and_not_the_webcam(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    bench, good = Bench("Desk cam"), list[Frame]()
    started = start(bench)
    started.camera.stop()

    def deliver(frame: Frame) -> None:
        if frame.number == 0:
            raise KeyError("a text that nobody is to see")
        good.append(frame)

    started.camera.start(deliver, started.listener.trouble)
    started.feed_until(lambda: bool(good))
    assert caplog.messages == ["a frame was lost to KeyError"]


@pytest.mark.usefixtures("qapp")
def test_a_webcam_of_qt_that_is_gone_can_be_opened_and_closed() -> None:
    failures: list[str] = []
    sink = QVideoSink()
    close = webcam._connected(QCameraDevice(), sink, failures.append)
    close()
    assert webcam.QtWebcams().connect("no such webcam", sink, failures.append) is None
    unwatch = webcam.QtWebcams().watch(lambda: None)
    unwatch()
