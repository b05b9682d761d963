"""What was acknowledged survives kill -9 and power cuts; and what proves it can fail."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import FILE_NAME, OpenDatabase
from kiosk.adapters.storage.guests import read_guests
from kiosk.adapters.storage.logrows import read_records
from kiosk.adapters.storage.recovery import open_or_recover, recover
from kiosk.core.entry import EntryRecord
from tests.door import MORNING, SEALER
from tests.durability.disk import SECTOR, Disk, write_image
from tests.durability.door import registered
from tests.durability.kill import Kills, Series, kill_often, killing_server
from tests.durability.power import STAYING, cut_often, image_folder, work
from tests.durability.vfs import Step, unavailable, watching

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor -9")
needs_vfs = pytest.mark.skipif(bool(unavailable()), reason=unavailable())


@needs_fork
def test_100_kills_lose_double_and_break_nothing_that_was_acknowledged() -> None:
    found = kill_often(100, seed=2021)
    assert found.flaws == []
    assert found.kills.total() == 100
    assert found.acknowledged > 200
    assert found.unheard > 0  # some died between the commit and the answer


def an_entry_gone(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM entries WHERE seq = 3")


def an_entry_twice(connection: sqlite3.Connection) -> None:
    lines = "SELECT json_extract(line, '$.guest') FROM entries WHERE seq = "
    guests = [connection.execute(lines + str(seq)).fetchone()[0] for seq in (1, 2)]
    connection.execute("UPDATE entries SET line = replace(line, ?, ?) WHERE seq = 1", guests)


def an_entry_changed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE entries SET line = replace(line, 'north', 'south') WHERE seq = 1")


def counts_gone(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM tallies")


@needs_fork
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (an_entry_gone, "lost: in [2]"),
        (an_entry_twice, "doubled: in"),
        (an_entry_changed, "the chain breaks"),
        (counts_gone, "0 counted"),
    ],
)
def test_the_series_of_kills_finds_what_is_missing(
    tmp_path: Path, harm: Callable[[sqlite3.Connection], None], told: str
) -> None:
    found, chance = Kills(), random.Random(7)  # noqa: S311  # no secret
    series = Series(tmp_path, found)
    with killing_server() as server:
        series.kill(server, "outside", chance, count=14)
    assert found.flaws == []
    with closing(sqlite3.connect(tmp_path / "state" / FILE_NAME, isolation_level=None)) as other:
        harm(other)
    series.look()
    assert [flaw for flaw in found.flaws if told in flaw]


@needs_vfs
def test_500_power_cuts_lose_double_and_break_nothing_that_was_acknowledged() -> None:
    found = cut_often(500, seed=2021)
    assert (found.flaws, found.examples) == ({}, [])
    assert found.images == 500
    assert found.entries > 5_000


@needs_vfs
def test_without_a_sync_for_each_answer_the_same_power_cuts_lose_entries() -> None:
    found = cut_often(60, seed=2021, pragma="PRAGMA synchronous=NORMAL")
    assert found.flaws["lost an entry"] > 5
    assert found.flaws["lost a count"] > 5
    assert not found.flaws["the chain breaks"]


@needs_vfs
def test_without_any_sync_the_same_power_cuts_damage_the_database() -> None:
    found = cut_often(60, seed=2021, pragma="PRAGMA synchronous=OFF")
    assert found.flaws["not opened"] > 0


@needs_vfs
def test_each_answer_is_one_sync_and_no_more(tmp_path: Path) -> None:
    worked = work(tmp_path)
    syncs = [0] * (worked.now.entries + worked.now.counted + 1)
    for step, before in zip(worked.steps, worked.before, strict=True):
        if step.kind == "sync" and step.path.endswith("-wal"):
            syncs[before.entries + before.counted] += 1
    # Beside it only what begins a log anew, after a checkpoint (20 pages here, 1,000 at a door).
    assert sorted(syncs)[len(syncs) // 2] == 1
    assert min(syncs[:-1]) == 1


def content(database: OpenDatabase) -> tuple[tuple[EntryRecord, ...], int]:
    with closing(database):
        people = list(read_guests(database))
        return read_records(database), len(people) - len(registered(people))


@needs_vfs
def test_power_cuts_while_a_database_is_set_aside_lose_nothing_that_it_held(tmp_path: Path) -> None:
    state = tmp_path / "state"
    worked = work(state)
    with closing(sqlite3.connect(state / FILE_NAME)) as connection:
        connection.execute("UPDATE guests SET sealed = x'00' WHERE rowid = 7")  # one does not open
        connection.commit()
    shutil.rmtree(state / "keys")
    disk, chance = Disk(), random.Random(2021)  # noqa: S311  # no secret
    disk.hold(state)
    steps: list[Step] = []
    with watching(steps.append):
        recover(state, SEALER, MORNING)
    assert len(steps) > 40
    names = [number for number, step in enumerate(steps) if step.kind in {"rename", "sync folder"}]
    cuts = {*range(0, len(steps), 40), *(n + near for n in names for near in (-1, 0, 1))}
    for number, step in enumerate(steps):
        for _ in range(3 * (number in cuts)):
            with image_folder() as image:
                write_image(disk.after_cut(chance), image / "state", chance)
                found, _ = open_or_recover(image / "state", SEALER, MORNING, content)
            assert found == (worked.entries, STAYING - 1), (number, step.kind)
        disk.take(step)


# The watched disk


@needs_vfs
def test_every_byte_of_the_files_is_among_the_steps(tmp_path: Path) -> None:
    disk = Disk()
    with watching(disk.take), closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1_000)])
        connection.commit()
        disk.take(Step("sync", str(tmp_path / "db")))
        disk.take(Step("sync", str(tmp_path / "db-wal")))
        disk.take(Step("sync folder", str(tmp_path)))
        files = disk.after_cut(random.Random(1))  # noqa: S311
        assert {Path(path).name for path in files} == {"db", "db-wal"}
        assert all(Path(path).read_bytes() == content for path, content in files.items())
    with closing(sqlite3.connect(tmp_path / "db")) as after:  # by the real VFS again
        assert after.execute("SELECT count(*) FROM t").fetchone() == (1_000,)


def cut(*steps: Step) -> list[dict[str, bytes]]:
    """What 400 power cuts after these steps may leave."""
    disk = Disk()
    for step in steps:
        disk.take(step)
    return [disk.after_cut(random.Random(seed)) for seed in range(400)]  # noqa: S311


def test_what_was_synced_is_there_after_every_cut() -> None:
    content = bytes(range(200)) * 10
    steps = [Step("create", "a"), Step("write", "a", 0, content), Step("sync", "a")]
    images = cut(*steps, Step("sync folder", "."), Step("write", "a", 1_000, b"later"))
    assert {image["a"][:1_000] + image["a"][1_005:] for image in images} == {
        content[:1_000] + content[1_005:]
    }
    assert {content[1_000:1_005], b"later"} < {image["a"][1_000:1_005] for image in images}


def test_what_was_not_synced_is_there_in_any_part_or_garbage() -> None:
    written = b"\1" * SECTOR + b"\2" * SECTOR
    images = cut(Step("create", "a"), Step("sync folder", "."), Step("write", "a", 0, written))
    left = {image["a"] for image in images}
    assert {b"", written, bytes(SECTOR) + b"\2" * SECTOR, b"\1" * SECTOR} < left
    assert len(left) > 10  # garbage


def test_a_name_is_certain_only_after_the_folder_was_synced() -> None:
    made = [Step("create", "a.new"), Step("write", "a.new", 0, b"x"), Step("sync", "a.new")]
    renamed = [*made, Step("rename", "a.new", data=b"a")]
    names = {frozenset(image) for image in cut(*renamed)}
    assert {frozenset[str](), frozenset({"a"}), frozenset({"a.new"})} <= names
    assert {frozenset(image) for image in cut(*renamed, Step("sync folder", "."))} == {
        frozenset({"a"})
    }


def test_a_step_that_is_not_watched_here_has_a_reason() -> None:
    assert unavailable() in {
        "",
        "Python's SQLite shows none of its functions",
        "another SQLite than Python's answers",
    }
