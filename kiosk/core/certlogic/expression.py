"""From an expression to a function of its data: each operation becomes one closure.

The sections named here are those of the specification.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.core.certlogic.accesses import data_accesses
from kiosk.core.certlogic.datetimes import date_of_birth, parse, plus
from kiosk.core.certlogic.errors import EvaluationError, InvalidExpression, Issue
from kiosk.core.certlogic.issues import MAX_ITEMS, find_issues, operands_of
from kiosk.core.certlogic.values import MAX_INTEGER, contains, equal, is_integer, truth

Run = Callable[[object], Any]  # data context -> value; raises EvaluationError

# Under this path a rule finds the event's own parameters, the same for one guest after the other:
# they alone are remembered in a compiled expression, never anything of a certificate.
PARAMETERS = "external.event."

_INDEX = re.compile(r"[0-9]{1,9}")
_UVCI_SEPARATORS = re.compile(r"[/#:]")
_UVCI_PREFIX = "URN:UVCI:"


@dataclass(frozen=True)
class CompiledExpression:
    """A sound expression, ready to be evaluated.

    evaluate: the value on a data context of plain JSON (dict, list, str, int, float, bool, None);
        raises EvaluationError and nothing else.
    accesses: the paths of the data that it can read, sorted.
    issues: what is tolerated in it.
    """

    evaluate: Run
    accesses: tuple[str, ...]
    issues: tuple[Issue, ...]


def compile_expression(expression: object) -> CompiledExpression:
    """Compile a CertLogic expression of plain JSON.

    Raises InvalidExpression with all issues; those that are tolerable alone do not hinder.
    """
    issues = find_issues(expression)
    if not all(issue.tolerable for issue in issues):
        raise InvalidExpression(issues)
    return CompiledExpression(_compile(expression), data_accesses(expression), issues)


def _compile(expression: Any) -> Run:
    if isinstance(expression, dict):
        ((name, operands),) = expression.items()
        if name == "var":
            return _var(operands)
        return _OPERATIONS[name](operands_of(name, operands))
    if isinstance(expression, list):
        return _array(expression)
    literal = int(expression) if isinstance(expression, float) else expression
    return lambda _: literal


def _array(items: list[Any]) -> Run:
    runs = [_compile(item) for item in items]
    if any(isinstance(item, dict | list) for item in items):
        return lambda data: [run(data) for run in runs]
    literal = [run(None) for run in runs]
    return lambda _: literal


def _var(path: str) -> Run:
    """Data access: null for whatever is not there."""
    if not path:
        return lambda data: data
    steps = tuple(
        (key, int(key) if _INDEX.fullmatch(key) else MAX_INTEGER) for key in path.split(".")
    )

    def access(data: object) -> object:
        for key, index in steps:
            if type(data) is dict:
                data = data.get(key)
            elif type(data) is list and index < len(data):
                data = data[index]
            else:
                return None
        return data

    return _field(steps, access) if _is_field(steps) else access


_Step = tuple[str, int]  # a name, and the index that it may be, else MAX_INTEGER


def _is_field(steps: tuple[_Step, ...]) -> bool:
    """Whether it is the form of a field of a statement: payload.v.0.dn."""
    return len(steps) == 4 and all(steps[place][1] == MAX_INTEGER for place in (0, 1, 3))


def _field(steps: tuple[_Step, ...], patiently: Run) -> Run:
    """Half of the work of rules is to reach the fields of a statement: there in one go.

    Whatever is no such field, an item of a text included, is found not to be one by the last step.
    """
    (first, _), (second, _), (third, index), (last, _) = steps
    item: Any = third if index == MAX_INTEGER else index

    def access(data: Any) -> object:
        try:
            return data[first][second][item][last]
        except (LookupError, TypeError):
            return patiently(data)

    return access


def _if(operands: list[Any]) -> Run:
    guard, then, otherwise = map(_compile, operands)
    return lambda data: then(data) if truth(guard(data)) else otherwise(data)


def _and(operands: list[Any]) -> Run:
    """The first falsy operand, or the last one; lazily."""
    runs = [_compile(operand) for operand in operands]

    def conjunction(data: object) -> object:
        value: object = True
        for run in runs:
            value = run(data)
            if not truth(value):
                break
        return value

    return conjunction


def _not(operands: list[Any]) -> Run:
    run = _compile(operands[0])
    return lambda data: not truth(run(data))


def _equal(operands: list[Any]) -> Run:
    left, right = map(_compile, operands)
    return lambda data: equal(left(data), right(data))


def _in(operands: list[Any]) -> Run:
    """Membership; nothing is in null (test suite, "ins with nulls")."""
    left, right = map(_compile, operands)

    def membership(data: object) -> bool:
        value, items = left(data), right(data)
        if isinstance(items, list):
            return contains(items, value)
        if items is None:
            return False
        raise EvaluationError('the right-hand side of "in" is not an array')

    return membership


def _plus(operands: list[Any]) -> Run:
    left, right = map(_compile, operands)

    def addition(data: object) -> int:
        total = _integer(left(data)) + _integer(right(data))
        if abs(total) > MAX_INTEGER:
            raise EvaluationError("a sum beyond the integers")
        return total

    return addition


def _integer(value: object) -> int:
    if type(value) is int:
        return value
    if is_integer(value):
        return int(value)  # type: ignore[call-overload,no-any-return]  # an integral float
    raise EvaluationError("an operand is not an integer")


def _date_time(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    raise EvaluationError("an operand is not a date-time")


def _comparison(
    holds: Callable[[Any, Any], bool], operand_of: Callable[[object], Any]
) -> Callable[[list[Any]], Run]:
    """Binary, or ternary: first and second, and second and third."""

    def compile_comparison(operands: list[Any]) -> Run:
        if len(operands) == 2:
            left, right = map(_compile, operands)
            return lambda data: holds(operand_of(left(data)), operand_of(right(data)))
        runs = [_compile(operand) for operand in operands]

        def between(data: object) -> bool:
            first, second, third = (operand_of(run(data)) for run in runs)
            return holds(first, second) and holds(second, third)

        return between

    return compile_comparison


def _plus_time(operands: list[Any]) -> Run:
    run, amount, unit = _compile(operands[0]), int(operands[1]), operands[2]
    if amount == 0:
        return _parsed_once(run) if _is_parameter(operands[0]) else lambda data: parse(run(data))
    return lambda data: plus(parse(run(data)), amount, unit)


def _is_parameter(operand: object) -> bool:
    path = operand.get("var") if isinstance(operand, dict) else None
    return isinstance(path, str) and path.startswith(PARAMETERS)


def _parsed_once(run: Run) -> Run:
    """Parses again only what is another object than the last time."""
    last: tuple[object, datetime] | None = None  # one thing, so that no thread meets half of it

    def parsed(data: object) -> datetime:
        nonlocal last
        text, known = run(data), last
        if known is None or text is not known[0]:
            last = known = (text, parse(text))
        return known[1]

    return parsed


def _date_of_birth(operands: list[Any]) -> Run:
    run = _compile(operands[0])
    return lambda data: date_of_birth(run(data))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise EvaluationError("an operand is not a text")


def _reduce(operands: list[Any]) -> Run:
    """A left fold; the lambda sees `current`, `accumulator`, and the outer data as `data`."""
    operand, step, initial = map(_compile, operands)

    def fold(data: object) -> object:
        items, value = operand(data), initial(data)
        if items is None:
            return value
        if not isinstance(items, list):
            raise EvaluationError('the operand of "reduce" is not an array')
        if len(items) > MAX_ITEMS:
            raise EvaluationError(f'the operand of "reduce" has more than {MAX_ITEMS} items')
        for item in items:
            value = step({"current": item, "accumulator": value, "data": data})
        return value

    return fold


def _extract_from_uvci(operands: list[Any]) -> Run:
    run, index = _compile(operands[0]), int(operands[1])

    def fragment(data: object) -> str | None:
        uvci = run(data)
        if uvci is None:
            return None
        fragments = _UVCI_SEPARATORS.split(_text(uvci).removeprefix(_UVCI_PREFIX))
        return fragments[index] if 0 <= index < len(fragments) else None

    return fragment


_OPERATIONS: Mapping[str, Callable[[list[Any]], Run]] = {
    "if": _if,
    "and": _and,
    "!": _not,
    "===": _equal,
    "in": _in,
    "+": _plus,
    "<": _comparison(operator.lt, _integer),
    ">": _comparison(operator.gt, _integer),
    "<=": _comparison(operator.le, _integer),
    ">=": _comparison(operator.ge, _integer),
    "before": _comparison(operator.lt, _date_time),
    "after": _comparison(operator.gt, _date_time),
    "not-after": _comparison(operator.le, _date_time),
    "not-before": _comparison(operator.ge, _date_time),
    "plusTime": _plus_time,
    "dccDateOfBirth": _date_of_birth,
    "reduce": _reduce,
    "extractFromUVCI": _extract_from_uvci,
}
