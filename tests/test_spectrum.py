"""A code is told from what only looks busy by how its power is spread."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kiosk.adapters.reader.spectrum import LEAST_EVENNESS, evenness
from kiosk.desk.ports import Region
from tests.qrcodes import Grey, badge_text, certificate_text, modules_of, seen

SHAPE = (360, 360)
WHOLE = Region(0, 0, 360, 360)


def checks(size: int) -> Grey:
    rows, columns = np.indices(SHAPE) // size
    return np.where((rows + columns) % 2, 220, 30).astype(np.uint8)


def print_of(scale: float) -> Grey:
    page = np.full(SHAPE, 230, np.uint8)
    for line in range(20, 360, int(26 * scale)):
        cv2.putText(page, "GUESTS ARE KINDLY ASKED TO WAIT", (5, line), 0, scale, 20, 1)
    return page


@pytest.mark.parametrize(
    "optics",
    [
        {"module": 3.0},
        {"module": 3.4, "turn": 30},
        {"module": 3.0, "defocus": 0.9},
        {"module": 3.0, "blur": 0.6, "noise": 20},
        {"module": 2.8, "noise": 60},
    ],
)
@pytest.mark.parametrize("text", [certificate_text(1), badge_text(1)])
def test_the_power_of_a_code_is_spread_evenly(text: str, optics: dict[str, float]) -> None:
    modules = modules_of(text, "m")
    frame = seen(modules, **optics)  # type: ignore[arg-type]
    half = int(0.5 * optics["module"] * (modules.shape[0] + 8))
    box = Region(180 - half, 180 - half, 180 + half, 180 + half)
    assert evenness(frame, box) > 1.3 * LEAST_EVENNESS


@pytest.mark.parametrize(
    "picture",
    [*(checks(size) for size in (5, 9, 16, 30)), *(print_of(scale) for scale in (0.4, 0.6, 1.0))],
)
def test_that_of_print_and_of_what_repeats_itself_is_not(picture: Grey) -> None:
    assert evenness(picture, WHOLE) < LEAST_EVENNESS


def test_a_flat_patch_is_no_code() -> None:
    assert evenness(np.full(SHAPE, 99, np.uint8), WHOLE) <= 1
