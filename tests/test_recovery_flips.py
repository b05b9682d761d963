"""Bits that flipped: whatever they make of the database, the door opens and everything reads on."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from kiosk.adapters.storage.ballast import Ballast
from kiosk.adapters.storage.counts import read_counts
from kiosk.adapters.storage.database import FILE_NAME, DatabaseError, open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.lasting import LastingStorage, Place
from kiosk.adapters.storage.logrows import check_all, read_records
from kiosk.adapters.storage.logtravel import export_logs
from kiosk.adapters.storage.purge import kept, to_delete, unsent
from kiosk.adapters.storage.recovery import set_aside_in
from kiosk.core.signedlog import check_signed_log, write_logs
from kiosk.desk.ports import StorageTroubleError
from tests.door import MORNING, SEALER, guest, saint_ouen
from tests.fakes.clock import SetClock
from tests.logs import draft


@pytest.fixture(autouse=True)
def _small_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ballast.__init__, "__defaults__", (64 * 1024,))


def opened(folder: Path) -> LastingStorage:
    place = Place(folder, saint_ouen(), "north")
    return LastingStorage(place, SEALER, SetClock(MORNING), "boot-1", lambda *_: None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "state"
    with closing(open_database(folder, SEALER)) as database:
        replace_guests(database, [guest(f"Given{chr(97 + n)}", "Family") for n in range(8)])
    storage = opened(folder)
    for number in range(60):
        storage.append([draft(f"guest-{number}")], MORNING, answer="ADMIT")
    storage.close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "state"))


def used(folder: Path) -> list[str]:
    """A door that opens, admits and is closed, twice; who is in by its log then."""
    for _ in range(2):
        storage = opened(folder)
        storage.append([draft("guest-new")], MORNING, answer="ADMIT")
        entered = [record.guest for record in storage.news().records if record.guest]
        storage.current()
        storage.rest()
        storage.close()
    return entered


def read_on(folder: Path) -> None:
    """What else reads the database."""
    with closing(open_database(folder, SEALER)) as database:
        check_all(database)
        logs = export_logs(database, MORNING)
        write_logs(logs)
        [check_signed_log(log) for log in logs]
        read_counts(database)
        to_delete(database), kept(database), unsent(database)
        read_records(database)


# 5, 71: NULL for a number; 10: no UTF-8 in a line; 29, 35: none in the schema; 195: the name of the
# guests' key and a guest; 243: a line as bytes; 394: NULL for a name
@pytest.mark.parametrize("seed", [*range(12), 29, 35, 71, 195, 243, 394])
def test_no_bit_that_flips_keeps_a_door_closed(folder: Path, seed: int) -> None:
    chance, path = random.Random(seed), folder / FILE_NAME  # noqa: S311  # no secret
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 2, 5, 40])):
        if chance.random() < 0.5:
            data[chance.randrange(len(data))] = chance.randrange(256)
        else:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    used(folder)
    read_on(folder)
    assert len(set_aside_in(folder)) <= 1


@pytest.mark.parametrize("value", ["CAST(line AS BLOB)", "x'00'", "7", "CAST(x'ff22' AS TEXT)"])
@pytest.mark.parametrize("seq", [1, 30, 60])
def test_a_line_of_another_type_is_one_that_was_changed(folder: Path, value: str, seq: int) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute(f"UPDATE entries SET line = {value} WHERE seq = {seq}")  # noqa: S608
        connection.commit()
    with closing(open_database(folder)) as database:
        (checked,) = check_all(database).values()
        assert checked.finding is not None
    assert {f"guest-{n}" for n in range(60)} - set(used(folder)) <= {f"guest-{seq - 1}"}
    read_on(folder)


@pytest.mark.parametrize(
    "change",
    ["checkpoints SET signature = 'x'", "tallies SET signature = 7", "tallies SET count = 'x'"],
)
def test_what_is_no_signature_vouches_for_nothing(folder: Path, change: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute(f"UPDATE {change}")
        connection.commit()
    with closing(open_database(folder)) as database:
        (checked,) = check_all(database).values()
        assert checked.finding is not None
    assert len(used(folder)) == 62
    assert len(set_aside_in(folder)) <= 1


def test_guests_that_a_later_version_wrote_are_not_set_aside_again_and_again(folder: Path) -> None:
    with closing(open_database(folder, SEALER)) as database:
        later = SEALER.seal("guests", "later", b'{"of": "a later version"}')
        database.connection.execute("INSERT INTO guests VALUES ('later', ?)", (later,))
    for _ in range(2):
        with pytest.raises(DatabaseError, match="another version") as trouble:
            opened(folder)
        assert "Use the version" in trouble.value.remedy
    assert set_aside_in(folder) == []


def test_a_line_that_is_no_text_any_more_lets_a_running_door_go_on(folder: Path) -> None:
    storage = opened(folder)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("UPDATE entries SET line = CAST(x'ff22' AS TEXT) WHERE seq = 1")
        connection.commit()
    try:
        assert len(storage.news().records) == 59
    except StorageTroubleError as trouble:
        pytest.fail(str(trouble))
    storage.close()


# Two screens that start at once


def _start(folder: Path, who: str, at_once: Barrier, told: Queue[list[str]]) -> None:
    Ballast.__init__.__defaults__ = (64 * 1024,)
    at_once.wait()
    try:
        storage = opened(folder)
        written = [storage.append([draft(f"{who}-{n}")], MORNING)[0].id for n in range(3)]
        storage.close()
    except (DatabaseError, StorageTroubleError) as error:
        written = [str(error)]
    told.put(written)


@pytest.mark.parametrize("harm", ["damaged", "set aside", "not there"])
def test_two_screens_that_start_at_once_find_one_database(folder: Path, harm: str) -> None:
    path, spawned = folder / FILE_NAME, get_context("spawn")
    if harm == "damaged":
        data = path.read_bytes()
        path.write_bytes(data[: 3 * 4096] + b"\xff" * 4096 + data[4 * 4096 :])
    elif harm == "set aside":  # and then the power went
        path.rename(folder / f"{FILE_NAME}.corrupt-20211122T080000Z")
    else:
        path.unlink()
    at_once, told = spawned.Barrier(2), spawned.Queue()
    screens = [
        spawned.Process(target=_start, args=(folder, who, at_once, told))
        for who in ("desk", "self")
    ]
    for screen in screens:
        screen.start()
    written = [one for _ in screens for one in told.get(timeout=60)]
    for screen in screens:
        screen.join()
    with closing(open_database(folder, SEALER)) as database:
        assert set(written) <= {record.id for record in read_records(database)}
        assert all(checked.finding is None for checked in check_all(database).values())
    assert len(set_aside_in(folder)) == (0 if harm == "not there" else 1)
