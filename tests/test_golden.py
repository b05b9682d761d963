"""The main screens look as they did when somebody last looked at them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.golden.pictures import (
    FOLDER,
    GOLDEN,
    WIDTH,
    Colours,
    Golden,
    are_alike,
    kept,
    painted,
    reduced,
    tell,
)
from tests.gui_support import dress

MOST = 1_500_000  # bytes of all pictures together


@pytest.fixture(scope="module")
def pictures(qapp: QApplication) -> dict[Golden, Colours]:
    dress(qapp)
    return dict(painted())


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.file.stem)
def test_a_main_screen_looks_as_it_was_accepted(
    pictures: dict[Golden, Colours], golden: Golden, tmp_path: Path
) -> None:
    before, now = kept(golden), pictures[golden]
    if before is None or not are_alike(before, now):
        told = tell(golden, now, tmp_path)
        pytest.fail(f"look at {told}; if it is right: python -m tests.golden --accept")


def test_the_pictures_are_those_of_the_states_and_small() -> None:
    files = {golden.file for golden in GOLDEN}
    assert set(FOLDER.glob("*.png")) == files
    assert len(files) == len(GOLDEN)
    assert sum(file.stat().st_size for file in files) < MOST


# What counts as the same


@pytest.fixture
def picture() -> Colours:
    page = np.full((400, 640, 3), 247, np.uint8)
    cv2.putText(page, "Bienvenue", (40, 200), 0, 2, (61, 33, 20), 4, cv2.LINE_AA)
    return page


def test_letters_drawn_a_little_darker_are_the_same(picture: Colours) -> None:
    darker = np.where(picture < 247, np.maximum(picture.astype(int) - 20, 0), picture)
    assert are_alike(picture, darker.astype(np.uint8))


def test_a_letter_that_is_gone_is_found(picture: Colours) -> None:
    without = picture.copy()
    without[:, 40:75] = 247
    assert not are_alike(picture, without)


def test_words_that_moved_by_two_pixels_are_found(picture: Colours) -> None:
    assert not are_alike(picture, np.roll(picture, 2, axis=0))


def test_a_surface_in_a_slightly_other_colour_is_found(picture: Colours) -> None:
    assert not are_alike(picture, picture - np.uint8(2))


def test_pictures_of_other_sizes_differ(picture: Colours) -> None:
    assert not are_alike(picture, picture[:-1])


def test_a_difference_is_shown_beside_both(picture: Colours, tmp_path: Path) -> None:
    shown = cv2.imread(str(tell(GOLDEN[0], picture, tmp_path)))
    assert shown is not None
    before = kept(GOLDEN[0])
    wide = 3 if before is not None and before.shape == picture.shape else 1
    assert shown.shape == (400, wide * WIDTH, 3)


def test_a_photograph_is_reduced_in_its_own_colours() -> None:
    image = QImage(1024, 600, QImage.Format.Format_RGB32)
    image.fill(0x0B7A43)
    small = reduced(image)
    assert small.shape == (375, WIDTH, 3)
    assert (small == (0x43, 0x7A, 0x0B)).all()
