"""Overrides, people sent away, everyone out, and the paper list keyed in later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from kiosk.core.causes import OVERRIDES, Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Selection
from kiosk.core.reasons import Group, Reason, explain
from kiosk.demo.issuer import Issuer, covid_test
from kiosk.desk.admission import Notice, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.leaving import SENT_AWAY
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.paper import PaperLine
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
    event_with,
    guest,
    issuer,
    let_in,
    saint_ouen,
    show,
    stranger,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
WAITING = guest("Wim", "Waiter", selection=Selection.WAITING)
ALL = (CHLOE, BRUNO, WAITING)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HAIR = timedelta(milliseconds=1)
POSITIVE = covid_test(MORNING, "260373001")
KNOWN = Cause.KNOWN_GUEST
IMPOSSIBLE = NotDone(Reason.OVERRIDE_NOT_POSSIBLE)


def staff_desk(journal: MemoryJournal | None = None) -> EntryDesk:
    return desk(ALL, Mode.DESK, journal=journal)


def paris(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2021, 11, day, hour, minute, tzinfo=saint_ouen().time_zone)


# Overrides


@pytest.mark.parametrize("cause", sorted(OVERRIDES))
def test_a_supervisor_lets_in_against_an_amber_answer_with_a_cause(cause: Cause) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    amber = show(station, certificate(WAITING), badge(WAITING))
    assert (amber.reasons, amber.overridable) == ((Reason.GUEST_WAITING,), True)
    answer = station.override(cause, SUPERVISOR, MORNING + SECOND)
    assert not isinstance(answer, NotDone)
    assert (answer.shown, answer.way, answer.guest) == (Shown.ADMIT, Way.FIRST, WAITING)
    assert answer.standing.admitted
    (record,) = journal.log
    assert (record.act, record.guest, record.occasion) == (
        EntryAct.OVERRIDE,
        WAITING.id,
        POLICY_1,
    )
    assert (record.cause, record.staff) == (cause, "supervisor-1")
    assert record.basis is EntryBasis.SUPERVISOR


def test_who_was_let_in_by_a_supervisor_comes_back_with_the_badge() -> None:
    station = staff_desk()
    show(station, certificate(CHLOE, by=stranger()), badge(CHLOE))
    station.override(KNOWN, SUPERVISOR, MORNING)
    assert show(station, badge(CHLOE), at=MORNING + HOUR).way is Way.AGAIN


def test_a_genuine_certificate_that_the_event_does_not_accept_may_be_overridden() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    red = show(station, badge(CHLOE), certificate(CHLOE, "t", POSITIVE))
    assert (red.shown, red.guest, red.reasons, red.overridable) == (Shown.REFUSE, None, (), True)
    assert not isinstance(station.override(KNOWN, SUPERVISOR, MORNING), NotDone)
    assert journal.acts == [(EntryAct.OVERRIDE, CHLOE.id)]


def forged() -> str:
    return certificate(CHLOE, by=Issuer(stranger().key, issuer().certificate, "XX"))


def never_overridable() -> dict[str, list[str]]:
    expired = certificate(CHLOE, issued_at=MORNING - timedelta(days=366))
    return {
        "forged": [badge(CHLOE), forged()],
        "damaged": [badge(CHLOE), certificate(CHLOE)[:-9]],
        "expired": [badge(CHLOE), expired],
        "nobody known": ["DC04FR"],
        "a name that two have": [],
    }


@pytest.mark.parametrize("case", never_overridable())
def test_what_is_not_genuine_or_nobody_s_is_never_overridden(case: str) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    for text in never_overridable()[case]:
        assert not station.scan(text, MORNING).overridable or text == badge(CHLOE)
    assert station.override(KNOWN, SUPERVISOR, MORNING) == IMPOSSIBLE
    assert journal.log == []


def test_finding_the_guest_by_name_is_no_way_around_a_forgery() -> None:
    station = staff_desk()
    show(station, badge(CHLOE), forged())
    answer = station.choose(CHLOE.id, MORNING + SECOND)
    assert answer is not None
    assert (answer.shown, answer.overridable) == (Shown.AWAIT_CERTIFICATE, False)
    assert station.override(KNOWN, SUPERVISOR, MORNING + SECOND) == IMPOSSIBLE
    genuine = show(station, certificate(CHLOE, "t", POSITIVE), at=MORNING + 2 * SECOND)
    assert (genuine.shown, genuine.overridable) == (Shown.REFUSE, False)
    station.clear()
    genuine = show(station, badge(CHLOE), certificate(CHLOE, "t", POSITIVE))
    assert (genuine.shown, genuine.overridable) == (Shown.REFUSE, True)


@pytest.mark.parametrize("first", [[], [badge(CHLOE)]], ids=["alone", "after the badge"])
def test_showing_the_badge_again_is_no_way_around_a_forgery(first: list[str]) -> None:
    station = staff_desk()
    assert show(station, *first, forged()).shown is Shown.REFUSE
    again = show(station, badge(CHLOE), at=MORNING + 5 * SECOND)
    assert (again.shown, again.overridable) == (Shown.AWAIT_CERTIFICATE, False)
    assert station.override(KNOWN, SUPERVISOR, MORNING + 5 * SECOND) == IMPOSSIBLE
    assert station.official_reader(MORNING + 6 * SECOND).shown is Shown.AWAIT_CERTIFICATE


def test_a_forgery_taints_no_other_guest_s_badge() -> None:
    station = staff_desk()
    show(station, badge(CHLOE), forged())
    other = show(station, badge(BRUNO), at=MORNING + 5 * SECOND)
    assert (other.shown, other.overridable) == (Shown.AWAIT_CERTIFICATE, True)
    assert station.official_reader(MORNING + 6 * SECOND).shown is Shown.READY


@pytest.mark.parametrize(("minutes", "barred"), [(15, True), (16, False)])
def test_a_forgery_beside_a_badge_is_remembered_for_a_quarter_of_an_hour(
    minutes: int, *, barred: bool
) -> None:
    station = staff_desk()
    show(station, badge(CHLOE), forged())
    station.clear()
    later = MORNING + timedelta(minutes=minutes)
    answer = station.choose(CHLOE.id, later)
    assert answer is not None
    assert answer.overridable is not barred
    read = station.official_reader(later)
    assert read.shown is (Shown.AWAIT_CERTIFICATE if barred else Shown.READY)


def test_after_a_forgery_a_genuine_certificate_of_the_guest_counts() -> None:
    station = staff_desk()
    show(station, badge(CHLOE), forged())
    assert show(station, badge(CHLOE), certificate(CHLOE)).shown is Shown.READY


def test_a_friend_s_certificate_is_no_way_around_a_forgery() -> None:
    station = staff_desk()
    show(station, badge(CHLOE), forged())
    station.clear()
    friend = show(station, badge(CHLOE), certificate(BRUNO))
    assert (friend.reasons, friend.overridable) == ((Reason.NAMES_DIFFER,), False)


def test_a_forgery_is_never_overridden_even_where_something_else_is_said_first() -> None:
    station = staff_desk()
    early = paris(7)
    show(station, badge(CHLOE), at=early)
    amber = show(station, forged(), at=early)
    assert amber.reasons == (Reason.NO_OCCASION_OPEN,)
    assert station.override(KNOWN, SUPERVISOR, early) == IMPOSSIBLE


def test_a_supervisor_may_let_in_before_the_door_opens_and_not_after_the_last_occasion() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    early = show(station, certificate(CHLOE), badge(CHLOE), at=paris(7))
    assert (early.reasons, early.overridable) == ((Reason.NO_OCCASION_OPEN,), True)
    station.override(KNOWN, SUPERVISOR, paris(7))
    assert journal.log[0].occasion == POLICY_1
    late = show(station, certificate(BRUNO), badge(BRUNO), at=paris(19))
    assert (late.reasons, late.overridable) == ((Reason.NO_OCCASION_OPEN,), False)


def test_the_override_is_for_the_guest_s_own_occasion_where_it_is_open() -> None:
    both = event_with(early_arrival=timedelta(hours=6))
    afternoon = guest("Nina", "Noon", occasions=frozenset({PARTNERING}))
    journal = MemoryJournal()
    station = desk([afternoon], Mode.DESK, event=both, journal=journal)
    at = paris(10, day=23)
    show(station, certificate(afternoon, by=stranger()), badge(afternoon), at=at)
    station.override(KNOWN, SUPERVISOR, at)
    assert journal.log[0].occasion == PARTNERING


@pytest.mark.parametrize(
    ("certificate_first", "possible"), [(True, False), (False, True)], ids=["no badge", "badge"]
)
def test_while_a_code_is_awaited_a_known_guest_may_be_let_in(
    *, certificate_first: bool, possible: bool
) -> None:
    station = staff_desk()
    awaiting = show(station, certificate(CHLOE) if certificate_first else badge(CHLOE))
    assert awaiting.overridable is possible


def test_where_the_badge_is_missing_the_guest_is_found_by_name_first() -> None:
    station = staff_desk()
    red = show(station, certificate(CHLOE, "t", POSITIVE))
    assert red.overridable, "exactly one guest has that name"
    station.choose(CHLOE.id, MORNING)
    assert not isinstance(station.override(KNOWN, SUPERVISOR, MORNING), NotDone)


@pytest.mark.parametrize("mode", Mode)
def test_only_the_desk_overrides(mode: Mode) -> None:
    answer = show(desk(ALL, mode), certificate(WAITING), badge(WAITING))
    assert answer.overridable is (mode is Mode.DESK)


def test_a_steward_overrides_nothing() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    show(station, certificate(WAITING), badge(WAITING))
    assert station.override(KNOWN, STEWARD, MORNING) == NotDone(Reason.NOT_AUTHORISED)
    assert journal.log == []


@pytest.mark.parametrize(
    ("later", "possible"),
    [(5 * MINUTE, True), (5 * MINUTE + HAIR, False), (-HAIR, False)],
    ids=["5 minutes", "longer", "the clock was set back"],
)
def test_an_answer_is_overridden_within_5_minutes(later: timedelta, *, possible: bool) -> None:
    station = staff_desk()
    show(station, certificate(WAITING), badge(WAITING))
    outcome = station.override(KNOWN, SUPERVISOR, MORNING + later)
    assert (outcome != IMPOSSIBLE) is possible


def test_an_answer_is_overridden_once_and_not_when_the_card_is_gone() -> None:
    station = staff_desk()
    show(station, certificate(WAITING), badge(WAITING))
    station.override(KNOWN, SUPERVISOR, MORNING)
    assert station.override(KNOWN, SUPERVISOR, MORNING) == IMPOSSIBLE
    show(station, certificate(WAITING), badge(WAITING), at=MORNING + HOUR)
    station.clear()
    assert station.override(KNOWN, SUPERVISOR, MORNING + HOUR) == IMPOSSIBLE


def test_an_override_that_cannot_be_recorded_is_not_green() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    show(station, certificate(WAITING), badge(WAITING))
    journal.full = True
    outcome = station.override(KNOWN, SUPERVISOR, MORNING)
    assert outcome == NotDone(Reason.STORAGE_TROUBLE)
    journal.full = False
    assert not isinstance(station.override(KNOWN, SUPERVISOR, MORNING), NotDone)


def test_a_kiosk_that_cannot_write_offers_no_override() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    journal.unreadable = True
    assert not show(station, certificate(WAITING), badge(WAITING)).overridable


def test_a_cause_of_something_else_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="cause"):
        staff_desk().override(Cause.NONE, SUPERVISOR, MORNING)


def test_an_override_is_taken_back_like_any_entry() -> None:
    station = staff_desk()
    show(station, certificate(WAITING), badge(WAITING))
    station.override(KNOWN, SUPERVISOR, MORNING)
    assert isinstance(station.undo(MORNING + MINUTE), Done)
    assert station.counters(MORNING + MINUTE).overrides == 0


# Too many of them


def override_one(station: EntryDesk, number: int, at: datetime) -> None:
    who = station.guests.by_id(f"w{number}-waiter")
    assert who is not None
    show(station, badge(who), at=at)
    assert not isinstance(station.override(KNOWN, SUPERVISOR, at), NotDone)


def came_in(journal: MemoryJournal, ids: Iterable[str], at: datetime) -> None:
    for id_ in ids:
        journal.append([EntryDraft(EntryAct.IN, id_, POLICY_1, "north", EntryBasis.SCANNED)], at)


def crowd(journal: MemoryJournal) -> EntryDesk:
    come = [guest(f"G{number}", "Guest") for number in range(60)]
    wait = [guest(f"W{number}", "Waiter", selection=Selection.WAITING) for number in range(5)]
    return desk([*come, *wait], Mode.DESK, journal=journal)


def test_more_than_3_overrides_in_10_minutes_are_told() -> None:
    station = crowd(MemoryJournal())
    for number in range(3):
        override_one(station, number, MORNING + number * MINUTE)
    last = MORNING + 10 * MINUTE - SECOND
    assert station.counters(last).notices == ()
    override_one(station, 3, last)
    assert station.counters(last).notices == (Notice.MANY_OVERRIDES,)
    assert station.counters(last + SECOND).notices == ()


def test_more_than_5_percent_of_overrides_are_told_once_there_are_enough_guests() -> None:
    journal = MemoryJournal()
    station = crowd(journal)
    override_one(station, 0, MORNING)
    override_one(station, 1, MORNING)
    at = MORNING + 11 * MINUTE
    for number in range(38):
        assert bool(station.counters(at).notices) is (number >= 18)
        came_in(journal, [f"g{number}-guest"], at)
    assert station.counters(at).entered == 40
    assert station.counters(at).notices == (), "two of forty are not more than 5 %"


# Sent away


@pytest.mark.parametrize("reason", sorted(SENT_AWAY))
def test_staff_send_away_and_the_log_has_a_coded_cause(reason: Reason) -> None:
    assert explain(reason).group is Group.GUEST
    journal = MemoryJournal()
    station = staff_desk(journal)
    assert isinstance(station.leaving.send_away(CHLOE.id, reason, MORNING), Done)
    (record,) = journal.log
    assert (record.act, record.guest, record.basis) == (
        EntryAct.REFUSED,
        CHLOE.id,
        EntryBasis.STAFF,
    )
    assert record.cause is SENT_AWAY[reason]
    assert (record.occasion, record.staff) == (POLICY_1, "operator-1")
    assert station.counters(MORNING).sent_away == 1


@pytest.mark.parametrize("reason", [r for r in Reason if r not in SENT_AWAY])
def test_for_any_other_reason_nothing_of_the_person_is_recorded(reason: Reason) -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    assert station.leaving.send_away(CHLOE.id, reason, MORNING) == Done()
    assert journal.log == []
    assert station.counters(MORNING).refused == 1


def test_what_cannot_be_counted_is_told() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    journal.full = True
    for reason in (Reason.BADGE_REVOKED, Reason.CERTIFICATE_MISSING):
        outcome = station.leaving.send_away(CHLOE.id, reason, MORNING)
        assert outcome == NotDone(Reason.STORAGE_TROUBLE)


def test_somebody_of_whom_nobody_knows_the_name_may_be_sent_away_at_any_hour() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    assert isinstance(station.leaving.send_away("", Reason.BADGE_FORGED, paris(7)), Done)
    assert (journal.log[0].guest, journal.log[0].occasion) == ("", "")


def test_who_was_checked_and_sent_away_is_not_awaited_and_holds_no_seat() -> None:
    three = [guest(given, "Petit", partnership="Green") for given in ("Ada", "Bea", "Cora")]
    journal = MemoryJournal()
    screen = desk(three, journal=journal)
    for who in three[:2]:
        show(screen, certificate(who), badge(who))
    station = desk(three, Mode.DESK, journal=journal)
    station.leaving.send_away(three[0].id, Reason.NAMES_DIFFER, MORNING)
    assert station.checked(MORNING) == (three[1],)
    assert show(station, certificate(three[2]), badge(three[2])).shown is Shown.READY


# Everyone out


def test_everyone_out_is_one_transaction_and_then_one_scan_is_green_at_any_door() -> None:
    people = [guest(f"Guest {number}", "Um") for number in range(200)]
    journal = MemoryJournal()
    north, south = (desk(people, Mode.DESK, journal=journal, door=d) for d in ("north", "south"))
    came_in(journal, [who.id for who in people], MORNING)
    noon = MORNING + 3 * HOUR
    assert show(south, badge(people[0]), at=noon).reasons == (Reason.INSIDE_ELSEWHERE,)
    outcome = north.leaving.everyone_out(POLICY_1, SUPERVISOR, noon)
    assert isinstance(outcome, Done)
    assert (len(outcome.records), journal.appends) == (200, 201)
    assert {(r.act, r.basis, r.staff, r.occasion) for r in outcome.records} == {
        (EntryAct.OUT, EntryBasis.EVERYONE_OUT, "supervisor-1", POLICY_1)
    }
    assert north.counters(noon).present == 0
    for who in people:
        answer = show(south, badge(who), at=noon + HOUR)
        assert (answer.shown, answer.way) == (Shown.ADMIT, Way.AGAIN)


def test_everyone_out_of_an_empty_or_another_occasion_records_nothing() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    let_in(station, CHLOE)
    assert station.leaving.everyone_out(POLICY_2, SUPERVISOR, MORNING) == Done()
    assert journal.appends == 1


def test_a_steward_sends_nobody_out_but_one_by_one() -> None:
    station = staff_desk()
    let_in(station, CHLOE)
    outcome = station.leaving.everyone_out(POLICY_1, STEWARD, MORNING)
    assert outcome == NotDone(Reason.NOT_AUTHORISED)
    assert station.let_out(CHLOE.id, MORNING)


# The paper list


def test_what_was_written_on_paper_counts_from_the_time_that_is_written_there() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    lines = [
        PaperLine(CHLOE.id, paris(9, 30)),
        PaperLine(BRUNO.id, paris(9, 31)),
        PaperLine(BRUNO.id, paris(9, 50), EntryAct.OUT),
    ]
    outcome = station.paper.record(lines, SUPERVISOR, MORNING)
    assert isinstance(outcome, Done)
    assert (outcome.guests, journal.appends) == ((CHLOE, BRUNO), 1)
    assert [(r.act, r.happened, r.at) for r in journal.log] == [
        (EntryAct.IN, paris(9, 30), MORNING),
        (EntryAct.IN, paris(9, 31), MORNING),
        (EntryAct.OUT, paris(9, 50), MORNING),
    ]
    assert {(r.basis, r.occasion, r.staff) for r in journal.log} == {
        (EntryBasis.PAPER, POLICY_1, "supervisor-1")
    }
    figures = station.counters(MORNING)
    assert (figures.entered, figures.present) == (2, 1)
    assert show(station, badge(CHLOE), at=MORNING + HOUR).way is Way.AGAIN


def test_a_line_that_is_keyed_in_twice_is_recorded_once() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    line = PaperLine(CHLOE.id, paris(9, 30))
    station.paper.record([line, line], SUPERVISOR, MORNING)
    assert station.paper.record([line], SUPERVISOR, MORNING) == Done()
    assert len(journal.log) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (PaperLine("nobody", paris(9, 30)), Reason.NOT_ON_LIST),
        (PaperLine(CHLOE.id, MORNING + SECOND), Reason.TIME_NOT_POSSIBLE),
        (PaperLine(CHLOE.id, paris(7, 59)), Reason.TIME_NOT_POSSIBLE),
        (PaperLine(CHLOE.id, paris(7, 59), EntryAct.OUT), Reason.TIME_NOT_POSSIBLE),
        (PaperLine(CHLOE.id, paris(9, 30, day=21)), Reason.TIME_NOT_POSSIBLE),
    ],
    ids=["unknown", "in the future", "before the doors", "out before them", "another day"],
)
def test_of_a_page_with_a_line_that_cannot_be_nothing_is_recorded(
    line: PaperLine, reason: Reason
) -> None:
    journal = MemoryJournal()
    good = PaperLine(BRUNO.id, paris(9, 30))
    outcome = staff_desk(journal).paper.record([good, line], SUPERVISOR, MORNING)
    assert isinstance(outcome, NotDone)
    assert outcome.reason is reason
    assert journal.log == []


def test_an_exit_may_be_later_than_the_occasion_and_an_entry_may_not() -> None:
    journal = MemoryJournal()
    station = staff_desk(journal)
    evening = paris(20)
    leaves = PaperLine(CHLOE.id, paris(18, 40), EntryAct.OUT)
    comes = PaperLine(CHLOE.id, paris(18, 40))
    assert isinstance(station.paper.record([leaves], SUPERVISOR, evening), Done)
    late = station.paper.record([comes], SUPERVISOR, evening)
    assert late == NotDone(Reason.TIME_NOT_POSSIBLE, CHLOE)


def test_a_time_that_two_occasions_share_is_the_guest_s_own() -> None:
    both = event_with(early_arrival=timedelta(hours=6))
    late = guest("Nina", "Noon", occasions=frozenset({PARTNERING}))
    journal = MemoryJournal()
    station = desk([late], Mode.DESK, event=both, journal=journal)
    line = PaperLine(late.id, paris(10, day=23))
    station.paper.record([line], SUPERVISOR, paris(11, day=23))
    assert journal.log[0].occasion == PARTNERING


def test_a_steward_keys_in_no_paper_and_paper_tells_of_nothing_but_entries_and_exits() -> None:
    station = staff_desk()
    line = PaperLine(CHLOE.id, paris(9, 30))
    assert station.paper.record([line], STEWARD, MORNING) == NotDone(Reason.NOT_AUTHORISED)
    check = PaperLine(CHLOE.id, paris(9, 30), EntryAct.CHECK)
    with pytest.raises(ValueError, match="paper"):
        station.paper.record([check], SUPERVISOR, MORNING)


def test_a_page_keyed_in_by_mistake_is_taken_back_as_a_page() -> None:
    station = staff_desk()
    lines = [PaperLine(who.id, paris(9, 30)) for who in (CHLOE, BRUNO)]
    station.paper.record(lines, SUPERVISOR, MORNING)
    assert isinstance(station.undo(MORNING + MINUTE), Done)
    assert station.counters(MORNING + MINUTE).entered == 0
