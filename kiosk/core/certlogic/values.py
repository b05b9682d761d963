"""Values of CertLogic: what is true, what is equal, what is an integer.

A value is what JSON knows, as `json.loads` makes it, or a date-time: an aware `datetime` in UTC,
which no JSON value is. Types are asked for exactly, which is several times as fast.
"""

from __future__ import annotations

from kiosk.core.certlogic.errors import EvaluationError

MAX_INTEGER = 2**53 - 1  # the last integer that every platform of the specification holds exactly


def is_integer(value: object) -> bool:
    """Whether `value` is an integer; JSON does not tell 2.0 from 2."""
    return type(value) is int or (isinstance(value, float) and value.is_integer())


def truth(value: object) -> bool:
    """Whether `value` is truthy or falsy ("Truthy and falsy values").

    Raises EvaluationError for what is neither: fractions and date-times.
    """
    kind = type(value)
    if kind is bool or kind is dict or kind is str or kind is list or value is None:
        return bool(value)
    if is_integer(value):
        return value != 0
    raise EvaluationError("a condition is neither truthy nor falsy")


def equal(left: object, right: object) -> bool:
    """The `===` of the specification: no value equals one of another type.

    Raises EvaluationError where both are arrays, objects or date-times: engines differ there.
    """
    kinds = {type(left), type(right)}
    if str in kinds:
        return left == right  # in Python as well a text equals texts alone
    if bool in kinds or left is None or right is None:
        return left is right
    if int in kinds or float in kinds:
        return left == right
    raise EvaluationError("arrays, objects and date-times cannot be compared with ===")


def contains(items: list[object], value: object) -> bool:
    """Whether `value` is in `items`, in the sense of `equal`. Raises EvaluationError."""
    if type(value) is str:
        return value in items
    return any(equal(value, item) for item in items)
