"""The states of the desk's screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtTest import QTest

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord
from kiosk.core.guests.standing import Standing
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.demo.scenes import Scene
from kiosk.desk.admission import Admission, Answered, Counters, Found, Shown, Today
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import CameraFault, Hint, ScannerNote, StorageNote
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.supervising import Supervisor, Vouchers
from kiosk.gui.desk_thread import Asked, Overview
from kiosk.gui.words.acts import Decision
from kiosk.gui.words.wording import at_the_door
from tests.fakes.journal import MemoryJournal
from tests.gui_support import (
    AT,
    GUESTS,
    PERSON,
    SOMEBODY,
    admit,
    awaiting,
    ready,
    refuse,
    see_desk,
    station,
    waiting,
)
from tests.shots.camera import NOBODY, PAPER, PHONE, SHOWN_BADGE, frame_of
from tests.shots.guest_states import Show, hinted, trouble
from tests.shots.stage import Stage
from tests.shots.state import State

BUSY = Overview(
    Counters(148, 161, 212, 13, 9),
    (
        Answered(AT, Shown.ADMIT, "Usuaria F."),
        Answered(AT - timedelta(minutes=1), Shown.DESK, "Jānis B."),
        Answered(AT - timedelta(minutes=1), Shown.ADMIT, "Ana M.", left=True),
        Answered(AT - timedelta(minutes=2), Shown.REFUSE, ""),
    ),
    waiting(*GUESTS[1:5]),
    undoable=True,
)
SUPERVISORS = (Supervisor("1", "Sara Éxample"), Supervisor("2", "Ana-Maria Popescu-Example"))
INSIDE_SOUTH = Standing(admitted=True, inside_at="south")


def card(admission: Admission, scene: Scene = NOBODY) -> Show:
    """A card, on a morning in full swing."""

    def show(stage: Stage) -> None:
        stage.kiosk.staff.show_overview(BUSY)
        stage.kiosk.window.show_frame(frame_of(scene))
        stage.kiosk.window.show_admission(admission)

    return show


def busy(then: Callable[[Stage], object], admission: Admission | None = None) -> Show:
    """On a morning in full swing, with a card or without, `then` happens."""

    def show(stage: Stage) -> None:
        stage.kiosk.staff.show_overview(BUSY)
        if admission is not None:
            stage.kiosk.window.show_admission(admission)
        then(stage)

    return show


def _confirmed(stage: Stage) -> None:
    for confirmation in Confirmation:
        stage.kiosk.staff.card.toggle(confirmation)


def _one_missing(stage: Stage) -> None:
    stage.kiosk.staff.card.toggle(Confirmation.MASK)
    missing = stage.kiosk.staff.card.missing()
    assert missing is not None
    missing.flash()


def search(query: str, *found: Found) -> Show:
    """Somebody is searched for."""

    def show(stage: Stage) -> None:
        staff = stage.kiosk.staff
        staff.side.search.setFocus()
        staff.side.search.clear()
        QTest.keyClicks(staff.side.search, query)
        staff.finder.show_found(query, found)

    return busy(show)


def override(
    people: Sequence[Supervisor] = SUPERVISORS, digit: str = "1", denied: Denied | None = None
) -> Show:
    """A supervisor is asked for, on the card of somebody who has no seat any more."""
    no_seat = replace(see_desk(Reason.SEATS_TAKEN, guest=SOMEBODY), overridable=True)

    def ask(stage: Stage) -> None:
        acts = stage.kiosk.staff.acts
        acts.open_menu(no_seat, SOMEBODY.name, undoable=True)
        acts.menu.chosen.emit(Decision.OVERRIDE)
        sheet = acts.act(Decision.OVERRIDE)
        sheet.offer(Vouchers(sheet.action, tuple(people), needed=True))
        if digit:
            sheet.digit(digit)
        if denied is not None:
            sheet.deny(denied)

    return busy(ask, no_seat)


def undone(outcome: Outcome) -> Show:
    """What was recorded last was to be taken back."""
    return busy(lambda stage: stage.kiosk.staff.show_outcome(Asked.UNDO, outcome), ready())


def _records(act: EntryAct) -> tuple[EntryRecord, ...]:
    draft = station().draft(act, SOMEBODY.id, "", EntryBasis.SCANNED)
    return tuple(MemoryJournal().append([draft], AT))


def _scanner(note: ScannerNote) -> Show:
    return lambda stage: stage.kiosk.staff.tell_scanner(note)


def _storage(note: StorageNote) -> Show:
    return lambda stage: stage.kiosk.staff.header.tell_storage(note)


def _left(recorded: bool) -> Show:
    return busy(lambda stage: stage.kiosk.staff.show_left(recorded, SOMEBODY.id), ready())


def _desk(screen: str, name: str, show: Show) -> State:
    return State(Mode.DESK, screen, name, show)


def _to_desk(reason: Reason) -> State:
    return _desk("desk", f"reason {reason}", card(see_desk(reason, guest=SOMEBODY), PHONE))


_SEVERAL = replace(see_desk(Reason.SEVERAL_GUESTS), person=PERSON, candidates=GUESTS[:5])
_CROSSED = replace(
    see_desk(Reason.PAIR_CROSSED, guest=SOMEBODY), candidates=GUESTS[1:2], confirmable=True
)
_THREE = see_desk(Reason.NAMES_DIFFER, Reason.ROOM_FULL, Reason.SEATS_TAKEN, guest=SOMEBODY)
_CHECKED = replace(ready(), has_certificate=False, standing=Standing(checked=True))

_FOUND = [Found(guest, today) for guest, today in zip(GUESTS[1:], Today, strict=False)]

DESK = (
    _desk("desk", "idle", lambda _: None),
    _desk("desk", "idle busy", busy(lambda _: None)),
    _desk("desk", "waiting for badge", card(awaiting(Shown.AWAIT_BADGE), PHONE)),
    _desk(
        "desk",
        "waiting for certificate",
        card(awaiting(Shown.AWAIT_CERTIFICATE, SOMEBODY), SHOWN_BADGE),
    ),
    _desk("desk", "one at a time", card(Admission(Shown.ONE_AT_A_TIME, AT), PAPER)),
    _desk("desk", "ready", card(ready(), PHONE)),
    _desk("desk", "ready confirmed", busy(_confirmed, ready())),
    _desk("desk", "ready mask missing", busy(_one_missing, ready())),
    _desk("desk", "ready checked before", card(_CHECKED)),
    _desk("desk", "ready was in", card(replace(ready(), standing=Standing(admitted=True)))),
    _desk("desk", "ready inside south", card(replace(ready(), standing=INSIDE_SOUTH))),
    _desk("desk", "admitted", card(admit(checked_only=False))),
    _desk("desk", "admitted checked", card(admit())),
    _desk("desk", "admitted again", card(admit(way=Way.AGAIN, checked_only=False))),
    _desk("desk", "admitted already", card(admit(way=Way.ALREADY, checked_only=False))),
    _desk("desk", "refused", card(refuse(), PHONE)),
    _desk("desk", "candidates", card(_SEVERAL, PHONE)),
    _desk("desk", "crossed pair", card(_CROSSED, PHONE)),
    _desk("desk", "three reasons", card(_THREE, PHONE)),
    *(_to_desk(reason) for reason in Reason if at_the_door(reason)),
    _desk("desk", "left", _left(True)),
    _desk("desk", "was not inside", _left(False)),
    _desk("desk", "undone entry", undone(Done(_records(EntryAct.IN), (SOMEBODY,)))),
    _desk("desk", "nothing to undo", undone(NotDone(Reason.NOTHING_TO_UNDO))),
    _desk("desk", "search", search("ma", *_FOUND)),
    _desk("desk", "search nobody", search("xyz")),
    *(_desk("desk", f"hint {hint}", busy(hinted(hint))) for hint in Hint),
    *(_desk("desk", f"camera {fault}", busy(trouble(fault))) for fault in CameraFault),
    *(_desk("desk", f"scanner {each}", busy(_scanner(each))) for each in ScannerNote),
    *(_desk("desk", f"storage {each}", busy(_storage(each))) for each in StorageNote),
    _desk("desk", "old list", busy(lambda stage: stage.kiosk.window.tell_list_age(AT.date()))),
    _desk("desk", "closed", lambda stage: stage.kiosk.staff.show_closed("program_trouble")),
    _desk("override", "cause", override(digit="")),
    _desk("override", "pin", override()),
    _desk("override", "nobody there", override(())),
    _desk("override", "one supervisor", override(SUPERVISORS[1:])),
    *(
        _desk("override", f"denied {why.name.lower()}", override(denied=Denied(why, 899.5)))
        for why in Why
    ),
    _desk("override", "last try", override(denied=Denied(Why.WRONG, 0, 1))),
)
