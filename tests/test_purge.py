"""After the event guests, their copies and their key are gone; the log stays, a report tells it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QLockFile

from kiosk.adapters.storage import purge as purging
from kiosk.adapters.storage.database import FILE_NAME, DatabaseError, open_database
from kiosk.adapters.storage.guests import read_guests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import check_all, head_of, logs_in
from kiosk.adapters.system.clock import SystemClock
from kiosk.adapters.system.datakey import FILE, Kept
from kiosk.cli.main import main
from kiosk.cli.unlocking import data_keys, guest_sealer
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.amendments import Amendment
from kiosk.core.purge import (
    HARD_STOP,
    Purge,
    PurgeReportError,
    checked_report,
    deadline_of,
    signed_report,
    told,
)
from tests.door import EVENT_FILE, MORNING, event_with, guest, saint_ouen
from tests.fakes.clock import SetClock

EVENT = saint_ouen().id
ENDS = max(occasion.closes for occasion in saint_ouen().occasions)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = [guest("Canarygiven", f"Canaryfamily{number}") for number in range(40)]


class Kiosk:
    """A state folder after an event, and the commands on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state, self._capsys = folder / "state", capsys
        self.out = self.err = ""
        with closing(open_database(self.state, guest_sealer(self.state, make=True))) as database:
            replace_guests(database, PEOPLE)
            replace_guests(database, PEOPLE[:20])
            journal = SqliteJournal(database, EVENT, SetClock(MORNING), "boot")
            added = guest("Canarywalkin", "Canaryadded")
            draft = EntryDraft(EntryAct.IN, added.id, "policy-day-1", "north", EntryBasis.SCANNED)
            change = Amendment("0190", MORNING, "d", "s", Cause.WALK_IN, added)
            journal.append([draft], MORNING, amendments=[change])
            journal.append([replace(draft, guest=PEOPLE[0].id)], MORNING)
        capsys.readouterr()

    def __call__(self, *options: str | Path, event: Path = EVENT_FILE) -> int:
        command = ["purge", "--event", str(event), *map(str, options), "--state", str(self.state)]
        status = main(command)
        self.out, self.err = self._capsys.readouterr()
        return status

    def confirmed(self, *options: str | Path) -> int:
        return self("--confirm", EVENT, "--by", "Ada", *options)

    def export(self) -> None:
        """As if every entry had been exported."""
        export_all(self.state)

    def rows(self) -> dict[str, int]:
        with closing(open_database(self.state)) as database:
            return purging.to_delete(database)

    def on_disk(self) -> bytes:
        return b"".join(f.read_bytes() for f in self.state.rglob("*") if f.is_file())

    def report(self) -> tuple[Purge, str, bool]:
        (file,) = self.state.glob("purge-*.json")
        return checked_report(file.read_bytes())


def export_all(state: Path) -> None:
    from kiosk.core.chain import Checkpoint, Moment

    with closing(open_database(state)) as database:
        key = purging.signing_key(database)
        (log,) = logs_in(database.connection)
        head = head_of(database.connection, log)
        told = Checkpoint(
            EVENT, *log, head.seq, head.digest.hex(), MORNING, 1, 0, Moment.EXPORTED
        ).signed(key)
        database.connection.execute(
            "INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)", (*log, head.seq, *told)
        )


@pytest.fixture
def kiosk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return Kiosk(tmp_path, capsys)


@pytest.fixture(autouse=True)
def _after_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, ENDS + 25 * HOUR)


def set_clock(patch: pytest.MonkeyPatch, at: datetime) -> None:
    patch.setattr(SystemClock, "now", lambda _: at)


# When it is due


def test_the_event_file_says_from_when_and_7_days_after_the_end_is_the_latest() -> None:
    deadline = deadline_of(saint_ouen())
    assert (deadline.ends, deadline.due) == (ENDS, ENDS + timedelta(hours=24))
    assert deadline.latest == ENDS + HARD_STOP
    assert deadline_of(event_with(retention=30 * DAY)).latest == ENDS + 30 * DAY


@pytest.mark.parametrize(
    ("after_the_end", "unsent", "waits"),
    [
        (-HOUR, 0, "goes on until"),
        (-HOUR, 3, "goes on until"),
        (timedelta(0), 0, ""),
        (timedelta(0), 1, "1 entry was neither"),
        (7 * DAY - HOUR, 1200, "1,200 entries were neither"),
        (7 * DAY, 1200, ""),
    ],
)
def test_a_purge_waits_for_the_end_and_for_entries_that_were_brought_nowhere(
    after_the_end: timedelta, unsent: int, waits: str
) -> None:
    told = deadline_of(saint_ouen()).waits_for(ENDS + after_the_end, unsent)
    assert waits in told
    assert bool(told) is bool(waits)


def test_staff_are_reminded_from_when_it_is_due() -> None:
    deadline = deadline_of(saint_ouen())
    assert deadline.reminder(deadline.due - timedelta(seconds=1)) == ""
    assert "kiosk purge" in deadline.reminder(deadline.due)


# What it does


def test_a_purge_deletes_persons_and_their_key_and_keeps_the_log(kiosk: Kiosk) -> None:
    kiosk.export()
    key = data_keys(kiosk.state).find()
    assert key is not None
    assert kiosk.confirmed() == 0
    assert not any(kiosk.rows().values())
    assert data_keys(kiosk.state).file() is None
    with closing(open_database(kiosk.state)) as database:
        assert [checked.entries for checked in check_all(database).values()] == [2]
        assert [checked.finding for checked in check_all(database).values()] == [None]
        assert len(read_guests(database)) == 0
        assert database.meta("data_key") == ""
        assert SqliteJournal(database, EVENT, SetClock(MORNING), "boot").news().records


def test_nothing_of_a_sealed_guest_is_left_in_the_file_nor_in_its_log(kiosk: Kiosk) -> None:
    kiosk.export()
    with closing(open_database(kiosk.state)) as database:
        query = "SELECT sealed FROM guests UNION ALL SELECT sealed FROM amendments"
        sealed = [row for (row,) in database.connection.execute(query)]
    assert len(sealed) == 21
    on_disk = kiosk.on_disk()
    assert all(row in on_disk for row in sealed)
    size = (kiosk.state / FILE_NAME).stat().st_size
    assert kiosk.confirmed() == 0
    on_disk = kiosk.on_disk()
    assert not [row for row in sealed if row[:24] in on_disk]
    assert (kiosk.state / FILE_NAME).stat().st_size < size


def test_a_copy_from_before_the_purge_opens_no_more(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.export()
    copy = tmp_path / "copy" / FILE_NAME
    copy.parent.mkdir()
    copy.write_bytes((kiosk.state / FILE_NAME).read_bytes())
    assert kiosk.confirmed() == 0
    with closing(open_database(copy.parent)) as database:
        assert purging.to_delete(database)["guests"] == 20
    with pytest.raises(DatabaseError, match="another key"):
        open_database(copy.parent, guest_sealer(kiosk.state, make=True))


def test_guests_can_be_imported_again_with_another_key(kiosk: Kiosk) -> None:
    kiosk.export()
    assert kiosk.confirmed() == 0
    sealer = guest_sealer(kiosk.state, make=True)
    with closing(open_database(kiosk.state, sealer)) as database:
        replace_guests(database, PEOPLE[:3])
        assert set(read_guests(database)) == set(PEOPLE[:3])


def test_every_table_is_either_emptied_or_known_to_hold_no_person(kiosk: Kiosk) -> None:
    with closing(open_database(kiosk.state)) as database:
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
        tables = dict(database.connection.execute(query))
    sealed = {name for name, sql in tables.items() if "sealed" in sql}
    assert sealed
    assert not sealed & purging.KEPT.keys()
    assert purging.KEPT.keys() <= tables.keys()


# What it asks, and what it waits for


def test_a_dry_run_shows_everything_and_does_nothing(kiosk: Kiosk) -> None:
    before = kiosk.rows()
    assert kiosk("--dry-run") == 0
    assert "20 guests\n" in kiosk.out
    assert "20 guests of earlier lists" in kiosk.out
    assert "1 changes made at a door" in kiosk.out
    assert "2 entries were neither" in kiosk.out
    assert kiosk.rows() == before


def test_it_waits_for_an_export_and_tells_until_when(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kiosk.rows()
    assert kiosk.confirmed() == 2
    assert "kiosk log export" in kiosk.err
    assert f"{ENDS + 7 * DAY:%d %b %Y}" in kiosk.err
    assert kiosk.rows() == before
    set_clock(monkeypatch, ENDS + 7 * DAY)
    assert kiosk.confirmed() == 0
    purge, _, _ = kiosk.report()
    assert (purge.unsent, purge.waited) == (2, "")


def test_an_entry_after_the_export_is_waited_for(kiosk: Kiosk) -> None:
    kiosk.export()
    with closing(open_database(kiosk.state)) as database:
        journal = SqliteJournal(database, EVENT, SetClock(MORNING), "boot")
        out = EntryDraft(EntryAct.OUT, PEOPLE[0].id, "policy-day-1", "north", EntryBasis.SCANNED)
        journal.append([out], MORNING)
        assert purging.unsent(database) == 1
    assert kiosk.confirmed() == 2


def test_an_export_whose_file_could_not_be_written_is_none(kiosk: Kiosk, tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    assert main(["log", "export", str(nowhere / "log"), "--state", str(kiosk.state)]) == 2
    with closing(open_database(kiosk.state)) as database:
        assert purging.unsent(database) == 2
    assert kiosk.confirmed() == 2


def test_an_export_that_the_kiosk_did_not_sign_counts_for_nothing(kiosk: Kiosk) -> None:
    kiosk.export()
    with closing(open_database(kiosk.state)) as database:
        database.connection.execute("UPDATE checkpoints SET signature = zeroblob(64)")
        assert purging.unsent(database) == 2


def test_force_does_not_wait_and_the_report_says_so(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, ENDS - HOUR)
    assert kiosk.confirmed() == 2
    assert kiosk("--force", "--confirm", "another") == 1
    assert kiosk.confirmed("--force") == 0
    purge, _, _ = kiosk.report()
    assert "goes on until" in purge.waited
    assert "done although" in kiosk.out


def test_without_a_terminal_it_asks_for_the_confirmation_in_the_command(kiosk: Kiosk) -> None:
    kiosk.export()
    before = kiosk.rows()
    assert kiosk() == 2
    assert f"--confirm {EVENT}" in kiosk.err
    assert kiosk.rows() == before


@pytest.mark.parametrize(("typed", "status"), [("no", 1), ("", 1), (f" {EVENT} ", 0)])
def test_at_a_terminal_the_id_of_the_event_is_typed(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, typed: str, status: int
) -> None:
    kiosk.export()
    monkeypatch.setattr("kiosk.cli.purge.at_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert kiosk() == status
    assert any(kiosk.rows().values()) is bool(status)


def test_another_event_s_folder_is_not_purged(kiosk: Kiosk, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(
        EVENT_FILE.read_text("utf-8")
        .replace(f'id = "{EVENT}"', 'id = "another-event"')
        .replace('rules = "proofs.rules.json"', "")
    )
    assert kiosk("--confirm", "another-event", event=other) == 2
    assert "another event" in kiosk.err


def test_a_screen_that_is_open_is_closed_first(kiosk: Kiosk) -> None:
    kiosk.export()
    lock = QLockFile(str(kiosk.state / "desk.lock"))
    assert lock.tryLock(0)
    try:
        assert kiosk.confirmed() == 2
        assert "desk screen" in kiosk.err
    finally:
        lock.unlock()
    assert kiosk.confirmed() == 0


def test_a_program_that_reads_the_database_is_noticed_and_the_purge_goes_on_afterwards(
    kiosk: Kiosk,
) -> None:
    kiosk.export()
    with closing(sqlite3.connect(kiosk.state / FILE_NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM guests").fetchone()
        assert kiosk.confirmed() == 2
    assert not list(kiosk.state.glob("purge-*"))
    assert kiosk() == 0
    purge, _, signed = kiosk.report()
    assert signed
    assert purge.deleted["guests"] == 20


def test_a_purge_that_was_cut_short_is_finished_before_guests_are_stored_again(
    kiosk: Kiosk, tmp_path: Path
) -> None:
    kiosk.export()
    file = tmp_path / "file"
    file.write_text("in the way")
    assert kiosk.confirmed("--out", file / "folder") == 2
    assert "goes on where it was" in kiosk.err
    with pytest.raises(DatabaseError, match="kiosk purge"):
        open_database(kiosk.state, guest_sealer(kiosk.state, make=True))
    assert kiosk() == 0
    assert "goes on" in kiosk.out
    purge, _, signed = kiosk.report()
    assert signed
    assert purge.by == "Ada"
    assert purge.deleted["guests"] == 20
    assert "key store" in purge.key


@pytest.mark.parametrize("kept", [Kept.FOLDER, Kept.SYSTEM])
def test_the_report_says_how_the_key_was_kept_that_is_gone(kiosk: Kiosk, kept: Kept) -> None:
    keys = data_keys(kiosk.state)
    key = keys.find()
    assert key is not None
    keys.protect(key, kept)
    kiosk.export()
    assert kiosk.confirmed() == 0
    purge, _, _ = kiosk.report()
    assert ("flash" if kept is Kept.FOLDER else "key store") in purge.key


def test_guests_whose_key_is_lost_or_damaged_can_be_purged_all_the_same(kiosk: Kiosk) -> None:
    kiosk.export()
    (kiosk.state / FILE).write_text("{}")
    (kiosk.state / f"{FILE_NAME}.corrupt-20211122T090000Z").touch()
    assert kiosk.confirmed() == 0
    assert "1 damaged databases" in kiosk.out
    assert not any(kiosk.rows().values())
    purge, _, _ = kiosk.report()
    assert "damaged" in purge.key
    assert not (kiosk.state / FILE).exists()


# The report


def test_the_report_tells_what_how_many_when_by_whom_and_is_signed_by_the_kiosk(
    kiosk: Kiosk,
) -> None:
    kiosk.export()
    assert kiosk.confirmed() == 0
    purge, key, signed = kiosk.report()
    assert signed
    assert (purge.event, purge.by, purge.at) == (EVENT, "Ada", ENDS + 25 * HOUR)
    assert purge.deleted["guests of earlier lists"] == 20
    assert purge.kept["entries (pseudonyms)"] == 2
    with closing(open_database(kiosk.state)) as database:
        (known,) = database.connection.execute("SELECT key FROM signers").fetchone()
    assert known.hex() == key
    (text,) = kiosk.state.glob("purge-*.txt")
    lines = text.read_text("utf-8")
    assert "20 guests\n" in lines
    assert "by Ada" in lines
    assert "Canary" not in lines + (text.with_suffix(".json")).read_text("utf-8")


def test_a_report_is_checked_and_one_that_was_changed_is_told(
    kiosk: Kiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk.export()
    assert kiosk.confirmed() == 0
    (file,) = kiosk.state.glob("purge-*.json")
    assert main(["purge", "--verify", str(file)]) == 0
    assert "holds" in capsys.readouterr().out
    fields = json.loads(file.read_bytes())
    fields["purge"]["deleted"]["guests"] = 21
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(fields))
    assert main(["purge", "--verify", str(changed)]) == 1
    assert "does not hold" in capsys.readouterr().out
    assert main(["purge", "--verify", str(tmp_path / "none.json")]) == 2


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b'{"purge": {}, "key": "", "signature": ""}']
)
def test_a_file_that_is_no_report_is_told(data: bytes) -> None:
    with pytest.raises(PurgeReportError):
        checked_report(data)


def test_a_report_with_half_a_key_is_none() -> None:
    purge = Purge("e", "k", ENDS, "Ada", {}, {}, "", 1, ENDS)
    document = json.loads(signed_report(purge, Ed25519PrivateKey.generate()))
    assert "there was none" in "\n".join(told(purge, document["key"]))
    for key in (document["key"][:32], "", "zz"):
        with pytest.raises(PurgeReportError):
            checked_report(json.dumps(document | {"key": key}).encode())


@pytest.mark.parametrize(
    "step",
    [
        "kiosk.adapters.storage.purge.leave_no_bytes",
        "kiosk.cli.purge._destroy",
        "kiosk.core.purge.signed_report",
        "kiosk.core.purge.told",
        "kiosk.adapters.storage.purge.finish",
    ],
)
def test_a_purge_that_is_broken_off_at_any_step_is_finished_by_the_next_one(
    kiosk: Kiosk, step: str
) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    kiosk.export()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, broken_off)
        assert kiosk.confirmed() == 130
    assert not any(kiosk.rows().values())
    assert kiosk() == 0
    purge, _, signed = kiosk.report()
    assert signed
    assert (purge.deleted["guests"], purge.by) == (20, "Ada")
    assert "key store" in purge.key
    assert data_keys(kiosk.state).file() is None
    with closing(open_database(kiosk.state, guest_sealer(kiosk.state, make=True))) as database:
        assert replace_guests(database, PEOPLE[:1])
