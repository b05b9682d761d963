"""`kiosk report`: before the event the paper list, after it who was there."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.system.places import assets
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from tests.door import MORNING
from tests.fakes.clock import SetClock

EVENT = assets() / "events" / "saint-ouen-2021.toml"
LIST = """\
Name;Organisation;Partnership;Attendance
Ana Ensaio;Cluster A;One;in person
Zoé Dupont;Cluster B;Two;in person
Remo Temoti;Cluster C;Two;remote
"""
EVERYBODY = "every Partnership stands as the event asks\n"


@pytest.fixture
def state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A kiosk whose list is imported and at whose north door Ana came in."""
    folder, file = tmp_path / "state", tmp_path / "guests.csv"
    file.write_text(LIST, "utf-8")
    event = ["--event", str(EVENT), "--state", str(folder)]
    assert main(["guests", "import", str(file), *event]) == 0
    with open_database(folder, guest_sealer(folder)) as database:
        ana = next(guest for guest in read_guests(database) if guest.given == "Ana")
        journal = SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot")
        came = EntryDraft(EntryAct.IN, ana.id, "policy-day-1", "north", EntryBasis.SCANNED)
        journal.append([came], MORNING)
        journal.tally("REFUSE", "north", MORNING)
    capsys.readouterr()
    return folder


def report(action: str, state: Path, *options: str) -> int:
    return main(["report", action, "--event", str(EVENT), "--state", str(state), *options])


@pytest.mark.parametrize("name", ["report.xlsx", "report.pdf", "report.CSV"])
def test_the_ending_of_the_file_chooses_the_form(
    name: str, state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    assert report("attendance", state, "--out", str(out), "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "1 of 2 expected guests came" in told
    assert "1 record of 1 kiosk" in told
    begins = {".xlsx": b"PK", ".pdf": b"%PDF", ".csv": "\ufeffFamily".encode()}
    assert out.read_bytes().startswith(begins[out.suffix.lower()])


def test_the_report_speaks_the_events_first_language_unless_told(
    state: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.xlsx"
    assert report("attendance", state, "--out", str(out)) == 0
    assert openpyxl.load_workbook(out).sheetnames[0] == "Synthèse"


def test_another_ending_is_refused_with_those_there_are(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("attendance", state, "--out", str(tmp_path / "report.docx")) == 2
    assert "ends in .xlsx, .pdf, .csv" in capsys.readouterr().err
    assert report("paper-list", state, "--out", str(tmp_path / "list.xlsx")) == 2
    assert "ends in .pdf" in capsys.readouterr().err


def test_the_paper_list_is_written_before_anybody_came(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "list.pdf"
    assert report("paper-list", state, "--out", str(out)) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert "print it for each door; 2 guests on it" in capsys.readouterr().out


def test_without_a_list_there_is_no_paper_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, out = tmp_path / "empty", tmp_path / "list.pdf"
    open_database(empty).close()
    assert report("paper-list", empty, "--out", str(out)) == 2
    assert "kiosk guests import" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_told(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert report("attendance", state, "--out", str(tmp_path / "file" / "r.pdf")) == 2
    assert "Choose a file you may write" in capsys.readouterr().err


def test_without_a_database_nothing_is_reported_and_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for action, *out in (["attendance", "--out", "x.pdf"], ["partnerships"]):
        assert report(action, tmp_path / "none", *out) == 2
        assert "There is no kiosk database" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_partnerships_that_miss_their_person_are_named(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("partnerships", state) == 1
    told = capsys.readouterr().out
    assert "Partnering event for ESCP-4x, 23 November:" in told
    assert "  Two: mandatory person missing (0 came of 1 invited)" in told
    assert "Policy event" not in told


def test_nothing_is_told_where_every_partnership_is_there(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_database(state, guest_sealer(state)) as database:
        journal = SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot")
        for guest in read_guests(database):
            came = EntryDraft(EntryAct.IN, guest.id, "partnering", "north", EntryBasis.SCANNED)
            journal.append([came], MORNING)
    assert report("partnerships", state) == 0
    assert capsys.readouterr().out == EVERYBODY
