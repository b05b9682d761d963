"""An event's rules: how they answer together, what they may read, and when they do not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.hcert.dcc import NOT_DETECTED, EntryKind
from kiosk.core.policy.event import ProofLimits
from kiosk.core.policy.judge import Accepted, NotAccepted, Policy, Undecided, policy_of
from kiosk.core.policy.parameters import EVENT_PARAMETERS, KNOWN, Parameters
from kiosk.core.policy.rule import Rule
from kiosk.core.policy.rulefile import RuleFileError
from kiosk.core.reasons import Group, Reason, explain
from kiosk.core.verify import Verified
from tests.certificates import AT, claims, signer, verified
from tests.door import policy, rules, saint_ouen
from tests.rules import check_words, document, made

TEST = {"t": [{"tr": NOT_DETECTED, "tt": "LP6464-4", "sc": "2021-11-22T00:00:00Z"}]}
UTC_ZONE = ZoneInfo("UTC")


def judged(*documents: dict[str, Any], payload: dict[str, Any] | None = None) -> Any:
    """What these rules say of a test."""
    own = Policy(saint_ouen().proofs, UTC_ZONE, made(*documents))
    return own.judge_payload(payload or TEST, AT)


def rule(number: int, logic: Any, **changes: Any) -> dict[str, Any]:
    return document(
        Identifier=f"TR-XX-{number:04}", Logic=logic, **{"AffectedFields": [], **changes}
    )


BROKEN = {"+": ["", 1]}


# Together


def test_what_passes_every_rule_is_accepted() -> None:
    assert judged(rule(1, True), rule(2, True)) == Accepted()


def test_the_rules_that_failed_are_told_with_their_reasons_each_once() -> None:
    answer = judged(
        rule(1, False, Reason="test_too_old"),
        rule(2, True),
        rule(3, False),
        rule(4, False, Reason="test_too_old"),
    )
    assert answer == NotAccepted(
        (Reason.TEST_TOO_OLD, Reason.RULE_NOT_MET), ("TR-XX-0001", "TR-XX-0003", "TR-XX-0004")
    )


@pytest.mark.parametrize("logic", [BROKEN, "", 1, {"var": "payload.nothing"}], ids=repr)
def test_a_rule_that_cannot_be_evaluated_refuses_nobody(logic: Any) -> None:
    answer = judged(rule(1, True), rule(2, logic, AffectedFields=["nothing"]))
    assert answer == Undecided(("TR-XX-0002",))
    assert answer.reason is Reason.RULE_OPEN
    assert explain(answer.reason).group is Group.UNDECIDED


def test_a_rule_that_failed_decides_whatever_else_is_open() -> None:
    assert isinstance(judged(rule(1, BROKEN), rule(2, False)), NotAccepted)


def test_where_the_kind_of_proof_does_not_count_nothing_else_is_told() -> None:
    general = {"Identifier": "GR-XX-0001", "CertificateType": "General"}
    refused = judged(rule(1, False), {**rule(2, False), **general})
    assert refused == NotAccepted((Reason.RULE_NOT_MET,), ("GR-XX-0001",))
    assert judged(rule(1, True), {**rule(2, BROKEN), **general}) == Undecided(("GR-XX-0001",))


def test_rules_of_other_kinds_are_not_asked() -> None:
    other = {"Identifier": "VR-XX-0001", "CertificateType": "Vaccination"}
    assert judged(rule(1, True), {**rule(2, False), **other}) == Accepted()


@pytest.mark.parametrize("payload", [{"t": []}, {"x": [{}]}, {**TEST, "v": [{}]}], ids=repr)
def test_a_payload_of_no_one_kind_is_not_judged(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        judged(rule(1, True), payload=payload)


# Parameters


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("today", "2021-11-22"),
        ("proofs", ["recovery", "test", "vaccination"]),
        ("testTypes", ["LP217198-3", "LP6464-4"]),
        ("oldestSample", "2021-11-19T08:00:00.123Z"),
        ("latestCourse", "2021-11-15"),
        ("latestSingleDose", "2021-10-25"),
        ("latestBooster", "2021-11-22"),
        ("latestPositive", "2021-11-11"),
        ("earliestPositive", "2021-05-23"),
    ],
)
def test_the_limits_become_dates_and_instants_at_the_time_of_the_check(
    name: str, expected: Any
) -> None:
    read = frozenset({f"external.event.{name}"})
    parameters = Parameters(saint_ouen().proofs, saint_ouen().time_zone, read)
    at = AT + timedelta(microseconds=123_999)
    assert parameters.external(at, None) == {"event": {name: expected}}
    assert parameters.external(at.astimezone(saint_ouen().time_zone), None)["event"][name] == (
        expected
    )


def test_every_parameter_of_the_event_is_tested_here() -> None:
    assert len(EVENT_PARAMETERS) == 9
    assert all(parameter.meaning for parameter in EVENT_PARAMETERS.values())


def test_the_clock_and_the_envelope_are_handed_to_rules_that_read_them() -> None:
    certificate = verified(signer().sign(claims("t")))
    assert isinstance(certificate, Verified)
    issued_here = {"===": [{"var": "external.issuerCountryCode"}, "FR"]}
    in_time = {
        "before": [
            {"plusTime": [{"var": f"external.{name}"}, 0, "day"]}
            for name in ("iat", "validationClock", "exp")
        ]
    }
    own = Policy(saint_ouen().proofs, UTC_ZONE, made(rule(1, issued_here), rule(2, in_time)))
    assert own.judge(certificate, AT) == Accepted()
    assert own.judge_payload(TEST, AT) != Accepted()  # a payload alone has no envelope


# Rules that do not fit


def faults(*documents: dict[str, Any], given: tuple[Rule, ...] = (), **changes: Any) -> list[str]:
    event = replace(saint_ouen(), proofs=replace(saint_ouen().proofs, **changes))
    with pytest.raises(RuleFileError) as error:
        policy_of(event, [*given, *made(*documents)] if documents else given)
    for fault in error.value.faults:
        check_words(fault)
        assert fault.where in ("", *(one["Identifier"] for one in documents))
    return str(error.value).splitlines()


@pytest.mark.parametrize("path", ["valueSets.x", "event", "event.todya", "countryCode"])
def test_a_rule_may_read_what_an_event_tells_and_nothing_else(path: str) -> None:
    (fault,) = faults(rule(1, {"!": [{"var": f"external.{path}"}]}), given=rules())
    assert f"TR-XX-0001: no event tells external.{path}. Rules of an event may read:" in fault
    assert all(name in fault for name in KNOWN)


def test_a_limit_that_no_rule_reads_is_a_fault() -> None:
    without = tuple(rule for rule in rules() if rule.identifier != "TR-ZZ-0004")
    (fault,) = faults(given=without)
    assert "has proofs.test.max_age, but no rule reads external.event.oldestSample" in fault
    assert policy_of(
        replace(
            saint_ouen(),
            proofs=replace(saint_ouen().proofs, accepted=frozenset({EntryKind.VACCINATION})),
        ),
        without,
    )


def test_a_kind_that_is_accepted_unseen_is_a_fault() -> None:
    without = tuple(rule for rule in rules() if not rule.identifier.startswith("RR"))
    (first, *others) = faults(given=without)
    assert "no rule is about the accepted proof recovery" in first
    assert 'CertificateType "Recovery"' in first
    assert len(others) == 2  # its two limits are not read either


@pytest.mark.parametrize(
    "times",
    [
        {"ValidFrom": "2021-11-22T07:00:01Z"},  # doors open an hour before nine
        {"ValidTo": "2021-11-23T17:29:59Z"},
        {"ValidFrom": "2021-12-01T00:00:00Z", "ValidTo": "2022-01-01T00:00:00Z"},
    ],
)
def test_a_rule_that_is_not_in_force_all_through_the_event_is_a_fault(
    times: dict[str, str],
) -> None:
    (fault,) = faults(rule(1, True, **times), given=rules())
    assert fault.startswith("TR-XX-0001: it is not in force all through the event. ")
    edges = {"ValidFrom": "2021-11-22T07:00:00Z", "ValidTo": "2021-11-23T17:30:00Z"}
    assert policy_of(saint_ouen(), [*rules(), *made(rule(1, True, **edges))])


def test_a_rule_for_this_very_version_of_the_language_fits() -> None:
    newest = {"EngineVersion": "1.3.3", "SchemaVersion": "1.3.0"}
    assert policy_of(saint_ouen(), [*rules(), *made(rule(1, True, **newest))])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"EngineVersion": "1.3.4"}, "it is for another program"),
        ({"SchemaVersion": "2.0.0"}, "it is for another program"),
        ({"Type": "Invalidation", "Identifier": "IR-XX-0001"}, "it is no acceptance rule"),
    ],
)
def test_a_rule_that_would_be_left_aside_is_a_fault(changes: dict[str, str], problem: str) -> None:
    (fault,) = faults({**rule(1, True), **changes}, given=rules())
    assert f": {problem}. " in fault


def test_an_event_asks_one_version_of_a_rule() -> None:
    several = [rule(1, True), rule(1, False, Version="1.0.1")]
    assert len(found := faults(*several, given=rules())) == 2
    assert all(fault.startswith("TR-XX-0001: it stands in several versions") for fault in found)


# The program's own rules, beside what they mean


def test_the_programs_own_rules_have_a_reason_and_words_in_two_languages() -> None:
    assert len(rules()) == 14
    for one in rules():
        assert one.reason is not None
        assert set(one.description) == {"en", "fr"}
    assert len(policy().rules) == 14


LIMITS = st.builds(
    ProofLimits,
    accepted=st.just(frozenset(EntryKind)),
    test_max_age=st.integers(1, 200).map(lambda hours: timedelta(hours=hours)),
    test_types=st.just(frozenset({"A", "B"})),
    after_course=st.integers(0, 30).map(timedelta),
    after_single_dose=st.integers(0, 60).map(timedelta),
    after_booster=st.integers(0, 5).map(timedelta),
    recovery_from=st.integers(0, 20).map(timedelta),
    recovery_until=st.integers(20, 200).map(timedelta),
)
FIRST = datetime(2021, 3, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 365 * 86_400_000).map(lambda ms: FIRST + timedelta(milliseconds=ms))
DAYS = st.integers(-3, 220)


def told(limits: ProofLimits, payload: dict[str, Any], at: datetime) -> tuple[Reason, ...]:
    zone = ZoneInfo("Europe/Paris")
    answer = Policy(limits, zone, rules()).judge_payload(payload, at)
    assert not isinstance(answer, Undecided)
    return answer.reasons if isinstance(answer, NotAccepted) else ()


@settings(max_examples=150, deadline=None)
@given(
    limits=LIMITS,
    at=INSTANTS,
    age=st.integers(-3, 200 * 3600).map(lambda seconds: timedelta(seconds=seconds)),
    result=st.sampled_from([NOT_DETECTED, "260373001"]),
    kind=st.sampled_from(["A", "B", "C"]),
)
def test_the_rules_about_tests_say_what_they_mean(
    limits: ProofLimits, at: datetime, age: timedelta, result: str, kind: str
) -> None:
    sample = {"sc": (at - age).isoformat(), "tr": result, "tt": kind}
    expected = {
        Reason.TEST_POSITIVE: result != NOT_DETECTED,
        Reason.TEST_TYPE_NOT_ACCEPTED: kind == "C",
        Reason.TEST_IN_FUTURE: age < timedelta(),
        Reason.TEST_TOO_OLD: age > limits.test_max_age,
    }
    reasons = tuple(reason for reason, applies in expected.items() if applies)
    assert told(limits, {"t": [sample]}, at) == reasons


def wait_of(dose: int, doses: int, limits: ProofLimits) -> timedelta:
    if dose > doses or dose > 2:
        return limits.after_booster
    return limits.after_single_dose if doses == 1 else limits.after_course


@settings(max_examples=300, deadline=None)
@given(limits=LIMITS, at=INSTANTS, days=DAYS, dose=st.integers(0, 4), doses=st.integers(0, 4))
def test_the_rules_about_vaccinations_say_what_they_mean(
    limits: ProofLimits, at: datetime, days: int, dose: int, doses: int
) -> None:
    today = at.astimezone(ZoneInfo("Europe/Paris")).date()
    said = {"dn": dose, "sd": doses, "dt": (today - timedelta(days)).isoformat()}
    reasons = set(told(limits, {"v": [said]}, at))
    possible = dose > 0 and doses > 0
    complete = possible and dose >= doses
    assert (Reason.DOSES_IMPLAUSIBLE in reasons) is not possible
    assert (Reason.DOSES_INCOMPLETE in reasons) is (possible and not complete)
    assert (Reason.DOSE_IN_FUTURE in reasons) is (days < 0)
    if complete:
        too_recent = days >= 0 and timedelta(days) < wait_of(dose, doses, limits)
        assert (Reason.DOSE_TOO_RECENT in reasons) is too_recent
    else:
        assert Reason.DOSE_TOO_RECENT not in reasons


@settings(max_examples=150, deadline=None)
@given(limits=LIMITS, at=INSTANTS, since=DAYS, own=st.tuples(DAYS, DAYS))
def test_the_rules_about_recoveries_say_what_they_mean(
    limits: ProofLimits, at: datetime, since: int, own: tuple[int, int]
) -> None:
    today = at.astimezone(ZoneInfo("Europe/Paris")).date()

    def day(ago: int) -> date:
        return today - timedelta(ago)

    first, valid_from, valid_until = day(since), day(own[0]), day(own[1])
    said = {"fr": first.isoformat(), "df": valid_from.isoformat(), "du": valid_until.isoformat()}
    expected = {
        Reason.RECOVERY_TOO_RECENT: timedelta(since) < limits.recovery_from,
        Reason.RECOVERY_TOO_OLD: timedelta(since) > limits.recovery_until,
        Reason.RECOVERY_OUTSIDE_OWN_DATES: not valid_from <= today <= valid_until,
    }
    reasons = tuple(reason for reason, applies in expected.items() if applies)
    assert told(limits, {"r": [said]}, at) == reasons
