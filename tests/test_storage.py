"""The database of a kiosk on a real disk: what it acknowledges stays, what is not sound is told."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path
from threading import Thread

import pytest

from kiosk.adapters.storage.database import (
    FILE_NAME,
    DatabaseError,
    OpenDatabase,
    open_database,
    read_database,
)
from kiosk.adapters.storage.guests import (
    known_guests,
    read_guests,
    replace_guests,
    revoke_badge,
)
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import check_all
from kiosk.adapters.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.reasons import Reason
from kiosk.demo.issuer import Subject, covid_test, recovery, vaccination
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.ports import StorageTroubleError
from tests.door import (
    ALL_SEEN,
    MORNING,
    SEALER,
    SECOND,
    badge,
    certificate,
    desk,
    guest,
    let_in,
    saint_ouen,
    show,
)
from tests.fakes.clock import SetClock
from tests.guestfiles import read

ROOT = Path(__file__).parents[1]
CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")
WAL = FILE_NAME + "-wal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def database(folder: Path) -> Iterator[OpenDatabase]:
    with closing(open_database(folder, SEALER)) as opened:
        opened.connection.execute("PRAGMA busy_timeout=20")  # a test need not wait 5 seconds
        yield opened


@pytest.fixture
def journal(database: OpenDatabase) -> SqliteJournal:
    return journal_of(database)


def journal_of(database: OpenDatabase) -> SqliteJournal:
    return SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot-1")


def entry(who: str = "guest-1", act: EntryAct = EntryAct.IN) -> EntryDraft:
    return EntryDraft(act, who, "policy-day-1", "north", EntryBasis.SCANNED, "operator-1")


def intact(database: OpenDatabase) -> bool:
    return all(checked.finding is None for checked in check_all(database).values())


def fill(folder: Path, entries: int = 3) -> None:
    with closing(open_database(folder, SEALER)) as opened:
        for number in range(entries):
            journal_of(opened).append([entry(f"guest-{number}")], MORNING)


# A new database, and the same one again


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("application_id", APPLICATION_ID),
        ("user_version", SCHEMA_VERSION),
    ],
)
def test_a_database_is_durable_and_tells_whose_it_is(
    folder: Path, pragma: str, value: object
) -> None:
    for _ in ("new", "reopened"):
        with closing(open_database(folder, SEALER)) as opened:
            assert opened.connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead of modes")
def test_nobody_else_may_read_the_state_folder(folder: Path, database: OpenDatabase) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_what_was_recorded_is_there_after_reopening(folder: Path) -> None:
    with closing(open_database(folder, SEALER)) as opened:
        written = journal_of(opened).append([entry(), entry("guest-2")], MORNING)
        kiosk = opened.meta("kiosk")
    with closing(open_database(folder, SEALER)) as again:
        records = journal_of(again).news().records
        assert (records, again.meta("kiosk")) == (written, kiosk)
        assert {record.kiosk for record in records} == {kiosk}
        assert intact(again)


def test_every_database_is_another_kiosk(tmp_path: Path) -> None:
    names = set()
    for number in range(5):
        with closing(open_database(tmp_path / str(number))) as opened:
            names.add(opened.meta("kiosk"))
    assert len(names) == 5


def test_entries_are_numbered_from_1_and_read_from_behind_any_of_them(
    journal: SqliteJournal,
) -> None:
    for number in range(4):
        journal.append([entry(f"guest-{number}")], MORNING + number * SECOND)
    assert [record.seq for record in journal.news().records] == [1, 2, 3, 4]
    assert [record.seq for record in journal.news(after=2).records] == [3, 4]
    assert journal.news(after=4).records == ()


def test_entry_ids_are_unique_and_sort_by_time(journal: SqliteJournal) -> None:
    for number in range(20):
        journal.append([entry(f"guest-{number}")], MORNING + number * SECOND)
    ids = [record.id for record in journal.news().records]
    assert ids == sorted(set(ids))
    assert {(text[14], text[19] in "89ab") for text in ids} == {("7", True)}


def test_an_entry_knows_the_version_of_the_guest_list(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    journal.append([entry()], MORNING)
    replace_guests(database, [CHLOE])
    journal.append([entry()], MORNING)
    assert [record.list_version for record in journal.news().records] == [0, 1]


# Files that are not this program's, or not whole


def other_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE entries (seq)")
        other.execute("PRAGMA application_id=1")
        other.commit()


def newer_version(path: Path) -> None:
    fill(path.parent)
    with closing(sqlite3.connect(path)) as later:
        later.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
        later.commit()


def damaged_page(path: Path) -> None:
    fill(path.parent, 60)
    pages = bytearray(path.read_bytes())
    pages[4096 : len(pages)] = os.urandom(len(pages) - 4096)
    path.write_bytes(pages)


def cut_short(path: Path) -> None:
    fill(path.parent, 60)
    os.truncate(path, path.stat().st_size // 2)


UNSOUND: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(os.urandom(9_000)),
    "text": lambda path: path.write_text("not a database"),
    "another program's": other_application,
    "a newer version's": newer_version,
    "damaged": damaged_page,
    "cut short": cut_short,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("flaw", UNSOUND)
def test_an_unsound_file_is_refused_with_a_remedy_and_left_as_it_is(
    folder: Path, flaw: str
) -> None:
    folder.mkdir()
    path = folder / FILE_NAME
    UNSOUND[flaw](path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(DatabaseError) as caught:
        open_database(folder)
    assert caught.value.problem
    assert caught.value.remedy.endswith(".")
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_state_folder_that_cannot_be_one_is_told_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("in the way")
    with pytest.raises(DatabaseError, match="--state"):
        open_database(file / "state")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may write anywhere")
def test_a_read_only_folder_is_told_with_a_remedy(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    with pytest.raises(DatabaseError, match="--state"):
        open_database(folder)


# Files that go away or will not be written


def delete(path: Path) -> None:
    path.unlink()


def replace_by_a_copy(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody delete an open file")
@pytest.mark.parametrize("harm", [delete, replace_by_a_copy])
@pytest.mark.parametrize("name", [FILE_NAME, WAL])
def test_a_file_that_was_deleted_or_replaced_is_noticed_before_green(
    folder: Path, journal: SqliteJournal, name: str, harm: Callable[[Path], None]
) -> None:
    station = desk([CHLOE, BRUNO], Mode.DESK, journal=journal)
    let_in(station, CHLOE)
    assert show(station, certificate(BRUNO), badge(BRUNO)).shown is Shown.READY
    harm(folder / name)
    answer = station.confirm(ALL_SEEN, MORNING)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    already = show(station, badge(CHLOE), at=MORNING + SECOND)
    assert (already.shown, already.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))


def refused(journal: SqliteJournal, *entries: EntryDraft) -> str:
    """The name of the trouble of an append that is refused and leaves nothing behind."""
    before = journal.news().records
    with pytest.raises(StorageTroubleError) as caught:
        journal.append(entries or [entry()], MORNING)
    assert journal.news().records == before
    return str(caught.value)


def test_a_database_that_became_read_only_is_told(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    database.connection.execute("PRAGMA query_only=ON")
    assert refused(journal) == "SQLITE_READONLY"
    database.connection.execute("PRAGMA query_only=OFF")
    assert journal.append([entry()], MORNING)


def test_a_locked_database_is_told_and_works_again_afterwards(
    folder: Path, journal: SqliteJournal
) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert refused(journal) == "SQLITE_BUSY"
        other.execute("ROLLBACK")
    assert journal.append([entry()], MORNING)


def test_a_full_disk_is_told_loses_nothing_and_works_again_afterwards(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    journal.append([entry()], MORNING)
    (pages,) = database.connection.execute("PRAGMA page_count").fetchone()
    database.connection.execute(f"PRAGMA max_page_count={pages}")
    many = [entry(f"guest-{number}") for number in range(400)]
    assert refused(journal, *many) == "SQLITE_FULL"
    database.connection.execute("PRAGMA max_page_count=1000000")
    journal.append(many, MORNING)
    assert len(journal.news().records) == 401
    assert intact(database)


def test_several_drafts_are_recorded_all_or_none(journal: SqliteJournal) -> None:
    unwritable = entry("\ud800")  # half a character
    with pytest.raises(UnicodeEncodeError):
        journal.append([entry(), unwritable], MORNING)
    assert journal.news().records == ()
    assert [record.seq for record in journal.append([entry(), entry("guest-2")], MORNING)] == [1, 2]


def test_a_closed_database_is_told(database: OpenDatabase, journal: SqliteJournal) -> None:
    database.close()
    with pytest.raises(StorageTroubleError):
        journal.news()
    with pytest.raises(StorageTroubleError):
        journal.tallied("DESK", MORNING.date())


def test_trouble_is_told_by_its_name_and_quotes_nothing(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    database.connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'private'); END"
    )
    assert refused(journal) == "SQLITE_CONSTRAINT_TRIGGER"


# Counts


def test_answers_are_counted_by_utc_day_and_kind_without_a_person(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    late = MORNING.replace(hour=23, minute=59)
    for at in (MORNING, MORNING, late, late + timedelta(minutes=1)):
        journal.tally("REFUSE", "north", at)
    journal.tally("DESK", "south", MORNING)
    assert journal.tallied("REFUSE", date(2021, 11, 22)) == 3
    assert journal.tallied("REFUSE", date(2021, 11, 23)) == 1
    assert journal.tallied("DESK", date(2021, 11, 22)) == 1
    assert journal.tallied("ADMIT", date(2021, 11, 22)) == 0
    assert journal.tallied("REFUSE", date(2021, 11, 22), range(MORNING.hour, 23)) == 2
    assert journal.tallied("REFUSE", date(2021, 11, 22), range(23, 24)) == 1
    assert journal.tallied("REFUSE", date(2021, 11, 22), range(MORNING.hour)) == 0
    row = database.connection.execute(
        "SELECT day, hour, door, answer, count FROM tallies WHERE answer = 'DESK'"
    ).fetchone()
    assert row == ("2021-11-22", 9, "south", "DESK", 1)


# The guest list


def test_guests_come_back_as_they_were(database: OpenDatabase) -> None:
    people = [
        guest("Zoé", "Lefèvre", occasions=frozenset[str](), language="fr"),
        guest("Иван", "Иванов", attendance=Attendance.REMOTE, selection=Selection.WAITING),
        guest("Robert'); DROP TABLE guests;--", "O'Brien", partnership="", category="press"),
    ]
    assert replace_guests(database, people) == 1
    assert set(read_guests(database)) == set(people)
    assert replace_guests(database, []) == 2
    assert len(read_guests(database)) == 0


@pytest.mark.parametrize(
    "wrong",
    [guest("Dana", "Petit", badge=CHLOE.badge), guest("Dana", "Petit", id=CHLOE.id)],
    ids=["same badge", "same id"],
)
def test_a_list_with_one_row_that_fails_leaves_the_list_of_before(
    database: OpenDatabase, wrong: Guest
) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    with pytest.raises(DatabaseError, match="untouched"):
        replace_guests(database, [guest("Ada", "Roux"), CHLOE, wrong])
    assert set(read_guests(database)) == {CHLOE, BRUNO}
    assert database.meta("guest_list_version") == "1"
    assert read_guests(database).revoked == frozenset()


def test_badges_of_guests_who_are_gone_or_have_a_new_one_are_revoked(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    reprinted = replace(CHLOE, badge=b"reprint!")
    replace_guests(database, [reprinted])
    assert read_guests(database).revoked == {CHLOE.badge, BRUNO.badge}
    replace_guests(database, [reprinted, BRUNO])
    assert read_guests(database).revoked == {CHLOE.badge}


def test_a_guest_who_comes_back_with_a_later_list_has_the_first_badge_again(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    replace_guests(database, [CHLOE])
    replace_guests(database, [replace(CHLOE, organisation="Elsewhere")])
    assert set(known_guests(database)) == {replace(CHLOE, organisation="Elsewhere"), BRUNO}
    assert set(read_guests(database)) == {replace(CHLOE, organisation="Elsewhere")}
    text = f"Name;Organisation;Partnership\n{BRUNO.name};{BRUNO.organisation};{BRUNO.partnership}\n"
    returned = read(text, known_guests(database))
    assert [(one.id, one.badge) for one in returned] == [(BRUNO.id, BRUNO.badge)]
    replace_guests(database, returned)
    assert read_guests(database).revoked == {CHLOE.badge}
    assert {one.id for one in known_guests(database)} == {CHLOE.id, BRUNO.id}


def test_the_guests_of_now_are_known_before_those_who_are_gone(database: OpenDatabase) -> None:
    assert len(known_guests(database)) == 0
    later, namesake = replace(CHLOE, id="later", badge=b"newest!!"), replace(BRUNO, id="namesake")
    replace_guests(database, [CHLOE])
    replace_guests(database, [BRUNO])
    replace_guests(database, [later, namesake])
    assert [one.id for one in known_guests(database)] == ["later", "namesake", CHLOE.id]


@pytest.mark.parametrize("goes", [False, True], ids=["stays", "goes and comes back"])
def test_a_withdrawn_badge_stays_withdrawn_whatever_lists_come(
    database: OpenDatabase, goes: bool
) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    revoke_badge(database, CHLOE.badge)
    for guests in ([BRUNO] if goes else [CHLOE, BRUNO], [CHLOE, BRUNO], [CHLOE, BRUNO]):
        replace_guests(database, guests)
        assert read_guests(database).revoked == {CHLOE.badge}


def test_a_list_that_fails_forgets_nobody_and_remembers_nobody(database: OpenDatabase) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    with pytest.raises(DatabaseError):
        replace_guests(database, [BRUNO, guest("Dana", "Petit", badge=BRUNO.badge)])
    assert set(known_guests(database)) == {CHLOE, BRUNO}
    assert database.connection.execute("SELECT count(*) FROM gone_guests").fetchone() == (0,)


def test_a_withdrawn_badge_brings_its_bearer_to_the_desk(
    database: OpenDatabase, journal: SqliteJournal
) -> None:
    replace_guests(database, [CHLOE])
    for _ in range(2):
        revoke_badge(database, CHLOE.badge)
    names = read_guests(database)
    station = desk(names, revoked=names.revoked, journal=journal)
    assert show(station, badge(CHLOE)).reasons == (Reason.BADGE_REVOKED,)


# Several writers


def test_two_connections_that_append_at_once_keep_one_chain(folder: Path) -> None:
    open_database(folder).close()

    def admit(writer: int) -> None:
        with closing(open_database(folder, SEALER)) as mine:
            for number in range(25):
                journal_of(mine).append([entry(f"guest-{writer}-{number}")], MORNING)

    threads = [Thread(target=admit, args=(writer,)) for writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(open_database(folder, SEALER)) as after:
        records = journal_of(after).news().records
    assert len({record.guest for record in records}) == len(records) == 50
    clocks = [record.hlc for record in records]
    assert clocks == sorted(set(clocks))


def test_one_screen_sees_at_once_what_another_of_the_kiosk_recorded(folder: Path) -> None:
    with (
        closing(open_database(folder, SEALER)) as one,
        closing(open_database(folder, SEALER)) as other,
    ):
        let_in(desk([CHLOE], Mode.DESK, journal=journal_of(one)), CHLOE)
        south = desk([CHLOE], journal=journal_of(other), door="south")
        assert show(south, badge(CHLOE)).reasons == (Reason.INSIDE_ELSEWHERE,)


def test_an_entry_committed_but_not_shown_is_already_admitted_after_the_restart(
    folder: Path,
) -> None:
    with closing(open_database(folder, SEALER)) as before:
        journal_of(before).append([entry(CHLOE.id)], MORNING)
    with closing(open_database(folder, SEALER)) as after:
        station = desk([CHLOE], Mode.DESK, journal=journal_of(after))
        answer = show(station, badge(CHLOE), at=MORNING + 60 * SECOND)
        assert answer.shown is Shown.ADMIT
        assert len(journal_of(after).news().records) == 1


# Nothing of a certificate on disk

PROOFS: tuple[Callable[[str], tuple[str, dict[str, object]]], ...] = (
    lambda uvci: ("v", vaccination("2021-07-03", ci=uvci)),
    lambda uvci: ("t", covid_test(MORNING - timedelta(hours=60), ci=uvci)),
    lambda uvci: ("t", covid_test(MORNING - timedelta(hours=80), ci=uvci)),  # refused
    lambda uvci: ("r", recovery("2021-09-04", ci=uvci)),
)
TOLD_BY_PROOFS = frozenset(
    {"HC1:", "UVCI", "EU/1/20", "1119349007", "ORG-1", "2021-07-03", "2021-09-04", "2021-11-19"}
    | {"260415000", "840539006", "LP6464", "vaccination", "recovery", "Invented centre"}
)


def scan(station: EntryDesk, person: Guest, number: int) -> set[str]:
    """One guest with a certificate that tells more than the list; what must not be kept of it."""
    born, uvci = f"19{40 + number}-07-{number + 1:02d}", f"CANARY{number:03d}"
    second = "CANARY" + chr(65 + number % 26)
    holder = Subject(
        f"{person.family} {second}",
        f"{person.given} {second}",
        f"{person.family}<{second}".upper(),
        f"{person.given}<{second}".upper(),
        born,
    )
    text = certificate(holder, *PROOFS[number % len(PROOFS)](f"URN:UVCI:01:XX:{uvci}#K"))
    at = MORNING + number * timedelta(minutes=1)
    show(station, text, badge(person), at=at)
    station.confirm(ALL_SEEN, at)
    return {born, uvci, second, text[4:40], text[-40:]}


def test_no_byte_of_30_certificates_is_in_any_file_of_the_state_folder(folder: Path) -> None:
    people = [guest(f"Given{chr(65 + n)}", f"Family{chr(65 + n)}") for n in range(26)]
    secrets = set(TOLD_BY_PROOFS)
    with closing(open_database(folder, SEALER)) as opened:
        replace_guests(opened, people)
        station = desk(read_guests(opened), Mode.DESK, journal=journal_of(opened))
        for number in range(30):
            secrets |= scan(station, people[number % 26], number)
        assert len(journal_of(opened).news().records) > 15
        files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
        tables = [
            str(opened.connection.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
            for table in ("entries", "checkpoints", "tallies", "meta", "revoked_badges")
        ]
    files += [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert len(files) == 8  # with the write-ahead log and its index, then without; key and lock
    assert not {secret for secret in secrets for data in files if secret.encode() in data}
    names = {name for person in people for name in (person.family, person.given)}
    assert not {name for name in names for table in tables if name in table}


def test_a_guest_deleted_from_the_list_and_from_those_gone_leaves_no_bytes_behind(
    folder: Path,
) -> None:
    with closing(open_database(folder, SEALER)) as opened:
        replace_guests(opened, [guest("Canarygiven", "Canaryfamily")])
        replace_guests(opened, [CHLOE])
        opened.connection.execute("DELETE FROM gone_guests")
        opened.connection.execute("DELETE FROM guests_before")
    assert {file.name for file in folder.iterdir()} == {".making", FILE_NAME}
    assert b"Canaryfamily" not in (folder / FILE_NAME).read_bytes()


def test_times_are_kept_in_utc(journal: SqliteJournal) -> None:
    (record,) = journal.append([entry()], MORNING.astimezone(saint_ouen().time_zone))
    assert (record.at, record.at.tzinfo) == (MORNING, UTC)
    assert journal.news().records[0].at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("SQLITE_READONLY", "Leave it where it is"),
        ("SQLITE_CANTOPEN", "Leave it where it is"),
        ("SQLITE_BUSY", "in use"),
        ("SQLITE_CORRUPT", "Move it aside"),
    ],
)
def test_only_a_damaged_database_is_to_be_moved_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    open_database(folder).close()

    def fails(*_: object) -> None:
        error = sqlite3.OperationalError("no")
        error.sqlite_errorname = name
        raise error

    monkeypatch.setattr("kiosk.adapters.storage.database._prepared", fails)
    with pytest.raises(DatabaseError, match=told) as caught:
        open_database(folder)
    assert ("aside" in caught.value.remedy) == (name == "SQLITE_CORRUPT")


def test_reading_makes_no_database(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="Check --state"):
        read_database(folder)
    assert not folder.exists()


def test_a_folder_that_may_not_be_looked_into_is_told_with_a_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(DatabaseError, match="Leave it where"):
        read_database(folder)
    monkeypatch.undo()
