"""The official CertLogic suites, all of them, where they lie beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.core.certlogic.expression import compile_expression
from kiosk.core.certlogic.issues import find_issues
from tests.shared import DATA, needs_data
from tests.test_certlogic_issues import resolve

SUITE = DATA / "certlogic" / "testSuite"
VALIDATION = DATA / "certlogic" / "validation-testSuite"


def assertions() -> Iterator[tuple[str, Any, Any, Any]]:
    """Name, expression, data and expected value; those that are marked "skip" as well."""
    for file in sorted(SUITE.glob("*.json")):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            for number, assertion in enumerate(case["assertions"]):
                expression = assertion.get("certLogicExpression", case.get("certLogicExpression"))
                name = f"{file.stem}: {case['name']} #{number}"
                yield name, expression, assertion["data"], assertion["expected"]


@needs_data
def test_every_assertion_of_the_test_suite_holds() -> None:
    every = list(assertions())
    different = [
        name
        for name, expression, data, expected in every
        if json.dumps(compile_expression(expression).evaluate(data)) != json.dumps(expected)
    ]
    assert different == []
    assert len(every) == 232


@needs_data
@pytest.mark.parametrize("file", sorted(VALIDATION.glob("*.json")), ids=lambda file: file.stem)
def test_the_validation_suite_finds_these_issues_and_no_others(file: Any) -> None:
    cases = json.loads(file.read_text("utf-8"))["cases"]
    assert cases
    for case in cases:
        expression = case["certLogicExpression"]
        found = [
            {"expr": resolve(expression, issue.path), "message": issue.message}
            for issue in find_issues(expression)
        ]
        assert found == case["issues"]
