"""What is found in an expression before it is ever evaluated, and that nothing hostile gets by."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.certlogic.accesses import data_accesses
from kiosk.core.certlogic.errors import EvaluationError, InvalidExpression
from kiosk.core.certlogic.expression import compile_expression
from kiosk.core.certlogic.issues import MAX_DEPTH, MAX_ITEMS, MAX_WORK, find_issues
from kiosk.core.certlogic.values import MAX_INTEGER

VAR = {"var": "x"}


@pytest.mark.parametrize(
    ("expression", "path", "message"),
    [
        (None, "", "invalid CertLogic expression"),
        ({1, 2}, "", "invalid CertLogic expression"),
        (3.14, "", "3.14 is a non-integer number"),
        (float("nan"), "", "nan is a non-integer number"),
        (MAX_INTEGER + 1, "", f"an integer beyond {MAX_INTEGER}"),
        ({}, "", "expression object must have exactly one key, but it has 0"),
        ([1, {"a": 1, "b": 2}], "/1", "expression object must have exactly one key, but it has 2"),
        ({"or": [1, 2]}, "", 'unrecognised operator: "or"'),
        ({1: []}, "", 'unrecognised operator: "1"'),
        ({"!": True}, "", 'operation not of the form { "<operator>": [ <values...> ] }'),
        ({"var": 0}, "", 'not of the form { "var": "<path>" }'),
        ({"var": ["x"]}, "", 'not of the form { "var": "<path>" }'),
        ({"var": ".x"}, "", "data access path doesn't have a valid format: .x"),
        ({"if": [1, 2]}, "", 'operator "if" must have 3 operands, but it has 2'),
        ({"and": [1]}, "", 'operator "and" must have at least 2 operands, but it has 1'),
        ({"<": [1, 2, 3, 4]}, "", 'operator "<" must have 2 or 3 operands, but it has 4'),
        ({"in": [1, [], 3]}, "", 'operator "in" must have 2 operands, but it has 3'),
        ({"!": []}, "", 'operator "!" must have 1 operands, but it has 0'),
        ({"!": [None]}, "/!/0", "invalid CertLogic expression"),
        ({"if": [1, [0.5], 3]}, "/if/1/0", "0.5 is a non-integer number"),
        (
            {"plusTime": [VAR, {"var": "n"}, "day"]},
            "/plusTime/1",
            '"amount" argument (#2) of "plusTime" must be an integer',
        ),
        (
            {"plusTime": [VAR, True, "day"]},
            "/plusTime/1",
            '"amount" argument (#2) of "plusTime" must be an integer',
        ),
        (
            {"plusTime": [VAR, 1, "week"]},
            "/plusTime/2",
            '"unit" argument (#3) of "plusTime" must be one of year, month, day, hour',
        ),
        (
            {"plusTime": [VAR, 1, ["day"]]},
            "/plusTime/2",
            '"unit" argument (#3) of "plusTime" must be one of year, month, day, hour',
        ),
        (
            {"extractFromUVCI": [VAR, "1"]},
            "/extractFromUVCI/1",
            '"index" argument (#2) of "extractFromUVCI" must be an integer',
        ),
        ({"dccDateOfBirth": [None]}, "/dccDateOfBirth/0", "invalid CertLogic expression"),
    ],
    ids=repr,
)
def test_an_issue_is_told_with_its_place(expression: Any, path: str, message: str) -> None:
    (issue,) = find_issues(expression)
    assert (issue.path, issue.message, issue.tolerable) == (path, message, False)
    with pytest.raises(InvalidExpression) as error:
        compile_expression(expression)
    assert error.value.issues == (issue,)
    assert str(error.value) == f"{path or '/'}: {message}"


def test_all_issues_are_told_at_once() -> None:
    expression = {"and": [{"var": "x."}, {"if": [{"or": []}, None, 0.5]}, {"!": [{}]}]}
    assert [issue.path for issue in find_issues(expression)] == [
        "/and/0",
        "/and/1/if/0",
        "/and/1/if/1",
        "/and/1/if/2",
        "/and/2/!/0",
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"if": [VAR, 1, 2, True, None]}, 1),
        ({"!": [VAR, None]}, False),
        ({"reduce": [[], 1, 2, {}]}, 2),
        ({"extractFromUVCI": ["a:b", 1, {"or": []}]}, "b"),
    ],
    ids=repr,
)
def test_surplus_operands_are_told_and_ignored(expression: Any, expected: Any) -> None:
    compiled = compile_expression(expression)
    assert [issue.tolerable for issue in compiled.issues] == [True]
    assert compiled.evaluate({"x": True}) == expected
    assert set(compiled.accesses) <= {"x"}


@pytest.mark.parametrize("unit", ["day", "hour"])
@pytest.mark.parametrize("amount", [MAX_INTEGER, -MAX_INTEGER])
def test_an_amount_is_an_integer_of_every_platform(unit: str, amount: int) -> None:
    assert not find_issues({"plusTime": [VAR, amount, unit]})
    beyond = amount + (1 if amount > 0 else -1)
    assert find_issues({"plusTime": [VAR, beyond, unit]})[0].path == "/plusTime/1"


def test_what_cannot_be_tolerated_stays_so_beside_what_can() -> None:
    with pytest.raises(InvalidExpression):
        compile_expression({"if": [None, 1, 2, 3]})


# What it reads


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        (True, ()),
        ({"var": ""}, ("",)),
        ([{"var": "b"}, {"var": "a.0"}, {"var": "b"}], ("a.0", "b")),
        ({"plusTime": [{"var": "d"}, 1, "day"]}, ("d",)),
        ({"extractFromUVCI": [{"var": "ci"}, 1]}, ("ci",)),
        (
            {"reduce": [{"var": "a"}, {"+": [{"var": "current.n"}, {"var": "data.b"}]}, VAR]},
            ("a", "b", "x"),
        ),
    ],
    ids=repr,
)
def test_what_an_expression_reads_is_known(expression: Any, paths: tuple[str, ...]) -> None:
    assert data_accesses(expression) == paths
    assert compile_expression(expression).accesses == paths


# Hostile


def nested(levels: int) -> Any:
    expression: Any = True
    for _ in range(levels):
        expression = [expression]
    return expression


def test_depth_is_bounded() -> None:
    compile_expression(nested(MAX_DEPTH)).evaluate(None)
    (issue,) = find_issues(nested(MAX_DEPTH + 1))
    assert (issue.path, issue.message) == ("/0" * (MAX_DEPTH + 1), "deeper than 64 levels")
    assert find_issues(nested(100_000))
    loop: list[Any] = []
    loop.append(loop)
    assert find_issues(loop)
    loop.append(loop)  # each level twice as wide as the one above
    assert find_issues(loop)


def test_size_is_bounded() -> None:
    assert not find_issues([1] * (MAX_WORK - 1))
    (issue,) = find_issues([1] * MAX_WORK)
    told = "evaluating it may take more than 50000 operations"
    assert (issue.path, issue.message) == ("", told)
    truth: Any = True
    for _ in range(MAX_DEPTH // 2):
        truth = {"!": [truth]}
    assert not find_issues(truth)
    (issue,) = find_issues({"and": [None] + [True] * (2 * MAX_WORK)})[1:]
    assert "operations" in issue.message


def test_work_is_bounded_however_loops_are_nested() -> None:
    inner: Any = {"var": "current"}
    once = {"reduce": [VAR, inner, 0]}
    assert not find_issues(once)
    twice = {"reduce": [VAR, once, 0]}
    (issue,) = find_issues(twice)
    assert "operations" in issue.message
    assert MAX_ITEMS**2 > MAX_WORK
    small = {"reduce": [[1, 2, 3], {"reduce": [[1, 2, 3], {"var": "accumulator"}, 0]}, 0]}
    assert not find_issues(small)


def test_a_value_that_doubles_with_each_step_is_never_walked() -> None:
    both = [{"var": "accumulator"}, {"var": "accumulator"}]
    bomb = {"reduce": [{"var": ""}, both, 0]}
    assert compile_expression({"!": [bomb]}).evaluate([0] * 500) is False
    with pytest.raises(EvaluationError):
        compile_expression({"===": [bomb, bomb]}).evaluate([0] * 500)


def test_nothing_of_the_data_gets_into_an_error() -> None:
    compiled = compile_expression({"plusTime": [{"var": "name"}, 0, "day"]})
    with pytest.raises(EvaluationError) as error:
        compiled.evaluate({"name": "Exemple"})
    assert "Exemple" not in repr(error.value)
    assert error.value.__suppress_context__


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "x", "var", "0"]), inner, max_size=3)
    ),
    max_leaves=12,
)
OPERATORS = [
    "if", "and", "!", "===", "in", "+", "<", ">", "<=", ">=", "before", "after", "not-after",
    "not-before", "plusTime", "dccDateOfBirth", "reduce", "extractFromUVCI", "or",
]  # fmt: skip
PATHS = st.sampled_from(["", "a", "x", "a.0", "x.a", "0", "current", "accumulator", "data.x"])
TEXTS = st.sampled_from(["", "2021-11-22", "2021", "2021-11-22T10:00:00+02:00", "day", "a:b"])
EXPRESSIONS = st.recursive(
    st.booleans() | st.integers(-3, 9) | TEXTS | PATHS.map(lambda path: {"var": path}) | JSON,
    lambda inner: (
        st.tuples(st.sampled_from(OPERATORS), st.lists(inner, min_size=1, max_size=3)).map(
            lambda pair: {pair[0]: pair[1]}
        )
        | st.lists(inner, max_size=3)
        | st.tuples(inner, st.integers(-9, 9), st.sampled_from(["year", "month", "hour"])).map(
            lambda operands: {"plusTime": list(operands)}
        )
    ),
    max_leaves=15,
)


@settings(max_examples=600, deadline=None)
@given(EXPRESSIONS, JSON)
def test_any_json_is_an_issue_a_value_or_an_evaluation_error(expression: Any, data: Any) -> None:
    try:
        found = compile_expression(expression).evaluate(data)
    except (InvalidExpression, EvaluationError):
        return
    as_json = json.dumps(found, default=lambda v: "" if isinstance(v, datetime) else 1 / 0)
    assert as_json


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_issues_of_any_json_have_a_place_in_it(expression: Any) -> None:
    for issue in find_issues(expression):
        resolve(expression, issue.path)


def resolve(document: Any, pointer: str) -> Any:
    """What a JSON Pointer (RFC 6901) points to."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        document = document[int(key) if isinstance(document, list) else key]
    return document
