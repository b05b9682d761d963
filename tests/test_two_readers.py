"""Two independent readers of CBOR agree: ours, and cbor2 as the reference.

Whatever ours reads, cbor2 reads to the same; what cbor2 reads and ours refuses is refused for one
of the reasons that the module names, and that reason is looked for in what cbor2 read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import cbor2
import pytest
from cbor2 import CBORSimpleValue, CBORTag, undefined
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.hcert import cbor
from kiosk.core.hcert.cbor import DATE_TAGS, MESSAGE_TAGS, NO_TAGS, Tagged, decode
from kiosk.core.hcert.cose import parse
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from tests.certificates import claims, rsa_signer, signer
from tests.fuzz.mutations import mutated_bytes

FAULTS = (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError, ArithmeticError)
ALL_TAGS = (*range(6), 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004)
AS_TAGGED = {
    number: lambda content, _, number=number: CBORTag(number, content) for number in ALL_TAGS
}
MUTATIONS = 20_000


class Refused:
    """What the reference does not read."""


def reference(data: bytes) -> Any:
    """What cbor2 reads, in the form of ours."""
    try:
        return form(cbor2.loads(data, semantic_decoders=AS_TAGGED, allow_duplicate_keys=False))
    except FAULTS:
        return Refused


def form(item: Any) -> Any:
    if isinstance(item, CBORTag):
        return Tagged(item.tag, form(item.value))
    if isinstance(item, Mapping):
        return {key: form(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [form(one) for one in item]
    return None if item is undefined else item


def exact(item: Any) -> Any:
    """A value that is equal for the same types and bits alone: not for 1, 1.0 and true."""
    if isinstance(item, Tagged):
        return ("tag", item.number, exact(item.content))
    if isinstance(item, dict):
        return [(exact(key), exact(value)) for key, value in item.items()]
    if isinstance(item, list):
        return [exact(one) for one in item]
    return (type(item), struct.pack(">d", item) if isinstance(item, float) else item)


def items(item: Any, depth: int = 0) -> Iterator[tuple[Any, int]]:
    """All items inside with their depth, keys too."""
    yield item, depth
    inside: list[Any] = []
    if isinstance(item, Tagged):
        inside = [item.content]
    elif isinstance(item, dict):
        inside = [one for pair in item.items() for one in pair]
    elif isinstance(item, list):
        inside = item
    for one in inside:
        yield from items(one, depth + 1)


def why_refused(item: Any, data: bytes, tags: frozenset[int]) -> set[Reason]:
    """The reasons that ours may give for `data`, of which the reference read `item`."""
    reasons = set()
    every = list(items(item))
    if any(isinstance(one, Tagged) and one.number not in tags for one, _ in every):
        reasons.add(Reason.CBOR_TAG_REFUSED)
    if len(every) > cbor.MAX_ITEMS or max(depth for _, depth in every) > cbor.MAX_DEPTH:
        reasons.add(Reason.CBOR_TOO_COMPLEX)
    if any(isinstance(one, CBORSimpleValue) for one, _ in every):
        reasons.add(Reason.CBOR_MALFORMED)
    if any(has_odd_keys(one) for one, _ in every):
        reasons |= {Reason.CBOR_MALFORMED, Reason.CBOR_TAG_REFUSED, Reason.CBOR_TOO_COMPLEX}
    if length_of_first(data) < len(data):
        reasons.add(Reason.CBOR_TRAILING_BYTES)
    return reasons


def has_odd_keys(item: Any) -> bool:
    """Whether it is a map with keys that are neither texts nor integers."""
    return isinstance(item, dict) and any(type(key) not in (int, str) for key in item)


def length_of_first(data: bytes) -> int:
    """How many bytes the first item has: the fewest that the reference reads."""
    low, high = 1, len(data)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reference(data[:middle]) is not Refused else (middle + 1, high)
    return low


def outcome(data: bytes, tags: frozenset[int]) -> Any:
    """What ours reads, or its reason not to."""
    try:
        return decode(data, tags)
    except DecodeError as error:
        return error.reason


def agree(data: bytes, tags: frozenset[int]) -> bool:
    """Whether ours reads it; that both agree is asserted."""
    expected, read = reference(data), outcome(data, tags)
    if not isinstance(read, Reason):
        assert expected is not Refused, data.hex()
        assert exact(read) == exact(expected), data.hex()
        return True
    if expected is not Refused:
        assert read in why_refused(expected, data, tags), data.hex()
    return False


def originals() -> list[tuple[bytes, frozenset[int]]]:
    """Messages, headers and payloads, and some more kinds of items than they have."""
    made: list[tuple[bytes, frozenset[int]]] = []
    for issuer in (signer(), rsa_signer()):
        for group in "vtr":
            data = open_envelope(issuer.sign(claims(group)))
            message = parse(data)
            made.append((data, MESSAGE_TAGS))
            made.append((message.protected, NO_TAGS))
            made.append((message.payload, DATE_TAGS))
    dated = claims("t", sc=CBORTag(0, "2021-11-21T12:00:00Z"), dr=CBORTag(1, 1.5), nm=None)
    odd = [True, False, None, -1, 2**63, -(2**64), 1.5, 1e300, b"", "", "é", {1: [2, {}]}, 65504.0]
    made.append((cbor2.dumps(dated), DATE_TAGS))
    made.append((cbor2.dumps(odd), DATE_TAGS))
    made.append((bytes.fromhex("9fbf6161f97e00ff7f61616162ff5f4161ffc174ff"), DATE_TAGS))
    return made


@pytest.mark.parametrize("which", range(len(originals())))
def test_mutated_items_are_read_alike(which: int) -> None:
    data, tags = originals()[which]
    random = Random(which)  # noqa: S311  # the same faults in every run
    count = MUTATIONS // len(originals()) + 1
    read = sum(agree(mutated_bytes(random, data), tags) for _ in range(count))
    assert 0 < read < count


def test_every_item_of_up_to_two_bytes_is_read_alike() -> None:
    for first in range(256):
        agree(bytes([first]), DATE_TAGS)
        for second in range(256):
            agree(bytes([first, second]), DATE_TAGS)


@given(st.binary(max_size=40))
@settings(deadline=None, derandomize=True, max_examples=1_000)
def test_any_bytes_are_read_alike(data: bytes) -> None:
    agree(data, DATE_TAGS)


def _values() -> st.SearchStrategy[Any]:
    keys = st.text(max_size=30) | st.integers(-(2**64), 2**64 - 1)
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-(2**64), 2**64 - 1)
        | st.floats()
        | st.text(max_size=300)
        | st.binary(max_size=300)
    )
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(keys, inner, max_size=4)
            | st.tuples(st.sampled_from([0, 1, 1004, 2, 18]), inner).map(lambda t: CBORTag(*t))
        ),
        max_leaves=12,
    )


@given(_values())
@settings(deadline=None, derandomize=True, max_examples=500)
def test_what_the_reference_writes_is_read_alike(value: object) -> None:
    agree(cbor2.dumps(value), DATE_TAGS)
    agree(cbor2.dumps(value, canonical=True), DATE_TAGS)


def test_what_is_signed_is_what_the_reference_would_write() -> None:
    for length in (0, 1, 23, 24, 255, 256, 65_535, 65_536):
        for message in (
            parse(open_envelope(signer().sign(claims())))._replace(payload=bytes(length)),
            parse(open_envelope(signer().sign(claims())))._replace(protected=bytes(length)),
        ):
            written = ["Signature1", message.protected, b"", message.payload]
            assert message.to_be_signed() == cbor2.dumps(written)
