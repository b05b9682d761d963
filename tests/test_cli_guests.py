"""`kiosk guests`: what a list would change is told before it does, with how it was read."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.cli.guest_lists import MOST_FAULTS, MOST_NAMES
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.amendments import Amendment, Change
from kiosk.core.guests.guest import Guest, Selection
from tests.door import MORNING
from tests.fakes.clock import SetClock
from tests.xlsxfiles import saved

ROOT = Path(__file__).resolve().parents[1]
EVENT = ROOT / "assets" / "events" / "saint-ouen-2021.toml"
HEADING = "Nom;Prénom;Organisme;Partenariat;Statut;Téléphone\n"
LIST = HEADING + ("Martin;Chloé;Pôle;Green;oui;01\nNovak;Bruno;B;Blue;;02\nPetit;Ada;C;Red;;03\n")


class Kiosk:
    """One state folder, and the commands on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.out = self.err = ""

    def run(self, action: str, *arguments: str) -> int:
        status = main(["guests", action, *arguments, "--state", str(self.folder / "state")])
        self.out, self.err = self._capsys.readouterr()
        return status

    def take(self, action: str, text: str, *options: str) -> int:
        """Import or preview a list."""
        file = self.folder / "list.csv"
        file.write_text(text, encoding="utf-8")
        return self.run(action, str(file), "--event", str(EVENT), *options)

    def guests(self) -> dict[str, Guest]:
        state = self.folder / "state"
        with open_database(state, guest_sealer(state)) as database:
            return {guest.given: guest for guest in read_guests(database)}


@pytest.fixture
def kiosk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return Kiosk(tmp_path, capsys)


class Terminal(io.StringIO):
    """A standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


def test_a_preview_names_who_is_new_changed_and_gone_and_changes_nothing(kiosk: Kiosk) -> None:
    assert kiosk.take("import", LIST) == 0
    before = kiosk.guests()
    later = HEADING + "Martin;Chloé;Pôle Énergie;Green;en attente;\nNovak;Bruno;B;Blue;;\n"
    assert kiosk.take("preview", later + "Roux;Bea;D;Red;;\n") == 0
    assert "new:\n  Bea Roux | D | Red\n" in kiosk.out
    assert "changed:\n  Chloé Martin: organisation, status\n" in kiosk.out
    assert "gone, their badges revoked:\n  Ada Petit | C | Red\n" in kiosk.out
    assert "recognised: 1 by name and organisation; 1 by name, alone in" in kiosk.out
    assert "3 guests: 1 new, 1 changed, 1 gone, 1 unchanged (nothing was changed)" in kiosk.out
    assert kiosk.guests() == before


def test_an_import_does_what_its_preview_and_its_dry_run_told(kiosk: Kiosk) -> None:
    assert kiosk.take("import", LIST) == 0
    later = HEADING + "Martin;Chloé;Pôle;Green;en attente;\nRoux;Bea;D;Red;;\n"
    told = set[str]()
    for action, options in (("preview", []), ("import", ["--dry-run"]), ("import", [])):
        assert kiosk.take(action, later, *options) == 0
        told.add(kiosk.out.rpartition(" (")[0])
    assert len(told) == 1
    assert set(kiosk.guests()) == {"Chloé", "Bea"}


def test_what_each_column_was_taken_for_is_told(kiosk: Kiosk) -> None:
    assert kiosk.take("preview", "Liste;;;;;\n" + LIST) == 0
    assert kiosk.out.startswith(
        'headings in row 2\n  column A "Nom" -> family name (guessed)\n'
        '  column B "Prénom" -> given name (guessed)\n'
    )
    assert '  column F "Téléphone" is not used\n' in kiosk.out


def test_a_column_that_may_be_meant_is_asked_about(kiosk: Kiosk) -> None:
    text = "Nom complet;Partenariat;Langue parlée;Téléphone\nChloé Martin;Green;fr;01\n"
    assert kiosk.take("preview", text) == 0
    assert 'column C "Langue parlée" is not used (is it language? --map C=language)' in kiosk.out
    assert 'column D "Téléphone" is not used\n' in kiosk.out


def test_a_list_without_occasions_is_told_to_invite_to_all_of_them(kiosk: Kiosk) -> None:
    everything = "no column tells the occasions: everybody is invited to all of them"
    assert kiosk.take("preview", "Name;Partnership\nChloé Martin;Green\n") == 0
    assert everything in kiosk.out
    assert kiosk.take("preview", "Name;Partnership;23/11 matin\nChloé Martin;Green;x\n") == 0
    assert everything not in kiosk.out


def test_a_column_is_told_with_map(kiosk: Kiosk) -> None:
    text = "Titre;Groupe\nChloé Martin;Green\n"
    assert kiosk.take("import", text) == 2
    assert "there is no column of names" in kiosk.err
    assert kiosk.take("import", text, "--map", "A=name", "--map", "Groupe=partnership") == 0
    assert kiosk.guests()["Chloé"].partnership == "Green"
    with pytest.raises(SystemExit) as end:
        kiosk.take("import", text, "--map", "A")
    assert end.value.code == 2


def test_the_row_of_the_headings_is_told_with_heading_row(kiosk: Kiosk) -> None:
    text = "Nom;Statut;Partenariat\nNom;Prénom;Partenariat\nMartin;Chloé;Green\n"
    assert kiosk.take("import", text) == 2
    assert kiosk.take("import", text, "--heading-row", "2") == 0
    assert set(kiosk.guests()) == {"Chloé"}


def test_a_guest_of_an_earlier_list_is_told_to_be_back(kiosk: Kiosk) -> None:
    assert kiosk.take("import", LIST) == 0
    badge = kiosk.guests()["Ada"].badge
    assert kiosk.take("import", LIST.rpartition("Petit")[0]) == 0
    assert kiosk.take("import", LIST) == 0
    assert "Ada Petit | C | Red (was on an earlier list, and has the badge of then)" in kiosk.out
    assert kiosk.guests()["Ada"].badge == badge


@pytest.mark.parametrize(
    ("answer", "status", "left"), [("y\n", 0, 1), ("oui\n", 0, 1), ("\n", 1, 3), ("", 1, 3)]
)
def test_on_a_terminal_it_is_asked_when_more_than_a_fifth_would_be_gone(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, left: int
) -> None:
    assert kiosk.take("import", LIST) == 0
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert kiosk.take("import", HEADING + "Martin;Chloé;Pôle;Green;;\n") == status
    assert "2 guests would be gone. Go on? [y/N]" in kiosk.out
    assert len(kiosk.guests()) == left


def test_it_is_not_asked_with_yes_nor_when_few_are_gone(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = HEADING + "".join(f"Nom{n};Chloé{n};A;Green;;\n" for n in range(5))
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    assert kiosk.take("import", many) == 0
    assert kiosk.take("import", many.rpartition("Nom4")[0]) == 0  # a fifth
    assert kiosk.take("import", HEADING + "Nom0;Chloé0;A;Green;;\n", "--yes") == 0
    assert "Go on" not in kiosk.out
    assert len(kiosk.guests()) == 1


def test_of_many_faults_the_first_are_told_and_the_rest_counted_by_column(kiosk: Kiosk) -> None:
    rows = "".join(f"Nom{n};Chloé;A;;perhaps;\n" for n in range(MOST_FAULTS))
    file = kiosk.folder / "faults.csv"
    assert kiosk.take("import", HEADING + rows + ";=1;A;Green;;\n", "--faults", str(file)) == 2
    assert "401 faults in the guest list" in kiosk.err
    assert kiosk.err.count("\n  row ") == MOST_FAULTS
    assert "and 201 more faults" in kiosk.err
    assert '100 in column E "Statut"' in kiosk.err
    table = list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    assert table[0] == ["row", "column", "heading", "problem", "remedy"]
    assert len(table) == 402
    assert table[-1][:3] == ["202", "A", "Nom"]


def test_a_file_of_faults_that_cannot_be_written_is_told(kiosk: Kiosk) -> None:
    assert kiosk.take("import", HEADING + ";;;;;x\n", "--faults", str(kiosk.folder)) == 2
    assert "Choose a file you may write" in kiosk.err


def test_a_preview_names_some_and_with_all_everybody(kiosk: Kiosk) -> None:
    rows = "".join(f"Nom{n};Chloé;A;Green;;\n" for n in range(MOST_NAMES + 3))
    assert kiosk.take("preview", HEADING + rows) == 0
    assert "  and 3 more (--all names them)" in kiosk.out
    assert kiosk.take("preview", HEADING + rows, "--all") == 0
    assert f"Chloé Nom{MOST_NAMES + 2}" in kiosk.out
    assert "more" not in kiosk.out


def test_american_dates_are_told(kiosk: Kiosk) -> None:
    text = "Nom complet;Partenariat;Inscrit le\nChloé Martin;Green;10/25/2021\n"
    assert kiosk.take("preview", text) == 0
    assert "dates are read as month/day/year" in kiosk.out


# Undo, export, search


def test_an_undo_puts_the_list_of_before_back_and_twice_the_newer_one(kiosk: Kiosk) -> None:
    assert kiosk.run("undo") == 2
    assert kiosk.take("import", LIST) == 0
    before = kiosk.guests()
    assert kiosk.take("import", LIST.rpartition("Petit")[0]) == 0
    assert "kiosk guests undo takes it back" in kiosk.out
    after = kiosk.guests()
    assert kiosk.run("undo", "--dry-run") == 0
    assert kiosk.guests() == after
    assert kiosk.run("undo") == 0
    assert "new:\n  Ada Petit | C | Red\n" in kiosk.out
    assert "3 guests: 1 new, 0 changed, 0 gone, 2 unchanged (list version 3" in kiosk.out
    assert kiosk.guests() == before
    assert kiosk.run("undo") == 0
    assert kiosk.guests() == after


def test_a_list_that_is_the_same_leaves_the_undo_to_the_one_before(kiosk: Kiosk) -> None:
    assert kiosk.take("import", LIST) == 0
    assert kiosk.take("import", LIST.rpartition("Petit")[0]) == 0
    assert kiosk.take("import", LIST.rpartition("Petit")[0]) == 0
    assert "2 guests: 0 new, 0 changed, 0 gone, 2 unchanged (the list is the same)" in kiosk.out
    assert kiosk.run("undo") == 0
    assert len(kiosk.guests()) == 3


def test_an_undo_asks_on_a_terminal_when_many_would_be_gone(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kiosk.take("import", LIST) == 0
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert kiosk.run("undo") == 1
    assert len(kiosk.guests()) == 3
    assert kiosk.run("undo", "--yes") == 0
    assert len(kiosk.guests()) == 0


@pytest.mark.parametrize("name", ["list.xlsx", "LIST.CSV"])
def test_an_export_is_imported_again_without_a_change(kiosk: Kiosk, name: str) -> None:
    assert kiosk.take("import", LIST) == 0
    before = kiosk.guests()
    file = str(kiosk.folder / name)
    assert kiosk.run("export", file) == 0
    assert f"3 guests in {file}" in kiosk.out
    assert sys.platform == "win32" or Path(file).stat().st_mode & 0o777 == 0o600
    assert kiosk.run("import", file, "--event", str(EVENT)) == 0
    assert "3 guests: 0 new, 0 changed, 0 gone, 3 unchanged" in kiosk.out
    assert "recognised: 3 by pseudonym" in kiosk.out
    assert kiosk.guests() == before


def test_an_export_goes_to_standard_output_only_when_asked(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kiosk.take("import", LIST) == 0
    out = io.BytesIO()
    text = io.TextIOWrapper(out)  # kept, for one that is let go closes `out`
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", text)
        assert main(["guests", "export", "-", "--state", str(kiosk.folder / "state")]) == 0
    assert out.getvalue().decode("utf-8-sig").startswith("Family name;Given name;")
    with pytest.raises(SystemExit):
        main(["guests", "export"])


def test_an_export_of_another_kind_or_place_is_refused(kiosk: Kiosk) -> None:
    assert kiosk.run("export", "list.pdf") == 2
    assert "neither .xlsx nor .csv" in kiosk.err
    assert kiosk.run("export", "list.csv") == 2  # no list yet
    assert kiosk.take("import", LIST) == 0
    (kiosk.folder / "folder.csv").mkdir()
    assert kiosk.run("export", str(kiosk.folder / "folder.csv")) == 2
    assert "Choose a file you may write" in kiosk.err


def test_what_was_changed_at_a_door_is_no_change_of_the_list_and_stays(kiosk: Kiosk) -> None:
    assert kiosk.take("import", LIST) == 0
    state = kiosk.folder / "state"
    chloe = kiosk.guests()["Chloé"]
    guest = replace(kiosk.guests()["Ada"], id="77" * 8, badge=b"walk-in!", given="Bea")
    changed = Change(chloe.id, badge=b"reprint!", selection=Selection.WAITING)
    with open_database(state, guest_sealer(state)) as database:
        journal = SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot-1")
        drafts = [
            EntryDraft(EntryAct.NOTE, who, "", "north", EntryBasis.SUPERVISOR, "s", cause)
            for who, cause in ((guest.id, Cause.WALK_IN), (chloe.id, Cause.BADGE_REPLACED))
        ]
        whats: list[Guest | Change] = [guest, changed]
        amendments = [
            Amendment(str(at), MORNING, "desk-1", "s", draft.cause, what)
            for at, (draft, what) in enumerate(zip(drafts, whats, strict=True))
        ]
        journal.append(drafts, MORNING, amendments=amendments)
    assert kiosk.take("import", LIST) == 0
    assert "4 guests: 0 new, 0 changed, 0 gone, 4 unchanged" in kiosk.out
    assert "2 changes made at a door stay" in kiosk.out
    assert kiosk.guests()["Chloé"].badge == b"reprint!"
    assert set(kiosk.guests()) == {"Chloé", "Bruno", "Ada", "Bea"}
    file = str(kiosk.folder / "list.xlsx")
    assert kiosk.run("export", file) == 0
    assert kiosk.run("import", file, "--event", str(EVENT)) == 0
    assert "4 guests: 0 new, 0 changed, 0 gone, 4 unchanged" in kiosk.out
    assert kiosk.guests()["Chloé"].badge == b"reprint!"


def test_a_preview_makes_no_database(kiosk: Kiosk) -> None:
    assert kiosk.take("preview", LIST) == 0
    assert "3 guests: 3 new" in kiosk.out
    assert not (kiosk.folder / "state").exists()


def test_the_sheet_is_told_and_those_that_were_not_read(kiosk: Kiosk) -> None:
    book = Workbook()
    for name, given in (("Vieux", "Chloé"), ("Invités", "Bruno")):
        sheet = book.create_sheet(name)
        sheet.append(["Nom", "Prénom", "Partenariat"])
        sheet.append(["Martin", given, "Green"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True
    file = kiosk.folder / "list.xlsx"
    file.write_bytes(saved(book))
    assert kiosk.run("import", str(file), "--event", str(EVENT), "--sheet", "invités") == 0
    assert 'sheet "Invités", headings in row 1' in kiosk.out
    assert "not read: sheet Sheet, Vieux (--sheet NAME)" in kiosk.out
    assert "1 hidden row read as well: 2" in kiosk.out
    assert "column C is hidden in the sheet, and read as well" in kiosk.out
    assert set(kiosk.guests()) == {"Bruno"}
