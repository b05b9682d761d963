"""What somebody is called changes nothing but the line that says it (security.md T15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from kiosk.core.reasons import Reason
from kiosk.desk.admission import (
    Admission,
    Answered,
    Found,
    OccasionFigures,
    PartnershipSeats,
    Person,
    Shown,
    Today,
)
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done
from kiosk.desk.settings import Settings
from kiosk.desk.supervising import Supervisor, Vouchers
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.desk.candidate import CandidateRow
from kiosk.gui.desk_thread import OccasionState
from kiosk.gui.parts.text import Text
from kiosk.gui.second.window import GuestWindow
from kiosk.gui.words.acts import Decision
from tests.door_window import press
from tests.gui_support import (
    AT,
    Opened,
    admit,
    guest_wordings,
    make_guest,
    opened,
    ready,
    see_desk,
    station,
    waiting,
)
from tests.test_gui_design import SPOOFS, without

STILL = Settings(reduced_motion=True)
NAMES = ["Usuaria Ficticia", *SPOOFS]


pytestmark = pytest.mark.usefixtures("dressed")


def places(window: QWidget) -> dict[str, tuple[int, ...]]:
    """Where everything that is seen stands, by its way from the window."""
    found: dict[str, tuple[int, ...]] = {}
    for number, each in enumerate(window.findChildren(QWidget)):
        inside = isinstance(each.parent(), CandidateRow)  # another script has a line more, inside
        if each.isVisible() and not inside:
            corner = each.mapTo(window, QPoint())
            found[f"{number} {type(each).__name__}"] = (
                corner.x(),
                corner.y(),
                each.width(),
                each.height(),
            )
    return found


def picture(window: QWidget) -> QImage:
    """The window without its lines of text."""
    lines = [
        QRect(each.mapTo(window, QPoint()), each.size())
        for kind in (Text, QLineEdit, CandidateRow)
        for each in window.findChildren(kind)
        if each.isVisible()
    ]
    return without(window.grab().toImage(), *lines)


def check(window: QWidget, show: Callable[[str], None], names: list[str] | None = None) -> None:
    """Show every name: the same places, the same picture around them, and no markup."""
    show(NAMES[0])  # what is shown for the first time may find its place
    QApplication.processEvents()
    first: tuple[dict[str, tuple[int, ...]], QImage] | None = None
    for name in names or NAMES:
        show(name)
        QApplication.processEvents()
        seen = places(window), picture(window)
        first = first or seen
        moved = {
            key: (at, seen[0].get(key)) for key, at in first[0].items() if seen[0].get(key) != at
        }
        assert not moved, (name[:40], moved)
        assert seen[0].keys() == first[0].keys(), name[:40]
        assert seen[1] == first[1], name[:40]
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


@pytest.fixture
def desk() -> Iterator[Opened]:
    with opened(Mode.DESK, language="en") as kiosk:
        yield kiosk


def test_of_the_results_of_a_search(desk: Opened) -> None:
    press(desk, Qt.Key.Key_F3)
    QTest.keyClicks(desk.staff.side.search, "u")
    finder = desk.staff.finder
    desk.desk.stop()
    QApplication.processEvents()

    def show(name: str) -> None:
        guest = make_guest(given=name, family="", organisation=name, partnership=name)
        finder._query = "u"
        finder.show_found("u", [Found(guest, Today.INSIDE, "north")] * 3)

    check(desk.window, show)


@pytest.mark.parametrize("count", [2, 5])
def test_of_candidates_and_what_tells_them_apart(desk: Opened, count: int) -> None:
    def show(name: str) -> None:
        guests = tuple(
            make_guest(n, name, "Ficticia", organisation=name, partnership=name)
            for n in range(1, count + 1)
        )
        person = Person("Ficticia", name, "1980-03-12", "USUARIA FICTICIA")
        reasons = (Reason.NOT_ON_LIST,)
        desk.window.show_admission(
            Admission(Shown.DESK, AT, reasons, None, guests, guests[0], person)
        )

    check(desk.window, show)


def test_of_those_who_wait_and_of_the_last_answers(desk: Opened) -> None:
    def show(name: str) -> None:
        guest = make_guest(given=name, family="", organisation=name)
        answers = (Answered(AT, Shown.ADMIT, name, guest="g1"),) * 8
        desk.staff.side.show_lists(waiting(guest, guest, guest), answers, undoable=True)

    check(desk.window, show)


def test_of_the_partnerships_that_are_waited_for(desk: Opened) -> None:
    press(desk, Qt.Key.Key_F4)
    occasions = desk.staff._station.event.occasions

    def show(name: str) -> None:
        guest = make_guest(given=name, family="", partnership=name)
        for occasion in occasions:
            figures = OccasionFigures(occasion, 1, 2, 3, 4, 5, 6, 7, 8)
            seats = tuple(PartnershipSeats(name, (), (guest,), 1, 2) for _ in range(12))
            desk.staff.occasions.show_state(occasion.id, OccasionState(figures, seats))

    desk.desk.stop()
    check(desk.window, show)


@pytest.mark.parametrize(
    "decision", [each for each in Decision if each not in (Decision.LET_OUT, Decision.UNDO)]
)
def test_of_the_sheets_of_staff(desk: Opened, decision: Decision) -> None:
    acts = desk.staff.acts
    desk.desk.stop()

    def show(name: str) -> None:
        guest = make_guest(given=name, family="", organisation=name, partnership=name)
        card = see_desk(Reason.GUEST_WAITING, guest=guest)
        acts.leave()
        desk.window.show_admission(replace(card, person=Person(name, name, name), overridable=True))
        press(desk, Qt.Key.Key_F8)
        acts.menu.chosen.emit(decision)
        sheet = acts.act(decision)
        people = (Supervisor("1", name), Supervisor("2", "Anna"))
        sheet.offer(Vouchers(sheet.action, people, needed=True))
        match sheet:
            case RegisterSheet():
                sheet.names.family.fill(name)
                sheet.partnership.entry.fill(name)
            case SubstituteSheet():
                sheet.giver.suggest([guest, guest])
            case PaperSheet():
                sheet.finder.chosen.emit(guest)
                sheet.time.fill("0815")
                sheet.go_on()
        desk.staff.setFocus()

    check(desk.window, show)

    def vouch(name: str) -> None:
        show(name)
        sheet = acts.act(decision)
        sheet._turn_to(len(sheet.questions))
        sheet.told.say(sheet.sentence() or name)

    if decision is not Decision.REPRINT:
        check(desk.window, vouch, NAMES[:9])


def test_of_what_was_recorded(desk: Opened) -> None:
    def show(name: str) -> None:
        guest = make_guest(given=name, family="")
        desk.staff.show_done(Asked.REGISTER, Done(guests=(guest,)))

    check(desk.window, show)


def test_of_whoever_checks_here(desk: Opened) -> None:
    board = desk.window.staff
    desk.desk.stop()

    def show(name: str) -> None:
        board.close()
        person = Supervisor("1", name)
        board._take_state(OnDuty(True, named=True, person=person, since=AT))
        board.hand_over()
        board._offer((person, Supervisor("2", "Anna")))

    check(desk.window, show)


@contextmanager
def beside() -> Iterator[tuple[Opened, GuestWindow]]:
    with opened(Mode.DESK, language="en") as kiosk:
        window = GuestWindow(station(), guest_wordings(), kiosk.clock, kiosk.desk, STILL)
        window.resize(1280, 800)
        window.show()
        try:
            yield kiosk, window
        finally:
            window.close()
            window.deleteLater()


@pytest.mark.parametrize("card", [ready(), admit(checked_only=False), see_desk(Reason.ROOM_FULL)])
def test_of_the_guest_s_side_of_a_desk(card: Admission) -> None:
    with beside() as (_, window):

        def show(name: str) -> None:
            window.show_admission(replace(card, guest=make_guest(given=name, family="")))
            window.screen_shown.answer.hold()  # type: ignore[union-attr]

        check(window, show)


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F5, Qt.Key.Key_F12, Qt.Key.Key_F6])
def test_no_key_brings_staff_s_sheets_to_the_guest_s_side(key: Qt.Key) -> None:
    with beside() as (kiosk, window):
        for _ in range(50):
            QTest.qWait(10)
            if window.staff.duty is not None:
                break
        assert window.staff.duty is not None
        QTest.keyClick(window, key)
        QTest.keyClick(window.screen_shown, key)
        assert not window.staff.is_open
        assert not window.pages.ready.is_open
        assert kiosk.window.isVisible()
