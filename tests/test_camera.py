"""Cameras: paced sources, films and folders, the luma of Qt's frames, the choice of a camera."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoSink
from pytestqt.qtbot import QtBot

from kiosk.adapters.camera import webcam
from kiosk.adapters.camera.files import FILM_ENDINGS, PictureFolderCamera, VideoFileCamera
from kiosk.adapters.camera.luma import has_luma_plane, luma_of
from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.paced import Grey, PacedCamera
from kiosk.adapters.camera.qt_camera import QtCamera
from kiosk.adapters.camera.webcam import Mode, best_mode
from kiosk.desk.ports import Camera, CameraFault, CameraTrouble, Frame
from tests.fakes.cameras import PIXEL, QUIET_MULTIMEDIA, Bench, Listener, grey, video_frame

pytestmark = QUIET_MULTIMEDIA


def heard(camera: Camera, frames: int = 0, troubles: int = 0) -> Listener:
    """What the camera says until there is that much of it."""
    listener = Listener()
    camera.start(listener.deliver, listener.trouble)
    try:
        listener.wait(frames, troubles)
    finally:
        camera.stop()
    return listener


# paced sources


class Source(PacedCamera):
    """Delivers what it is given, then does what it is told."""

    def __init__(
        self, *pictures: Grey | CameraTrouble, fps: float = 200, then: Exception | None = None
    ) -> None:
        super().__init__("A source", fps)
        self._pictures, self._then = pictures, then

    def pictures(self) -> Iterator[Grey | CameraTrouble]:
        yield from self._pictures
        if self._then is not None:
            raise self._then


def test_frames_come_in_order_and_numbered() -> None:
    listener = heard(Source(*map(grey, range(5))), frames=5)
    assert [(f.number, int(f.image[0, 0])) for f in listener.frames] == [(n, n) for n in range(5)]


def test_frames_come_at_the_rate_and_not_faster() -> None:
    began = time.monotonic()
    heard(Source(*[grey(0)] * 20, fps=50), frames=11)
    assert time.monotonic() - began >= 10 / 50


def test_a_source_that_ends_says_so() -> None:
    (trouble,) = heard(Source(grey(0)), troubles=1).troubles
    assert trouble == CameraTrouble(CameraFault.ENDED, "A source")


def test_a_source_that_fails_says_so_without_the_content(caplog: pytest.LogCaptureFixture) -> None:
    (trouble,) = heard(Source(grey(0), then=OSError("a secret")), troubles=1).troubles
    assert trouble == CameraTrouble(CameraFault.FAILED, "A source")
    assert caplog.messages == ["camera stopped by OSError"]


def test_a_trouble_between_two_pictures_is_told_and_the_pictures_go_on() -> None:
    between = CameraTrouble(CameraFault.NOT_A_PICTURE, "b.png")
    listener = heard(Source(grey(1), between, grey(2)), frames=2, troubles=2)
    assert listener.troubles[0] == between


def test_the_name_of_a_camera_is_in_no_repr() -> None:
    assert "Usuaria" not in repr(CameraTrouble(CameraFault.FAILED, "Usuaria's phone"))


def test_after_stop_nothing_more_comes_and_the_thread_is_gone() -> None:
    before = threading.active_count()
    listener = heard(Source(*[grey(0)] * 100_000), frames=3)
    assert threading.active_count() == before
    count = len(listener.frames)
    time.sleep(0.03)
    assert len(listener.frames) == count
    assert listener.troubles == []


def test_stop_does_not_wait_for_the_next_frame() -> None:
    began = time.monotonic()
    heard(Source(grey(0), grey(1), fps=0.1), frames=1)
    assert time.monotonic() - began < 2


def test_a_camera_can_be_stopped_from_its_own_frame_and_twice() -> None:
    source, stopped = Source(*[grey(0)] * 1000), threading.Event()

    def deliver(_: Frame) -> None:
        source.stop()
        stopped.set()

    source.start(deliver, lambda _: None)
    assert stopped.wait(5)
    source.stop()


def test_a_camera_is_started_once_at_a_time_and_again_after_stop() -> None:
    source = Source(*[grey(0)] * 1000)
    heard(source, frames=1)
    source.start(lambda _: None, lambda _: None)
    with pytest.raises(RuntimeError, match="already"):
        source.start(lambda _: None, lambda _: None)
    source.stop()


@pytest.mark.parametrize(
    ("shape", "delivered"),
    [
        ((1080, 1920), (1080, 1920)),
        ((2160, 3840), (1080, 1920)),
        ((3000, 2000), (1080, 720)),
        ((480, 640), (480, 640)),
    ],
)
def test_a_frame_is_never_larger_than_1920_by_1080(
    shape: tuple[int, int], delivered: tuple[int, int]
) -> None:
    (frame, *_) = heard(Source(grey(9, shape)), frames=1).frames
    assert frame.image.shape == delivered


# films and folders


def film(path: Path, levels: list[int], fps: float = 25.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    assert writer.isOpened()
    for level in levels:
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


def test_a_film_is_shown_in_grey_and_from_the_start_again(tmp_path: Path) -> None:
    camera = VideoFileCamera(film(tmp_path / "queue.avi", [40, 120, 200]))
    listener = heard(camera, frames=7)
    levels = [round(float(frame.image.mean())) for frame in listener.frames[:7]]
    assert np.abs(np.array(levels) - [40, 120, 200, 40, 120, 200, 40]).max() < 6
    assert listener.frames[0].image.shape == (48, 64)
    assert camera.name == "queue.avi"
    assert camera.fps == 25


def test_a_film_that_is_not_to_loop_ends_with_a_word(tmp_path: Path) -> None:
    listener = heard(VideoFileCamera(film(tmp_path / "a.avi", [9, 9]), loop=False), troubles=1)
    assert len(listener.frames) == 2
    assert listener.troubles == [CameraTrouble(CameraFault.ENDED, "a.avi")]


@pytest.mark.parametrize("content", [None, b"", b"no film at all" * 50])
def test_a_file_that_is_no_film_is_trouble(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.avi"
    if content is not None:
        path.write_bytes(content)
    listener = heard(VideoFileCamera(path), troubles=1)
    assert listener.frames == []
    assert listener.troubles == [CameraTrouble(CameraFault.NOT_A_FILM, "broken.avi")]


@pytest.mark.skipif(sys.platform != "linux", reason="names are always text there")
def test_a_film_whose_name_is_no_text_is_trouble(tmp_path: Path) -> None:
    odd = film(tmp_path / "a.avi", [9]).rename(tmp_path / os.fsdecode(b"\xff.avi"))
    listener = heard(VideoFileCamera(odd), troubles=1)
    assert [each.fault for each in listener.troubles] == [CameraFault.NOT_A_FILM]


def test_pictures_come_in_order_each_for_its_time_and_bad_ones_are_told_once(
    tmp_path: Path,
) -> None:
    for name, level in (("b.png", 200), ("a.JPG", 40), ("d é.jpeg", 90)):
        done, data = cv2.imencode(Path(name).suffix.lower(), grey(level))
        assert done
        (tmp_path / name).write_bytes(data.tobytes())
    (tmp_path / "c.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("not meant")
    camera = PictureFolderCamera(tmp_path, seconds_each=2 / 15)
    camera.fps = 200
    listener = heard(camera, frames=12, troubles=1)
    levels = [round(float(frame.image.mean())) for frame in listener.frames[:12]]
    assert levels == [40, 40, 200, 200, 90, 90] * 2
    assert listener.troubles == [CameraTrouble(CameraFault.NOT_A_PICTURE, "c.png")]


def test_a_folder_without_a_picture_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    listener = heard(PictureFolderCamera(tmp_path), troubles=2)
    assert listener.troubles == [
        CameraTrouble(CameraFault.NOT_A_PICTURE, "a.png"),
        CameraTrouble(CameraFault.EMPTY_FOLDER, tmp_path.name),
    ]
    listener = heard(PictureFolderCamera(tmp_path / "gone"), troubles=1)
    assert listener.frames == []
    assert listener.troubles == [CameraTrouble(CameraFault.EMPTY_FOLDER, "gone")]


# luma of Qt's frames

WIDTH, HEIGHT = 98, 52  # not a multiple of Qt's alignment: the lines are padded


def pattern() -> Grey:
    return np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)


@pytest.mark.parametrize(
    ("pixel", "first", "every"),
    [
        (PIXEL.Format_YUV420P, 0, 1),
        (PIXEL.Format_YUV422P, 0, 1),
        (PIXEL.Format_YV12, 0, 1),
        (PIXEL.Format_NV12, 0, 1),
        (PIXEL.Format_NV21, 0, 1),
        (PIXEL.Format_Y8, 0, 1),
        (PIXEL.Format_YUYV, 0, 2),
        (PIXEL.Format_UYVY, 1, 2),
        (PIXEL.Format_P010, 1, 2),
        (PIXEL.Format_Y16, 1, 2),
    ],
    ids=lambda value: value.name if isinstance(value, PIXEL) else str(value),
)
def test_the_luma_plane_is_taken_without_its_padding(
    pixel: QVideoFrameFormat.PixelFormat, first: int, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QVideoFrame, "toImage", None)
    frame = video_frame(pixel, pattern(), first, every)
    luma = luma_of(frame)
    assert has_luma_plane(pixel)
    assert luma is not None
    assert np.array_equal(luma, pattern())
    assert luma.flags.c_contiguous
    assert luma.flags.owndata
    assert not frame.isMapped()


def test_a_picture_of_colours_is_made_grey_through_an_image() -> None:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    luma = luma_of(QVideoFrame(image))
    assert luma is not None
    assert luma.shape == (HEIGHT, WIDTH)
    assert np.abs(luma.astype(int) - 128).max() <= 2


def test_a_frame_that_stands_on_its_head_is_turned() -> None:
    form = QVideoFrameFormat(QSize(WIDTH, HEIGHT), PIXEL.Format_Y8)
    form.setScanLineDirection(QVideoFrameFormat.Direction.BottomToTop)
    frame = QVideoFrame(form)
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    lines = np.frombuffer(frame.bits(0), np.uint8).reshape(HEIGHT, frame.bytesPerLine(0))
    lines[:, :WIDTH] = pattern()
    frame.unmap()
    luma = luma_of(frame)
    assert luma is not None
    assert np.array_equal(luma, pattern()[::-1])


def test_a_frame_without_a_picture_gives_nothing() -> None:
    assert luma_of(QVideoFrame()) is None


def test_a_frame_keeps_its_luma_on_the_way_through_a_sink(qtbot: QtBot) -> None:
    sink = QVideoSink()
    came: list[NDArray[np.uint8] | None] = []
    sink.videoFrameChanged.connect(lambda frame: came.append(luma_of(frame)))
    sink.setVideoFrame(video_frame(PIXEL.Format_NV12, pattern()))
    qtbot.waitUntil(lambda: bool(came), timeout=2000)
    assert came[0] is not None
    assert np.array_equal(came[0], pattern())


# the choice of a mode


@pytest.mark.parametrize(
    ("modes", "taken"),
    [
        ([(1280, 720, 30, "NV12"), (1920, 1080, 30, "Jpeg")], 1),
        ([(1920, 1080, 5, "YUYV"), (1280, 720, 30, "YUYV")], 1),
        ([(1920, 1080, 5, "YUYV"), (1920, 1080, 30, "Jpeg")], 1),
        ([(1920, 1080, 15, "NV12"), (1280, 720, 60, "NV12")], 0),
        ([(1280, 720, 30, "BGRA8888"), (1280, 720, 30, "NV12")], 1),
        ([(1280, 720, 60, "BGRA8888"), (1280, 720, 30, "NV12")], 1),
        ([(3840, 2160, 30, "NV12"), (1600, 896, 30, "NV12"), (1280, 720, 30, "NV12")], 2),
        ([(640, 480, 30, "YUYV"), (800, 600, 30, "YUYV")], 1),
        ([(1920, 1080, 5, "YUYV")], None),
        ([], None),
    ],
)
def test_the_best_mode_is_1080p_then_720p_if_it_keeps_up(
    modes: list[tuple[int, int, float, str]], taken: int | None
) -> None:
    known = [Mode(w, h, fps, getattr(PIXEL, f"Format_{pixel}")) for w, h, fps, pixel in modes]
    assert best_mode(known) == taken


# from a word to a camera


def test_a_film_a_folder_and_a_number_become_cameras(tmp_path: Path, qtbot: QtBot) -> None:
    assert isinstance(open_camera(str(film(tmp_path / "a.avi", [1]))), VideoFileCamera)
    assert isinstance(open_camera(str(tmp_path)), PictureFolderCamera)
    assert isinstance(open_camera("0"), QtCamera)
    assert qtbot is not None


@pytest.mark.parametrize("ending", FILM_ENDINGS)
def test_a_file_is_a_film_by_its_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"film{ending.upper()}"
    path.touch()
    assert isinstance(open_camera(str(path)), VideoFileCamera)


@pytest.mark.parametrize("name", ["some.txt", "one.png", "film", "avi", ".avi"])
def test_a_file_of_another_ending_is_refused_with_those_of_films(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no film")
    with pytest.raises(UnknownCameraError, match="a folder and give the folder") as caught:
        open_camera(str(tmp_path / name))
    assert ".avi, .mp4, .mkv" in str(caught.value)


def test_a_webcams_name_becomes_a_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webcam, "QtWebcams", lambda _: Bench("Desk cam"))
    assert open_camera("desk cam").name == "Desk cam"


@pytest.mark.parametrize("word", ["", "no such thing", "gone.mp4"])
def test_an_unknown_word_is_refused_with_the_webcams_that_there_are(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webcam, "QtWebcams", lambda _: Bench("Desk cam", "Lid cam"))
    with pytest.raises(UnknownCameraError, match="Desk cam, Lid cam") as caught:
        open_camera(word)
    assert "folder of pictures" in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_without_qt_multimedia_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kiosk.adapters.camera.qt_camera", None)
    with pytest.raises(UnknownCameraError, match="libpulse0"):
        open_camera("0")
