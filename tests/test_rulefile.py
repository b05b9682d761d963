"""Rule files: what the gateway publishes is read, and every fault is told with its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.policy.rule import CertificateType, Outcome, RuleType
from kiosk.core.policy.rulefile import (
    MAX_RULE_FILE,
    MAX_RULES,
    RuleFileError,
    load_json,
    load_rules,
    read_rules,
)
from kiosk.core.reasons import Reason
from tests.rules import check_words, document, made
from tests.shared import DATA, needs_data
from tests.test_certlogic_issues import JSON


def test_a_rule_is_read() -> None:
    (rule,) = made(document(Region=" IDF ", Version="1.10.2", hash="00ff"))
    assert (rule.identifier, rule.type, rule.country) == (
        "TR-XX-0001",
        RuleType.ACCEPTANCE,
        "XX",
    )
    assert (rule.region, rule.version, rule.schema_version) == ("IDF", (1, 10, 2), (1, 0, 0))
    assert rule.certificate_type is CertificateType.TEST
    assert rule.description == {"en": "The result is negative."}
    assert rule.valid_to == datetime(2022, 6, 29, 22, tzinfo=UTC)
    assert rule.affected_fields == ("t.0.tr",)
    assert rule.reason is None
    assert rule.outcome({"payload": {"t": [{"tr": "260415000"}]}}) is Outcome.PASSED


def test_one_rule_needs_no_list() -> None:
    assert load_rules(json.dumps(document(Reason="test_positive")))[0].reason is (
        Reason.TEST_POSITIVE
    )


def numbered(cases: Sequence[tuple[Any, ...]]) -> list[str]:
    """A name for each case, in letters that every shell knows."""
    return [f"{number} {case[1]}" for number, case in enumerate(cases, start=1)]


FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"Identifier": "TR-1"}, "Identifier", "is not an identifier such as", "Write"),
    ({"Identifier": 7}, "Identifier", "is not an identifier such as", "Write"),
    ({"Type": "Refusal"}, "Type", "is not one of Acceptance, Invalidation", "Write one of"),
    ({"Country": "France"}, "Country", "is not two capital letters", "Write"),
    ({"Country": ...}, "Country", "is missing", "Write"),
    ({"Region": 1}, "Region", "is not a text", "Write"),
    ({"Version": "1.0"}, "Version", "is not a version", 'Write a version such as "1.0.0"'),
    ({"SchemaVersion": 1}, "SchemaVersion", "is not a version", "Write"),
    ({"EngineVersion": "1.٠.0"}, "EngineVersion", "is not a version", "Write"),
    ({"Engine": "JSONLOGIC"}, "Engine", 'is not "CERTLOGIC"', "Write"),
    ({"CertificateType": ...}, "CertificateType", "is missing", "Write one of General"),
    ({"Description": []}, "Description", "is not a list", "Write"),
    ({"Description": ["en"]}, "Description", "is not a list", "Write"),
    ({"Description": [{"lang": "en"}]}, "Description", "is not a list", "Write"),
    ({"ValidFrom": "2021-11-22"}, "ValidFrom", "is not an instant", "Write"),
    ({"ValidFrom": "tomorrow"}, "ValidFrom", "is not an instant", "Write"),
    ({"ValidTo": None}, "ValidTo", "is not an instant", "Write"),
    ({"ValidTo": "2020-01-01T00:00:00Z"}, "ValidTo", "earlier than ValidFrom", "later"),
    ({"AffectedFields": "t.0"}, "AffectedFields", "is not a list of fields", "Write"),
    ({"AffectedFields": [1]}, "AffectedFields", "is not a list of fields", "Write"),
    ({"Logic": ...}, "Logic", "is missing", "Write a CertLogic expression"),
    ({"Logic": {"or": [1, 2]}}, "/Logic", 'unrecognised operator: "or"', "specification"),
    ({"Logic": {"!": [0.5]}}, "/Logic/!/0", "0.5 is a non-integer", "specification"),
    ({"Reason": "seats_taken"}, "Reason", "is not the code of a reason", "Write"),
    ({"Reason": 1}, "Reason", "is not the code of a reason", "Write"),
]


@pytest.mark.parametrize(("changes", "where", "problem", "remedy"), FAULTS, ids=numbered(FAULTS))
def test_a_fault_that_hinders_is_told_with_its_place_and_remedy(
    changes: dict[str, Any], where: str, problem: str, remedy: str
) -> None:
    text = json.dumps([document(Identifier="TR-XX-0002"), document(**changes)])
    rules, faults = read_rules(text)
    assert [rule.identifier for rule in rules] == ["TR-XX-0002"]
    fault = next(fault for fault in faults if fault.hinders)
    assert fault.where.endswith(where)
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert str(fault) == f"{fault.where}: {fault.problem}. {fault.remedy}"
    check_words(fault)
    with pytest.raises(RuleFileError) as error:
        load_rules(text)
    assert fault in error.value.faults
    assert str(error.value).splitlines() == list(map(str, error.value.faults))


BLEMISHES: list[tuple[dict[str, Any], str, str]] = [
    ({"Identifier": "VR-XX-0001"}, "Identifier", "does not fit country and type"),
    ({"Identifier": "TR-YY-0001"}, "Identifier", "does not fit country and type"),
    ({"Type": "Invalidation"}, "Identifier", "does not fit country and type"),
    ({"Description": [{"lang": "fr", "desc": "Oui."}]}, "Description", "none in English"),
    ({"AffectedFields": []}, "AffectedFields", "(t.0.tr not told)"),
    ({"AffectedFields": ["t.0.tr", "t.0"]}, "AffectedFields", "(t.0 not read)"),
    ({"AffectedFields": ["t.0"]}, "AffectedFields", "(t.0.tr not told; t.0 not read)"),
    ({"Logic": {"if": [{"var": "payload.t.0.tr"}, 1, 2, 3]}}, "/Logic", "must have 3 operands"),
    ({"Colour": "blue"}, "Colour", "not known"),
]


@pytest.mark.parametrize(("changes", "where", "problem"), BLEMISHES, ids=numbered(BLEMISHES))
def test_what_the_gateway_would_not_take_is_told_and_hinders_nothing(
    changes: dict[str, Any], where: str, problem: str
) -> None:
    rules, faults = read_rules(json.dumps(document(**changes)))
    assert len(rules) == 1
    (fault,) = faults
    assert not fault.hinders
    check_words(fault)
    assert fault.where == f"{changes.get('Identifier', 'TR-XX-0001')} {where}"
    assert problem in fault.problem


def test_an_invalidation_rule_has_an_identifier_of_its_own() -> None:
    changes = {"Type": "Invalidation", "Identifier": "IR-XX-0001"}
    assert read_rules(json.dumps(document(**changes)))[1] == ()


def test_all_faults_of_all_rules_are_told_at_once() -> None:
    broken = [document(Type="", Version="x"), 7, {"Logic": True}, document(Logic={})]
    _, faults = read_rules(json.dumps(broken))
    assert [fault.where for fault in faults] == [
        "TR-XX-0001 Type",
        "TR-XX-0001 Version",
        "rule 2",
        "rule 3",
        "TR-XX-0001 /Logic",
    ]
    for fault in faults:
        check_words(fault)


def test_a_rule_that_stands_twice_is_a_fault_and_another_version_is_none() -> None:
    assert len(made(document(), document(Version="1.0.1"))) == 2
    rules, (fault,) = read_rules(json.dumps([document(), document()]))
    assert (len(rules), fault.hinders) == (2, True)
    assert fault.where == "TR-XX-0001"
    assert "stand twice" in fault.problem
    check_words(fault)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        (" \n", "the file is empty"),
        ("\n<html>", "not JSON: it begins with neither [ nor {"),
        (" {", "not JSON: Expecting property name"),
        ("[", "not JSON: Expecting value"),
        ("[1, NaN]", "NaN is not a number of JSON"),
        ('{"Identifier": 1, "Identifier": 2}', "a key stands twice"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5_000, "not JSON"),
        (" " * (MAX_RULE_FILE + 1), "larger than"),
        ("[]", "it holds 0 rules"),
        (json.dumps([1] * (MAX_RULES + 1)), "it holds 5001 rules"),
        ('"TR-XX-0001"', "this is not a rule"),
    ],
    ids=lambda text: text[:12],
)
def test_a_file_that_is_no_rule_file_is_told_as_such(text: str, problem: str) -> None:
    rules, (fault,) = read_rules(text)
    assert rules == ()
    assert problem in fault.problem
    check_words(fault)
    assert fault.where in ("", "rule 1")
    assert str(fault).removeprefix("rule 1: ") == f"{fault.problem}. {fault.remedy}"


def test_the_limit_of_a_text_is_the_callers() -> None:
    assert load_json("[1]", limit=3) == [1]
    with pytest.raises(ValueError, match="larger than 2"):
        load_json("[1]", limit=2)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(document())), JSON, max_size=5))
def test_whatever_stands_in_a_rule_there_is_a_rule_or_a_fault(changes: dict[str, Any]) -> None:
    rules, faults = read_rules(json.dumps(document(**changes), allow_nan=True))
    assert rules or any(fault.hinders for fault in faults)


# Outcomes


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (True, Outcome.PASSED),
        (False, Outcome.FAILED),
        (None, Outcome.OPEN),
        (0, Outcome.OPEN),
        (1, Outcome.OPEN),
        ("", Outcome.OPEN),
        ("true", Outcome.OPEN),
    ],
)
def test_only_true_passes_and_only_false_fails(value: Any, outcome: Outcome) -> None:
    (rule,) = made(document(Logic={"var": "payload.x"}, AffectedFields=["x"]))
    assert rule.outcome({"payload": {"x": value}}) is outcome


def test_a_rule_that_cannot_be_evaluated_is_open() -> None:
    logic = {"after": [{"plusTime": [{"var": "payload.x"}, 0, "day"]}] * 2}
    (rule,) = made(document(Logic=logic, AffectedFields=["x"]))
    assert rule.outcome({"payload": {}}) is Outcome.OPEN


# The gateway's own


@needs_data
def test_every_rule_of_the_gateway_can_be_used() -> None:
    text = (DATA / "rules" / "gateway-rules-2021-11-11.json").read_text("utf-8")
    rules, faults = read_rules(text)
    assert (len(rules), len({rule.country for rule in rules})) == (175, 13)
    assert {fault.where for fault in faults} == {
        "RR-IE-0002 AffectedFields",
        "RR-UA-0002 AffectedFields",
        "VR-EE-0004 AffectedFields",
        "VR-EE-0005 AffectedFields",
        "VR-UA-0003 AffectedFields",
        "VR-LT-0003 /Logic",  # five operands to an "if"
    }
