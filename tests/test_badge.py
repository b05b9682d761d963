"""Badges: made by the organiser's key, for one event, without a name; anything else is refused."""

from __future__ import annotations

import re

import pytest
import segno
from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.guests.badge import (
    ID_LENGTH,
    PREFIX,
    Badge,
    BadgeProblem,
    is_badge,
    make_badge,
    open_badge,
)
from kiosk.core.reasons import Reason

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
EVENT, OTHER_EVENT = "saint-ouen-2021", "lyon-2022"
BADGE_ID = bytes.fromhex("0123456789abcdef")
TEXT = make_badge(BADGE_ID, EVENT, KEY)
FORGED, OTHER = BadgeProblem(Reason.BADGE_FORGED), BadgeProblem(Reason.BADGE_OTHER_EVENT)


def text_of(data: bytes) -> str:
    return PREFIX + bytes(b45encode(data)).decode("ascii")


def data_of(text: str) -> bytes:
    return bytes(b45decode(text.removeprefix(PREFIX)))


@given(st.binary(min_size=ID_LENGTH, max_size=ID_LENGTH))
def test_a_badge_opens_to_its_id(badge_id: bytes) -> None:
    assert open_badge(make_badge(badge_id, EVENT, KEY), EVENT, PUBLIC) == Badge(badge_id)


@pytest.mark.parametrize("badge_id", [bytes(8), b"\xff" * 8, BADGE_ID], ids=bytes.hex)
def test_every_badge_is_119_characters_of_the_alphanumeric_mode(badge_id: bytes) -> None:
    text = make_badge(badge_id, EVENT, KEY)
    assert len(text) == 119
    assert re.fullmatch(r"B1:[0-9A-Z $%*+\-./:]+", text)


def test_a_badge_fits_a_version_5_code_at_level_m_and_no_smaller_one() -> None:
    code = segno.make(TEXT, error="m", boost_error=False)
    assert (code.designator, code.mode) == ("5-M", "alphanumeric")


@pytest.mark.parametrize("length", [0, ID_LENGTH - 1, ID_LENGTH + 1])
def test_a_badge_id_has_eight_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        make_badge(bytes(length), EVENT, KEY)


def test_a_badge_says_nothing_but_its_id() -> None:
    body = data_of(TEXT)[:-64]
    assert (body[0], body[5:]) == (1, BADGE_ID)
    assert len(body) == 13


def test_a_badge_with_any_bit_flipped_is_refused() -> None:
    data = data_of(TEXT)
    for position in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            in_event_mark = 1 <= position < 5
            expected = OTHER if in_event_mark else FORGED
            assert open_badge(text_of(bytes(flipped)), EVENT, PUBLIC) == expected


def test_a_badge_with_any_character_replaced_left_out_or_added_is_refused() -> None:
    for position in range(len(PREFIX), len(TEXT)):
        other = "0" if TEXT[position] != "0" else "1"
        for text in (
            TEXT[:position] + other + TEXT[position + 1 :],
            TEXT[:position] + TEXT[position + 1 :],
            TEXT[:position] + other + TEXT[position:],
        ):
            assert isinstance(open_badge(text, EVENT, PUBLIC), BadgeProblem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B1:",
        TEXT[:-1],
        TEXT + "0",
        TEXT + "\n",
        " " + TEXT,
        TEXT.lower(),
        TEXT.removeprefix(PREFIX),
        PREFIX + "é" * 116,
        PREFIX + ":" * 116,
        PREFIX + "\x00" * 116,
        PREFIX + "0" * 100_000,
        text_of(bytes(77)),
        text_of(data_of(TEXT) + b"\x00"),
        text_of(data_of(TEXT)[:-1]),
    ],
    ids=range(15),
)
def test_what_is_no_badge_is_called_forged_or_foreign_and_raises_nothing(text: str) -> None:
    assert open_badge(text, EVENT, PUBLIC) in (FORGED, OTHER)


@given(st.text(max_size=200))
def test_no_text_makes_a_badge_by_chance(text: str) -> None:
    assert isinstance(open_badge(PREFIX + text, EVENT, PUBLIC), BadgeProblem)
    assert isinstance(open_badge(text, EVENT, PUBLIC), BadgeProblem)


def test_another_key_makes_no_badge_of_this_event() -> None:
    foreign = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert open_badge(make_badge(BADGE_ID, EVENT, foreign), EVENT, PUBLIC) == FORGED


@pytest.mark.parametrize("key", [KEY, Ed25519PrivateKey.from_private_bytes(bytes(32))])
def test_a_badge_of_another_event_is_told_whoever_signed_it(key: Ed25519PrivateKey) -> None:
    assert open_badge(make_badge(BADGE_ID, OTHER_EVENT, key), EVENT, PUBLIC) == OTHER


def test_a_signature_over_the_body_alone_is_of_no_use() -> None:
    body = data_of(TEXT)[:-64]
    assert open_badge(text_of(body + KEY.sign(body)), EVENT, PUBLIC) == FORGED


def test_a_badge_of_a_later_version_is_not_believed() -> None:
    body = b"\x02" + data_of(TEXT)[1:-64]
    signed = text_of(body + KEY.sign(b"kiosk-badge-1\x00" + body))
    assert open_badge(signed, EVENT, PUBLIC) == FORGED


@pytest.mark.parametrize(
    ("text", "claims"),
    [("B1:", True), (TEXT, True), ("b1:", False), ("HC1:B1:", False), (" B1:", False), ("", False)],
)
def test_a_badge_is_what_begins_as_one(text: str, *, claims: bool) -> None:
    assert is_badge(text) is claims
