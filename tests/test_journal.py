"""The journal on a real disk: what it signs and when, where it begins to read, whose log it is."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.adapters.storage.database import (
    FILE_NAME,
    DatabaseError,
    OpenDatabase,
    open_database,
)
from kiosk.adapters.storage.journal import QUIET, SIGN_AFTER, SIGN_EVERY, SqliteJournal
from kiosk.adapters.storage.logrows import (
    check_all,
    checkpoints_of,
    logs_in,
    read_records,
    signer_of,
)
from kiosk.core.causes import Cause
from kiosk.core.chain import Checkpoint, LogName, Moment, checkpoint_of
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft, EntryRecord
from kiosk.desk.identifiers import uuid7
from tests.door import MORNING, SECOND, saint_ouen
from tests.fakes.clock import SetClock

EVENT = "saint-ouen-2021"
ZONE = saint_ouen().time_zone
DAY = timedelta(days=1)


def draft(
    who: str = "guest-1", act: EntryAct = EntryAct.IN, cause: Cause = Cause.NONE
) -> EntryDraft:
    return EntryDraft(act, who, "policy-day-1", "north", EntryBasis.SCANNED, "s1", cause)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def database(folder: Path) -> Iterator[OpenDatabase]:
    with closing(open_database(folder)) as opened:
        yield opened


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MORNING)


def journal_of(database: OpenDatabase, clock: SetClock | None = None) -> SqliteJournal:
    return SqliteJournal(database, EVENT, clock or SetClock(MORNING), "boot-1", ZONE)


def own_log(database: OpenDatabase) -> LogName:
    return LogName(database.meta("kiosk"), database.meta("epoch"))


def checkpoints(database: OpenDatabase) -> list[Checkpoint]:
    return [
        checkpoint_of(one.line) for one in checkpoints_of(database.connection, own_log(database))
    ]


def signed(database: OpenDatabase) -> list[tuple[int, Moment]]:
    return [(one.seq, one.moment) for one in checkpoints(database)]


def guests(records: object) -> list[str]:
    assert isinstance(records, tuple)
    return [record.guest for record in records if isinstance(record, EntryRecord)]


# What is signed, and when


def test_a_checkpoint_tells_where_the_log_stands(database: OpenDatabase, clock: SetClock) -> None:
    journal = journal_of(database, clock)
    journal.append([draft()], MORNING, answer="ADMIT")
    journal.tally("REFUSE", "north", MORNING)
    clock.go(7 * SECOND)
    journal.close()
    log = own_log(database)
    (digest,) = database.connection.execute("SELECT digest FROM entries").fetchone()
    (found,) = checkpoints(database)
    assert found == Checkpoint(
        event=EVENT,
        kiosk=log.kiosk,
        epoch=log.epoch,
        seq=1,
        head=digest.hex(),
        at=MORNING + 7 * SECOND,
        list_version=0,
        counted=2,
        moment=Moment.CLOSED,
    )
    assert check_all(database)[log].closed


def test_a_log_is_signed_when_it_is_opened_and_closed(folder: Path, clock: SetClock) -> None:
    for run in range(3):
        clock.go(SECOND)
        with closing(open_database(folder)) as opened:
            journal = journal_of(opened, clock)
            journal.append([draft(f"guest-{run}")], MORNING)
            clock.go(SECOND)
            journal.close()
    with closing(open_database(folder)) as opened:
        assert signed(opened) == [
            (1, Moment.CLOSED),
            (1, Moment.OPENED),
            (2, Moment.CLOSED),
            (2, Moment.OPENED),
            (3, Moment.CLOSED),
        ]


def test_of_a_log_in_which_there_is_nothing_nothing_is_signed(database: OpenDatabase) -> None:
    journal_of(database).close()
    assert signed(database) == []
    assert logs_in(database.connection) == []


def test_counts_alone_are_signed_as_well(database: OpenDatabase) -> None:
    journal = journal_of(database)
    journal.tally("REFUSE", "north", MORNING)
    journal.close()
    assert [(one.seq, one.counted) for one in checkpoints(database)] == [(0, 1)]


def test_every_50_entries_a_checkpoint_is_part_of_the_same_transaction(
    database: OpenDatabase,
) -> None:
    journal = journal_of(database)
    for number in range(2 * SIGN_EVERY + 1):
        expected = (number >= SIGN_EVERY) + (number >= 2 * SIGN_EVERY)
        assert len(signed(database)) == expected
        journal.append([draft(f"guest-{number}")], MORNING)
    assert signed(database) == [(50, Moment.RUNNING), (100, Moment.RUNNING)]


def test_after_five_minutes_the_next_entry_is_signed(
    database: OpenDatabase, clock: SetClock
) -> None:
    journal = journal_of(database, clock)
    clock.go(timedelta(seconds=SIGN_AFTER - 0.5))
    journal.append([draft()], clock.now())
    assert signed(database) == []
    clock.go(SECOND)
    journal.append([draft()], clock.now())
    assert signed(database) == [(2, Moment.RUNNING)]
    clock.go(SECOND)
    journal.append([draft()], clock.now())
    assert signed(database) == [(2, Moment.RUNNING)]
    assert SIGN_AFTER == 300


def test_a_quiet_door_signs_what_is_not_signed_once(
    database: OpenDatabase, clock: SetClock
) -> None:
    journal = journal_of(database, clock)
    journal.append([draft()], clock.now())
    clock.go(timedelta(seconds=QUIET - 0.5))
    journal.rest()
    assert signed(database) == []
    clock.go(SECOND)
    for _ in range(3):
        journal.rest()
        clock.go(QUIET * SECOND)
    assert signed(database) == [(1, Moment.RUNNING)]
    journal.append([draft()], clock.now())
    clock.go(QUIET * SECOND)
    journal.rest()
    assert signed(database) == [(1, Moment.RUNNING), (2, Moment.RUNNING)]


def test_at_rest_the_write_ahead_log_is_emptied_into_the_database(
    folder: Path, database: OpenDatabase, clock: SetClock
) -> None:
    journal = journal_of(database, clock)
    for number in range(30):
        journal.append([draft(f"guest-{number}")], clock.now())

    def in_the_file_alone() -> int:
        (folder / "copy").write_bytes((folder / FILE_NAME).read_bytes())
        with closing(sqlite3.connect(folder / "copy")) as copy:
            (count,) = copy.execute("SELECT count(*) FROM entries").fetchone()
        return int(count)

    assert in_the_file_alone() == 0
    clock.go(QUIET * SECOND)
    journal.rest()
    assert in_the_file_alone() == 30
    journal.close()
    assert (folder / (FILE_NAME + "-wal")).stat().st_size == 0


def test_the_write_ahead_log_is_not_emptied_while_guests_wait(
    folder: Path, database: OpenDatabase
) -> None:
    journal = journal_of(database)
    for number in range(600):  # more than the 1,000 pages after which SQLite would
        journal.append([draft(f"guest-{number}")], MORNING)
    assert (folder / (FILE_NAME + "-wal")).stat().st_size > 1_100 * 4096


def test_an_entry_and_its_count_are_one_transaction(database: OpenDatabase) -> None:
    journal = journal_of(database)
    database.connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON tallies BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="SQLITE_CONSTRAINT_TRIGGER"):
        journal.append([draft()], MORNING, answer="ADMIT")
    assert read_records(database) == ()
    database.connection.execute("DROP TRIGGER refuse")
    for _ in range(2):
        journal.append([draft(), draft("guest-2")], MORNING, answer="ADMIT")
    assert journal.tallied("ADMIT", MORNING.date()) == 2


# Whose log it is


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead of modes")
def test_the_kiosk_s_key_is_made_once_and_nobody_else_s(folder: Path) -> None:
    for _ in range(2):
        with closing(open_database(folder)) as opened:
            journal_of(opened)
            key = signer_of(opened.connection, opened.meta("kiosk"))
            assert key is not None
    (file,) = (folder / "keys").iterdir()
    assert file.name == "kiosk-key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(logs_in(open_database(folder).connection)) == 0


def test_a_kiosk_that_lost_its_key_is_another_kiosk_with_the_entries_of_before(
    folder: Path,
) -> None:
    with closing(open_database(folder)) as opened:
        journal = journal_of(opened)
        journal.append([draft()], MORNING)
        journal.close()
        before = own_log(opened)
    (folder / "keys" / "kiosk-key.pem").unlink()
    with closing(open_database(folder)) as opened:
        journal = journal_of(opened)
        journal.append([draft("guest-2")], MORNING)
        after = own_log(opened)
        assert before.kiosk != after.kiosk
        assert before.epoch != after.epoch
        assert guests(journal.news().records) == ["guest-1", "guest-2"]
        assert [one.finding for one in check_all(opened).values()] == [None, None]
        assert set(check_all(opened)) == {before, after}
    with closing(open_database(folder)) as opened:
        journal_of(opened)
        assert own_log(opened) == after


def test_a_file_that_is_no_key_of_a_kiosk_is_told_with_a_remedy(folder: Path) -> None:
    open_database(folder).close()
    file = folder / "keys" / "kiosk-key.pem"
    file.parent.mkdir()
    rsa = generate_private_key(65537, 2048)
    pem = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"nonsense", pem):
        file.write_bytes(content)
        with closing(open_database(folder)) as opened:
            with pytest.raises(DatabaseError, match="not a key of a kiosk") as caught:
                journal_of(opened)
            assert "aside" in caught.value.remedy
        assert file.read_bytes() == content


def test_a_key_that_cannot_be_read_or_made_is_told_with_a_remedy(folder: Path) -> None:
    with closing(open_database(folder)) as opened:
        (folder / "keys").write_text("in the way")
        with pytest.raises(DatabaseError, match="cannot be"):
            journal_of(opened)
        (folder / "keys").unlink()
        (folder / "keys" / "kiosk-key.pem").mkdir(parents=True)
        with pytest.raises(DatabaseError, match="cannot be read"):
            journal_of(opened)


def test_a_log_that_ends_otherwise_than_it_was_signed_opens_no_door(folder: Path) -> None:
    with closing(open_database(folder)) as opened:
        journal = journal_of(opened)
        for number in range(4):
            journal.append([draft(f"guest-{number}")], MORNING)
        journal.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as other:
        other.execute("DELETE FROM entries WHERE seq = 4")
        other.commit()
    with closing(open_database(folder)) as opened:
        with pytest.raises(DatabaseError, match="entry 4 is cut") as caught:
            journal_of(opened)
        assert "aside" in caught.value.remedy


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE entries SET line = line || ' ' WHERE seq = 3", "entry 3 is changed"),
        ("UPDATE entries SET line = line || ' ' WHERE seq = 5", "entry 5 is changed"),
        ("DELETE FROM entries WHERE seq = 4", "entry 4 is missing"),
        ("DELETE FROM entries WHERE seq = 3", "entry 3 is missing"),
        ("DELETE FROM entries WHERE seq >= 3", "entry 3 is cut"),
        ("DELETE FROM entries", "entry 1 is cut"),
        ("UPDATE checkpoints SET signature = x'00'", "entry 3 is forged"),
        (
            "DELETE FROM checkpoints; UPDATE entries SET line = '' WHERE seq = 1",
            "entry 1 is changed",
        ),
    ],
)
def test_what_was_done_to_a_log_since_its_last_checkpoint_is_found_at_the_start(
    folder: Path, clock: SetClock, harm: str, told: str
) -> None:
    with closing(open_database(folder)) as opened:
        journal = journal_of(opened, clock)
        for number in range(3):
            journal.append([draft(f"guest-{number}")], MORNING)
        clock.go(QUIET * SECOND)
        journal.rest()
        for number in range(3, 6):
            journal.append([draft(f"guest-{number}")], MORNING)
        assert signed(opened) == [(3, Moment.RUNNING)]
        opened.connection.executescript(harm)
        with pytest.raises(DatabaseError, match=told):
            journal_of(opened)


def test_another_key_in_the_place_of_the_kiosk_s_does_not_sign_its_log(folder: Path) -> None:
    with closing(open_database(folder)) as opened:
        journal_of(opened).append([draft()], MORNING)
        log = own_log(opened)
    other = Ed25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "keys" / "kiosk-key.pem").write_bytes(pem)
    with closing(open_database(folder)) as opened:
        journal_of(opened).append([draft()], MORNING)
        key = signer_of(opened.connection, own_log(opened).kiosk)
        assert own_log(opened).kiosk != log.kiosk
        assert key is not None
        assert key.public_bytes_raw() == other.public_key().public_bytes_raw()


# Where a desk begins to read


def test_a_desk_begins_with_the_event_s_day_and_the_notes_of_all_days(
    folder: Path, clock: SetClock
) -> None:
    midnight = datetime(2021, 11, 21, 23, tzinfo=UTC)  # in Paris
    with closing(open_database(folder)) as opened:
        journal = journal_of(opened, clock)
        for name, at in {
            "long ago": MORNING - 30 * DAY,
            "yesterday": midnight - timedelta(milliseconds=1),
            "today": midnight,
        }.items():
            journal.append([draft(name)], at)
        note = draft("noted", EntryAct.NOTE, Cause.SUBSTITUTION)
        journal.append([note], MORNING - 30 * DAY)
        first = journal_of(opened, clock).news()
        assert guests(first.records) == ["today", "noted"]
        assert first.position == 4
        journal.append([draft("later")], MORNING)
        assert guests(journal.news(first.position).records) == ["later"]
        assert journal.news(5) == ((), 5)


def test_whose_clock_was_ahead_reads_the_day_again_when_it_is_set_right(
    database: OpenDatabase, clock: SetClock
) -> None:
    writer = journal_of(database, clock)
    writer.append([draft("today")], MORNING)
    clock.set(MORNING + 3_650 * DAY)
    journal = journal_of(database, clock)
    assert journal.news() == ((), 1)
    clock.set(MORNING)
    found = journal.news(1)
    assert (guests(found.records), found.position) == (["today"], 1)
    assert journal.news(1) == ((), 1)


def test_records_of_a_later_version_are_kept_and_passed_over(database: OpenDatabase) -> None:
    journal = journal_of(database)
    journal.append([draft()], MORNING)
    database.connection.execute("UPDATE entries SET line = replace(line, '\"in\"', '\"hop\"')")
    journal.append([draft("guest-2")], MORNING)
    assert guests(read_records(database)) == ["guest-2"]
    assert guests(journal.news().records) == ["guest-2"]


@pytest.mark.parametrize("chance", [0, 1, 2**74 - 1, 0x2AAAAAAAAAAAAAAAAAA])
def test_an_id_is_a_uuid_of_version_7(chance: int) -> None:
    text = uuid7(MORNING, chance)
    found = UUID(text)
    assert str(found) == text
    assert found.version == 7
    assert found.variant == "specified in RFC 4122"
    assert found.int >> 80 == int(MORNING.timestamp() * 1000)
    random = (found.int >> 64 & 0xFFF) << 62 | found.int & (1 << 62) - 1
    assert random == chance
