"""Guests on a disk: unreadable without their key, amended in the transaction that tells of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import (
    FILE_NAME,
    DatabaseError,
    OpenDatabase,
    open_database,
)
from kiosk.adapters.storage.guests import (
    StoredGuests,
    known_guests,
    read_guests,
    replace_guests,
)
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Guest
from kiosk.core.sealing import KEY_LENGTH, Sealer
from kiosk.desk.ports import StorageTroubleError
from tests.door import MORNING, SEALER, guest
from tests.fakes.clock import SetClock

ANA = guest("Canarygiven", "Canaryfamily", organisation="Canarycluster", partnership="Canaryship")
BEN = guest("Canaryben", "Canarywalkin", birth_year=1987)
NOTE = EntryDraft(
    EntryAct.NOTE, BEN.id, "", "north", EntryBasis.SUPERVISOR, "s1", cause=Cause.WALK_IN
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def database(folder: Path) -> Iterator[OpenDatabase]:
    with closing(open_database(folder, SEALER)) as opened:
        yield opened


def amendment(number: int, what: Guest | Change) -> Amendment:
    return Amendment(f"0190-{number:04}", MORNING, "desk-1", "s1", Cause.WALK_IN, what)


def amend(database: OpenDatabase, *amendments: Amendment) -> None:
    journal = SqliteJournal(database, "event", SetClock(MORNING), "boot")
    journal.append([NOTE], MORNING, amendments=amendments)


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_no_guest_of_now_or_before_nor_one_added_at_a_door_is_readable_on_the_disk(
    folder: Path, database: OpenDatabase
) -> None:
    replace_guests(database, [ANA])
    replace_guests(database, [guest("Other", "Somebody")])
    amend(database, amendment(1, BEN))
    for _ in ("while it is open", "closed"):
        assert b"Canary" not in on_disk(folder)
        assert b"Somebody" not in on_disk(folder)
        database.close()


def test_guests_without_their_key_are_told_with_a_remedy(folder: Path) -> None:
    with closing(open_database(folder, SEALER)) as opened:
        replace_guests(opened, [ANA])
    with closing(open_database(folder)) as locked:
        for read in (read_guests, known_guests):
            with pytest.raises(DatabaseError, match="keys/data-key"):
                read(locked)
        with pytest.raises(DatabaseError, match="keys/data-key"):
            replace_guests(locked, [ANA])
        with pytest.raises(StorageTroubleError):
            StoredGuests(locked).current()
        with pytest.raises(StorageTroubleError):
            amend(locked, amendment(1, BEN))
        assert SqliteJournal(locked, "event", SetClock(MORNING), "boot").news().records == ()


def test_another_key_is_told_before_anything_is_read_or_written(folder: Path) -> None:
    with closing(open_database(folder, SEALER)) as opened:
        replace_guests(opened, [ANA])
    with pytest.raises(DatabaseError, match="another key"):
        open_database(folder, Sealer(bytes(KEY_LENGTH)))
    with closing(open_database(folder, SEALER)) as opened:
        assert set(read_guests(opened)) == {ANA}


def test_a_copied_database_is_of_no_use_without_the_key_and_whole_with_it(
    folder: Path, database: OpenDatabase, tmp_path: Path
) -> None:
    replace_guests(database, [ANA])
    database.close()
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with closing(open_database(copy, SEALER)) as opened:
        assert set(read_guests(opened)) == {ANA}


def test_a_row_that_was_exchanged_with_another_is_told(database: OpenDatabase) -> None:
    replace_guests(database, [ANA, BEN])
    database.connection.execute(
        "UPDATE guests SET sealed = (SELECT sealed FROM guests WHERE id = ?)", (ANA.id,)
    )
    with pytest.raises(DatabaseError, match="changed since") as caught:
        read_guests(database)
    assert "Canary" not in str(caught.value)


# What was changed at a door


def test_who_was_added_at_a_door_is_on_the_list_at_once_and_after_the_next_import(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [ANA])
    stored = StoredGuests(database)
    assert set(stored.current()) == {ANA}
    amend(database, amendment(1, BEN))
    assert set(stored.current()) == {ANA, BEN}
    assert stored.current() is stored.current()
    replace_guests(database, [replace(ANA, language="fr")])
    assert set(stored.current()) == {replace(ANA, language="fr"), BEN}
    assert stored.current().revoked == frozenset()


def test_who_was_added_at_a_door_and_then_listed_keeps_the_badge_when_the_list_drops_them(
    database: OpenDatabase,
) -> None:
    amend(database, amendment(1, BEN))
    replace_guests(database, [ANA, replace(BEN, organisation="As listed")])
    assert read_guests(database).by_id(BEN.id) == replace(BEN, organisation="As listed")
    replace_guests(database, [ANA])
    assert set(read_guests(database)) == {ANA, BEN}
    assert read_guests(database).revoked == frozenset()


def test_another_screen_has_what_was_changed_at_once(folder: Path, database: OpenDatabase) -> None:
    replace_guests(database, [ANA])
    with closing(open_database(folder, SEALER)) as other:
        stored = StoredGuests(other)
        assert stored.current().by_badge(b"reprint!") is None
        amend(database, amendment(1, Change(ANA.id, badge=b"reprint!")))
        assert stored.current().by_badge(b"reprint!") is not None
        assert stored.current().revoked == {ANA.badge}


def test_a_reprinted_badge_stays_the_guest_s_through_lists_and_the_old_one_stays_revoked(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [ANA])
    amend(database, amendment(1, Change(ANA.id, badge=b"reprint!")))
    replace_guests(database, [])
    assert read_guests(database).revoked == {ANA.badge, b"reprint!"}
    (back,) = known_guests(database)
    assert back == replace(ANA, badge=b"reprint!")
    replace_guests(database, [back])
    assert set(read_guests(database)) == {back}
    assert read_guests(database).revoked == {ANA.badge}


def test_a_list_that_gives_away_the_badge_of_somebody_added_at_a_door_is_refused(
    database: OpenDatabase,
) -> None:
    amend(database, amendment(1, BEN))
    with pytest.raises(DatabaseError, match="same badge"):
        replace_guests(database, [replace(ANA, badge=BEN.badge)])
    assert set(read_guests(database)) == {BEN}


def test_an_entry_that_cannot_be_recorded_changes_no_guest(database: OpenDatabase) -> None:
    journal = SqliteJournal(database, "event", SetClock(MORNING), "boot")
    database.connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(StorageTroubleError):
        journal.append([NOTE], MORNING, amendments=[amendment(1, BEN)])
    assert len(read_guests(database)) == 0


def test_a_change_that_cannot_be_stored_records_no_entry(database: OpenDatabase) -> None:
    journal = SqliteJournal(database, "event", SetClock(MORNING), "boot")
    journal.append([NOTE], MORNING, amendments=[amendment(1, BEN)])
    with pytest.raises(StorageTroubleError):
        journal.append([NOTE], MORNING, amendments=[amendment(1, ANA)])  # the same id
    assert len(journal.news().records) == 1
    assert set(read_guests(database)) == {BEN}


def test_changes_are_read_in_their_own_order(database: OpenDatabase) -> None:
    replace_guests(database, [ANA])
    late, early = (amendment(n, Change(ANA.id, badge=bytes([n]) * 8)) for n in (2, 1))
    amend(database, late)
    amend(database, early)
    found = read_guests(database).by_id(ANA.id)
    assert found is not None
    assert found.badge == bytes([2]) * 8


def test_the_database_has_no_column_for_what_is_personal(database: OpenDatabase) -> None:
    for table in ("guests", "guests_before", "gone_guests", "amendments"):
        columns = database.connection.execute(f"PRAGMA table_info({table})").fetchall()
        assert {name for _, name, *_ in columns} <= {"id", "sealed", "withdrawn"}
    assert database.path.name == FILE_NAME
