"""Sessions of staff: opened with a PIN, handed over, closed, and gone on with after a crash."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core.causes import Cause
from kiosk.core.reasons import Reason
from kiosk.core.staff import pin as pins
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.staff.pin import PinHash
from kiosk.core.staff.register import Ended, Member, Session
from kiosk.core.staff.roles import Action, Role
from kiosk.core.staff.tries import TRIES, WINDOW, Try
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Authority, StorageTroubleError
from kiosk.desk.sessions import Denied, Place, Sessions, Why, authority_of, new_pin
from kiosk.desk.supervising import Supervising, Vouching
from tests.door import (
    MORNING,
    SECOND,
    badge,
    badge_key,
    certificate,
    desk,
    event_with,
    guest,
    saint_ouen,
    show,
)
from tests.fakes.journal import MemoryJournal
from tests.fakes.staff import MemoryStaff, Running

DESK, SELF = Place("north", Mode.DESK), Place("north", Mode.SELF)
HOUR = timedelta(hours=1)
PIN, OTHER, WRONG = "738291", "4826", "999111"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is slow about a PIN is tested where it is made."""
    monkeypatch.setattr(pins, "_N", 2**4)


def member(name: str, role: Role, pin: str | None) -> Member:
    kept = new_pin(pin) if pin else None
    return Member(secrets.token_hex(8), name, role, MORNING - HOUR, "The organiser", kept)


class House:
    """A kiosk with a supervisor, two stewards, and one who has no PIN yet."""

    def __init__(self) -> None:
        self.sara = member("Sara Example", Role.SUPERVISOR, PIN)
        self.anna = member("Anna Example", Role.STEWARD, OTHER)
        self.bruno = member("Bruno Éxample", Role.STEWARD, "5938")
        self.newcomer = member("New Example", Role.STEWARD, None)
        self.book = MemoryStaff(self.sara, self.anna, self.bruno, self.newcomer)
        self.journal, self.running = MemoryJournal(), Running()
        self.start()

    def start(self) -> None:
        """The program starts."""
        self.sessions = Sessions(
            self.book,
            self.journal,
            "kiosk-1",
            saint_ouen().time_zone,
            self.running,
            badge_key().public_key(),
        )

    def opened(self, who: Member, pin: str, place: Place = DESK, at: datetime = MORNING) -> Session:
        session = self.sessions.open(who, pin, place, at)
        assert isinstance(session, Session)
        return session

    @property
    def notes(self) -> list[tuple[Cause, str]]:
        return [(record.cause, record.staff) for record in self.journal.log]


@pytest.fixture
def house() -> House:
    return House()


def denied(answer: object) -> Why:
    assert isinstance(answer, Denied)
    return answer.why


# Opening, handing over, closing


def test_a_session_is_opened_with_a_pin_and_the_log_knows_its_id_alone(house: House) -> None:
    session = house.opened(house.anna, OTHER)
    assert (session.member, session.role) == (house.anna.id, Role.STEWARD)
    assert (session.kiosk, session.door, session.screen) == ("kiosk-1", "north", "desk")
    assert (session.opened, session.closed) == (MORNING, None)
    assert house.book.kept == {session.id: session}
    assert house.notes == [(Cause.OPENED, session.id)]
    assert house.anna.id not in str(house.journal.log)
    assert authority_of(session) == Authority(session.id, Role.STEWARD)


def test_a_wrong_pin_opens_nothing(house: House) -> None:
    for who in (house.anna, house.sara, None):
        assert denied(house.sessions.open(who, WRONG, DESK, MORNING)) is Why.WRONG
    assert (house.book.kept, house.notes) == ({}, [])


def test_nobody_is_known_by_somebody_else_s_pin(house: House) -> None:
    assert denied(house.sessions.open(house.anna, PIN, DESK, MORNING)) is Why.WRONG


def test_who_has_no_pin_is_told_so(house: House) -> None:
    answer = house.sessions.open(house.newcomer, "", DESK, MORNING)
    assert denied(answer) is Why.NO_PIN
    assert house.book.tried == ()


def test_a_steward_opens_no_self_scan_screen_and_a_supervisor_does(house: House) -> None:
    assert denied(house.sessions.open(house.anna, OTHER, SELF, MORNING)) is Why.NOT_ALLOWED
    assert house.opened(house.sara, PIN, SELF).screen == "self"


def test_handing_over_ends_one_session_and_begins_the_next_at_the_same_moment(
    house: House,
) -> None:
    first = house.opened(house.anna, OTHER)
    second = house.opened(house.bruno, "5938", at=MORNING + HOUR)
    ended = house.book.kept[first.id]
    assert (ended.closed, ended.ended) == (second.opened, Ended.HANDED_OVER)
    assert house.notes == [
        (Cause.OPENED, first.id),
        (Cause.CLOSED, first.id),
        (Cause.OPENED, second.id),
    ]


def test_two_screens_of_one_door_have_a_session_each(house: House) -> None:
    at_self, at_desk = house.opened(house.sara, PIN, SELF), house.opened(house.anna, OTHER)
    assert house.sessions.going_on(SELF, MORNING) == at_self
    assert house.sessions.going_on(DESK, MORNING) == at_desk
    assert house.sessions.going_on(Place("south", Mode.DESK), MORNING) is None


def test_a_session_is_closed_once(house: House) -> None:
    session = house.sessions.close(house.opened(house.anna, OTHER), MORNING + HOUR)
    assert (session.closed, session.ended) == (MORNING + HOUR, Ended.CLOSED)
    assert house.sessions.close(session, MORNING + 2 * HOUR) == session
    assert [cause for cause, _ in house.notes] == [Cause.OPENED, Cause.CLOSED]
    assert house.sessions.going_on(DESK, MORNING + HOUR) is None


def test_after_a_crash_a_session_goes_on_without_being_opened_again(house: House) -> None:
    session = house.opened(house.anna, OTHER)
    house.start()
    assert house.sessions.going_on(DESK, MORNING + HOUR) == session
    assert house.opened(house.anna, OTHER, at=MORNING + HOUR) == session
    assert house.notes == [(Cause.OPENED, session.id)]


def test_a_session_that_nobody_closed_ends_with_the_local_day(house: House) -> None:
    session = house.opened(house.anna, OTHER)
    midnight = datetime(2021, 11, 22, 23, 0, tzinfo=UTC)  # in Saint-Ouen
    assert house.sessions.going_on(DESK, midnight - SECOND) == session
    assert house.sessions.going_on(DESK, midnight + 9 * HOUR) is None
    ended = house.book.kept[session.id]
    assert (ended.closed, ended.ended) == (midnight, Ended.DAY_OVER)
    note = house.journal.log[-1]
    assert (note.cause, note.happened, note.at) == (Cause.CLOSED, midnight, midnight + 9 * HOUR)


def test_closing_on_the_next_morning_ends_a_session_with_its_own_day(house: House) -> None:
    session = house.opened(house.anna, OTHER)
    closed = house.sessions.close(session, MORNING + 24 * HOUR)
    assert (closed.closed, closed.ended) == (
        session.day_ends(saint_ouen().time_zone),
        Ended.DAY_OVER,
    )


def test_a_log_that_cannot_be_written_stops_no_session_and_a_register_does(house: House) -> None:
    house.journal.full = True
    session = house.opened(house.anna, OTHER)
    assert house.book.kept == {session.id: session}
    house.book.full = True
    with pytest.raises(StorageTroubleError):
        house.sessions.open(house.bruno, "5938", DESK, MORNING)


# Who is it?


def test_somebody_is_found_by_name_however_it_is_written(house: House) -> None:
    for name in ("Bruno Éxample", "bruno éxample", "  BRUNO   ÉXAMPLE "):
        assert house.sessions.by_name(name) == house.bruno
    assert house.sessions.by_name("Bruno") is None


def test_somebody_is_found_by_the_badge(house: House) -> None:
    text = make_staff_badge(house.anna.id, badge_key())
    assert house.sessions.by_badge(text) == house.anna
    assert house.sessions.by_badge("S1:") is None
    no_key = Sessions(house.book, house.journal, "k", saint_ouen().time_zone, house.running)
    assert no_key.by_badge(text) is None


def test_who_was_withdrawn_is_nobody_any_more_and_stays_in_the_register(house: House) -> None:
    withdrawn = Member(house.anna.id, house.anna.name, Role.STEWARD, MORNING, "x", None, MORNING)
    house.book.people[1] = withdrawn
    assert house.sessions.by_name("Anna Example") is None
    assert house.sessions.by_badge(make_staff_badge(house.anna.id, badge_key())) is None
    assert withdrawn in house.book.members()


def test_a_session_is_required_as_soon_as_somebody_is_authorised(house: House) -> None:
    assert house.sessions.required
    house.book.people.clear()
    assert not house.sessions.required


# One thing by a supervisor


def test_a_supervisor_vouches_at_a_steward_s_desk_and_the_session_there_goes_on(
    house: House,
) -> None:
    session = house.opened(house.anna, OTHER)
    authority = house.sessions.vouch(house.sara, PIN, Action.OVERRIDE, DESK, MORNING + HOUR)
    assert isinstance(authority, Authority)
    assert authority.may(Action.OVERRIDE)
    own = house.book.kept[authority.session]
    assert (own.member, own.opened, own.closed) == (house.sara.id, MORNING + HOUR, MORNING + HOUR)
    assert house.sessions.going_on(DESK, MORNING + HOUR) == session


def test_a_steward_vouches_for_nothing_that_is_a_supervisor_s(house: House) -> None:
    answer = house.sessions.vouch(house.anna, OTHER, Action.OVERRIDE, DESK, MORNING)
    assert denied(answer) is Why.NOT_ALLOWED
    assert denied(house.sessions.vouch(None, PIN, Action.OVERRIDE, DESK, MORNING)) is Why.WRONG
    assert house.book.kept == {}


def test_who_may_do_something_are_those_who_work_here_in_that_role(house: House) -> None:
    assert house.sessions.who_may(Action.OVERRIDE) == (house.sara,)
    everybody = (house.sara, house.anna, house.bruno, house.newcomer)
    assert house.sessions.who_may(Action.CONFIRM) == everybody
    house.book.people[0] = replace(house.sara, withdrawn_at=MORNING)
    assert house.sessions.who_may(Action.OVERRIDE) == ()


def test_a_desk_without_staff_has_no_supervisor_and_takes_no_pin(house: House) -> None:
    alone = desk([guest("Ada")], journal=house.journal).supervising
    assert alone.who_may(Action.OVERRIDE) == ()
    vouching = Vouching(house.sara.id, PIN)
    assert alone.vouch(vouching, Action.OVERRIDE, MORNING) == Denied(Why.NOT_ALLOWED)


def test_a_steward_who_says_to_be_a_supervisor_is_nobody(house: House) -> None:
    station = desk([guest("Ada")], journal=house.journal).station
    supervising = Supervising(station, house.sessions)
    answer = supervising.vouch(Vouching(house.anna.id, OTHER), Action.OVERRIDE, MORNING)
    assert answer == Denied(Why.WRONG, left=4)


def supervising_of(house: House) -> Supervising:
    station = desk([guest("Ada")], Mode.DESK, journal=house.journal).station
    return Supervising(station, house.sessions)


def test_whoever_works_at_a_desk_may_do_what_the_role_of_the_open_session_says(
    house: House,
) -> None:
    supervising = supervising_of(house)
    assert supervising.own(MORNING).role is Role.STEWARD  # nobody has opened it yet
    opened = house.sessions.open(house.anna, OTHER, DESK, MORNING)
    assert isinstance(opened, Session)
    assert supervising.own(MORNING) == Authority(opened.id, Role.STEWARD)
    needed = supervising.vouchers(Action.AMEND, MORNING)
    assert (needed.needed, [each.id for each in needed.people]) == (True, [house.sara.id])
    assert not supervising.vouchers(Action.REPLACE_BADGE, MORNING).needed
    assert supervising.granted(None, Action.AMEND, MORNING) == NotDone(Reason.NOT_AUTHORISED)
    house.sessions.open(house.sara, PIN, DESK, MORNING)
    assert supervising.own(MORNING).role is Role.SUPERVISOR
    assert not supervising.vouchers(Action.AMEND, MORNING).needed
    assert isinstance(supervising.granted(None, Action.AMEND, MORNING), Authority)


def test_letting_in_against_the_answer_needs_the_pin_even_in_a_supervisor_s_own_session(
    house: House,
) -> None:
    supervising = supervising_of(house)
    house.sessions.open(house.sara, PIN, DESK, MORNING)
    assert supervising.vouchers(Action.OVERRIDE, MORNING).needed
    assert supervising.granted(None, Action.OVERRIDE, MORNING) == NotDone(Reason.NOT_AUTHORISED)
    vouched = supervising.granted(Vouching(house.sara.id, PIN), Action.OVERRIDE, MORNING)
    assert isinstance(vouched, Authority)


def test_where_nobody_is_in_the_staff_list_a_desk_may_do_all_but_set_an_answer_aside(
    house: House,
) -> None:
    alone = desk([guest("Ada")], journal=house.journal).supervising
    assert alone.own(MORNING).role is Role.SUPERVISOR
    assert not alone.vouchers(Action.PAPER, MORNING).needed
    assert alone.vouchers(Action.OVERRIDE, MORNING).needed


# The throttle


def fail(house: House, who: Member | None, times: int = TRIES) -> list[Denied]:
    answers = [house.sessions.check(who, WRONG) for _ in range(times)]
    return [answer for answer in answers if answer is not None]


def test_the_fifth_wrong_pin_makes_wait_and_then_the_right_one_is_not_looked_at(
    house: House,
) -> None:
    answers = fail(house, house.anna)
    assert [answer.why for answer in answers] == [Why.WRONG] * 4 + [Why.WAITS]
    assert [answer.left for answer in answers] == [4, 3, 2, 1, 0]
    house.running.go(60)
    answer = house.sessions.check(house.anna, OTHER)
    assert answer == Denied(Why.WAITS, WINDOW - 60)
    assert answer.words == ("Too many wrong PINs. Wait 14 minutes, or ask another supervisor.")
    assert len(house.book.tried) == TRIES  # what was not looked at is no try


def test_after_a_quarter_of_an_hour_the_right_pin_opens_again(house: House) -> None:
    fail(house, house.anna)
    house.running.go(WINDOW)
    assert house.sessions.check(house.anna, OTHER) is None
    assert house.book.tried == ()


def test_a_right_pin_forgets_the_wrong_ones_of_the_same_person_alone(house: House) -> None:
    fail(house, house.anna, 4)
    fail(house, house.bruno, 3)
    assert house.sessions.check(house.anna, OTHER) is None
    assert [each.person for each in house.book.tried] == [house.bruno.id] * 3


def test_one_who_must_wait_keeps_nobody_else_waiting(house: House) -> None:
    fail(house, house.anna)
    assert house.sessions.check(house.sara, PIN) is None


@pytest.mark.parametrize("start", [House.start, lambda house: house.running.reboot()])
def test_neither_the_program_nor_the_machine_forgets_tries_by_starting_anew(
    house: House, start: Callable[[House], None]
) -> None:
    fail(house, house.anna)
    start(house)
    assert denied(house.sessions.check(house.anna, OTHER)) is Why.WAITS


def test_a_try_is_on_disk_before_the_pin_is_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Try, ...]] = []
    matches = PinHash.matches

    def watched(kept: PinHash, pin: str) -> bool:
        seen.append(house.book.tried)
        return matches(kept, pin)

    monkeypatch.setattr(PinHash, "matches", watched)
    house.sessions.check(house.anna, OTHER)
    house.sessions.check(None, OTHER)
    assert [tuple(t.person for t in tries) for tries in seen] == [(house.anna.id,), ("",)]


def test_tries_that_cannot_be_kept_are_not_made(house: House) -> None:
    house.book.full = True
    with pytest.raises(StorageTroubleError):
        house.sessions.check(house.anna, OTHER)


@pytest.mark.parametrize("why", Why)
def test_every_denial_says_what_to_do(why: Why) -> None:
    words = Denied(why, 61).words
    assert words.startswith(why)
    assert len(words) > len(why) + 10
    assert ("2 minutes" in words) is (why is Why.WAITS)


# At the door


def test_a_door_whose_session_ended_with_its_day_answers_nobody_by_itself() -> None:
    midnight = datetime(2021, 11, 22, 23, 0, tzinfo=UTC)
    chloe, journal = guest("Chloe", "Martin"), MemoryJournal()
    occasion = replace(saint_ouen().occasions[0], closes=midnight + HOUR)
    station = desk(
        [chloe], event=event_with(occasions=(occasion,)), journal=journal, until=midnight
    )
    late = show(station, badge(chloe), certificate(chloe), at=midnight)
    assert (late.shown, late.reasons) == (Shown.DESK, (Reason.SESSION_OVER,))
    assert journal.log == []
    station.clear()
    in_time = show(station, badge(chloe), certificate(chloe), at=midnight - SECOND)
    assert in_time.shown is Shown.ADMIT
