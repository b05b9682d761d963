"""The limits of the Saint-Ouen event, each from both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.policy.event import Event
from kiosk.core.policy.judge import Accepted, NotAccepted, Undecided, policy_of
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified
from tests.certificates import AT, SECOND, claims, signer, verified
from tests.door import rules, saint_ouen

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2021, 11, 22)


def reasons(
    group: str, at: datetime = AT, event: Event | None = None, **changes: Any
) -> tuple[Reason, ...]:
    """Why a genuine certificate with these fields is not accepted; none when it is."""
    certificate = verified(signer().sign(claims(group, **changes)), at=at)
    assert isinstance(certificate, Verified)
    answer = policy_of(event or saint_ouen(), rules()).judge(certificate, at)
    if isinstance(answer, NotAccepted):
        assert answer.reasons
        return answer.reasons
    assert answer == Accepted()
    return ()


def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


# Tests


@pytest.mark.parametrize("kind", ["LP6464-4", "LP217198-3"])
def test_a_negative_test_of_the_last_hours_is_accepted(kind: str) -> None:
    assert reasons("t", tt=kind) == ()


def test_a_test_of_exactly_72_hours_is_accepted() -> None:
    assert reasons("t", sc=stamp(AT - timedelta(hours=72))) == ()


def test_a_test_of_72_hours_and_a_second_is_too_old() -> None:
    sc = stamp(AT - timedelta(hours=72) - SECOND)
    assert reasons("t", sc=sc) == (Reason.TEST_TOO_OLD,)


def test_a_sample_of_this_very_second_is_accepted() -> None:
    assert reasons("t", sc=stamp(AT)) == ()


def test_a_sample_of_the_next_second_lies_in_the_future() -> None:
    assert reasons("t", sc=stamp(AT + SECOND)) == (Reason.TEST_IN_FUTURE,)


def test_the_age_of_a_test_is_counted_in_instants_across_the_change_of_the_clocks() -> None:
    """On 31 October 2021 the hour from 2:00 to 3:00 came twice."""
    at = datetime(2021, 11, 1, 12, tzinfo=PARIS)
    assert reasons("t", at, sc="2021-10-29T13:00:00+02:00") == ()
    assert reasons("t", at, sc="2021-10-29T12:59:59+02:00") == (Reason.TEST_TOO_OLD,)


def test_a_sample_without_a_zone_is_taken_for_utc() -> None:
    assert reasons("t", sc="2021-11-22T08:00:00") == ()
    assert reasons("t", sc="2021-11-22T08:00:01") == (Reason.TEST_IN_FUTURE,)


@pytest.mark.parametrize("result", ["260373001", "260415000x"])
def test_a_test_that_is_not_negative_is_refused(result: str) -> None:
    assert reasons("t", tr=result) == (Reason.TEST_POSITIVE,)


@pytest.mark.parametrize("kind", ["LP6464-5", "94558-4"])
def test_a_test_of_another_type_is_refused(kind: str) -> None:
    assert reasons("t", tt=kind) == (Reason.TEST_TYPE_NOT_ACCEPTED,)


@pytest.mark.parametrize("absent", ["", None], ids=repr)
@pytest.mark.parametrize(("field", "rule"), [("tr", "TR-ZZ-0001"), ("tt", "TR-ZZ-0002")])
def test_a_test_that_does_not_say_its_result_or_its_type_is_for_the_desk(
    field: str, rule: str, absent: str | None
) -> None:
    certificate = verified(signer().sign(claims("t", **{field: absent})))
    assert isinstance(certificate, Verified)
    assert policy_of(saint_ouen(), rules()).judge(certificate, AT) == Undecided((rule,))


def test_every_reason_against_a_test_is_told() -> None:
    assert reasons("t", tt="other", tr="260373001", sc="2021-11-01T00:00:00Z") == (
        Reason.TEST_POSITIVE,
        Reason.TEST_TYPE_NOT_ACCEPTED,
        Reason.TEST_TOO_OLD,
    )


# Vaccinations


@pytest.mark.parametrize(
    ("dose", "doses", "days"),
    [
        (2, 2, 7),
        (1, 1, 28),
        (2, 1, 0),  # a booster after a single dose
        (3, 2, 0),
        (3, 3, 0),
        (3, 1, 0),
        (4, 4, 0),
        (99, 99, 0),
    ],
)
def test_a_dose_counts_from_the_day_on_that_the_event_sets(
    dose: int, doses: int, days: int
) -> None:
    assert reasons("v", dn=dose, sd=doses, dt=days_ago(days)) == ()
    too_early = Reason.DOSE_TOO_RECENT if days else Reason.DOSE_IN_FUTURE
    assert reasons("v", dn=dose, sd=doses, dt=days_ago(days - 1)) == (too_early,)


@pytest.mark.parametrize(("dose", "doses"), [(1, 1), (2, 2), (3, 2)], ids=repr)
def test_a_dose_of_tomorrow_lies_in_the_future(dose: int, doses: int) -> None:
    assert reasons("v", dn=dose, sd=doses, dt=days_ago(-1)) == (Reason.DOSE_IN_FUTURE,)


@pytest.mark.parametrize(("dose", "doses"), [(1, 2), (2, 3), (1, 99)], ids=repr)
def test_a_course_that_is_not_complete_is_refused(dose: int, doses: int) -> None:
    assert reasons("v", dn=dose, sd=doses) == (Reason.DOSES_INCOMPLETE,)


@pytest.mark.parametrize(("dose", "doses"), [(0, 0), (0, 2), (1, 0), (2, 0), (0, 1)], ids=repr)
def test_a_dose_or_a_course_of_none_is_implausible(dose: int, doses: int) -> None:
    assert reasons("v", dn=dose, sd=doses) == (Reason.DOSES_IMPLAUSIBLE,)


def test_an_old_course_is_accepted() -> None:
    assert reasons("v", dt="2020-12-27") == ()


def test_the_product_of_a_vaccination_decides_nothing() -> None:
    assert reasons("v", mp="Sputnik-V") == ()


# Recoveries


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, Reason.RECOVERY_TOO_RECENT),
        (0, Reason.RECOVERY_TOO_RECENT),
        (10, Reason.RECOVERY_TOO_RECENT),
        (11, None),
        (183, None),
        (184, Reason.RECOVERY_TOO_OLD),
    ],
)
def test_a_recovery_counts_from_day_11_to_day_183(days: int, expected: Reason | None) -> None:
    found = reasons("r", fr=days_ago(days), df="2021-01-01", du="2022-12-31")
    assert found == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "inside"),
    [
        (days_ago(0), days_ago(0), True),
        (days_ago(-1), "2022-12-31", False),
        ("2021-01-01", days_ago(1), False),
        ("2022-12-31", "2021-01-01", False),
    ],
)
def test_a_recovery_counts_within_its_own_dates_only(
    valid_from: str, valid_until: str, inside: bool
) -> None:
    found = reasons("r", fr=days_ago(60), df=valid_from, du=valid_until)
    assert found == (() if inside else (Reason.RECOVERY_OUTSIDE_OWN_DATES,))


# Days are those of the venue

LAST_SECOND = datetime(2021, 11, 22, 23, 59, 59, tzinfo=PARIS)  # 22:59:59 in UTC
MIDNIGHT = LAST_SECOND + SECOND


def test_a_day_begins_at_midnight_of_the_venue() -> None:
    late: dict[str, Any] = {"dn": 2, "sd": 2, "dt": "2021-11-16"}
    assert reasons("v", LAST_SECOND, **late) == (Reason.DOSE_TOO_RECENT,)
    assert reasons("v", MIDNIGHT, **late) == ()
    recovered: dict[str, Any] = {"fr": "2021-05-23", "df": "2021-06-03", "du": "2022-01-01"}
    assert reasons("r", LAST_SECOND, **recovered) == ()
    assert reasons("r", MIDNIGHT, **recovered) == (Reason.RECOVERY_TOO_OLD,)


def test_the_last_day_of_a_recovery_ends_at_midnight_of_the_venue() -> None:
    assert reasons("r", LAST_SECOND, du="2021-11-22") == ()
    assert reasons("r", MIDNIGHT, du="2021-11-22") == (Reason.RECOVERY_OUTSIDE_OWN_DATES,)


@pytest.mark.parametrize(
    ("at", "complete"),
    [
        ("2021-10-30T21:59:59Z", False),  # 23:59:59 in summer time
        ("2021-10-30T22:00:00Z", True),
        ("2021-10-31T00:30:00Z", True),  # 2:30 for the first time
        ("2021-10-31T01:30:00Z", True),  # 2:30 for the second time
    ],
)
def test_the_day_of_the_change_of_the_clocks_begins_in_summer_time(at: str, complete: bool) -> None:
    found = reasons("v", datetime.fromisoformat(at), dt="2021-10-24")
    assert found == (() if complete else (Reason.DOSE_TOO_RECENT,))


def test_the_day_after_the_change_of_the_clocks_begins_in_winter_time() -> None:
    before = datetime(2021, 10, 31, 22, 59, 59, tzinfo=UTC)
    assert reasons("v", before, dt="2021-10-25") == (Reason.DOSE_TOO_RECENT,)
    assert reasons("v", before + SECOND, dt="2021-10-25") == ()


@pytest.mark.parametrize("offset", [-11, 0, 14])
def test_the_zone_in_which_the_time_is_told_changes_nothing(offset: int) -> None:
    told = MIDNIGHT.astimezone(datetime.fromisoformat(f"2021-01-01T00:00{offset:+03}:00").tzinfo)
    assert reasons("v", told, dt="2021-11-16") == ()
    assert reasons("v", told - SECOND, dt="2021-11-16") == (Reason.DOSE_TOO_RECENT,)


# What the event accepts at all


@pytest.mark.parametrize("kind", EntryKind)
def test_only_the_kinds_that_the_event_names_are_accepted(kind: EntryKind) -> None:
    event = saint_ouen()
    only = replace(event, proofs=replace(event.proofs, accepted=frozenset({kind})))
    for group, other in (
        ("v", EntryKind.VACCINATION),
        ("t", EntryKind.TEST),
        ("r", EntryKind.RECOVERY),
    ):
        expected = () if other is kind else (Reason.PROOF_NOT_ACCEPTED,)
        assert reasons(group, event=only) == expected


def test_a_proof_that_is_not_accepted_is_not_looked_into() -> None:
    event = saint_ouen()
    none = replace(event, proofs=replace(event.proofs, accepted=frozenset()))
    assert reasons("t", event=none, tr="260373001") == (Reason.PROOF_NOT_ACCEPTED,)
    assert reasons("v", event=none, dn=1, sd=2) == (Reason.PROOF_NOT_ACCEPTED,)
