"""The entry log: a chain that shows every change, and a fold that knows no order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.attendance import Attendance
from kiosk.core.causes import Cause
from kiosk.core.entry import (
    GENESIS,
    EntryAct,
    EntryBasis,
    EntryRecord,
    digest_of,
    first_break,
    next_hlc,
)
from kiosk.core.guests.standing import Standing
from tests.door import MORNING, saint_ouen

ZONE = saint_ouen().time_zone
SECOND = timedelta(seconds=1)
IN, OUT, CHECK = EntryAct.IN, EntryAct.OUT, EntryAct.CHECK


def record(seq: int, act: EntryAct = IN, at: datetime = MORNING, **changes: Any) -> EntryRecord:
    plain = EntryRecord(
        id=f"id-{changes.get('kiosk', 'kiosk-1')}-{seq}",
        epoch="epoch-1",
        seq=seq,
        event="saint-ouen-2021",
        kiosk="kiosk-1",
        act=act,
        guest="guest-1",
        occasion="policy-day-1",
        door="north",
        basis=EntryBasis.SCANNED,
        staff="operator-1",
        cause=Cause.NONE,
        refers="",
        happened=None,
        at=at,
        hlc=next_hlc(0, at) + seq,
        boot="boot-1",
        mono=float(seq),
        list_version=1,
        previous=GENESIS.hex(),
    )
    return replace(plain, **changes).sealed()


def chain(length: int) -> list[EntryRecord]:
    records: list[EntryRecord] = []
    for seq in range(1, length + 1):
        previous = records[-1].digest if records else GENESIS.hex()
        records.append(record(seq, at=MORNING + seq * SECOND, previous=previous))
    return records


# The chain

CHANGES: dict[str, object] = {
    "id": "another",
    "epoch": "another",
    "seq": 9,
    "event": "another",
    "kiosk": "another",
    "act": OUT,
    "guest": "another",
    "occasion": "another",
    "door": "another",
    "basis": EntryBasis.OFFICIAL_READER,
    "staff": "another",
    "cause": Cause.WALK_IN,
    "refers": "another",
    "happened": MORNING,
    "at": MORNING,
    "hlc": 1,
    "boot": "another",
    "mono": 0.5,
    "list_version": 2,
    "previous": "00" * 32,
    "digest": "00" * 32,
}


def test_an_empty_and_an_untouched_log_have_no_break() -> None:
    assert first_break([]) is None
    assert first_break(chain(7)) is None


def test_every_field_of_a_record_has_a_change() -> None:
    assert set(CHANGES) == {field.name for field in fields(EntryRecord)}


@pytest.mark.parametrize("position", [1, 3, 5])
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_any_field_is_found_where_it_is(name: str, position: int) -> None:
    records = chain(5)
    changes: dict[str, Any] = {name: CHANGES[name]}
    records[position - 1] = replace(records[position - 1], **changes)
    if name == "previous" and position == 1:
        assert first_break(records) is None  # 64 zeros are what stands there
    else:
        assert first_break(records) == position


@pytest.mark.parametrize("position", [1, 3, 4])
def test_a_change_with_a_new_digest_is_found_at_the_next_record(position: int) -> None:
    records = chain(5)
    records[position - 1] = replace(records[position - 1], guest="another").sealed()
    assert first_break(records) == position + 1


def test_a_record_left_out_is_found() -> None:
    records = chain(5)
    for position in range(1, 5):
        assert first_break(records[: position - 1] + records[position:]) == position


def test_two_records_in_each_others_place_are_found() -> None:
    records = chain(5)
    for position in range(1, 5):
        swapped = list(records)
        swapped[position - 1 : position + 1] = records[position], records[position - 1]
        assert first_break(swapped) == position


def test_a_record_twice_and_one_put_in_are_found() -> None:
    records = chain(3)
    assert first_break([*records[:2], records[1], records[2]]) == 3
    assert first_break([record(1), *records]) == 2


def test_the_digest_tells_fields_apart_that_read_alike_when_joined() -> None:
    mine = record(1, guest="ab", occasion="c")
    other = record(1, guest="a", occasion="bc")
    assert mine.digest != other.digest


def test_the_digest_does_not_depend_on_the_digest_before_it_was_made() -> None:
    sealed = record(1)
    assert digest_of(replace(sealed, digest="anything")) == sealed.digest
    assert sealed.sealed() == sealed


# The fold


def standing_after(*records: EntryRecord) -> Standing:
    return Attendance(ZONE, records).standing("guest-1", MORNING)


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], (False, False, "")),
        ([CHECK], (True, False, "")),
        ([CHECK, IN], (True, True, "north")),
        ([IN], (False, True, "north")),
        ([IN, OUT], (False, True, "")),
        ([IN, OUT, IN], (False, True, "north")),
        ([IN, CHECK], (True, True, "north")),
        ([OUT], (False, False, "")),
    ],
)
def test_a_standing_is_what_the_acts_add_up_to(
    acts: Sequence[EntryAct], expected: tuple[bool, bool, str]
) -> None:
    found = standing_after(*[record(seq, act) for seq, act in enumerate(acts, start=1)])
    assert (found.checked, found.admitted, found.inside_at) == expected
    assert found.proved is bool({CHECK, IN} & set(acts))


def test_an_entry_at_a_second_door_is_where_the_guest_is() -> None:
    found = standing_after(record(1), record(2, door="south", at=MORNING + SECOND))
    assert (found.inside_at, found.last_in) == ("south", MORNING + SECOND)


_records = st.lists(
    st.tuples(
        st.sampled_from(EntryAct),
        st.sampled_from(["guest-1", "guest-2", "guest-3"]),
        st.integers(min_value=-2 * 86_400, max_value=2 * 86_400),
        st.sampled_from(["kiosk-1", "kiosk-2"]),
        st.sampled_from(["north", "south"]),
        st.sampled_from(["policy-day-1", "partnering"]),
    ),
    max_size=12,
).map(
    lambda rows: [
        record(
            seq,
            act,
            MORNING + seconds * SECOND,
            guest=guest,
            kiosk=kiosk,
            door=door,
            occasion=occasion,
        )
        for seq, (act, guest, seconds, kiosk, door, occasion) in enumerate(rows, start=1)
    ]
)


@given(_records, st.data())
def test_the_order_of_arrival_and_arriving_twice_make_no_difference(
    records: list[EntryRecord], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(records), max_size=5)) if records else []
    arrived = data.draw(st.permutations([*records, *again]))
    first, second = Attendance(ZONE, records), Attendance(ZONE, arrived)
    for days in range(-3, 4):
        at = MORNING + timedelta(days=days)
        assert dict(first.today(at)) == dict(second.today(at))


def test_records_of_one_instant_are_ordered_by_kiosk_and_seq() -> None:
    both = [
        record(1, IN, kiosk="kiosk-1", hlc=5),
        record(1, OUT, kiosk="kiosk-2", hlc=5),
    ]
    assert standing_after(*both) == standing_after(*reversed(both))
    assert standing_after(*both).inside_at == ""


# Local days


@pytest.mark.parametrize(
    ("at", "same_day"),
    [
        (datetime(2021, 11, 21, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2021, 11, 21, 23, 0, 0, tzinfo=UTC), True),
        (datetime(2021, 11, 22, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2021, 11, 22, 23, 0, 0, tzinfo=UTC), False),
    ],
    ids=["before midnight", "midnight", "before the next midnight", "the next midnight"],
)
def test_a_day_is_from_midnight_to_midnight_on_the_venues_wall(
    at: datetime, *, same_day: bool
) -> None:
    assert standing_after(record(1, at=at)).admitted is same_day


def test_the_day_on_which_the_clocks_go_back_has_25_hours() -> None:
    first = datetime(2021, 10, 30, 22, 0, tzinfo=UTC)
    last = datetime(2021, 10, 31, 22, 59, 59, tzinfo=UTC)
    attendance = Attendance(ZONE, [record(1, at=first)])
    assert attendance.standing("guest-1", last).admitted
    assert not attendance.standing("guest-1", last + SECOND).admitted


# The hybrid logical clock

_instants = st.integers(min_value=86_400, max_value=4_102_444_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(st.lists(_instants, min_size=2))
def test_the_hybrid_clock_never_goes_back_whatever_the_clock_does(times: list[datetime]) -> None:
    last = 0
    for at in times:
        following = next_hlc(last, at)
        assert following > last
        assert following >> 16 >= int(at.timestamp() * 1000)
        assert following < 2**63
        last = following


def test_the_hybrid_clock_counts_while_the_clock_stands_and_leaps_when_it_goes() -> None:
    first = next_hlc(0, MORNING)
    assert first == int(MORNING.timestamp() * 1000) << 16
    assert next_hlc(first, MORNING) == first + 1
    assert next_hlc(first, MORNING - SECOND) == first + 1
    assert next_hlc(first, MORNING + SECOND) == first + (1000 << 16)


def test_an_override_is_an_entry_and_counts_as_proved() -> None:
    there = standing_after(record(1, EntryAct.OVERRIDE, basis=EntryBasis.SUPERVISOR))
    assert (there.admitted, there.proved, there.inside_at) == (True, True, "north")


@pytest.mark.parametrize("act", [EntryAct.NOTE, EntryAct.REFUSED])
def test_a_note_and_a_refusal_let_nobody_in(act: EntryAct) -> None:
    assert standing_after(record(1, act)) == Standing()


def test_what_was_undone_does_not_count_in_whatever_order_it_arrives() -> None:
    first = record(1)
    undone = record(2, EntryAct.NOTE, cause=Cause.UNDONE, refers=first.id)
    assert standing_after(first, undone) == standing_after(undone, first) == Standing()


def test_an_entry_from_paper_counts_when_it_happened() -> None:
    left = record(1, OUT, MORNING + 90 * SECOND)
    keyed = record(2, IN, MORNING + 600 * SECOND, happened=MORNING, basis=EntryBasis.PAPER)
    assert standing_after(left, keyed).inside_at == ""
    assert standing_after(left, keyed).last_in == MORNING
