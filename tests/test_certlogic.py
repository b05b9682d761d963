"""CertLogic, clause by clause of its specification, without the official test suite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.core.certlogic.datetimes import date_of_birth, parse, plus
from kiosk.core.certlogic.errors import EvaluationError
from kiosk.core.certlogic.expression import compile_expression
from kiosk.core.certlogic.issues import MAX_ITEMS
from kiosk.core.certlogic.values import MAX_INTEGER


def value(expression: Any, data: Any = None) -> Any:
    return compile_expression(expression).evaluate(data)


def fails(expression: Any, data: Any = None) -> None:
    compiled = compile_expression(expression)
    with pytest.raises(EvaluationError):
        compiled.evaluate(data)


# Literals and truth

TRUTHY: list[Any] = [True, "x", "0", "false", 1, -1, 2.0, [0], [[]], {"a": None}]
FALSY: list[Any] = [False, None, "", 0, -0.0, [], {}]
NEITHER: list[Any] = [0.5, float("nan"), float("inf")]
DATE = {"plusTime": ["2021-11-22", 0, "day"]}


@pytest.mark.parametrize("literal", ["", "text", 0, 17, -3, True, False, [], ["a", 1, True]])
def test_a_literal_is_its_own_value(literal: Any) -> None:
    assert value(literal) == literal


def test_an_integral_number_is_an_integer_however_it_is_written() -> None:
    assert repr(value([2.0, [3.0]])) == "[2, [3]]"


@pytest.mark.parametrize("operand", TRUTHY, ids=repr)
def test_truthy_values(operand: Any) -> None:
    assert value({"if": [{"var": ""}, "then", "else"]}, operand) == "then"
    assert value({"!": [{"var": ""}]}, operand) is False
    assert value({"and": [{"var": ""}, 7]}, operand) == 7
    assert value({"and": [7, {"var": ""}]}, operand) == operand


@pytest.mark.parametrize("operand", FALSY, ids=repr)
def test_falsy_values(operand: Any) -> None:
    assert value({"if": [{"var": ""}, "then", "else"]}, operand) == "else"
    assert value({"!": [{"var": ""}]}, operand) is True
    assert value({"and": [{"var": ""}, 7]}, operand) == operand
    assert value({"and": [7, {"var": ""}]}, operand) == operand


@pytest.mark.parametrize("operand", NEITHER, ids=repr)
def test_fractions_are_neither_truthy_nor_falsy(operand: Any) -> None:
    for condition in ({"if": [{"var": ""}, 1, 2]}, {"!": [{"var": ""}]}):
        fails(condition, operand)
    fails({"and": [{"var": ""}, True]}, operand)
    fails({"and": [True, {"var": ""}]}, operand)


def test_a_date_time_is_neither_truthy_nor_falsy() -> None:
    fails({"if": [DATE, 1, 2]})
    fails({"!": [DATE]})
    fails({"and": [True, DATE]})


def test_if_and_and_leave_alone_what_they_do_not_need() -> None:
    broken = {"+": ["", 1]}
    assert value({"if": [True, 1, broken]}) == 1
    assert value({"if": [False, broken, 2]}) == 2
    assert value({"and": [0, broken]}) == 0
    fails({"and": [1, broken]})


# Data access


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", {"a": {"b": [10, {"c": None}]}, "0": "zero"}),
        ("a.b.0", 10),
        ("a.b.1", {"c": None}),
        ("a.b.1.c", None),
        ("a.b.1.c.d", None),
        ("a.b.2", None),
        ("a.b.-1", None),
        ("a.b.length", None),
        ("a.b.0.x", None),
        ("a.b.999999999999999999999", None),
        ("a.b.²", None),
        ("0", "zero"),
        ("nothing", None),
    ],
)
def test_data_access(path: str, expected: Any) -> None:
    data = {"a": {"b": [10, {"c": None}]}, "0": "zero"}
    assert value({"var": path}, data) == expected


@pytest.mark.parametrize("data", [None, "text", 42, True, 0.5], ids=repr)
def test_there_is_nothing_in_a_value_that_is_no_object(data: Any) -> None:
    assert value({"var": "x"}, data) is None
    assert value({"var": "0"}, data) is None


# Errors


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({"!": [DATE]}, "a condition is neither truthy nor falsy"),
        ({"===": [[], []]}, "arrays, objects and date-times cannot be compared with ==="),
        ({"in": [1, 2]}, 'the right-hand side of "in" is not an array'),
        ({"+": [MAX_INTEGER, 1]}, "a sum beyond the integers"),
        ({"<": [1, ""]}, "an operand is not an integer"),
        ({"before": [1, DATE]}, "an operand is not a date-time"),
        ({"plusTime": [1, 0, "day"]}, "a date or date-time is not a text"),
        ({"plusTime": ["soon", 0, "day"]}, "not a date or date-time"),
        ({"plusTime": ["2021", 9000, "year"]}, "a date-time beyond the calendar"),
        ({"dccDateOfBirth": ["2021-01-01T00:00:00Z"]}, "not a date of birth"),
        ({"extractFromUVCI": [1, 0]}, "an operand is not a text"),
        ({"reduce": [1, 2, 3]}, 'the operand of "reduce" is not an array'),
        (
            {"reduce": [{"var": "many"}, 2, 3]},
            'the operand of "reduce" has more than 1000 items',
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_an_error_says_what_was_in_the_way(expression: Any, message: str) -> None:
    with pytest.raises(EvaluationError) as error:
        value(expression, {"many": [0] * (MAX_ITEMS + 1)})
    assert str(error.value) == message


# Equality and membership

SCALARS: list[Any] = [None, True, False, "", "0", "1", 0, 1, 0.5]


@pytest.mark.parametrize("left", SCALARS, ids=repr)
@pytest.mark.parametrize("right", [*SCALARS, [], [1], {}, {"a": 1}], ids=repr)
def test_only_the_same_value_of_the_same_type_is_equal(left: Any, right: Any) -> None:
    same = type(left) is type(right) and left == right
    both = {"l": left, "r": right}
    assert value({"===": [{"var": "l"}, {"var": "r"}]}, both) is same
    assert value({"===": [{"var": "r"}, {"var": "l"}]}, both) is same
    assert value({"in": [{"var": "l"}, {"var": "r"}]}, {"l": left, "r": [[], right]}) is same


def test_two_and_two_point_nought_are_one_number() -> None:
    assert value({"===": [2, {"var": ""}]}, 2.0) is True


@pytest.mark.parametrize("other", [[], {}, {"a": 1}, [1]], ids=repr)
def test_arrays_and_objects_are_not_compared_with_each_other(other: Any) -> None:
    """Engines disagree on it: JavaScript asks for the same object, Kotlin for the same content."""
    fails({"===": [{"var": ""}, {"var": ""}]}, other)
    fails({"in": [{"var": ""}, [[]]]}, other)
    fails({"===": [DATE, DATE]})


def test_nothing_is_in_null_and_only_null_is_in_an_array_of_null() -> None:
    assert value({"in": ["a", {"var": "missing"}]}, {}) is False
    assert value({"in": [{"var": "x"}, {"var": "y"}]}, {"y": [None]}) is True
    assert value({"in": [{"var": "x"}, {"var": "y"}]}, {"y": ["", 0, False]}) is False


@pytest.mark.parametrize("items", ["abc", 1, True, {}, {"a": 1}], ids=repr)
def test_nothing_can_be_in_what_is_no_array(items: Any) -> None:
    fails({"in": ["a", {"var": ""}]}, items)


# Integers


def test_plus_adds_integers() -> None:
    assert value({"+": [1, {"var": ""}]}, 2.0) == 3
    assert value({"+": [-1, 1]}) == 0


@pytest.mark.parametrize("operand", [None, "1", True, 0.5, [], {}], ids=repr)
def test_only_integers_are_added_and_compared(operand: Any) -> None:
    for name in ("+", "<", ">", "<=", ">="):
        fails({name: [1, {"var": ""}]}, operand)
        fails({name: [{"var": ""}, 1]}, operand)
    fails({"<": [1, 2, {"var": ""}]}, operand)
    fails({"<": [2, 1, {"var": ""}]}, operand)


def test_a_sum_stays_within_the_integers_of_every_platform() -> None:
    assert value({"+": [MAX_INTEGER, 0]}) == MAX_INTEGER
    fails({"+": [MAX_INTEGER, 1]})
    fails({"+": [-MAX_INTEGER, -1]})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("<", (True, False, False, True)),
        (">", (False, False, True, False)),
        ("<=", (True, True, False, True)),
        (">=", (False, True, True, False)),
        ("before", (True, False, False, True)),
        ("after", (False, False, True, False)),
        ("not-after", (True, True, False, True)),
        ("not-before", (False, True, True, False)),
    ],
)
def test_comparisons(name: str, expected: tuple[bool, ...]) -> None:
    def operand(number: int) -> Any:
        dates = name in ("before", "after", "not-after", "not-before")
        return {"plusTime": ["2021-11-22", number, "day"]} if dates else number

    one, two, three = operand(1), operand(2), operand(3)
    pairs = ([one, two], [two, two], [two, one], [one, two, three])
    assert tuple(value({name: pair}) for pair in pairs) == expected
    falling, equal = value({name: [three, two, one]}), value({name: [one, one, one]})
    assert (falling, equal) == (expected[2], expected[1])
    assert value({name: [one, three, two]}) is False
    assert value({name: [two, one, three]}) is False


@pytest.mark.parametrize("name", ["before", "after", "not-after", "not-before"])
@pytest.mark.parametrize("operand", [None, "2021-11-22", 1, True, []], ids=repr)
def test_only_date_times_are_before_and_after(name: str, operand: Any) -> None:
    fails({name: [DATE, {"var": ""}]}, operand)
    fails({name: [{"var": ""}, DATE]}, operand)
    fails({name: [DATE, DATE, {"var": ""}]}, operand)


# Date-times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", "2021-12-31T00:00:00+00:00"),
        ("2020-02", "2020-02-29T00:00:00+00:00"),
        ("2021-02", "2021-02-28T00:00:00+00:00"),
        ("9999", "9999-12-31T00:00:00+00:00"),
        ("2021-05-04", "2021-05-04T00:00:00+00:00"),
        ("2021-05-04T13:37:42", "2021-05-04T13:37:42+00:00"),
        ("2021-05-04T13:37:42Z", "2021-05-04T13:37:42+00:00"),
        ("2021-05-04T13:37:42+1", "2021-05-04T12:37:42+00:00"),
        ("2021-05-04T13:37:42-01", "2021-05-04T14:37:42+00:00"),
        ("2021-05-04T13:37:42+130", "2021-05-04T12:07:42+00:00"),
        ("2021-05-04T13:37:42+0130", "2021-05-04T12:07:42+00:00"),
        ("2021-05-04T13:37:42+1:30", "2021-05-04T12:07:42+00:00"),
        ("2021-05-04T13:37:42-01:30", "2021-05-04T15:07:42+00:00"),
        ("2021-05-04T13:37:42-00:00", "2021-05-04T13:37:42+00:00"),
        ("2021-05-04T13:37:42.1Z", "2021-05-04T13:37:42.100000+00:00"),
        ("2021-05-04T13:37:42.0019999", "2021-05-04T13:37:42.001000+00:00"),
        ("2021-05-04T13:37:42.0009+02:00", "2021-05-04T11:37:42+00:00"),
    ],
)
def test_formats_of_dates_and_date_times(text: str, expected: str) -> None:
    assert parse(text).isoformat() == expected
    assert parse(text).tzinfo is UTC
    assert value({"plusTime": [text, 0, "hour"]}) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22.11.2021",
        "2021-11-22 10:00:00",
        "2021-11-22T10:00",
        "2021-11-22T10:00:00z",
        "2021-11-22T10:00:00.",
        "2021-11-22T10:00:00+",
        "2021-11-22T10:00:00+1:",
        "2021-11-22T10:00:00+24:00",
        "2021-11-22T10:00:00+01:60",
        "2021-11-22T24:00:00Z",
        "2021-11-22T10:60:00Z",
        "2021-11-22\n",
        "20211122",
        "2021-W47-1",
        "2021-17-01",
        "2021-13",
        "2021-00",
        "2021-02-29",
        "0000-01-01",
        "0000",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "٢٠٢١-١١-٢٢",
    ],
    ids=ascii,
)
def test_other_texts_are_no_date_times(text: str) -> None:
    with pytest.raises(EvaluationError) as error:
        parse(text)
    assert not text.strip() or text not in str(error.value)


@pytest.mark.parametrize("operand", [None, 2021, True, [], {}], ids=repr)
def test_only_a_text_is_parsed_as_a_date(operand: Any) -> None:
    fails({"plusTime": [{"var": ""}, 0, "day"]}, operand)
    fails({"plusTime": [{"var": ""}, 1, "day"]}, operand)
    fails({"dccDateOfBirth": [{"var": ""}]}, operand)
    fails({"plusTime": [DATE, 0, "day"]})


@pytest.mark.parametrize(
    ("date", "amount", "unit", "expected"),
    [
        ("2020-02-29", 1, "day", "2020-03-01"),
        ("2020-03-01", -1, "day", "2020-02-29"),
        ("2020-02-29", 1, "month", "2020-03-29"),
        ("2020-02-29", 1, "year", "2021-03-01"),
        ("2020-02-29", -1, "year", "2019-03-01"),
        ("2020-02-29", 4, "year", "2024-02-29"),
        ("2021-01-31", 1, "month", "2021-03-03"),
        ("2021-03-31", -1, "month", "2021-03-03"),
        ("2021-12-31", 2, "month", "2022-03-03"),
        ("2021-01-15", -13, "month", "2019-12-15"),
        ("2021-06-23", -180, "day", "2020-12-25"),
        ("2021-10-30", 48, "hour", "2021-11-01"),
        ("2021-10-30", 0, "month", "2021-10-30"),
    ],
)
def test_plus_time_overflows_as_ecmascript_does(
    date: str, amount: int, unit: str, expected: str
) -> None:
    midnight = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert value({"plusTime": [date, amount, unit]}) == midnight


@pytest.mark.parametrize("unit", ["year", "month", "day", "hour"])
@pytest.mark.parametrize("amount", [MAX_INTEGER, -MAX_INTEGER, 10**8, -(10**8)])
def test_a_time_beyond_the_calendar_is_no_time(unit: str, amount: int) -> None:
    with pytest.raises(EvaluationError):
        plus(datetime(2021, 11, 22, tzinfo=UTC), amount, unit)


def test_a_birth_date_is_the_last_day_that_it_may_mean() -> None:
    assert date_of_birth("2004").isoformat() == "2004-12-31T00:00:00+00:00"
    assert date_of_birth("2004-02").isoformat() == "2004-02-29T00:00:00+00:00"
    assert date_of_birth("2004-02-03").isoformat() == "2004-02-03T00:00:00+00:00"
    for text in ("", "2004-02-03T00:00:00Z", "2004-00", "04"):
        fails({"dccDateOfBirth": [text]})


# Reduce and UVCI

SUM = {"+": [{"var": "accumulator"}, {"var": "current"}]}


def test_reduce_folds_from_the_left() -> None:
    assert value({"reduce": [[1, 2, 3], SUM, 4]}) == 10
    assert value({"reduce": [{"var": "missing"}, SUM, 4]}, {}) == 4
    assert value({"reduce": [[1, 2], SUM, {"var": "start"}]}, {"start": 7}) == 10
    last = {"reduce": [{"var": ""}, {"var": "current"}, "none"]}
    assert value(last, ["a", "b"]) == "b"
    assert value(last, []) == "none"


def test_the_lambda_of_reduce_sees_the_outer_data_under_its_own_name() -> None:
    outer = {"reduce": [{"var": "x"}, {"+": [{"var": "data.y"}, {"var": "accumulator"}]}, 0]}
    assert value(outer, {"x": [1, 1, 1], "y": 5}) == 15
    assert value({"reduce": [[1], {"var": "y"}, 0]}, {"y": 5}) is None


@pytest.mark.parametrize("operand", ["abc", 1, True, {"a": 1}], ids=repr)
def test_reduce_walks_arrays_alone(operand: Any) -> None:
    fails({"reduce": [{"var": ""}, SUM, 0]}, operand)


def test_reduce_walks_so_many_items_and_no_more() -> None:
    total = {"reduce": [{"var": ""}, SUM, 0]}
    assert value(total, [1] * MAX_ITEMS) == MAX_ITEMS
    fails(total, [1] * (MAX_ITEMS + 1))


@pytest.mark.parametrize(
    ("uvci", "index", "expected"),
    [
        (None, 0, None),
        ("", 0, ""),
        ("", 1, None),
        ("URN:UVCI:01:XX:A/B#C", 0, "01"),
        ("URN:UVCI:01:XX:A/B#C", 4, "C"),
        ("URN:UVCI:01:XX:A/B#C", 5, None),
        ("01:XX:A/B#C", -1, None),
        ("urn:uvci:01", 0, "urn"),
        ("a::c/#/f", 4, ""),
    ],
)
def test_fragments_of_a_uvci(uvci: str | None, index: int, expected: str | None) -> None:
    assert value({"extractFromUVCI": [{"var": ""}, index]}, uvci) == expected


@pytest.mark.parametrize("operand", [1, True, ["URN:UVCI:01"], {}], ids=repr)
def test_only_a_text_has_fragments(operand: Any) -> None:
    fails({"extractFromUVCI": [{"var": ""}, 0]}, operand)


@pytest.mark.parametrize(
    "data",
    [
        {"payload": {"v": [{"dn": 2}]}},
        {"payload": {"v": {"0": {"dn": 2}}}},
        {"payload": {"v": []}},
        {"payload": {"v": ["dn"]}},
        {"payload": {"v": "text"}},
        {"payload": {"v": None}},
        {"payload": [[0, {"dn": 2}]]},
        {"payload": 0},
        {},
        [],
        "text",
        None,
    ],
)
def test_a_field_of_a_statement_is_what_step_after_step_finds(data: object) -> None:
    step: object = data
    for key in ("payload", "v", "0", "dn"):
        step = value({"var": key}, step)
    assert value({"var": "payload.v.0.dn"}, data) == step


def test_a_parameter_that_changes_is_read_anew() -> None:
    run = compile_expression(
        {
            "before": [
                {"plusTime": [{"var": "external.event.from"}, 0, "day"]},
                {"plusTime": ["2021-11-22", 0, "day"]},
            ]
        }
    ).evaluate
    for day, expected in (("2021-11-21", True), ("2021-11-22", False), ("2021-11-20", True)):
        assert run({"external": {"event": {"from": day}}}) is expected
    with pytest.raises(EvaluationError):
        run({"external": {"event": {}}})
