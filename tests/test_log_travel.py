"""Logs that travel between desks: what is taken in, what is told; order makes no difference."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
from kiosk.core.chain import Finding, Flaw, LogName, Moment, checkpoint_of
from kiosk.core.signedlog import (
    LogFileError,
    SignedLog,
    check_signed_log,
    fingerprint,
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


def whole_file(folder: Path) -> str:
    fill(folder, "guest-1", "guest-2")
    return write_logs(exported(folder)).decode()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda _: "", "empty"),
        (lambda text: text[:-1], "cut short"),
        (lambda text: text[: text.rindex("\n", 0, -1) + 1], "cut short"),
        (lambda text: text.replace('"form":1', '"form":2', 1), "later version"),
        (lambda text: text.replace('"base":1', '"base":3', 1), "later version"),
        (lambda text: text.replace('"key":"', '"key":"0', 1), "no signed log"),
        (lambda text: text.replace('"key":"', '"key":"00', 1), "another length"),
        (lambda text: text.replace('"kiosk"', '"kosk"', 1), "no signed log"),
        (lambda text: text.replace('"entries":2', '"entries":-2', 1), "no signed log"),
        (lambda text: text.replace('"entries":2', '"entries":true', 1), "no signed log"),
        (lambda text: text.replace('"entries":2', '"entries":10000001', 1), "no signed log"),
        (lambda text: text.replace('"entries":2', '"entries":10000000', 1), "cut short"),
        (lambda text: text.replace('"entries":2', '"entries":1', 1), "a checkpoint is none"),
        (lambda text: text.replace('"entries":2', '"entries":3', 1), "cut short"),
        (lambda text: text.replace('"2021-11-22",9', '"2021-11-22",24', 1), "a count is none"),
        (lambda text: text.replace('"2021-11-22",9', '"2021-11-32",9', 1), "a count is none"),
        (lambda text: text.replace('"signature":"', '"signature":"x', 1), "a checkpoint is none"),
        (lambda text: text.replace('"count":[', '"count":[7,', 1), "a count is none"),
        (lambda text: text.replace('"REFUSE",1', '"REFUSE",-1', 1), "a count is none"),
        (lambda text: text.replace('"REFUSE",1', '"REFUSE","1"', 1), "a count is none"),
        (lambda text: "{}\n" + text, "no signed log"),
        (lambda _: "nonsense\n", "no JSON"),
        (lambda _: "[]\n", "no JSON object"),
        (lambda text: text + "\n", "no JSON"),
    ],
)
def test_a_file_that_is_no_signed_log_or_not_whole_is_told(
    there: Path, harm: Callable[[str], str], told: str
) -> None:
    text = whole_file(there)
    harmed = harm(text)
    assert harmed != text
    with pytest.raises(LogFileError, match=told):
        read_logs(harmed.encode())


def test_a_file_that_is_no_text_is_told() -> None:
    with pytest.raises(LogFileError, match="UTF-8"):
        read_logs(b"\xff\n")


def test_a_fingerprint_is_short_and_of_the_whole_key() -> None:
    assert fingerprint(bytes(32)) == "6668 7aad f862 bd77"
    assert fingerprint(bytes(31) + b"\1") != fingerprint(bytes(32))


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


def swapped(log: SignedLog) -> SignedLog:
    lines = list(log.lines)
    lines[1], lines[2] = lines[2], lines[1]
    return replace(log, lines=tuple(lines))


def with_line(log: SignedLog, place: int, old: str, new: str) -> SignedLog:
    assert old in log.lines[place]
    lines = list(log.lines)
    lines[place] = lines[place].replace(old, new)
    return replace(log, lines=tuple(lines))


def with_count(log: SignedLog, **changes: Any) -> SignedLog:
    (count, signature), *others = log.counts
    return replace(log, counts=((count._replace(**changes), signature), *others))


FILE_TAMPERS: dict[str, tuple[Callable[[SignedLog], SignedLog], Finding]] = {
    "an entry edited": (
        lambda log: with_line(log, 1, "north", "south"),
        Finding(Flaw.REWRITTEN, 3),
    ),
    "an entry deleted": (
        lambda log: replace(log, lines=log.lines[:1] + log.lines[2:]),
        Finding(Flaw.MISPLACED, 2),
    ),
    "an entry put in": (
        lambda log: replace(log, lines=(*log.lines[:1], log.lines[0], *log.lines[1:])),
        Finding(Flaw.MISPLACED, 2),
    ),
    "entries in another order": (swapped, Finding(Flaw.MISPLACED, 2)),
    "the end cut off": (
        lambda log: replace(log, lines=log.lines[:2]),
        Finding(Flaw.CUT, 3),
    ),
    "another kiosk's id": (
        lambda log: replace(log, name=LogName("ffffffff", log.name.epoch)),
        Finding(Flaw.MISPLACED, 1),
    ),
    "another kiosk's id, throughout": (
        lambda log: replace(
            log,
            name=LogName("ffffffff", log.name.epoch),
            lines=tuple(line.replace(log.name.kiosk, "ffffffff") for line in log.lines),
        ),
        Finding(Flaw.FORGED, 3),
    ),
    "another key": (
        lambda log: replace(log, key=bytes(32)),
        Finding(Flaw.FORGED, 3),
    ),
    "a checkpoint changed": (
        lambda log: replace(
            log,
            checkpoints=(
                log.checkpoints[0]._replace(
                    line=log.checkpoints[0].line.replace('"seq":3', '"seq":2')
                ),
            ),
        ),
        Finding(Flaw.FORGED, 2),
    ),
    "a count changed": (lambda log: with_count(log, times=1), Finding(Flaw.COUNT_CHANGED, 0)),
    "a count of another door": (
        lambda log: with_count(log, door="south"),
        Finding(Flaw.COUNT_CHANGED, 0),
    ),
    "a count left out": (
        lambda log: replace(log, counts=log.counts[1:]),
        Finding(Flaw.COUNT_MISSING, 0),
    ),
    "another event": (lambda log: replace(log, event="x"), Finding(Flaw.MISPLACED, 1)),
}


@pytest.mark.parametrize("tamper", FILE_TAMPERS)
def test_a_file_that_was_tampered_with_is_refused_and_told(
    here: Path, there: Path, tamper: str
) -> None:
    fill(there, "guest-1", "guest-2", "guest-3")
    log = the_log(there)
    assert check_signed_log(log).finding is None
    change, finding = FILE_TAMPERS[tamper]
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


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_byte_of_a_file_can_be_changed_unnoticed(data: st.DataObject) -> None:
    whole = SAMPLE.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        logs = read_logs(bytes(changed))
    except LogFileError:
        return
    assert logs == read_logs(whole) or any(
        check_signed_log(log).finding or check_signed_log(log).signed < 3 for log in logs
    )


# Order does not matter

ZONE = saint_ouen().time_zone
SAMPLE = Path()


@pytest.fixture(scope="module", autouse=True)
def _sample(tmp_path_factory: pytest.TempPathFactory) -> None:
    global SAMPLE  # one file for many examples
    folder = tmp_path_factory.mktemp("sample")
    fill(folder / "desk", "guest-1", "guest-2", "guest-3")
    SAMPLE = folder / "log"
    SAMPLE.write_bytes(write_logs(exported(folder / "desk")))


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
