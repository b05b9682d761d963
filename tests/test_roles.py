"""Roles, PINs, the throttle of tries, badges of staff, and the register of verifiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.guests.badge import ID_LENGTH, BadgeProblem, make_badge, open_badge
from kiosk.core.staff.badge import has_staff_badge_form, make_staff_badge, open_staff_badge
from kiosk.core.staff.pin import PinFault, fault_of, hash_pin, read_hash
from kiosk.core.staff.register import Ended, Member, Session, lines, overdue
from kiosk.core.staff.roles import TABLE, Action, Role, may
from kiosk.core.staff.tries import (
    TRIES,
    TRIES_OF_ALL,
    WINDOW,
    Moment,
    Try,
    counting,
    in_words,
    left,
    wait,
)
from kiosk.desk.ports import Authority

PARIS = ZoneInfo("Europe/Paris")
NINE = datetime(2021, 11, 22, 8, 0, tzinfo=UTC)  # in Saint-Ouen
KEY = Ed25519PrivateKey.generate()
ANNA = Member("00112233445566aa", "Anna Example", Role.STEWARD, NINE, "The organiser")
SALT = bytes(range(16))

# Roles

OF_BOTH = {
    Action.OPEN_DESK,
    Action.CONFIRM,
    Action.OFFICIAL_READER,
    Action.LET_OUT,
    Action.REPLACE_BADGE,
    Action.SEND_AWAY,
    Action.UNDO_OWN,
    Action.CLOSE_SESSION,
}


@pytest.mark.parametrize("action", Action)
def test_a_supervisor_may_do_everything_and_a_steward_what_a_door_needs(action: Action) -> None:
    assert may(Role.SUPERVISOR, action)
    assert may(Role.STEWARD, action) is (action in OF_BOTH)
    assert Authority("session-1", Role.STEWARD).may(action) is (action in OF_BOTH)


def test_the_table_of_roles_names_every_action() -> None:
    assert set(TABLE) == set(Action)


def test_what_the_table_does_not_name_is_allowed_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE, Action.OVERRIDE)
    assert not may(Role.SUPERVISOR, Action.OVERRIDE)


# PINs


@pytest.mark.parametrize(
    ("pin", "role", "fault"),
    [
        ("738", Role.STEWARD, PinFault.TOO_SHORT_STEWARD),
        ("7382", Role.STEWARD, None),
        ("73829", Role.SUPERVISOR, PinFault.TOO_SHORT_SUPERVISOR),
        ("738291", Role.SUPERVISOR, None),
        ("738291405162", Role.SUPERVISOR, None),
        ("7382914051627", Role.SUPERVISOR, PinFault.TOO_LONG),
        ("", Role.STEWARD, PinFault.NOT_DIGITS),
        ("73a2", Role.STEWARD, PinFault.NOT_DIGITS),
        ("٧٣٨٢", Role.STEWARD, PinFault.NOT_DIGITS),
    ],
)
def test_a_pin_is_of_so_many_digits(pin: str, role: Role, fault: PinFault | None) -> None:
    assert fault_of(pin, role) is fault


@pytest.mark.parametrize(
    "pin",
    [
        "000000",
        "123456",
        "654321",
        "901234",
        "987654",
        "121212",
        "738738",
        "738837",
        "277277",
        "112211",
        "147258",
        "159753",
    ],
)
def test_an_obvious_pin_is_refused(pin: str) -> None:
    assert fault_of(pin, Role.SUPERVISOR) is PinFault.OBVIOUS


@pytest.mark.parametrize("pin", ["1984", "2021", "2580", "1122", "4321", "0000"])
def test_a_steward_s_pin_is_no_year_and_no_column_of_the_keypad(pin: str) -> None:
    assert fault_of(pin, Role.STEWARD) is PinFault.OBVIOUS


def test_a_pin_is_kept_as_a_slow_hash_that_only_it_matches() -> None:
    kept = hash_pin("738291", SALT)
    assert (kept.n, kept.r, kept.p) == (32768, 8, 1)
    assert kept.matches("738291")
    assert not kept.matches("738292")
    assert hash_pin("738291", SALT[::-1]).digest != kept.digest
    again = read_hash(kept.text())
    assert again == kept
    assert "738291" not in kept.text() + repr(kept)


def test_a_salt_that_is_too_short_is_a_bug() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        hash_pin("738291", b"salt")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "scrypt$32768$8$1",
        f"bcrypt$32768$8$1${'00' * 16}${'00' * 32}",
        f"scrypt$1073741824$8$1${'00' * 16}${'00' * 32}",
        f"scrypt$1$8$1${'00' * 16}${'00' * 32}",
        f"scrypt$32768$800$1${'00' * 16}${'00' * 32}",
        f"scrypt$32768$8$0${'00' * 16}${'00' * 32}",
        f"scrypt$32768$8$1$00${'00' * 32}",
        f"scrypt$32768$8$1${'00' * 16}$00",
        f"scrypt$x$8$1${'00' * 16}${'00' * 32}",
    ],
)
def test_a_hash_of_another_kind_or_without_measure_is_not_computed(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # Python's own messages among them
        read_hash(line)


# The throttle


def tried(*seconds: float, person: str = "anna", boot: str = "boot-1") -> list[Try]:
    return [Try(person, Moment(boot, each)) for each in seconds]


def test_four_wrong_pins_make_nobody_wait_and_the_fifth_a_quarter_of_an_hour() -> None:
    now = Moment("boot-1", 1_005)
    assert wait(tried(1_000, 1_001, 1_002, 1_003), "anna", now) == 0
    assert wait(tried(1_000, 1_001, 1_002, 1_003, 1_004), "anna", now) == WINDOW - 5


def test_how_many_wrong_pins_are_left_is_told_by_the_narrower_limit() -> None:
    now = Moment("boot-1", 1_020)
    assert left((), "anna", now) == TRIES
    assert left(tried(1_000, 1_001, person="bruno"), "anna", now) == TRIES
    assert left(tried(1_000, 1_001, 1_002, 1_003), "anna", now) == 1
    assert left(tried(*range(1_000, 1_006)), "anna", now) == 0
    assert left(tried(1_000 - WINDOW, 1_001), "anna", now) == TRIES - 1
    others = [Try(f"person-{n}", Moment("boot-1", 1_000 + n)) for n in range(TRIES_OF_ALL - 2)]
    assert left(others, "anna", now) == 2


def test_a_try_counts_for_a_quarter_of_an_hour_and_no_second_longer() -> None:
    five = tried(1_000, 1_001, 1_002, 1_003, 1_004)
    assert wait(five, "anna", Moment("boot-1", 1_000 + WINDOW - 1)) == 1
    assert wait(five, "anna", Moment("boot-1", 1_000 + WINDOW)) == 0
    assert len(counting(five, Moment("boot-1", 1_000 + WINDOW))) == 4


def test_one_person_s_tries_keep_nobody_else_waiting() -> None:
    assert wait(tried(1, 2, 3, 4, 5), "bruno", Moment("boot-1", 6)) == 0


def test_a_kiosk_at_which_everybody_fails_waits_for_everybody() -> None:
    tries = [Try(f"person-{n}", Moment("boot-1", n)) for n in range(TRIES_OF_ALL)]
    assert wait(tries[:-1], "anna", Moment("boot-1", 20)) == 0
    assert wait(tries, "anna", Moment("boot-1", 20)) == WINDOW - 20


def test_a_restart_of_the_system_neither_opens_a_lock_nor_lengthens_it() -> None:
    five = tried(50_000, 50_001, 50_002, 50_003, 50_004)
    for boot in ("boot-2", ""):
        assert wait(five, "anna", Moment(boot, 30)) == WINDOW - 30
    assert wait(five, "anna", Moment("boot-2", WINDOW)) == 0
    # With more seconds than then, only the id of the start tells that it is another one.
    assert wait(five, "anna", Moment("boot-2", 50_005)) == 0
    assert wait(five, "anna", Moment("", 50_005)) == WINDOW - 5


@pytest.mark.parametrize("boot", ["boot-1", ""])
def test_a_try_that_another_overtook_counts_all_the_same(boot: str) -> None:
    five = tried(*[50_000.25] * TRIES, boot=boot)
    assert wait(five, "anna", Moment(boot, 50_000)) == WINDOW
    assert wait(five, "anna", Moment("", 49_000)) == 0  # they were before the system started


@given(
    st.lists(st.floats(0, 1e6), max_size=40),
    st.floats(0, 1e6),
    st.sampled_from(["boot-1", "boot-2", ""]),
)
def test_a_wait_is_never_longer_than_a_quarter_of_an_hour(
    seconds: list[float], now: float, boot: str
) -> None:
    assert 0 <= wait(tried(*seconds), "anna", Moment(boot, now)) <= WINDOW


@given(st.lists(st.floats(0, 5_000), min_size=TRIES), st.floats(0, 6_000))
def test_after_five_tries_within_a_quarter_of_an_hour_there_is_always_a_wait(
    seconds: list[float], later: float
) -> None:
    now = Moment("boot-1", max(seconds) + later)
    recent = [s for s in seconds if now.seconds - s < WINDOW]
    assert (wait(tried(*seconds), "anna", now) > 0) is (len(recent) >= TRIES)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (895.5, "15 minutes"),
    ],
)
def test_a_wait_is_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


# Badges of staff


def test_a_staff_badge_names_its_bearer_to_who_has_the_key() -> None:
    text = make_staff_badge(ANNA.id, KEY)
    assert has_staff_badge_form(text)
    assert open_staff_badge(text, KEY.public_key()) == ANNA.id
    assert open_staff_badge(text, Ed25519PrivateKey.generate().public_key()) is None
    assert "Anna" not in text


@pytest.mark.parametrize("text", ["", "S1:", "S1:" + "A" * 110, "S1:" + "é" * 110, "B1:00"])
def test_what_is_not_written_as_a_staff_badge_is_none(text: str) -> None:
    assert open_staff_badge(text, KEY.public_key()) is None


def test_a_guest_s_badge_is_no_staff_badge_and_the_other_way_round() -> None:
    guest = make_badge(bytes(ID_LENGTH), "event", KEY)
    assert not has_staff_badge_form(guest)
    assert open_staff_badge(guest.replace("B1:", "S1:"), KEY.public_key()) is None
    staff = make_staff_badge(ANNA.id, KEY).replace("S1:", "B1:")
    assert isinstance(open_badge(staff, "event", KEY.public_key()), BadgeProblem)


def test_an_id_of_another_length_is_a_bug() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        make_staff_badge("00", KEY)


# The register


def session(**changes: object) -> Session:
    made = Session("session-1", ANNA.id, Role.STEWARD, "kiosk-1", "north", "desk", NINE)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_session_that_nobody_closed_ends_with_the_local_day() -> None:
    midnight = datetime(2021, 11, 22, 23, 0, tzinfo=UTC)  # in Saint-Ouen
    assert overdue(session(), midnight - timedelta(seconds=1), PARIS) is None
    ended = overdue(session(), midnight + timedelta(hours=9), PARIS)
    assert ended is not None
    assert (ended.closed, ended.ended) == (midnight, Ended.DAY_OVER)
    closed = session().closed_at(NINE + timedelta(hours=1), Ended.CLOSED)
    assert overdue(closed, midnight + timedelta(hours=9), PARIS) is None


def test_the_day_of_the_clock_change_has_25_hours() -> None:
    opened = datetime(2021, 10, 31, 8, 0, tzinfo=UTC)
    assert session(opened=opened).day_ends(PARIS) == datetime(2021, 10, 31, 23, 0, tzinfo=UTC)


def test_a_clock_that_was_set_back_makes_no_negative_time_of_a_session() -> None:
    ended = session().closed_at(NINE - timedelta(days=1), Ended.CLOSED)
    assert ended.closed == NINE


def test_the_register_tells_who_checked_when_in_local_time() -> None:
    later = session(id="session-2", opened=NINE + timedelta(hours=2), closed=None, door="south")
    first = session().closed_at(NINE + timedelta(hours=1), Ended.HANDED_OVER)
    stranger = session(member="somebody who was purged")
    told = lines([ANNA], [later, first, stranger], PARIS)
    assert [(c.day.isoformat(), f"{c.begun:%H:%M}", c.door) for c in told] == [
        ("2021-11-22", "09:00", "north"),
        ("2021-11-22", "11:00", "south"),
    ]
    assert told[0].over is not None
    assert f"{told[0].over:%H:%M}" == "10:00"
    assert told[1].over is None
    assert told[0].member.authorised_by == "The organiser"


def test_no_repr_tells_a_name() -> None:
    checks = lines([ANNA], [session()], PARIS)
    assert "Anna" not in repr(ANNA) + repr(checks) + repr(session())
