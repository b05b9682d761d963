"""Tests that come with rule files: those of a gateway rule, and those of an event's rules.

A test of a gateway rule (dgc-business-rules-testdata) has `payload`, `external` and the `expected`
value. The tests of an event's rules are one file: `proofs` as in an event file, `time_zone`, and
`tests`, each with `name`, `clock`, `payload` and in `failed` and `open` the rules that must be so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.core.certlogic.errors import EvaluationError
from kiosk.core.policy.event import ProofLimits
from kiosk.core.policy.faults import Fault, Lines, Section
from kiosk.core.policy.judge import Accepted, Judgement, NotAccepted, Policy
from kiosk.core.policy.limits import read_limits
from kiosk.core.policy.rule import Rule
from kiosk.core.policy.rulefile import RuleFault, RuleFileError, load_json

_REMEDY = "See assets/events/proofs.rules.tests.json for the form."


@dataclass(frozen=True)
class Tested:
    """What became of one test; `problem` is empty where it went as expected."""

    name: str
    problem: str = ""


def run_gateway_test(rule: Rule, name: str, text: str) -> Tested:
    """One test file of the published test data. Raises RuleFileError."""
    test = _object(text)
    if "payload" not in test or "expected" not in test:
        raise RuleFileError([RuleFault(name, "no payload or nothing expected", _REMEDY)])
    data = {"payload": test["payload"], "external": test.get("external") or {}}
    try:
        value = rule.logic.evaluate(data)
    except EvaluationError as error:
        return Tested(name, f"expected {test['expected']}, but {error}")
    if value is test["expected"]:
        return Tested(name)
    return Tested(name, f"expected {test['expected']}, but it is {value!r:.40}")


def run_event_tests(rules: Sequence[Rule], text: str) -> tuple[Tested, ...]:
    """All tests of a file for an event's rules. Raises RuleFileError."""
    content = _object(text)
    tests = content.get("tests")
    if not isinstance(tests, list) or not tests:
        raise RuleFileError([RuleFault("tests", "there are none", _REMEDY)])
    policy = Policy(_limits(content.get("proofs")), _zone(content.get("time_zone")), rules)
    return tuple(_run(policy, test, number) for number, test in enumerate(tests, start=1))


def _object(text: str) -> dict[str, Any]:
    try:
        content = load_json(text)
    except ValueError as error:
        raise RuleFileError([RuleFault("", f"not JSON: {error}", _REMEDY)]) from None
    if not isinstance(content, dict):
        raise RuleFileError([RuleFault("", "not a test file", _REMEDY)])
    return content


def _limits(proofs: object) -> ProofLimits:
    faults: list[Fault] = []
    limits = read_limits(Section("proofs", proofs, Lines(""), faults))
    if faults:
        raise RuleFileError(RuleFault(f.where, f.problem, f.remedy) for f in faults)
    return limits


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = 'Write a name such as "Europe/Paris".'
        raise RuleFileError([RuleFault("time_zone", "no such time zone", remedy)]) from None


def _run(policy: Policy, test: Any, number: int) -> Tested:
    match test:
        case {"name": str() as name, "clock": str() as clock, "payload": dict() as payload}:
            expected = _identifiers(test, "failed"), _identifiers(test, "open")
        case _:
            problem = "it needs a name, a clock and a payload"
            raise RuleFileError([RuleFault(f"test {number}", problem, _REMEDY)])
    try:
        answer = policy.judge_payload(payload, _instant(clock))
    except ValueError as error:
        raise RuleFileError([RuleFault(name, str(error), _REMEDY)]) from None
    found = _rules_of(answer)
    return Tested(name) if found == expected else Tested(name, _differ(expected, found))


def _identifiers(test: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = test.get(key, [])
    return tuple(map(str, found)) if isinstance(found, list) else (str(found),)


def _instant(clock: str) -> datetime:
    instant = datetime.fromisoformat(clock)
    if instant.tzinfo is None:
        raise ValueError("the clock has no zone")
    return instant


def _rules_of(answer: Judgement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that failed, and those that stayed open."""
    if isinstance(answer, Accepted):
        return (), ()
    return (answer.rules, ()) if isinstance(answer, NotAccepted) else ((), answer.rules)


def _differ(
    expected: tuple[tuple[str, ...], tuple[str, ...]],
    found: tuple[tuple[str, ...], tuple[str, ...]],
) -> str:
    def told(failed: tuple[str, ...], open_: tuple[str, ...]) -> str:
        parts = [", ".join(failed) and f"failed {', '.join(failed)}"]
        parts.append(", ".join(open_) and f"open {', '.join(open_)}")
        return "; ".join(part for part in parts if part) or "accepted"

    return f"expected {told(*expected)}, but {told(*found)}"
