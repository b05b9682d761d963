"""What a running station asks its desk when something stays unread before the camera."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from kiosk.bootstrap.station import RunningStation
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.attention import UNREAD_AFTER
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CodeSeen, Frame, Sighting
from tests.fakes.clock import SetClock
from tests.gui_support import AT, SOMEBODY, DeskMaker, badge_of, dress, wordings
from tests.gui_support import station as gui_station
from tests.test_hand_scanner import Still


@pytest.mark.parametrize(
    ("text", "beside"),
    [(badge_of(SOMEBODY), True), ("https://example.org", False)],
    ids=["badge", "poster"],
)
def test_a_door_asks_the_desk_once_and_says_whether_it_is_beside_a_guest_s_code(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, text: str, beside: bool
) -> None:
    dress(qapp)
    clock, asked = SetClock(AT), list[tuple[timedelta, bool]]()
    made = RunningStation(
        gui_station(Mode.SELF),
        DeskMaker(Mode.SELF),
        Still(),
        clock,
        wordings(),
        TrustList(issued_at=AT),
    )

    def not_read(at: datetime, *, beside: bool) -> None:
        asked.append((at - AT, beside))

    monkeypatch.setattr(made.desk, "not_read", not_read)
    code = CodeSeen(text, ((0, 0), (9, 0), (9, 9), (0, 9)))
    for count, sighting in (
        (10, Sighting()),
        (15, Sighting((code,))),
        (300, Sighting((code,), something_there=True)),
    ):
        for _ in range(count):
            clock.go(timedelta(seconds=0.1))
            made._on_sighting(Frame(np.zeros((48, 64), np.uint8), 0), sighting)
    made.stop()
    assert asked == [(timedelta(seconds=2.6) + UNREAD_AFTER, beside)]
