"""Logs that travel between desks: what is taken in, what is told; order makes no difference."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.storage.database import OpenDatabase, open_database
from kiosk.adapters.storage.logrows import check_all, forks_in, read_records
from kiosk.adapters.storage.logtravel import Arrival, export_logs, import_log
from kiosk.core.attendance import Attendance
from kiosk.core.chain import Finding, Flaw, Moment, checkpoint_of
from kiosk.core.signedlog import (
    SignedLog,
    check_signed_log,
    links_of_lines,
    read_logs,
    write_logs,
)
from tests.door import MORNING, saint_ouen
from tests.logs import (
    EVENT,
    EXPORTED_AT,
    busy_desk,
    desk_log,
    draft,
    exported,
    fill,
    the_log,
)
from tests.test_signedlog import TAMPERS

TABLES = ("entries", "checkpoints", "tallies", "signers", "forks")


def taken(folder: Path, *logs: SignedLog) -> list[Arrival]:
    with open_database(folder) as database:
        return [import_log(database, log) for log in logs]


def state(database: OpenDatabase) -> dict[str, set[object]]:
    """Everything that the log consists of, without the order of arrival."""
    return {
        table: {
            tuple(row[1:] if table == "entries" else row)
            for row in database.connection.execute(f"SELECT * FROM {table}")  # noqa: S608
        }
        for table in TABLES
    }


def state_of(folder: Path) -> dict[str, set[object]]:
    with open_database(folder) as database:
        return state(database)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there"


# The file


def test_a_log_comes_back_from_its_file_as_it_was(there: Path) -> None:
    fill(there, "guest-1", "Zoë\u2028\u0085")
    logs = exported(there)
    assert read_logs(write_logs(logs)) == logs
    assert read_logs(write_logs([*logs, *logs])) == [*logs, *logs]
    assert len(logs[0].lines) == 2
    assert [(count.answer, count.times) for count, _ in logs[0].counts] == [
        ("ADMIT", 2),
        ("REFUSE", 1),
    ]


def test_an_export_is_signed_to_its_last_entry(there: Path) -> None:
    with desk_log(there) as (database, journal):
        journal.append([draft("guest-1"), draft("guest-2")], MORNING)
        (log,) = export_logs(database, EXPORTED_AT)
    last = checkpoint_of(log.checkpoints[-1].line)
    assert (last.seq, last.moment, last.at) == (2, Moment.EXPORTED, EXPORTED_AT)
    checked = check_signed_log(log)
    assert (checked.entries, checked.signed, checked.finding) == (2, 2, None)


def test_an_earlier_epoch_of_a_kiosk_is_signed_to_its_last_entry_as_well(
    here: Path, there: Path
) -> None:
    with desk_log(there) as (database, journal):
        journal.append([draft("guest-1")], MORNING)
        database.connection.execute("UPDATE meta SET value = 'later' WHERE key = 'epoch'")
    fill(there, "guest-2")
    logs = exported(there)
    assert [check_signed_log(log).signed for log in logs] == [1, 1]
    assert [(one.added, one.unsigned) for one in taken(here, *logs)] == [(1, 0), (1, 0)]


def test_the_lines_of_a_file_are_those_of_the_database_to_the_byte(there: Path) -> None:
    fill(there, "guest-1", "Zoë")
    data = write_logs(exported(there))
    with open_database(there) as database:
        for line, digest in database.connection.execute("SELECT line, digest FROM entries"):
            assert b"\n" + line.encode() + b"\n" in data
            assert digest in {one.digest for one in links_of_lines(the_log(there).lines)}


def test_a_file_says_in_its_header_whose_log_it_is(there: Path) -> None:
    name = fill(there, "guest-1")
    log = the_log(there)
    header = write_logs([log]).decode().split("\n")[0]
    assert header == (
        f'{{"base":1,"checkpoints":2,"counts":2,"entries":1,"epoch":"{name.epoch}",'
        f'"event":"{EVENT}","form":1,"key":"{log.key.hex()}","kiosk":"{name.kiosk}"}}'
    )


# Taking in


def test_a_log_of_another_desk_is_taken_in_whole_and_counts(here: Path, there: Path) -> None:
    fill(here, "guest-1")
    name = fill(there, "guest-2", "guest-3")
    log = the_log(there)
    (arrival,) = taken(here, log)
    assert arrival == Arrival(log, added=2, first=True)
    assert not arrival.refused
    with desk_log(here) as (database, journal):
        assert {record.guest for record in journal.news().records} == {
            "guest-1",
            "guest-2",
            "guest-3",
        }
        assert journal.tallied("REFUSE", MORNING.date()) == 2
        assert check_all(database)[name] == check_signed_log(log)
        assert [log.name for log in export_logs(database, EXPORTED_AT) if log.name == name]


def test_a_desk_that_is_open_sees_what_was_taken_in(here: Path, there: Path) -> None:
    fill(there, "guest-2")
    with desk_log(here) as (database, journal):
        journal.append([draft("guest-1")], MORNING)
        position = journal.news().position
        taken(here, the_log(there))
        assert [record.guest for record in journal.news(position).records] == ["guest-2"]
        (record,) = journal.append([draft("guest-3")], MORNING)
        assert record.seq == 2
        assert [one.finding for one in check_all(database).values()] == [None, None]


def test_taken_in_again_nothing_is_added_and_a_longer_log_adds_its_end(
    here: Path, there: Path
) -> None:
    fill(there, "guest-1", "guest-2")
    first = the_log(there)
    taken(here, first)
    before = state_of(here)
    assert taken(here, first, first) == [Arrival(first, known=2)] * 2
    assert state_of(here) == before
    fill(there, "guest-3")
    second = the_log(there)
    assert taken(here, second, first) == [
        Arrival(second, added=1, known=2),
        Arrival(first, known=2),
    ]
    assert state_of(here)["tallies"] == state_of(there)["tallies"]


def test_a_log_goes_from_desk_to_desk_to_desk(here: Path, there: Path, tmp_path: Path) -> None:
    fill(there, "guest-2")
    fill(here, "guest-1")
    taken(here, *exported(there))
    third = tmp_path / "third"
    assert [one.added for one in taken(third, *exported(here))] == [1, 1]
    with open_database(third) as database:
        assert {record.guest for record in read_records(database)} == {"guest-1", "guest-2"}


def test_a_log_of_its_own_brings_back_what_a_desk_has_lost(here: Path, tmp_path: Path) -> None:
    fill(here, "guest-1")
    shutil.copytree(here, tmp_path / "backup")
    fill(here, "guest-2")
    log = the_log(here)
    assert taken(tmp_path / "backup", log) == [Arrival(log, added=1, known=1)]
    with desk_log(tmp_path / "backup") as (database, journal):
        (record,) = journal.append([draft("guest-3")], MORNING)
        assert record.seq == 3
        assert [one.finding for one in check_all(database).values()] == [None]


def test_what_is_not_signed_yet_is_left_out(here: Path, there: Path) -> None:
    fill(there, "guest-1")
    with desk_log(there) as (_, journal):
        journal.append([draft("guest-2")], MORNING)
    log = the_log(there)
    last = max(checkpoint_of(one.line).seq for one in log.checkpoints[:-1])
    log = replace(log, checkpoints=log.checkpoints[:-1])
    assert last == 1
    assert taken(here, log) == [Arrival(log, added=1, unsigned=1, first=True)]


def test_a_log_of_another_event_is_refused(here: Path, there: Path) -> None:
    fill(here, "guest-1")
    fill(there, "guest-2", event="another")
    log = the_log(there)
    before = state_of(here)
    (arrival,) = taken(here, log)
    assert arrival == Arrival(log, other_event=True)
    assert arrival.refused
    assert state_of(here) == before


def resigned(log: SignedLog, key: Ed25519PrivateKey, **changes: Any) -> SignedLog:
    """The same log, signed by somebody else."""
    *_, last = links_of_lines(log.lines)
    told = checkpoint_of(log.checkpoints[-1].line)
    checkpoint = replace(told, head=last.digest.hex(), seq=len(log.lines), **changes)
    return replace(
        log,
        key=key.public_key().public_bytes_raw(),
        checkpoints=(checkpoint.signed(key),),
        counts=tuple((count, count.signed(key)) for count, _ in log.counts),
    )


def test_the_key_of_a_kiosk_is_the_one_it_was_seen_with_first(here: Path, there: Path) -> None:
    fill(there, "guest-1")
    mine = the_log(there)
    forged = resigned(mine, Ed25519PrivateKey.generate())
    assert check_signed_log(forged).finding is None
    assert taken(here, mine, forged) == [
        Arrival(mine, added=1, first=True),
        Arrival(forged, other_key=True),
    ]
    assert Arrival(forged, other_key=True).refused
    assert taken(there, forged) == [Arrival(forged, other_key=True)]


def test_two_logs_with_the_same_numbers_are_both_kept_and_told(
    here: Path, there: Path, tmp_path: Path
) -> None:
    fill(there, "guest-1", "guest-2")
    clone = tmp_path / "clone"
    shutil.copytree(there, clone)
    name = fill(there, "guest-3", "guest-4")
    fill(clone, "guest-5")
    one, other = the_log(there), the_log(clone)
    assert taken(here, one, other) == [
        Arrival(one, added=4, first=True),
        Arrival(other, known=2, fork=3),
    ]
    before = state_of(here)
    assert taken(here, other, one) == [Arrival(other, known=2, fork=3), Arrival(one, known=4)]
    assert state_of(here) == before
    with open_database(here) as database:
        assert forks_in(database) == [(name, 3)]
        assert check_all(database)[name].finding is None
        assert "guest-5" not in {record.guest for record in read_records(database)}
        (text,) = database.connection.execute("SELECT log FROM forks").fetchone()
    assert read_logs(text.encode()) == [other]


def test_an_entry_with_the_id_of_another_log_is_refused(here: Path, there: Path) -> None:
    fill(here, "guest-1")
    fill(there, "guest-2")
    stolen = the_log(here).lines[0].split('"id":"')[1].split('"')[0]
    log = the_log(there)
    own = log.lines[0].split('"id":"')[1].split('"')[0]
    key = Ed25519PrivateKey.generate()
    forged = resigned(replace(log, lines=(log.lines[0].replace(own, stolen),)), key)
    before = state_of(here)
    (arrival,) = taken(here, forged)
    assert arrival.finding == Finding(Flaw.DOUBLED, 0)
    assert state_of(here) == before


# What was done to a file


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_file_that_was_tampered_with_is_refused_and_told(
    here: Path, there: Path, tamper: str
) -> None:
    fill(there, "guest-1", "guest-2", "guest-3")
    log = the_log(there)
    assert check_signed_log(log).finding is None
    change, finding = TAMPERS[tamper]
    changed = change(log)
    (arrival,) = taken(here, changed)
    assert (arrival.finding, arrival.added) == (finding, 3 if finding.of_counts else 0)
    assert finding.flaw is not Flaw.COUNT_CHANGED or not state_of(here)["tallies"]
    assert not arrival.whole
    assert arrival.refused is not finding.of_counts
    if arrival.refused:
        assert all(not rows for rows in state_of(here).values())


def test_a_count_of_another_log_is_refused_even_where_it_is_signed(here: Path, there: Path) -> None:
    fill(there, "guest-1")
    key = Ed25519PrivateKey.generate()
    log = resigned(the_log(there), key)
    one = log.counts[0][0]
    for stray in (one._replace(event="x"), one._replace(kiosk="x"), one._replace(epoch="x")):
        counts = ((stray, stray.signed(key)), *log.counts[1:])
        (arrival,) = taken(here, replace(log, counts=counts))
        assert arrival.finding == Finding(Flaw.COUNT_CHANGED, 0)


# Order does not matter

ZONE = saint_ouen().time_zone


@pytest.fixture(scope="module")
def logs_of_three_desks(tmp_path_factory: pytest.TempPathFactory) -> list[SignedLog]:
    """Each as it was brought away in the middle of the day and again at its end."""
    folder, logs = tmp_path_factory.mktemp("desks"), []
    for number in range(3):
        for half in range(2):
            busy_desk(folder / str(number), seed=10 * number + half)
            logs += exported(folder / str(number))
    return logs


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_logs_may_arrive_in_any_order_and_as_often_as_one_likes(
    logs_of_three_desks: list[SignedLog],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    logs = logs_of_three_desks
    again = data.draw(st.lists(st.sampled_from(logs), max_size=4))
    arrived = data.draw(st.permutations([*logs, *again]))
    first, second = (tmp_path_factory.mktemp("merged") / "state" for _ in range(2))
    taken(first, *logs)
    taken(second, *arrived)
    assert state_of(first) == state_of(second)
    with open_database(first) as one, open_database(second) as other:
        mine, yours = (Attendance(ZONE, read_records(each)) for each in (one, other))
        assert dict(mine.today(MORNING)) == dict(yours.today(MORNING))
        assert len(read_records(one)) == 72
        assert mine.today(MORNING)
