"""A database that is harmed, before the start or under a running door: explained, and gone on."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from kiosk.adapters.storage import ballast, loghead
from kiosk.adapters.storage.ballast import Ballast
from kiosk.adapters.storage.database import (
    FILE_NAME,
    DamagedDatabaseError,
    DatabaseError,
    OpenDatabase,
    open_database,
)
from kiosk.adapters.storage.guests import read_guests, replace_guests
from kiosk.adapters.storage.lasting import (
    AGAIN_AFTER,
    LastingStorage,
    Place,
    recover_if_damaged,
)
from kiosk.adapters.storage.logrows import check_all, read_records
from kiosk.adapters.storage.logtravel import export_logs, import_log
from kiosk.adapters.storage.recovery import Recovery, open_or_recover, recover, set_aside_in
from kiosk.adapters.storage.schema import SCHEMA_VERSION
from kiosk.adapters.system import machine
from kiosk.adapters.system.check import Severity
from kiosk.cli.main import main
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.reasons import Reason
from kiosk.core.sealing import Sealer
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import StorageNote
from tests.door import (
    ALL_SEEN,
    EVENT_FILE,
    MORNING,
    SEALER,
    SECOND,
    badge,
    badge_key,
    certificate,
    guest,
    policy,
    saint_ouen,
    trust,
)
from tests.fakes.clock import SetClock

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody delete an open file")
PEOPLE = [guest(f"Given{chr(97 + n)}", f"Family{chr(97 + n)}") for n in range(26)]
ANNA, BRUNO, CHLOE, DANA = PEOPLE[:4]


class Running:
    """A desk at work over the storage that lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / FILE_NAME
        self.clock = SetClock(MORNING)
        self.notes: list[tuple[StorageNote, str]] = []
        event, door = saint_ouen(), saint_ouen().door("north")
        assert door is not None
        place = Place(folder, event, door.id)
        self.storage = LastingStorage(place, SEALER, self.clock, "boot-1", self._tell)
        station = Station(event, policy(), door, Mode.DESK, "operator-1")
        key = badge_key().public_key()
        self.desk = EntryDesk(station, Verifier(trust()), self.storage, key, self.storage)

    def _tell(self, note: StorageNote, words: str) -> None:
        self.notes.append((note, words))

    def admit(self, who: Guest) -> Admission:
        """What the desk says when staff let that guest in."""
        at = self.clock.now()
        self.desk.clear()
        self.desk.scan(certificate(who), at)
        card = self.desk.scan(badge(who), at)
        return self.desk.confirm(ALL_SEEN, at) or card

    def later(self, seconds: float = AGAIN_AFTER + 1) -> None:
        self.clock.go(seconds * SECOND)

    def entered(self) -> list[str]:
        """Who is in by the file, read by another connection."""
        with closing(open_database(self.folder, SEALER)) as other:
            return [r.guest for r in read_records(other) if r.act is EntryAct.IN]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    with closing(open_database(folder, SEALER)) as database:
        replace_guests(database, PEOPLE)
    return folder


@pytest.fixture(autouse=True)
def _small_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ballast.__init__, "__defaults__", (64 * 1024,))


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    made = Running(folder)
    yield made
    made.storage.database.close()


def filled(folder: Path, entries: int = 12) -> None:
    """A door was open there and closed."""
    door = Running(folder)
    for who in PEOPLE[:entries]:
        assert door.admit(who).shown is Shown.ADMIT
        door.later(10)
    door.storage.close()


# Harm


def page_of(path: Path, table: str, nth: int = 0) -> int:
    """The number of a leaf page of a table, from 1."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path"
        return int(connection.execute(query, (table,)).fetchall()[nth][0])


def scribble(path: Path, page: int) -> None:
    """One page of the file is garbage."""
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(random.Random(page).randbytes(4096))  # noqa: S311  # no secret


def damaged(table: str, nth: int = 0) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        scribble(path, page_of(path, table, nth))

    return harm


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE guests (id, sealed)")
        other.execute("INSERT INTO guests VALUES ('stranger', x'00')")
        other.execute("PRAGMA application_id=1")
        other.commit()


def cut_short(path: Path) -> None:
    os.truncate(path, 5 * 4096)


def garbled_schema(path: Path) -> None:
    """SQLite's own words about this quote bytes that are no text."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = CAST(x'4352454154FF' AS TEXT), "
            "name = CAST(x'67FE73' AS TEXT) WHERE name = 'gone_guests'"
        )
        connection.commit()


def version(number: int) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version={number}")
            connection.commit()

    return harm


def changed_line(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE entries SET line = replace(line, 'north', 'south') WHERE seq=12")
        connection.commit()


def changed_guest(kind: str) -> Callable[[Path], None]:
    """A few bits within a row: SQLite itself sees nothing wrong."""

    def harm(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            change = f"UPDATE guests SET sealed = CAST(x'FF00FF' AS {kind}) WHERE id = ?"  # noqa: S608
            connection.execute(change, (ANNA.id,))
            connection.commit()

    return harm


# Before the start: what is saved


def recovered(folder: Path) -> tuple[Recovery, list[str], int, str]:
    """The recovery, who is in by the new database, how many guests it has, and what it told."""
    database, recovery = open_or_recover(folder, SEALER, MORNING, checked)
    with closing(database):
        assert recovery is not None
        entered = [r.guest for r in read_records(database) if r.act is EntryAct.IN]
        return recovery, entered, len(read_guests(database)), recovery.told()


def checked(database: OpenDatabase) -> OpenDatabase:
    read_guests(database)
    return database


ALL = [who.id for who in PEOPLE[:12]]


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(os.urandom(9_000)),
        other_program,
        damaged("guests", 1),
        garbled_schema,
        cut_short,
    ],
)
def test_the_doctor_tells_of_a_damaged_database_before_a_door_opens(
    folder: Path, harm: Callable[[Path], object]
) -> None:
    assert list(machine.database(folder / "none")) == []
    door = Running(folder)
    assert [check.severity for check in machine.database(folder)] == [Severity.OK]  # door open
    door.storage.close()
    assert [check.severity for check in machine.database(folder)] == [Severity.OK]
    harm(folder / FILE_NAME)
    before = (folder / FILE_NAME).read_bytes()
    (check,) = machine.database(folder)
    assert check.severity is Severity.FAULT
    assert "kiosk run" in check.remedy
    assert (folder / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("harm", "note", "entered", "guests"),
    [
        (lambda path: path.write_bytes(b""), StorageNote.NOTHING, [], 0),
        (lambda path: path.write_bytes(os.urandom(9_000)), StorageNote.NOTHING, [], 0),
        (other_program, StorageNote.NOTHING, [], 0),
        (lambda path: scribble(path, 1), StorageNote.NOTHING, [], 0),
        (damaged("tallies"), StorageNote.IN_PART, ALL, 26),
        (damaged("guests", 1), StorageNote.IN_PART, ALL, None),
        (damaged("revoked_badges"), StorageNote.IN_PART, ALL, 26),
        (changed_guest("BLOB"), StorageNote.IN_PART, ALL, 25),
        (changed_guest("TEXT"), StorageNote.IN_PART, ALL, 25),
        (garbled_schema, StorageNote.IN_PART, ALL, 26),
        (cut_short, StorageNote.IN_PART, None, None),
    ],
    ids=str,
)
def test_what_survives_in_a_harmed_database_is_in_the_new_one(
    folder: Path,
    harm: Callable[[Path], object],
    note: StorageNote,
    entered: list[str] | None,
    guests: int | None,
) -> None:
    filled(folder)
    harm(folder / FILE_NAME)
    before = (folder / FILE_NAME).read_bytes()
    recovery, came, invited, told = recovered(folder)
    assert recovery.note is note
    assert recovery.moved_to is not None
    assert recovery.moved_to.name == "kiosk.sqlite3.corrupt-20211122T090000Z"
    assert len(recovery.moved_to.read_bytes()) == len(before)  # evidence
    assert "set aside" in told
    assert recovery.words.read_text("utf-8") == f"{told}\n"
    (check,) = machine.set_aside(folder)
    assert (check.severity, check.detail) == (Severity.NOTE, told)
    if entered is not None:
        assert came == entered
    if guests is not None:
        assert invited == guests
    elif note is StorageNote.IN_PART:
        assert invited < 26
    with closing(open_database(folder, SEALER)) as again:  # and it is a sound one
        findings = [checked.finding for checked in check_all(again).values() if checked.finding]
        assert all(finding.of_counts for finding in findings)  # that counts are lost is told


def test_entries_on_both_sides_of_a_page_that_is_gone_are_saved(folder: Path) -> None:
    filled(folder, 26)
    path = folder / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute(
            "SELECT count(*) FROM dbstat WHERE name = 'entries' AND pagetype = 'leaf'"
        ).fetchone()[0]
    assert pages >= 3
    scribble(path, page_of(path, "entries", 1))
    recovery, came, invited, told = recovered(folder)
    assert (recovery.salvaged.damaged, invited) == ({"entries"}, 26)
    assert came[0] == PEOPLE[0].id
    assert came[-1] == PEOPLE[25].id
    assert 10 < len(came) < 26
    assert f"Saved: {len(came)} entries of the log, 26 guests." in told
    assert "Some entries are lost" in told


def test_an_entry_that_the_chain_does_not_vouch_for_is_left_where_it_is(folder: Path) -> None:
    filled(folder)
    changed_line(folder / FILE_NAME)
    door = Running(folder)  # the journal sees it, SQLite does not
    assert [note for note, _ in door.notes] == [StorageNote.IN_PART]
    assert PEOPLE[11].id not in door.entered()
    assert len(door.entered()) == 11
    door.storage.close()
    (aside,) = set_aside_in(folder)
    with closing(sqlite3.connect(aside)) as evidence:
        assert evidence.execute("SELECT count(*) FROM entries").fetchone() == (12,)


def test_a_new_log_begins_and_tells_that_there_was_one_before(folder: Path) -> None:
    filled(folder)
    damaged("tallies")(folder / FILE_NAME)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    door = Running(folder)
    assert door.admit(PEOPLE[20]).shown is Shown.ADMIT
    records = read_records(door.storage.database)
    assert [record.cause for record in records[12:]] == [Cause.LOG_RECOVERED, Cause.NONE]
    assert {record.kiosk for record in records} == {meta["kiosk"]}
    assert {record.epoch for record in records[:12]} == {meta["epoch"]}
    assert {record.epoch for record in records[12:]} == {door.storage.database.meta("epoch")}
    assert door.storage.database.meta("epoch") != meta["epoch"]
    door.storage.close()


def test_who_came_in_before_the_damage_is_already_admitted(folder: Path) -> None:
    filled(folder)
    damaged("tallies")(folder / FILE_NAME)
    door = Running(folder)
    door.later(300)
    card = door.desk.scan(badge(ANNA), door.clock.now())  # the badge alone: she is in today
    assert (card.shown, card.reasons) == (Shown.ADMIT, ())
    door.storage.close()


@pytest.mark.parametrize("number", [SCHEMA_VERSION + 1, SCHEMA_VERSION - 1])
def test_a_sound_database_of_another_version_stays_where_it_is(folder: Path, number: int) -> None:
    version(number)(folder / FILE_NAME)
    with pytest.raises(DatabaseError, match="version of this program") as caught:
        open_or_recover(folder, SEALER, MORNING, checked)
    assert not isinstance(caught.value, DamagedDatabaseError)
    assert set_aside_in(folder) == []


def test_a_database_whose_guests_have_another_key_stays_where_it_is(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="another key"):
        open_or_recover(folder, Sealer(bytes(32)), MORNING, checked)
    assert set_aside_in(folder) == []


def test_sealed_rows_are_saved_without_their_key(folder: Path) -> None:
    damaged("tallies")(folder / FILE_NAME)
    database, recovery = open_or_recover(folder, None, MORNING, lambda opened: opened)
    database.close()
    assert recovery is not None
    assert recovery.salvaged.rows["guests"] == 26
    with closing(open_database(folder, SEALER)) as again:
        assert len(read_guests(again)) == 26


def test_a_sound_database_is_opened_and_nothing_is_told(folder: Path) -> None:
    database, recovery = open_or_recover(folder, SEALER, MORNING, checked)
    database.close()
    assert recovery is None
    assert list(machine.set_aside(folder)) == []
    assert sorted(file.name for file in folder.iterdir()) == [".making", FILE_NAME]


def test_two_databases_that_are_set_aside_in_one_second_have_two_names(folder: Path) -> None:
    for _ in range(3):
        (folder / FILE_NAME).write_bytes(b"")
        recover(folder, SEALER, MORNING)
    names = [file.name for file in set_aside_in(folder)]
    stem = "kiosk.sqlite3.corrupt-20211122T090000Z"
    assert names == [stem, f"{stem}.1", f"{stem}.2"]


def test_a_log_without_its_database_is_not_taken_for_that_of_a_new_one(folder: Path) -> None:
    filled(folder, 3)
    (folder / FILE_NAME).unlink()
    (folder / (FILE_NAME + "-wal")).write_bytes(os.urandom(9_000))
    with pytest.raises(DamagedDatabaseError, match="is gone"):
        open_database(folder)
    recovery, came, invited, _ = recovered(folder)
    assert (recovery.note, came, invited) == (StorageNote.NOTHING, [], 0)
    assert not (folder / (FILE_NAME + "-wal")).exists()
    assert len(list(folder.glob("*.corrupt-*-wal"))) == 1


@pytest.mark.parametrize("moved", [1, 2])
def test_a_power_cut_while_it_is_set_aside_loses_nothing(folder: Path, moved: int) -> None:
    door = Running(folder)
    for who in PEOPLE[:3]:
        door.admit(who)
    copies = {file.name: file.read_bytes() for file in folder.glob(FILE_NAME + "*")}
    door.storage.database.close()
    for name in copies:
        (folder / name).unlink(missing_ok=True)
    for number, (name, content) in enumerate(sorted(copies.items())):
        aside = name.startswith(FILE_NAME) and number < moved + 1
        to = name.replace(FILE_NAME, f"{FILE_NAME}.corrupt-20211122T090000Z") if aside else name
        (folder / to).write_bytes(content)
    _, came, invited, _ = recovered(folder)
    assert (came, invited) == ([who.id for who in PEOPLE[:3]], 26)


def test_a_recovery_that_cannot_be_written_leaves_the_old_file_and_a_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / FILE_NAME).write_bytes(b"damaged")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.adapters.storage.recovery.make_database", full)
    with pytest.raises(DatabaseError, match="free some space"):
        recover(folder, SEALER, MORNING)
    assert (folder / FILE_NAME).read_bytes() == b"damaged"


def crashed(folder: Path, entries: int) -> Path:
    """A door that died in the middle, and the files that it left."""
    door = Running(folder)
    for who in PEOPLE[:entries]:
        assert door.admit(who).shown is Shown.ADMIT
    left = folder.with_name("left")
    shutil.copytree(folder, left)
    door.storage.database.close()
    return left


def test_a_log_whose_newest_part_was_deleted_is_noticed_at_the_start(folder: Path) -> None:
    left = crashed(folder, 7)
    (left / (FILE_NAME + "-wal")).unlink()
    door = Running(left)
    ((note, words),) = door.notes
    assert note is StorageNote.SHORTER
    assert words.startswith("The last 7 entries of the log are missing")
    assert [check.detail for check in machine.set_aside(left)] == [words]
    assert [r.cause for r in read_records(door.storage.database)] == [Cause.LOG_RECOVERED]
    door.storage.close()
    again = Running(left)  # told once
    assert again.notes == []
    again.storage.close()


def test_an_older_copy_in_the_place_of_the_database_is_noticed_at_the_start(folder: Path) -> None:
    filled(folder, 3)
    backup = (folder / FILE_NAME).read_bytes()
    filled(folder, 6)
    (folder / FILE_NAME).write_bytes(backup)
    door = Running(folder)
    assert [note for note, _ in door.notes] == [StorageNote.SHORTER]
    door.storage.close()


def test_what_came_after_an_older_copy_counts_on_desks_that_have_what_it_lacks(
    folder: Path, tmp_path: Path
) -> None:
    def bring() -> list[tuple[int, int | None]]:
        with open_database(folder) as from_, open_database(tmp_path / "other") as to:
            arrivals = [import_log(to, log) for log in export_logs(from_, MORNING)]
        return [(arrival.added, arrival.fork) for arrival in arrivals]

    filled(folder, 3)
    backup = (folder / FILE_NAME).read_bytes()
    filled(folder, 6)
    assert [fork for _, fork in bring()] == [None]
    (folder / FILE_NAME).write_bytes(backup)
    place = Place(folder, saint_ouen(), "north")
    assert recover_if_damaged(place, SEALER, SetClock(MORNING), "boot-1") is None  # `kiosk run`
    door = Running(folder)
    assert [note for note, _ in door.notes] == [StorageNote.SHORTER]
    assert door.admit(PEOPLE[9]).shown is Shown.ADMIT
    door.storage.close()
    assert sorted(bring()) == [(0, None), (2, None)]  # with the note that it begins anew


@pytest.mark.parametrize("head", ["", "nonsense", "f" * 16 + " 000000000009 00000000\n", "\xff"])
def test_a_crash_that_lost_nothing_is_no_reason_to_tell_anything(folder: Path, head: str) -> None:
    left = crashed(folder, 7)
    if head:
        (left / loghead.FILE_NAME).write_text(head, "latin-1")
    door = Running(left)
    assert door.notes == []
    assert len(door.entered()) == 7
    door.storage.close()


def test_kiosk_run_says_what_was_saved_before_anything_else(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.cli.run.guest_sealer", lambda *_, **__: SEALER)
    filled(folder, 3)
    damaged("tallies")(folder / FILE_NAME)
    assert main(["run", "--event", str(EVENT_FILE), "--mode", "desk", "--state", str(folder)]) != 0
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("kiosk: warning: The database was damaged or gone. What is left")
    assert "Saved: 3 entries of the log, 26 guests." in said[0]
    assert "cannot open yet" in said[1]  # a badge key and a trust list are still to come
    assert len(set_aside_in(folder)) == 1


# Under a running door: never green without an entry, and green again within seconds


def trouble(card: Admission) -> bool:
    return (card.shown, card.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))


def delete(path: Path) -> None:
    path.unlink()


def delete_all(path: Path) -> None:
    for file in path.parent.glob(FILE_NAME + "*"):
        file.unlink()


def by_a_copy(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def wal(harm: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda path: harm(path.with_name(path.name + "-wal"))


def shm(harm: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda path: harm(path.with_name(path.name + "-shm"))


def by_garbage(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(os.urandom(20_000))
    copy.replace(path)


UNDER_A_DOOR = {
    "deleted": delete,
    "log deleted": wal(delete),
    "index deleted": shm(delete),
    "all deleted": delete_all,
    "copied": by_a_copy,
    "log copied": wal(by_a_copy),
    "garbage": by_garbage,
    "log garbage": wal(by_garbage),
    "index garbage": shm(by_garbage),
    "foreign": other_program,
}


@POSIX
@pytest.mark.parametrize("harm", UNDER_A_DOOR.values(), ids=UNDER_A_DOOR)
def test_files_that_go_under_a_running_door_are_noticed_and_all_entries_are_there_again(
    running: Running, harm: Callable[[Path], None]
) -> None:
    assert running.admit(ANNA).shown is Shown.ADMIT
    assert running.admit(BRUNO).shown is Shown.ADMIT
    harm(running.path)
    assert trouble(running.admit(CHLOE))
    assert trouble(running.admit(CHLOE))  # nothing is tried again at once
    running.later()
    assert running.admit(CHLOE).shown is Shown.ADMIT
    assert running.entered() == [ANNA.id, BRUNO.id, CHLOE.id]
    assert running.admit(DANA).shown is Shown.ADMIT  # and it stays so
    assert [who for who in running.entered() if who == DANA.id] == [DANA.id]
    with closing(open_database(running.folder, SEALER)) as other:
        assert len(read_guests(other)) == 26
        assert not [c for c in check_all(other).values() if c.finding]


@POSIX
def test_a_backup_that_is_put_in_the_place_of_the_database_gets_what_came_since(
    running: Running,
) -> None:
    running.admit(ANNA)
    running.storage.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = running.path.read_bytes()
    running.admit(BRUNO)
    running.path.unlink()
    running.path.write_bytes(backup)
    assert trouble(running.admit(CHLOE))
    running.later()
    assert running.admit(CHLOE).shown is Shown.ADMIT
    assert sorted(running.entered()) == sorted([ANNA.id, BRUNO.id, CHLOE.id])


# Two screens over one state folder


def both(folder: Path) -> tuple[Running, Running]:
    return Running(folder), Running(folder)


def sound(folder: Path) -> bool:
    with closing(open_database(folder, SEALER)) as other:
        return not [c for c in check_all(other).values() if c.finding]


@POSIX
@pytest.mark.parametrize("harm", UNDER_A_DOOR.values(), ids=UNDER_A_DOOR)
def test_two_screens_come_to_one_database_again_with_all_that_both_recorded(
    folder: Path, harm: Callable[[Path], None]
) -> None:
    one, two = both(folder)
    one.admit(ANNA)
    two.admit(BRUNO)
    harm(one.path)
    assert trouble(one.admit(CHLOE))
    assert trouble(two.admit(DANA))
    for screen in (one, two, one, two):
        screen.later()
        screen.desk.rest()
    assert one.admit(CHLOE).shown is Shown.ADMIT
    assert two.admit(DANA).shown is Shown.ADMIT
    for who, screen in zip(PEOPLE[4:10], (one, two) * 3, strict=True):
        assert screen.admit(who).shown is Shown.ADMIT
    assert sorted(one.entered()) == sorted(who.id for who in PEOPLE[:10])
    assert sound(folder)
    one.storage.close()
    two.storage.close()
    assert sorted(one.entered()) == sorted(who.id for who in PEOPLE[:10])


def test_a_screen_that_has_not_noticed_yet_writes_nothing_into_a_file_that_was_set_aside(
    folder: Path,
) -> None:
    one, two = both(folder)
    one.admit(ANNA)
    recover(folder, SEALER, MORNING)
    assert trouble(two.admit(BRUNO))
    two.later()
    assert two.admit(BRUNO).shown is Shown.ADMIT
    assert trouble(one.admit(CHLOE))
    one.later()
    assert one.admit(CHLOE).shown is Shown.ADMIT
    assert sorted(one.entered()) == [ANNA.id, BRUNO.id, CHLOE.id]
    one.storage.close()
    two.storage.close()


@POSIX
def test_closing_what_was_deleted_leaves_the_files_that_came_in_its_place(
    running: Running,
) -> None:
    running.admit(ANNA)
    delete_all(running.path)
    assert trouble(running.admit(BRUNO))
    running.later()
    running.admit(BRUNO)
    names = {file.name for file in running.folder.glob(FILE_NAME + "*")}
    assert {FILE_NAME, FILE_NAME + "-wal", FILE_NAME + "-shm"} <= names


def test_pages_that_go_bad_under_a_running_door_are_noticed_and_the_rest_is_saved(
    running: Running,
) -> None:
    for who in PEOPLE[:20]:
        assert running.admit(who).shown is Shown.ADMIT
        running.later(10)
    running.storage.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    running.storage.database.connection.execute("PRAGMA cache_size=0")
    running.storage.database.connection.execute("PRAGMA shrink_memory")
    last = page_of(running.path, "entries", -1)
    scribble(running.path, last)
    running.storage.database.connection.execute("UPDATE meta SET value = value")  # another change
    answers = [running.admit(PEOPLE[21])]
    running.later()
    answers.append(running.admit(PEOPLE[21]))
    assert trouble(answers[0])
    assert answers[1].shown is Shown.ADMIT
    entered = running.entered()
    assert entered[-1] == PEOPLE[21].id
    assert set(entered) < {who.id for who in PEOPLE[:22]}
    ((note, told),) = running.notes
    assert note is StorageNote.IN_PART
    assert "Some entries are lost" in told


def test_a_database_that_became_read_only_works_again_once_it_may_be_written(
    running: Running,
) -> None:
    running.storage.database.connection.execute("PRAGMA query_only=ON")
    assert trouble(running.admit(ANNA))
    running.later()  # opened anew, it may be written
    assert running.admit(ANNA).shown is Shown.ADMIT
    assert running.notes == []
    assert set_aside_in(running.folder) == []


def test_a_locked_database_is_told_and_works_as_soon_as_the_lock_is_gone(
    running: Running,
) -> None:
    running.storage.database.connection.execute("PRAGMA busy_timeout=20")
    with closing(sqlite3.connect(running.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert trouble(running.admit(ANNA))
        other.execute("ROLLBACK")
    assert running.admit(ANNA).shown is Shown.ADMIT  # at once
    assert running.entered() == [ANNA.id]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow larger (POSIX)."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@POSIX
def test_a_log_that_cannot_grow_is_told_and_works_again_afterwards(running: Running) -> None:
    running.admit(ANNA)
    with largest_file((running.folder / (FILE_NAME + "-wal")).stat().st_size):
        assert trouble(running.admit(BRUNO))
        running.later()
        assert trouble(running.admit(BRUNO))
    running.later()
    assert running.admit(BRUNO).shown is Shown.ADMIT
    assert running.entered() == [ANNA.id, BRUNO.id]


# A disk that is really full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; needs root."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill_up(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def test_when_the_disk_is_full_the_door_goes_on_with_the_room_that_was_kept(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballast, "LEAVE", 0)
    monkeypatch.setattr(Ballast.__init__, "__defaults__", (256 * 1024,))
    folder = small_disk / "state"
    with closing(open_database(folder, SEALER)) as database:
        replace_guests(database, PEOPLE)
    door = Running(folder)
    try:
        assert [note for note, _ in door.notes] == [StorageNote.LOW]
        assert (folder / ballast.FILE_NAME).stat().st_size == 256 * 1024
        fill_up(small_disk / "fill")
        shown = [door.admit(who).shown for who in PEOPLE[:8]]
        assert shown == [Shown.ADMIT] * 8
        assert [note for note, _ in door.notes] == [StorageNote.LOW, StorageNote.FULL]
        assert not (folder / ballast.FILE_NAME).exists()
        door.storage.database.connection.execute("PRAGMA wal_autocheckpoint=0")
        later = [door.admit(who) for who in PEOPLE[8:]]
        admitted = [w.id for w, card in zip(PEOPLE[8:], later, strict=True) if not trouble(card)]
        (small_disk / "fill").unlink()
        assert door.entered() == [who.id for who in PEOPLE[:8]] + admitted
        assert door.admit(PEOPLE[25]).shown is Shown.ADMIT
    finally:
        door.storage.database.close()


def test_the_ballast_takes_room_once_and_gives_it_back_once(tmp_path: Path) -> None:
    one = Ballast(tmp_path, 3 * 1024**2)
    assert [one.load(), one.load()] == [True, True]
    file = tmp_path / ballast.FILE_NAME
    assert file.stat().st_size == 3 * 1024**2
    if os.name != "nt":
        assert file.stat().st_blocks * 512 >= 3 * 1024**2  # no hole
    assert [one.release(), one.release()] == [True, False]


@pytest.mark.parametrize(
    ("free", "low", "loaded"),
    [
        (ballast.WARN_BELOW, False, True),
        (ballast.WARN_BELOW - 1, True, True),
        (ballast.LEAVE + 4096, True, True),
        (ballast.LEAVE + 4095, True, False),
    ],
)
def test_a_disk_that_is_nearly_full_is_told_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, low: bool, loaded: bool
) -> None:
    one = Ballast(tmp_path, 4096)
    monkeypatch.setattr(one, "free", lambda: free)
    assert (one.is_low(), one.load()) == (low, loaded)
