"""What a supervisor changes of the guest list at the door, and how it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.causes import Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.registering import NewGuest
from tests.door import (
    MORNING,
    PARTNERING,
    POLICY_1,
    POLICY_2,
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

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY_1 = frozenset({POLICY_1})
ALL = frozenset({POLICY_1, POLICY_2, PARTNERING})
ADA, BEA = (guest(name, "Petit", partnership="Green") for name in ("Ada", "Bea"))
CORA = guest("Cora", "Petit", partnership="Green", selection=Selection.WAITING)
DAN = guest("Dan", "Roux", partnership="Blue")
PRESS = guest("Pia", "Noir", partnership="", category="press")
NEW = NewGuest("Zorn", "Eva", "Green cluster", DAY_1, partnership="Green")
LATE, WALK_IN = Cause.LATE_REGISTRATION, Cause.WALK_IN


def done(outcome: Outcome) -> Guest:
    """The guest of something that was done."""
    assert isinstance(outcome, Done), outcome
    return outcome.guests[0]


def staff_desk(journal: MemoryJournal, *more: Guest) -> EntryDesk:
    return desk([ADA, BEA, CORA, DAN, PRESS, *more], Mode.DESK, journal=journal)


def comes_in(station: EntryDesk, who: Guest) -> bool:
    """Whether the guest is let in the ordinary way, by a certificate and a name."""
    show(station, certificate(who))
    answer = station.choose(who.id, MORNING)
    return answer is not None and answer.shown is Shown.READY


# Who was on no list


@pytest.mark.parametrize("cause", [LATE, WALK_IN])
def test_somebody_added_by_a_supervisor_is_admitted_the_ordinary_way(cause: Cause) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    new = done(station.registering.register(NEW, cause, SUPERVISOR, MORNING))
    assert (new.selection, new.attendance) == (Selection.SELECTED, Attendance.IN_PERSON)
    assert station.guests.by_id(new.id) == new
    assert station.search("zorn") == (new,)
    assert comes_in(station, new)


def test_what_was_added_is_one_note_and_one_amendment_in_one_transaction() -> None:
    journal = MemoryJournal()
    new = done(staff_desk(journal).registering.register(NEW, WALK_IN, SUPERVISOR, MORNING))
    assert journal.appends == 1
    (record,), (amendment,) = journal.log, journal.amendments
    assert (record.act, record.guest, record.cause) == (EntryAct.NOTE, new.id, WALK_IN)
    assert (record.staff, record.basis) == ("supervisor-1", EntryBasis.SUPERVISOR)
    assert (amendment.what, amendment.at, amendment.cause) == (new, MORNING, WALK_IN)
    assert (amendment.desk, amendment.staff) == ("kiosk-1", "supervisor-1")


def test_another_screen_of_the_kiosk_knows_who_was_added() -> None:
    journal = MemoryJournal()
    new = done(staff_desk(journal).registering.register(NEW, LATE, SUPERVISOR, MORNING))
    south = desk([ADA], Mode.DESK, journal=journal, door="south")
    assert comes_in(south, new)


@pytest.mark.parametrize(
    "new",
    [
        replace(NEW, family=" "),
        replace(NEW, partnership=" "),
        replace(NEW, category="astronaut"),
        replace(NEW, occasions=frozenset[str]()),
        replace(NEW, occasions=DAY_1 | {"tomorrow"}),
    ],
    ids=["no name", "of nothing", "unknown category", "no occasion", "unknown occasion"],
)
def test_nobody_is_added_of_whom_something_is_missing(new: NewGuest) -> None:
    journal = MemoryJournal()
    outcome = staff_desk(journal).registering.register(new, LATE, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.REGISTRATION_INCOMPLETE)
    assert (journal.log, journal.amendments) == ([], [])


def test_a_guest_of_a_category_needs_no_partnership() -> None:
    journal = MemoryJournal()
    speaker = replace(NEW, partnership="", category="speaker")
    new = done(staff_desk(journal).registering.register(speaker, LATE, SUPERVISOR, MORNING))
    assert (new.partnership, new.category) == ("", "speaker")


def test_nobody_is_added_who_is_on_the_list_already_however_it_is_spelt() -> None:
    zoe = guest("Zoé", "Lefèvre", organisation="Pôle Énergie")
    twin = NewGuest("LEFEVRE", "zoe", "pole energie", DAY_1, partnership="Green")
    station = staff_desk(MemoryJournal(), zoe)
    outcome = station.registering.register(twin, LATE, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.ALREADY_ON_LIST, zoe)


def test_a_cause_of_something_else_is_a_mistake_of_the_program() -> None:
    registering = staff_desk(MemoryJournal()).registering
    with pytest.raises(ValueError, match="cause"):
        registering.register(NEW, Cause.UNDONE, SUPERVISOR, MORNING)
    with pytest.raises(ValueError, match="cause"):
        registering.accept(CORA.id, DAY_1, Cause.SUBSTITUTION, SUPERVISOR, MORNING)
    with pytest.raises(ValueError, match="cause"):
        registering.give_badge(ADA.id, bytes(8), LATE, SUPERVISOR, MORNING)


# Who was on the list, but not expected


@pytest.mark.parametrize(
    "changes",
    [
        {"selection": Selection.WAITING},
        {"selection": Selection.DECLINED},
        {"attendance": Attendance.REMOTE},
        {"occasions": frozenset({POLICY_2})},
    ],
    ids=["waiting", "declined", "remote", "of another day"],
)
def test_a_supervisor_may_accept_somebody_of_the_list(changes: dict[str, object]) -> None:
    finn = guest("Finn", "Gris", **changes)
    station = staff_desk(MemoryJournal(), finn)
    assert not comes_in(station, finn)
    accepted = done(station.registering.accept(finn.id, DAY_1, LATE, SUPERVISOR, MORNING))
    kept = finn.occasions if "occasions" in changes else frozenset[str]()
    assert accepted.occasions == kept | DAY_1, "what was not granted is not granted now"
    assert comes_in(station, finn)


@pytest.mark.parametrize(
    ("who", "occasions", "reason"),
    [
        ("nobody", DAY_1, Reason.NOT_ON_LIST),
        (CORA.id, frozenset[str](), Reason.REGISTRATION_INCOMPLETE),
        (CORA.id, frozenset({"tomorrow"}), Reason.REGISTRATION_INCOMPLETE),
        (ADA.id, DAY_1, Reason.SEAT_HELD),
    ],
)
def test_nobody_is_accepted_for_nothing(
    who: str, occasions: frozenset[str], reason: Reason
) -> None:
    journal = MemoryJournal()
    outcome = staff_desk(journal).registering.accept(who, occasions, LATE, SUPERVISOR, MORNING)
    assert isinstance(outcome, NotDone)
    assert outcome.reason is reason
    assert journal.log == []


# Substitution


def test_the_substitute_comes_in_and_the_guest_whose_seat_it_was_is_told_to_whom_it_went() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    at = MORNING - 12 * MINUTE
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, at))
    assert comes_in(station, CORA)
    answer = show(station, certificate(ADA), badge(ADA))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.SEAT_PASSED_ON,))
    assert answer.seat_passed is not None
    assert answer.seat_passed.to is not None
    assert (answer.seat_passed.to.id, answer.seat_passed.at) == (CORA.id, at)


def test_to_the_guests_themselves_no_name_is_shown() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    answer = show(desk([ADA, CORA], journal=journal), certificate(ADA), badge(ADA))
    assert (answer.reasons, answer.seat_passed) == ((Reason.SEAT_PASSED_ON,), None)


def test_only_the_occasions_that_are_named_go_to_the_substitute() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    two = frozenset({POLICY_2, PARTNERING})
    done(station.registering.substitute(ADA.id, CORA.id, two, SUPERVISOR, MORNING))
    ada, cora = (station.guests.by_id(who.id) for who in (ADA, CORA))
    assert ada is not None
    assert cora is not None
    assert (ada.occasions, cora.occasions) == (DAY_1, two)
    assert [(r.occasion, r.guest, r.refers) for r in journal.log] == [
        (PARTNERING, ADA.id, CORA.id),
        (POLICY_2, ADA.id, CORA.id),
    ]
    assert {record.cause for record in journal.log} == {Cause.SUBSTITUTION}
    assert (journal.appends, len(journal.amendments)) == (1, 2)
    assert comes_in(station, ADA)


def test_a_substitute_who_has_seats_of_their_own_keeps_them() -> None:
    one_day = replace(CORA, selection=Selection.SELECTED, occasions=frozenset({POLICY_2}))
    station = desk([ADA, one_day], Mode.DESK)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    cora = station.guests.by_id(CORA.id)
    assert cora is not None
    assert cora.occasions == {POLICY_1, POLICY_2}


def test_a_substitute_who_is_on_no_list_is_added_to_the_partnership() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    new = replace(NEW, partnership="", category="press", occasions=ALL)
    done(station.registering.substitute(ADA.id, new, DAY_1, SUPERVISOR, MORNING))
    (added,) = station.search("zorn")
    assert (added.partnership, added.category, added.occasions) == ("Green", "", DAY_1)
    assert comes_in(station, added)


def test_a_third_person_is_let_in_by_the_seat_of_one_who_has_not_come() -> None:
    """Two seats: Bea is in, Ada has not come; Cora comes in her place, and no fourth can."""
    station = staff_desk(MemoryJournal())
    let_in(station, BEA)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    cora = station.guests.by_id(CORA.id)
    assert cora is not None
    let_in(station, cora)
    assert show(station, badge(ADA)).reasons == (Reason.SEAT_PASSED_ON,)


def test_the_seat_of_who_was_only_checked_may_be_passed_on() -> None:
    journal = MemoryJournal()
    show(desk([ADA, BEA, CORA], journal=journal), certificate(ADA), badge(ADA))
    station = staff_desk(journal)
    let_in(station, BEA)
    assert station.figures.checked(MORNING) == (ADA,)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    assert station.figures.checked(MORNING) == ()
    assert comes_in(station, CORA)


def test_who_is_one_too_many_of_a_partnership_may_take_the_seat_of_one_who_was_only_checked() -> (
    None
):
    journal, third = MemoryJournal(), guest("Eda", "Petit", partnership="Green")
    self_scan = desk([ADA, BEA, third], journal=journal)
    show(self_scan, certificate(ADA), badge(ADA))
    station = staff_desk(journal, third)
    early = station.registering.substitute(ADA.id, third.id, DAY_1, SUPERVISOR, MORNING)
    assert early == NotDone(Reason.SEAT_HELD, third), "there is a seat for both"
    let_in(station, BEA)
    assert show(station, badge(third), certificate(third)).reasons == (Reason.SEATS_TAKEN,)
    in_use = station.registering.substitute(BEA.id, third.id, DAY_1, SUPERVISOR, MORNING)
    assert in_use == NotDone(Reason.SEAT_IN_USE, BEA)
    done(station.registering.substitute(ADA.id, third.id, DAY_1, SUPERVISOR, MORNING))
    let_in(station, third)
    assert show(station, badge(ADA)).reasons == (Reason.SEAT_PASSED_ON,)


def test_a_seat_that_nobody_was_checked_for_helps_nobody_who_is_one_too_many() -> None:
    journal = MemoryJournal()
    third, fourth = (guest(name, "Petit", partnership="Green") for name in ("Eda", "Flo"))
    station = staff_desk(journal, third, fourth)
    for person in (ADA, BEA):
        let_in(station, person)
    outcome = station.registering.substitute(third.id, fourth.id, DAY_1, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.SEAT_HELD, fourth)


@pytest.mark.parametrize(
    ("away", "coming", "occasions", "reason"),
    [
        ("nobody", CORA.id, DAY_1, Reason.NOT_ON_LIST),
        (ADA.id, "nobody", DAY_1, Reason.NOT_ON_LIST),
        (ADA.id, DAN.id, DAY_1, Reason.PARTNERSHIP_OTHER),
        (PRESS.id, DAN.id, DAY_1, Reason.PARTNERSHIP_OTHER),
        (ADA.id, CORA.id, frozenset[str](), Reason.SEAT_NOT_HELD),
        (ADA.id, CORA.id, DAY_1 | {"tomorrow"}, Reason.SEAT_NOT_HELD),
        (CORA.id, ADA.id, DAY_1, Reason.SEAT_NOT_HELD),
        (ADA.id, BEA.id, DAY_1, Reason.SEAT_HELD),
        (ADA.id, ADA.id, DAY_1, Reason.SEAT_HELD),
    ],
)
def test_a_seat_is_not_passed_on(
    away: str, coming: str, occasions: frozenset[str], reason: Reason
) -> None:
    journal = MemoryJournal()
    outcome = staff_desk(journal).registering.substitute(
        away, coming, occasions, SUPERVISOR, MORNING
    )
    assert isinstance(outcome, NotDone)
    assert outcome.reason is reason
    assert (journal.log, journal.amendments) == ([], [])


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (replace(NEW, family=""), Reason.REGISTRATION_INCOMPLETE),
        (NewGuest("Roux", "Dan", DAN.organisation, DAY_1), Reason.ALREADY_ON_LIST),
    ],
)
def test_a_substitute_who_is_new_is_looked_at_like_everybody_who_is_added(
    new: NewGuest, reason: Reason
) -> None:
    registering = staff_desk(MemoryJournal()).registering
    outcome = registering.substitute(ADA.id, new, DAY_1, SUPERVISOR, MORNING)
    assert isinstance(outcome, NotDone)
    assert outcome.reason is reason


def test_nobody_s_seat_is_passed_on_who_has_come_in_to_it_even_if_they_left() -> None:
    station = staff_desk(MemoryJournal())
    let_in(station, ADA)
    station.let_out(ADA.id, MORNING + MINUTE)
    registering = station.registering
    today = registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING + HOUR)
    assert today == NotDone(Reason.SEAT_IN_USE, ADA)
    tomorrow = frozenset({POLICY_2})
    done(registering.substitute(ADA.id, CORA.id, tomorrow, SUPERVISOR, MORNING + HOUR))


def test_a_seat_may_be_passed_on_twice_and_back() -> None:
    station = staff_desk(MemoryJournal())
    for giver, taker in ((ADA, CORA), (CORA, replace(NEW, occasions=DAY_1))):
        coming = taker.id if isinstance(taker, Guest) else taker
        done(station.registering.substitute(giver.id, coming, DAY_1, SUPERVISOR, MORNING))
    (new,) = station.search("zorn")
    assert show(station, badge(CORA)).reasons == (Reason.SEAT_PASSED_ON,)
    done(station.registering.substitute(new.id, ADA.id, DAY_1, SUPERVISOR, MORNING))
    assert comes_in(station, ADA)


# Badges


def test_another_badge_counts_from_now_on_and_the_old_one_is_withdrawn() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    lost, found = ADA.badge, bytes(range(8))
    cause = Cause.BADGE_REPLACED
    given = done(station.registering.give_badge(ADA.id, found, cause, STEWARD, MORNING))
    assert given == replace(ADA, badge=found)
    assert show(station, badge(replace(ADA, badge=lost))).reasons == (Reason.BADGE_REVOKED,)
    station.clear()
    assert show(station, certificate(ADA), badge(given)).shown is Shown.READY
    assert [(r.act, r.cause) for r in journal.log] == [(EntryAct.NOTE, cause)]


def test_a_lost_badge_does_not_end_the_day_of_its_guest() -> None:
    station = staff_desk(MemoryJournal())
    let_in(station, ADA)
    found = bytes(range(8))
    given = done(
        station.registering.give_badge(ADA.id, found, Cause.BADGE_HANDED_OUT, STEWARD, MORNING)
    )
    assert show(station, badge(given), at=MORNING + HOUR).way is Way.AGAIN


@pytest.mark.parametrize("taken", [BEA.badge, b"", bytes(9)], ids=["another's", "none", "too long"])
def test_a_badge_that_cannot_be_the_guests_is_not_given(taken: bytes) -> None:
    registering = staff_desk(MemoryJournal()).registering
    cause = Cause.BADGE_REPLACED
    outcome = registering.give_badge(ADA.id, taken, cause, STEWARD, MORNING)
    assert outcome == NotDone(Reason.BADGE_TAKEN, ADA)
    nobody = registering.give_badge("nobody", bytes(8), cause, STEWARD, MORNING)
    assert nobody == NotDone(Reason.NOT_ON_LIST)
    walk_in = registering.register(replace(NEW, badge=BEA.badge), WALK_IN, SUPERVISOR, MORNING)
    assert walk_in == NotDone(Reason.BADGE_TAKEN)


def test_a_withdrawn_badge_is_given_to_nobody() -> None:
    station = desk([ADA], Mode.DESK, revoked=[bytes(8)])
    cause = Cause.BADGE_HANDED_OUT
    outcome = station.registering.give_badge(ADA.id, bytes(8), cause, STEWARD, MORNING)
    assert outcome == NotDone(Reason.BADGE_TAKEN, ADA)


# Who may, and what may go wrong


def test_a_steward_changes_nothing_of_the_list() -> None:
    journal = MemoryJournal()
    registering = staff_desk(journal).registering
    outcomes = [
        registering.register(NEW, LATE, STEWARD, MORNING),
        registering.accept(CORA.id, DAY_1, LATE, STEWARD, MORNING),
        registering.substitute(ADA.id, CORA.id, DAY_1, STEWARD, MORNING),
    ]
    assert outcomes == [NotDone(Reason.NOT_AUTHORISED)] * 3
    assert (journal.log, journal.amendments) == ([], [])


def test_what_could_not_be_recorded_has_not_happened() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    journal.full = True
    outcome = station.registering.register(NEW, LATE, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.STORAGE_TROUBLE)
    assert station.search("zorn") == ()


class Overtaken(MemoryJournal):
    """Another screen lets Ada in at the very moment in which a supervisor decides."""

    rival: EntryDesk | None = None

    def append(self, *args: object, **named: object) -> tuple:  # type: ignore[type-arg]
        rival, self.rival = self.rival, None
        if rival is not None:
            let_in(rival, ADA)
        return super().append(*args, **named)  # type: ignore[arg-type]


def test_a_guest_who_comes_in_at_that_very_moment_keeps_the_seat() -> None:
    journal = Overtaken()
    station, rival = staff_desk(journal), staff_desk(journal)
    journal.rival = rival
    outcome = station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.SEAT_IN_USE, ADA)
    assert journal.amendments == []


# Taking it back


def test_a_substitution_is_taken_back_and_both_are_as_before() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    outcome = station.undo(MORNING + MINUTE)
    assert isinstance(outcome, Done)
    assert (station.guests.by_id(ADA.id), station.guests.by_id(CORA.id)) == (ADA, CORA)
    assert comes_in(station, ADA)
    assert (journal.log[-1].cause, journal.log[-1].refers) == (Cause.UNDONE, journal.log[0].id)


def test_a_substitution_is_not_taken_back_when_the_substitute_is_in() -> None:
    journal = MemoryJournal()
    station, rival = staff_desk(journal), staff_desk(journal)
    done(station.registering.substitute(ADA.id, CORA.id, DAY_1, SUPERVISOR, MORNING))
    cora = station.guests.by_id(CORA.id)
    assert cora is not None
    let_in(rival, cora)
    assert station.undo(MORNING + MINUTE) == NotDone(Reason.SEAT_IN_USE, cora)


def test_who_was_added_is_taken_back_and_may_be_accepted_again() -> None:
    station = staff_desk(MemoryJournal())
    new = done(station.registering.register(NEW, WALK_IN, SUPERVISOR, MORNING))
    assert isinstance(station.undo(MORNING), Done)
    assert not comes_in(station, new)
    again = station.registering.register(NEW, WALK_IN, SUPERVISOR, MORNING)
    assert isinstance(again, NotDone)
    assert again.reason is Reason.ALREADY_ON_LIST
    done(station.registering.accept(new.id, DAY_1, WALK_IN, SUPERVISOR, MORNING))
    assert comes_in(station, new)


def test_a_new_substitute_is_taken_back_with_the_seat() -> None:
    station = staff_desk(MemoryJournal())
    done(station.registering.substitute(ADA.id, NEW, DAY_1, SUPERVISOR, MORNING))
    assert isinstance(station.undo(MORNING), Done)
    (new,) = station.search("zorn")
    assert (new.selection, new.occasions) == (Selection.DECLINED, frozenset())


def test_a_badge_that_is_taken_back_leaves_the_old_one_valid() -> None:
    station = staff_desk(MemoryJournal())
    cause = Cause.BADGE_REPLACED
    done(station.registering.give_badge(ADA.id, bytes(8), cause, STEWARD, MORNING))
    assert isinstance(station.undo(MORNING + SECOND), Done)
    assert station.guests.by_id(ADA.id) == ADA
    assert show(station, certificate(ADA), badge(ADA)).shown is Shown.READY


def test_a_clock_that_is_set_back_does_not_turn_the_order_of_two_changes() -> None:
    station = staff_desk(MemoryJournal())
    done(station.registering.accept(CORA.id, DAY_1, LATE, SUPERVISOR, MORNING))
    away = station.registering.substitute(CORA.id, NEW, DAY_1, SUPERVISOR, MORNING - HOUR)
    done(away)
    cora = station.guests.by_id(CORA.id)
    assert cora is not None
    assert cora.occasions == frozenset()
