"""Base45 as RFC 9285 says: beside the package that is the reference, and every small text."""

from __future__ import annotations

import itertools

import pytest
from base45 import b45decode, b45encode
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.hcert.base45 import ALPHABET, MAX_TEXT, decode
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from tests.certificates import refusal


def ours(text: str) -> bytes | None:
    try:
        return decode(text)
    except DecodeError:
        return None


def reference(text: str) -> bytes | None:
    # It strips newlines off a str, which RFC 9285 does not.
    try:
        return None if text.endswith("\n") else bytes(b45decode(text))
    except (ValueError, TypeError):
        return None


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("BB8", b"AB"),
        ("%69 VD92EX0", b"Hello!!"),
        ("UJCLQE7W581", b"base-45"),
        ("QED8WEX0", b"ietf!"),
        ("", b""),
    ],
)
def test_the_examples_of_the_standard(text: str, data: bytes) -> None:
    assert decode(text) == data


def test_every_text_of_up_to_two_letters() -> None:
    for length in range(3):
        for letters in itertools.product(ALPHABET, repeat=length):
            assert ours("".join(letters)) == reference("".join(letters))


def test_every_group_of_three_letters() -> None:
    for number, letters in enumerate(itertools.product(ALPHABET, repeat=3)):
        high, middle, low = letters
        value = 45 * (45 * ALPHABET.index(high) + ALPHABET.index(middle)) + ALPHABET.index(low)
        assert value == number
        expected = value.to_bytes(2) if value <= 0xFFFF else None
        assert ours(low + middle + high) == expected


def test_a_group_is_decoded_alike_wherever_it_stands() -> None:
    largest, too_large = "FGW", "GGW"
    for before, behind in itertools.product(range(6), repeat=2):
        text = "000" * before + largest + "000" * behind
        assert decode(text) == bytes(2 * before) + b"\xff\xff" + bytes(2 * behind)
        wrong = "000" * before + too_large + "000" * behind
        assert refusal(decode, wrong) is Reason.BASE45_INVALID


def test_no_character_but_the_45_is_a_letter() -> None:
    for code in (*range(256), 0x131, 0x212A, 0x660, 0xFF10, 0xD800, 0x1D7CE):
        for text in (chr(code) + "00", "0" + chr(code) + "0", "000" + chr(code) + "0"):
            assert (ours(text) is not None) is (chr(code) in ALPHABET), code


def test_a_text_of_any_length_of_a_code_is_decoded() -> None:
    for length in range(MAX_TEXT + 1):
        data = ours("0" * length)
        assert data == (None if length % 3 == 1 else bytes(length // 3 * 2 + (length % 3) // 2))


def test_a_longer_text_is_refused() -> None:
    assert refusal(decode, "000" * (MAX_TEXT // 3 + 1)) is Reason.BASE45_INVALID


def test_no_code_ends_with_a_blank_so_that_a_scanner_may_take_it_off() -> None:
    """The last letter is the highest of its group, and a blank is too high for two bytes."""
    for letters in itertools.product(ALPHABET, repeat=2):
        assert ours("".join(letters) + " ") is None
        assert ours(letters[0] + " ") is None
    assert {b45encode(bytes([high, low]))[-1:] for high in range(256) for low in (0, 255)} <= {
        letter.encode() for letter in ALPHABET[: ALPHABET.index("W") + 1]
    }


quietly = settings(deadline=None, derandomize=True, max_examples=500)


@given(st.binary(max_size=2_800))
@quietly
def test_what_the_reference_encodes_is_decoded(data: bytes) -> None:
    assert decode(b45encode(data).decode("ascii")) == data


@given(st.text(ALPHABET, max_size=40) | st.text(ALPHABET + "aü\n\0", max_size=12))
@quietly
def test_any_text_is_decoded_as_by_the_reference(text: str) -> None:
    assert ours(text) == reference(text)


@given(st.binary(min_size=1, max_size=60), st.data())
@quietly
def test_a_text_with_one_change_is_decoded_as_by_the_reference(
    data: bytes, draw: st.DataObject
) -> None:
    text = b45encode(data).decode("ascii")
    at = draw.draw(st.integers(0, len(text) - 1))
    letter = draw.draw(st.sampled_from(ALPHABET + "a\n"))
    changed = text[:at] + letter + text[at + draw.draw(st.integers(0, 1)) :]
    assert ours(changed) == reference(changed)
