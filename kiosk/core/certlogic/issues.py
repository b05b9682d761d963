"""Everything that is wrong in an expression, found without data ("Validator").

The wording of the specification's validation test suite is kept where the suite has one. Beyond
it, an expression is bounded in depth and in the work that evaluating it can be, so that a
hostile rule file exhausts neither the stack nor the door's patience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.core.certlogic.datetimes import UNITS
from kiosk.core.certlogic.errors import Issue
from kiosk.core.certlogic.values import MAX_INTEGER, is_integer

MAX_DEPTH = 64  # of arrays and objects; the gateway's rules of November 2021 have up to 15
MAX_WORK = 50_000  # operations and literals of one evaluation; those rules have up to 86
MAX_ITEMS = 1_000  # of an array that `reduce` may walk

_MANY = 2**31
COMPARISONS = ("<", ">", "<=", ">=")
DATE_TIME_COMPARISONS = ("before", "after", "not-after", "not-before")

# Operands that are expressions, at least and at most; `plusTime` and `extractFromUVCI` have
# literals behind theirs.
_OPERANDS: Mapping[str, tuple[int, int]] = {
    "if": (3, 3),
    "and": (2, _MANY),
    "!": (1, 1),
    "===": (2, 2),
    "in": (2, 2),
    "+": (2, 2),
    **dict.fromkeys(COMPARISONS + DATE_TIME_COMPARISONS, (2, 3)),
    "plusTime": (3, 3),
    "dccDateOfBirth": (1, 1),
    "reduce": (3, 3),
    "extractFromUVCI": (2, 2),
}
_LITERAL_OPERANDS = {"plusTime": 2, "extractFromUVCI": 1}  # how many, at the end

# What follows the last operand of these is ignored by the evaluators of the specification's own
# project. VR-LT-0003 of October 2021 has five operands to an "if", as JsonLogic allows.
_SURPLUS_IGNORED = {"if", "!", "plusTime", "dccDateOfBirth", "reduce", "extractFromUVCI"}


def operands_of(operator: str, operands: list[object]) -> list[object]:
    """The operands that count."""
    return operands[: _OPERANDS[operator][1]]


def find_issues(expression: object) -> tuple[Issue, ...]:
    """All issues of `expression`, in the order of the text; none where it can be compiled."""
    search = _Search([])
    search.expression(expression, _Place("", 0, 1))
    if search.work > MAX_WORK:
        search.add("", f"evaluating it may take more than {MAX_WORK} operations")
    return tuple(search.issues)


@dataclass(frozen=True)
class _Place:
    """Where an expression stands, how deep, and how often it may be evaluated."""

    path: str
    depth: int
    times: int

    def below(self, *steps: object, times: int = 1) -> _Place:
        path = self.path + "".join(f"/{step}" for step in steps)  # no operator has / or ~
        return _Place(path, self.depth + len(steps), self.times * times)


@dataclass
class _Search:
    issues: list[Issue]
    work: int = 0

    def add(self, path: str, message: str) -> None:
        self.issues.append(Issue(path, message))

    def expression(self, value: object, place: _Place) -> None:
        self.work += place.times
        if self.work > MAX_WORK:
            return  # told once, for the whole
        if place.depth > MAX_DEPTH:
            self.add(place.path, f"deeper than {MAX_DEPTH} levels")
        elif isinstance(value, str | bool):
            return
        elif isinstance(value, int | float):
            self._number(value, place)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.expression(item, place.below(index))
        elif isinstance(value, dict):
            self._object(value, place)
        else:
            self.add(place.path, "invalid CertLogic expression")

    def _number(self, value: float, place: _Place) -> None:
        if not is_integer(value):
            self.add(place.path, f"{value} is a non-integer number")
        elif abs(value) > MAX_INTEGER:
            self.add(place.path, f"an integer beyond {MAX_INTEGER}")

    def _object(self, value: dict[object, object], place: _Place) -> None:
        if len(value) != 1:
            message = f"expression object must have exactly one key, but it has {len(value)}"
            self.add(place.path, message)
            return
        ((operator, operands),) = value.items()
        if operator == "var":
            self._var(operands, place)
        elif not isinstance(operands, list):
            self.add(place.path, 'operation not of the form { "<operator>": [ <values...> ] }')
        elif operator not in _OPERANDS:
            self.add(place.path, f'unrecognised operator: "{operator}"')
        else:
            self._operation(str(operator), operands, place)

    def _var(self, path: object, place: _Place) -> None:
        if not isinstance(path, str):
            self.add(place.path, 'not of the form { "var": "<path>" }')
        elif path and not all(path.split(".")):
            self.add(place.path, f"data access path doesn't have a valid format: {path}")

    def _operation(self, operator: str, operands: list[object], place: _Place) -> None:
        least, most = _OPERANDS[operator]
        if not least <= len(operands) <= most:
            wanted = f"{least}" if least == most else f"at least {least}"
            wanted = f"{least} or {most}" if most == least + 1 else wanted
            message = (
                f'operator "{operator}" must have {wanted} operands, but it has {len(operands)}'
            )
            tolerable = len(operands) > most and operator in _SURPLUS_IGNORED
            self.issues.append(Issue(place.path, message, tolerable))
            if not tolerable:
                return
        self._operands(operator, operands_of(operator, operands), place)

    def _operands(self, operator: str, operands: list[object], place: _Place) -> None:
        literals = len(operands) - _LITERAL_OPERANDS.get(operator, 0)
        for index, operand in enumerate(operands[:literals]):
            times = _items(operands[0]) if operator == "reduce" and index == 1 else 1
            self.expression(operand, place.below(operator, index, times=times))
        for index, operand in enumerate(operands[literals:], start=literals):
            self._literal(operator, index, operand, place)

    def _literal(self, operator: str, index: int, operand: object, place: _Place) -> None:
        where = place.below(operator, index).path
        if index == 1 and not (is_integer(operand) and abs(operand) <= MAX_INTEGER):  # type: ignore[arg-type]
            name = "amount" if operator == "plusTime" else "index"
            self.add(where, f'"{name}" argument (#2) of "{operator}" must be an integer')
        elif index == 2 and operand not in UNITS:
            message = f'"unit" argument (#3) of "{operator}" must be one of {", ".join(UNITS)}'
            self.add(where, message)


def _items(operand: object) -> int:
    """How many items the array that `reduce` walks may have."""
    return max(1, len(operand)) if isinstance(operand, list) else MAX_ITEMS
