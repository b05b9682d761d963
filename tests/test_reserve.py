"""Blank badges in reserve: numbers of each desk, the list that travels, the table that keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import DatabaseError, open_database
from kiosk.adapters.storage.reserve import (
    add_reserve,
    note_printed,
    printed_badges,
    stored_reserve,
)
from kiosk.core.guests.reserve import (
    Reserve,
    ReserveBadge,
    ReserveError,
    read_reserve,
    reserve_json,
    series_of,
)

ONE = ReserveBadge(b"blank001", "Desk 2", "R2-001")
TWO = ReserveBadge(b"blank002", "Desk 2", "R2-002")


def test_a_blank_badge_is_found_by_its_id_and_by_its_number() -> None:
    reserve = Reserve([ONE, TWO])
    assert reserve.find(b"blank002") is TWO
    assert reserve.find(b"unknown!") is None
    assert reserve.by_number(" r2-001 ") is ONE
    assert reserve.by_number("R2-003") is None
    assert len(reserve) == 2


@pytest.mark.parametrize(
    ("desk", "series"),
    [("Desk 2", "2"), ("Desk 02", "2"), ("Porte Nord", "POR"), ("Nord 1 bis 12", "12")],
)
def test_a_desk_s_numbers_begin_with_its_own(desk: str, series: str) -> None:
    assert series_of(desk) == series
    assert Reserve().next_numbers(desk, 2) == (f"R{series}-001", f"R{series}-002")


@pytest.mark.parametrize("desk", ["", "Север", "0"])
def test_a_desk_without_number_or_letters_cannot_be_numbered(desk: str) -> None:
    with pytest.raises(ReserveError, match='Name it "Desk 2"'):
        series_of(desk)


def test_numbers_go_on_where_they_ended() -> None:
    assert Reserve([TWO, ONE]).next_numbers("Desk 2", 2) == ("R2-003", "R2-004")


def test_two_desks_never_share_a_number() -> None:
    with pytest.raises(ReserveError, match='as "Desk 2" does'):
        Reserve([ONE]).next_numbers("Porte 2", 1)


def test_a_desk_has_999_blank_badges_and_no_more() -> None:
    last = ReserveBadge(b"blank998", "Desk 2", "R2-998")
    assert Reserve([last]).next_numbers("Desk 2", 1) == ("R2-999",)
    with pytest.raises(ReserveError, match="at most; 998 are made"):
        Reserve([last]).next_numbers("Desk 2", 2)


def test_the_list_travels_as_it_is() -> None:
    assert list(read_reserve(reserve_json(Reserve([TWO, ONE])))) == [ONE, TWO]
    assert len(read_reserve(reserve_json(Reserve()))) == 0


ROW = {"badge": "00" * 8, "desk": "Desk 2", "number": "R2-001"}


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[" * 100_000,
        "{}",
        json.dumps([1]),
        json.dumps([{**ROW, "more": ""}]),
        json.dumps([{**ROW, "badge": "00" * 7}]),
        json.dumps([{**ROW, "badge": 5}]),
        json.dumps([{**ROW, "number": "17"}]),
        json.dumps([ROW, ROW]),
        json.dumps([ROW, {**ROW, "badge": "11" * 8}]),
        json.dumps([ROW, {**ROW, "number": "R2-002"}]),
    ],
)
def test_a_damaged_list_is_not_taken_in(text: str) -> None:
    with pytest.raises(ReserveError, match="again"):
        read_reserve(text)


def test_blank_badges_are_kept_and_those_that_are_there_stay(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        assert len(stored_reserve(database)) == 0
        add_reserve(database, [ONE])
        add_reserve(database, [ONE, TWO])
    with open_database(tmp_path) as database:
        assert list(stored_reserve(database)) == [ONE, TWO]


def test_two_blank_badges_of_one_number_are_refused_together(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        add_reserve(database, [ONE])
        with pytest.raises(DatabaseError):
            add_reserve(database, [TWO, ReserveBadge(b"another!", "Desk 2", "R2-001")])
        assert list(stored_reserve(database)) == [ONE]


def test_what_was_printed_is_known_by_the_key_that_signed_it(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        note_printed(database, [b"badge001"], "old-key")
        note_printed(database, [b"badge001", b"badge002"], "new-key")
        note_printed(database, [b"badge002"], "new-key")
        assert printed_badges(database, "old-key") == {b"badge001"}
        assert printed_badges(database, "new-key") == {b"badge001", b"badge002"}
        assert printed_badges(database, "other") == frozenset()
