"""What staff ask of the desk's thread beside answers: it is done there, and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action, Role
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.ports import Authority
from kiosk.desk.registering import NewGuest
from kiosk.gui.desk_thread import Asked, DeskThread, OccasionState, Overview
from tests.gui_support import AT, GUESTS, SOMEBODY, DeskMaker, badge_of, event

ALL_SEEN = frozenset(Confirmation)
SOON = timedelta(seconds=1)
SUPERVISOR = Authority("supervisor-1", Role.SUPERVISOR)
OCCASION = event().occasions[0]
NEW = NewGuest("Zorn", "Eva", "Green cluster", frozenset({OCCASION.id}), partnership="Green")


@pytest.fixture
def maker() -> DeskMaker:
    return DeskMaker()


@pytest.fixture
def desk(maker: DeskMaker, qtbot: QtBot) -> Iterator[DeskThread]:
    del qtbot
    thread = DeskThread(maker)
    thread.start()
    yield thread
    assert thread.stop()


def let_in(desk: DeskThread, qtbot: QtBot) -> None:
    admissions: list[Admission] = []
    desk.admission.connect(admissions.append)
    desk.official_reader(AT)
    desk.choose(SOMEBODY.id, AT)
    desk.confirm(ALL_SEEN, AT)
    qtbot.waitUntil(lambda: bool(admissions) and admissions[-1].shown is Shown.ADMIT)
    desk.admission.disconnect(admissions.append)


def test_what_was_recorded_last_is_taken_back_and_the_figures_follow(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    let_in(desk, qtbot)
    overviews: list[Overview] = []
    desk.overview.connect(overviews.append)
    with qtbot.waitSignal(desk.outcome) as told:
        desk.undo(AT + SOON)
    assert told.args is not None
    asked, outcome = told.args
    assert (asked, type(outcome)) == ("undo", Done)
    assert outcome.guests == (SOMEBODY,)
    qtbot.waitUntil(lambda: bool(overviews) and overviews[-1].counters.entered == 0)
    assert maker.journal.log[-1].cause is Cause.UNDONE


def test_nothing_to_take_back_is_told(desk: DeskThread, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.outcome) as told:
        desk.undo(AT)
    assert told.args == ["undo", NotDone(Reason.NOTHING_TO_UNDO)]


def shown_badge(desk: DeskThread, qtbot: QtBot) -> Admission:
    with qtbot.waitSignal(desk.admission) as told:
        desk.sight((badge_of(SOMEBODY),), AT)
    assert told.args is not None
    card: Admission = told.args[0]
    return card


def override(desk: DeskThread, card: Admission) -> None:
    at = AT + SOON
    desk.act(
        Asked.OVERRIDE,
        Action.OVERRIDE,
        lambda it, by: it.override(Cause.KNOWN_GUEST, by, at),
        at,
        SUPERVISOR,
        card,
    )


def test_a_supervisor_lets_the_guest_of_the_card_in(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    card = shown_badge(desk, qtbot)
    assert card.overridable
    with qtbot.waitSignal(desk.admission) as told:
        override(desk, card)
    assert told.args is not None
    assert (told.args[0].shown, told.args[0].guest) == (Shown.ADMIT, SOMEBODY)
    assert [record.act for record in maker.journal.log] == [EntryAct.OVERRIDE]


def test_an_override_of_a_card_that_was_replaced_lets_nobody_in(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    card = shown_badge(desk, qtbot)
    with qtbot.waitSignal(desk.admission):
        desk.choose(GUESTS[1].id, AT)
    with qtbot.waitSignal(desk.outcome) as told:
        override(desk, card)
    assert told.args == ["override", NotDone(Reason.OVERRIDE_NOT_POSSIBLE)]
    assert maker.journal.log == []


def test_what_a_supervisor_asks_is_done_in_the_desks_thread_and_told(
    desk: DeskThread, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(desk.outcome) as told:
        desk.ask(
            Asked.REGISTER,
            lambda it: it.registering.register(NEW, Cause.WALK_IN, SUPERVISOR, AT),
            AT,
        )
    assert told.args is not None
    asked, outcome = told.args
    assert (asked, type(outcome)) == ("register", Done)
    with qtbot.waitSignal(desk.found) as found:
        desk.search("zorn", AT)
    assert found.args is not None
    assert tuple(each.guest for each in found.args[1]) == outcome.guests


def test_everyone_out_is_asked_for_and_told(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    let_in(desk, qtbot)
    with qtbot.waitSignal(desk.outcome) as told:
        desk.ask(
            Asked.EVERYONE_OUT,
            lambda it: it.leaving.everyone_out(OCCASION.id, SUPERVISOR, AT),
            AT,
        )
    assert told.args is not None
    assert told.args[0] == "everyone out"
    assert maker.journal.acts[-1] == (EntryAct.OUT, SOMEBODY.id)


def test_how_an_occasion_stands_is_told_with_the_partnerships_that_are_missing(
    desk: DeskThread, qtbot: QtBot
) -> None:
    partnering = event().occasions[2]
    with qtbot.waitSignal(desk.standing) as told:
        desk.look_at(partnering, AT)
    assert told.args is not None
    occasion_id, state = told.args
    assert isinstance(state, OccasionState)
    assert (occasion_id, state.figures.occasion) == (partnering.id, partnering)
    assert state.figures.entered == 0
    everyone = {guest.partnership for guest in GUESTS}
    assert {seats.partnership for seats in state.missing} == everyone


def test_a_substitute_is_named_behind_whose_seat_it_was(desk: DeskThread, qtbot: QtBot) -> None:
    occasions = frozenset(SOMEBODY.occasions)
    new = NewGuest("Zorn", "Eva", "Green cluster", occasions)
    with qtbot.waitSignal(desk.outcome) as told:
        desk.ask(
            Asked.SUBSTITUTE,
            lambda it: it.registering.substitute(SOMEBODY.id, new, occasions, SUPERVISOR, AT),
            AT,
        )
    assert told.args is not None
    gone, come = told.args[1].guests
    assert (gone.id, gone.occasions) == (SOMEBODY.id, frozenset())
    assert (come.name, come.partnership) == ("Eva Zorn", SOMEBODY.partnership)
