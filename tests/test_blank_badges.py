"""Blank badges of the reserve at a desk: handed out, not yet, and those of another desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.causes import Cause
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done
from kiosk.desk.registering import NewGuest
from tests.door import (
    MORNING,
    POLICY_1,
    SECOND,
    STEWARD,
    SUPERVISOR,
    badge,
    certificate,
    desk,
    guest,
    let_in,
    show,
)
from tests.fakes.journal import MemoryJournal

CHLOE = guest("Chloe", "Martin")
OURS = ReserveBadge(b"reserve1", "Desk 1", "R1-001")
THEIRS = ReserveBadge(b"reserve2", "Desk 2", "R2-017")
EVA = NewGuest(
    "Zorn", "Eva", "Green cluster", frozenset({POLICY_1}), partnership="Green", badge=OURS.badge
)


def blank(of: ReserveBadge) -> str:
    """The text on a blank badge."""
    return badge(replace(CHLOE, badge=of.badge))


def desk_of(name: str, journal: MemoryJournal | None = None, mode: Mode = Mode.DESK) -> EntryDesk:
    return desk([CHLOE], mode, journal=journal, name=name, reserve=[OURS, THEIRS])


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("which", "reason"),
    [(OURS, Reason.BADGE_NOT_HANDED_OUT), (THEIRS, Reason.BADGE_OF_RESERVE)],
    ids=["our own", "of another desk"],
)
def test_a_blank_badge_that_nobody_has_here_is_amber_with_its_desk_and_number(
    which: ReserveBadge, reason: Reason, mode: Mode
) -> None:
    answer = show(desk_of("Desk 1", mode=mode), certificate(CHLOE), blank(which))
    assert (answer.shown, answer.reasons, answer.guest) == (Shown.DESK, (reason,), None)
    assert answer.blank == which


def test_a_badge_that_is_in_no_reserve_is_unknown_as_before() -> None:
    answer = show(desk_of("Desk 1"), badge(guest("Nobody", "Here")))
    assert (answer.reasons, answer.blank) == ((Reason.BADGE_UNKNOWN,), None)


def walked_in(station: EntryDesk) -> Guest:
    outcome = station.registering.register(EVA, Cause.WALK_IN, SUPERVISOR, MORNING)
    assert isinstance(outcome, Done)
    return outcome.guests[0]


def test_a_walk_in_with_a_blank_badge_comes_in_and_back_by_it() -> None:
    journal = MemoryJournal()
    station = desk_of("Desk 1", journal)
    eva = walked_in(station)
    let_in(station, eva)
    again = show(desk_of("Desk 1", journal), blank(OURS), at=MORNING + 8 * SECOND)
    assert (again.shown, again.guest) == (Shown.ADMIT, eva)


def test_two_desks_that_cannot_speak_mean_one_guest_by_one_blank_badge() -> None:
    assert walked_in(desk_of("Desk 1")).id == walked_in(desk_of("Desk 2")).id
    other = replace(EVA, badge=THEIRS.badge)
    assert other.guest().id != EVA.guest().id
    assert replace(EVA, badge=b"").guest().id != replace(EVA, badge=b"").guest().id


def found_by_name(station: EntryDesk) -> Admission:
    show(station, certificate(CHLOE), blank(THEIRS))
    answer = station.choose(CHLOE.id, MORNING)
    assert answer is not None
    return answer


def test_with_a_blank_badge_of_another_desk_the_guest_is_found_by_name_and_let_in() -> None:
    assert found_by_name(desk_of("Desk 1")).shown is Shown.READY


def test_a_blank_badge_replaces_a_lost_one_which_counts_no_more() -> None:
    station = desk_of("Desk 1")
    cause = Cause.BADGE_HANDED_OUT
    outcome = station.registering.give_badge(CHLOE.id, OURS.badge, cause, STEWARD, MORNING)
    assert isinstance(outcome, Done)
    assert show(station, badge(CHLOE)).reasons == (Reason.BADGE_REVOKED,)
    station.clear()
    assert show(station, certificate(CHLOE), blank(OURS)).shown is Shown.READY


def test_a_handing_out_that_was_taken_back_leaves_a_badge_that_nobody_may_use() -> None:
    station = desk_of("Desk 1")
    cause = Cause.BADGE_HANDED_OUT
    station.registering.give_badge(CHLOE.id, OURS.badge, cause, STEWARD, MORNING)
    assert isinstance(station.undo(MORNING), Done)
    assert show(station, blank(OURS)).reasons == (Reason.BADGE_REVOKED,)
    station.clear()
    assert show(station, certificate(CHLOE), badge(CHLOE)).shown is Shown.READY
