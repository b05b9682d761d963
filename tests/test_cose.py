"""COSE_Sign1: forms and headers that are tolerated, each with its note, and those refused."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from cbor2 import CBORTag

from kiosk.core.hcert.cose import MAX_KID, Algorithm, parse
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from tests.certificates import refusal

KID = b"8 bytes."
OTHER_KID = b"another."
HEADER: dict[Any, Any] = {1: -7, 4: KID}
PAYLOAD = b"what is signed"
SIGNATURE = bytes(range(64))


def message(
    header: object = HEADER, unprotected: object = None, tags: tuple[int, ...] = (18,)
) -> bytes:
    item: Any = [cbor2.dumps(header), unprotected or {}, PAYLOAD, SIGNATURE]
    for tag in reversed(tags):
        item = CBORTag(tag, item)
    return cbor2.dumps(item)


def test_a_tagged_message_is_taken_apart_without_a_note() -> None:
    parsed = parse(message())
    assert parsed.protected == cbor2.dumps(HEADER)
    assert (parsed.kid, parsed.algorithm) == (KID, Algorithm.ES256)
    assert (parsed.payload, parsed.signature) == (PAYLOAD, SIGNATURE)
    assert parsed.notes == ()


def test_what_is_signed_holds_the_header_as_received() -> None:
    long_form = bytes.fromhex("a2 1801 26 1804 48") + KID  # 1 and 4 in two bytes each
    parsed = parse(cbor2.dumps(CBORTag(18, [long_form, {}, PAYLOAD, SIGNATURE])))
    assert parsed.kid == KID
    assert parsed.to_be_signed() == cbor2.dumps(["Signature1", long_form, b"", PAYLOAD])


@pytest.mark.parametrize(
    ("tags", "notes"),
    [
        ((18,), ()),
        ((), (Note.COSE_UNTAGGED,)),
        ((61, 18), (Note.COSE_CWT_TAGGED,)),
    ],
    ids=repr,
)
def test_three_forms_are_read_two_of_them_with_a_note(
    tags: tuple[int, ...], notes: tuple[Note, ...]
) -> None:
    assert parse(message(tags=tags)).notes == notes


@pytest.mark.parametrize("tags", [(61,), (18, 61), (18, 18), (61, 61), (61, 61, 18)], ids=repr)
def test_tags_in_another_order_are_refused(tags: tuple[int, ...]) -> None:
    assert refusal(parse, message(tags=tags)) is Reason.COSE_STRUCTURE


@pytest.mark.parametrize("tag", [16, 17, 96, 97, 98, 0, 2, 24, 55_799])
def test_another_tag_is_refused(tag: int) -> None:
    assert refusal(parse, message(tags=(tag,))) is Reason.CBOR_TAG_REFUSED
    assert refusal(parse, message(tags=(tag, 18))) is Reason.CBOR_TAG_REFUSED


HEAD = cbor2.dumps(HEADER)


@pytest.mark.parametrize(
    "item",
    [
        {},
        [],
        b"",
        "",
        "four",
        None,
        7,
        [HEAD, {}, PAYLOAD],
        [HEAD, {}, PAYLOAD, SIGNATURE, b""],
        [HEADER, {}, PAYLOAD, SIGNATURE],
        [HEAD, None, PAYLOAD, SIGNATURE],
        [HEAD, [], PAYLOAD, SIGNATURE],
        [HEAD, b"", PAYLOAD, SIGNATURE],
        [HEAD, {}, None, SIGNATURE],  # a detached payload
        [HEAD, {}, "text", SIGNATURE],
        [HEAD, {}, PAYLOAD, None],
        [HEAD, {}, PAYLOAD, [SIGNATURE]],
        [HEAD.hex(), {}, PAYLOAD, SIGNATURE],
        [cbor2.dumps([1, -7]), {}, PAYLOAD, SIGNATURE],
        [cbor2.dumps(-7), {}, PAYLOAD, SIGNATURE],
        [cbor2.dumps(HEAD), {}, PAYLOAD, SIGNATURE],
        [HEAD, {}, CBORTag(18, PAYLOAD), SIGNATURE],
    ],
    ids=repr,
)
def test_what_is_no_array_of_the_four_parts_is_refused(item: object) -> None:
    assert refusal(parse, cbor2.dumps(CBORTag(18, item))) is Reason.COSE_STRUCTURE
    assert refusal(parse, cbor2.dumps(item)) is Reason.COSE_STRUCTURE


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (HEAD + b"\0", Reason.CBOR_TRAILING_BYTES),
        (HEAD[:-1], Reason.CBOR_MALFORMED),
        (bytes.fromhex("a3012601260441ff"), Reason.CBOR_MALFORMED),  # the algorithm twice
        (cbor2.dumps({1: -7, 4: CBORTag(18, KID)}), Reason.CBOR_TAG_REFUSED),
        (b"\xd2" + HEAD, Reason.CBOR_TAG_REFUSED),
    ],
)
def test_a_broken_protected_header_is_refused(head: bytes, reason: Reason) -> None:
    item = [head, {}, PAYLOAD, SIGNATURE]
    assert refusal(parse, cbor2.dumps(CBORTag(18, item))) is reason


def test_bytes_behind_the_message_are_refused() -> None:
    assert refusal(parse, message() + b"\0") is Reason.CBOR_TRAILING_BYTES


@pytest.mark.parametrize(
    ("value", "algorithm"), [(-7, Algorithm.ES256), (-37, Algorithm.PS256)], ids=repr
)
def test_two_algorithms_are_known(value: int, algorithm: Algorithm) -> None:
    assert parse(message({1: value, 4: KID})).algorithm is algorithm


OTHER_ALGORITHMS = [
    0, -8, 5, -257, -35, -36, -38, -39, -6, 7, 37, "ES256", "-7", True, False, -7.0, -37.0, None,
    b"\x26", [-7], {}, 2**63, -(2**64),
]  # fmt: skip


@pytest.mark.parametrize("value", OTHER_ALGORITHMS, ids=repr)
def test_no_other_algorithm_is_known(value: object) -> None:
    assert refusal(parse, message({1: value, 4: KID})) is Reason.ALGORITHM_UNSUPPORTED
    assert refusal(parse, message({4: KID}, {1: value})) is Reason.ALGORITHM_UNSUPPORTED


def test_a_message_without_an_algorithm_is_refused() -> None:
    assert refusal(parse, message({4: KID})) is Reason.ALGORITHM_UNSUPPORTED


@pytest.mark.parametrize("value", OTHER_ALGORITHMS, ids=repr)
def test_a_protected_algorithm_wins_over_an_unprotected_one(value: object) -> None:
    parsed = parse(message(HEADER, {1: value}))
    assert (parsed.algorithm, parsed.notes) == (Algorithm.ES256, ())
    assert refusal(parse, message({1: value, 4: KID}, {1: -7})) is Reason.ALGORITHM_UNSUPPORTED


def test_a_protected_kid_wins_over_an_unprotected_one() -> None:
    parsed = parse(message(HEADER, {4: OTHER_KID}))
    assert (parsed.kid, parsed.notes) == (KID, ())


@pytest.mark.parametrize(
    ("header", "unprotected", "notes"),
    [
        ({4: KID}, {1: -7}, (Note.ALGORITHM_UNPROTECTED,)),
        ({1: -7}, {4: KID}, (Note.KID_UNPROTECTED,)),
        ({}, HEADER, (Note.ALGORITHM_UNPROTECTED, Note.KID_UNPROTECTED)),
    ],
    ids=["algorithm", "kid", "both"],
)
def test_an_unprotected_label_is_read_with_a_note(
    header: object, unprotected: object, notes: tuple[Note, ...]
) -> None:
    parsed = parse(message(header, unprotected))
    assert (parsed.kid, parsed.algorithm, parsed.notes) == (KID, Algorithm.ES256, notes)


def test_an_empty_protected_header_may_be_no_bytes_at_all() -> None:
    parsed = parse(cbor2.dumps(CBORTag(18, [b"", HEADER, PAYLOAD, SIGNATURE])))
    assert parsed.notes == (Note.ALGORITHM_UNPROTECTED, Note.KID_UNPROTECTED)
    assert parsed.to_be_signed() == cbor2.dumps(["Signature1", b"", b"", PAYLOAD])


@pytest.mark.parametrize("header", [{1: -7}, {1: -7, 4: None}], ids=repr)
def test_a_message_without_a_kid_is_refused(header: object) -> None:
    assert refusal(parse, message(header)) is Reason.KID_MISSING


def test_a_protected_kid_of_null_is_not_replaced_by_an_unprotected_one() -> None:
    assert refusal(parse, message({1: -7, 4: None}, {4: KID})) is Reason.KID_MISSING


@pytest.mark.parametrize("kid", [b"k", b"wprdkey1", b"Key3RE", bytes(MAX_KID)], ids=repr)
def test_a_kid_is_any_bytes_up_to_the_limit(kid: bytes) -> None:
    assert parse(message({1: -7, 4: kid})).kid == kid


@pytest.mark.parametrize("kid", [b"", bytes(MAX_KID + 1), "text", 7, True, [KID], {}], ids=repr)
def test_any_other_kid_is_refused(kid: object) -> None:
    assert refusal(parse, message({1: -7, 4: kid})) is Reason.COSE_STRUCTURE
    assert refusal(parse, message({1: -7}, {4: kid})) is Reason.COSE_STRUCTURE


def test_other_labels_are_left_alone() -> None:
    assert parse(message({**HEADER, 3: "application/cwt", "x": [1]}, {33: b"x5chain"})).kid == KID


def test_a_message_shows_nothing_of_itself() -> None:
    assert "what is signed" not in repr(parse(message()))
