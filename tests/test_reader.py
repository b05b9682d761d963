"""Codes out of pictures: the engines and the cascade."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import pytest
import segno
from numpy.typing import NDArray

from kiosk.adapters.reader import zbar
from kiosk.adapters.reader.quick import QuickReader
from kiosk.adapters.reader.regions import patches
from kiosk.adapters.reader.smear import smeared
from kiosk.adapters.reader.zbar import UnsoundZbarError, ZbarReader
from kiosk.adapters.reader.zxing import Scan, ZxingReader, text_of
from kiosk.adapters.zbarlibrary import sound_zbar
from kiosk.desk.ports import CodeSeen, Sighting

Grey = NDArray[np.uint8]

CERTIFICATE = "HC1:" + "6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBB" * 12
BADGE = "B1:" + "NCF4W1E0APO0030K+HAMK$SB" * 4

needs_zbar = pytest.mark.skipif(not sound_zbar(), reason="no sound zbar on this machine")


def code(text: str | bytes, module: int = 4, border: int = 4, level: str = "m") -> Grey:
    """The code alone, dark on white."""
    rows = segno.make(text, error=level, boost_error=False, micro=False).matrix
    dark = np.pad(np.array([list(row) for row in rows], np.uint8), border)
    return np.kron(255 - 255 * dark, np.ones((module, module), np.uint8)).astype(np.uint8)


def framed(*codes: Grey, shape: tuple[int, int] = (720, 1280)) -> Grey:
    """A frame of middle grey with the codes side by side."""
    frame = np.full(shape, 120, np.uint8)
    left = 40
    for drawn in codes:
        height, width = drawn.shape
        frame[60 : 60 + height, left : left + width] = drawn
        left += width + 60
    return frame


def blurred(image: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


# zxing


def test_zxing_reads_a_certificate_and_says_where_it_is() -> None:
    drawn = code(CERTIFICATE)
    (seen,) = ZxingReader().read(framed(drawn)).codes
    assert seen.text == CERTIFICATE
    left, top, size = 40 + 16, 60 + 16, drawn.shape[0] - 32
    corners = [(left, top), (left + size, top), (left + size, top + size), (left, top + size)]
    assert np.abs(np.array(seen.corners) - corners).max() < 4


def test_zxing_reads_two_codes_in_one_frame() -> None:
    seen = ZxingReader().read(framed(code(CERTIFICATE), code(BADGE)))
    assert {one.text for one in seen.codes} == {CERTIFICATE, BADGE}


def test_the_same_text_twice_in_a_frame_is_one_code() -> None:
    assert len(ZxingReader().read(framed(code(BADGE), code(BADGE))).codes) == 1


@pytest.mark.parametrize(
    "turn",
    [lambda i: 255 - i, lambda i: i[:, ::-1], lambda i: np.rot90(i), lambda i: i[::-1, ::-1]],
    ids=["inverted", "mirrored", "on its side", "upside down"],
)
def test_zxing_reads_a_code_however_it_is_held(turn: Callable[[Grey], Grey]) -> None:
    image = np.ascontiguousarray(turn(framed(code(BADGE))))
    assert [one.text for one in ZxingReader().read(image).codes] == [BADGE]


def test_a_micro_qr_code_is_not_a_code_of_ours() -> None:
    rows = segno.make("12345", micro=True).matrix
    dark = np.pad(np.array([list(row) for row in rows], np.uint8), 4)
    image = np.kron(255 - 255 * dark, np.ones((8, 8), np.uint8)).astype(np.uint8)
    assert ZxingReader().read(framed(image)).codes == ()


def test_bytes_that_are_utf_8_are_read_as_such() -> None:
    (seen,) = ZxingReader().read(framed(code("Zoé Łukasz".encode(), module=6))).codes
    assert seen.text == "Zoé Łukasz"


def test_bytes_that_are_not_utf_8_become_some_text() -> None:
    assert text_of(b"HC1:\xff\x00") == "HC1:ÿ\x00"


# zbar


@needs_zbar
def test_zbar_reads_a_certificate_and_says_where_it_is() -> None:
    drawn = code(CERTIFICATE)
    (seen,) = ZbarReader().read(framed(drawn)).codes
    assert seen.text == CERTIFICATE
    left, top, size = 40 + 16, 60 + 16, drawn.shape[0] - 32
    corners = [(left, top), (left + size, top), (left + size, top + size), (left, top + size)]
    assert np.abs(np.array(seen.corners) - corners).max() < 8


@needs_zbar
def test_a_text_that_zbar_would_have_to_guess_is_left_out() -> None:
    assert ZbarReader().read(framed(code("Zoé Łukasz".encode(), module=6))).codes == ()


@needs_zbar
@pytest.mark.parametrize(
    "image",
    [
        np.zeros((10, 10, 3), np.uint8),
        np.zeros((0, 10), np.uint8),
        np.zeros((10, 10), np.uint16),
        np.zeros((10, 10), np.uint8)[:, ::2],
    ],
    ids=["colour", "empty", "16 bits", "not contiguous"],
)
def test_zbar_is_never_handed_what_is_no_grey_picture(image: Grey) -> None:
    with pytest.raises(ValueError, match="picture"):
        ZbarReader().read(image)


def test_where_zbar_is_not_sound_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zbar, "sound_zbar", lambda: False)
    with pytest.raises(UnsoundZbarError, match="libzbar0"):
        ZbarReader()


# the cascade


class Engine:
    """Sees what it is told to see, and counts how often it is asked."""

    def __init__(self, *texts: str, error: type[Exception] | None = None) -> None:
        self.asked: list[tuple[int, int]] = []
        self._codes = tuple(CodeSeen(t, ((0, 0), (9, 0), (9, 9), (0, 9))) for t in texts)
        self._error = error

    def read(self, image: Grey) -> Sighting:
        height, width = image.shape
        self.asked.append((height, width))
        if self._error is not None:
            raise self._error("a text that nobody is to see")
        return Sighting(self._codes)

    def scan(self, image: Grey) -> Scan:
        return Scan(self.read(image).codes)


def test_a_code_of_ours_that_the_first_engine_reads_needs_no_second_opinion() -> None:
    second = Engine("two")
    sighting = QuickReader(Engine(BADGE), second).read(framed(code(BADGE)))
    assert [one.text for one in sighting.codes] == [BADGE]
    assert second.asked == []


def test_the_second_engine_is_asked_when_something_is_there_and_nothing_was_read() -> None:
    sighting = QuickReader(Engine(), Engine(BADGE)).read(framed(code(BADGE)))
    assert [one.text for one in sighting.codes] == [BADGE]


def test_the_second_engine_is_not_asked_about_an_empty_picture() -> None:
    second = Engine("two")
    assert QuickReader(Engine(), second).read(framed()) == Sighting()
    assert second.asked == []


@pytest.mark.parametrize("failing", [0, 1])
def test_an_engine_that_throws_reads_nothing_and_is_logged_once_without_content(
    failing: Literal[0, 1], caplog: pytest.LogCaptureFixture
) -> None:
    engines = [Engine(), Engine()]
    engines[failing] = Engine(error=RuntimeError)
    reader = QuickReader(engines[0], engines[1])
    with caplog.at_level(logging.WARNING):
        assert reader.read(framed(code(BADGE))) == Sighting((), something_there=True)
        assert reader.read(framed(code(BADGE))) == Sighting((), something_there=True)
    assert caplog.messages == ["a frame could not be read, Engine: RuntimeError"]


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((10, 10, 3), np.uint8),
        np.zeros((0, 0), np.uint8),
        np.zeros((10, 10), np.float32),
        np.zeros((), np.uint8),
    ],
    ids=["colour", "empty", "floats", "a number"],
)
def test_what_is_no_grey_picture_becomes_an_empty_sighting(
    image: Grey, caplog: pytest.LogCaptureFixture
) -> None:
    assert QuickReader().read(image) == Sighting()
    assert caplog.messages == ["a frame could not be read, QuickReader: ValueError"]


def test_no_engine_gets_more_than_1920_by_1080_and_corners_are_scaled_back() -> None:
    first = Engine("one")
    (seen,) = QuickReader(first).read(np.zeros((2160, 3840), np.uint8)).codes
    assert first.asked == [(1080, 1920)]
    assert seen.corners == ((0, 0), (18, 0), (18, 18), (0, 18))


@pytest.mark.parametrize("shape", [(1080, 1920), (1, 1), (1, 5000), (7, 3)])
def test_a_picture_of_any_shape_is_looked_at(shape: tuple[int, int]) -> None:
    assert QuickReader().read(np.zeros(shape, np.uint8)).codes == ()


def test_a_picture_that_is_not_contiguous_is_read_all_the_same() -> None:
    wide = np.repeat(framed(code(BADGE)), 2, axis=1)
    assert [one.text for one in QuickReader().read(wide[:, ::2]).codes] == [BADGE]


# is something there?


@pytest.mark.parametrize("sigma", [2, 4, 6, 8])
def test_a_code_too_blurred_to_be_read_is_something(sigma: float) -> None:
    image = blurred(framed(code(CERTIFICATE, module=3, level="q")), sigma)
    assert ZxingReader().read(image).codes == ()
    assert QuickReader().read(image).something_there


def test_a_code_under_glare_is_something() -> None:
    image = framed(code(CERTIFICATE, module=3, level="q"))
    cv2.circle(image, (150, 160), 90, (255,), -1)
    image = blurred(image, 1)
    assert ZxingReader().read(image).codes == ()
    assert QuickReader().read(image).something_there


def test_a_code_in_the_dark_is_something() -> None:
    dark = framed(code(CERTIFICATE, module=3)) // 5
    assert QuickReader().read(blurred(dark, 3)).something_there


def gradient(down: float, across: float) -> Grey:
    y, x = np.mgrid[0:720, 0:1280]
    return np.asarray(np.clip(60 + down * y + across * x, 0, 255), np.uint8)


def noise(level: float, sigma: float) -> Grey:
    grain = np.random.default_rng(3).normal(level, sigma, (720, 1280))
    return np.clip(grain, 0, 255).astype(np.uint8)


def desk() -> Grey:
    """A table's edge, and a wall with a bright window."""
    image = noise(140, 4)
    cv2.line(image, (0, 500), (1280, 430), (60,), 6)
    cv2.rectangle(image, (700, 60), (900, 330), (230,), -1)
    return image


@pytest.mark.parametrize(
    "image",
    [
        noise(128, 3),
        noise(200, 10),
        noise(6, 8),
        noise(20, 15),
        gradient(0.1, 0.1),
        gradient(0, 0.15),
        np.zeros((720, 1280), np.uint8),
        np.full((1080, 1920), 255, np.uint8),
        desk(),
    ],
    ids=["wall", "noisy wall", "dark", "dim", "slope", "slope across", "black", "white", "desk"],
)
def test_where_no_code_is_there_is_nothing(image: Grey) -> None:
    assert not patches(image)
    assert not smeared(image)
