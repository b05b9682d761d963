"""Whether a door is ready: each finding on both sides of its limit, and where it is looked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import imported_at, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logtravel import export_logs
from kiosk.adapters.system.keys import put_public_key
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.readiness import Premises, looked_at
from kiosk.cli.main import main
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.revocation.hashes import RevokedHashes
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk import readiness
from kiosk.desk.clockguard import ClockView, Doubt, Remark
from kiosk.desk.ports import CameraFault, CameraTrouble
from kiosk.desk.readiness import ASKED, Finding, Item, State
from kiosk.desk.sessions import new_pin
from kiosk.gui.words import readiness as words
from tests.door import EVENT_FILE, SEALER, trust
from tests.fakes.clock import SetClock
from tests.gui_support import AT, GUESTS, KEY, event, wordings
from tests.houses import FINE

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PARIS = event().time_zone


def state(finding: Finding) -> tuple[State, str]:
    return finding.state, finding.words


def view(doubt: Doubt | None = None, *remarks: Remark) -> ClockView:
    return ClockView(AT, doubt, remarks, None, timedelta())


def test_the_self_test_alone_keeps_a_door_shut() -> None:
    assert readiness.self_test(passed=False).blocks
    assert not readiness.self_test(passed=True).blocks
    others = [readiness.disk(0), readiness.database(sound=False), readiness.guests(0, None, AT)]
    assert not any(finding.blocks for finding in others)


def test_a_doubted_clock_fails_and_one_that_nothing_proves_is_a_note() -> None:
    assert readiness.clock(view()).state is State.OK
    assert readiness.clock(view(None, Remark.NOTHING_SIGNED)).state is State.WARN
    assert readiness.clock(view(Doubt.SET)).state is State.FAIL


@pytest.mark.parametrize(
    ("free", "found"),
    [
        (10**9, State.OK),
        (10**9 - 1, State.WARN),
        (200 * 10**6, State.WARN),
        (200 * 10**6 - 1, State.FAIL),
        (None, State.FAIL),
    ],
)
def test_the_room_on_the_disk_is_told_before_it_is_gone(free: int | None, found: State) -> None:
    assert readiness.disk(free).state is found


def test_a_guest_list_is_old_after_two_days_and_an_empty_one_fails() -> None:
    assert readiness.guests(3, AT - 2 * DAY, AT).state is State.OK
    assert readiness.guests(3, AT - 2 * DAY - SECOND, AT).state is State.WARN
    assert state(readiness.guests(3, None, AT)) == (State.OK, "undated")
    assert readiness.guests(0, AT, AT).state is State.FAIL


def test_a_trust_list_is_held_to_the_event_s_limits() -> None:
    listed, limits = trust(), event()
    fresh = replace(listed, issued_at=AT - limits.list_banner_after, expires_at=None)
    assert readiness.trust_list(fresh, limits, AT).state is State.OK
    assert readiness.trust_list(fresh, limits, AT + SECOND).state is State.WARN
    ended = replace(fresh, expires_at=AT)
    assert readiness.trust_list(ended, limits, AT + SECOND).state is State.FAIL
    assert state(readiness.trust_list(TrustList(), limits, AT)) == (State.FAIL, "none")
    undated = replace(listed, issued_at=None, expires_at=None)
    assert state(readiness.trust_list(undated, limits, AT)) == (State.WARN, "undated")


def test_a_revocation_list_past_its_end_is_told_and_a_door_may_do_without() -> None:
    listed = RevocationList(1, AT - DAY, AT, ("test",), RevokedHashes.of({}))
    assert readiness.revocations(listed, AT).state is State.OK
    assert readiness.revocations(listed, AT + SECOND).state is State.WARN
    assert state(readiness.revocations(None, AT)) == (State.WARN, "none")


def test_staff_who_have_no_pin_are_counted_and_who_was_withdrawn_is_not() -> None:
    anna = Member("1", "Anna", Role.STEWARD, AT, "O", new_pin("4826"))
    newcomer = Member("2", "New", Role.STEWARD, AT, "O")
    gone = replace(newcomer, withdrawn_at=AT)
    assert readiness.staff([anna, gone]).state is State.OK
    found = readiness.staff([anna, newcomer])
    assert (found.state, found.values["missing"], found.values["count"]) == (State.WARN, 1, 2)
    assert state(readiness.staff([gone])) == (State.WARN, "none")


def test_a_printer_that_was_chosen_has_to_be_there() -> None:
    assert readiness.printer(["A", "B"], "B").values["name"] == "B"
    assert readiness.printer(["A"], "").state is State.OK
    assert state(readiness.printer(["A"], "B")) == (State.WARN, "gone")
    assert state(readiness.printer([], "")) == (State.WARN, "none")


def test_a_camera_is_asked_for_a_code_until_it_has_read_one_a_moment_ago() -> None:
    assert readiness.camera(None, None, AT).state is State.ASK
    assert readiness.camera(None, AT, AT + 2 * 60 * SECOND).state is State.OK
    assert readiness.camera(None, AT, AT + 2 * 60 * SECOND + SECOND).state is State.ASK
    dead = CameraTrouble(CameraFault.NOT_CONNECTED, "Webcam")
    assert readiness.camera(dead, AT, AT).state is State.FAIL


def test_sound_is_what_somebody_heard() -> None:
    assert readiness.sound("Speaker", None, on=True).state is State.ASK
    assert readiness.sound(None, None, on=True).state is State.ASK
    assert readiness.sound("Speaker", True, on=True).state is State.OK
    assert readiness.sound("Speaker", False, on=True).state is State.FAIL
    assert state(readiness.sound("", None, on=True)) == (State.WARN, "none")
    assert state(readiness.sound("Speaker", True, on=False)) == (State.WARN, "off")


# In words


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_open_has_a_remedy_and_what_is_well_needs_none(language: str) -> None:
    say = wordings()[language]
    for finding in FINE.values():
        told = words.told(finding, say, PARIS)
        assert told.line
        assert told.remedy == ""
    for item in Item:
        assert words.told(readiness.trouble(item), say, PARIS).remedy


def test_a_summary_counts_what_is_open() -> None:
    say = wordings()["en"]
    asked = [
        readiness.camera(None, AT, AT),
        readiness.sound("Speaker", True, on=True),
        readiness.paper(True),
    ]
    well = [*FINE.values(), *asked]
    assert words.summary(well, say) == "All is ready."
    assert words.summary(well[1:], say) == "Looking …"
    assert words.summary([*well[:-1], readiness.paper(None)], say).startswith("One point is open")
    assert words.summary([readiness.self_test(passed=False)], say).startswith("This PC does not")


# Over a real state folder


@pytest.fixture
def folder(tmp_path: Path, qapp: object) -> Path:
    del qapp
    with open_database(tmp_path, SEALER) as database:
        replace_guests(database, list(GUESTS), AT - 3 * DAY)
    put_public_key(tmp_path, KEY.public_key())
    return tmp_path


def found_in(folder: Path, listed: TrustList | None = None) -> dict[Item, Finding]:
    place = Installation(folder, listed or trust(), sealer=SEALER)
    checks = Premises(place, event(), SetClock(AT)).checks()
    return {item: looked_at(item, check) for item, check in checks.items()}


def test_a_state_folder_is_looked_through_item_by_item(folder: Path) -> None:
    found = found_in(folder)
    assert set(found) == set(Item) - ASKED
    assert found[Item.SELF_TEST].state is State.OK
    assert found[Item.DATABASE].state is State.OK
    assert state(found[Item.GUESTS]) == (State.WARN, "warn")
    assert found[Item.GUESTS].values["count"] == len(GUESTS)
    assert state(found[Item.STAFF]) == (State.WARN, "none")
    assert found[Item.EXPORT].state is State.OK


def test_entries_are_open_until_the_log_was_exported(folder: Path) -> None:
    with open_database(folder, SEALER) as database:
        journal = SqliteJournal(database, event().id, SetClock(AT), "boot-1")
        draft = EntryDraft(EntryAct.IN, "g1", "policy-day-1", "north", EntryBasis.SCANNED, "s")
        journal.append((draft,), AT)
    assert found_in(folder)[Item.EXPORT].values == {"count": 1}
    with open_database(folder, SEALER) as database:
        export_logs(database, AT)
    assert found_in(folder)[Item.EXPORT].state is State.OK


def test_a_damaged_database_is_told_and_the_others_are_still_looked_at(folder: Path) -> None:
    file = folder / "kiosk.sqlite3"
    file.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8192)
    found = found_in(folder)
    assert found[Item.DATABASE].state is State.FAIL
    assert state(found[Item.GUESTS]) == (State.FAIL, "trouble")
    assert found[Item.SELF_TEST].state is State.OK


def test_an_import_says_when_and_an_undated_one_says_nothing(folder: Path) -> None:
    with open_database(folder, SEALER) as database:
        assert imported_at(database) == AT - 3 * DAY
        replace_guests(database, list(GUESTS))
        assert imported_at(database) is None


@pytest.mark.usefixtures("qapp")
def test_the_command_tells_each_thing_with_its_remedy_and_says_by_its_status_that_some_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["ready", "--event", str(EVENT_FILE), "--state", str(tmp_path)])
    told = capsys.readouterr().out
    assert status == 1
    assert "ok     Verification: a genuine certificate passes, a forged one does not" in told
    assert "FAULT  Trust list: there is none\n       -> Install one: kiosk trust import." in told
