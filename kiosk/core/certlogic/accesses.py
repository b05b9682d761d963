"""Which parts of its data an expression can read, without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.core.certlogic.issues import operands_of


def data_accesses(expression: object) -> tuple[str, ...]:
    """The paths of all `var` operations of a valid `expression`, sorted, each once.

    What the lambda of a `reduce` reads counts only as far as it reads the outer data.
    """
    return tuple(sorted(set(_accesses(expression))))


def _accesses(expression: object) -> Iterator[str]:
    if isinstance(expression, list):
        for item in expression:
            yield from _accesses(item)
    elif isinstance(expression, dict):
        ((operator, operands),) = expression.items()
        if operator == "var":
            yield operands
        elif operator == "reduce":
            operand, lambda_, initial = operands_of(operator, operands)
            yield from _accesses([operand, initial])
            inner = (path for path in _accesses(lambda_) if path.startswith("data."))
            yield from (path.removeprefix("data.") for path in inner)
        else:
            yield from _accesses(operands_of(operator, operands))
