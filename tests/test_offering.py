"""What staff choose from: who could give a seat, which Partnership is meant, which blank badge."""

from __future__ import annotations

import pytest

from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.guests.reserve import Reserve, ReserveBadge
from kiosk.desk.findings import Mode
from kiosk.desk.offering import Offering, Partnership
from tests.door import MORNING, badge, badge_key, certificate, desk, guest, let_in, saint_ouen

GREEN = [guest(name, "Petit", partnership="GreenDigi4X") for name in ("Cora", "Ada", "Bea")]
BLUE = guest("Dan", "Roux", partnership="BalticLoop")
OUT = (
    guest("Eve", "Petit", partnership="GreenDigi4X", selection=Selection.WAITING),
    guest("Fay", "Petit", partnership="GreenDigi4X", attendance=Attendance.REMOTE),
    guest("Gus", "Petit", partnership="GreenDigi4X", occasions=frozenset()),
)
BLANK = ReserveBadge(b"blank001", "Desk 2", "R2-017")


def offering(*blanks: ReserveBadge) -> Offering:
    station = desk([*GREEN, BLUE, *OUT], Mode.SELF)
    key = badge_key().public_key()
    return Offering(saint_ouen(), station._books, Reserve(blanks), key)


def test_a_seat_is_given_by_who_has_one_and_has_not_come_in() -> None:
    station = desk([*GREEN, BLUE, *OUT], Mode.DESK)

    def givers() -> list[str]:
        return [each.given for each in station.offering.givers("GreenDigi4X", MORNING)]

    assert givers() == ["Ada", "Bea", "Cora"]
    let_in(station, GREEN[0])
    assert givers() == ["Ada", "Bea"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("greendigi4x", Partnership("greendigi4x", "GreenDigi4X", "", ("GreenDigi4X",))),
        ("Gre", Partnership("Gre", "", "", ("GreenDigi4X",))),
        ("GreenDigi4", Partnership("GreenDigi4", "", "GreenDigi4X", ("GreenDigi4X",))),
        ("loop", Partnership("loop", "", "", ("BalticLoop",))),
        ("Something new", Partnership("Something new", "")),
        ("", Partnership("", "")),
    ],
)
def test_which_partnership_is_meant(written: str, meant: Partnership) -> None:
    assert offering().partnership(written) == meant


def test_a_blank_badge_is_known_by_its_number_and_by_its_code() -> None:
    offers = offering(BLANK)
    assert offers.blank(" r2-017 ") == BLANK
    assert offers.blank("R2-018") is None
    ours = make_badge(BLANK.badge, "saint-ouen-2021", badge_key())
    assert offers.shown_blank((certificate(BLUE), ours)) == BLANK
    other_event = make_badge(BLANK.badge, "elsewhere-2021", badge_key())
    assert offers.shown_blank((badge(BLUE), other_event, "https://example.org")) is None
