"""`kiosk supervisor`: what a supervisor does at a door, from the command line."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import StoredGuests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import read_records
from kiosk.adapters.storage.reserve import add_reserve
from kiosk.adapters.system import clock as system_clock
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft, EntryRecord
from kiosk.core.guests.guest import Guest, Selection
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.staff import pin as pins
from tests.door import EVENT_FILE, MORNING, PARTNERING, POLICY_1, guest
from tests.fakes.clock import SetClock

ADA, BEA = (guest(name, "Petit", partnership="Green") for name in ("Ada", "Bea"))
CORA = guest("Cora", "Petit", partnership="Green", selection=Selection.WAITING)
DAN = guest("Dan", "Roux", partnership="Blue")
BLANK = ReserveBadge(b"reserve1", "Desk 2", "R2-017")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kiosk with a list, on the first morning."""
    folder = tmp_path / "state"
    with open_database(folder, guest_sealer(folder, make=True)) as database:
        replace_guests(database, [ADA, BEA, CORA, DAN])
        add_reserve(database, [BLANK])
    monkeypatch.setattr(system_clock, "SystemClock", lambda: SetClock(MORNING))
    return folder


def supervisor(state: Path, action: str, *arguments: str) -> int:
    return main(
        ["supervisor", action, "--event", str(EVENT_FILE), "--state", str(state), *arguments]
    )


def log(state: Path) -> list[EntryRecord]:
    with open_database(state, guest_sealer(state)) as database:
        return list(read_records(database))


def now(state: Path, guest_id: str) -> Guest:
    with open_database(state, guest_sealer(state)) as database:
        found = StoredGuests(database).current().by_id(guest_id)
    assert found is not None
    return found


def came_in(state: Path, *who: Guest, occasion: str = POLICY_1) -> None:
    with closing(open_database(state, guest_sealer(state))) as database:
        journal = SqliteJournal(database, "saint-ouen-2021", SetClock(MORNING), "boot-1")
        for each in who:
            draft = EntryDraft(EntryAct.IN, each.id, occasion, "north", EntryBasis.SCANNED)
            journal.append([draft], MORNING)


def test_everyone_who_is_inside_goes_out_with_one_command(state: Path, capsys: Captured) -> None:
    came_in(state, ADA, DAN)
    assert supervisor(state, "out", "--occasion", POLICY_1) == 0
    assert capsys.readouterr().out == "2 guests out: Policy event, 22 November.\n"
    outs = [record for record in log(state) if record.act is EntryAct.OUT]
    assert {(record.guest, record.basis) for record in outs} == {
        (ADA.id, EntryBasis.EVERYONE_OUT),
        (DAN.id, EntryBasis.EVERYONE_OUT),
    }


def test_the_partnerships_that_are_missing_are_told_with_whom_to_call(
    state: Path, capsys: Captured
) -> None:
    assert supervisor(state, "missing") == 0
    told = capsys.readouterr().out
    assert "Partnering event for ESCP-4x, 23 November: 2 Partnerships missing\n" in told
    assert "  Green: Ada Petit, Bea Petit\n" in told
    assert "Policy" not in told
    assert supervisor(state, "missing", "--occasion", POLICY_1) == 0
    assert capsys.readouterr().out == "Policy event, 22 November: 0 Partnerships missing\n"


def test_a_walk_in_is_put_on_the_list_with_a_blank_badge(state: Path, capsys: Captured) -> None:
    who = ["--family", "Zorn", "--given", "Eva", "--partnership", "Green", "--badge", "r2-017"]
    assert supervisor(state, "add", *who, "--occasion", POLICY_1, "--cause", "walk-in") == 0
    assert "On the list" in capsys.readouterr().out
    (note,) = log(state)
    assert (note.act, note.cause) == (EntryAct.NOTE, Cause.WALK_IN)
    added = now(state, note.guest)
    assert (added.name, added.badge, added.occasions) == (
        "Eva Zorn",
        BLANK.badge,
        frozenset({POLICY_1}),
    )


def test_who_waited_is_accepted(state: Path) -> None:
    arguments = ["cora", "--occasion", POLICY_1, "--occasion", PARTNERING, "--cause", "late"]
    assert supervisor(state, "accept", *arguments) == 0
    cora = now(state, CORA.id)
    assert (cora.selection, cora.occasions) == (
        Selection.SELECTED,
        frozenset({POLICY_1, PARTNERING}),
    )


def test_whoever_is_expected_already_needs_no_acceptance(state: Path, capsys: Captured) -> None:
    assert supervisor(state, "accept", "ada", "--occasion", POLICY_1, "--cause", "late") == 2
    assert "Ada Petit is expected there already" in capsys.readouterr().err
    assert not log(state)


def test_a_slip_makes_no_other_partnership_and_no_other_category(
    state: Path, capsys: Captured
) -> None:
    who = ["--family", "Zorn", "--given", "Eva", "--occasion", POLICY_1, "--cause", "late"]
    assert supervisor(state, "add", *who, "--partnership", "Grenn") == 2
    assert "If it is 'Green', write it so" in capsys.readouterr().err
    assert supervisor(state, "add", *who, "--category", "juggler") == 2
    assert "speaker, press, crew" in capsys.readouterr().err
    assert not log(state)
    assert supervisor(state, "add", *who, "--partnership", "GREEN") == 0
    assert now(state, log(state)[0].guest).partnership == "Green"


def test_a_seat_goes_to_another_of_the_list_or_to_somebody_new(state: Path) -> None:
    assert supervisor(state, "substitute", "ada", "cora", "--occasion", POLICY_1) == 0
    assert POLICY_1 not in now(state, ADA.id).occasions
    new = ["--family", "Zorn", "--given", "Eva"]
    assert supervisor(state, "substitute", "bea", *new, "--occasion", POLICY_1) == 0
    assert [record.cause for record in log(state)] == [Cause.SUBSTITUTION] * 2
    assert now(state, log(state)[1].refers).partnership == "Green"


def test_a_blank_badge_is_handed_out(state: Path) -> None:
    assert supervisor(state, "badge", "dan roux", "R2-017") == 0
    assert now(state, DAN.id).badge == BLANK.badge


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_paper_list_is_keyed_in_from_a_table(
    state: Path, tmp_path: Path, encoding: str, capsys: Captured
) -> None:
    file = tmp_path / "paper.csv"
    table = "Time;Guest;Act\n9:30;dan roux;in\n2021-11-22 09:40;ada;\n09:50;dan roux;OUT\n"
    file.write_text(table, encoding=encoding)
    assert supervisor(state, "paper", str(file)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 lines recorded, as on paper.",
        "line 2: Dan Roux in",
        "line 3: Ada Petit in",
        "line 4: Dan Roux out",
    ]
    told = [(r.act, r.guest, r.basis, r.when.strftime("%H:%M")) for r in log(state)]
    assert told == [
        (EntryAct.IN, DAN.id, EntryBasis.PAPER, "08:30"),
        (EntryAct.IN, ADA.id, EntryBasis.PAPER, "08:40"),
        (EntryAct.OUT, DAN.id, EntryBasis.PAPER, "08:50"),
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("time,guest\n25:00,dan\n,ada\n9:30,\n", ["line 2", "line 3", "line 4: no guest"]),
        ("time,guest,act\n9:30,dan,up\n", ['line 2: "up" is neither']),
        ("when,who\n9:30,dan\n", ["a column is missing"]),
        ("time,guest\n9:30,nobody\n9:31,petit\n", ["line 2: 'nobody'", "line 3: 'petit'", ADA.id]),
        ("time,guest\n23:30,dan\n", ["Dan Roux: That time"]),
    ],
)
def test_of_a_paper_with_faults_all_are_told_and_nothing_is_recorded(
    state: Path, tmp_path: Path, table: str, told: list[str], capsys: Captured
) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(table)
    assert supervisor(state, "paper", str(file)) == 2
    errors = capsys.readouterr().err
    assert not [words for words in told if words not in errors], errors
    assert log(state) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["out", "--occasion", "tomorrow"], "policy-day-1, policy-day-2, partnering"),
        (["out", "--occasion", POLICY_1, "--door", "west"], "There is no door 'west'"),
        (["substitute", "ada", "--occasion", POLICY_1], "Name the substitute"),
        (["substitute", "ada", "dan", "--occasion", POLICY_1], "not of one Partnership"),
        (["badge", "dan", "R9-999"], "no blank badge 'R9-999'"),
        (["accept", "zzz", "--occasion", POLICY_1, "--cause", "late"], "nobody of that name"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_remedy(
    state: Path, arguments: list[str], told: str, capsys: Captured
) -> None:
    assert supervisor(state, *arguments) == 2
    assert told in capsys.readouterr().err
    assert log(state) == []


def test_a_folder_without_a_kiosk_is_told(tmp_path: Path, capsys: Captured) -> None:
    assert supervisor(tmp_path / "none", "missing") == 2
    assert "no kiosk database" in capsys.readouterr().err


# With staff who are named


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


@pytest.fixture
def staffed(state: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Path:
    monkeypatch.setattr(pins, "_N", 2**4)
    for name, role, pin in (("Sara", "supervisor", "738291"), ("Anna", "steward", "4827")):
        typed(monkeypatch, pin, pin)
        add = ["staff", "add", name, "--role", role, "--by", "The organiser"]
        assert main([*add, "--state", str(state)]) == 0
    capsys.readouterr()
    return state


def test_a_named_supervisor_acts_under_a_session_of_that_moment(
    staffed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "738291")
    arguments = ["cora", "--occasion", POLICY_1, "--cause", "late", "--verifier", "sara"]
    assert supervisor(staffed, "accept", *arguments) == 0
    assert log(staffed)[-1].staff


@pytest.mark.parametrize(
    ("who", "pin", "told"),
    [
        (["--verifier", "anna"], "4827", "This is for a supervisor."),
        (["--verifier", "sara"], "000000", "do not belong together"),
        ([], "738291", "--verifier NAME"),
    ],
    ids=["a steward", "wrong PIN", "nobody"],
)
def test_only_a_supervisor_who_has_the_pin_changes_anything(
    staffed: Path,
    monkeypatch: pytest.MonkeyPatch,
    who: list[str],
    pin: str,
    told: str,
    capsys: Captured,
) -> None:
    typed(monkeypatch, pin)
    assert supervisor(staffed, "out", "--occasion", POLICY_1, *who) == 2
    assert told in capsys.readouterr().err


def test_what_is_missing_is_told_to_anybody(staffed: Path) -> None:
    assert supervisor(staffed, "missing") == 0
