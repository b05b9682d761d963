"""The engines behind one port: what each reads, and what none of them stumbles over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from kiosk.adapters import zbarlibrary
from kiosk.adapters.reader.engine import available_engines, engine_names, make_engine
from kiosk.adapters.reader.zbar import UnsoundZbarError
from tests.test_reader import BADGE, CERTIFICATE, Grey, code, framed

ENGINES = available_engines()
SHORT = BADGE[:50]  # OpenCV reads nothing longer


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_reads_a_plain_code_and_says_that_it_did(name: str) -> None:
    engine = make_engine(name)
    drawn = code(SHORT, module=6)
    (seen,) = engine.codes(framed(drawn))
    assert engine.name == name
    assert seen.text == SHORT
    assert seen.stage
    assert seen.kind == "QR Code"
    left, top, size = 40 + 24, 60 + 24, drawn.shape[0] - 48
    corners = [(left, top), (left + size, top), (left + size, top + size), (left, top + size)]
    assert np.abs(np.array(seen.corners) - corners).max() < 8


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_was_told_to_forget_reads_on(name: str) -> None:
    engine = make_engine(name)
    for text in (SHORT, BADGE[:40]):
        assert [seen.text for seen in engine.codes(framed(code(text, module=6)))] == [text]
        engine.forget()


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "data", [b"HC1:\xff\x00\xfe", bytes(range(256)), b"\x00" * 40], ids=["short", "all", "zeros"]
)
def test_no_engine_stumbles_over_a_code_of_bytes(name: str, data: bytes) -> None:
    assert len(make_engine(name).codes(framed(code(data, module=6)))) <= 1


@pytest.mark.parametrize("name", ENGINES)
def test_no_engine_stumbles_over_noise_or_a_tiny_picture(name: str) -> None:
    random = np.random.default_rng(7)
    for shape in ((1, 1), (1, 400), (300, 2), (21, 21), (240, 320)):
        noise = random.integers(0, 256, shape, dtype=np.uint8)
        assert make_engine(name).codes(noise) == ()


def test_a_plain_engine_names_itself_as_what_read() -> None:
    (seen,) = make_engine("opencv").codes(framed(code(SHORT, module=6)))
    assert seen.stage == "opencv"


def test_opencv_that_gives_up_on_a_picture_has_read_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = make_engine("opencv")

    class GivesUp:
        def detectAndDecodeMulti(self, _: Grey) -> object:
            raise cv2.error("assertion failed")

    monkeypatch.setattr(engine._reader, "_detector", GivesUp())  # type: ignore[attr-defined]
    assert engine.codes(framed(code(BADGE))) == ()


def bar_code(text: str, kind: zxingcpp.BarcodeFormat) -> Grey:
    drawn = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=3), np.uint8)
    return np.pad(drawn, 40, constant_values=255)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4006381333931", zxingcpp.BarcodeFormat.EAN13),
        ("ENSAIO-27", zxingcpp.BarcodeFormat.DataMatrix),
        ("ENSAIO-27", zxingcpp.BarcodeFormat.Aztec),
    ],
    ids=["EAN-13", "Data Matrix", "Aztec"],
)
def test_zxing_reads_other_kinds_of_code_only_when_asked(
    text: str, kind: zxingcpp.BarcodeFormat
) -> None:
    image = bar_code(text, kind)
    (seen,) = make_engine("zxing", any_kind=True).codes(image)
    assert (seen.text, seen.kind) == (text, str(kind))
    assert make_engine("zxing").codes(image) == ()


def test_zxing_asked_for_every_kind_still_reads_qr_codes() -> None:
    seen = make_engine("zxing", any_kind=True).codes(framed(code(CERTIFICATE)))
    assert [(one.text, one.kind) for one in seen] == [(CERTIFICATE, "QR Code")]


def test_only_zxing_reads_other_kinds_of_code() -> None:
    for name in set(engine_names()) - {"zxing"}:
        with pytest.raises(ValueError, match="QR codes alone"):
            make_engine(name, any_kind=True)


def test_an_engine_that_does_not_exist_is_not_made() -> None:
    with pytest.raises(KeyError):
        make_engine("quirc")


def test_without_a_sound_zbar_it_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zbarlibrary, "_claimed_version", lambda: (0, 10, 0))
    assert "zbar" not in available_engines()
    assert "zbar" in engine_names()
    with pytest.raises(UnsoundZbarError):
        make_engine("zbar")
