"""The patient look: codes that no engine reads, and none that is not there."""

from __future__ import annotations

import pytest

from kiosk.adapters.reader.patient.reader import PatientReader
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.desk.ports import Region
from tests.qrcodes import Grey, certificate_text, modules_of, seen


def whole(frame: Grey) -> list[Region]:
    return [Region(0, 0, frame.shape[1], frame.shape[0])]


def read(frame: Grey) -> list[str]:
    return [code.text for code in PatientReader().look(frame, whole(frame))]


@pytest.mark.parametrize(
    "optics",
    [
        {"blur": 0.7, "noise": 3, "module": 3.0},
        {"blur": 0.3, "noise": 45, "module": 3.0},
        {"blur": 0.5, "noise": 10, "module": 2.0},
        {"blur": 0.5, "noise": 12, "lean": 0.2, "module": 2.8},
    ],
    ids=["out of focus", "noisy", "small", "leaning"],
)
def test_a_certificate_that_no_engine_reads_is_read(optics: dict[str, float]) -> None:
    text = certificate_text(1)
    frame = seen(modules_of(text), **optics)  # type: ignore[arg-type]
    assert ZxingReader().read(frame).codes == ()
    assert read(frame) == [text]
