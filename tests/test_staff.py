"""What staff do at the desk: confirm, choose, vouch by the official reader, let out, and read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.policy.event import BadgesGiven, Confirmation
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import TrustList
from kiosk.demo.issuer import Subject, covid_test
from kiosk.desk.admission import Counters, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.ports import StorageTroubleError
from tests.door import (
    ALL_SEEN,
    MORNING,
    PARTNERING,
    SECOND,
    badge,
    certificate,
    desk,
    event_with,
    guest,
    let_in,
    show,
    stranger,
    trust,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
BOTH = (CHLOE, BRUNO)
HOUR = timedelta(hours=1)
POSITIVE = covid_test(MORNING, "260373001")


# Confirmations


@pytest.mark.parametrize(
    "seen",
    [frozenset[Confirmation](), frozenset({Confirmation.ID_DOCUMENT})],
    ids=["nothing", "no mask"],
)
def test_an_entry_needs_every_confirmation_of_the_event(seen: frozenset[Confirmation]) -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    ready = show(station, certificate(CHLOE), badge(CHLOE))
    assert station.confirm(seen, MORNING) is ready
    assert journal.log == []
    complete = station.confirm(ALL_SEEN, MORNING)
    assert complete is not None
    assert complete.shown is Shown.ADMIT


def test_an_event_without_confirmations_needs_the_key_alone() -> None:
    station = desk([CHLOE], Mode.DESK, event=event_with(confirmations=()))
    assert show(station, certificate(CHLOE), badge(CHLOE)).shown is Shown.READY
    admitted = station.confirm(frozenset(), MORNING)
    assert admitted is not None
    assert admitted.shown is Shown.ADMIT


def test_a_guest_is_confirmed_once() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    assert station.confirm(ALL_SEEN, MORNING) is None
    assert journal.appends == 1


def test_there_is_nothing_to_confirm_before_a_scan_nor_after_an_answer_of_another_colour() -> None:
    station = desk(BOTH, Mode.DESK)
    assert station.confirm(ALL_SEEN, MORNING) is None
    for codes in (
        [certificate(CHLOE)],
        [certificate(CHLOE), badge(BRUNO)],
        [certificate(CHLOE, "t", POSITIVE)],
    ):
        show(station, *codes)
        assert station.confirm(ALL_SEEN, MORNING) is None
        station.clear()


def test_another_guests_code_takes_the_place_of_a_card_that_was_not_confirmed() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    show(station, badge(BRUNO))
    assert station.confirm(ALL_SEEN, MORNING) is None
    assert journal.log == []


def test_a_cleared_card_cannot_be_confirmed() -> None:
    station = desk([CHLOE], Mode.DESK)
    show(station, certificate(CHLOE), badge(CHLOE))
    station.clear()
    assert station.confirm(ALL_SEEN, MORNING) is None


def test_an_entry_names_door_occasion_staff_and_basis_and_the_time_of_the_confirmation() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    station.confirm(ALL_SEEN, MORNING + 9 * SECOND)
    (record,) = journal.log
    assert (record.act, record.guest, record.door) == (EntryAct.IN, CHLOE.id, "north")
    assert (record.occasion, record.staff) == ("policy-day-1", "operator-1")
    assert (record.basis, record.at) == (EntryBasis.SCANNED, MORNING + 9 * SECOND)


# The pre-check and its list


def test_the_desk_sees_who_was_checked_and_lets_them_in_with_one_key() -> None:
    journal = MemoryJournal()
    self_scan = desk(BOTH, journal=journal)
    staff = desk(BOTH, Mode.DESK, journal=journal)
    for person in BOTH:
        show(self_scan, certificate(person), badge(person))
    assert staff.checked(MORNING) == BOTH
    ready = staff.choose(CHLOE.id, MORNING + 60 * SECOND)
    assert ready is not None
    assert ready.shown is Shown.READY
    staff.confirm(ALL_SEEN, MORNING + 61 * SECOND)
    assert staff.checked(MORNING) == (BRUNO,)
    assert (journal.log[-1].act, journal.log[-1].basis) == (
        EntryAct.IN,
        EntryBasis.CHECKED_BEFORE,
    )


def test_a_checked_guests_badge_alone_is_ready_at_the_desk() -> None:
    journal = MemoryJournal()
    show(desk(BOTH, journal=journal), certificate(CHLOE), badge(CHLOE))
    answer = show(desk(BOTH, Mode.DESK, journal=journal), badge(CHLOE))
    assert (answer.shown, answer.way) == (Shown.READY, Way.FIRST)


def test_yesterdays_check_is_on_no_list_today() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    assert station.checked(MORNING + timedelta(days=1)) == ()


# Choosing a guest by name


def test_staff_choose_one_of_two_guests_of_one_name() -> None:
    namesake = guest("Chloe", "Martin", id="another", organisation="Another cluster")
    journal = MemoryJournal()
    at_the_door = event_with(badges=BadgesGiven.AT_THE_DOOR)
    station = desk([CHLOE, namesake], Mode.DESK, event=at_the_door, journal=journal)
    show(station, certificate(CHLOE))
    ready = station.choose("another", MORNING)
    assert ready is not None
    assert (ready.shown, ready.guest) == (Shown.READY, namesake)
    station.confirm(ALL_SEEN, MORNING)
    assert journal.acts == [(EntryAct.IN, "another")]


def test_staff_choose_the_guest_of_a_certificate_whose_badge_is_forgotten() -> None:
    station = desk(BOTH, Mode.DESK)
    show(station, certificate(CHLOE))
    ready = station.choose(CHLOE.id, MORNING)
    assert ready is not None
    assert ready.shown is Shown.READY


def test_staff_may_vouch_for_a_near_miss_and_not_for_another_name() -> None:
    holder = Subject("Martins", "Chloe", "MARTINS", "CHLOE")
    station = desk(BOTH, Mode.DESK)
    assert show(station, certificate(holder), badge(CHLOE)).shown is Shown.DESK
    vouched = station.choose(CHLOE.id, MORNING)
    assert vouched is not None
    assert vouched.shown is Shown.READY
    station.clear()
    show(station, certificate(holder))
    other = station.choose(BRUNO.id, MORNING)
    assert other is not None
    assert (other.shown, other.reasons) == (Shown.DESK, (Reason.NAMES_DIFFER,))


def test_staff_may_not_vouch_for_a_near_miss_that_is_exactly_the_name_of_others() -> None:
    """Two of one name, and a third whose name is nearly theirs, with one of the two's code."""
    namesakes = [guest("Chloe", "Martins", id=name) for name in ("one", "two")]
    station = desk([CHLOE, *namesakes], Mode.DESK)
    answer = show(station, certificate(namesakes[0]), badge(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NAMES_DIFFER,))
    chosen = station.choose(CHLOE.id, MORNING)
    assert chosen is not None
    assert (chosen.shown, chosen.reasons) == (Shown.DESK, (Reason.NAMES_DIFFER,))


def test_a_guest_chosen_without_a_certificate_is_asked_for_it() -> None:
    answer = desk(BOTH, Mode.DESK).choose(CHLOE.id, MORNING)
    assert answer is not None
    assert answer.shown is Shown.AWAIT_CERTIFICATE


@pytest.mark.parametrize("group", ["v", "t"], ids=["after an entry", "after a refusal"])
def test_a_guest_chosen_after_another_was_answered_has_nothing_of_the_others_proof(
    group: str,
) -> None:
    station = desk(BOTH, Mode.DESK)
    if group == "v":
        let_in(station, CHLOE)
    else:
        assert show(station, certificate(CHLOE, "t", POSITIVE)).shown is Shown.REFUSE
    answer = station.choose(BRUNO.id, MORNING + SECOND)
    assert answer is not None
    assert (answer.shown, answer.person) == (Shown.AWAIT_CERTIFICATE, None)


def test_nobody_is_chosen_by_an_unknown_id() -> None:
    assert desk(BOTH, Mode.DESK).choose("nobody", MORNING) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"attendance": Attendance.REMOTE}, Reason.GUEST_REMOTE),
        ({"selection": Selection.WAITING}, Reason.GUEST_WAITING),
    ],
    ids=["remote", "waiting"],
)
def test_choosing_opens_no_door_that_the_list_keeps_shut(
    changes: dict[str, object], reason: Reason
) -> None:
    other = guest("Dana", "Petit", **changes)
    station = desk([other], Mode.DESK)
    show(station, certificate(other))
    answer = station.choose(other.id, MORNING)
    assert answer is not None
    assert answer.reasons == (reason,)


def test_search_finds_by_words_of_name_and_organisation_without_accents() -> None:
    zoe = guest("Zoé", "Lefèvre", organisation="Pôle Énergie")
    station = desk([*BOTH, zoe], Mode.DESK)
    assert station.search("lefevre zoe") == (zoe,)
    assert station.search("ENERGIE") == (zoe,)
    assert station.search("invented cluster novak") == (BRUNO,)
    assert station.search("") == ()
    assert station.search("nobody") == ()


# The official reader


def test_the_official_reader_serves_for_a_code_that_is_not_read() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    show(station, badge(CHLOE))
    station.not_read(MORNING + 9 * SECOND)
    ready = station.official_reader(MORNING + 20 * SECOND)
    assert (ready.shown, ready.guest) == (Shown.READY, CHLOE)
    station.confirm(ALL_SEEN, MORNING + 21 * SECOND)
    assert [record.basis for record in journal.log] == [EntryBasis.OFFICIAL_READER]


def test_the_official_reader_changes_nothing_for_whoever_is_ready() -> None:
    station = desk([CHLOE], Mode.DESK)
    ready = show(station, certificate(CHLOE), badge(CHLOE))
    assert station.official_reader(MORNING + SECOND) is ready
    admitted = station.confirm(ALL_SEEN, MORNING + 2 * SECOND)
    assert admitted is not None
    assert admitted.guest is CHLOE


def test_the_official_reader_before_the_badge_waits_for_the_badge() -> None:
    station = desk([CHLOE], Mode.DESK)
    assert station.official_reader(MORNING).shown is Shown.AWAIT_BADGE
    assert show(station, badge(CHLOE)).shown is Shown.READY


def test_the_official_reader_where_badges_are_given_at_the_door_asks_for_the_guest() -> None:
    at_the_door = event_with(badges=BadgesGiven.AT_THE_DOOR)
    station = desk([CHLOE], Mode.DESK, event=at_the_door)
    answer = station.official_reader(MORNING)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.BADGE_MISSING,))
    chosen = station.choose(CHLOE.id, MORNING)
    assert chosen is not None
    assert chosen.shown is Shown.READY


@pytest.mark.parametrize(
    "trusted",
    [trust(), TrustList(), trust(expires_at=MORNING - SECOND)],
    ids=["signer unknown", "no list", "list expired"],
)
def test_the_official_reader_serves_where_the_program_cannot_tell(trusted: TrustList) -> None:
    station = desk([CHLOE], Mode.DESK, trusted=trusted)
    amber = show(station, badge(CHLOE), certificate(CHLOE, by=stranger()))
    assert amber.shown is Shown.DESK
    assert station.official_reader(MORNING).shown is Shown.READY


def test_the_official_reader_does_not_undo_a_refusal() -> None:
    station = desk([CHLOE], Mode.DESK)
    assert show(station, badge(CHLOE), certificate(CHLOE, "t", POSITIVE)).shown is Shown.REFUSE
    assert station.official_reader(MORNING).shown is Shown.REFUSE
    assert station.confirm(ALL_SEEN, MORNING) is None


def test_the_official_reader_does_not_let_in_again_whoever_came_in_before() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    answer = station.official_reader(MORNING + HOUR)
    assert (answer.shown, answer.guest) == (Shown.AWAIT_BADGE, None)
    assert journal.appends == 1


def test_the_official_reader_does_not_help_an_untrusted_clock() -> None:
    station = desk([CHLOE], Mode.DESK, trusted=trust(issued_at=MORNING + HOUR))
    show(station, badge(CHLOE))
    assert station.official_reader(MORNING).reasons == (Reason.CLOCK_NOT_TRUSTED,)


# Letting out


def test_a_guest_inside_is_let_out_once() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    assert not station.let_out(CHLOE.id, MORNING)
    let_in(station, CHLOE)
    assert station.let_out(CHLOE.id, MORNING + HOUR)
    assert not station.let_out(CHLOE.id, MORNING + HOUR)
    assert [act for act, _ in journal.acts] == [EntryAct.IN, EntryAct.OUT]


def test_a_guest_let_in_at_another_screen_of_this_kiosk_may_be_let_out_here() -> None:
    journal = MemoryJournal()
    here = desk([CHLOE], Mode.DESK, journal=journal, door="south")
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    assert here.counters(MORNING).present == 1
    assert here.let_out(CHLOE.id, MORNING + HOUR)


def test_an_exit_that_cannot_be_recorded_is_told() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    journal.full = True
    with pytest.raises(StorageTroubleError):
        station.let_out(CHLOE.id, MORNING + HOUR)
    assert station.counters(MORNING).present == 1


# Figures and last answers


def test_the_figures_of_the_day_count_each_answer_once() -> None:
    others = [
        guest("Dana", "Petit", attendance=Attendance.REMOTE),
        guest("Eli", "Roux", selection=Selection.WAITING),
        guest("Fay", "Blanc", occasions=frozenset({PARTNERING})),
    ]
    station = desk([*BOTH, *others], Mode.DESK)
    assert station.counters(MORNING) == Counters(expected=2)
    let_in(station, CHLOE)
    let_in(station, BRUNO)
    station.let_out(BRUNO.id, MORNING + HOUR)
    show(station, certificate(CHLOE, "t", POSITIVE))
    show(station, badge(others[0]))
    show(station, badge(others[1]))
    expected = Counters(present=1, entered=2, expected=2, refused=1, desk=2)
    assert station.counters(MORNING + HOUR) == expected
    assert station.counters(MORNING + timedelta(days=1)) == Counters(expected=3)


def test_a_log_that_cannot_be_read_leaves_the_figures_of_before() -> None:
    journal = MemoryJournal()
    station = desk(BOTH, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    before = station.counters(MORNING)
    journal.unreadable = True
    assert station.counters(MORNING) == before
    assert station.checked(MORNING) == (CHLOE,)


def test_a_re_entry_does_not_count_as_another_guest() -> None:
    station = desk([CHLOE], Mode.DESK)
    let_in(station, CHLOE)
    show(station, badge(CHLOE), at=MORNING + HOUR)
    figures = station.counters(MORNING + HOUR)
    assert (figures.entered, figures.present) == (1, 1)


def test_the_last_answers_are_newest_first_with_short_names_and_none_for_a_refusal() -> None:
    station = desk(BOTH, Mode.DESK)
    let_in(station, CHLOE)
    show(station, certificate(BRUNO, "t", POSITIVE), at=MORNING + SECOND)
    show(station, badge(BRUNO), certificate(BRUNO, by=stranger()), at=MORNING + 2 * SECOND)
    station.let_out(CHLOE.id, MORNING + 3 * SECOND)
    lines = [(line.shown, line.name, line.left) for line in station.recent()]
    assert lines == [
        (Shown.ADMIT, "Chloe M.", True),
        (Shown.DESK, "Bruno N.", False),
        (Shown.REFUSE, "", False),
        (Shown.ADMIT, "Chloe M.", False),
    ]


def test_steps_on_the_way_are_no_answers_and_only_eight_answers_are_kept() -> None:
    station = desk(BOTH, Mode.DESK)
    show(station, certificate(CHLOE), badge(CHLOE))
    assert station.recent() == ()
    for _ in range(9):
        show(station, "DC04FR")
    assert len(station.recent()) == 8
