"""Random keys, chords and touches: nothing leads out of a locked screen, and nothing raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.desk.findings import Mode
from tests.keys.fuzz import Hands
from tests.locked import locked_window

COUNT = 2_500  # of each of the two screens; `python -m tests.keys --count 100000` for more
SEED = 20211122
# What QTest and Qt's platform without a screen say of keys and places that they do not know.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support",
    "keyToAscii Unhandled key code",
    "occurs outside target window",
)


@pytest.mark.parametrize("mode", [Mode.DESK, Mode.SELF])
def test_no_random_key_chord_or_touch_leads_out_of_a_locked_screen(
    qapp: QApplication, tmp_path: Path, mode: Mode
) -> None:
    with locked_window(qapp, tmp_path, mode) as locked:
        tally = Hands(qapp, locked, SEED).play(COUNT)
        assert tally.escapes == []
        assert tally.acts.total() == COUNT


def test_the_same_hands_find_the_way_out_of_a_screen_that_is_not_locked(
    qapp: QApplication, tmp_path: Path
) -> None:
    with locked_window(qapp, tmp_path) as locked:
        locked.lock.open()
        assert Hands(qapp, locked, SEED).play(300).escapes
