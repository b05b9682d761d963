"""What staff decide beside letting in: the real window, thread, database and staff."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests, replace_guests
from kiosk.adapters.storage.lasting import LastingStorage
from kiosk.adapters.storage.reserve import add_reserve
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.reasons import Reason
from kiosk.core.staff import pin as pins
from kiosk.core.staff.roles import Role
from kiosk.desk.admission import Admission, Person, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.offering import Partnership
from kiosk.desk.ports import BadgePrintError, PrintFault, StorageTroubleError
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.badge import GiveBadgeSheet
from kiosk.gui.desk.acts.closing import EveryoneOutSheet
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.desk.acts.undo import UndoSheet
from kiosk.gui.parts.fields import Field
from kiosk.gui.words.acts import Decision
from kiosk.gui.words.phrases import Band
from tests.door import SEALER
from tests.door_window import ENTER, ESCAPE, band, furnish, hire, log, press, real_desk, words
from tests.gui_support import AT, GUESTS, KEY, SOMEBODY, Opened, dress, opened

MENU, UNDO, OUT = Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F7
PIN = "738291"
SARA, ANNA = ("Sara Éxample", Role.SUPERVISOR, PIN), ("Anna Example", Role.STEWARD, "4826")
WAITS = replace(SOMEBODY, selection=Selection.WAITING)
BLANK = ReserveBadge(b"blank001", "Desk 2", "R2-017")
SheetOf = TypeVar("SheetOf", bound=Act)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is slow about a PIN is tested where it is made."""
    monkeypatch.setattr(pins, "_N", 2**4)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    furnish(tmp_path)
    with open_database(tmp_path, SEALER) as database:
        replace_guests(database, [WAITS, *GUESTS[1:]])
        add_reserve(database, [BLANK])
    return tmp_path


@pytest.fixture
def kiosk(qapp: QApplication, state: Path) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK, language="en", open_desk=lambda: real_desk(state)) as shown:
        yield shown


def guests(state: Path) -> GuestList:
    with open_database(state, SEALER) as database:
        return read_guests(database)


def sheet(kiosk: Opened, kind: type[SheetOf]) -> SheetOf:
    found = kiosk.staff.acts.sheet
    assert isinstance(found, kind)
    return found


def type_in(kiosk: Opened, text: str) -> None:
    focus = kiosk.window.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def told(kiosk: Opened) -> str:
    found = kiosk.staff.acts.sheet
    assert found is not None
    return found.told.full


def bring(kiosk: Opened, guest: Guest, qtbot: QtBot) -> None:
    """The guest is found by name."""
    kiosk.desk.choose(guest.id, kiosk.clock.now())
    qtbot.waitUntil(lambda: guest.name in kiosk.staff.card._name.full)


def decide(kiosk: Opened, qtbot: QtBot, digit: str) -> Act:
    """F8 and a digit; the desk has told whether a supervisor is needed."""
    press(kiosk, MENU)
    type_in(kiosk, digit)
    act = kiosk.staff.acts.sheet
    assert isinstance(act, Act)
    qtbot.waitUntil(lambda: act.vouchers is not None)
    return act


def vouch(kiosk: Opened, qtbot: QtBot, pin: str = PIN) -> None:
    """A supervisor's PIN, and the sheet is gone."""
    found = kiosk.staff.acts.sheet
    assert isinstance(found, Act)
    assert found.vouching
    type_in(kiosk, pin)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: not kiosk.staff.acts.open)


def recorded(kiosk: Opened, qtbot: QtBot) -> str:
    """The card that tells of it."""
    qtbot.waitUntil(lambda: not kiosk.staff.acts.open and "Recorded" in words(kiosk))
    assert band(kiosk) is not Band.ADMIT
    return words(kiosk)


# The menu


def test_the_menu_tells_of_each_decision_whether_it_is_possible_and_why_not(kiosk: Opened) -> None:
    press(kiosk, MENU)
    menu = kiosk.staff.acts.menu
    possible = {each for each, key in menu.decisions.items() if key.isEnabled()}
    assert possible == {
        Decision.SUBSTITUTE,
        Decision.REGISTER,
        Decision.PAPER,
        Decision.EVERYONE_OUT,
    }
    type_in(kiosk, "5")
    assert menu.told.full == "Find or scan the guest first."
    press(kiosk, UNDO)
    assert menu.told.full == "Nothing of the last 15 minutes."
    press(kiosk, ESCAPE)
    assert not kiosk.staff.acts.open


def test_a_click_decides_as_its_digit_does_and_escape_leads_back(kiosk: Opened) -> None:
    press(kiosk, MENU)
    menu = kiosk.staff.acts.menu
    QTest.mouseClick(menu.decisions[Decision.PAPER], Qt.MouseButton.LeftButton)
    assert isinstance(kiosk.staff.acts.sheet, PaperSheet)
    press(kiosk, ESCAPE)
    assert not kiosk.staff.card.covered


def test_no_key_of_the_card_works_behind_the_menu(kiosk: Opened, qtbot: QtBot) -> None:
    bring(kiosk, GUESTS[1], qtbot)
    before = kiosk.staff._admission
    press(kiosk, MENU, OUT, Qt.Key.Key_F6, Qt.Key.Key_F3, Qt.Key.Key_M, ENTER)
    qtbot.wait(30)
    assert kiosk.staff._admission is before
    assert kiosk.staff.acts.sheet is kiosk.staff.acts.menu


# Rights


def test_a_steward_s_act_of_a_supervisor_asks_for_the_pin_and_carries_that_session(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ANNA, SARA)
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    assert "Usuaria Ficticia" in told(kiosk)  # what is about to be recorded
    type_in(kiosk, "999111")
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "do not belong" in told(kiosk))
    assert log(state) == ()
    vouch(kiosk, qtbot)
    recorded(kiosk, qtbot)
    (note,) = log(state)
    assert note.staff not in ("", "session-1")


def test_one_pin_vouches_for_one_act(kiosk: Opened, state: Path, qtbot: QtBot) -> None:
    hire(state, SARA)
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    vouch(kiosk, qtbot)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: kiosk.staff._admission is not None)
    act = decide(kiosk, qtbot, "4")
    assert act.vouchers is not None
    assert act.vouchers.needed
    assert act.pin_form.pin.text() == ""


def test_where_nobody_is_in_the_staff_list_no_pin_is_asked_for(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    recorded(kiosk, qtbot)
    assert [record.cause for record in log(state)] == [Cause.WALK_IN]


def test_where_no_supervisor_is_named_the_sheet_says_how_to_name_one(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ANNA)
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    assert "kiosk staff add" in told(kiosk)
    assert log(state) == ()


# Each act, and its record


def test_a_guest_who_waits_is_accepted_and_let_in_the_ordinary_way(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    assert band(kiosk) is Band.DESK
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "2")
    assert "expected in person now" in recorded(kiosk, qtbot)
    guest = guests(state).by_id(SOMEBODY.id)
    assert guest is not None
    assert guest.selection is Selection.SELECTED
    (note,) = log(state)
    assert (note.act, note.cause) == (EntryAct.NOTE, Cause.LATE_REGISTRATION)
    press(kiosk, ENTER)  # goes on with this guest: now the certificate is all that is missing
    qtbot.waitUntil(lambda: band(kiosk) is Band.STEP)


def test_a_walk_in_is_put_on_the_list_with_the_name_of_the_certificate(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    person = Person("Zorn", "Eva", "1980-03-12")
    answer = Admission(Shown.DESK, AT, (Reason.NOT_ON_LIST,), person=person, has_certificate=True)
    kiosk.window.show_admission(answer)
    decide(kiosk, qtbot, "4")
    register = sheet(kiosk, RegisterSheet)
    assert (register.names.given.text, register.names.family.text) == ("Eva", "Zorn")
    assert register.names.organisation.field.hasFocus()
    type_in(kiosk, "Green cluster")
    press(kiosk, Qt.Key.Key_Tab)
    type_in(kiosk, "greendigi4x")
    qtbot.waitUntil(lambda: register.partnership.text == "GreenDigi4X")  # as the list writes it
    press(kiosk, ENTER)
    type_in(kiosk, "1")
    assert "Eva Zorn" in recorded(kiosk, qtbot)
    new = next(guest for guest in guests(state) if guest.family == "Zorn")
    assert (new.given, new.organisation, new.partnership) == ("Eva", "Green cluster", "GreenDigi4X")
    assert new.occasions == {"policy-day-1"}
    (note,) = log(state)
    assert (note.guest, note.cause) == (new.id, Cause.WALK_IN)


def test_a_partnership_that_is_nearly_one_of_the_list_is_asked_about_once(
    kiosk: Opened, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "4")
    register = sheet(kiosk, RegisterSheet)
    register.names.family.fill("Zorn")
    register.partnership.entry.field.setFocus()
    type_in(kiosk, "GreenDigi4")
    found = Partnership("GreenDigi4", "", "GreenDigi4X", ("GreenDigi4X",))
    qtbot.waitUntil(lambda: register.partnership.found == found)
    press(kiosk, ENTER)
    assert "GreenDigi4X" in told(kiosk)
    assert register.step == 0
    press(kiosk, ENTER)
    assert register.step == 1
    assert register.partnership.text == "GreenDigi4"


def test_what_is_missing_in_a_registration_is_asked_for_where_it_is_missing(
    kiosk: Opened, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "4")
    register = sheet(kiosk, RegisterSheet)
    press(kiosk, ENTER)
    assert register.names.family.field.hasFocus()
    type_in(kiosk, "Zorn")
    press(kiosk, ENTER)
    assert register.partnership.entry.field.hasFocus()
    register.categories.choose("press")
    press(kiosk, ENTER)
    assert register.step == 1
    register.terms.occasions.choice.choose()
    type_in(kiosk, "1")
    assert "occasion" in told(kiosk)


def test_a_category_is_chosen_alone_and_can_be_taken_back(kiosk: Opened, qtbot: QtBot) -> None:
    decide(kiosk, qtbot, "4")
    choice = sheet(kiosk, RegisterSheet).categories
    speaker, press_ = choice.toggles["speaker"], choice.toggles["press"]
    speaker.click()
    press_.click()
    assert choice.chosen == {"press"}
    press_.click()
    assert choice.chosen == frozenset()


def test_somebody_who_waits_takes_the_seat_of_who_does_not_come(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "3")
    swap = sheet(kiosk, SubstituteSheet)
    qtbot.waitUntil(lambda: swap.giver.rows[0].guest_id == GUESTS[2].id)  # of the Partnership
    type_in(kiosk, "1")
    press(kiosk, ENTER)  # both occasions of that seat
    assert "Zoé Łukasik" in recorded(kiosk, qtbot)
    zoe, taker = guests(state).by_id(GUESTS[2].id), guests(state).by_id(SOMEBODY.id)
    assert zoe is not None
    assert taker is not None
    assert zoe.occasions == frozenset()
    assert taker.selection is Selection.SELECTED
    assert {record.cause for record in log(state)} == {Cause.SUBSTITUTION}


def test_somebody_new_takes_the_seat_of_a_guest_who_is_found_by_name(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "3")
    swap = sheet(kiosk, SubstituteSheet)
    type_in(kiosk, "berzins")
    press(kiosk, ENTER)  # before the guests are there: the first one, once they are
    qtbot.waitUntil(lambda: swap.step == 1)
    assert swap.away == GUESTS[1]
    swap.names.family.field.setFocus()
    type_in(kiosk, "Ozols")
    press(kiosk, ENTER, ENTER)
    recorded(kiosk, qtbot)
    new = next(guest for guest in guests(state) if guest.family == "Ozols")
    assert new.partnership == GUESTS[1].partnership


def test_a_guest_of_another_partnership_cannot_take_the_seat_and_the_sheet_says_why(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "3")
    swap = sheet(kiosk, SubstituteSheet)
    type_in(kiosk, "martins")
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: swap.step == 2)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "not of one Partnership" in told(kiosk))
    assert log(state) == ()


@pytest.mark.parametrize("scanned", [False, True])
def test_a_blank_badge_is_given_by_its_number_or_by_scanning_it(
    kiosk: Opened, state: Path, qtbot: QtBot, scanned: bool
) -> None:
    bring(kiosk, GUESTS[1], qtbot)
    decide(kiosk, qtbot, "6")
    give = sheet(kiosk, GiveBadgeSheet)
    if scanned:
        text = make_badge(BLANK.badge, "saint-ouen-2021", KEY)
        kiosk.desk.sight((text,), kiosk.clock.now())
    else:
        type_in(kiosk, "r2-017")
    qtbot.waitUntil(lambda: give.blank == BLANK)
    press(kiosk, ENTER)
    assert "counts for" in recorded(kiosk, qtbot)
    guest = guests(state).by_id(GUESTS[1].id)
    assert guest is not None
    assert guest.badge == BLANK.badge
    assert [record.cause for record in log(state)] == [Cause.BADGE_HANDED_OUT]


def test_a_number_that_no_blank_badge_has_is_told(kiosk: Opened, qtbot: QtBot) -> None:
    bring(kiosk, GUESTS[1], qtbot)
    decide(kiosk, qtbot, "6")
    type_in(kiosk, "R9-999")
    qtbot.waitUntil(lambda: "no blank badge with this number" in words(kiosk))
    press(kiosk, ENTER)
    assert kiosk.staff.acts.open


def test_sending_away_is_recorded_with_the_cause_of_the_answer(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "8")
    press(kiosk, ENTER)
    recorded(kiosk, qtbot)
    (record,) = log(state)
    assert (record.act, record.cause) == (EntryAct.REFUSED, Cause.NOT_INVITED)
    assert SOMEBODY.name not in kiosk.staff.card._name.full


def test_everyone_out_records_an_exit_for_each_guest_inside(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring_in(kiosk, qtbot, *GUESTS[1:3])
    decide(kiosk, qtbot, "0")
    closing = sheet(kiosk, EveryoneOutSheet)
    qtbot.waitUntil(lambda: closing.inside.get("policy-day-1") == 2)
    assert closing.occasions.one == "policy-day-1"
    press(kiosk, ENTER)
    assert "2 guests" in recorded(kiosk, qtbot)
    assert [record.act for record in log(state)][-2:] == [EntryAct.OUT, EntryAct.OUT]


def bring_in(kiosk: Opened, qtbot: QtBot, *who: Guest) -> None:
    """They come in, each as the paper has it."""
    decide(kiosk, qtbot, "9")
    for guest in who:
        name = unicodedata.normalize("NFD", guest.given).encode("ascii", "ignore")
        write(kiosk, qtbot, name.decode(), "815")
    press(kiosk, ENTER)
    recorded(kiosk, qtbot)


def write(kiosk: Opened, qtbot: QtBot, name: str, time: str) -> None:
    paper = sheet(kiosk, PaperSheet)
    type_in(kiosk, name)
    press(kiosk, ENTER)
    qtbot.waitUntil(paper.time.field.hasFocus)
    type_in(kiosk, time)
    press(kiosk, ENTER)


def test_the_paper_list_is_keyed_in_line_by_line_and_recorded_at_once(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    decide(kiosk, qtbot, "9")
    for name, time in (("berzins", "8:15"), ("martins", "0822"), ("le goff", "8h30")):
        write(kiosk, qtbot, name, time)
        assert log(state) == ()
    paper = sheet(kiosk, PaperSheet)
    paper.written[0].click()  # the last one was a slip
    press(kiosk, ENTER)
    vouch(kiosk, qtbot)
    recorded(kiosk, qtbot)
    records = log(state)
    assert [(r.guest, r.basis) for r in records] == [
        (GUESTS[1].id, EntryBasis.PAPER),
        (GUESTS[3].id, EntryBasis.PAPER),
    ]
    assert records[0].happened is not None
    assert records[0].happened.isoformat() == "2021-11-22T07:15:00+00:00"


def test_a_time_that_is_none_writes_no_line(kiosk: Opened, qtbot: QtBot) -> None:
    decide(kiosk, qtbot, "9")
    write(kiosk, qtbot, "berzins", "8:75")
    paper = sheet(kiosk, PaperSheet)
    assert paper.lines == []
    assert "8:15" in told(kiosk)
    assert paper.time.field.hasFocus()


def test_a_time_that_has_not_come_is_refused_by_the_desk(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "9")
    write(kiosk, qtbot, "berzins", "23:10")
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "has not come yet" in told(kiosk))
    assert log(state) == ()


# Undo


def test_an_act_is_taken_back_with_f9_by_the_own_session(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    recorded(kiosk, qtbot)
    press(kiosk, UNDO)
    qtbot.waitUntil(lambda: "Taken back" in words(kiosk))
    guest = guests(state).by_id(SOMEBODY.id)
    assert guest is not None
    assert guest.selection is Selection.WAITING


def test_what_a_supervisor_vouched_for_is_a_supervisor_s_to_take_back(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ANNA, SARA)
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    type_in(kiosk, "1")
    vouch(kiosk, qtbot)
    recorded(kiosk, qtbot)
    press(kiosk, UNDO)
    qtbot.waitUntil(lambda: isinstance(kiosk.staff.acts.sheet, UndoSheet))
    assert len(log(state)) == 1
    qtbot.waitUntil(lambda: sheet(kiosk, UndoSheet).vouchers is not None)
    press(kiosk, ENTER)
    vouch(kiosk, qtbot)
    qtbot.waitUntil(lambda: "Taken back" in words(kiosk))
    assert [record.cause for record in log(state)] == [Cause.WALK_IN, Cause.UNDONE]


# Reprint


class Printer:
    """A printer of tests: keeps the badges, or fails."""

    name = "Label printer"

    def __init__(self) -> None:
        self.able = True
        self.fault: PrintFault | None = None
        self.badges: list[bytes] = []

    def print_badge(self, guest: Guest) -> None:
        if self.fault is not None:
            raise BadgePrintError(self.fault)
        self.badges.append(guest.badge)


@pytest.fixture
def printer(kiosk: Opened) -> Printer:
    made = Printer()
    kiosk.staff.print_with(made)
    return made


def test_the_same_badge_is_printed_again_and_nothing_changes(
    kiosk: Opened, state: Path, printer: Printer, qtbot: QtBot
) -> None:
    bring(kiosk, GUESTS[1], qtbot)
    decide(kiosk, qtbot, "7")
    assert "Label printer" in words(kiosk)
    press(kiosk, ENTER)
    assert "is printed" in recorded(kiosk, qtbot)
    assert printer.badges == [GUESTS[1].badge]
    assert log(state) == ()


def test_a_new_badge_counts_once_it_is_printed_and_the_lost_one_no_more(
    kiosk: Opened, state: Path, printer: Printer, qtbot: QtBot
) -> None:
    bring(kiosk, GUESTS[1], qtbot)
    decide(kiosk, qtbot, "7")
    type_in(kiosk, "2")
    press(kiosk, ENTER)
    recorded(kiosk, qtbot)
    guest = guests(state).by_id(GUESTS[1].id)
    assert guest is not None
    assert [guest.badge] == printer.badges
    assert guest.badge != GUESTS[1].badge
    assert GUESTS[1].badge in guests(state).revoked
    assert [record.cause for record in log(state)] == [Cause.BADGE_REPLACED]


@pytest.mark.parametrize("fault", list(PrintFault))
def test_a_badge_that_was_not_printed_changes_nothing_and_the_sheet_says_what_to_do(
    kiosk: Opened, state: Path, printer: Printer, qtbot: QtBot, fault: PrintFault
) -> None:
    printer.fault = fault
    bring(kiosk, GUESTS[1], qtbot)
    decide(kiosk, qtbot, "7")
    type_in(kiosk, "2")
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "blank badge" in told(kiosk))
    guest = guests(state).by_id(GUESTS[1].id)
    assert guest is not None
    assert guest.badge == GUESTS[1].badge
    assert log(state) == ()


# What may go wrong


def test_another_guest_s_answer_ends_a_sheet_about_the_one_before(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    bring(kiosk, GUESTS[3], qtbot)
    qtbot.waitUntil(lambda: "Another answer" in told(kiosk))
    type_in(kiosk, "1")
    press(kiosk, ENTER)
    qtbot.wait(50)
    assert log(state) == ()
    press(kiosk, ESCAPE)
    assert "Ana Martins" in words(kiosk)


def test_another_guest_s_answer_leaves_the_paper_list_as_it_is(kiosk: Opened, qtbot: QtBot) -> None:
    decide(kiosk, qtbot, "9")
    write(kiosk, qtbot, "berzins", "815")
    bring(kiosk, GUESTS[3], qtbot)
    paper = sheet(kiosk, PaperSheet)
    assert not paper.stale
    assert len(paper.lines) == 1


def test_a_full_disk_is_told_in_the_sheet_and_nothing_is_green(
    kiosk: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageTroubleError("SQLITE_FULL")

    bring(kiosk, WAITS, qtbot)
    decide(kiosk, qtbot, "5")
    monkeypatch.setattr(LastingStorage, "append", full)
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: "could not be written to disk" in told(kiosk))
    assert band(kiosk) is Band.DESK


HOSTILE = "<b>Eva</b>\u202e" + "x" * 300 + "🎈"


def test_a_hostile_name_stays_plain_in_every_sheet(kiosk: Opened) -> None:
    guest = replace(WAITS, given=HOSTILE, family="Zorn")
    answer = Admission(Shown.DESK, AT, (Reason.GUEST_WAITING,), guest=guest, overridable=True)
    kiosk.window.show_admission(answer)
    size = kiosk.window.size()
    for digit in "13456780":
        kiosk.staff.acts.leave()
        kiosk.window.show_admission(answer)
        press(kiosk, MENU)
        type_in(kiosk, digit)
        QApplication.processEvents()
        assert "\u202e" not in words(kiosk)
    assert kiosk.window.size() == size


def test_a_field_of_a_sheet_keeps_its_keys_and_tab_stays_inside(
    kiosk: Opened, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "4")
    register = sheet(kiosk, RegisterSheet)
    seen = []
    for _ in range(30):
        seen.append(kiosk.window.focusWidget())
        press(kiosk, Qt.Key.Key_Tab)
    assert all(register.isAncestorOf(each) for each in seen)
    assert sum(isinstance(each, Field) for each in dict.fromkeys(seen)) == 4
    assert seen[0] in seen[1:]  # it went round


def test_the_menu_can_let_the_guest_out_who_is_inside(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    bring_in(kiosk, qtbot, GUESTS[1])
    bring(kiosk, GUESTS[1], qtbot)
    press(kiosk, MENU)
    type_in(kiosk, "2")
    qtbot.waitUntil(lambda: "Left" in words(kiosk))
    assert log(state)[-1].act is EntryAct.OUT
    kiosk.clock.go(timedelta(seconds=1))


def test_a_finger_gets_a_keyboard_for_the_fields_of_a_sheet_and_its_enter_goes_on(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    decide(kiosk, qtbot, "4")
    register = sheet(kiosk, RegisterSheet)
    assert register.keyboard.isHidden()
    family = register.names.family.field
    family.setFocus()
    family.touched.emit()
    keyboard = register.keyboard
    assert keyboard.isVisible()
    for letter in "zorn":
        keyboard.key(letter).click()
    assert register.names.family.text == "Zorn"
    QApplication.processEvents()
    places = [QRect(each.mapTo(register, QPoint()), each.size()) for each in (family, keyboard)]
    assert not places[0].intersects(places[1])
    assert register.rect().contains(places[1])
    register.categories.choose("press")
    keyboard.enter.click()
    assert (register.step, keyboard.isHidden()) == (1, True)
    type_in(kiosk, "1")
    recorded(kiosk, qtbot)
    assert log(state)[0].cause is Cause.WALK_IN


def test_the_keyboard_s_enter_chooses_who_was_found(kiosk: Opened, qtbot: QtBot) -> None:
    decide(kiosk, qtbot, "9")
    paper = sheet(kiosk, PaperSheet)
    paper.finder.field.touched.emit()
    for letter in "mikko":
        paper.keyboard.key(letter).click()
    paper.keyboard.enter.click()
    qtbot.waitUntil(lambda: paper.guest is not None)
    assert paper.guest == GUESTS[5]
