"""Each row of `decide.TABLE` is reached by a situation, and what no row knows is for the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core.decide import (
    TABLE,
    Admit,
    Answer,
    Await,
    CallStaff,
    ReaderChecked,
    Refuse,
    Situation,
    Way,
    decide,
)
from kiosk.core.guests.badge import BadgeProblem
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import Ambiguous, Matched, NoMatch
from kiosk.core.guests.names import Likeness
from kiosk.core.guests.standing import SeatPassed, Standing
from kiosk.core.policy.event import BadgesGiven, CertificateNeed, Reentry
from kiosk.core.policy.judge import Accepted, NotAccepted, Undecided
from kiosk.core.reasons import EXPLANATIONS, Group, Reason
from kiosk.core.verify import Failed, Indeterminate, Signer
from tests.door import MORNING, PARTNERING, POLICY_1, event_with, guest, saint_ouen

CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
EVENT = saint_ouen()
AT_THE_DOOR = event_with(badges=BadgesGiven.AT_THE_DOOR)
INSIDE = Standing(
    admitted=True,
    admitted_to=POLICY_1,
    inside_at="north",
    occasion=POLICY_1,
    last_in=MORNING,
    entered=frozenset({POLICY_1}),
    seats=frozenset({POLICY_1}),
)
EARLIER = replace(INSIDE, last_in=MORNING - timedelta(hours=1))
HERE = Situation(MORNING, EVENT, EVENT.doors[0], open=EVENT.occasions[:1])
GOOD = replace(HERE, proof=Accepted(), badge=CHLOE, likeness=Likeness.EXACT)
ALONE = replace(HERE, proof=Accepted(), match=Matched(CHLOE))


def desk_for(*reasons: Reason, who: Guest | None = CHLOE) -> CallStaff:
    return CallStaff(reasons, who)


def with_badge_of(**changes: object) -> tuple[Situation, Guest]:
    other = guest("Dana", "Petit", **changes)
    return replace(GOOD, badge=other), other


REMOTE, REMOTE_GUEST = with_badge_of(attendance=Attendance.REMOTE)
WAITING, WAITING_GUEST = with_badge_of(selection=Selection.WAITING)
DECLINED, DECLINED_GUEST = with_badge_of(selection=Selection.DECLINED)
OTHERWHERE, OTHERWHERE_GUEST = with_badge_of(occasions=frozenset({PARTNERING}))

CASES: tuple[tuple[str, Situation, Answer | Await], ...] = (
    (
        "the kiosk is in trouble",
        replace(GOOD, trouble=Reason.CLOCK_NOT_TRUSTED),
        desk_for(Reason.CLOCK_NOT_TRUSTED),
    ),
    ("nothing is open here", replace(GOOD, open=()), desk_for(Reason.NO_OCCASION_OPEN)),
    (
        "the certificate is certainly not acceptable",
        replace(GOOD, proof=Failed(Reason.SIGNATURE_INVALID)),
        Refuse(Reason.SIGNATURE_INVALID),
    ),
    (
        "the code is of another kind",
        replace(GOOD, proof=Failed(Reason.CODE_2D_DOC)),
        desk_for(Reason.CODE_2D_DOC),
    ),
    (
        "the certificate cannot be judged",
        replace(GOOD, proof=Indeterminate(Reason.SIGNER_UNKNOWN, Signer(b"12345678"))),
        desk_for(Reason.SIGNER_UNKNOWN),
    ),
    (
        "the badge does not count",
        replace(ALONE, badge=BadgeProblem(Reason.BADGE_REVOKED)),
        desk_for(Reason.BADGE_REVOKED, who=None),
    ),
    (
        "two guests show each other's codes",
        replace(GOOD, likeness=Likeness.DIFFERENT, crossed=BRUNO),
        CallStaff((Reason.PAIR_CROSSED,), CHLOE, (BRUNO,)),
    ),
    (
        "certificate and badge carry different names",
        replace(GOOD, likeness=Likeness.DIFFERENT),
        desk_for(Reason.NAMES_DIFFER),
    ),
    (
        "a certificate without a badge, where badges were given beforehand",
        ALONE,
        Await.BADGE,
    ),
    ("no badge came", replace(ALONE, waited=True), desk_for(Reason.BADGE_MISSING)),
    (
        "several guests have the certificate's name",
        replace(ALONE, event=AT_THE_DOOR, match=Ambiguous((CHLOE, BRUNO))),
        CallStaff((Reason.SEVERAL_GUESTS,), None, (CHLOE, BRUNO)),
    ),
    (
        "no guest has the certificate's name",
        replace(ALONE, event=AT_THE_DOOR, match=NoMatch(())),
        desk_for(Reason.NOT_ON_LIST, who=None),
    ),
    (
        "the guest takes part remotely",
        REMOTE,
        desk_for(Reason.GUEST_REMOTE, who=REMOTE_GUEST),
    ),
    (
        "the guest is on the waiting list",
        WAITING,
        desk_for(Reason.GUEST_WAITING, who=WAITING_GUEST),
    ),
    (
        "the guest was declined",
        DECLINED,
        desk_for(Reason.GUEST_DECLINED, who=DECLINED_GUEST),
    ),
    (
        "the guest's seat was passed on",
        replace(OTHERWHERE, seat_passed=SeatPassed(BRUNO, MORNING)),
        desk_for(Reason.SEAT_PASSED_ON, who=OTHERWHERE_GUEST),
    ),
    (
        "the guest is invited to another occasion",
        OTHERWHERE,
        desk_for(Reason.OCCASION_OTHER, who=OTHERWHERE_GUEST),
    ),
    (
        "the guest is inside, at another door",
        replace(GOOD, standing=replace(INSIDE, inside_at="south")),
        desk_for(Reason.INSIDE_ELSEWHERE),
    ),
    (
        "the guest came in a moment ago",
        replace(GOOD, standing=INSIDE),
        Admit(CHLOE, POLICY_1, Way.ALREADY),
    ),
    (
        "the event allows no second entry",
        replace(GOOD, event=event_with(reentry=Reentry.NEVER), standing=EARLIER),
        desk_for(Reason.REENTRY_NOT_ALLOWED),
    ),
    (
        "the event wants an exit before the next entry, and there is none",
        replace(GOOD, event=event_with(reentry=Reentry.AFTER_EXIT), standing=EARLIER),
        desk_for(Reason.EXIT_MISSING),
    ),
    (
        "the guest was admitted today",
        replace(GOOD, standing=EARLIER),
        Admit(CHLOE, POLICY_1, Way.AGAIN),
    ),
    ("a badge without a certificate", replace(HERE, badge=CHLOE), Await.CERTIFICATE),
    (
        "no certificate came",
        replace(HERE, badge=CHLOE, waited=True),
        desk_for(Reason.CERTIFICATE_MISSING),
    ),
    (
        "all seats of the Partnership are taken",
        replace(GOOD, seats_free=False),
        desk_for(Reason.SEATS_TAKEN),
    ),
    ("the room is full", replace(GOOD, room_free=False), desk_for(Reason.ROOM_FULL)),
    (
        "an accepted certificate of a guest who is expected",
        GOOD,
        Admit(CHLOE, POLICY_1, Way.FIRST),
    ),
)


def row_of(situation: Situation) -> str:
    return next((row.name for row in TABLE if row.applies(situation)), "")


@pytest.mark.parametrize(("name", "situation", "answer"), CASES, ids=[name for name, _, _ in CASES])
def test_a_row_answers_its_own_situation(
    name: str, situation: Situation, answer: Answer | Await
) -> None:
    assert row_of(situation) == name
    assert decide(situation) == answer


def test_every_row_has_a_case_in_the_order_of_the_table() -> None:
    assert [name for name, _, _ in CASES] == [row.name for row in TABLE]


IMPOSSIBLE = {
    "nothing was shown, no certificate is needed": replace(
        HERE, door=replace(EVENT.doors[0], certificate=CertificateNeed.NEVER)
    ),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_no_row_foresees_is_for_the_desk(case: str) -> None:
    assert decide(IMPOSSIBLE[case]) == desk_for(Reason.PROGRAM_TROUBLE, who=None)


def test_red_is_for_reasons_of_the_certificate_alone() -> None:
    for reason, explanation in EXPLANATIONS.items():
        answer = decide(replace(GOOD, proof=Failed(reason)))
        assert isinstance(answer, Refuse) is (explanation.group is Group.CERTIFICATE)


def test_several_reasons_of_one_certificate_are_one_refusal() -> None:
    judged = NotAccepted((Reason.TEST_POSITIVE, Reason.TEST_TOO_OLD), ("TR-1", "TR-2"))
    assert decide(replace(GOOD, proof=judged)) == Refuse(Reason.TEST_POSITIVE)


def test_a_rule_that_could_not_be_applied_refuses_nobody() -> None:
    answer = decide(replace(GOOD, proof=Undecided(("TR-1",))))
    assert answer == desk_for(Reason.RULE_OPEN)


@pytest.mark.parametrize("proof", [Accepted(), ReaderChecked()])
@pytest.mark.parametrize(
    "likeness", [None, Likeness.EXACT, Likeness.SAME_PERSON], ids=lambda value: str(value)
)
def test_the_same_person_with_a_good_proof_is_admitted(
    proof: Accepted | ReaderChecked, likeness: Likeness | None
) -> None:
    assert isinstance(decide(replace(GOOD, proof=proof, likeness=likeness)), Admit)


def test_the_first_open_occasion_that_the_guest_is_invited_to_counts() -> None:
    both = (EVENT.occasions[0], EVENT.occasions[2])
    only_second = guest("Dana", "Petit", occasions=frozenset({PARTNERING}))
    assert replace(GOOD, open=both).occasion == EVENT.occasions[0]
    assert replace(GOOD, open=both, badge=only_second).occasion == EVENT.occasions[2]


def test_no_certificate_is_asked_for_again_on_the_day_it_was_accepted() -> None:
    checked = replace(
        HERE, badge=CHLOE, standing=Standing(proved=True, checked=True, occasion=POLICY_1)
    )
    assert decide(checked) == Admit(CHLOE, POLICY_1, Way.FIRST)


@pytest.mark.parametrize("reentry", [Reentry.ALL_DAY, Reentry.AFTER_EXIT])
def test_after_an_exit_the_badge_alone_is_a_re_entry(reentry: Reentry) -> None:
    left = replace(HERE, event=event_with(reentry=reentry), badge=CHLOE)
    standing = replace(EARLIER, inside_at="", proved=True)
    assert decide(replace(left, standing=standing)) == Admit(CHLOE, POLICY_1, Way.AGAIN)


def test_who_came_in_today_comes_in_to_the_next_occasion_with_the_badge_alone() -> None:
    afternoon = replace(HERE, open=EVENT.occasions[2:], badge=CHLOE)
    standing = replace(EARLIER, inside_at="", proved=True)
    assert decide(replace(afternoon, standing=standing)) == Admit(CHLOE, PARTNERING, Way.NEXT)


def test_who_shows_a_certificate_for_the_next_occasion_is_looked_at_again() -> None:
    afternoon = replace(GOOD, open=EVENT.occasions[2:])
    standing = replace(EARLIER, inside_at="", proved=True)
    assert decide(replace(afternoon, standing=standing)) == Admit(CHLOE, PARTNERING, Way.FIRST)


def test_nobody_is_inside_elsewhere_in_an_occasion_that_is_over() -> None:
    south = replace(EARLIER, inside_at="south", proved=True)
    here = replace(HERE, badge=CHLOE, standing=south)
    closed = EVENT.occasions[0].closes
    assert decide(here) == desk_for(Reason.INSIDE_ELSEWHERE)
    assert replace(here, at=closed - timedelta(microseconds=1)).inside_at == "south"
    assert replace(here, at=closed).inside_at == ""
    unheard_of = replace(here, standing=replace(south, admitted_to="gone from the event file"))
    assert unheard_of.inside_at == "south"


@pytest.mark.parametrize(
    ("last_in", "way"),
    [
        (datetime(2021, 11, 22, 8, 58, 0, tzinfo=UTC), Way.ALREADY),
        (datetime(2021, 11, 22, 8, 57, 59, 999_999, tzinfo=UTC), Way.AGAIN),
        (datetime(2021, 11, 22, 9, 0, 30, tzinfo=UTC), Way.AGAIN),
    ],
    ids=["120 s", "a hair more", "the clock was set back"],
)
def test_already_admitted_is_within_120_seconds(last_in: datetime, way: Way) -> None:
    standing = replace(INSIDE, last_in=last_in)
    assert decide(replace(GOOD, standing=standing)) == Admit(CHLOE, POLICY_1, way)


@pytest.mark.parametrize("name", [name for name, _, answer in CASES if isinstance(answer, Admit)])
def test_a_row_that_admits_admits_nobody_who_is_not_known(name: str) -> None:
    row = next(row for row in TABLE if row.name == name)
    assert row.answer(HERE) == CallStaff((Reason.PROGRAM_TROUBLE,))


def test_a_guest_shows_as_a_pseudonym_alone() -> None:
    assert repr(CHLOE) == f"Guest({CHLOE.id})"
