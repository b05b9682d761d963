"""CBOR within bounds: every item is scanned before the library sees one."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.hcert.cbor import (
    DATE_TAGS,
    MAX_DEPTH,
    MAX_ITEMS,
    MESSAGE_TAGS,
    NO_TAGS,
    Tagged,
    decode,
)
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from tests.certificates import refusal


def refused(hexadecimal: str, tags: frozenset[int] = NO_TAGS) -> Reason:
    return refusal(decode, bytes.fromhex(hexadecimal), tags)


@pytest.mark.parametrize(
    ("hexadecimal", "value"),
    [
        ("00", 0),
        ("1b7fffffffffffffff", 2**63 - 1),
        ("3bffffffffffffffff", -(2**64)),
        ("fb41d826c080000000", 1620771328.0),
        ("f93c00", 1.0),
        ("f5", True),
        ("f6", None),
        ("60", ""),
        ("40", b""),
        ("63e282ac", "€"),
        ("820102", [1, 2]),
        ("a10102", {1: 2}),
        ("1800", 0),  # not the shortest form
    ],
)
def test_well_formed_items_are_read(hexadecimal: str, value: object) -> None:
    assert decode(bytes.fromhex(hexadecimal), NO_TAGS) == value


@pytest.mark.parametrize(
    ("hexadecimal", "value"),
    [
        ("9f0102ff", [1, 2]),
        ("9fff", []),
        ("bf616101616202ff", {"a": 1, "b": 2}),
        ("bfff", {}),
        ("7f61616162ff", "ab"),
        ("7fff", ""),
        ("5f41014102ff", b"\1\2"),
        ("9f9f9fffffff", [[[]]]),
    ],
)
def test_indefinite_lengths_are_read(hexadecimal: str, value: object) -> None:
    assert decode(bytes.fromhex(hexadecimal), NO_TAGS) == value


@pytest.mark.parametrize(
    "hexadecimal",
    [
        "",
        "18",
        "1b00000000000000",
        "61",
        "4201",
        "81",
        "a101",
        "9f",
        "9f01",
        "bf01ff",  # a key without its value
        "ff",
        "8101ff"[:2] + "ff",
        "a1ff",
        "a101ff",
        "c0",
        "1c",
        "3d",
        "5e",
        "1f",
        "3f",
        "df00ff",
        "7f4100ff",  # bytes among the pieces of a text
        "7f7f6161ffff",  # pieces of pieces
        "5f" * 16_000,
        "5f00ff",
        "61ff",  # not UTF-8
        "62c328",
        "63eda080",  # half a surrogate pair
        "f800",
        "f818",
    ],
)
def test_what_is_not_well_formed_is_refused(hexadecimal: str) -> None:
    assert refused(hexadecimal, NO_TAGS | {0}) is Reason.CBOR_MALFORMED


@pytest.mark.parametrize("head", ["5b", "7b", "9b", "bb"])
@pytest.mark.parametrize(
    "length", ["00000000ffffffff", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff"]
)
def test_a_huge_declared_length_is_refused_before_any_memory_is_taken(
    head: str, length: str
) -> None:
    tracemalloc.start()
    try:
        assert refused(head + length + "00" * 8) is Reason.CBOR_MALFORMED
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("head", ["4", "6", "8"])
def test_a_declared_length_one_beyond_the_data_is_refused(head: str) -> None:
    assert decode(bytes.fromhex(head + "2" + "6060"), NO_TAGS) is not None
    assert refused(head + "3" + "6060") is Reason.CBOR_MALFORMED


@pytest.mark.parametrize(
    "hexadecimal",
    [
        "a201000102",
        "a2616100616101",
        "bf01000102ff",
        "81a201000102",
        "a20100f93c0001",  # 1 and 1.0
        "a20100f501",  # 1 and true
    ],
)
def test_a_key_twice_is_refused(hexadecimal: str) -> None:
    assert refused(hexadecimal) is Reason.CBOR_MALFORMED


@pytest.mark.parametrize("after", ["00", "ff", "f6", "a0"])
def test_bytes_behind_the_item_are_refused(after: str) -> None:
    assert refused("a10102" + after) is Reason.CBOR_TRAILING_BYTES


def nested(depth: int, opening: str, inmost: str = "00", closing: str = "") -> bytes:
    return bytes.fromhex(opening * depth + inmost + closing * depth)


@pytest.mark.parametrize(
    ("opening", "closing"), [("81", ""), ("a100", ""), ("9f", "ff"), ("bf00", "ff")]
)
def test_items_may_be_as_deep_as_the_limit_and_no_deeper(opening: str, closing: str) -> None:
    assert decode(nested(MAX_DEPTH, opening, closing=closing), NO_TAGS)
    deeper = nested(MAX_DEPTH + 1, opening, closing=closing)
    assert refusal(decode, deeper, NO_TAGS) is Reason.CBOR_TOO_COMPLEX


def test_a_tag_counts_as_a_level() -> None:
    assert refusal(decode, nested(MAX_DEPTH + 1, "c1"), DATE_TAGS) is Reason.CBOR_TOO_COMPLEX


@pytest.mark.parametrize("before", ["80", "a0", "9fff", "bfff", "5fff", "7fff", "c100"])
def test_what_stands_before_it_takes_no_level_off_an_item(before: str) -> None:
    def beside(depth: int) -> bytes:
        """Five items, and beside them one of so many levels in all."""
        return bytes.fromhex("86" + before * 5) + nested(depth - 1, "81")

    assert decode(beside(MAX_DEPTH), DATE_TAGS)
    assert refusal(decode, beside(MAX_DEPTH + 1), DATE_TAGS) is Reason.CBOR_TOO_COMPLEX


@pytest.mark.parametrize("major", range(6))
@pytest.mark.parametrize("reserved", [28, 29, 30])
def test_a_reserved_length_is_refused(major: int, reserved: int) -> None:
    """RFC 8949 section 3; whatever width one might take it to mean."""
    for width in (0, 16, 32, 64):
        data = bytes([major << 5 | reserved]) + bytes(width)
        assert refusal(decode, data, DATE_TAGS) is Reason.CBOR_MALFORMED


@pytest.mark.parametrize("opening", ["81", "a100", "9f", "c1", "d818"])
def test_sixteen_thousand_levels_are_refused(opening: str) -> None:
    data = nested(16_000 // (len(opening) // 2), opening)
    assert refusal(decode, data, DATE_TAGS | {24}) is Reason.CBOR_TOO_COMPLEX


def test_items_may_be_as_many_as_the_limit_and_no_more() -> None:
    most = MAX_ITEMS - 1  # the array itself is one
    assert decode(cbor2.dumps([0] * most), NO_TAGS) == [0] * most
    assert refusal(decode, cbor2.dumps([0] * (most + 1)), NO_TAGS) is Reason.CBOR_TOO_COMPLEX


def test_the_pieces_of_a_text_count_as_items() -> None:
    assert decode(b"\x7f" + b"\x60" * (MAX_ITEMS - 1) + b"\xff", NO_TAGS) == ""
    assert (
        refusal(decode, b"\x7f" + b"\x60" * MAX_ITEMS + b"\xff", NO_TAGS) is Reason.CBOR_TOO_COMPLEX
    )


@pytest.mark.parametrize("allowed", [NO_TAGS, MESSAGE_TAGS, DATE_TAGS], ids=sorted)
@pytest.mark.parametrize(
    "tag",
    [*range(2, 6), *range(21, 26), 28, 29, 30, 32, 35, 36, 37, 256, 258, 260, 55_799, 2**64 - 1],
)
def test_no_tag_but_the_expected_ones_is_read(tag: int, allowed: frozenset[int]) -> None:
    for content in ("1", b"\1", [1, 2], 0):
        data = cbor2.dumps(cbor2.CBORTag(tag, content))
        assert refusal(decode, data, allowed) is Reason.CBOR_TAG_REFUSED
        assert refusal(decode, b"\x81" + data, allowed) is Reason.CBOR_TAG_REFUSED


@pytest.mark.parametrize(
    "hexadecimal",
    [
        pytest.param("c4821b7fffffffffffffff01", id="ten to the power of 2**63"),
        pytest.param("c5821b7fffffffffffffff01", id="two to the power of 2**63"),
        pytest.param("d81c81d81d00", id="a list that holds itself"),
        pytest.param("d8236a28612b292b5e2461612b", id="a regular expression"),
        pytest.param("d90100826161d81900", id="references to texts"),
    ],
)
def test_items_that_swell_or_run_are_refused(hexadecimal: str) -> None:
    assert refused(hexadecimal, DATE_TAGS) is Reason.CBOR_TAG_REFUSED


@pytest.mark.parametrize("tag", [0, 1, 1004])
@pytest.mark.parametrize("content", ["2021-11-22T08:00:00Z", "2021-11-22", 1637568000, 1.5, None])
def test_what_is_under_a_date_tag_comes_with_the_tag(tag: int, content: object) -> None:
    assert decode(cbor2.dumps(cbor2.CBORTag(tag, content)), DATE_TAGS) == Tagged(tag, content)


@pytest.mark.parametrize("tag", sorted(DATE_TAGS))
def test_a_date_tag_has_no_place_in_a_message(tag: int) -> None:
    data = cbor2.dumps(cbor2.CBORTag(tag, "2021-11-22"))
    assert refusal(decode, data, MESSAGE_TAGS) is Reason.CBOR_TAG_REFUSED


@pytest.mark.parametrize("tag", sorted(MESSAGE_TAGS))
def test_a_message_tag_has_no_place_in_a_payload(tag: int) -> None:
    data = cbor2.dumps(cbor2.CBORTag(tag, {}))
    assert refusal(decode, data, DATE_TAGS) is Reason.CBOR_TAG_REFUSED
    assert decode(data, MESSAGE_TAGS) == Tagged(tag, {})


def _values() -> st.SearchStrategy[Any]:
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-(2**64), 2**64 - 1)
        | st.floats(allow_nan=False)
        | st.text()
        | st.binary()
    )
    keys = st.text() | st.integers(-300, 300)
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def outcome(data: bytes, tags: frozenset[int]) -> Any:
    try:
        return decode(data, tags)
    except DecodeError as error:
        return error.reason


@given(_values())
@settings(deadline=None, derandomize=True)
def test_what_the_library_writes_is_read_back(value: object) -> None:
    assert outcome(cbor2.dumps(value), NO_TAGS) in (value, Reason.CBOR_TOO_COMPLEX)


@given(st.binary(max_size=64))
@settings(deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for tags in (NO_TAGS, MESSAGE_TAGS, DATE_TAGS):
        result = outcome(data, tags)
        assert not isinstance(result, Reason) or result.name.startswith("CBOR_")


@pytest.mark.parametrize(("hexadecimal", "check"), [("f97e00", math.isnan), ("f97c00", math.isinf)])
def test_what_is_no_number_is_left_to_the_claims(hexadecimal: str, check: Any) -> None:
    assert check(decode(bytes.fromhex(hexadecimal), NO_TAGS))
