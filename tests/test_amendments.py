"""Changes made at a door, laid over the organiser's list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kiosk.core.causes import Cause
from kiosk.core.guests.amendments import Amendment, Change, amended
from kiosk.core.guests.guest import Guest, Selection
from tests.door import MORNING, guest

ANA = guest("Ana", "Silva")
BEN = replace(ANA, id="ben", badge=b"badge-bn", given="Ben")


def amendment(number: int, what: Guest | Change) -> Amendment:
    at = MORNING + timedelta(seconds=number)
    return Amendment(f"0190-{number:04}", at, "desk-1", "s1", Cause.WALK_IN, what)


def test_whoever_was_added_at_a_door_is_on_the_list() -> None:
    assert amended([ANA], [amendment(1, BEN)]).guests == (ANA, BEN)


def test_whoever_the_organiser_lists_by_now_is_as_the_organiser_says() -> None:
    listed = replace(BEN, organisation="Cluster South")
    assert amended([ANA, listed], [amendment(1, BEN)]).guests == (ANA, listed)


def test_a_change_keeps_what_it_does_not_name() -> None:
    waiting = replace(ANA, selection=Selection.WAITING)
    change = Change(ANA.id, selection=Selection.SELECTED)
    assert amended([waiting], [amendment(1, change)]).guests == (ANA,)


def test_another_badge_puts_the_one_of_before_out_of_use() -> None:
    now = amended([ANA], [amendment(1, Change(ANA.id, badge=b"badge-no"))])
    assert now.guests[0].badge == b"badge-no"
    assert now.revoked == {ANA.badge}


def test_amendments_count_in_their_own_order_not_in_that_of_arrival() -> None:
    first = amendment(1, Change(ANA.id, occasions=frozenset({"partnering"})))
    second = amendment(2, Change(ANA.id, occasions=frozenset({"policy-day-1"})))
    assert amended([ANA], [second, first]) == amended([ANA], [first, second])
    assert amended([ANA], [second, first]).guests[0].occasions == {"policy-day-1"}


def test_a_change_of_somebody_who_is_on_no_list_is_passed_over() -> None:
    assert amended([ANA], [amendment(1, Change("nobody", badge=b"badge-no"))]).guests == (ANA,)
