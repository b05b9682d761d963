"""What a station recorded last is taken back within 15 minutes: once, and only its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.causes import Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Selection
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Role
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.ports import Authority
from tests.door import (
    ALL_SEEN,
    MORNING,
    POLICY_1,
    POLICY_2,
    SECOND,
    SUPERVISOR,
    badge,
    certificate,
    desk,
    guest,
    let_in,
    show,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
BOTH = (CHLOE, BRUNO)
MINUTE = timedelta(minutes=1)
HAIR = timedelta(milliseconds=1)
NOTHING = NotDone(Reason.NOTHING_TO_UNDO)


def staff_desk(journal: MemoryJournal) -> EntryDesk:
    return desk(BOTH, Mode.DESK, journal=journal)


def test_an_entry_is_taken_back_and_the_guest_is_as_before() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, CHLOE)
    (entry,) = journal.log
    outcome = station.undo(MORNING + MINUTE)
    assert isinstance(outcome, Done)
    assert (outcome.records, outcome.guests) == ((entry,), (CHLOE,))
    note = journal.log[-1]
    assert (note.act, note.cause, note.refers) == (EntryAct.NOTE, Cause.UNDONE, entry.id)
    assert (note.guest, note.staff, journal.appends) == (CHLOE.id, "operator-1", 2)
    assert station.counters(MORNING + MINUTE).entered == 0
    assert show(station, badge(CHLOE), at=MORNING + MINUTE).shown is Shown.AWAIT_CERTIFICATE


def test_the_card_goes_and_the_last_answers_tell_of_it() -> None:
    station = staff_desk(MemoryJournal())
    let_in(station, CHLOE)
    station.undo(MORNING)
    assert station.confirm(ALL_SEEN, MORNING) is None
    newest = station.recent()[0]
    assert (newest.name, newest.undone, newest.left) == ("Chloe M.", True, False)


@pytest.mark.parametrize(
    ("after", "undone"),
    [
        (timedelta(minutes=15), True),
        (timedelta(minutes=15) + HAIR, False),
        (-HAIR, False),
    ],
    ids=["15 minutes", "longer", "the clock was set back"],
)
def test_fifteen_minutes_are_left_to_take_back(after: timedelta, *, undone: bool) -> None:
    station = staff_desk(MemoryJournal())
    let_in(station, CHLOE)
    assert isinstance(station.undo(MORNING + after), Done) is undone


def test_nothing_is_taken_back_twice_nor_what_was_before_it() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, BRUNO)
    let_in(station, CHLOE)
    assert isinstance(station.undo(MORNING), Done)
    assert station.undo(MORNING) == NOTHING
    assert journal.acts[:2] == [(EntryAct.IN, BRUNO.id), (EntryAct.IN, CHLOE.id)]
    assert len(journal.log) == 3


def test_there_is_nothing_to_take_back_of_others_nor_of_before_a_restart() -> None:
    journal = MemoryJournal()
    let_in(staff_desk(journal), CHLOE)
    assert staff_desk(journal).undo(MORNING) == NOTHING
    other = desk(BOTH, journal=journal)
    assert other.undo(MORNING) == NOTHING


def test_an_exit_is_taken_back() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, CHLOE)
    station.let_out(CHLOE.id, MORNING + MINUTE)
    assert isinstance(station.undo(MORNING + MINUTE), Done)
    assert station.counters(MORNING + MINUTE).present == 1


def test_a_check_of_the_self_scan_screen_is_taken_back_there() -> None:
    journal = MemoryJournal()
    screen = desk(BOTH, journal=journal)
    show(screen, certificate(CHLOE), badge(CHLOE))
    assert isinstance(screen.undo(MORNING), Done)
    assert staff_desk(journal).checked(MORNING) == ()


def test_a_pair_that_was_set_right_is_taken_back_as_a_pair_in_one_transaction() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    show(station, certificate(BRUNO), badge(CHLOE))
    show(station, certificate(CHLOE), badge(BRUNO), at=MORNING + MINUTE)
    station.confirm(ALL_SEEN, MORNING + MINUTE)
    outcome = station.undo(MORNING + 2 * MINUTE)
    assert isinstance(outcome, Done)
    assert set(outcome.guests) == set(BOTH)
    assert journal.appends == 2
    assert station.counters(MORNING + 2 * MINUTE).entered == 0


def test_everyone_who_was_recorded_as_out_is_inside_again() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    for who in BOTH:
        let_in(station, who)
    station.leaving.everyone_out(POLICY_1, SUPERVISOR, MORNING + MINUTE)
    assert station.counters(MORNING + MINUTE).present == 0
    assert isinstance(station.undo(MORNING + MINUTE), Done)
    assert station.counters(MORNING + MINUTE).present == 2
    assert journal.appends == 4


def test_of_an_entry_and_an_exit_elsewhere_only_the_own_one_is_taken_back() -> None:
    journal = MemoryJournal()
    here, there = staff_desk(journal), staff_desk(journal)
    let_in(here, CHLOE)
    there.let_out(CHLOE.id, MORNING + MINUTE)
    assert isinstance(here.undo(MORNING + MINUTE), Done)
    assert here.counters(MORNING + MINUTE).entered == 0
    assert isinstance(there.undo(MORNING + MINUTE), Done)


def test_what_cannot_be_recorded_is_not_taken_back_and_may_be_tried_again() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, CHLOE)
    journal.full = True
    assert station.undo(MORNING) == NotDone(Reason.STORAGE_TROUBLE)
    journal.full = False
    assert isinstance(station.undo(MORNING), Done)


# Already admitted


@pytest.mark.parametrize("crashed", [False, True], ids=["scanned twice", "after a crash"])
def test_the_card_of_who_is_in_already_knows_since_how_many_seconds(*, crashed: bool) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, CHLOE)
    if crashed:
        station = staff_desk(journal)
    answer = show(station, badge(CHLOE), at=MORNING + 8 * SECOND)
    assert (answer.shown, answer.way, answer.reasons) == (Shown.ADMIT, Way.ALREADY, ())
    assert answer.standing.last_in is not None
    assert answer.at - answer.standing.last_in == 8 * SECOND
    assert journal.appends == 1


def test_an_entry_that_was_taken_back_is_no_longer_already_admitted() -> None:
    station = staff_desk(MemoryJournal())
    let_in(station, CHLOE)
    station.undo(MORNING + SECOND)
    answer = show(station, certificate(CHLOE), badge(CHLOE), at=MORNING + 8 * SECOND)
    assert (answer.shown, answer.way) == (Shown.READY, Way.FIRST)


# What somebody else did since


PAIR = {"partnership": "Two of them"}
ANNA, BEN = guest("Anna", "Alba", **PAIR), guest("Ben", "Bell", **PAIR)
WANDA, UWE = (
    guest(given, family, selection=Selection.WAITING, **PAIR)
    for given, family in (("Wanda", "Wolf"), ("Uwe", "Ulm"))
)
OURS = (ANNA, BEN, WANDA, UWE)


def two_doors(journal: MemoryJournal) -> tuple[EntryDesk, EntryDesk]:
    north = desk(OURS, Mode.DESK, journal=journal)
    return north, desk(OURS, Mode.DESK, journal=journal, door="south")


def test_a_seat_for_which_the_substitute_was_checked_is_not_taken_back() -> None:
    journal = MemoryJournal()
    north, _ = two_doors(journal)
    screen = desk(OURS, Mode.SELF, journal=journal)
    north.registering.substitute(ANNA.id, WANDA.id, frozenset({POLICY_1}), SUPERVISOR, MORNING)
    assert show(screen, certificate(WANDA), badge(WANDA)).checked_only
    kept = north.undo(MORNING + MINUTE)
    assert isinstance(kept, NotDone)
    assert kept.reason is Reason.SEAT_IN_USE


def test_a_substitution_is_not_taken_back_over_a_later_one_of_another_door() -> None:
    north, south = two_doors(MemoryJournal())
    north.registering.substitute(ANNA.id, WANDA.id, frozenset({POLICY_1}), SUPERVISOR, MORNING)
    south.registering.substitute(ANNA.id, UWE.id, frozenset({POLICY_2}), SUPERVISOR, MORNING)
    assert north.undo(MORNING + MINUTE) == NOTHING
    assert isinstance(south.undo(MORNING + MINUTE), Done)
    assert isinstance(north.undo(MORNING + MINUTE), Done)  # now nothing lies over it any more
    assert north.guests.by_id(ANNA.id) == ANNA


def test_what_another_door_granted_a_guest_as_well_is_not_taken_back() -> None:
    north, south = two_doors(MemoryJournal())
    late = Cause.LATE_REGISTRATION
    north.registering.accept(WANDA.id, frozenset({POLICY_1}), late, SUPERVISOR, MORNING)
    south.registering.accept(WANDA.id, frozenset({POLICY_2}), late, SUPERVISOR, MORNING)
    assert north.undo(MORNING + MINUTE) == NOTHING


def test_the_newer_of_two_badges_that_two_doors_gave_counts_whatever_the_clock_does() -> None:
    north, south = two_doors(MemoryJournal())
    lost, new = b"11111111", b"22222222"
    replaced = Cause.BADGE_REPLACED
    for worse in (b"33333333", b"44444444", lost):
        north.registering.give_badge(ANNA.id, worse, replaced, SUPERVISOR, MORNING)
    south.registering.give_badge(ANNA.id, new, replaced, SUPERVISOR, MORNING - MINUTE)
    assert north.undo(MORNING + MINUTE) == NOTHING
    assert south.guests.by_badge(new) == replace(ANNA, badge=new)
    assert lost in south.guests.revoked


def test_changes_of_one_moment_count_in_their_order() -> None:
    journal = MemoryJournal()
    north, south = two_doors(journal)
    for number in range(50):
        for station in (north, south):
            given = f"{number:04}{station.station.door.id[:4]:4}".encode()
            replaced = Cause.BADGE_REPLACED
            station.registering.give_badge(ANNA.id, given, replaced, SUPERVISOR, MORNING)
            now = station.guests.by_id(ANNA.id)
            assert now is not None
            assert now.badge == given
    ids = [amendment.id for amendment in journal.amendments]
    assert ids == sorted(ids)


# Whose it is to take back


@pytest.mark.parametrize(
    ("session", "role", "undone"),
    [
        ("session-1", Role.STEWARD, True),
        ("session-2", Role.STEWARD, False),
        ("session-1", Role.SUPERVISOR, True),
        ("session-2", Role.SUPERVISOR, True),
    ],
)
def test_what_another_session_recorded_is_a_supervisor_s_to_take_back(
    session: str, role: Role, undone: bool
) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    station.station.staff = "session-1"
    let_in(station, CHLOE)
    outcome = station.undo(MORNING, Authority(session, role))
    if undone:
        assert isinstance(outcome, Done)
        assert journal.log[-1].staff == session  # the note says who took it back
    else:
        assert outcome == NotDone(Reason.NOT_AUTHORISED)
        assert len(journal.log) == 1
        assert station.undoable(MORNING)  # a supervisor still may
