"""Sealed rows open with their own key, in their own place, and never once they were changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.core.causes import Cause
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.records import (
    RecordError,
    amendment_from_json,
    amendment_to_json,
    guest_from_json,
    guest_to_json,
)
from kiosk.core.sealing import KEY_LENGTH, Sealer, SealError, name_of_key
from tests.door import MORNING, SEALER, guest

ROW = ("guests", "guest-1", "Zoé Łukasik".encode())


def test_a_row_opens_with_its_key_in_its_place() -> None:
    assert SEALER.open(*ROW[:2], SEALER.seal(*ROW)) == ROW[2]
    assert SEALER.open("guests", "", SEALER.seal("guests", "", b"")) == b""


def test_no_two_sealed_rows_are_alike_nor_show_what_is_in_them() -> None:
    sealed = {SEALER.seal(*ROW) for _ in range(50)}
    assert len(sealed) == 50
    assert {len(row) for row in sealed} == {len(ROW[2]) + 29}
    # Two letters alone turn up by chance in one of twenty runs.
    assert not [row for row in sealed if b"ukasik" in row]


@pytest.mark.parametrize(
    "place",
    [("gone_guests", "guest-1"), ("guests", "guest-2"), ("guests|guest", "-1"), ("", "guest-1")],
)
def test_a_row_does_not_open_in_another_place(place: tuple[str, str]) -> None:
    with pytest.raises(SealError):
        SEALER.open(*place, SEALER.seal(*ROW))


def test_a_row_does_not_open_with_another_key_and_nothing_of_it_is_told() -> None:
    with pytest.raises(SealError) as caught:
        Sealer(bytes(KEY_LENGTH)).open(*ROW[:2], SEALER.seal(*ROW))
    assert "guest-1" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_change_of_any_one_bit_is_noticed() -> None:
    sealed = SEALER.seal(*ROW)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            SEALER.open(*ROW[:2], bytes(changed))


def test_a_row_that_is_cut_anywhere_does_not_open() -> None:
    sealed = SEALER.seal(*ROW)
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            SEALER.open(*ROW[:2], sealed[:length])


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        Sealer(bytes(length))


def test_the_name_of_a_key_tells_keys_apart_and_nothing_else() -> None:
    key = bytes(range(KEY_LENGTH))
    assert SEALER.key_name == name_of_key(key) != name_of_key(bytes(KEY_LENGTH))
    assert len(SEALER.key_name) == 16
    assert key.hex() not in repr(SEALER)
    assert SEALER.key_name in repr(SEALER)


PEOPLE = [
    guest("Zoé", "Łukasik"),
    guest("Νίκος", "O'Brien\n\"|", language="el", birth_year=1980),
    replace(
        guest(badge=bytes(range(248, 256))),
        occasions=frozenset(),
        attendance=Attendance.REMOTE,
        selection=Selection.WAITING,
        registered_on=date(2021, 11, 3),
    ),
]


@pytest.mark.parametrize("person", PEOPLE)
def test_a_guest_comes_back_with_every_field(person: Guest) -> None:
    assert guest_from_json(guest_to_json(person)) == person


@pytest.mark.parametrize(
    "what",
    [
        *PEOPLE,
        Change("guest-1"),
        Change("guest-1", badge=b"\x00reprint"),
        Change("guest-1", selection=Selection.DECLINED, occasions=frozenset()),
        Change("guest-1", attendance=Attendance.IN_PERSON, occasions=frozenset({"a", "b"})),
    ],
)
def test_what_was_changed_at_a_door_comes_back_with_every_field(what: Guest | Change) -> None:
    amendment = Amendment("0190", MORNING, "desk-1", "session-1", Cause.WALK_IN, what)
    assert amendment_from_json(amendment_to_json(amendment)) == amendment


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        guest_to_json(PEOPLE[0]).replace(b'"selected"', b'"invited"'),
        guest_to_json(PEOPLE[0]).replace(b'"id"', b'"shoe":1,"id"'),
        guest_to_json(PEOPLE[0]).replace(b'"badge":"', b'"badge":"x'),
    ],
)
def test_a_record_of_another_version_is_told_without_its_content(data: bytes) -> None:
    for read in (guest_from_json, amendment_from_json):
        with pytest.raises(RecordError) as caught:
            read(data)
        assert "ukasik" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_change_with_a_field_that_is_not_known_is_told() -> None:
    data = amendment_to_json(
        Amendment("0190", MORNING, "d", "s", Cause.WALK_IN, Change("guest-1"))
    ).replace(b'"guest_id"', b'"shoe":1,"guest_id"')
    with pytest.raises(RecordError):
        amendment_from_json(data)
