"""What a supervisor changes at a door, over the real database: restarts, and a new list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kiosk.adapters.storage.database import OpenDatabase, open_database
from kiosk.adapters.storage.guests import StoredGuests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.core.causes import Cause
from kiosk.core.guests.reserve import Reserve, ReserveBadge
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.registering import NewGuest
from tests.door import (
    MORNING,
    POLICY_1,
    SEALER,
    SUPERVISOR,
    badge,
    badge_key,
    certificate,
    guest,
    let_in,
    policy,
    saint_ouen,
    show,
    trust,
)
from tests.fakes.clock import SetClock

ADA, BEA = (guest(name, "Petit", partnership="Green") for name in ("Ada", "Bea"))
DAY_1 = frozenset({POLICY_1})
BLANK = ReserveBadge(b"reserve1", "Desk 1", "R1-001")
EVA = NewGuest("Canary", "Eva", "Green cluster", DAY_1, partnership="Green", badge=BLANK.badge)
MINUTE = timedelta(minutes=1)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[EntryDesk, OpenDatabase]]:
    """A desk over the database in `folder`, as a door has it."""
    with open_database(folder, SEALER) as database:
        if not database.connection.execute("SELECT count(*) FROM guests").fetchone()[0]:
            replace_guests(database, [ADA, BEA])
        event, kiosk = saint_ouen(), database.meta("kiosk")
        station = Station(event, policy(), event.doors[0], Mode.DESK, "operator-1", kiosk)
        journal = SqliteJournal(database, event.id, SetClock(MORNING), "boot-1")
        yield (
            EntryDesk(
                station,
                Verifier(trust()),
                StoredGuests(database),
                badge_key().public_key(),
                journal,
                reserve=Reserve([BLANK]),
            ),
            database,
        )


def test_a_walk_in_is_there_after_a_restart_and_comes_back_by_the_blank_badge(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as (station, _):
        outcome = station.registering.register(EVA, Cause.WALK_IN, SUPERVISOR, MORNING)
        assert isinstance(outcome, Done)
        (eva,) = outcome.guests
        let_in(station, eva)
    with opened(tmp_path) as (station, _):
        again = show(station, badge(eva), at=MORNING + MINUTE)
        assert (again.shown, again.guest) == (Shown.ADMIT, eva)


def test_a_passed_seat_outlives_a_restart_and_a_new_list(tmp_path: Path) -> None:
    with opened(tmp_path) as (station, _):
        new = replace(EVA, badge=b"")
        done = station.registering.substitute(ADA.id, new, DAY_1, SUPERVISOR, MORNING)
        assert isinstance(done, Done)
    with opened(tmp_path) as (station, database):
        replace_guests(database, [ADA, BEA, guest("Dan", "Roux")])
        answer = show(station, certificate(ADA), badge(ADA))
        assert answer.reasons == (Reason.SEAT_PASSED_ON,)
        assert answer.seat_passed is not None
        assert answer.seat_passed.to is not None
        assert (answer.seat_passed.to.name, answer.seat_passed.at) == ("Eva Canary", MORNING)
        assert [who.name for who in station.search("roux")] == ["Dan Roux"]


def test_a_change_that_is_taken_back_is_taken_back_after_a_restart_too(tmp_path: Path) -> None:
    with opened(tmp_path) as (station, _):
        cause = Cause.BADGE_HANDED_OUT
        station.registering.give_badge(ADA.id, BLANK.badge, cause, SUPERVISOR, MORNING)
        assert isinstance(station.undo(MORNING + MINUTE), Done)
        assert station.guests.by_id(ADA.id) == ADA
    with opened(tmp_path) as (station, _):
        assert station.guests.by_id(ADA.id) == ADA
        assert show(station, certificate(ADA), badge(ADA)).shown is Shown.READY


def test_no_name_of_who_was_added_lies_open_on_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as (station, _):
        station.registering.register(EVA, Cause.WALK_IN, SUPERVISOR, MORNING)
        files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert any(b"walk-in" in content for content in files), "the note is there"
    assert not any(b"Canary" in content or b"CANARY" in content for content in files)


def test_two_screens_over_one_log_give_a_seat_away_once(tmp_path: Path) -> None:
    with opened(tmp_path) as (one, _), opened(tmp_path) as (other, _):
        first = one.registering.substitute(ADA.id, EVA, DAY_1, SUPERVISOR, MORNING)
        assert isinstance(first, Done)
        rival = replace(EVA, family="Rival", badge=b"")
        second = other.registering.substitute(ADA.id, rival, DAY_1, SUPERVISOR, MORNING)
        assert isinstance(second, NotDone)
        assert second.reason is Reason.SEAT_NOT_HELD
