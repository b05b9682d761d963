"""Hints from a picture: what whoever holds a code up can change, and silence where unsure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.reader.hints import LEAST_MODULE, Hints
from kiosk.adapters.reader.regions import patches
from kiosk.desk.ports import Hint, Region
from tests.test_reader import CERTIFICATE, blurred, code

Grey = NDArray[np.uint8]

DRAWN = code(CERTIFICATE, module=1, level="q")


def shown(module: float, shift: float = 0.0, sigma: float = 1.2) -> Grey:
    """A 720p frame with a certificate of `module` px, blurred, moved by `shift` px."""
    frame = np.full((720, 1280), 120, np.uint8)
    grid = cv2.resize(DRAWN, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    scale = module / 6
    move = np.array([[scale, 0, 400.0 + shift], [0, scale, 150.0 + shift / 2]])
    cv2.warpAffine(grid, move, (1280, 720), frame, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    return blurred(frame, sigma)


def region_of(image: Grey) -> Region:
    return patches(image)[0].box


def hint(*frames: Grey) -> Hint | None:
    """What is said about the last of successive frames."""
    hints, told = Hints(), None
    for frame in frames:
        told = hints.hint(frame, region_of(frame))
    return told


def test_a_code_that_is_large_still_and_well_lit_gets_no_hint() -> None:
    assert hint(shown(3), shown(3)) is None


@pytest.mark.parametrize(("module", "told"), [(1.1, Hint.CLOSER), (2.2, None)])
def test_a_code_whose_modules_are_too_small_is_to_come_closer(
    module: float, told: Hint | None
) -> None:
    assert (module < LEAST_MODULE) == (told is Hint.CLOSER)
    assert hint(shown(module)) is told


@pytest.mark.parametrize(("shift", "told"), [(0, None), (3, None), (14, Hint.HOLD_STILL)])
def test_a_code_that_moves_by_modules_from_frame_to_frame_is_to_be_held_still(
    shift: float, told: Hint | None
) -> None:
    assert hint(shown(3), shown(3, shift)) is told


def test_after_nothing_was_there_no_movement_is_seen() -> None:
    hints = Hints()
    before, now = shown(3), shown(3, 14)
    hints.hint(before, region_of(before))
    hints.nothing()
    assert hints.hint(now, region_of(now)) is None


def test_another_picture_is_no_movement() -> None:
    upside_down = np.ascontiguousarray(shown(3)[::-1, ::-1])
    assert hint(upside_down, shown(3)) is None


def test_a_frame_of_another_size_is_no_movement() -> None:
    assert hint(np.ascontiguousarray(shown(3)[:, :1000]), shown(3)) is None


def test_a_code_in_the_dark_wants_light() -> None:
    dark = shown(3) // 6
    assert patches(dark)
    assert hint(dark) is Hint.TOO_DARK
    assert hint(shown(3) // 3) is None


def test_glare_in_the_code_is_too_bright_and_white_paper_is_not() -> None:
    assert hint(np.minimum(shown(3).astype(np.uint16) * 2, 255).astype(np.uint8)) is None
    glare = shown(3)
    cv2.circle(glare, (560, 300), 60, (255,), -1)
    assert hint(blurred(glare, 2)) is Hint.TOO_BRIGHT


def test_movement_is_looked_for_in_a_picture_however_narrow_it_is() -> None:
    image = shown(3)[:, 390:492]
    for height in range(700, 720):
        narrow = np.asarray(cv2.resize(image, (102, height)), np.uint8)
        hints = Hints()
        for _ in range(2):
            assert hints.hint(narrow, Region(0, 0, 102, height)) is not Hint.HOLD_STILL


def test_a_tiny_region_is_no_reason_to_fail() -> None:
    image = shown(3)
    for region in (Region(0, 0, 1, 1), Region(1279, 719, 1280, 720), Region(0, 0, 1280, 720)):
        hints = Hints()
        hints.hint(image, region)
        hints.hint(image, region)
