"""The table of answers, row by row: texts of codes in, what the screen says out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct
from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Attendance, Selection
from kiosk.core.policy.event import (
    BadgesGiven,
    CertificateNeed,
    Door,
    Event,
    Occasion,
    Reentry,
    SelfScan,
)
from kiosk.core.reasons import Group, Reason, explain
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.demo.issuer import Issuer, Subject, covid_test, make_issuer, recovery, vaccination
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from tests.door import (
    ALL_SEEN,
    MORNING,
    PARTNERING,
    POLICY_1,
    POLICY_2,
    SECOND,
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
    trust,
)
from tests.fakes.journal import MemoryJournal

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
DAY_2 = MORNING + timedelta(days=1)
HOUR = timedelta(hours=1)


def entry_event() -> Event:
    return event_with(self_scan=SelfScan.ENTRY)


def at_the_door() -> Event:
    return event_with(self_scan=SelfScan.ENTRY, badges=BadgesGiven.AT_THE_DOOR)


# Accepted certificate and badge of the same person


@pytest.mark.parametrize("order", [1, -1], ids=["certificate first", "badge first"])
def test_certificate_and_badge_of_one_person_are_admitted_in_either_order(order: int) -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], event=entry_event(), journal=journal)
    codes = [certificate(CHLOE), badge(CHLOE)][::order]
    assert show(station, codes[0]).shown in (Shown.AWAIT_BADGE, Shown.AWAIT_CERTIFICATE)
    answer = show(station, codes[1])
    assert (answer.shown, answer.way, answer.guest) == (Shown.ADMIT, Way.FIRST, CHLOE)
    assert not answer.checked_only
    assert journal.acts == [(EntryAct.IN, CHLOE.id)]


def test_at_a_pre_check_green_means_checked_and_is_recorded_as_that() -> None:
    journal = MemoryJournal()
    answer = show(desk([CHLOE], journal=journal), certificate(CHLOE), badge(CHLOE))
    assert (answer.shown, answer.checked_only) == (Shown.ADMIT, True)
    assert journal.acts == [(EntryAct.CHECK, CHLOE.id)]


def test_a_guest_checked_already_is_checked_again_without_a_second_record() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    answer = show(station, badge(CHLOE), at=MORNING + timedelta(minutes=9))
    assert (answer.shown, answer.checked_only) == (Shown.ADMIT, True)
    assert journal.appends == 1


def test_at_the_desk_green_waits_for_the_confirmation() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    ready = show(station, certificate(CHLOE), badge(CHLOE))
    assert (ready.shown, ready.way, journal.log) == (Shown.READY, Way.FIRST, [])
    admitted = station.confirm(ALL_SEEN, MORNING)
    assert admitted is not None
    assert (admitted.shown, admitted.guest) == (Shown.ADMIT, CHLOE)
    assert journal.acts == [(EntryAct.IN, CHLOE.id)]


def test_the_certificate_is_compared_with_the_badges_guest_alone() -> None:
    namesake = guest("Chloe", "Martin", id="another", organisation="Another cluster")
    station = desk([CHLOE, namesake], event=entry_event())
    answer = show(station, certificate(CHLOE), badge(namesake))
    assert (answer.shown, answer.guest) == (Shown.ADMIT, namesake)


def test_a_second_given_name_on_one_of_both_is_the_same_person() -> None:
    holder = Subject("Martin", "Chloé Anne", "MARTIN", "CHLOE<ANNE")
    answer = show(desk([CHLOE], event=entry_event()), certificate(holder), badge(CHLOE))
    assert answer.shown is Shown.ADMIT


@pytest.mark.parametrize("mode", Mode)
def test_each_kind_of_proof_is_admitted_with_the_same_answer(mode: Mode) -> None:
    proofs = {
        "v": vaccination("2021-07-01"),
        "t": covid_test(MORNING - 70 * HOUR),
        "r": recovery("2021-09-01"),
    }
    answers = {
        show(desk([CHLOE], mode), certificate(CHLOE, kind, proof), badge(CHLOE)).shown
        for kind, proof in proofs.items()
    }
    assert answers == {Shown.ADMIT if mode is Mode.SELF else Shown.READY}


# Certificate alone


def test_a_certificate_alone_waits_for_the_badge_then_goes_to_the_desk() -> None:
    station = desk([CHLOE])
    assert show(station, certificate(CHLOE)).shown is Shown.AWAIT_BADGE
    assert station.tick(MORNING + 30 * SECOND - timedelta(milliseconds=1)) is None
    answer = station.tick(MORNING + 30 * SECOND)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.BADGE_MISSING,))


def test_where_badges_are_given_at_the_door_a_certificate_alone_admits_its_one_guest() -> None:
    answer = show(desk([CHLOE, BRUNO], event=at_the_door()), certificate(CHLOE))
    assert (answer.shown, answer.guest) == (Shown.ADMIT, CHLOE)


@pytest.mark.parametrize("mode", Mode)
def test_two_guests_of_one_name_go_to_the_desk_where_badges_are_given_at_the_door(
    mode: Mode,
) -> None:
    namesake = guest("Chloe", "Martin", id="another", organisation="Another cluster")
    station = desk([CHLOE, namesake, BRUNO], mode, event=at_the_door())
    answer = show(station, certificate(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.SEVERAL_GUESTS,))
    assert set(answer.candidates) == {CHLOE, namesake}


# Badge alone


def test_a_badge_alone_waits_for_the_certificate_then_goes_to_the_desk() -> None:
    station = desk([CHLOE])
    assert show(station, badge(CHLOE)).shown is Shown.AWAIT_CERTIFICATE
    assert station.tick(MORNING + 30 * SECOND - timedelta(milliseconds=1)) is None
    answer = station.tick(MORNING + 30 * SECOND)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.CERTIFICATE_MISSING,))
    assert answer.guest == CHLOE


@pytest.mark.parametrize("mode", Mode)
def test_a_badge_of_a_guest_admitted_120_seconds_ago_is_already_admitted(mode: Mode) -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    answer = show(desk([CHLOE], mode, journal=journal), badge(CHLOE), at=MORNING + 120 * SECOND)
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.ALREADY)
    assert journal.appends == 1


@pytest.mark.parametrize("mode", Mode)
def test_a_badge_of_a_guest_admitted_121_seconds_ago_is_a_re_entry(mode: Mode) -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    answer = show(desk([CHLOE], mode, journal=journal), badge(CHLOE), at=MORNING + 121 * SECOND)
    assert (answer.shown, answer.way, answer.checked_only) == (Shown.ADMIT, Way.AGAIN, False)
    assert journal.acts == [(EntryAct.IN, CHLOE.id)] * 2


def test_a_guest_who_left_comes_in_again_with_the_badge_alone_even_at_once() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    assert station.let_out(CHLOE.id, MORNING + 10 * SECOND)
    answer = show(station, badge(CHLOE), at=MORNING + 20 * SECOND)
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.AGAIN)
    assert [act for act, _ in journal.acts] == [EntryAct.IN, EntryAct.OUT, EntryAct.IN]


def test_after_an_exit_a_guest_may_come_in_through_another_door() -> None:
    journal = MemoryJournal()
    north = desk([CHLOE], Mode.DESK, journal=journal)
    let_in(north, CHLOE)
    north.let_out(CHLOE.id, MORNING + HOUR)
    answer = show(desk([CHLOE], journal=journal, door="south"), badge(CHLOE), at=MORNING + 2 * HOUR)
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.AGAIN)


@pytest.mark.parametrize("left", [True, False], ids=["after exit", "without exit"])
def test_an_event_without_re_entry_sends_the_guest_to_the_desk(*, left: bool) -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal, event=event_with(reentry=Reentry.NEVER))
    let_in(station, CHLOE)
    if left:
        station.let_out(CHLOE.id, MORNING + HOUR)
    answer = show(station, badge(CHLOE), at=MORNING + 2 * HOUR)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.REENTRY_NOT_ALLOWED,))


def test_even_without_re_entry_a_guest_of_a_moment_ago_is_already_admitted() -> None:
    station = desk([CHLOE], Mode.DESK, event=event_with(reentry=Reentry.NEVER))
    let_in(station, CHLOE)
    assert show(station, badge(CHLOE), at=MORNING + 120 * SECOND).way is Way.ALREADY
    assert show(station, badge(CHLOE), at=MORNING + 121 * SECOND).shown is Shown.DESK


def test_yesterdays_entry_opens_no_door_today() -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    answer = show(desk([CHLOE], journal=journal), badge(CHLOE), at=DAY_2)
    assert answer.shown is Shown.AWAIT_CERTIFICATE


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("later", [30 * SECOND, 2 * HOUR], ids=["at once", "later"])
def test_a_guest_inside_at_another_door_goes_to_the_desk(mode: Mode, later: timedelta) -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    south = desk([CHLOE], mode, journal=journal, door="south")
    answer = show(south, badge(CHLOE), at=MORNING + later)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.INSIDE_ELSEWHERE,))
    assert answer.guest == CHLOE
    assert answer.standing.inside_at == "north"


# Refused


def forged() -> str:
    """By somebody who names the trusted key and does not have it."""
    thief = Issuer(stranger().key, issuer().certificate, "XX")
    return certificate(CHLOE, by=thief)


def refused_certificates() -> dict[str, tuple[str, Reason]]:
    day = MORNING.date()

    def made(reason: Reason, group: str, statement: dict[str, object]) -> tuple[str, Reason]:
        return certificate(CHLOE, group, statement), reason

    return {
        "expired": (
            certificate(CHLOE, issued_at=MORNING - timedelta(days=366)),
            Reason.CERTIFICATE_EXPIRED,
        ),
        "forged": (forged(), Reason.SIGNATURE_INVALID),
        "damaged": (certificate(CHLOE)[:-9], Reason.COMPRESSION_BROKEN),
        "test of 72 h and a second": made(
            Reason.TEST_TOO_OLD, "t", covid_test(MORNING - 72 * HOUR - SECOND)
        ),
        "test of 73 h": made(Reason.TEST_TOO_OLD, "t", covid_test(MORNING - 73 * HOUR)),
        "positive": made(Reason.TEST_POSITIVE, "t", covid_test(MORNING - HOUR, "260373001")),
        "test in the future": made(Reason.TEST_IN_FUTURE, "t", covid_test(MORNING + SECOND)),
        "dose of 6 days": made(
            Reason.DOSE_TOO_RECENT, "v", vaccination(str(day - timedelta(days=6)))
        ),
        "single dose of 27 days": made(
            Reason.DOSE_TOO_RECENT, "v", vaccination(str(day - timedelta(days=27)), 1, 1)
        ),
        "first of two doses": made(Reason.DOSES_INCOMPLETE, "v", vaccination("2021-07-01", 1, 2)),
        "recovery of 10 days": made(
            Reason.RECOVERY_TOO_RECENT, "r", recovery(str(day - timedelta(days=10)))
        ),
        "recovery of 184 days": made(
            Reason.RECOVERY_TOO_OLD, "r", recovery(str(day - timedelta(days=184)))
        ),
    }


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("flaw", refused_certificates())
def test_a_certificate_that_is_certainly_not_acceptable_is_refused(flaw: str, mode: Mode) -> None:
    text, reason = refused_certificates()[flaw]
    assert explain(reason).group is Group.CERTIFICATE
    journal = MemoryJournal()
    answer = show(desk([CHLOE], mode, journal=journal), badge(CHLOE), text)
    assert (answer.shown, answer.reasons, journal.log) == (Shown.REFUSE, (), [])
    assert (answer.guest, answer.person, answer.candidates) == (None, None, ())


@pytest.mark.parametrize(
    ("group", "statement"),
    [
        ("t", covid_test(MORNING - 72 * HOUR)),
        ("t", covid_test(MORNING)),
        ("v", vaccination("2021-11-15")),
        ("v", vaccination("2021-10-25", 1, 1)),
        ("v", vaccination("2021-11-22", 3, 3)),
        ("r", recovery("2021-11-11")),
        ("r", recovery("2021-05-23")),
    ],
    ids=["72 h", "0 h", "7 days", "28 days", "booster today", "11 days", "183 days"],
)
def test_a_certificate_on_its_limit_is_accepted(group: str, statement: dict[str, object]) -> None:
    answer = show(desk([CHLOE]), badge(CHLOE), certificate(CHLOE, group, statement))
    assert answer.shown is Shown.ADMIT


def test_a_certificate_of_the_wrong_use_is_refused() -> None:
    for_tests = make_issuer(usages=["1.3.6.1.4.1.1847.2021.1.1"])
    station = desk([CHLOE], trusted=trust_list_of([Row(for_tests.certificate)], "test"))
    assert show(station, certificate(CHLOE, by=for_tests)).shown is Shown.REFUSE
    test = covid_test(MORNING - HOUR)
    assert show(station, certificate(CHLOE, "t", test, for_tests)).shown is Shown.AWAIT_BADGE


def test_a_certificate_of_a_revoked_signer_is_refused() -> None:
    good = trust()
    blocked = TrustList(signers=good.signers, revoked=frozenset({issuer().kid}))
    assert show(desk([CHLOE], trusted=blocked), certificate(CHLOE)).shown is Shown.REFUSE


def test_a_refusal_looks_the_same_with_a_badge_without_and_for_every_reason() -> None:
    answers = {show(desk([CHLOE]), text) for text, _ in refused_certificates().values()}
    answers.add(show(desk([CHLOE]), badge(CHLOE), forged()))
    assert len(answers) == 1


def test_a_badge_that_was_held_up_while_staff_cleared_the_card_counts_with_the_certificate() -> (
    None
):
    station = desk([CHLOE], Mode.DESK)
    station.sight([badge(CHLOE)], MORNING)
    station.clear()
    assert station.sight([badge(CHLOE)], MORNING + SECOND) is None  # it begins nothing by itself
    shown = station.sight([certificate(CHLOE), badge(CHLOE)], MORNING + 2 * SECOND)
    assert shown is not None
    assert (shown.shown, shown.guest) == (Shown.READY, CHLOE)


@pytest.mark.parametrize("mode", Mode)
def test_red_stays_red_while_the_badge_is_held_up_beside_the_certificate(mode: Mode) -> None:
    old = certificate(CHLOE, "t", covid_test(MORNING - 100 * HOUR))
    together = desk([CHLOE], mode).sight([old, badge(CHLOE)], MORNING)
    assert together is not None
    assert together.shown is Shown.REFUSE
    station = desk([CHLOE, BRUNO], mode)
    first = station.sight([old], MORNING)
    assert first is not None
    assert first.shown is Shown.REFUSE
    assert station.sight([old, badge(CHLOE)], MORNING + SECOND) is None
    assert station.sight([old, badge(CHLOE)], MORNING + 2 * SECOND) is None
    better = station.sight([certificate(CHLOE), badge(CHLOE)], MORNING + 3 * SECOND)
    assert better is not None
    assert (better.shown in (Shown.ADMIT, Shown.READY), better.guest) == (True, CHLOE)
    station.clear()
    station.sight([old], MORNING + 6 * SECOND)
    other = station.sight([certificate(BRUNO), badge(BRUNO)], MORNING + 9 * SECOND)
    assert other is not None
    assert (other.guest, other.shown is Shown.REFUSE) == (BRUNO, False)


def test_a_refused_certificate_wins_over_a_badge_that_does_not_count() -> None:
    station = desk([BRUNO])
    assert show(station, forged(), badge(CHLOE)).shown is Shown.DESK  # the next visit: a badge
    assert show(station, badge(CHLOE), forged()).shown is Shown.REFUSE


# Nothing of the proof on any screen


def strings_of(value: object) -> set[str]:
    if is_dataclass(value) and not isinstance(value, type):
        return {s for field in fields(value) for s in strings_of(getattr(value, field.name))}
    if isinstance(value, tuple | frozenset | set):
        return {s for item in value for s in strings_of(item)}
    return {str(value)}


def test_an_admission_holds_nothing_of_the_proof() -> None:
    sample = MORNING - 26 * HOUR
    proofs = [
        ("v", vaccination("2021-07-03", ci="URN:UVCI:CANARY")),
        ("t", covid_test(sample, ci="URN:UVCI:CANARY")),
        ("r", recovery("2021-09-04", ci="URN:UVCI:CANARY")),
    ]
    told = ("CANARY", "HC1:", "EU/1/20/1528", "1119349007", "2021-07-03", "2021-09-04", "LP6464")
    for group, statement in proofs:
        station = desk([CHLOE], Mode.DESK)
        text = certificate(CHLOE, group, statement)
        steps = [show(station, text), show(station, badge(CHLOE))]
        confirmed = station.confirm(ALL_SEEN, MORNING)
        for step in (*steps, confirmed):
            words = " ".join(strings_of(step))
            assert not [word for word in (*told, str(sample.date())) if word in words]
            assert "vaccin" not in words.lower()


def test_a_representation_of_an_admission_names_nobody() -> None:
    answer = show(desk([CHLOE]), certificate(CHLOE), badge(CHLOE))
    assert "Martin" not in repr(answer)
    assert "1980" not in repr(answer)


# The program cannot tell


@pytest.mark.parametrize("mode", Mode)
def test_an_unknown_signer_goes_to_the_desk(mode: Mode) -> None:
    answer = show(desk([CHLOE], mode), badge(CHLOE), certificate(CHLOE, by=stranger()))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.SIGNER_UNKNOWN,))
    assert answer.guest == CHLOE


def test_without_any_trust_list_every_certificate_goes_to_the_desk() -> None:
    answer = show(desk([CHLOE], trusted=TrustList()), certificate(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.TRUST_LIST_EMPTY,))


def test_a_clock_two_minutes_before_the_trust_lists_issue_is_believed_and_no_more() -> None:
    issued = MORNING + timedelta(minutes=2)
    believed = show(desk([CHLOE], trusted=trust(issued_at=issued)), certificate(CHLOE))
    assert believed.shown is Shown.AWAIT_BADGE
    doubted = show(desk([CHLOE], trusted=trust(issued_at=issued + SECOND)), certificate(CHLOE))
    assert (doubted.shown, doubted.reasons) == (Shown.DESK, (Reason.CLOCK_NOT_TRUSTED,))


def test_with_an_untrusted_clock_nothing_is_refused_and_nobody_admitted() -> None:
    station = desk([CHLOE], trusted=trust(issued_at=MORNING + HOUR))
    for text in (forged(), badge(CHLOE), certificate(CHLOE)):
        answer = show(station, text)
        assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.CLOCK_NOT_TRUSTED,))


def test_a_trust_list_serves_until_its_end_and_not_a_second_longer() -> None:
    until = show(desk([CHLOE], trusted=trust(expires_at=MORNING)), certificate(CHLOE))
    assert until.shown is Shown.AWAIT_BADGE
    after = show(desk([CHLOE], trusted=trust(expires_at=MORNING - SECOND)), certificate(CHLOE))
    assert (after.shown, after.reasons) == (Shown.DESK, (Reason.TRUST_LIST_EXPIRED,))


def test_an_expired_trust_list_is_not_in_the_way_of_a_guest_admitted_today() -> None:
    journal = MemoryJournal()
    let_in(desk([CHLOE], Mode.DESK, journal=journal), CHLOE)
    station = desk([CHLOE], journal=journal, trusted=trust(expires_at=MORNING))
    answer = show(station, badge(CHLOE), at=MORNING + HOUR)
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.AGAIN)


# Codes of another kind


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.org/menu", Reason.CODE_UNKNOWN),
        ("", Reason.CODE_UNKNOWN),
        ("DC04FR0000011E6A1E9EL101FR", Reason.CODE_2D_DOC),
        ("LT1:6BFY90R10RDWT", Reason.CODE_SWISS_LIGHT),
        ("AT1:6BFY90R10RDWT", Reason.CODE_AUSTRIAN),
        ("NL2:6BFY90R10RDWT", Reason.CODE_DUTCH),
        ("HC2:6BFY90R10RDWT", Reason.CODE_HCERT_OTHER),
        ("shc:/567629095243206034602924", Reason.CODE_SMART_HEALTH_CARD),
        (
            issuer().sign({1: "XX", 4: int(MORNING.timestamp()) + 9999, -260: {-6: {"n": "x"}}}),
            Reason.CODE_WHO,
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else "",
)
def test_a_code_of_another_kind_goes_to_the_desk_by_its_name(
    text: str, reason: Reason, mode: Mode
) -> None:
    assert explain(reason).group is Group.OTHER_CODE
    answer = show(desk([CHLOE], mode), text)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (reason,))


# Badges that do not count


def badges_that_do_not_count() -> dict[str, tuple[str, Reason]]:
    foreign = Ed25519PrivateKey.generate()
    event_id = saint_ouen().id
    return {
        "unknown": (badge(guest("Nobody", "Here")), Reason.BADGE_UNKNOWN),
        "forged": (make_badge(CHLOE.badge, event_id, foreign), Reason.BADGE_FORGED),
        "broken": (badge(CHLOE)[:-1], Reason.BADGE_FORGED),
        "revoked": (badge(BRUNO), Reason.BADGE_REVOKED),
        "of another event": (badge(CHLOE, "lyon-2022"), Reason.BADGE_OTHER_EVENT),
    }


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("with_certificate", [True, False], ids=["both", "badge alone"])
@pytest.mark.parametrize("flaw", badges_that_do_not_count())
def test_a_badge_that_does_not_count_goes_to_the_desk(
    flaw: str, mode: Mode, *, with_certificate: bool
) -> None:
    text, reason = badges_that_do_not_count()[flaw]
    journal = MemoryJournal()
    station = desk([CHLOE, BRUNO], mode, revoked=[BRUNO.badge], journal=journal)
    codes = [certificate(CHLOE), text] if with_certificate else [text]
    answer = show(station, *codes)
    assert (answer.shown, answer.reasons, answer.guest) == (Shown.DESK, (reason,), None)
    assert journal.log == []


# Names


@pytest.mark.parametrize("mode", Mode)
def test_different_names_on_certificate_and_badge_go_to_the_desk(mode: Mode) -> None:
    answer = show(desk([CHLOE, BRUNO], mode), certificate(CHLOE), badge(BRUNO))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NAMES_DIFFER,))
    assert answer.guest == BRUNO
    if mode is Mode.SELF:
        assert answer.person is None, "staff are not there to see it"
    else:
        assert answer.person is not None
        assert answer.person.family == "Martin"


def test_a_name_nearly_that_of_the_badge_goes_to_the_desk_as_a_near_miss() -> None:
    holder = Subject("Martins", "Chloe", "MARTINS", "CHLOE")
    answer = show(desk([CHLOE]), certificate(holder), badge(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NAME_NEAR_MISS,))
    assert answer.guest == CHLOE


def test_staff_who_looked_choose_the_badges_guest_as_they_choose_one_without_a_badge() -> None:
    holder = Subject("Martins", "Chloe", "MARTINS", "CHLOE")
    station = desk([CHLOE], Mode.DESK)
    assert show(station, certificate(holder), badge(CHLOE)).candidates == (CHLOE,)
    chosen = station.choose(CHLOE.id, MORNING)
    assert chosen is not None
    assert (chosen.shown, chosen.guest, chosen.has_certificate) == (Shown.READY, CHLOE, True)


def test_nobody_is_offered_whose_badge_has_another_name() -> None:
    answer = show(desk([CHLOE, BRUNO], Mode.DESK), certificate(BRUNO), badge(CHLOE))
    assert (answer.reasons, answer.candidates) == ((Reason.NAMES_DIFFER,), ())


def test_a_near_miss_without_a_badge_comes_with_the_candidates_closest_first() -> None:
    holder = Subject("Martins", "Chloe", "MARTINS", "CHLOE")
    farther = guest("Chloes", "Martinez")
    station = desk([BRUNO, farther, CHLOE], event=at_the_door())
    answer = show(station, certificate(holder))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NAME_NEAR_MISS,))
    assert answer.candidates == (CHLOE, farther)


def test_further_given_names_on_the_certificate_alone_are_the_guests_own() -> None:
    holder = Subject("Martin", "Chloe Anne", "MARTIN", "CHLOE<ANNE")
    without_badge = show(desk([CHLOE, BRUNO], event=at_the_door()), certificate(holder))
    assert (without_badge.shown, without_badge.guest) == (Shown.ADMIT, CHLOE)
    with_badge = show(desk([CHLOE, BRUNO]), certificate(holder), badge(CHLOE))
    assert (with_badge.shown, with_badge.guest) == (Shown.ADMIT, CHLOE)


def test_a_certificate_of_another_year_than_the_lists_is_for_the_desk() -> None:
    older = replace(CHLOE, birth_year=1901)
    codes = certificate(older), badge(older)
    answer = show(desk([older]), *codes)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NAME_NEAR_MISS,))
    alone = show(desk([older], event=at_the_door()), codes[0])
    assert (alone.shown, alone.candidates) == (Shown.DESK, (older,))


@pytest.mark.parametrize("mode", Mode)
def test_a_holder_not_on_the_list_goes_to_the_desk(mode: Mode) -> None:
    answer = show(desk([BRUNO], mode, event=at_the_door()), certificate(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NOT_ON_LIST,))
    assert answer.candidates == ()


# Who is invited, and where to


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"attendance": Attendance.REMOTE}, Reason.GUEST_REMOTE),
        ({"selection": Selection.WAITING}, Reason.GUEST_WAITING),
        ({"selection": Selection.DECLINED}, Reason.GUEST_DECLINED),
        ({"occasions": frozenset({PARTNERING})}, Reason.OCCASION_OTHER),
        ({"occasions": frozenset[str]()}, Reason.OCCASION_OTHER),
    ],
    ids=["remote", "waiting", "declined", "other occasion", "no occasion"],
)
def test_a_guest_who_is_not_expected_here_and_now_goes_to_the_desk(
    changes: dict[str, object], reason: Reason, mode: Mode
) -> None:
    other = guest("Dana", "Petit", **changes)
    for codes in ([certificate(other), badge(other)], [badge(other)]):
        journal = MemoryJournal()
        answer = show(desk([other], mode, journal=journal), *codes)
        assert (answer.shown, answer.reasons, answer.guest) == (Shown.DESK, (reason,), other)
        assert journal.log == []


def paris(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2021, 11, day, hour, minute, tzinfo=saint_ouen().time_zone)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (paris(8) - SECOND, Shown.DESK),
        (paris(8), Shown.ADMIT),
        (paris(18, 30) - SECOND, Shown.ADMIT),
        (paris(18, 30), Shown.DESK),
    ],
    ids=["an hour and a second early", "an hour early", "at the end", "closed"],
)
def test_a_door_opens_60_minutes_early_and_closes_with_the_occasion(
    at: datetime, shown: Shown
) -> None:
    answer = show(desk([CHLOE], event=entry_event()), certificate(CHLOE), badge(CHLOE), at=at)
    assert answer.shown is shown
    assert answer.reasons == (() if shown is Shown.ADMIT else (Reason.NO_OCCASION_OPEN,))


def test_early_guests_of_the_afternoon_come_in_for_the_afternoon() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE, BRUNO], event=entry_event(), journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE), at=paris(13, day=23) - SECOND)
    show(station, certificate(BRUNO), badge(BRUNO), at=paris(13, day=23))
    assert [record.occasion for record in journal.log] == [POLICY_2, PARTNERING]


def test_a_door_that_wants_no_certificate_admits_the_badge_alone() -> None:
    only_badge = Door("north", "Porte Nord", (POLICY_1,), CertificateNeed.NEVER)
    event = event_with(self_scan=SelfScan.ENTRY, doors=(only_badge,))
    assert show(desk([CHLOE], event=event), badge(CHLOE)).shown is Shown.ADMIT


# Seats and rooms


@pytest.mark.parametrize("mode", Mode)
def test_the_third_person_of_a_partnership_goes_to_the_desk(mode: Mode) -> None:
    three = [guest(given, "Petit", partnership="Green") for given in ("Ada", "Bea", "Cora")]
    journal = MemoryJournal()
    staff = desk(three, Mode.DESK, journal=journal)
    for person in three[:2]:
        let_in(staff, person)
    answer = show(desk(three, mode, journal=journal), certificate(three[2]), badge(three[2]))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.SEATS_TAKEN,))
    assert answer.seats_taken == 2


def test_a_guest_who_was_only_checked_holds_a_seat_already() -> None:
    three = [guest(given, "Petit", partnership="Green") for given in ("Ada", "Bea", "Cora")]
    station = desk(three)
    answers = [show(station, certificate(person), badge(person)).shown for person in three]
    assert answers == [Shown.ADMIT, Shown.ADMIT, Shown.DESK]


def test_a_seat_stays_with_a_guest_who_has_left() -> None:
    three = [guest(given, "Petit", partnership="Green") for given in ("Ada", "Bea", "Cora")]
    staff = desk(three, Mode.DESK)
    for person in three[:2]:
        let_in(staff, person)
    staff.let_out(three[0].id, MORNING + HOUR)
    third = show(staff, certificate(three[2]), badge(three[2]), at=MORNING + HOUR)
    assert third.reasons == (Reason.SEATS_TAKEN,)
    assert show(staff, badge(three[0]), at=MORNING + 2 * HOUR).way is Way.AGAIN


def test_guests_without_a_partnership_take_no_seat_from_each_other() -> None:
    press = [guest(given, "Petit", partnership="", category="press") for given in ("A", "B", "C")]
    station = desk(press, event=entry_event())
    answers = {show(station, certificate(person), badge(person)).shown for person in press}
    assert answers == {Shown.ADMIT}


def small_room(capacity: int) -> Event:
    first = saint_ouen().occasions[0]
    hall = Occasion(POLICY_1, first.name, first.opens, first.closes, "Salon", capacity, 2, None)
    return event_with(self_scan=SelfScan.ENTRY, occasions=(hall,))


def test_a_full_room_sends_the_next_guest_to_the_desk_until_somebody_leaves() -> None:
    event, journal = small_room(1), MemoryJournal()
    station = desk([CHLOE, BRUNO], event=event, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    full = show(station, certificate(BRUNO), badge(BRUNO))
    assert (full.shown, full.reasons) == (Shown.DESK, (Reason.ROOM_FULL,))
    station.let_out(CHLOE.id, MORNING + HOUR)
    again = show(station, certificate(BRUNO), badge(BRUNO), at=MORNING + HOUR)
    assert again.shown is Shown.ADMIT


# Green only after it is durable


@pytest.mark.parametrize("self_scan", SelfScan)
def test_what_could_not_be_recorded_is_not_green(self_scan: SelfScan) -> None:
    journal = MemoryJournal()
    journal.full = True
    station = desk([CHLOE], event=event_with(self_scan=self_scan), journal=journal)
    answer = show(station, certificate(CHLOE), badge(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    assert (answer.way, answer.checked_only, answer.guest) == (None, False, CHLOE)
    assert journal.log == []


def test_a_confirmed_entry_that_could_not_be_recorded_is_not_green() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    journal.full = True
    answer = station.confirm(ALL_SEEN, MORNING)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    journal.full = False
    assert station.confirm(ALL_SEEN, MORNING) is None
    assert journal.log == []


def test_a_re_entry_that_could_not_be_recorded_is_not_green() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    journal.full = True
    answer = show(station, badge(CHLOE), at=MORNING + HOUR)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    assert journal.appends == 1


def test_a_log_that_cannot_be_read_sends_to_the_desk() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], journal=journal)
    journal.unreadable = True
    answer = show(station, certificate(CHLOE), badge(CHLOE))
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))


def test_once_the_disk_is_well_again_the_same_guest_is_admitted() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], journal=journal)
    journal.full = True
    show(station, certificate(CHLOE), badge(CHLOE))
    journal.full = False
    assert show(station, certificate(CHLOE), badge(CHLOE)).shown is Shown.ADMIT


@pytest.mark.parametrize("text", [forged(), "HC2:AB"], ids=["refused", "desk"])
def test_an_answer_that_is_no_entry_stands_even_where_it_cannot_be_counted(text: str) -> None:
    journal = MemoryJournal()
    journal.full = True
    assert show(desk(journal=journal), text).shown in (Shown.REFUSE, Shown.DESK)


def test_a_program_in_trouble_is_amber_and_forgets_the_visit() -> None:
    journal = MemoryJournal()
    station = desk([CHLOE], Mode.DESK, journal=journal)
    show(station, certificate(CHLOE), badge(CHLOE))
    answer = station.trouble(MORNING)
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.PROGRAM_TROUBLE,))
    assert station.confirm(ALL_SEEN, MORNING) is None
    assert journal.log == []
