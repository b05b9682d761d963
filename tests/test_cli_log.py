"""`kiosk log` on the command line: entries in words, verification, logs that travel as files."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import FILE_NAME, open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.cli.main import main
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from tests.door import EVENT_FILE, MORNING, SECOND, guest
from tests.logs import desk_log, draft, fill

CHLOE = guest("Chloe", "Martin")


class Told:
    """What a command printed and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.status, self.out, self.err = 0, "", ""

    def __call__(self, state: Path, *arguments: str | Path) -> Told:
        self._capsys.readouterr()
        self.status = main(["log", *map(str, arguments), "--state", str(state)])
        self.out, self.err = self._capsys.readouterr()
        return self


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(capsys)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


# Entries in words


def test_entries_are_shown_in_words_with_pseudonyms(state: Path, log: Told) -> None:
    with desk_log(state) as (_, journal):
        (first,) = journal.append([draft(CHLOE.id)], MORNING)
        journal.append(
            [
                EntryDraft(
                    EntryAct.NOTE,
                    CHLOE.id,
                    "policy-day-1",
                    "north",
                    EntryBasis.PAPER,
                    "s2",
                    Cause.UNDONE,
                    first.id,
                    MORNING - timedelta(minutes=20),
                )
            ],
            MORNING + SECOND,
        )
        journal.append([EntryDraft(EntryAct.NOTE, "", "", "north", EntryBasis.SUPERVISOR)], MORNING)
    assert log(state, "show").status == 0
    assert log.out.splitlines() == [
        f"22 Nov 2021 09:00:00 UTC  in  {CHLOE.id}  policy-day-1  north  scanned  session s1",
        f"22 Nov 2021 09:00:01 UTC  note  {CHLOE.id}  policy-day-1  north  paper list  undone  "
        f"refers to {first.id}  happened 22 Nov 08:40  session s2",
        "22 Nov 2021 09:00:00 UTC  note  nobody  north  supervisor",
    ]
    log(state, "show", "--event", EVENT_FILE, "--last", "2")
    lines = log.out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("22 Nov 2021 10:00:01 CET  note")
    assert "happened 22 Nov 09:40" in lines[0]


def test_names_are_shown_where_they_are_asked_for(
    state: Path, log: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.door import SEALER

    with open_database(state, SEALER) as database:
        replace_guests(database, [CHLOE])
    with desk_log(state) as (_, journal):
        journal.append([draft(CHLOE.id), draft("somebody")], MORNING)
    monkeypatch.setattr("kiosk.cli.log.guest_sealer", lambda _: SEALER)
    log(state, "show", "--names")
    assert [line.split("  ")[2] for line in log.out.splitlines()] == ["Chloe Martin", "somebody"]
    log(state, "show")
    assert "Chloe" not in log.out


def test_an_empty_log_says_so(state: Path, log: Told) -> None:
    open_database(state).close()
    assert log(state, "show").out == "no entries\n"
    assert log(state, "verify").out == "0 entries, the chain holds\n"
    assert log(state, "show", "--last", "0").status == 2
    assert "1 entry at least" in log.err


def test_what_steers_a_terminal_is_not_printed(state: Path, log: Told) -> None:
    fill(state, "\x1b[2Jx")
    assert "\x1b" not in log(state, "show").out


# Verification


def test_a_whole_log_is_told_with_its_key_and_what_is_signed(state: Path, log: Told) -> None:
    name = fill(state, "guest-1", "guest-2")
    assert log(state, "verify").status == 0
    head, key, signed, total = log.out.splitlines()
    assert head == f"kiosk {name.kiosk} (here), log {name.epoch}"
    assert key.startswith("  key ")
    assert len(key.split()) == 5
    assert signed == "  2 entries, signed up to 2"
    assert total == "2 entries, the chain holds"
    assert log(state, "check").out.splitlines()[-1] == total


def test_a_door_that_was_not_closed_and_what_it_did_not_sign_are_told(
    state: Path, log: Told
) -> None:
    fill(state, "guest-1")
    with desk_log(state) as (_, journal):
        journal.append([draft("guest-2")], MORNING)
    assert log(state, "verify").status == 0
    assert "2 entries, signed up to 1" in log.out
    assert "1 entry behind the last signature" in log.out
    assert "not closed" in log.out


HARM: dict[str, tuple[str, str]] = {
    "UPDATE entries SET line = line || ' ' WHERE seq = 2": ("changed", "entry 2 was changed"),
    "DELETE FROM entries WHERE seq = 2": ("missing", "entry 2 is missing"),
    "DELETE FROM entries WHERE seq = 3": ("cut", "entry 3 and what came behind it are gone"),
    "UPDATE entries SET epoch = 'x'; UPDATE checkpoints SET epoch = 'x'": (
        "misplaced",
        "entry 1 belongs to another place or log",
    ),
    "UPDATE checkpoints SET signature = x''": (
        "forged",
        "what was signed at entry 3 was not signed with the key of this kiosk",
    ),
    "UPDATE tallies SET count = 9": ("count changed", "a count was changed"),
    "DELETE FROM tallies": ("count missing", "counts are missing: more was signed"),
}


@pytest.mark.parametrize("harm", HARM, ids=[kind for kind, _ in HARM.values()])
def test_the_first_break_of_a_log_is_named(state: Path, log: Told, harm: str) -> None:
    fill(state, "guest-1", "guest-2", "guest-3")
    with closing(sqlite3.connect(state / FILE_NAME)) as connection:
        connection.executescript(harm)
    assert log(state, "verify").status == 1
    assert f"  BROKEN: {HARM[harm][1]}" in log.out
    assert "broken" in log.out.splitlines()[-1]
    assert "before it hold" in log.out


def test_a_copied_database_is_verified_where_it_lies_and_left_as_it_is(
    state: Path, log: Told, tmp_path: Path
) -> None:
    fill(state, "guest-1", "guest-2")
    copy = tmp_path / "set-aside.sqlite3"
    shutil.copy(state / FILE_NAME, copy)
    before = copy.read_bytes()
    assert log(tmp_path / "nowhere", "verify", "--file", copy).status == 0
    assert "2 entries, the chain holds" in log.out
    with desk_log(state) as (_, journal):
        journal.append([draft("guest-3")], MORNING)
        for end in ("", "-wal", "-shm"):
            shutil.copy(state / (FILE_NAME + end), tmp_path / f"set-aside.sqlite3{end}")
    assert log(tmp_path / "nowhere", "verify", "--file", copy).status == 0
    assert "3 entries, the chain holds" in log.out
    assert copy.read_bytes()[100:] == before[100:]
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_neither_is_told(state: Path, log: Told, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE entries (line)")
    text = tmp_path / "text"
    text.write_text("hello\n")
    for path, told in (
        (other, "no database of this version"),
        (text, "a line is no JSON"),
        (tmp_path, "Is a directory"),
        (tmp_path / "missing", "No such file"),
    ):
        assert log(state, "verify", "--file", path).status == 2
        assert told in log.err


# Files that travel


def test_a_log_travels_as_a_file_and_comes_as_often_as_one_likes(
    state: Path, log: Told, tmp_path: Path
) -> None:
    name, file = fill(tmp_path / "other", "guest-1", "guest-2"), tmp_path / "stick" / "other.log"
    assert log(tmp_path / "other", "export", file).status == 0
    assert log.out == f"2 entries of 1 log in {file}\n"
    assert log(state, "verify", "--file", file).status == 0
    assert "2 entries, the chain holds" in log.out
    assert log(state, "import", file).status == 0
    assert f"kiosk {name.kiosk}, log {name.epoch}: 2 entries added, 0 known before" in log.out
    assert "seen for the first time, with the key" in log.out
    assert log(state, "import", file, file).status == 0
    assert log.out.count("0 entries added, 2 known before") == 2
    assert "first time" not in log.out
    assert log(state, "verify").status == 0
    assert "(here)" not in log.out
    assert log(state, "show").out.count("guest-") == 2


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            lambda text: text.replace("guest-1", "guest-9"),
            "REFUSED: entry 2 is not what was signed",
        ),
    ],
)
def test_a_file_that_was_changed_is_refused(
    state: Path, log: Told, tmp_path: Path, harm: Callable[[str], str], told: str
) -> None:
    fill(tmp_path / "other", "guest-1", "guest-2")
    file = tmp_path / "other.log"
    log(tmp_path / "other", "export", file)
    file.write_text(harm(file.read_text("utf-8")), "utf-8")
    assert log(state, "import", file).status == 1
    assert told in log.out
    assert log(state, "show").out == "no entries\n"
    assert log(state, "verify", "--file", file).status == 1
    assert "BROKEN" in log.out
    assert log.out.endswith("1 log broken\n")


def test_entries_are_taken_where_counts_alone_were_changed(
    state: Path, log: Told, tmp_path: Path
) -> None:
    fill(tmp_path / "other", "guest-1", "guest-2")
    file = tmp_path / "other.log"
    log(tmp_path / "other", "export", file)
    file.write_text(file.read_text("utf-8").replace('"REFUSE",1', '"REFUSE",2'), "utf-8")
    assert log(state, "import", file).status == 1
    assert "2 entries added" in log.out
    assert "BROKEN: a count was changed; the entries hold" in log.out
    assert log(state, "export", "--counts").out == ""


def test_a_file_cut_short_is_told_with_a_remedy(state: Path, log: Told, tmp_path: Path) -> None:
    fill(tmp_path / "other", "guest-1")
    file = tmp_path / "other.log"
    log(tmp_path / "other", "export", file)
    file.write_bytes(file.read_bytes()[:-20])
    assert log(state, "import", file).status == 2
    assert "cut short. Copy it again from the kiosk that wrote it" in log.err


def test_logs_that_contradict_each_other_and_other_keys_and_events_are_told(
    state: Path, log: Told, tmp_path: Path
) -> None:
    one, clone, foreign = (tmp_path / name for name in ("one", "clone", "foreign"))
    fill(one, "guest-1")
    shutil.copytree(one, clone)
    fill(one, "guest-2")
    fill(clone, "guest-3")
    fill(foreign, "guest-4", event="another")
    for folder in (one, clone, foreign):
        log(folder, "export", folder.with_suffix(".log"))
    assert log(state, "import", tmp_path / "one.log").status == 0
    assert log(state, "import", tmp_path / "clone.log").status == 1
    assert "FORK: from entry 2 on it contradicts" in log.out
    assert log(state, "import", tmp_path / "foreign.log").status == 1
    assert "REFUSED: it is of the event another, and here is saint-ouen-2021" in log.out
    assert log(state, "verify").status == 1
    assert "FORK: another log with the same numbers" in log.out
    (one / "keys" / "kiosk-key.pem").unlink()
    with closing(sqlite3.connect(one / FILE_NAME)) as connection:
        connection.executescript(
            "DELETE FROM signers; DELETE FROM checkpoints; DELETE FROM tallies"
        )
    log(one, "export", tmp_path / "again.log")
    assert log(state, "import", tmp_path / "again.log").status == 1
    assert "REFUSED: its key" in log.out


def test_a_log_that_does_not_hold_is_exported_and_told(
    state: Path, log: Told, tmp_path: Path
) -> None:
    fill(state, "guest-1", "guest-2")
    with closing(sqlite3.connect(state / FILE_NAME)) as connection:
        connection.executescript("UPDATE entries SET line = line || ' ' WHERE seq = 1")
    assert log(state, "export", tmp_path / "log").status == 1
    assert "No other desk will take this log in" in log.out
    assert (tmp_path / "log").exists()


def test_entries_and_counts_are_exported_for_spreadsheets(
    state: Path, log: Told, tmp_path: Path
) -> None:
    fill(state, "guest-1", "guest-2")
    rows = list(csv.DictReader(io.StringIO(log(state, "export").out)))
    assert [row["guest"] for row in rows] == ["guest-1", "guest-2"]
    told = [json.loads(line) for line in log(state, "export", "--format", "json").out.splitlines()]
    assert [row["seq"] for row in told] == [1, 2]
    counts = list(csv.DictReader(io.StringIO(log(state, "export", "--counts").out)))
    assert [(row["answer"], row["times"], row["hour"]) for row in counts] == [
        ("ADMIT", "2", "9"),
        ("REFUSE", "1", "9"),
    ]
    assert log(state, "export", tmp_path / "t.csv", "--format", "csv").out.startswith("2 rows in")
    assert list(csv.DictReader((tmp_path / "t.csv").read_text("utf-8").splitlines())) == rows


def test_a_place_that_cannot_be_written_is_told(state: Path, log: Told, tmp_path: Path) -> None:
    fill(state, "guest-1")
    (tmp_path / "file").write_text("in the way")
    assert log(state, "export", tmp_path / "file" / "log").status == 2
    assert "Choose another place" in log.err
