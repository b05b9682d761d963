"""Staff, register and clock at the command line, and a door that opens under a name."""

from __future__ import annotations

import csv
import io
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segno
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.files import read_file
from kiosk.adapters.reader.pictures import codes_in_picture
from kiosk.adapters.storage.database import FILE_NAME, open_database
from kiosk.adapters.storage.logrows import read_records
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system import machine
from kiosk.adapters.system.check import Severity
from kiosk.adapters.system.clock import SystemClock, lasting_boot_id
from kiosk.adapters.system.clockfile import ClockFile
from kiosk.adapters.system.keys import badge_public_key, make_badge_key, put_public_key
from kiosk.bootstrap.door import DoorError
from kiosk.bootstrap.installation import Installation
from kiosk.cli.common import CommandError
from kiosk.cli.door import clock_warnings, verifier_at
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.cli.verifiers import sessions_of
from kiosk.core.causes import Cause
from kiosk.core.sealing import Sealer
from kiosk.core.staff import pin as pins
from kiosk.core.staff.badge import make_staff_badge, open_staff_badge
from kiosk.core.staff.register import HEADINGS, Ended, Member, Session
from kiosk.core.staff.roles import Role
from kiosk.core.staff.tries import TRIES, Moment, Try
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.clockguard import Kept
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import StorageTroubleError
from kiosk.desk.sessions import Why
from kiosk.desk.supervising import Vouching
from tests.door import EVENT_FILE, MORNING, badge_key, policy, saint_ouen
from tests.fakes.clock import SetClock

Captured = pytest.CaptureFixture[str]
SUPERVISOR = ("Sara Éxample", "supervisor", "738291")
STEWARD = ("Anna Example", "steward", "4827")
EVENT = ["--event", str(EVENT_FILE)]
HOUR = timedelta(hours=1)
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "_N", 2**4)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


class Terminal:
    """Standard input that is no terminal: what was typed before, line by line."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def types(self, *lines: str) -> None:
        text = io.StringIO("".join(f"{line}\n" for line in lines))
        self._monkeypatch.setattr("sys.stdin", text)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


@pytest.fixture
def staffed(state: Path, terminal: Terminal, capsys: Captured) -> Path:
    """A state folder with a supervisor and a steward."""
    for name, role, pin in (SUPERVISOR, STEWARD):
        terminal.types(pin, pin)
        add = ["staff", "add", name, "--role", role, "--by", "The organiser"]
        assert main([*add, "--state", str(state)]) == 0
    capsys.readouterr()
    return state


@pytest.fixture
def book(staffed: Path) -> Iterator[StoredStaff]:
    with open_database(staffed, guest_sealer(staffed)) as database:
        yield StoredStaff(database)


# The list of staff


def test_who_is_added_is_listed_with_role_date_and_who_authorised_them(
    staffed: Path, capsys: Captured
) -> None:
    assert main(["staff", "list", "--state", str(staffed)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Sara Éxample: supervisor, since 20")
    assert second.startswith("Anna Example: steward")
    assert second.endswith("by The organiser")


def test_neither_a_name_nor_a_pin_s_hash_is_in_clear_on_disk(staffed: Path) -> None:
    files = [path for path in staffed.rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = path.read_bytes()
        for canary in ("Sara", "Éxample", "Anna", "The organiser", "738291", "scrypt$"):
            assert canary.encode() not in data, path.name


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("123456", "123456"), "choose another"),
        (("73829", "73829"), "6 digits at least"),
        (("738291", "738292"), "not the same"),
        ((), "No PIN came"),
    ],
)
def test_a_pin_that_will_not_do_adds_nobody(
    state: Path, terminal: Terminal, capsys: Captured, lines: tuple[str, ...], told: str
) -> None:
    terminal.types(*lines)
    add = ["staff", "add", "Sara", "--role", "supervisor", "--by", "The organiser"]
    assert main([*add, "--state", str(state)]) == 2
    assert told in capsys.readouterr().err
    assert main(["staff", "list", "--state", str(state)]) == 0
    assert "Nobody is authorised yet" in capsys.readouterr().out


def test_at_a_terminal_the_pin_is_typed_unseen(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []
    monkeypatch.setattr("sys.stdin", Tty())

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return "738291"

    monkeypatch.setattr("getpass.getpass", typed)
    add = ["staff", "add", "Sara", "--role", "supervisor", "--by", "The organiser"]
    assert main([*add, "--state", str(state)]) == 0
    assert asked == ["PIN of Sara: ", "The same again: "]
    assert "738291" not in "".join(capsys.readouterr())


def test_nobody_is_authorised_twice_under_one_name(
    staffed: Path, terminal: Terminal, capsys: Captured
) -> None:
    terminal.types("5938", "5938")
    add = ["staff", "add", " ANNA  example ", "--role", "steward", "--by", "x"]
    assert main([*add, "--state", str(staffed)]) == 2
    assert "authorised already" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Anna\x1b[2J", "Anna\u202e"])
def test_a_name_is_one_printable_line(state: Path, capsys: Captured, name: str) -> None:
    add = ["staff", "add", name, "--role", "steward", "--by", "x", "--state", str(state)]
    assert main(add) == 2
    assert "A name has 1 to 100 letters" in capsys.readouterr().err


def test_a_new_pin_takes_the_place_of_the_old_one_and_ends_a_wait(
    staffed: Path, book: StoredStaff, terminal: Terminal
) -> None:
    anna = book.members()[1]
    for person in ("other", anna.id):
        assert book.take_try(Try(person, Moment("boot", 1))) == 0
    terminal.types("5938", "5938")
    assert main(["staff", "pin", "anna example", "--state", str(staffed)]) == 0
    new = book.members()[1].pin
    assert new is not None
    assert new.matches("5938")
    assert not new.matches("4827")
    assert [each.person for each in book.tries()] == ["other"]


def test_who_is_removed_is_out_of_the_list_and_stays_in_the_register(
    staffed: Path, book: StoredStaff, capsys: Captured
) -> None:
    sara, anna = book.members()
    book.keep_session(Session("s-1", anna.id, Role.STEWARD, "k", "north", "desk", MORNING))
    assert main(["staff", "remove", "Anna Example", "--state", str(staffed)]) == 0
    assert main(["staff", "list", "--state", str(staffed)]) == 0
    assert "Anna" not in capsys.readouterr().out.splitlines()[-1]
    assert book.sessions()[0].ended is Ended.CLOSED
    assert book.members()[1].pin is None
    assert main(["register", "show", *EVENT, "--state", str(staffed)]) == 0
    assert "Anna Example, steward" in capsys.readouterr().out
    assert main(["staff", "remove", sara.name, "--state", str(staffed)]) == 0
    assert main(["staff", "remove", sara.name, "--state", str(staffed)]) == 2
    assert "it has: nobody yet" in capsys.readouterr().err


def test_the_last_supervisor_s_going_is_told(staffed: Path, capsys: Captured) -> None:
    assert main(["staff", "remove", SUPERVISOR[0], "--state", str(staffed)]) == 0
    assert "no supervisor left" in capsys.readouterr().out


def test_a_staff_badge_is_a_picture_of_a_code_that_the_key_signed(
    staffed: Path, book: StoredStaff, tmp_path: Path
) -> None:
    out = tmp_path / "badge.png"
    badge = ["staff", "badge", STEWARD[0], "--out", str(out), "--state", str(staffed)]
    assert main(badge) == 0
    (text,) = codes_in_picture(out)
    anna = book.members()[1]
    assert open_staff_badge(text, badge_public_key(staffed)) == anna.id


def test_one_badge_counts_on_every_kiosk_where_its_bearer_is_added_with_it(
    staffed: Path, book: StoredStaff, tmp_path: Path, terminal: Terminal, capsys: Captured
) -> None:
    badge, kiosk = tmp_path / "badge.png", tmp_path / "kiosk"
    assert main(["staff", "badge", STEWARD[0], "--out", str(badge), "--state", str(staffed)]) == 0
    put_public_key(kiosk, badge_public_key(staffed))
    add = ["staff", "add", STEWARD[0], "--role", "steward", "--by", "The organiser"]
    here = [*add, "--has-badge", str(badge), "--state", str(kiosk)]
    terminal.types("5938", "5938")
    assert main(here) == 0
    with open_database(kiosk, guest_sealer(kiosk)) as database:
        (anna,) = StoredStaff(database).members()
    assert anna.id == book.members()[1].id
    assert main(["staff", "remove", STEWARD[0], "--state", str(kiosk)]) == 0
    assert main(here) == 2
    assert "is or was here" in capsys.readouterr().err


def test_what_is_no_badge_of_staff_names_nobody(
    staffed: Path, tmp_path: Path, capsys: Captured
) -> None:
    make_badge_key(staffed)
    other, text = tmp_path / "other.png", tmp_path / "text.png"
    segno.make(make_staff_badge("00" * 8, badge_key()), micro=False).save(str(other), scale=8)
    text.write_text("no picture")
    add = ["staff", "add", "Zoe", "--role", "steward", "--by", "x", "--state", str(staffed)]
    for picture, told in ((other, "no badge of staff"), (text, "Give the PNG"), (tmp_path, "PNG")):
        assert main([*add, "--has-badge", str(picture)]) == 2
        assert told in capsys.readouterr().err


def test_a_badge_goes_into_a_png_alone(staffed: Path, tmp_path: Path, capsys: Captured) -> None:
    for out, told in ((tmp_path / "b.svg", ".png"), (tmp_path / "no" / "b.png", "another place")):
        badge = ["staff", "badge", STEWARD[0], "--out", str(out), "--state", str(staffed)]
        assert main(badge) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [["staff", "list"], ["staff", "remove", "x"], ["register", "show", *EVENT]],
)
def test_what_only_reads_makes_no_state_folder(
    state: Path, capsys: Captured, command: list[str]
) -> None:
    assert main(["clock", "show", "--state", str(state)]) == 0
    capsys.readouterr()
    assert main([*command, "--state", str(state)]) == 2
    assert "Check --state" in capsys.readouterr().err
    assert not state.exists()


# The rows


def test_what_is_kept_of_staff_is_found_again(staffed: Path, book: StoredStaff) -> None:
    sara = book.members()[0]
    session = Session("s-1", sara.id, Role.SUPERVISOR, "k", "north", "self", MORNING)
    book.keep_session(session)
    closed = session.closed_at(MORNING + HOUR, Ended.HANDED_OVER)
    book.keep_session(closed)
    book.take_try(Try("a", Moment("boot", 1.5)))
    with open_database(staffed, guest_sealer(staffed)) as database:
        again = StoredStaff(database)
        assert again.members() == book.members()
        assert again.sessions() == (closed,)
        assert again.tries() == (Try("a", Moment("boot", 1.5)),)


def test_many_programs_at_once_win_no_more_tries_of_a_pin(staffed: Path) -> None:
    together, found = threading.Barrier(12), list[Why]()

    def guess(pin: str) -> None:
        with open_database(staffed, guest_sealer(staffed)) as database:
            sessions = sessions_of(database, SystemClock(), saint_ouen().time_zone)
            member = sessions.by_name(SUPERVISOR[0])
            together.wait(30)
            denied = sessions.check(member, pin)
            assert denied is not None
            found.append(denied.why)

    programs = [threading.Thread(target=guess, args=(f"99911{n:x}",)) for n in range(12)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert len(found) == 12
    assert found.count(Why.WAITS) >= 12 - TRIES
    with open_database(staffed) as database:
        assert len(StoredStaff(database).tries()) == TRIES


def test_staff_do_not_open_with_another_key(staffed: Path) -> None:
    with open_database(staffed) as database:
        with pytest.raises(StorageTroubleError, match="key is not here"):
            StoredStaff(database).members()
        database.sealer = Sealer(bytes(32))
        with pytest.raises(StorageTroubleError, match="does not open"):
            StoredStaff(database).members()


def test_a_row_of_another_version_is_told_without_a_word_of_it(staffed: Path) -> None:
    with open_database(staffed, guest_sealer(staffed)) as database:
        assert database.sealer is not None
        strange = database.sealer.seal("staff", "x", b'{"id": "x", "name": "Canary"}')
        database.connection.execute("INSERT INTO staff VALUES ('x', ?)", (strange,))
        with pytest.raises(StorageTroubleError, match="another version") as trouble:
            StoredStaff(database).members()
    assert "Canary" not in str(trouble.value)


def test_a_database_in_trouble_keeps_nothing_half(staffed: Path, book: StoredStaff) -> None:
    book.take_try(Try("a", Moment("boot", 1)))
    with sqlite3.connect(staffed / FILE_NAME) as other:
        other.execute("DROP TABLE register")
    other.close()
    with pytest.raises(StorageTroubleError, match="SQLITE_ERROR"):
        book.sessions()
    session = Session("s-1", "m", Role.STEWARD, "k", "north", "desk", MORNING)
    with pytest.raises(StorageTroubleError, match="SQLITE_ERROR"):
        book.keep_session(session)
    assert len(book.tries()) == 1
    (staffed / FILE_NAME).unlink()
    with pytest.raises(StorageTroubleError, match="moved or deleted"):
        book.forget_tries("a")


# The register


@pytest.fixture
def checked(staffed: Path, book: StoredStaff) -> Path:
    """Anna checked for an hour; somebody whose name begins a formula never did."""
    anna = book.members()[1]
    session = Session("s-1", anna.id, Role.STEWARD, "kiosk-1", "north", "desk", MORNING)
    book.keep_session(session.closed_at(MORNING + HOUR, Ended.HANDED_OVER))
    hostile = Member("00" * 8, "=1+1<b>", Role.STEWARD, datetime(2021, 11, 1, tzinfo=UTC), "x")
    book.keep_member(hostile)
    return staffed


def test_the_register_is_exported_as_a_table(checked: Path, tmp_path: Path) -> None:
    out = tmp_path / "register.csv"
    assert main(["register", "export", str(out), *EVENT, "--state", str(checked)]) == 0
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert tuple(rows[0]) == HEADINGS
    assert rows[1][0] == "Anna Example"
    assert rows[1][5:] == [
        "2021-11-22",
        "10:00",
        "11:00",
        "north",
        "desk",
        "kiosk-1",
        "handed over",
    ]
    assert [row[0] for row in rows[2:]] == ["'=1+1<b>", "Sara Éxample"]
    assert rows[2][2:6] == ["2021-11-01 01:00", "x", "", ""]


@pytest.mark.usefixtures("qapp")
def test_the_register_is_printed_on_as_many_pages_as_it_needs(
    checked: Path, book: StoredStaff, tmp_path: Path
) -> None:
    anna = book.members()[1]
    for number in range(60):
        begun = MORNING + number * timedelta(minutes=5)
        made = Session(f"t-{number}", anna.id, Role.STEWARD, "k", "north", "desk", begun)
        book.keep_session(made.closed_at(begun + timedelta(minutes=4), Ended.CLOSED))
    out = tmp_path / "register.pdf"
    assert main(["register", "export", str(out), *EVENT, "--state", str(checked)]) == 0
    assert read_file(out, 10**7).startswith(b"%PDF")
    document = QPdfDocument()
    assert document.load(str(out)) is QPdfDocument.Error.None_
    assert document.pageCount() > 1
    text = "".join(document.getAllText(page).text() for page in range(document.pageCount()))
    assert "of 1 June 2021, art." in text  # how hyphens come out depends on the font
    assert text.count("Anna Example") == 61
    assert "1<b>" in text  # a name is text, not markup


@pytest.mark.parametrize(
    ("name", "told"), [("register.xlsx", "neither .csv nor .pdf"), ("no/r.csv", "another place")]
)
def test_a_register_goes_into_the_kinds_that_there_are(
    checked: Path, tmp_path: Path, capsys: Captured, name: str, told: str
) -> None:
    (tmp_path / "no").write_text("a file, not a folder")
    out = tmp_path / name
    assert main(["register", "export", str(out), *EVENT, "--state", str(checked)]) == 2
    assert told in capsys.readouterr().err


def test_the_register_is_shown_with_sessions_that_are_open_and_names_that_never_checked(
    staffed: Path, book: StoredStaff, capsys: Captured
) -> None:
    anna = book.members()[1]
    book.keep_session(Session("s-1", anna.id, Role.STEWARD, "k", "north", "desk", MORNING))
    assert main(["register", "show", *EVENT, "--state", str(staffed)]) == 0
    told = capsys.readouterr().out
    assert "2021-11-22 10:00 to ..., north (desk), still open" in told
    assert "no checks" in told


# A door under a name


def at_door(state: Path, mode: Mode = Mode.DESK) -> tuple[Installation, Station]:
    place = Installation(state, TrustList(), sealer=guest_sealer(state))
    return place, Station(saint_ouen(), policy(), saint_ouen().doors[0], mode)


def test_a_door_opens_under_a_name_and_its_session_ends_with_it(
    staffed: Path, book: StoredStaff, terminal: Terminal
) -> None:
    clock = SetClock(MORNING)
    terminal.types(STEWARD[2])
    with verifier_at(*at_door(staffed), clock, "anna example") as station:
        assert [(s.id, s.closed) for s in book.sessions()] == [(station.staff, None)]
        assert station.until == datetime(2021, 11, 22, 23, 0, tzinfo=UTC)
        clock.go(HOUR)
    assert [(s.closed, s.ended) for s in book.sessions()] == [(MORNING + HOUR, Ended.CLOSED)]
    with open_database(staffed) as database:
        notes = [(r.cause, r.staff) for r in read_records(database)]
    assert notes == [(Cause.OPENED, station.staff), (Cause.CLOSED, station.staff)]


def test_without_staff_a_door_opens_with_a_warning(state: Path, capsys: Captured) -> None:
    with verifier_at(*at_door(state), SetClock(MORNING), None) as station:
        assert (station.staff, station.until) == ("", None)
    told = capsys.readouterr().err
    assert "no verifier is named" in told
    assert "kiosk staff add" in told


def test_without_a_name_the_window_asks_and_what_it_opened_is_closed_with_the_door(
    staffed: Path, book: StoredStaff, capsys: Captured
) -> None:
    clock = SetClock(MORNING)
    place, station = at_door(staffed)
    put_public_key(staffed, badge_key().public_key())
    with verifier_at(place, station, clock, None) as unnamed:
        assert unnamed.staff == ""
        desk = place.open_desk(unnamed, clock, lambda *_: None)
        assert not desk.duty.attended
        anna = next(p for p in desk.duty.people() if p.name == STEWARD[0])
        assert isinstance(desk.duty.open(Vouching(anna.id, STEWARD[2]), MORNING), OnDuty)
        clock.go(HOUR)
        desk.close()
    assert [(s.closed, s.ended) for s in book.sessions()] == [(MORNING + HOUR, Ended.CLOSED)]
    assert capsys.readouterr().err == ""
    with open_database(staffed) as database:
        causes = [record.cause for record in read_records(database)]
    assert causes == [Cause.OPENED, Cause.CLOSED]


def test_a_second_start_does_not_close_the_session_of_the_first(
    staffed: Path, book: StoredStaff, terminal: Terminal
) -> None:
    clock = SetClock(MORNING)
    terminal.types(STEWARD[2])
    first = verifier_at(*at_door(staffed), clock, STEWARD[0])
    first.__enter__()
    with pytest.raises(DoorError), verifier_at(*at_door(staffed), clock, None):
        raise DoorError("The desk screen runs already.")
    assert [s.closed for s in book.sessions()] == [None]


def test_before_the_first_guest_a_supervisor_is_told_of_the_clock(
    staffed: Path, terminal: Terminal
) -> None:
    place, station = at_door(staffed)
    clock = SetClock(MORNING)
    nothing_signed = ["no signed list proves the time: compare the clock with another one"]
    assert clock_warnings(place, clock) == nothing_signed
    terminal.types(STEWARD[2])
    with verifier_at(place, station, clock, STEWARD[0]):
        clock.set(MORNING - HOUR)
    told = clock_warnings(place, SetClock(MORNING - 2 * HOUR))
    assert told == ["the last entry of the log is later than the clock", *nothing_signed]
    signed = replace(place, trust=TrustList(newest_at=MORNING))
    (doubt, *_) = clock_warnings(signed, SetClock(MORNING - HOUR))
    assert doubt.startswith(
        "the clock is behind a time that a signed list proves passed. The super"
    )
    assert not (staffed / "clock.json").exists()


def test_after_a_crash_the_session_goes_on_without_a_pin(
    staffed: Path, book: StoredStaff, terminal: Terminal, capsys: Captured
) -> None:
    clock = SetClock(MORNING)
    terminal.types(STEWARD[2])
    crashed = verifier_at(*at_door(staffed), clock, STEWARD[0])
    session = crashed.__enter__().staff
    clock.go(HOUR)
    for name in (STEWARD[0], None):
        again = verifier_at(*at_door(staffed), clock, name)
        assert again.__enter__().staff == session
        assert "opened here at 10:00 goes on" in capsys.readouterr().err
    terminal.types(SUPERVISOR[2])
    with verifier_at(*at_door(staffed), clock, SUPERVISOR[0]) as other:
        assert other.staff != session
    assert [s.ended for s in book.sessions()] == [Ended.HANDED_OVER, Ended.CLOSED]


def test_a_door_that_did_not_open_leaves_no_session_open(
    staffed: Path, book: StoredStaff, terminal: Terminal
) -> None:
    terminal.types(STEWARD[2])
    with (
        pytest.raises(DoorError),
        verifier_at(*at_door(staffed), SetClock(MORNING), STEWARD[0]),
    ):
        raise DoorError("There is no display here.")
    assert [s.ended for s in book.sessions()] == [Ended.CLOSED]


def test_a_wrong_pin_may_be_typed_again_until_one_has_to_wait(
    staffed: Path, terminal: Terminal, capsys: Captured
) -> None:
    clock = SetClock(MORNING)
    terminal.types("1111", "2222", STEWARD[2])
    with verifier_at(*at_door(staffed), clock, STEWARD[0]) as station:
        assert station.staff
    assert capsys.readouterr().err.count("do not belong together") == 2
    terminal.types(*["1111"] * TRIES)
    for told in ("do not belong together", "Wait 15 minutes"):
        with (
            pytest.raises(CommandError, match=told),
            verifier_at(*at_door(staffed), clock, STEWARD[0]),
        ):
            pytest.fail("it opened")


def test_a_self_scan_screen_is_opened_by_a_supervisor(staffed: Path, terminal: Terminal) -> None:
    clock = SetClock(MORNING)
    terminal.types(STEWARD[2])
    with (
        pytest.raises(CommandError, match="for a supervisor"),
        verifier_at(*at_door(staffed, Mode.SELF), clock, STEWARD[0]),
    ):
        pytest.fail("it opened")
    terminal.types(SUPERVISOR[2])
    with verifier_at(*at_door(staffed, Mode.SELF), clock, SUPERVISOR[0]) as station:
        assert station.staff


_DIES = """
import os, signal, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.system.clock import SystemClock
from kiosk.cli.unlocking import guest_sealer
from kiosk.cli.verifiers import sessions_of
from kiosk.core.staff.pin import PinHash

PinHash.matches = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
state = Path(sys.argv[1])
with open_database(state, guest_sealer(state)) as database:
    sessions = sessions_of(database, SystemClock(), ZoneInfo("UTC"))
    sessions.check(sessions.by_name(sys.argv[2]), "1111")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX")
def test_a_program_that_is_killed_in_the_middle_of_a_try_has_made_it(
    staffed: Path, book: StoredStaff
) -> None:
    for _ in range(TRIES):
        command = [sys.executable, "-c", _DIES, str(staffed), STEWARD[0]]
        done = subprocess.run(command, cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
    assert [each.person for each in book.tries()] == [book.members()[1].id] * TRIES
    with open_database(staffed, guest_sealer(staffed)) as database:
        sessions = sessions_of(database, SystemClock(), saint_ouen().time_zone)
        answer = sessions.check(sessions.by_name(STEWARD[0]), STEWARD[2])
    assert answer is not None
    assert answer.why is Why.WAITS


# The clock


def test_the_clock_of_this_pc_is_believed_until_it_is_set(state: Path, capsys: Captured) -> None:
    assert main(["clock", "show", "--state", str(state)]) == 0
    assert "The time is believed" in capsys.readouterr().out
    now = SystemClock().now()
    ClockFile(state).keep(Kept(now + HOUR, lasting_boot_id(), now - HOUR))
    assert main(["clock", "show", "--state", str(state)]) == 1
    told = capsys.readouterr().out
    assert "NOT believed: the clock is behind a time that a signed list proves passed" in told
    (check,) = machine.time(state)
    assert (check.severity, check.remedy[:18]) == (Severity.FAULT, "the supervisor set")
    assert "kiosk clock confirm" in told
    assert main(["clock", "confirm", "--state", str(state)]) == 0
    told = capsys.readouterr().out
    assert "This PC shows" in told
    assert "The time is believed" in told
    (check,) = machine.time(state)
    assert check.severity is Severity.OK


def test_the_doctor_says_nothing_of_the_time_where_no_door_ever_opened(state: Path) -> None:
    assert [*machine.time(state), *machine.time(None)] == []
    assert not state.exists()


def test_where_staff_are_named_a_supervisor_confirms_with_the_pin(
    staffed: Path, book: StoredStaff, terminal: Terminal, capsys: Captured
) -> None:
    confirm = ["clock", "confirm", "--state", str(staffed)]
    assert main(confirm) == 2
    assert "--verifier NAME" in capsys.readouterr().err
    for name, pin, told in (
        (STEWARD[0], STEWARD[2], "for a supervisor"),
        (SUPERVISOR[0], "111111", "do not belong together"),
    ):
        terminal.types(pin)
        assert main([*confirm, "--verifier", name]) == 2
        assert told in capsys.readouterr().err
        assert ClockFile(staffed).read().confirmed_by == ""
    terminal.types(SUPERVISOR[2])
    assert main([*confirm, "--verifier", SUPERVISOR[0]]) == 0
    assert ClockFile(staffed).read().confirmed_by == book.sessions()[-1].id
