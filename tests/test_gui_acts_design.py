"""Every sheet of staff's acts, in both languages and all sizes: no text is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from kiosk.core.guests.guest import Selection
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.offering import Partnership
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.ports import PrintFault
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.badge import GiveBadgeSheet
from kiosk.gui.desk.acts.board import Acts
from kiosk.gui.desk.acts.closing import EveryoneOutSheet
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.reprint import ReprintSheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.words.acts import Decision, Situation, menu
from tests.gui_support import AT, GUESTS, SOMEBODY, Opened, opened
from tests.test_gui_design import LANGUAGES, SIZES, check_texts

WAITS = replace(SOMEBODY, selection=Selection.WAITING)
Sheet = TypeVar("Sheet", bound=Act)
ANSWER = Admission(Shown.DESK, AT, (Reason.GUEST_WAITING,), guest=WAITS, overridable=True)


pytestmark = pytest.mark.usefixtures("dressed")


def menus(kiosk: Opened) -> Iterator[str]:
    acts, say = kiosk.staff.acts, kiosk.staff._say
    acts.open_menu(ANSWER, WAITS.name, undoable=True)
    yield "possible"
    for admission in (
        None,
        replace(ANSWER, shown=Shown.REFUSE),
        replace(ANSWER, shown=Shown.ADMIT),
    ):
        acts.menu.offer(menu(Situation(admission, undoable=False, printable=False), say))
        yield "not possible"
        for digit in "1278":
            acts.menu.digit(digit)
            yield digit


def pages_of_register(kiosk: Opened) -> Iterator[str]:
    sheet = begin(kiosk.staff.acts, RegisterSheet, Decision.REGISTER)
    near = ("GreenDigi4X", "BalticLoop", "AtlanticTex")
    sheet.names.given.fill("Éva")
    sheet.go_on()
    yield "name missing"
    sheet.names.family.fill("Zorn")
    sheet.go_on()
    yield "group missing"
    sheet.partnership.entry.fill("GreenDigi4")
    sheet.partnership.show_found(Partnership("GreenDigi4", "", "GreenDigi4X", near))
    yield "offered"
    sheet.go_on()
    yield "meant"
    sheet.go_on()
    yield "terms"
    sheet.go_on()
    yield "cause missing"


def pages_of_substitute(kiosk: Opened) -> Iterator[str]:
    kiosk.staff.acts._admission = None
    sheet = begin(kiosk.staff.acts, SubstituteSheet, Decision.SUBSTITUTE)
    yield "nobody"
    sheet.go_on()
    yield "away missing"
    sheet.giver.suggest(GUESTS)
    yield "suggested"
    sheet.giver.press("1")
    yield "who comes"
    sheet.go_on()
    yield "coming missing"
    sheet.taker.suggest(GUESTS)
    yield "suggested"
    sheet.taker.press("2")
    yield "seats"


def pages_of_paper(kiosk: Opened) -> Iterator[str]:
    sheet = begin(kiosk.staff.acts, PaperSheet, Decision.PAPER)
    sheet.go_on()
    yield "nothing"
    for guest in GUESTS[:4]:
        sheet._chose(guest)
        sheet.go_on()
        yield "time missing"
        sheet.time.fill("8:15")
        sheet.go_on()
    sheet.finder.suggest(GUESTS)
    yield "written"


def other_pages(kiosk: Opened) -> Iterator[str]:
    acts = kiosk.staff.acts
    for decision in (Decision.ACCEPT, Decision.SEND_AWAY, Decision.UNDO):
        begin(acts, Act, decision).go_on()
        yield decision
    give = begin(acts, GiveBadgeSheet, Decision.GIVE_BADGE)
    yield "blank"
    give.number.fill("R2-017")
    give.take("blank:R2-017", None)
    give.go_on()
    yield "unknown"
    give.take("blank:R2-017", ReserveBadge(b"blank001", "Desk 2", "R2-017"))
    yield "found"
    closing = begin(acts, EveryoneOutSheet, Decision.EVERYONE_OUT)
    closing.take("inside", dict.fromkeys(closing.occasions.toggles, 148))
    yield "everyone"
    reprint = begin(acts, ReprintSheet, Decision.REPRINT)
    yield "reprint"
    reprint.wait()
    yield "printing"
    for fault in PrintFault:
        reprint.fail_printing(fault)
        yield fault


def recorded(kiosk: Opened) -> Iterator[str]:
    for asked in Asked:
        kiosk.window.show_admission(replace(ANSWER))
        kiosk.staff.show_done(asked, Done(guests=GUESTS[:2]))
        yield asked
    kiosk.staff.show_outcome(Asked.UNDO, NotDone(Reason.NOTHING_TO_UNDO))
    yield "not undone"


def begin(acts: Acts, kind: type[Sheet], decision: Decision) -> Sheet:
    acts._forget()
    acts.begin(decision)
    sheet = acts.sheet
    assert isinstance(sheet, kind)
    return sheet


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "pages",
    [menus, pages_of_register, pages_of_substitute, pages_of_paper, other_pages, recorded],
    ids=lambda pages: pages.__name__,
)
def test_no_text_of_a_sheet_is_clipped(
    pages: Callable[[Opened], Iterator[str]], size: tuple[int, int], language: str
) -> None:
    with opened(Mode.DESK, size, language) as kiosk:
        kiosk.window.show_admission(ANSWER)
        kiosk.staff.acts.open_menu(ANSWER, WAITS.name, undoable=True)
        for state in pages(kiosk):
            QApplication.processEvents()
            check_texts(kiosk, (pages.__name__, state))
        assert kiosk.window.size() == QSize(*size)
