"""A supervisor lets in against the answer: the real window, thread, database and staff."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.staff import pin as pins
from kiosk.core.staff.pin import PinHash
from kiosk.core.staff.roles import Role
from kiosk.core.staff.tries import TRIES
from kiosk.desk.findings import Mode
from kiosk.desk.overriding import WITHIN as OVERRIDE_WITHIN
from kiosk.desk.ports import StorageTroubleError
from kiosk.desk.supervising import Vouching
from kiosk.gui.desk.acts.override import OverrideSheet
from kiosk.gui.words.acts import Decision
from kiosk.gui.words.phrases import Band
from tests.door import SEALER
from tests.door_window import (
    ANYWAY,
    ENTER,
    ESCAPE,
    READER,
    SPACE,
    UNDO,
    band,
    furnish,
    hire,
    log,
    press,
    real_desk,
    show_badge,
    words,
)
from tests.gui_support import GUESTS, SOMEBODY, Opened, badge_of, dress, opened, station

PIN, OTHER_PIN, WRONG = "738291", "584017", "999111"
STEWARD_PIN = "4826"
SARA = ("Sara Éxample", Role.SUPERVISOR, PIN)
TOM = ("Tom Example", Role.SUPERVISOR, OTHER_PIN)
ANNA = ("Anna Example", Role.STEWARD, STEWARD_PIN)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is slow about a PIN is tested where it is made."""
    monkeypatch.setattr(pins, "_N", 2**4)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path


@pytest.fixture
def kiosk(qapp: QApplication, state: Path) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK, open_desk=lambda: real_desk(state)) as shown:
        yield shown


def panel(kiosk: Opened) -> OverrideSheet:
    sheet = kiosk.staff.acts.act(Decision.OVERRIDE)
    assert isinstance(sheet, OverrideSheet)
    return sheet


def told(kiosk: Opened) -> str:
    return panel(kiosk).told.full


def type_in(kiosk: Opened, text: str) -> None:
    QTest.keyClicks(kiosk.window.focusWidget(), text)


def ask(kiosk: Opened, qtbot: QtBot) -> None:
    """A guest who cannot come in yet, and the key for it."""
    show_badge(kiosk, qtbot)
    press(kiosk, ANYWAY)
    assert kiosk.staff.card.covered
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: panel(kiosk).vouchers is not None)


def answer_pin(kiosk: Opened, qtbot: QtBot, pin: str) -> None:
    """Type a PIN, and wait until it was looked at."""
    type_in(kiosk, pin)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: not panel(kiosk).busy)


def test_cause_pin_and_enter_let_in_under_the_supervisor_s_name(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ANNA, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "2")
    assert panel(kiosk).pin_form.pin.hasFocus()
    answer_pin(kiosk, qtbot, PIN)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    assert not kiosk.staff.card.covered
    (entry,) = log(state)
    assert (entry.act, entry.guest, entry.cause) == (
        EntryAct.OVERRIDE,
        SOMEBODY.id,
        Cause.LIST_ERROR,
    )
    with open_database(state, SEALER) as database:
        (session,) = StoredStaff(database).sessions()
    assert (session.id, session.member) == (entry.staff, f"{1:016x}")
    qtbot.waitUntil(kiosk.staff.side.undo.isEnabled)


def test_one_of_several_supervisors_is_chosen_with_arrows_or_a_letter(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA, ANNA, TOM)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    picker = panel(kiosk).pin_form.picker
    assert panel(kiosk).pin_form.pin.hasFocus()  # from where arrows and letters choose too
    assert picker.accessibleName() == "Sara Éxample"
    press(kiosk, Qt.Key.Key_Down)
    assert picker.accessibleName() == "Tom Example"  # stewards are not among them
    press(kiosk, Qt.Key.Key_Down)
    type_in(kiosk, "t")
    assert picker.accessibleName() == "Tom Example"
    answer_pin(kiosk, qtbot, OTHER_PIN)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)


def test_wrong_pins_are_counted_down_and_then_there_is_a_wait(
    kiosk: Opened, state: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    lines = []
    for _ in range(TRIES):
        answer_pin(kiosk, qtbot, WRONG)
        lines.append(told(kiosk))
        assert panel(kiosk).pin_form.pin.text() == ""
        assert panel(kiosk).pin_form.pin.hasFocus()
    assert [line.rpartition(". ")[2] for line in lines] == [
        "Encore 4 essais.",
        "Encore 3 essais.",
        "Encore 2 essais.",
        "Encore un essai.",
        "Attendez 15 min, ou demandez à un autre responsable.",
    ]
    answer_pin(kiosk, qtbot, PIN)
    assert "Attendez 15 min" in told(kiosk)
    assert log(state) == ()
    assert WRONG not in caplog.text
    assert PIN not in caplog.text


def test_what_is_missing_is_asked_for_and_the_pin_is_looked_at_by_nobody_before(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    press(kiosk, ENTER)
    assert "motif" in told(kiosk)
    press(kiosk, SPACE, ENTER, ENTER)  # the first cause, which has the focus
    assert "code PIN" in told(kiosk)
    assert panel(kiosk).pin_form.pin.hasFocus()
    answer_pin(kiosk, qtbot, PIN)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    assert log(state)[0].cause is Cause.KNOWN_GUEST


def check_tab(kiosk: Opened, key: Qt.Key, *stops: QWidget) -> None:
    for stop in stops:
        assert stop.hasFocus()
        press(kiosk, key)


def test_tab_goes_round_in_the_sheet_both_ways(kiosk: Opened, state: Path, qtbot: QtBot) -> None:
    hire(state, SARA, TOM)
    ask(kiosk, qtbot)
    within = panel(kiosk)
    first = within.causes.toggles[Cause.KNOWN_GUEST.name]
    check_tab(kiosk, Qt.Key.Key_Tab, first, within.go, within.back, first)
    type_in(kiosk, "1")
    pin, picker = within.pin_form.pin, within.pin_form.picker
    check_tab(kiosk, Qt.Key.Key_Tab, pin, within.go, within.back, picker)
    check_tab(kiosk, Qt.Key.Key_Backtab, pin, picker, within.back)


def test_escape_closes_the_panel_forgets_the_pin_and_keeps_the_card(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    type_in(kiosk, PIN)
    press(kiosk, ESCAPE)
    assert panel(kiosk).causes.isVisible()  # one step back: another cause may be chosen
    assert panel(kiosk).pin_form.pin.text() == ""
    press(kiosk, ESCAPE)
    assert not kiosk.staff.card.covered
    assert "Usuaria Ficticia" in words(kiosk)
    press(kiosk, ANYWAY)
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: panel(kiosk).vouchers is not None)
    press(kiosk, ENTER)
    assert "motif" in told(kiosk)  # nothing is left of before


def test_no_key_of_the_card_works_behind_the_panel(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    before = kiosk.staff._admission
    press(kiosk, READER, Qt.Key.Key_F7, UNDO, Qt.Key.Key_M, Qt.Key.Key_F3)
    kiosk.staff.setFocus()  # somebody clicked beside it
    press(kiosk, READER)
    qtbot.wait(50)
    assert kiosk.staff._admission is before
    assert kiosk.staff.card.covered
    assert not kiosk.staff.side.search.hasFocus()


def test_the_answer_of_another_guest_ends_the_override_and_takes_no_digit(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    type_in(kiosk, PIN[:3])
    kiosk.desk.scanned(badge_of(GUESTS[1]), kiosk.clock.now())
    qtbot.waitUntil(lambda: "Une autre réponse" in told(kiosk))
    assert panel(kiosk).pin_form.pin.hasFocus()
    type_in(kiosk, PIN)  # and even the whole of it lets nobody in
    press(kiosk, ENTER)
    qtbot.wait(100)
    assert log(state) == ()
    press(kiosk, ESCAPE)
    assert "Jānis Bērziņš" in words(kiosk)


def test_another_answer_of_the_same_guest_does_not_disturb(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    type_in(kiosk, PIN[:3])
    kiosk.clock.go(station().event.visit_wait)
    kiosk.desk.tick(kiosk.clock.now())
    qtbot.waitUntil(lambda: band(kiosk) is Band.DESK)
    answer_pin(kiosk, qtbot, PIN[3:])
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)


def test_without_a_supervisor_the_sheet_says_how_to_name_one(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ANNA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    assert "kiosk staff add" in told(kiosk)
    assert not panel(kiosk).pin_form.pin.isVisible()
    hire(state, ANNA, SARA)
    press(kiosk, ESCAPE, ANYWAY)  # once it is done
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: panel(kiosk).vouchers is not None)
    type_in(kiosk, "1")
    assert panel(kiosk).pin_form.pin.isVisible()


def test_a_supervisor_without_a_pin_is_told_how_to_choose_one(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, ("Sara Éxample", Role.SUPERVISOR, ""))
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    answer_pin(kiosk, qtbot, PIN)
    assert "kiosk staff pin" in told(kiosk)


def test_a_card_that_cannot_be_overridden_is_told_why(kiosk: Opened) -> None:
    press(kiosk, ANYWAY)
    menu = kiosk.staff.acts.menu
    assert not menu.decisions[Decision.OVERRIDE].isEnabled()
    type_in(kiosk, "1")
    assert kiosk.staff.acts.sheet is menu
    assert "Aucune réponse" in menu.told.full


def test_an_override_that_comes_too_late_is_told_in_the_panel(
    kiosk: Opened, state: Path, qtbot: QtBot
) -> None:
    hire(state, SARA)
    ask(kiosk, qtbot)
    kiosk.clock.go(station().event.visit_wait)
    kiosk.desk.tick(kiosk.clock.now())
    qtbot.waitUntil(lambda: band(kiosk) is Band.DESK)
    kiosk.clock.go(OVERRIDE_WITHIN + timedelta(seconds=1))
    type_in(kiosk, "1")
    answer_pin(kiosk, qtbot, PIN)
    qtbot.waitUntil(lambda: "Personne ici ne peut entrer" in told(kiosk))
    assert log(state) == ()


def test_the_pin_is_looked_at_in_the_desk_s_thread_and_in_no_repr(
    kiosk: Opened, state: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    matches = PinHash.matches

    def watched(kept: PinHash, pin: str) -> bool:
        threads.append(threading.get_ident())
        return matches(kept, pin)

    monkeypatch.setattr(PinHash, "matches", watched)
    hire(state, SARA)
    ask(kiosk, qtbot)
    type_in(kiosk, "1")
    answer_pin(kiosk, qtbot, PIN)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    assert threads
    assert threading.get_ident() not in threads
    assert PIN not in repr(Vouching("someone", PIN))


def test_a_database_that_fails_is_told_in_the_panel(
    kiosk: Opened, state: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> float:
        raise StorageTroubleError("SQLITE_FULL")

    hire(state, SARA)
    ask(kiosk, qtbot)
    monkeypatch.setattr(StoredStaff, "take_try", full)
    type_in(kiosk, "1")
    answer_pin(kiosk, qtbot, PIN)
    assert "disque" in told(kiosk)
    monkeypatch.setattr(StoredStaff, "members", full)
    press(kiosk, ESCAPE, ESCAPE, ANYWAY)
    type_in(kiosk, "1")
    qtbot.waitUntil(lambda: "disque" in told(kiosk))
