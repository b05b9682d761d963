"""Who checks at a running station: opened, handed over, paused, closed, and nothing lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.core.staff.register import Ended, Session
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.duty import OnDuty
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import StorageTroubleError
from kiosk.desk.sessions import Denied, Why
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.staff.line import StaffLine
from tests.gui_support import AT, SOMEBODY, DeskMaker, badge_of
from tests.staffed import WRONG, StaffedHouse

ALL_SEEN = frozenset(Confirmation)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> StaffedHouse:
    return StaffedHouse(monkeypatch)


@pytest.fixture
def desk(house: StaffedHouse) -> EntryDesk:
    return house.maker()


def why(answer: object) -> Why:
    assert isinstance(answer, Denied)
    return answer.why


def on_duty(answer: object) -> OnDuty:
    assert isinstance(answer, OnDuty)
    return answer


def test_a_desk_with_a_staff_list_is_unattended_until_somebody_opens_it(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    before = desk.duty.state(AT)
    assert (before.attended, before.named, before.person) == (False, True, None)
    after = on_duty(desk.duty.open(house.vouching(house.anna), AT))
    assert after.attended
    assert after.person is not None
    assert (after.person.name, after.since) == ("Anna Example", AT)


def test_without_a_staff_list_a_desk_is_attended_and_nobody_has_to_be_named() -> None:
    desk = DeskMaker()()
    assert desk.duty.attended
    assert not desk.duty.state(AT).named
    assert desk.duty.people() == ()
    assert desk.duty.pause(AT).attended


def test_a_wrong_pin_opens_nothing(house: StaffedHouse, desk: EntryDesk) -> None:
    assert why(desk.duty.open(house.vouching(house.anna, WRONG), AT)) is Why.WRONG
    assert (desk.duty.attended, house.book.kept) == (False, {})


def test_records_carry_the_session_of_who_opened_and_then_of_who_took_over(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    staff = []
    for who in (house.anna, house.bruno):
        desk.duty.open(house.vouching(who), AT)
        desk.official_reader(AT)
        desk.choose(SOMEBODY.id, AT)
        admitted = desk.confirm(ALL_SEEN, AT)
        assert admitted is not None
        assert admitted.shown is Shown.ADMIT
        staff.append(house.maker.journal.log[-1].staff)
        desk.undo(AT)
    assert [house.book.kept[each].member for each in staff] == [house.anna.id, house.bruno.id]


def test_a_guest_on_the_card_stays_through_a_hand_over_and_is_let_in_by_who_confirms(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    desk.official_reader(AT)
    ready = desk.choose(SOMEBODY.id, AT)
    assert ready is not None
    assert ready.shown is Shown.READY
    desk.duty.open(house.vouching(house.bruno), AT + SECOND)
    desk.confirm(ALL_SEEN, AT + 2 * SECOND)
    entry = house.maker.journal.log[-1]
    assert entry.act is EntryAct.IN
    assert house.book.kept[entry.staff].member == house.bruno.id


def test_a_hand_over_is_two_lines_of_the_log_and_ends_the_session_of_before(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    desk.duty.open(house.vouching(house.bruno), AT + SECOND)
    assert [r.cause for r in house.maker.journal.log] == [
        Cause.OPENED,
        Cause.CLOSED,
        Cause.OPENED,
    ]
    assert [s.ended for s in house.book.sessions()] == [Ended.HANDED_OVER, None]


def test_after_a_pause_the_own_pin_goes_on_with_the_own_session(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    assert not desk.duty.pause(AT).attended
    again = on_duty(desk.duty.open(house.vouching(house.anna), AT + SECOND))
    assert (again.attended, again.since) == (True, AT)
    assert len(house.book.kept) == 1


def test_who_opened_closes_and_so_does_a_supervisor_but_no_other_steward(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    for who in (house.anna, house.sara):
        desk.duty.open(house.vouching(house.anna), AT)
        assert why(desk.duty.close(house.vouching(house.bruno), AT)) is Why.NOT_ALLOWED
        assert why(desk.duty.close(house.vouching(who, WRONG), AT)) is Why.WRONG
        assert desk.duty.attended
        closed = on_duty(desk.duty.close(house.vouching(who), AT + SECOND))
        assert (closed.attended, closed.person, desk.station.staff) == (False, None, "")
    assert {s.ended for s in house.book.sessions()} == {Ended.CLOSED}


def test_a_self_scan_screen_is_for_supervisors_to_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = StaffedHouse(monkeypatch, Mode.SELF)
    desk = house.maker()
    assert [person.name for person in desk.duty.people()] == ["Sara Example"]
    assert why(desk.duty.open(house.vouching(house.anna), AT)) is Why.NOT_ALLOWED
    assert on_duty(desk.duty.open(house.vouching(house.sara), AT)).attended


def test_a_session_that_ended_with_its_day_is_told_and_another_one_opens(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    over = desk.duty.state(AT + DAY)
    assert (over.over, over.person) == (True, None)
    assert desk.official_reader(AT + DAY).reasons == (Reason.SESSION_OVER,)
    assert not on_duty(desk.duty.open(house.vouching(house.anna), AT + DAY)).over
    assert Reason.SESSION_OVER not in desk.official_reader(AT + DAY).reasons


def test_a_disk_that_fills_up_in_the_middle_of_a_hand_over_leaves_no_session_that_is_over(
    house: StaffedHouse, desk: EntryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    keep = house.book.keep_session

    def full_for_new_ones(session: Session) -> None:
        if session.closed is None:
            raise StorageTroubleError
        keep(session)

    monkeypatch.setattr(house.book, "keep_session", full_for_new_ones)
    with pytest.raises(StorageTroubleError):
        desk.duty.open(house.vouching(house.bruno), AT + SECOND)
    assert not desk.duty.state(AT + SECOND).attended
    assert desk.station.staff == ""


def test_a_session_that_another_program_ended_leaves_the_desk_unattended(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    desk.duty.open(house.vouching(house.anna), AT)
    (session,) = house.book.sessions()
    house.book.keep_session(session.closed_at(AT + SECOND, Ended.HANDED_OVER))
    after = desk.duty.state(AT + 2 * SECOND)
    assert (after.attended, after.person, after.over) == (False, None, False)
    assert desk.station.staff == ""


def test_a_staff_badge_tells_whose_it_is_and_a_strange_one_nothing(
    house: StaffedHouse, desk: EntryDesk
) -> None:
    bearer = desk.duty.bearer(house.badge(house.bruno))
    assert bearer is not None
    assert (bearer.id, bearer.name) == (house.bruno.id, "Bruno Éxample")
    house.book.people.remove(house.bruno)
    assert desk.duty.bearer(house.badge(house.bruno)) is None


# In the desk's thread


@pytest.fixture
def thread(house: StaffedHouse, qtbot: QtBot) -> Iterator[DeskThread]:
    del qtbot
    made = DeskThread(house.maker)
    made.start()
    yield made
    assert made.stop()


def test_what_guests_show_to_an_unattended_desk_is_passed_over_and_answered_once_it_is_open(
    house: StaffedHouse, thread: DeskThread, qtbot: QtBot
) -> None:
    line, seen = StaffLine(thread), list[Admission]()
    thread.admission.connect(seen.append)
    thread.sight((badge_of(SOMEBODY),), AT)
    thread.scanned(badge_of(SOMEBODY), AT)
    thread.not_read(AT)
    thread.not_read(AT, beside=True)
    with qtbot.waitSignal(line.state):
        line.look(AT)
    assert seen == []
    with qtbot.waitSignal(line.done):
        line.open(house.vouching(house.anna), AT)
    with qtbot.waitSignal(thread.admission):
        thread.sight((badge_of(SOMEBODY),), AT)
    assert [each.shown for each in seen] == [Shown.AWAIT_CERTIFICATE]


def test_a_code_shown_while_the_desk_is_handed_over_is_answered(
    house: StaffedHouse, thread: DeskThread, qtbot: QtBot
) -> None:
    line, seen = StaffLine(thread), list[Admission]()
    thread.admission.connect(seen.append)
    with qtbot.waitSignals([line.done, line.done, thread.admission]):
        line.open(house.vouching(house.anna), AT)
        line.open(house.vouching(house.bruno), AT)
        thread.sight((badge_of(SOMEBODY),), AT)
    assert [each.shown for each in seen] == [Shown.AWAIT_CERTIFICATE]


def test_a_disk_that_cannot_be_written_opens_nothing_and_is_told(
    house: StaffedHouse, thread: DeskThread, qtbot: QtBot
) -> None:
    line = StaffLine(thread)
    house.book.full = True
    with qtbot.waitSignal(line.failed) as told:
        line.open(house.vouching(house.anna), AT)
    assert told.args == [NotDone(Reason.STORAGE_TROUBLE)]


def test_a_wrong_pin_and_a_strange_badge_are_told_apart_from_a_right_one(
    house: StaffedHouse, thread: DeskThread, qtbot: QtBot
) -> None:
    line, bearers = StaffLine(thread), list[object]()
    line.bearer.connect(bearers.append)
    with qtbot.waitSignal(line.denied) as told:
        line.badge("S1:" + "A" * 110)
        line.open(house.vouching(house.anna, WRONG), AT)
    assert why(told.args[0]) is Why.WRONG
    assert bearers == []
    with qtbot.waitSignal(line.bearer):
        line.badge(house.badge(house.sara))
