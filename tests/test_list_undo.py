"""Taking an import back: the list of before, its badges, and again the newer one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase, open_database
from kiosk.adapters.storage.guests import (
    guests_before,
    known_guests,
    read_guests,
    read_listed,
    replace_guests,
    revoke_badge,
    undo_replacement,
)
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import read_records
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Guest, Selection
from tests.door import MORNING, SEALER, guest
from tests.fakes.clock import SetClock

CHLOE, BRUNO, ADA = guest("Chloe", "Martin"), guest("Bruno", "Novak"), guest("Ada", "Petit")
REPRINTED = replace(CHLOE, badge=b"reprint!")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[OpenDatabase]:
    with closing(open_database(tmp_path / "state", SEALER)) as opened:
        yield opened


def state(database: OpenDatabase) -> tuple[frozenset[Guest], frozenset[bytes]]:
    found = read_guests(database)
    return frozenset(found), found.revoked


def journal_of(database: OpenDatabase) -> SqliteJournal:
    return SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot-1")


def walk_in(person: Guest) -> Amendment:
    return Amendment("01", MORNING, "desk-1", "staff", Cause.WALK_IN, person)


def test_an_undo_puts_guests_and_badges_back_and_another_one_the_newer_list(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    before = state(database)
    replace_guests(database, [REPRINTED, ADA])
    after = state(database)
    assert after == (frozenset({REPRINTED, ADA}), frozenset({CHLOE.badge, BRUNO.badge}))
    assert set(guests_before(database)) == {CHLOE, BRUNO}
    assert undo_replacement(database) == 3
    assert state(database) == (before[0], frozenset({REPRINTED.badge, ADA.badge}))
    assert undo_replacement(database) == 4
    assert state(database) == after
    assert set(guests_before(database)) == {CHLOE, BRUNO}


def test_the_first_import_can_be_taken_back_and_nothing_before_it(database: OpenDatabase) -> None:
    for undo in (guests_before, undo_replacement):
        with pytest.raises(DatabaseError, match="no import to take back"):
            undo(database)
    replace_guests(database, [CHLOE])
    undo_replacement(database)
    assert state(database) == (frozenset[Guest](), frozenset({CHLOE.badge}))
    assert {one.id for one in known_guests(database)} == {CHLOE.id}


@pytest.mark.parametrize("when", ["before the import", "after it"])
def test_a_badge_that_was_withdrawn_stays_so(database: OpenDatabase, when: str) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    if when == "before the import":
        revoke_badge(database, CHLOE.badge)
    replace_guests(database, [REPRINTED, BRUNO])
    if when == "after it":
        revoke_badge(database, BRUNO.badge)
    undo_replacement(database)
    withdrawn = CHLOE.badge if when == "before the import" else BRUNO.badge
    assert read_guests(database).revoked == {withdrawn, REPRINTED.badge}


def test_entries_of_guests_who_go_with_an_undo_keep_their_pseudonym(
    database: OpenDatabase,
) -> None:
    replace_guests(database, [CHLOE])
    replace_guests(database, [CHLOE, ADA])
    draft = EntryDraft(EntryAct.IN, ADA.id, "policy-day-1", "north", EntryBasis.SCANNED, "")
    journal = journal_of(database)
    journal.append([draft], MORNING)
    undo_replacement(database)
    (record,) = read_records(database)
    assert record.guest == ADA.id
    undo_replacement(database)
    assert read_guests(database).by_id(record.guest) == ADA


def test_what_was_changed_at_a_door_stays_through_an_undo(database: OpenDatabase) -> None:
    waiting = replace(CHLOE, selection=Selection.WAITING)
    replace_guests(database, [waiting])
    replace_guests(database, [waiting, BRUNO])
    change = Change(CHLOE.id, selection=Selection.SELECTED)
    drafts = [
        EntryDraft(EntryAct.NOTE, who, "", "north", EntryBasis.SUPERVISOR, "s", cause=Cause.WALK_IN)
        for who in (ADA.id, CHLOE.id)
    ]
    changed = Amendment("02", MORNING, "desk-1", "staff", Cause.LATE_REGISTRATION, change)
    journal_of(database).append(drafts, MORNING, amendments=[walk_in(ADA), changed])
    assert state(database)[0] == {CHLOE, BRUNO, ADA}
    undo_replacement(database)
    assert state(database)[0] == {CHLOE, ADA}
    assert read_listed(database) == [waiting]


def test_an_undo_that_fails_changes_nothing(database: OpenDatabase) -> None:
    replace_guests(database, [CHLOE, BRUNO])
    replace_guests(database, [CHLOE])
    before = state(database), database.meta("guest_list_version")
    database.connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON guests BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    with pytest.raises(DatabaseError, match="could not be taken back"):
        undo_replacement(database)
    assert (state(database), database.meta("guest_list_version")) == before
    assert set(guests_before(database)) == {CHLOE, BRUNO}


def test_the_list_of_before_is_sealed_and_after_another_import_gone(
    database: OpenDatabase, tmp_path: Path
) -> None:
    replace_guests(database, [replace(CHLOE, family="Unmistakable")])
    replace_guests(database, [BRUNO])
    files = [path.read_bytes() for path in (tmp_path / "state").iterdir() if path.is_file()]
    assert not any(b"Unmistakable" in data for data in files)
    replace_guests(database, [BRUNO, ADA])
    assert guests_before(database) == [BRUNO]


PEOPLE = [guest(f"Given{n}", "Family", id=f"{n}", badge=bytes([n] * 8)) for n in range(4)]
LISTS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(0, 2)), unique_by=lambda one: one[0].id
).map(lambda chosen: [replace(g, badge=bytes([b]) + g.badge[1:]) for g, b in chosen])


@settings(max_examples=40, deadline=None)
@given(LISTS, LISTS, st.lists(st.sampled_from(PEOPLE), max_size=2))
def test_an_undo_makes_valid_what_the_import_revoked_and_nothing_else(
    first: list[Guest], second: list[Guest], withdrawn: list[Guest]
) -> None:
    with TemporaryDirectory() as folder, closing(open_database(Path(folder), SEALER)) as database:
        replace_guests(database, first)
        for one in withdrawn:
            revoke_badge(database, one.badge)
        before = state(database)
        replace_guests(database, second)
        after = state(database)
        undo_replacement(database)
        guests, revoked = state(database)
        assert guests == before[0]
        held = {one.badge for one in first}
        assert revoked & held == before[1] & held
        undo_replacement(database)
        guests, revoked = state(database)
        assert guests == after[0]
        held = {one.badge for one in second}
        assert revoked & held == after[1] & held
