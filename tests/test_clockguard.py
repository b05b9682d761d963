"""The clock: on a time that may be wrong no answer is automatic, and what settles that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.adapters.system.clock import SystemClock, lasting_boot_id
from kiosk.adapters.system.clockfile import FILE, MAX_FILE, ClockFile
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.policy.event import Event
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Role
from kiosk.desk.admission import Shown
from kiosk.desk.clockguard import (
    FIRST_CERTIFICATES,
    ClockGuard,
    ClockNote,
    Doubt,
    Kept,
    Remark,
    SignedFloor,
    read_together,
)
from kiosk.desk.findings import Mode
from kiosk.desk.ports import Authority
from tests.door import (
    ALL_SEEN,
    ISSUED,
    MORNING,
    SECOND,
    badge,
    certificate,
    desk,
    event_with,
    guest,
    saint_ouen,
    show,
)
from tests.fakes.clock import Memory, SetClock
from tests.fakes.journal import MemoryJournal

LISTED = MORNING - timedelta(days=2)  # when the newest signed list was issued
MINUTE = timedelta(minutes=1)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SUPERVISOR = Authority("session-1", Role.SUPERVISOR)
STEWARD = Authority("session-2", Role.STEWARD)


@dataclass
class Door:
    """A kiosk whose clock is set and whose program is started as a row of the table says."""

    clock: SetClock
    memory: Memory
    signed: datetime | None = LISTED
    boot: str = "boot-1"
    last_entry: datetime | None = None

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """The program starts."""
        self.guard = ClockGuard(
            self.clock,
            self.memory,
            self.boot,
            signed=self.signed,
            last_entry=self.last_entry,
        )

    def by(self, step: timedelta) -> None:
        """Somebody sets the clock."""
        self.clock.set(self.clock.now() + step)

    def reboot(self, off: timedelta, shows: datetime | None = None, boot: str = "boot-2") -> None:
        self.clock.reboot(off, shows)
        self.boot = boot if self.boot else ""
        self.open()

    def confirm(self, by: Authority | None = SUPERVISOR) -> bool:
        return self.guard.confirm(by)

    def doubt(self) -> Doubt | None:
        return self.guard.view().doubt


def door(
    now: datetime = MORNING,
    signed: datetime | None = LISTED,
    boot: str = "boot-1",
    last_entry: datetime | None = None,
) -> Door:
    return Door(SetClock(now), Memory(), signed, boot, last_entry)


Happens = Callable[["Door"], object]


def nothing(_: Door) -> None:
    """A clock that nobody touches."""


def step(by: timedelta) -> Happens:
    return lambda d: d.by(by)


def each(*steps: Happens) -> Happens:
    def happens(d: Door) -> None:
        for one in steps:
            one(d)
            d.guard.view()  # somebody scans

    return happens


def in_turn(*steps: Happens) -> Happens:
    """The same while nobody scans."""

    def happens(d: Door) -> None:
        for one in steps:
            one(d)

    return happens


def restart(d: Door) -> None:
    d.open()


def as_made(d: Door) -> None:
    """A reboot with a dead battery, after which many PCs show the day of their BIOS."""
    d.reboot(MINUTE, datetime(2021, 8, 1, tzinfo=UTC))


# Row: what happens, from a door that opened at MORNING, and whether its time is believed then.
TABLE: dict[str, tuple[Happens, Doubt | None]] = {
    "nothing happens": (nothing, None),
    "a day passes": (lambda d: d.clock.go(DAY), None),
    "+1 s": (step(SECOND), None),
    "-1 s": (step(-SECOND), None),
    "+30 s": (step(30 * SECOND), None),
    "-31 s": (step(-31 * SECOND), None),
    "+2 min": (step(2 * MINUTE), None),
    "-2 min": (step(-2 * MINUTE), None),
    "+15 min": (step(15 * MINUTE), None),
    "+15 min 1 s": (step(15 * MINUTE + SECOND), Doubt.SET),
    "-15 min": (step(-15 * MINUTE), None),
    "-15 min 1 s": (step(-15 * MINUTE - SECOND), Doubt.SET),
    "+1 h": (step(HOUR), Doubt.SET),
    "-1 h": (step(-HOUR), Doubt.SET),
    "+1 day": (step(DAY), Doubt.SET),
    "-1 day": (step(-DAY), Doubt.SET),
    "-2 days and 2 min, to the floor": (step(-2 * DAY - 2 * MINUTE), Doubt.SET),
    "-2 days and 2 min 1 s": (step(-2 * DAY - 2 * MINUTE - SECOND), Doubt.BEHIND_SIGNED),
    "+1 year": (step(YEAR), Doubt.SET),
    "-1 year": (step(-YEAR), Doubt.IMPOSSIBLE),
    "+10 years": (step(10 * YEAR), Doubt.SET),
    "-10 years": (step(-10 * YEAR), Doubt.IMPOSSIBLE),
    "-1 h and set right again": (each(step(-HOUR), step(HOUR)), None),
    "-14 min twice": (each(step(-14 * MINUTE), step(-14 * MINUTE)), Doubt.SET),
    "+29 s forty times": (each(*[step(29 * SECOND)] * 40), Doubt.SET),
    "-1 h, confirmed": (each(step(-HOUR), Door.confirm), None),
    "+1 h, confirmed": (each(step(HOUR), Door.confirm), None),
    "-1 h, confirmed by a steward": (
        each(step(-HOUR), lambda d: d.confirm(STEWARD)),
        Doubt.SET,
    ),
    "-1 h, confirmed, then -1 h again": (
        each(step(-HOUR), Door.confirm, step(-HOUR)),
        Doubt.SET,
    ),
    "-10 years, confirmed all the same": (each(step(-10 * YEAR), Door.confirm), Doubt.IMPOSSIBLE),
    "-4 days, confirmed all the same": (each(step(-4 * DAY), Door.confirm), Doubt.BEHIND_SIGNED),
    "-1 h, restart of the program": (each(step(-HOUR), restart), Doubt.SET),
    "-1 h while the program is closed": (in_turn(step(-HOUR), restart), Doubt.SET),
    "-1 h, confirmed, restart of the program": (each(step(-HOUR), Door.confirm, restart), None),
    "+1 h, a list signed just now": (
        each(step(HOUR), lambda d: d.guard.prove(d.clock.now() - MINUTE)),
        None,
    ),
    "+1 h, a list signed this morning": (
        each(step(HOUR), lambda d: d.guard.prove(MORNING)),
        Doubt.SET,
    ),
    "-1 h, a list signed at the true time": (
        each(step(-HOUR), lambda d: d.guard.prove(MORNING)),
        Doubt.BEHIND_SIGNED,
    ),
    "reboot": (lambda d: d.reboot(MINUTE), None),
    "reboot after a night": (lambda d: d.reboot(12 * HOUR), None),
    "reboot with a dead clock, 1970": (
        lambda d: d.reboot(MINUTE, datetime(1970, 1, 1, tzinfo=UTC)),
        Doubt.IMPOSSIBLE,
    ),
    "reboot with a dead clock, 2000": (
        lambda d: d.reboot(MINUTE, datetime(2000, 1, 1, tzinfo=UTC)),
        Doubt.IMPOSSIBLE,
    ),
    "reboot with the clock of the day the PC was made": (
        as_made,
        Doubt.BEHIND_SIGNED,
    ),
    "the same, then set right over the network": (
        in_turn(as_made, lambda d: d.clock.set(MORNING)),
        Doubt.SET,
    ),
    "the same, confirmed": (
        in_turn(as_made, lambda d: d.clock.set(MORNING), Door.confirm),
        None,
    ),
    "a confirmation does not outlive a reboot with a wrong clock": (
        in_turn(Door.confirm, lambda d: d.reboot(MINUTE, LISTED - HOUR)),
        Doubt.BEHIND_SIGNED,
    ),
    "corrected by 20 s over the network after the start": (step(20 * SECOND), None),
    "asleep for 8 h": (lambda d: d.clock.go(8 * HOUR), None),
    "asleep for 8 h where the other clock sleeps too": (
        lambda d: d.clock.sleep(8 * HOUR),
        Doubt.SET,
    ),
    "the hub's clock is 2 min ahead": (lambda d: d.guard.tell_hub(2 * MINUTE), None),
    "the hub's clock is 15 min behind": (lambda d: d.guard.tell_hub(-15 * MINUTE), None),
    "the hub's clock is 15 min 1 s ahead": (
        lambda d: d.guard.tell_hub(15 * MINUTE + SECOND),
        Doubt.HUB_DIFFERS,
    ),
    "the hub's clock is right again": (
        each(lambda d: d.guard.tell_hub(HOUR), lambda d: d.guard.tell_hub(timedelta())),
        None,
    ),
    "the hub is gone": (
        each(lambda d: d.guard.tell_hub(HOUR), lambda d: d.guard.tell_hub(None)),
        None,
    ),
}


def test_the_table_has_thirty_rows_and_more() -> None:
    assert len(TABLE) >= 30


@pytest.mark.parametrize("row", TABLE)
def test_what_happens_to_the_clock_is_believed_or_not(row: str) -> None:
    happens, doubt = TABLE[row]
    at = door()
    happens(at)
    assert at.doubt() is doubt
    assert at.doubt() is doubt  # looking twice changes nothing


def test_summer_time_ends_and_nothing_happens() -> None:
    before = datetime(2021, 10, 31, 0, 59, tzinfo=UTC)
    at = door(before, before - DAY)
    at.clock.go(2 * HOUR)
    assert (at.doubt(), at.guard.notes()) == (None, ())


# Without a witness, and with one of the future


def test_without_any_signed_time_the_clock_is_believed_and_the_supervisor_told() -> None:
    at = door(signed=None)
    assert at.guard.view().remarks == (Remark.NOTHING_SIGNED,)
    assert at.doubt() is None
    assert at.confirm(None)
    assert at.guard.view().remarks == ()


@pytest.mark.parametrize(
    ("now", "doubt"),
    [
        (FIRST_CERTIFICATES, None),
        (FIRST_CERTIFICATES - SECOND, Doubt.IMPOSSIBLE),
        (datetime(1970, 1, 1, tzinfo=UTC), Doubt.IMPOSSIBLE),
    ],
)
def test_at_the_very_first_start_a_time_before_all_certificates_is_not_believed(
    now: datetime, doubt: Doubt | None
) -> None:
    assert door(now, signed=None).doubt() is doubt


def test_a_list_dated_a_day_ahead_stops_answers_until_the_time_was_confirmed() -> None:
    at = door(signed=MORNING + DAY)
    assert at.doubt() is Doubt.BEHIND_SIGNED
    assert at.confirm()
    assert at.doubt() is None
    assert at.memory.kept.floor == MORNING + DAY


def test_a_list_dated_years_ahead_poisons_nothing_beyond_its_own_stay() -> None:
    at = door(signed=MORNING + 10 * YEAR)
    assert at.doubt() is Doubt.BEHIND_SIGNED
    assert not at.confirm()
    at.signed = LISTED  # the list was removed
    at.open()
    assert (at.doubt(), at.memory.kept.floor) == (None, LISTED)


def test_a_clock_that_was_years_ahead_leaves_no_floor_behind() -> None:
    at = door(MORNING + 10 * YEAR)
    assert at.memory.kept.floor == LISTED
    at.clock.set(MORNING)
    assert at.confirm()
    assert at.doubt() is None


def test_the_floor_outlives_the_list_that_proved_it() -> None:
    at = door()
    at.signed = None
    at.reboot(MINUTE, LISTED - HOUR)
    assert at.doubt() is Doubt.BEHIND_SIGNED


def test_a_signed_time_raises_the_floor_and_an_older_one_does_not_lower_it() -> None:
    at = door()
    at.guard.prove(MORNING - HOUR)
    at.guard.prove(LISTED - DAY)
    assert at.memory.kept.floor == MORNING - HOUR
    at.reboot(MINUTE, MORNING - 2 * HOUR)
    assert at.doubt() is Doubt.BEHIND_SIGNED


def test_a_last_entry_later_than_the_clock_is_told_and_stops_nothing() -> None:
    at = door(last_entry=MORNING + HOUR)
    assert at.guard.view().remarks == (Remark.ENTRY_AHEAD,)
    assert at.doubt() is None
    assert door(last_entry=MORNING + MINUTE).guard.view().remarks == ()


@pytest.mark.parametrize(
    ("offset", "remarks"),
    [
        (2 * MINUTE, ()),
        (2 * MINUTE + SECOND, (Remark.HUB_DIFFERS,)),
        (-15 * MINUTE, (Remark.HUB_DIFFERS,)),
        (-16 * MINUTE, ()),  # by then it is a doubt
    ],
)
def test_two_minutes_beside_the_hub_are_told(
    offset: timedelta, remarks: tuple[Remark, ...]
) -> None:
    at = door()
    at.guard.tell_hub(offset)
    assert at.guard.view().remarks == remarks


def test_a_scan_that_was_taken_at_a_wrong_time_is_not_believed_afterwards_either() -> None:
    at = door()
    assert at.guard.view(LISTED - HOUR).doubt is Doubt.BEHIND_SIGNED
    assert at.guard.view(MORNING - SECOND).doubt is None


# What the log is told


def test_a_step_of_more_than_thirty_seconds_is_noted_once_with_direction_and_size() -> None:
    at = door()
    at.by(-30 * SECOND)
    at.guard.view()
    assert at.guard.notes() == ()
    at.by(-SECOND)
    at.guard.view()
    at.guard.view()
    at.by(2 * HOUR)
    at.guard.view()
    notes = [(n.cause, n.refers) for n in at.guard.notes()]
    assert notes == [(Cause.CLOCK_STEPPED, "-31"), (Cause.CLOCK_STEPPED, "+7200")]
    at.guard.noted()
    assert at.guard.notes() == ()


def test_a_confirmation_is_noted_with_the_session_of_who_gave_it() -> None:
    at = door()
    assert at.confirm()
    assert at.guard.notes() == (ClockNote(Cause.CLOCK_CONFIRMED, staff="session-1"),)
    at.open()  # before it could be written
    assert at.guard.notes() == (ClockNote(Cause.CLOCK_CONFIRMED, staff="session-1"),)
    at.guard.noted()
    at.open()
    assert at.guard.notes() == ()


def test_a_steward_s_confirmation_leaves_no_trace() -> None:
    at = door()
    before = at.memory.kept
    assert not at.confirm(STEWARD)
    assert (at.memory.kept, at.guard.notes()) == (before, ())


# Several screens, and other systems


@pytest.mark.parametrize("boot", ["boot-1", ""], ids=["Linux", "Windows"])
def test_what_one_screen_had_confirmed_counts_at_the_other(boot: str) -> None:
    at = door(boot=boot)
    other = ClockGuard(at.clock, at.memory, boot, signed=LISTED)
    at.by(-HOUR)
    assert (at.doubt(), other.view().doubt) == (Doubt.SET, Doubt.SET)
    assert other.confirm(SUPERVISOR)
    assert at.doubt() is None


def test_the_time_before_a_confirmation_is_not_believed_again_at_another_screen() -> None:
    at = door()
    other = ClockGuard(at.clock, at.memory, "boot-1", signed=LISTED)
    at.by(HOUR)
    assert other.confirm(SUPERVISOR)
    at.by(-HOUR)  # before the first screen looked again
    assert (at.doubt(), other.view().doubt) == (Doubt.SET, Doubt.SET)


def test_where_starts_cannot_be_told_apart_another_program_s_start_confirms_nothing() -> None:
    at = door(boot="")
    at.by(-HOUR)
    ClockGuard(at.clock, at.memory, "", signed=LISTED)
    assert at.doubt() is Doubt.SET


def test_nothing_is_written_while_nothing_changes() -> None:
    at = door()
    for _ in range(100):
        at.clock.go(MINUTE)
        at.guard.view()
    at.open()
    assert at.memory.writes == 1


def test_a_machine_that_sleeps_between_the_two_clocks_is_read_again() -> None:
    seconds = iter([10.0, 30_000.0, 30_000.1, 30_000.2])
    times = iter([MORNING, MORNING + 8 * HOUR])
    reading = read_together(lambda: next(times), lambda: next(seconds))
    assert (reading.at, reading.seconds) == (MORNING + 8 * HOUR, 30_000.1)


# The file


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "state")
    assert file.read() == Kept()
    kept = Kept(LISTED, "boot-1", MORNING, "session-1", noted=False)
    file.keep(kept)
    assert ClockFile(tmp_path / "state").read() == kept


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace("kiosk-clock-1", "kiosk-clock-2"),
        lambda text: text.replace('"noted": true', '"noted": 1'),
        lambda text: text.replace("+00:00", ""),
        lambda _: "[]",
        lambda _: " " * (MAX_FILE + 1),
    ],
)
def test_a_damaged_file_is_as_none(tmp_path: Path, damage: Callable[[str], str]) -> None:
    file = ClockFile(tmp_path)
    file.keep(Kept(LISTED, "boot-1", MORNING))
    file.path.write_text(damage(file.path.read_text()))
    assert file.read() == Kept()


def test_the_clock_of_this_machine_is_believed_and_stays_so(tmp_path: Path) -> None:
    clock, boot = SystemClock(), lasting_boot_id()
    for _ in range(2):
        guard = ClockGuard(clock, ClockFile(tmp_path), boot)
        assert guard.view().doubt is None
        assert abs(guard.view().moved) < SECOND
    assert (tmp_path / FILE).exists()
    assert replace(ClockFile(tmp_path).read(), zero=None) == Kept(None, boot)


# At the door


CHLOE, BRUNO = guest("Chloe", "Martin"), guest("Bruno", "Novak")


def open_for_ever() -> Event:
    """An event whose first occasion never closes: nothing but the clock is in the way."""
    first = replace(
        saint_ouen().occasions[0],
        opens=MORNING - 20 * YEAR,
        closes=MORNING + 20 * YEAR,
    )
    return event_with(occasions=(first,))


@pytest.mark.parametrize("row", TABLE)
def test_there_is_no_automatic_answer_on_a_time_that_is_not_believed(row: str) -> None:
    happens, doubt = TABLE[row]
    at = door()
    happens(at)
    journal = MemoryJournal()
    station = desk([CHLOE], event=open_for_ever(), journal=journal, time=at.guard)
    when = at.clock.now()
    answer = show(station, badge(CHLOE), certificate(CHLOE, issued_at=ISSUED), at=when)
    if doubt is None:
        assert (answer.shown, journal.appends) == (Shown.ADMIT, 1)
    else:
        assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.CLOCK_NOT_TRUSTED,))
        assert journal.log == []


def test_neither_a_badge_alone_nor_a_key_of_staff_admits_on_a_time_that_is_not_believed() -> None:
    at, journal = door(), MemoryJournal()
    self_scan = desk([CHLOE], event=open_for_ever(), journal=journal, time=at.guard)
    assert show(self_scan, badge(CHLOE), certificate(CHLOE)).shown is Shown.ADMIT
    staffed = desk([CHLOE, BRUNO], Mode.DESK, event=open_for_ever(), journal=journal, time=at.guard)
    assert show(staffed, badge(BRUNO), certificate(BRUNO)).shown is Shown.READY
    entries = len(journal.log)
    at.by(HOUR)
    now = at.clock.now()
    again = show(self_scan, badge(CHLOE), at=now)
    assert (again.shown, again.reasons) == (Shown.DESK, (Reason.CLOCK_NOT_TRUSTED,))
    at.by(-HOUR + MINUTE)
    assert show(staffed, badge(BRUNO), certificate(BRUNO), at=at.clock.now()).shown is Shown.READY
    at.by(-HOUR)
    confirmed = staffed.confirm(ALL_SEEN, MORNING + MINUTE + SECOND)
    assert confirmed is not None
    assert confirmed.reasons == (Reason.CLOCK_NOT_TRUSTED,)
    assert len(journal.log) == entries


def test_steps_and_confirmations_come_into_the_log_without_a_guest() -> None:
    at, journal = door(), MemoryJournal()
    station = desk([CHLOE], journal=journal, time=at.guard)
    at.by(-HOUR)
    station.tick(at.clock.now())
    assert at.confirm()
    station.tick(at.clock.now())
    station.tick(at.clock.now())
    told = [(r.act, r.cause, r.refers, r.staff, r.guest, r.basis) for r in journal.log]
    assert told == [
        (EntryAct.NOTE, Cause.CLOCK_STEPPED, "-3600", "", "", EntryBasis.KIOSK),
        (EntryAct.NOTE, Cause.CLOCK_CONFIRMED, "", "session-1", "", EntryBasis.SUPERVISOR),
    ]


@pytest.mark.parametrize("trouble", ["full", "unreadable"])
def test_what_cannot_be_logged_now_is_logged_later(trouble: str) -> None:
    at, journal = door(), MemoryJournal()
    station = desk([CHLOE], journal=journal, time=at.guard)
    at.by(-HOUR)
    setattr(journal, trouble, True)
    assert station.tick(at.clock.now()) is None
    assert journal.log == []
    setattr(journal, trouble, False)
    station.tick(at.clock.now())
    assert [r.cause for r in journal.log] == [Cause.CLOCK_STEPPED]


def test_a_memory_that_cannot_be_written_repeats_no_note_while_the_program_runs() -> None:
    at, journal = door(), MemoryJournal()
    station = desk([CHLOE], journal=journal, time=at.guard)
    assert at.confirm()
    at.memory.full = True
    for _ in range(3):
        station.tick(MORNING)
        show(station, badge(CHLOE), at=MORNING)
    assert [r.cause for r in journal.log] == [Cause.CLOCK_CONFIRMED]


def test_a_clock_that_is_not_this_pc_s_is_held_against_signed_times_alone() -> None:
    floor = SignedFloor(LISTED)
    assert floor.believes(LISTED - 2 * MINUTE)
    assert not floor.believes(LISTED - 2 * MINUTE - SECOND)
    assert SignedFloor(None).believes(datetime(1970, 1, 1, tzinfo=UTC))
    floor.noted()
    assert floor.notes() == ()
