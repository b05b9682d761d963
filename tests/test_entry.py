"""Records of the entry log: their lines, and a fold that knows no order of arrival."""

from __future__ import annotations

import json
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
    MAX_LINE,
    EntryAct,
    EntryBasis,
    EntryRecord,
    LineError,
    line_of,
    next_hlc,
    record_of,
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
    )
    return replace(plain, **changes)


# The line of a record

FULL = record(
    7,
    EntryAct.NOTE,
    MORNING + timedelta(microseconds=5),
    cause=Cause.SUBSTITUTION,
    refers="guest-2",
    happened=MORNING,
    guest='Zoë "\u2028\n{',
    mono=0.125,
)


@pytest.mark.parametrize("mine", [record(1), FULL], ids=["plain", "full"])
def test_a_record_comes_back_from_its_line_as_it_was(mine: EntryRecord) -> None:
    assert record_of(line_of(mine)) == mine
    assert line_of(record_of(line_of(mine))) == line_of(mine)


def test_a_record_may_be_of_no_guest_list_yet() -> None:
    first = record(1, list_version=0, hlc=0)
    assert record_of(line_of(first)) == first


def test_a_line_is_one_line_of_json_with_sorted_keys() -> None:
    line = line_of(FULL)
    assert "\n" not in line
    assert list(json.loads(line)) == sorted(json.loads(line))
    assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))


def test_a_line_has_the_listed_fields_and_no_other() -> None:
    assert set(json.loads(line_of(FULL))) == {
        "act", "at", "basis", "boot", "cause", "door", "epoch", "event", "form", "guest",
        "happened", "hlc", "id", "kiosk", "list_version", "mono", "occasion", "refers", "seq",
        "staff",
    }  # fmt: skip
    assert json.loads(line_of(FULL))["form"] == 1


def test_what_a_later_version_adds_is_left_out() -> None:
    later = json.dumps(json.loads(line_of(FULL)) | {"form": 2, "lane": 3})
    assert record_of(later) == FULL


FINE = [("happened", None), ("mono", -1), ("mono", 2**63)]
TYPED = {"act", "at", "basis", "cause", "happened", "hlc", "list_version", "mono", "seq"}


@pytest.mark.parametrize("name", [field.name for field in fields(EntryRecord)])
@pytest.mark.parametrize("value", [None, [], {}, True, -1, "nonsense", 2**63, 10**400])
def test_a_field_of_another_type_makes_no_record(name: str, value: object) -> None:
    told = json.loads(line_of(FULL)) | {name: value}
    if (name, value) in FINE or (name not in TYPED and value == "nonsense"):
        assert record_of(json.dumps(told))
        return
    with pytest.raises(LineError, match=r"^no record of this version \(\w+Error\)$"):
        record_of(json.dumps(told))


@pytest.mark.parametrize("name", [field.name for field in fields(EntryRecord)])
def test_a_field_left_out_makes_no_record(name: str) -> None:
    told = json.loads(line_of(FULL))
    del told[name]
    with pytest.raises(LineError):
        record_of(json.dumps(told))


@pytest.mark.parametrize(
    "line",
    ["", "x", "[]", "1", "null", "[" * 9_000, '{"mono":NaN}', line_of(FULL)[:-1]],
    ids=["empty", "no JSON", "list", "number", "null", "deep", "NaN", "cut short"],
)
def test_what_is_no_object_of_json_makes_no_record(line: str) -> None:
    with pytest.raises(LineError):
        record_of(line)


def test_a_number_without_end_makes_no_record() -> None:
    told = json.dumps(json.loads(line_of(FULL)) | {"mono": 0}, ensure_ascii=False)
    assert record_of(told)
    with pytest.raises(LineError, match="no record"):
        record_of(told.replace('"mono": 0', '"mono": 1e999'))


def test_a_time_without_a_zone_makes_no_record() -> None:
    for name in ("at", "happened"):
        told = json.loads(line_of(FULL)) | {name: "2021-11-22T08:00:00"}
        with pytest.raises(LineError):
            record_of(json.dumps(told))


def test_a_line_may_have_16384_characters() -> None:
    def padded(length: int) -> str:
        line = line_of(replace(FULL, guest=""))
        return line_of(replace(FULL, guest="x" * (length - len(line))))

    assert len(padded(MAX_LINE)) == MAX_LINE == 16_384
    assert record_of(padded(MAX_LINE))
    with pytest.raises(LineError, match=r"^a line is too long$"):
        record_of(padded(MAX_LINE + 1))


def test_an_error_about_a_line_quotes_nothing_of_it() -> None:
    for line in ("Canary", '{"at":"Canary"}', line_of(replace(FULL, kiosk="x")) + "Canary"):
        with pytest.raises(LineError) as caught:
            record_of(line)
        assert "Canary" not in str(caught.value)
        assert caught.value.__cause__ is None


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


def test_whoever_came_in_elsewhere_before_the_seat_was_passed_on_sits_in_it() -> None:
    came = record(1, kiosk="kiosk-2")
    passed = record(2, EntryAct.NOTE, MORNING + SECOND, cause=Cause.SUBSTITUTION, refers="guest-2")
    for order in ([came, passed], [passed, came]):
        standing = Attendance(ZONE, order).standing("guest-1", MORNING)
        assert standing.seats == {"policy-day-1"}


_seconds = st.integers(min_value=-2 * 86_400, max_value=2 * 86_400)
_records = st.lists(
    st.builds(
        dict,
        act=st.sampled_from(EntryAct),
        cause=st.sampled_from([Cause.NONE, Cause.NONE, Cause.UNDONE, Cause.SUBSTITUTION]),
        guest=st.sampled_from(["guest-1", "guest-2", "guest-3", ""]),
        kiosk=st.sampled_from(["kiosk-1", "kiosk-2", "kiosk-3"]),
        epoch=st.sampled_from(["epoch-1", "epoch-2"]),
        door=st.sampled_from(["north", "south"]),
        occasion=st.sampled_from(["policy-day-1", "partnering"]),
        seconds=_seconds,
        happened=st.none() | _seconds,
        refers=st.integers(min_value=1, max_value=12),
    ),
    max_size=12,
).map(lambda rows: _all_made(rows))


def _all_made(rows: Sequence[dict[str, Any]]) -> list[EntryRecord]:
    return [_made(seq, **row) for seq, row in enumerate(rows, start=1)]


def _made(
    seq: int, act: EntryAct, seconds: int, happened: int | None, refers: int, **changes: Any
) -> EntryRecord:
    return record(
        seq,
        act,
        MORNING + seconds * SECOND,
        id=f"id-{seq}",
        refers=f"id-{refers}",
        happened=None if happened is None else MORNING + happened * SECOND,
        **changes,
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
        assert {one.id for one in first.entries(at)} == {one.id for one in second.entries(at)}
    for guest in ("guest-1", "guest-2", "guest-3"):
        for occasion in ("policy-day-1", "partnering"):
            assert first.handed_on(guest, occasion) == second.handed_on(guest, occasion)


@given(_records, st.data())
def test_looking_in_between_makes_no_difference(
    records: list[EntryRecord], data: st.DataObject
) -> None:
    watched = Attendance(ZONE)
    for one in data.draw(st.permutations(records)):
        watched.add(one)
        watched.standing(one.guest, one.when)
    untouched = Attendance(ZONE, records)
    for days in range(-3, 4):
        at = MORNING + timedelta(days=days)
        assert dict(watched.today(at)) == dict(untouched.today(at))


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
