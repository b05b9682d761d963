"""The commands of a day's work, from the event file to a door that cannot open yet."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.system.keys import KeyFileError, badge_public_key, badge_signing_key
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.guests.badge import Badge, open_badge
from kiosk.core.guests.guestlist import GuestList
from kiosk.demo.issuer import make_issuer
from tests.door import MORNING
from tests.fakes.clock import SetClock

ROOT = Path(__file__).resolve().parents[1]
EVENT = ROOT / "assets" / "events" / "saint-ouen-2021.toml"
LIST = "Name;Organisation;Partnership;Category\nAna Ensaio;Cluster A;One;\nDUPONT Zoé;;;press\n"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def _import(tmp_path: Path, state: Path, text: str) -> int:
    file = tmp_path / "guests.csv"
    file.write_text(text, encoding="utf-8")
    return main(["guests", "import", str(file), "--event", str(EVENT), "--state", str(state)])


def _guests(state: Path) -> GuestList:
    with open_database(state, guest_sealer(state)) as database:
        return read_guests(database)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    text = capsys.readouterr().out
    assert end.value.code == 0
    first = ("demo", "run", "verify", "read", "event", "guests", "badges", "trust")
    for name in (*first, "revocation", "blocklist", "log", "doctor"):
        assert f"\n    {name} " in text or f"\n    {name}\n" in text


@pytest.mark.parametrize(
    "command", ["demo", "run", "verify", "read", "event", "guests", "trust", "log"]
)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert command in capsys.readouterr().out


def test_wrong_usage_ends_with_2() -> None:
    with pytest.raises(SystemExit) as end:
        main(["no-such-command"])
    assert end.value.code == 2


def test_the_event_of_saint_ouen_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["event", "check", str(EVENT)]) == 0
    assert "no faults" in capsys.readouterr().out


def test_a_fault_in_an_event_file_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "event.toml"
    text = EVENT.read_text(encoding="utf-8").replace('max_age = "72 h"', 'max_age = "long"')
    broken.write_text(text, encoding="utf-8")
    line = 1 + text.splitlines().index(next(t for t in text.splitlines() if "max_age" in t))
    assert main(["event", "check", str(broken)]) == 2
    assert f"line {line}: proofs.test.max_age" in capsys.readouterr().err


def test_a_guest_list_is_imported_and_keeps_badges_the_second_time(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, state, LIST) == 0
    before = {guest.name: guest.badge for guest in _guests(state)}
    assert _import(tmp_path, state, LIST + "Neu Gast;;Two;\n") == 0
    after = {guest.name: guest.badge for guest in _guests(state)}
    assert "3 guests: 1 new, 0 changed, 0 gone, 2 unchanged" in capsys.readouterr().out
    assert before.items() <= after.items()


def test_guests_who_vanish_with_one_import_come_back_with_their_badges(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, state, LIST) == 0
    before = set(_guests(state))
    assert _import(tmp_path, state, LIST.rpartition("DUPONT")[0]) == 0
    assert "1 guest: 0 new, 0 changed, 1 gone, 1 unchanged" in capsys.readouterr().out
    assert len(_guests(state).revoked) == 1
    assert _import(tmp_path, state, LIST) == 0
    assert "2 guests: 1 new, 0 changed, 0 gone, 1 unchanged" in capsys.readouterr().out
    assert set(_guests(state)) == before
    assert _guests(state).revoked == frozenset()


def test_a_mistyped_heading_brings_no_declined_guest_in(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Name;Partnership;Staus\nAna Ensaio;One;declined\n"
    assert _import(tmp_path, state, text) == 2
    told = capsys.readouterr().err
    assert "1 fault in the guest list" in told
    assert "Write Status" in told
    assert len(_guests(state)) == 0


def test_a_list_with_faults_changes_nothing_and_names_them_all(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, state, LIST) == 0
    assert _import(tmp_path, state, "Name;Partnership\nA B;\n;X\n") == 2
    told = capsys.readouterr().err
    assert "row 2" in told
    assert "row 3" in told
    assert len(_guests(state)) == 2


def test_guests_are_found_without_accents(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import(tmp_path, state, LIST)
    assert main(["guests", "search", "zoe", "--state", str(state)]) == 0
    assert "Zoé Dupont" in capsys.readouterr().out


def test_badges_can_be_read_back_and_carry_the_guests_id(tmp_path: Path, state: Path) -> None:
    from kiosk.adapters.reader.pictures import codes_in_picture

    _import(tmp_path, state, LIST)
    folder = tmp_path / "badges"
    command = ["badges", "--event", str(EVENT), "--out", str(folder), "--state", str(state)]
    assert main(command) == 0
    assert main(command) == 0, "the second time with the same key"
    key = badge_public_key(state)
    ids = set()
    for picture in folder.glob("*.png"):
        (text,) = codes_in_picture(picture)
        badge = open_badge(text, "saint-ouen-2021", key)
        assert isinstance(badge, Badge)
        ids.add(badge.id)
    assert ids == {guest.badge for guest in _guests(state)}


def test_the_signing_key_is_for_its_owner_alone(tmp_path: Path, state: Path) -> None:
    _import(tmp_path, state, LIST)
    main(["badges", "--event", str(EVENT), "--out", str(tmp_path / "b"), "--state", str(state)])
    assert (state / "keys" / "badge-key.pem").stat().st_mode & 0o077 == 0


def test_a_trust_list_is_imported_and_shown(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = tmp_path / "signer.der"
    certificate.write_bytes(make_issuer("XZ").certificate)
    assert main(["trust", "import", str(certificate), "--state", str(state)]) == 0
    assert main(["trust", "show", "--state", str(state)]) == 0
    assert "XZ 1" in capsys.readouterr().out


def test_a_door_names_everything_that_it_lacks(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "--event", str(EVENT), "--mode", "desk", "--state", str(state)]
    assert main(command) == 2
    told = capsys.readouterr().err
    for piece in ("guest list", "badge", "trust list", "kiosk guests import", "kiosk keys"):
        assert piece in told


def test_an_unknown_door_is_told_with_those_that_there_are(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "--event", str(EVENT), "--mode", "desk", "--door", "west"]
    assert main([*command, "--state", str(state)]) == 2
    assert "north, south" in capsys.readouterr().err


def test_an_empty_log_is_exported_and_its_chain_holds(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import(tmp_path, state, LIST)
    capsys.readouterr()
    assert main(["log", "check", "--state", str(state)]) == 0
    assert capsys.readouterr().out == "0 entries, the chain holds\n"
    assert main(["log", "export", "--format", "json", "--state", str(state)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("written", "told"), [(1, "1 entry"), (2, "2 entries")])
def test_entries_are_counted(
    state: Path, capsys: pytest.CaptureFixture[str], written: int, told: str
) -> None:
    draft = EntryDraft(EntryAct.IN, "a guest", "policy-day-1", "north", EntryBasis.SCANNED)
    with open_database(state) as database:
        journal = SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot")
        for _ in range(written):
            journal.append([draft], MORNING)
    assert main(["log", "check", "--state", str(state)]) == 0
    out = capsys.readouterr().out
    assert out.endswith(f"\n{told}, the chain holds\n")
    assert f"  {told}, signed up to 0\n" in out


def test_the_program_starts_as_a_module_and_tells_its_version() -> None:
    command = [sys.executable, "-m", "kiosk", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("kiosk ")


def test_doctor_speaks_json(capsys: pytest.CaptureFixture[str], state: Path) -> None:
    main(["doctor", "--json", "--state", str(state)])
    rows = json.loads(capsys.readouterr().out)
    assert rows


def test_commands_that_read_make_no_state_folder(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["guests", "search", "x"],
        ["log", "check"],
        ["log", "export"],
        ["trust", "show"],
    ):
        assert main([*command, "--state", str(state)]) == 2
        assert "Check --state" in capsys.readouterr().err
        assert not state.exists()


def test_a_name_in_the_guest_list_does_not_steer_the_terminal(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, state, LIST) == 0
    with open_database(state, guest_sealer(state)) as database:
        steering = [replace(guest, organisation="\x1b[2Jx") for guest in read_guests(database)]
        replace_guests(database, steering)
    capsys.readouterr()
    assert main(["guests", "search", "zoe", "--state", str(state)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_lost_public_key_is_written_again_from_the_private_one(state: Path) -> None:
    key = badge_signing_key(state)
    (state / "keys" / "badge-key.pub.pem").unlink()
    with pytest.raises(KeyFileError, match=f"--state {state}"):
        badge_public_key(state)
    badge_signing_key(state)
    assert badge_public_key(state) == key.public_key()


def test_a_key_that_cannot_be_read_is_not_told_as_missing(state: Path) -> None:
    (state / "keys" / "badge-key.pub.pem").mkdir(parents=True)
    with pytest.raises(KeyFileError, match="cannot be read"):
        badge_public_key(state)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", [["--help"], ["event", "check", str(EVENT)]])
@pytest.mark.parametrize("output", [">/dev/full", ">&-"])
def test_an_output_that_takes_nothing_gives_no_traceback(command: list[str], output: str) -> None:
    line = shlex.join([sys.executable, "-m", "kiosk", *command])
    done = subprocess.run(
        ["sh", "-c", f"{line} {output}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    # Of a help that cannot be written, some releases of argparse tell nothing.
    may_end = {0, 2} if command == ["--help"] else {2 if "full" in output else 0}
    assert done.returncode in may_end
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_interrupt_while_a_command_is_loaded_ends_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kiosk.cli.main.import_module", interrupted)
    assert main(["event", "check", str(EVENT)]) == 130


@pytest.mark.skipif(not Path("/proc").exists(), reason="a folder of Linux")
def test_a_demonstration_into_a_folder_that_takes_no_file_ends_before_it_begins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--out", "/proc"]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_guest_list_that_is_no_file_is_refused(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["guests", "import", "/dev/zero", "--event", str(EVENT), "--state", str(state)]
    assert main(command) == 2
    assert "is not a regular file" in capsys.readouterr().err
