"""The states of the desk's lists and pages: candidates, results, keyboard, occasions, who waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtTest import QTest

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.standing import SeatPassed, Standing
from kiosk.core.reasons import Reason
from kiosk.desk.admission import (
    Admission,
    Answered,
    BadgeSeen,
    Counters,
    Found,
    OccasionFigures,
    PartnershipSeats,
    Passage,
    Person,
    Shown,
    Today,
    Waiting,
)
from kiosk.desk.findings import Mode
from kiosk.gui.asked import OccasionState
from kiosk.gui.desk_thread import Overview
from kiosk.gui.parts.keyboard import PAGES
from tests.gui_support import AT, GUESTS, PERSON, event, make_guest, ready, see_desk
from tests.shots.guest_states import Show
from tests.shots.stage import Stage
from tests.shots.state import State

MINUTE = timedelta(minutes=1)
GREEK = (
    make_guest(9, "Γιώργος", "Παπαδόπουλος", organisation="Ελληνικό δίκτυο"),
    make_guest(10, "Γεώργιος", "Παπαδόπουλος", organisation="Αττική Καινοτομία"),
)
JANIS = replace(GUESTS[1], id="g7")
ANNAS = (
    GUESTS[3],
    make_guest(11, "Anna", "Martín"),
    GREEK[0],
    make_guest(12, "Hannah", "Martins", organisation="Österreichische Textilwirtschaft"),
    make_guest(13, "Annemarie", "Marten"),
)
TODAY = (
    Passage(AT - 55 * MINUTE, EntryAct.IN, "north"),
    Passage(AT - 20 * MINUTE, EntryAct.OUT, "north"),
    Passage(AT - 5 * MINUTE, EntryAct.OVERRIDE, "south"),
)
MORNING = (Passage(AT - 95 * MINUTE, EntryAct.CHECK, "north"), *TODAY, *TODAY)
RECENT = (
    Answered(AT, Shown.ADMIT, "Usuaria F.", guest="g1"),
    Answered(AT - MINUTE, Shown.DESK, "Jānis B.", guest="g2"),
    Answered(AT - MINUTE, Shown.ADMIT, "Ana M.", left=True, guest="g4"),
    Answered(AT - 2 * MINUTE, Shown.REFUSE, ""),
    Answered(AT - 2 * MINUTE, Shown.ADMIT, "Zoé Ł.", guest="g3"),
    Answered(AT - 3 * MINUTE, Shown.ADMIT, "Léa L.", undone=True, guest="g5"),
    Answered(AT - 3 * MINUTE, Shown.DESK, ""),
    Answered(AT - 4 * MINUTE, Shown.ADMIT, "Wolfeschlegelstein H.", guest="g6"),
)
WAITING = tuple(
    Waiting(f"w{n}", AT - n * n * MINUTE, guest, guest.name, scanned=n == 0)
    for n, guest in enumerate((*GUESTS, GREEK[0]))
)


def figures(place: int, inside: int = 183) -> OccasionFigures:
    return OccasionFigures(event().occasions[place], inside, 201, 212, 3, 9, 2, 4, 1)


def crowd() -> OccasionFigures:
    """Numbers as long as they get."""
    hall = replace(event().occasions[0], capacity=1250)
    return OccasionFigures(hall, 1183, 1201, 1212, 103, 109, 102, 104, 101)


MORNING_RUSH = Overview(Counters(148, 161, 212, 3, 9), RECENT, WAITING, True, figures(0))


def near(person: Person, *candidates: Guest, probable: Guest | None = None) -> Admission:
    near_miss = see_desk(Reason.NAME_NEAR_MISS)
    return replace(near_miss, person=person, candidates=candidates, probable=probable)


def rush(admission: Admission | None = None) -> Show:
    """In the middle of the morning, with a card or without."""

    def show(stage: Stage) -> None:
        stage.kiosk.staff.show_overview(MORNING_RUSH)
        stage.kiosk.staff.tell_time(AT)
        if admission is not None:
            stage.kiosk.window.show_admission(admission)

    return show


def _staff(stage: Stage, overview: Overview) -> None:
    stage.kiosk.staff.show_overview(overview)


def _turned(stage: Stage) -> None:
    rush()(stage)
    stage.kiosk.staff.side.waiting.turn()


def _found(stage: Stage) -> None:
    rush(ready())(stage)
    staff = stage.kiosk.staff
    staff.side.search.setFocus()
    staff.side.search.clear()
    QTest.keyClicks(staff.side.search, "a")
    people = zip((*GUESTS, *GREEK), Today, strict=False)
    staff.finder.show_found("a", [Found(guest, today, "south") for guest, today in people])


def _keyboard(page: str) -> Show:
    def show(stage: Stage) -> None:
        _found(stage)
        stage.kiosk.staff.finder.type_by_finger()
        stage.kiosk.staff.finder.keyboard.turn_to(page)

    return show


def _accents(stage: Stage) -> None:
    _keyboard("ABC")(stage)
    keyboard = stage.kiosk.staff.finder.keyboard
    keyboard.key("o").held.emit()


def seats(name: str, *came: Guest, expected: tuple[Guest, ...] = ()) -> PartnershipSeats:
    return PartnershipSeats(name, came, expected, 1, 2, len(came))


PARTNERSHIPS = (
    seats("AtlanticTex", *GUESTS[:3]),
    seats("BalticLoop", expected=GUESTS[1:2]),
    seats("Fine", GUESTS[0]),
    seats("GreenDigi4X", expected=GUESTS[:4]),
    seats("MareNostrum"),
    *(seats(f"Partnership {n}", expected=GUESTS[3:5]) for n in range(5)),
)


def _occasions(count: int, partnerships: tuple[PartnershipSeats, ...] = PARTNERSHIPS) -> Show:
    def show(stage: Stage) -> None:
        rush(ready())(stage)
        page = stage.kiosk.staff.occasions
        page.forget()
        stage.kiosk.staff._turn_occasions()
        for place in range(count):
            told = figures(place, 190 - 80 * place)
            page.show_state(told.occasion.id, OccasionState(told, partnerships))

    return show


def _page(name: str, show: Show) -> State:
    return State(Mode.DESK, "desk", name, show)


_GEORGE = Person("Papadopulos", "Giorgios", "1975", "GIORGIOS PAPADOPULOS")
_IN_GREEK = Person("Παπαδόπουλος", "Γεώργιος", "1975-02", "GEORGIOS PAPADOPOULOS")
_ANNA = Person("Martin", "Anna Maria", "1990-02-03", "ANNA MARIA MARTIN")
_LUKASYK = Person("Lukasyk", "Zoe", "1990-01-01", "ZOE LUKASYK")
_INSIDE = Standing(admitted=True, inside_at="south")
_KNOWN = Admission(Shown.GUEST, AT, guest=GUESTS[5], entries=TODAY, standing=_INSIDE)
_BACK = replace(ready(), badge=BadgeSeen.FOUND, entries=MORNING, way=Way.AGAIN)
_DIFFER = replace(see_desk(Reason.NAMES_DIFFER), guest=GUESTS[2], person=_LUKASYK)
_PASSED = replace(
    see_desk(Reason.SEAT_PASSED_ON, guest=GUESTS[0]),
    seat_passed=SeatPassed(GUESTS[1], AT - 7 * MINUTE),
)

DESK_PAGES = (
    _page("rush", rush()),
    _page("rush ready", rush(replace(ready(), badge=BadgeSeen.SHOWN))),
    _page("rush further back", _turned),
    _page("rush in a large hall", lambda stage: _staff(stage, replace(MORNING_RUSH, here=crowd()))),
    _page("near miss", rush(near(_LUKASYK, GUESTS[2]))),
    _page("probable", rush(near(PERSON, JANIS, GUESTS[4], probable=JANIS))),
    _page("candidates greek", rush(near(_GEORGE, *GREEK, probable=GREEK[0]))),
    _page("certificate greek", rush(near(_IN_GREEK, GREEK[0]))),
    _page("candidates five", rush(near(_ANNA, *ANNAS, probable=ANNAS[0]))),
    _page("names differ", rush(_DIFFER)),
    _page("entries of today", rush(_BACK)),
    _page("guest", rush(_KNOWN)),
    _page("seat passed on", rush(_PASSED)),
    _page("found", _found),
    *(_page(f"keyboard {number}", _keyboard(page)) for number, page in enumerate(PAGES, 1)),
    _page("keyboard accents", _accents),
    _page("occasions one", _occasions(1)),
    _page("occasions three", _occasions(3)),
    _page("occasions complete", _occasions(2, PARTNERSHIPS[2:3])),
)
