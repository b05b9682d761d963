"""The camera's picture: mirrored, in proportion, with codes outlined where they are, and hints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame, Hint
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.parts.text import Pill
from tests.gui_support import Opened, admit, dress, opened

CORNER = 40  # px; the picture's own corners are round, and what lies beyond is white
GONE = CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam")


@pytest.fixture(params=list(Mode))
def kiosk(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Opened]:
    dress(qapp)
    with opened(request.param) as shown:
        yield shown


def frame(shape: tuple[int, int], box: tuple[int, int, int, int]) -> Frame:
    """A dark frame with a white box at left, top, right, bottom."""
    image = np.full(shape, 30, np.uint8)
    left, top, right, bottom = box
    image[top:bottom, left:right] = 255
    return Frame(image, 1)


def white_box(picture: QImage) -> tuple[int, int, int, int]:
    """Where the picture is white: left, top, right, bottom in px."""
    grey = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    pixels = rows[:, : 3 * grey.width()].reshape(grey.height(), grey.width(), 3)
    white = pixels.min(axis=2)[:, CORNER:-CORNER] > 200
    down, across = np.nonzero(white)
    left, right = int(across.min()) + CORNER, int(across.max()) + CORNER + 1
    return left, int(down.min()), right, int(down.max()) + 1


@pytest.mark.parametrize("shape", [(720, 1280), (480, 640), (1080, 1920), (1280, 720)])
def test_a_code_is_outlined_where_it_is_seen_in_the_mirrored_picture(
    kiosk: Opened, shape: tuple[int, int]
) -> None:
    height, width = shape
    box = (int(width * 0.3), int(height * 0.35), int(width * 0.45), int(height * 0.5))
    left, top, right, bottom = box
    preview = kiosk.window.preview
    kiosk.window.show_frame(frame(shape, box))
    seen = white_box(preview.grab().toImage())
    kiosk.window.show_codes(
        [((left, top), (right, top), (right, bottom), (left, bottom))], (width, height)
    )
    (outline,) = preview._outlines
    drawn = outline.boundingRect()
    edges = (drawn.left(), drawn.top(), drawn.right(), drawn.bottom())
    assert np.abs(np.subtract(edges, seen)).max() <= 1.5
    assert (seen[0] + seen[2]) / 2 > preview.width() / 2  # left in the frame, right in a mirror
    across, down = (seen[2] - seen[0]) / (right - left), (seen[3] - seen[1]) / (bottom - top)
    assert across == pytest.approx(down, rel=0.05)  # in proportion


def pill(kiosk: Opened) -> str:
    """What the pill says; empty while it is not there."""
    (found,) = kiosk.window.preview.findChildren(Pill)
    return found.full if found.isVisible() else ""


def test_a_hint_lies_upon_the_picture_until_it_is_taken_back(kiosk: Opened) -> None:
    kiosk.window.show_frame(frame((480, 640), (0, 0, 10, 10)))
    assert pill(kiosk) == ""
    kiosk.window.show_hint(Hint.CLOSER)
    assert pill(kiosk) == "Rapprochez le code"
    (found,) = kiosk.window.preview.findChildren(Pill)
    QApplication.processEvents()  # laid out
    assert abs(found.geometry().center().x() - kiosk.window.preview.rect().center().x()) <= 1
    kiosk.window.switch_language("en")
    assert pill(kiosk) == "Bring the code closer"
    kiosk.window.show_hint(Hint.HOLD_STILL)
    assert pill(kiosk) == "Hold the code still"
    kiosk.window.show_hint(None)
    assert pill(kiosk) == ""


def test_there_is_no_hint_where_there_is_no_picture(kiosk: Opened) -> None:
    kiosk.window.show_frame(frame((480, 640), (0, 0, 10, 10)))
    kiosk.window.show_hint(Hint.CLOSER)
    kiosk.window.camera_trouble(GONE)
    assert pill(kiosk) == ""
    kiosk.window.camera_trouble(None)
    assert pill(kiosk) == "Rapprochez le code"


def test_no_hint_lies_upon_an_answer(kiosk: Opened) -> None:
    kiosk.window.show_frame(frame((480, 640), (0, 0, 10, 10)))
    kiosk.window.show_hint(Hint.CLOSER)
    kiosk.window.show_admission(admit())
    QApplication.processEvents()
    if isinstance(kiosk.window.screen_shown, SelfScreen):
        assert pill(kiosk) == ""  # the answer fills the screen
    else:
        (found,) = kiosk.window.preview.findChildren(Pill)
        card = kiosk.staff.card
        assert found.isVisible()
        assert not card.rect().contains(
            card.mapFromGlobal(found.mapToGlobal(found.rect().center()))
        )
