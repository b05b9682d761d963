"""What can be done to the log of a kiosk behind its back, and what is told of it (threat T33, F8).

Each attack is made on the database itself, with a program of the attacker's own. Those at the end
are not found on this kiosk, and the tests say so.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.adapters.storage.database import FILE_NAME, open_database
from kiosk.adapters.storage.logrows import check_all, signer_of
from kiosk.adapters.storage.logtravel import import_log
from kiosk.core.chain import GENESIS, Checked, Finding, Flaw, LogName, checkpoint_of, link
from tests.door import MORNING
from tests.logs import desk_log, draft, exported, fill, own_log, the_log

GUESTS = [f"guest-{number}" for number in range(1, 8)]
Attack = Callable[[sqlite3.Connection], object]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Seven entries and two counts, in two runs, the second of which was closed."""
    folder = tmp_path / "desk"
    fill(folder, *GUESTS[:4])
    fill(folder, *GUESTS[4:])
    return folder


def attack(folder: Path, *attacks: Attack | str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for one in attacks:
            connection.executescript(one) if isinstance(one, str) else one(connection)


def checked(folder: Path) -> dict[LogName, Checked]:
    with open_database(folder) as database:
        return check_all(database)


def found(folder: Path) -> Finding | None:
    (one,) = checked(folder).values()
    return one.finding


def made_anew(connection: sqlite3.Connection) -> None:
    """Every digest recomputed over the lines as they are now."""
    digest = GENESIS
    rows = connection.execute("SELECT position, line FROM entries ORDER BY seq").fetchall()
    for position, line in rows:
        digest = link(digest, line)
        connection.execute("UPDATE entries SET digest = ? WHERE position = ?", (digest, position))


def put_in(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE entries SET seq = seq + 100 WHERE seq > 3")
    connection.execute("UPDATE entries SET seq = seq - 99 WHERE seq > 100")
    connection.execute(
        "INSERT INTO entries SELECT 99, kiosk, epoch, 4, 'id', line, digest FROM entries "
        "WHERE seq = 2"
    )


EDIT = "UPDATE entries SET line = replace(line, 'guest-3', 'guest-9') WHERE seq = 3;"
SWAP = (
    "UPDATE entries SET seq = 99 WHERE seq = 3; UPDATE entries SET seq = 3 WHERE seq = 5;"
    "UPDATE entries SET seq = 5 WHERE seq = 99;"
)
ATTACKS: dict[str, tuple[tuple[Attack | str, ...], Finding]] = {
    "an entry is edited": ((EDIT,), Finding(Flaw.CHANGED, 3)),
    "an entry is emptied": (
        ("UPDATE entries SET line = '' WHERE seq = 1",),
        Finding(Flaw.CHANGED, 1),
    ),
    "an entry is edited and the chain made anew": (
        (EDIT, made_anew),
        Finding(Flaw.REWRITTEN, 4),
    ),
    "an entry is deleted": (("DELETE FROM entries WHERE seq = 3",), Finding(Flaw.MISSING, 3)),
    "an entry is deleted and the others numbered anew": (
        ("DELETE FROM entries WHERE seq = 3; UPDATE entries SET seq = seq - 1 WHERE seq > 3",),
        Finding(Flaw.MISPLACED, 3),
    ),
    "an entry is put in": ((put_in,), Finding(Flaw.MISPLACED, 4)),
    "two entries change places": ((SWAP,), Finding(Flaw.MISPLACED, 3)),
    "the end is cut off": (("DELETE FROM entries WHERE seq > 5",), Finding(Flaw.CUT, 6)),
    "everything is deleted but what was signed": (
        ("DELETE FROM entries",),
        Finding(Flaw.CUT, 1),
    ),
    "a checkpoint is changed": (
        (
            "UPDATE checkpoints SET line = replace(line, '_version\":0', '_version\":1') "
            "WHERE seq = 4",
        ),
        Finding(Flaw.FORGED, 4),
    ),
    "a checkpoint has another signature": (
        ("UPDATE checkpoints SET signature = zeroblob(64) WHERE seq = 7",),
        Finding(Flaw.FORGED, 7),
    ),
    "the kiosk's id is changed beside the lines": (
        ("UPDATE entries SET kiosk = 'ffffffff'; UPDATE checkpoints SET kiosk = 'ffffffff';"
         "UPDATE tallies SET kiosk = 'ffffffff'; UPDATE signers SET kiosk = 'ffffffff'",),
        Finding(Flaw.MISPLACED, 1),
    ),
    "a count is raised": (
        ("UPDATE tallies SET count = 900 WHERE answer = 'REFUSE'",),
        Finding(Flaw.COUNT_CHANGED, 0),
    ),
    "a count is lowered": (
        ("UPDATE tallies SET count = 1 WHERE answer = 'REFUSE'",),
        Finding(Flaw.COUNT_CHANGED, 0),
    ),
    "a count goes to another hour": (
        ("UPDATE tallies SET hour = 23 WHERE answer = 'REFUSE'",),
        Finding(Flaw.COUNT_CHANGED, 0),
    ),
    "counts are deleted": (
        ("DELETE FROM tallies WHERE answer = 'REFUSE'",),
        Finding(Flaw.COUNT_MISSING, 0),
    ),
}  # fmt: skip


def test_what_nobody_tampered_with_holds(desk: Path) -> None:
    (one,) = checked(desk).values()
    assert one == Checked(entries=7, signed=7, closed=True, counted=9)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_found_where_it_begins(desk: Path, name: str) -> None:
    attacks, finding = ATTACKS[name]
    attack(desk, *attacks)
    assert found(desk) == finding


def test_a_count_put_back_to_what_it_was_is_found_by_the_next_checkpoint(desk: Path) -> None:
    before = "SELECT count, signature FROM tallies WHERE answer = 'REFUSE'"
    with closing(sqlite3.connect(desk / FILE_NAME)) as connection:
        old = connection.execute(before).fetchone()
    fill(desk)
    attack(
        desk,
        lambda connection: connection.execute(
            "UPDATE tallies SET count = ?, signature = ? WHERE answer = 'REFUSE'", old
        ),
    )
    assert found(desk) == Finding(Flaw.COUNT_MISSING, 0)


def test_the_logs_of_two_kiosks_in_each_others_place_are_found(desk: Path, tmp_path: Path) -> None:
    other = fill(tmp_path / "other", *GUESTS)
    with open_database(desk) as database:
        mine = own_log(database)
        import_log(database, the_log(tmp_path / "other"))
    swap = "UPDATE {0} SET kiosk = '{1}', epoch = '{2}' WHERE kiosk = '{3}';"
    for table in ("entries", "checkpoints", "tallies"):
        attack(
            desk,
            swap.format(table, "x", "x", mine.kiosk)
            + swap.format(table, mine.kiosk, mine.epoch, other.kiosk)
            + swap.format(table, other.kiosk, other.epoch, "x"),
        )
    assert [one.finding for one in checked(desk).values()] == [Finding(Flaw.MISPLACED, 1)] * 2


def test_one_kiosk_s_entries_passed_off_as_another_s_are_found(desk: Path, tmp_path: Path) -> None:
    other = fill(tmp_path / "other", "guest-1")
    with open_database(desk) as database:
        import_log(database, the_log(tmp_path / "other"))

    def take_over(connection: sqlite3.Connection) -> None:
        mine = connection.execute("SELECT value FROM meta WHERE key = 'kiosk'").fetchone()[0]
        connection.execute("UPDATE entries SET line = replace(line, ?, ?)", (other.kiosk, mine))

    attack(desk, take_over)
    assert checked(desk)[other].finding == Finding(Flaw.MISPLACED, 1)


def signed_by_the_attacker(connection: sqlite3.Connection, key: Ed25519PrivateKey) -> None:
    """The whole log made anew, and everything signed again with another key."""
    made_anew(connection)
    rows = connection.execute("SELECT rowid, seq, digest FROM entries").fetchall()
    heads = {seq: digest.hex() for _, seq, digest in rows}
    told = connection.execute("SELECT line FROM checkpoints").fetchall()
    connection.execute("DELETE FROM checkpoints")
    for (line,) in told:
        one = checkpoint_of(line)
        signed = replace(one, head=heads[one.seq], counted=0).signed(key)
        connection.execute(
            "INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)",
            (one.kiosk, one.epoch, one.seq, *signed),
        )
    connection.execute("DELETE FROM tallies")
    connection.execute("UPDATE signers SET key = ?", (key.public_key().public_bytes_raw(),))


def test_a_log_made_anew_and_signed_with_another_key_is_found_by_the_kiosk_s_own(
    desk: Path,
) -> None:
    key = Ed25519PrivateKey.generate()
    attack(desk, EDIT, lambda connection: signed_by_the_attacker(connection, key))
    assert found(desk) == Finding(Flaw.FORGED, 4)


def test_a_log_signed_with_another_key_is_refused_by_whoever_knew_the_first(
    desk: Path, tmp_path: Path
) -> None:
    with open_database(tmp_path / "elsewhere") as database:
        import_log(database, the_log(desk))
    key = Ed25519PrivateKey.generate()
    attack(desk, EDIT, lambda connection: signed_by_the_attacker(connection, key))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (desk / "keys" / "kiosk-key.pem").write_bytes(pem)  # whoever has the folder has the key
    with open_database(tmp_path / "elsewhere") as database:
        assert [import_log(database, log).other_key for log in exported(desk)] == [True]


# What a kiosk alone cannot know


def test_an_end_cut_off_together_with_what_was_signed_is_not_found_here(desk: Path) -> None:
    attack(desk, "DELETE FROM entries WHERE seq > 4; DELETE FROM checkpoints WHERE seq > 4")
    (one,) = checked(desk).values()
    assert (one.entries, one.finding) == (4, None)


def test_but_it_is_found_by_an_export_that_was_made_before(desk: Path) -> None:
    before = the_log(desk)
    attack(desk, "DELETE FROM entries WHERE seq > 4; DELETE FROM checkpoints WHERE seq > 4")
    with open_database(desk) as database:
        arrival = import_log(database, before)
    assert (arrival.added, arrival.known, arrival.fork) == (3, 4, None)
    assert found(desk) is None


def test_an_old_backup_put_back_is_found_once_it_goes_on(desk: Path, tmp_path: Path) -> None:
    shutil.copytree(desk, tmp_path / "backup")
    fill(desk, "guest-8")
    known = the_log(desk)
    shutil.rmtree(desk)
    shutil.copytree(tmp_path / "backup", desk)
    assert found(desk) is None
    fill(desk, "guest-9")
    with open_database(desk) as database:
        assert import_log(database, known).fork == 8


def test_what_came_since_the_last_signature_can_be_made_anew_and_is_told_as_not_signed(
    desk: Path,
) -> None:
    with desk_log(desk) as (_, journal):
        journal.append([draft("guest-8")], MORNING)
    edit = "UPDATE entries SET line = replace(line, 'guest-8', 'guest-9') WHERE seq = 8"
    attack(desk, edit)
    assert found(desk) == Finding(Flaw.CHANGED, 8)
    attack(desk, made_anew)
    (one,) = checked(desk).values()
    assert (one.finding, one.entries, one.signed, one.closed) == (None, 8, 7, False)


def test_a_key_is_known_before_any_entry_is(tmp_path: Path) -> None:
    with desk_log(tmp_path / "new") as (database, _):
        assert signer_of(database.connection, own_log(database).kiosk)
