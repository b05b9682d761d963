"""A camera on the network: reached, lost, hung, and reached again, over HTTP on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import PIPE

import cv2
import numpy as np
import pytest

from kiosk.adapters.camera import stream
from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.stream import StreamCamera, is_stream
from kiosk.desk.ports import CameraFault, CameraTrouble
from tests.fakes.cameras import Listener

FPS = 50


class Webserver:
    """A camera that sends pictures of growing brightness as multipart JPEG."""

    def __init__(self) -> None:
        self.sending, self.level, self.sent = threading.Event(), 0, 0
        self.sending.set()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    def begin(self) -> None:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                server = camera._server
                try:
                    while camera._server is server:
                        if camera.sending.wait(0.02):
                            self.wfile.write(camera.part())
                            time.sleep(1 / FPS)
                except OSError:
                    pass  # the other side has left

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def part(self) -> bytes:
        self.level, self.sent = (self.level + 8) % 248, self.sent + 1
        done, picture = cv2.imencode(".jpg", np.full((240, 320, 3), self.level, np.uint8))
        assert done
        data = picture.tobytes()
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
        return head.encode() + data + b"\r\n"

    def end(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    @property
    def address(self) -> str:
        return f"http://user:secret@127.0.0.1:{self.port}/video.mjpg"


@pytest.fixture
def server() -> Iterator[Webserver]:
    server = Webserver()
    server.begin()
    yield server
    server.end()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five times as quick."""
    monkeypatch.setattr(stream, "SILENCE", 0.5)
    monkeypatch.setattr(stream, "OPEN_WITHIN", 0.8)
    monkeypatch.setattr(stream, "BLOCKED", 2.4)
    monkeypatch.setattr(stream, "AGAIN", 0.1)


class Watched:
    """A started camera and what it says."""

    def __init__(self, address: str) -> None:
        self.camera, self.listener = StreamCamera(address), Listener()
        self.camera.start(self.listener.deliver, self.listener.trouble)

    def frames(self, more: int) -> None:
        self.listener.wait(frames=len(self.listener.frames) + more)


def test_what_the_program_waits_for_is_told_within_3_seconds_and_back_within_5() -> None:
    assert stream.SILENCE + 2 * stream._LOOK_EVERY <= 3
    assert stream.OPEN_WITHIN + stream.AGAIN <= 5


def test_pictures_of_the_network_are_delivered_in_grey_and_the_newest_first(
    server: Webserver,
) -> None:
    watched = Watched(server.address)
    watched.frames(10)
    watched.camera.stop()
    first = watched.listener.frames[0].image
    assert first.shape == (240, 320)
    assert first.dtype == np.uint8
    assert first.flags.c_contiguous
    assert watched.listener.troubles == []
    assert watched.listener.threads == {"camera"}


def test_a_listener_that_is_slow_misses_frames_and_gets_the_newest(server: Webserver) -> None:
    camera, ages = StreamCamera(server.address), list[int]()
    enough = threading.Event()

    def deliver(frame: object) -> None:
        level = round(float(frame.image.mean()))  # type: ignore[attr-defined]
        ages.append((server.level - level) % 248 // 8)  # pictures sent since this one
        time.sleep(0.2)  # ten pictures
        if len(ages) == 8:
            enough.set()

    camera.start(deliver, lambda _: None)
    assert enough.wait(10)
    camera.stop()
    assert server.sent >= 60
    assert sorted(ages)[len(ages) // 2] <= 8  # and not ten times as many more with each


@pytest.mark.usefixtures("quick")
def test_a_camera_that_goes_away_is_told_and_is_shown_again_when_it_is_back(
    server: Webserver,
) -> None:
    watched = Watched(server.address)
    watched.frames(3)
    server.end()
    watched.listener.wait(troubles=1)
    assert watched.listener.troubles[-1] == CameraTrouble(CameraFault.UNREACHABLE, "127.0.0.1")
    server.begin()
    watched.frames(3)
    watched.camera.stop()
    assert len(watched.listener.troubles) == 1


@pytest.mark.usefixtures("quick")
def test_a_camera_that_hangs_is_told_and_is_shown_again_when_it_goes_on(
    server: Webserver,
) -> None:
    watched = Watched(server.address)
    watched.frames(3)
    server.sending.clear()
    watched.listener.wait(troubles=1)
    assert watched.listener.troubles[0].name == "127.0.0.1"
    server.sending.set()
    watched.frames(3)
    watched.camera.stop()


@pytest.mark.usefixtures("quick")
def test_an_address_that_never_answers_is_told_without_its_password_and_ends_at_once(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        watched = Watched(f"http://user:secret@127.0.0.1:{silent.getsockname()[1]}/")
        watched.listener.wait(troubles=1)
        began = time.monotonic()
        watched.camera.stop()
        assert time.monotonic() - began < 1
    time.sleep(0.5)  # what FFmpeg may still say
    said = "".join(capfd.readouterr())
    assert "secret" not in said
    assert watched.listener.troubles == [CameraTrouble(CameraFault.UNREACHABLE, "127.0.0.1")]
    assert "secret" not in caplog.text + repr(watched.listener.troubles)


def test_a_program_that_ends_while_a_picture_is_awaited_ends_in_order(server: Webserver) -> None:
    program = f"""
import threading, time
from kiosk.adapters.camera.stream import StreamCamera
class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)  # taking a large program apart
slow = Slow()
came = threading.Event()
camera = StreamCamera("http://127.0.0.1:{server.port}/")
camera.start(lambda frame: came.set(), print)
print(came.wait(10), flush=True)
input()
camera.stop()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True
    ) as door:
        assert door.stdout is not None
        assert door.stdout.readline() == "True\n"
        said = door.communicate("\n", timeout=20)
    assert (door.returncode, *said) == (0, "", "")


@pytest.mark.usefixtures("quick")
def test_a_library_that_never_comes_back_is_left_alone_and_asked_anew(
    server: Webserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, real = threading.Event(), cv2.VideoCapture
    calls: list[int] = []

    def capture(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            hung.wait(20)
        return real(*arguments)

    monkeypatch.setattr(cv2, "VideoCapture", capture)
    watched = Watched(server.address)
    watched.frames(3)
    assert watched.listener.troubles == [CameraTrouble(CameraFault.UNREACHABLE, "127.0.0.1")]
    watched.camera.stop()
    hung.set()


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("rtsp://10.0.0.9/live", True),
        ("RTSPS://10.0.0.9/live", True),
        ("http://10.0.0.9:8080/video", True),
        ("https://10.0.0.9/", True),
        ("file:///etc/passwd", False),
        ("rtsp:/10.0.0.9", False),
        ("0", False),
        ("rtsp", False),
    ],
)
def test_an_address_of_a_camera_is_known_by_its_scheme(source: str, answer: bool) -> None:
    assert is_stream(source) is answer


def test_a_source_becomes_a_camera_on_the_network_whose_name_tells_the_host_alone() -> None:
    camera = open_camera("rtsp://user:secret@camera.example:554/live?token=secret")
    assert isinstance(camera, StreamCamera)
    assert camera.name == "camera.example"
    with pytest.raises(UnknownCameraError, match="rtsp://HOST/PATH"):
        open_camera("rtsp://[half/")
