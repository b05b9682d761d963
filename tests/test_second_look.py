"""What a second look found: unsigned lists beside a pin, odd certificates, lists that change."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.storage.database import DatabaseError, open_database
from kiosk.adapters.storage.guests import (
    StoredGuests,
    read_guests,
    replace_guests,
    revoke_badge,
)
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.trust.sources import installed_trust
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.policy.eventfile import EventFileError, load_event
from kiosk.core.trust.formats import TrustSourceError
from kiosk.desk.ports import LogMovedError
from tests.certificates import signer
from tests.door import EVENT_FILE, MORNING, SEALER, guest
from tests.fakes.clock import SetClock
from tests.lists import german, pem, pinned, row

ANA, BO = guest("Ana", "Um"), guest("Bo", "Um")
DRAFT = EntryDraft(EntryAct.IN, ANA.id, "policy-day-1", "north", EntryBasis.SCANNED)


def test_beside_a_pinned_key_nothing_unsigned_is_believed(tmp_path: Path) -> None:
    (tmp_path / "dsc-list.json").write_bytes(german(row(signer())))
    (tmp_path / "list-key.pem").write_bytes(pinned())
    assert installed_trust([tmp_path]).signers
    (tmp_path / "another.pem").write_bytes(pem(signer()))
    with pytest.raises(TrustSourceError, match="carries no signature"):
        installed_trust([tmp_path])


def test_a_stored_list_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    with open_database(tmp_path, SEALER) as writer, open_database(tmp_path, SEALER) as reader:
        replace_guests(writer, [ANA])
        stored = StoredGuests(reader)
        first = stored.current()
        assert first is stored.current()
        assert len(first) == 1
        replace_guests(writer, [ANA, BO])
        assert len(stored.current()) == 2
        revoke_badge(writer, BO.badge)
        assert stored.current().revoked == {BO.badge}
        assert len(read_guests(writer)) == 2


def test_what_was_decided_on_an_older_log_is_not_recorded(tmp_path: Path) -> None:
    with open_database(tmp_path) as one, open_database(tmp_path) as two:
        here, there = (SqliteJournal(d, "event", SetClock(MORNING), "boot") for d in (one, two))
        here.append((DRAFT,), MORNING, after=0)
        with pytest.raises(LogMovedError):
            there.append((DRAFT,), MORNING, after=0)
        there.append((DRAFT,), MORNING, after=1)
        assert [record.seq for record in here.news().records] == [1, 2]


def test_a_state_folder_serves_one_event(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        SqliteJournal(database, "one", SetClock(MORNING), "boot").append((DRAFT,), MORNING)
        with pytest.raises(DatabaseError, match="another event"):
            SqliteJournal(database, "two", SetClock(MORNING), "boot")


def test_an_occasion_ends_on_the_day_on_which_it_begins() -> None:
    text = EVENT_FILE.read_text("utf-8")
    late = text.replace("closes = 2021-11-22T18:30:00", "closes = 2021-11-23T03:00:00")
    assert late != text
    with pytest.raises(EventFileError, match="closes on another day"):
        load_event(late)
