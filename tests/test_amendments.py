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


# What was taken back


def taken_back(number: int, what: Guest | Change, desk: str = "desk-1") -> Amendment:
    return replace(amendment(number, what), cause=Cause.UNDONE, desk=desk)


def test_what_was_taken_back_stands_in_the_way_of_no_later_list() -> None:
    waiting = Change(ANA.id, selection=Selection.WAITING, occasions=frozenset())
    here = Change(ANA.id, selection=Selection.SELECTED, occasions=frozenset({"policy-day-1"}))
    assert amended([ANA], [amendment(1, here), taken_back(2, waiting)]).guests == (ANA,)


def test_only_what_was_taken_back_goes_and_not_what_was_before_or_beside_it() -> None:
    first = Change(ANA.id, occasions=frozenset({"partnering"}))
    badge = Change(ANA.id, badge=b"badge-no")
    wrong = Change(ANA.id, occasions=frozenset())
    made = [amendment(1, first), amendment(2, wrong), amendment(3, badge), taken_back(4, first)]
    now = amended([ANA], made).guests[0]
    assert (now.occasions, now.badge) == (frozenset({"partnering"}), b"badge-no")


def test_a_badge_that_was_given_and_taken_back_is_out_of_use() -> None:
    made = [
        amendment(1, Change(ANA.id, badge=b"badge-no")),
        taken_back(2, Change(ANA.id, badge=ANA.badge)),
    ]
    now = amended([ANA], made)
    assert now.guests == (ANA,)
    assert now.revoked == {b"badge-no"}


def test_what_one_desk_takes_back_is_not_what_another_did() -> None:
    change = Change(ANA.id, occasions=frozenset({"partnering"}))
    back = Change(ANA.id, occasions=frozenset({"policy-day-1"}))
    now = amended([ANA], [amendment(1, change), taken_back(2, back, desk="desk-2")])
    assert now.guests[0].occasions == {"policy-day-1"}


def test_somebody_who_was_added_and_taken_back_is_expected_nowhere() -> None:
    gone = Change(BEN.id, selection=Selection.DECLINED, occasions=frozenset())
    (now,) = amended([], [amendment(1, BEN), taken_back(2, gone)]).guests
    assert (now.selection, now.occasions) == (Selection.DECLINED, frozenset())
