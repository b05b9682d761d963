"""What a webcam is asked for: size, format, light, focus; and that is said what it cannot do."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtMultimedia import QCamera, QCameraDevice, QVideoSink

from kiosk.adapters.camera import webcam
from kiosk.adapters.camera.controls import apply_wishes
from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.webcam import Mode, QtWebcams, best_mode
from kiosk.adapters.camera.wishes import Coding, Torch, Wishes, focus_of, size_of
from kiosk.cli.camera import told
from kiosk.cli.main import main
from tests.fakes.cameras import PIXEL, QUIET_MULTIMEDIA, Bench

pytestmark = QUIET_MULTIMEDIA

MODES = [
    Mode(1920, 1080, 30, PIXEL.Format_Jpeg),
    Mode(1920, 1080, 5, PIXEL.Format_YUYV),
    Mode(1280, 720, 30, PIXEL.Format_Jpeg),
    Mode(1280, 720, 10, PIXEL.Format_YUYV),
    Mode(640, 480, 30, PIXEL.Format_YUYV),
    Mode(640, 480, 30, PIXEL.Format_NV12),
    Mode(3840, 2160, 30, PIXEL.Format_Jpeg),
]


@pytest.mark.parametrize(
    ("wishes", "taken"),
    [
        (Wishes(), 0),
        (Wishes((1280, 720)), 2),
        (Wishes((1280, 720), Coding.YUYV), 3),  # slow, but asked for
        (Wishes((3840, 2160)), 6),
        (Wishes(coding=Coding.YUYV), 4),  # the only one that keeps up
        (Wishes(coding=Coding.NV12), 5),
        (Wishes((800, 600)), 0),  # there is none: the best one
        (Wishes((1280, 720), Coding.NV12), 0),
    ],
)
def test_a_wish_chooses_among_the_modes_and_one_that_is_not_there_does_no_harm(
    wishes: Wishes, taken: int
) -> None:
    assert best_mode(MODES, wishes) == taken


@pytest.mark.parametrize(("text", "size"), [("1280x720", (1280, 720)), ("1920X1080", (1920, 1080))])
def test_a_resolution_is_written_as_width_and_height(text: str, size: tuple[int, int]) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize(
    "text", ["", "1280", "1280x", "720p", "-1x5", "1280x720x3", "１２８０x７２０"]
)
def test_anything_else_is_no_resolution(text: str) -> None:
    with pytest.raises(ValueError, match="1280x720"):
        size_of(text)


def test_a_focus_is_auto_or_between_nearest_and_farthest() -> None:
    assert [focus_of(text) for text in ("auto", "0", "0.25", "1.0")] == ["auto", 0.0, 0.25, 1.0]
    for text in ("near", "1.1", "-0.1", "nan", ""):
        with pytest.raises(ValueError, match="write auto"):
            focus_of(text)


class Controls:
    """The controls of a webcam on the bench, which can do what the test says."""

    def __init__(self, *supported: object) -> None:
        self._supported = set(supported)
        self.set: dict[str, object] = {}

    def supports(self, mode: object) -> bool:
        return mode in self._supported

    isTorchModeSupported = isFocusModeSupported = isExposureModeSupported = supports  # noqa: N815

    def supportedFeatures(self) -> QCamera.Feature:
        distance = QCamera.Feature.FocusDistance
        return distance if distance in self._supported else QCamera.Feature(0)

    def setTorchMode(self, mode: QCamera.TorchMode) -> None:
        self.set["torch"] = mode

    def setFocusMode(self, mode: QCamera.FocusMode) -> None:
        self.set["focus"] = mode

    def setFocusDistance(self, distance: float) -> None:
        self.set["distance"] = distance

    def setExposureMode(self, mode: QCamera.ExposureMode) -> None:
        self.set["exposure"] = mode


@pytest.mark.parametrize("source", ["rtsp://10.0.0.9/live", "."])
def test_only_a_webcam_can_be_asked_for_anything(source: str) -> None:
    assert open_camera(source).name
    with pytest.raises(UnknownCameraError, match="Leave them out"):
        open_camera(source, Wishes(torch=Torch.ON))


AUTO, MANUAL = QCamera.FocusMode.FocusModeAuto, QCamera.FocusMode.FocusModeManual
FAR, LIGHT = QCamera.Feature.FocusDistance, QCamera.TorchMode.TorchOn
BARCODE = QCamera.ExposureMode.ExposureBarcode


@pytest.mark.parametrize(
    ("wishes", "can", "done"),
    [
        (Wishes(), [BARCODE, LIGHT, AUTO], {"exposure": BARCODE}),
        (Wishes(torch=Torch.ON), [LIGHT], {"torch": LIGHT}),
        (Wishes(focus="auto"), [AUTO], {"focus": AUTO}),
        (Wishes(focus=0.25), [MANUAL, FAR], {"focus": MANUAL, "distance": 0.25}),
    ],
)
def test_what_a_webcam_can_do_is_set(
    wishes: Wishes, can: list[object], done: dict[str, object]
) -> None:
    controls = Controls(*can)
    assert apply_wishes(cast("QCamera", controls), wishes) == []
    assert controls.set == done


@pytest.mark.parametrize(
    ("wishes", "can", "remedy"),
    [
        (Wishes(torch=Torch.ON), [], "put a lamp beside it"),
        (Wishes(focus="auto"), [MANUAL], "leave out --focus"),
        (Wishes(focus=0.5), [MANUAL], "mark the distance"),
        (Wishes(focus=0.5), [FAR], "mark the distance"),
    ],
)
def test_what_a_webcam_cannot_do_is_said_with_what_to_do_instead(
    wishes: Wishes, can: list[object], remedy: str
) -> None:
    controls = Controls(*can)
    (words,) = apply_wishes(cast("QCamera", controls), wishes)
    assert remedy in words
    assert controls.set == {}


def test_a_wish_that_is_not_granted_is_told_once_for_all_openings(
    caplog: pytest.LogCaptureFixture,
) -> None:
    webcams = QtWebcams(Wishes(torch=Torch.ON))
    for _ in range(3):
        webcams._tell("no light")
    assert caplog.messages == ["no light"]


@pytest.mark.usefixtures("qapp")
def test_a_webcam_of_qt_without_formats_is_opened_as_it_is() -> None:
    said: list[str] = []
    sink = QVideoSink()
    close = webcam._connected(
        QCameraDevice(), sink, said.append, Wishes((1280, 720), torch=Torch.ON), said.append
    )
    close()
    assert QtWebcams().modes("no such webcam") == []


class Cupboard(Bench):
    """Webcams on the bench that tell their modes."""

    def modes(self, name: str) -> list[Mode]:
        return MODES if name == "Desk cam" else []


def test_the_webcams_are_listed_with_their_modes_and_the_one_that_is_taken() -> None:
    webcams = cast("QtWebcams", Cupboard("Desk cam", "Lid cam"))
    lines = list(told(webcams, Wishes()))
    assert lines[0] == "0  Desk cam"
    assert lines[1] == "     1920x1080 at 30 a second, mjpeg  <- taken"
    assert lines[2] == "     1920x1080 at 5 a second, yuyv"
    assert sum("<- taken" in line for line in lines) == 1
    assert lines[-2:] == ["1  Lid cam", "     it chooses by itself"]
    assert "1280x720 at 10 a second, yuyv  <- taken" in "\n".join(
        told(webcams, Wishes((1280, 720), Coding.YUYV))
    )


@pytest.mark.usefixtures("qapp")
def test_camera_list_tells_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["camera", "list", "--resolution", "1280x720", "--format", "mjpeg"]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [["--resolution", "720p"], ["--format", "gif"], ["--torch", "dim"], ["--focus", "2"]],
    ids=lambda words: words[1],
)
def test_a_wish_that_makes_no_sense_is_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--event", "e.toml", "--mode", "desk", *wrong])
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err
