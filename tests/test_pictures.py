"""Codes out of picture files: what is read, and what is refused before it costs anything."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from numpy.typing import NDArray

from kiosk.adapters.reader import pictures
from kiosk.adapters.reader.engine import make_engine
from kiosk.adapters.reader.pictures import (
    MAX_FILE,
    MAX_SIDE,
    PictureError,
    codes_in_picture,
    codes_of,
)
from kiosk.adapters.reader.size import picture_size

Grey = NDArray[np.uint8]

CERTIFICATE = "HC1:" + "6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBB" * 12
BADGE = "B1:" + "NCF4W1E0APO0030K+HAMK$SB" * 4


def code(text: str, module: int = 4, border: int = 4) -> Grey:
    """The code alone, dark on white."""
    rows = segno.make(text, error="m", boost_error=False, micro=False).matrix
    dark = np.pad(np.array([list(row) for row in rows], np.uint8), border)
    return np.kron(255 - 255 * dark, np.ones((module, module), np.uint8)).astype(np.uint8)


def framed(*codes: Grey) -> Grey:
    """A frame of middle grey with the codes side by side."""
    frame = np.full((720, 1280), 120, np.uint8)
    left = 40
    for drawn in codes:
        height, width = drawn.shape
        frame[60 : 60 + height, left : left + width] = drawn
        left += width + 60
    return frame


def encoded(image: NDArray[np.integer], kind: str = ".png") -> bytes:
    done, data = cv2.imencode(kind, image)
    assert done
    return bytes(data.tobytes())


def test_a_code_is_read_from_a_png_file_and_from_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "pass de Zoé.png"
    path.write_bytes(encoded(framed(code(CERTIFICATE))))
    assert codes_in_picture(path) == (CERTIFICATE,)
    assert codes_in_picture(str(path)) == (CERTIFICATE,)
    assert codes_in_picture(path.read_bytes()) == (CERTIFICATE,)


def test_a_code_is_read_from_a_jpeg() -> None:
    assert codes_in_picture(encoded(framed(code(BADGE)), ".jpg")) == (BADGE,)


@pytest.mark.parametrize("module", [1, 2, 3])
def test_a_code_without_a_white_rim_and_of_few_pixels_is_read(module: int) -> None:
    assert codes_in_picture(encoded(code(CERTIFICATE, module, border=0))) == (CERTIFICATE,)


def test_a_code_on_transparent_ground_is_read() -> None:
    drawn = code(BADGE, border=0)
    picture = np.zeros((*drawn.shape, 4), np.uint8)
    picture[..., 3] = 255 - drawn
    assert codes_in_picture(encoded(picture)) == (BADGE,)


def test_a_code_in_16_bits_of_grey_is_read() -> None:
    assert codes_in_picture(encoded(code(BADGE).astype(np.uint16) * 257)) == (BADGE,)


def test_two_codes_in_a_picture_are_both_told() -> None:
    found = codes_in_picture(encoded(framed(code(CERTIFICATE), code(BADGE))))
    assert sorted(found) == sorted([BADGE, CERTIFICATE])


def test_a_picture_without_a_code_gives_nothing() -> None:
    assert codes_in_picture(encoded(framed())) == ()


def header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""
    fields = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    checked = struct.pack(">I", 13) + fields + struct.pack(">I", zlib.crc32(fields))
    return b"\x89PNG\r\n\x1a\n" + checked


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not_a_picture"),
        (b"HC1:", "not_a_picture"),
        (b"GIF89a" + bytes(40), "not_a_picture"),
        (b"\xff\xd8\xff", "not_a_picture"),
        (b"\xff\xd8\xff\xe0\x00\x00" * 20, "not_a_picture"),
        (header(0, 10), "not_a_picture"),
        (header(30, 30), "not_a_picture"),
        (header(100_000, 100_000), "picture_too_large"),
        (header(10_000, 5_001), "picture_too_large"),
        (header(MAX_SIDE + 1, 1), "picture_too_large"),
        (header(1, MAX_SIDE + 1), "picture_too_large"),
        (bytes(MAX_FILE + 1), "picture_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_picture_or_too_large_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(PictureError) as caught:
        codes_in_picture(data)
    assert caught.value.code == why


def test_a_file_that_is_not_there_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="nowhere") as caught:
        codes_in_picture(tmp_path / "nowhere.png")
    assert caught.value.code == "picture_unreadable"


def test_a_damaged_picture_is_refused_with_the_reason(capfd: pytest.CaptureFixture[str]) -> None:
    whole = encoded(framed(code(BADGE)))
    damaged = whole[:40] + bytes(60)
    with pytest.raises(PictureError, match="damaged"):
        codes_in_picture(damaged)
    capfd.readouterr()  # what libpng says of it is no noise of ours


@pytest.mark.parametrize("kind", [".png", ".jpg"])
def test_the_size_of_a_picture_is_known_before_it_is_unpacked(kind: str) -> None:
    assert picture_size(encoded(np.zeros((31, 77), np.uint8), kind)[:700]) == (77, 31)


@pytest.mark.parametrize(("width", "height"), [(MAX_SIDE, 1), (40, MAX_SIDE), (MAX_SIDE, 1_600)])
def test_a_picture_as_long_as_may_be_is_examined_in_every_size(width: int, height: int) -> None:
    assert codes_in_picture(encoded(np.full((height, width), 255, np.uint8))) == ()


def test_an_engine_that_fails_on_a_picture_is_told_as_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Image dimensions too large")

    monkeypatch.setattr("zxingcpp.read_barcodes", fails)
    with pytest.raises(PictureError, match="examined") as caught:
        codes_of(make_engine("zxing"), code(BADGE))
    assert caught.value.code == "picture_unreadable"


def photograph(drawn: Grey, left: int, top: int) -> Grey:
    """12 megapixels of a wall and a blurred, noisy code on it."""
    random = np.random.default_rng(12)
    picture = np.full((3_000, 4_000), 150, np.uint8)
    picture[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)
    return np.clip(soft + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("left", "top"), [(60, 40), (1_800, 1_400), (3_600, 2_600)])
@pytest.mark.parametrize("name", ["zxing", "full"])
def test_a_small_code_in_a_photograph_of_12_megapixels_is_read(
    left: int, top: int, name: str
) -> None:
    drawn = code(CERTIFICATE, module=3)
    (seen,) = codes_of(make_engine(name), photograph(drawn, left, top))
    assert seen.text == CERTIFICATE
    x, y, size = left + 12, top + 12, drawn.shape[0] - 24
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    assert np.abs(np.array(seen.corners) - corners).max() < 6


def test_no_look_at_a_picture_is_larger_than_a_frame_with_a_rim() -> None:
    for shape in ((1080, 1920), (1081, 1920), (3_000, 4_000), (4_000, 3_000), (1, 30_000)):
        picture = np.zeros(shape, np.uint8)
        looks = list(pictures._looks(picture))
        assert max(look.image.shape[0] for look in looks) <= 1080 * 9 // 8
        assert max(look.image.shape[1] for look in looks) <= 1920 + 1080 // 8


@pytest.mark.parametrize("side", [1, 1_079, 1_080, 1_081, 1_620, 1_621, 8_000, 30_000])
def test_tiles_cover_a_side_and_share_what_a_code_may_take(side: int) -> None:
    starts = pictures._starts(side, 1_080)
    assert starts[0] == 0
    assert starts[-1] == max(0, side - 1_080)
    steps = np.diff(starts)
    assert (steps > 0).all()
    assert (steps <= 1_080 - pictures.OVERLAP).all()


def test_corners_are_told_in_pixels_of_the_picture_whatever_look_showed_them() -> None:
    drawn = code(BADGE, module=1, border=0)
    (seen,) = codes_of(make_engine("zxing"), drawn)
    side = drawn.shape[0]
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    assert np.abs(np.array(seen.corners) - corners).max() < 1.5
