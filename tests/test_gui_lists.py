"""The desk's lists and figures: who waits, the last answers, all occasions of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason
from kiosk.desk.admission import (
    Admission,
    Answered,
    BadgeSeen,
    Counters,
    OccasionFigures,
    PartnershipSeats,
    Passage,
    Person,
    Shown,
    Waiting,
)
from kiosk.desk.findings import Mode
from kiosk.gui.asked import OccasionState, Overview
from kiosk.gui.desk.candidate import CandidateRow
from kiosk.gui.desk.recent import AnswerCell, Kind, kind_of
from kiosk.gui.parts.controls import Pressable
from kiosk.gui.parts.style import Theme, Tint
from kiosk.gui.parts.text import Text
from kiosk.gui.words.phrases import Band, desk_card
from tests.door_window import ENTER, SPACE, band, press, words
from tests.gui_support import (
    AT,
    GUESTS,
    SOMEBODY,
    Opened,
    badge_of,
    dress,
    event,
    make_guest,
    opened,
    ready,
    see_desk,
    station,
    wordings,
)
from tests.test_gui_design import SPOOFS

F4, LAST, PAGE_DOWN = Qt.Key.Key_F4, Qt.Key.Key_R, Qt.Key.Key_PageDown
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        shown.window._timer.stop()
        yield shown


def tell(kiosk: Opened, *waiting: Waiting, recent: tuple[Answered, ...] = ()) -> None:
    kiosk.staff.tell_time(AT)
    kiosk.staff.show_overview(Overview(Counters(), recent, waiting))


def waits(number: int, minutes: int, *, scanned: bool = False) -> Waiting:
    guest = GUESTS[number]
    return Waiting(guest.id, AT - minutes * MINUTE, guest, guest.name, scanned)


def shown_names(kiosk: Opened) -> list[str]:
    rows = kiosk.staff.side.waiting.rows
    return [row._name.full for row in rows if row.isVisible()]


SIX = [waits(number, 10 - number) for number in range(6)]


# Who waits


def test_each_who_waits_is_told_with_how_long(kiosk: Opened) -> None:
    tell(kiosk, waits(1, 12), waits(2, 0))
    said = words(kiosk)
    assert "12 min" in said
    assert "< 1 min" in said
    kiosk.staff.tell_time(AT + MINUTE)
    assert "13 min" in words(kiosk)


def test_those_further_back_are_reached_with_a_key_a_touch_and_the_wheel(kiosk: Opened) -> None:
    tell(kiosk, *SIX)
    names = [guest.name for guest in GUESTS]
    assert shown_names(kiosk) == names[:3]
    press(kiosk, PAGE_DOWN)
    assert shown_names(kiosk) == names[3:]
    QTest.mouseClick(kiosk.staff.side.waiting.more, Qt.MouseButton.LeftButton)
    assert shown_names(kiosk) == names[:3]
    kiosk.staff.side.waiting.wheelEvent(wheel(-120))
    assert shown_names(kiosk) == names[1:4]
    kiosk.staff.side.waiting.wheelEvent(wheel(120))
    assert shown_names(kiosk) == names[:3]


def wheel(step: int) -> QWheelEvent:
    none = QPointF()
    return QWheelEvent(
        *(none, none, QPoint(), QPoint(0, step), Qt.MouseButton.NoButton),
        *(Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )


def test_the_digits_are_of_those_in_sight(kiosk: Opened, qtbot: QtBot) -> None:
    tell(kiosk, *SIX)
    press(kiosk, PAGE_DOWN, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == GUESTS[4].name)


def test_a_guest_checked_before_comes_in_with_one_digit_the_confirmations_and_enter(
    kiosk: Opened, qtbot: QtBot
) -> None:
    draft = station().draft(EntryAct.CHECK, SOMEBODY.id, "policy-day-1", EntryBasis.SCANNED)
    kiosk.journal.append([draft], AT - 4 * MINUTE)
    kiosk.desk.refresh(AT)
    qtbot.waitUntil(lambda: shown_names(kiosk) == [SOMEBODY.name])
    press(kiosk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: band(kiosk) is Band.READY)
    assert "contrôle fait à 08:43" in words(kiosk)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    qtbot.waitUntil(lambda: shown_names(kiosk) == [])


def test_who_is_scanned_while_a_card_waits_is_listed_apart_and_the_card_stays(
    kiosk: Opened, qtbot: QtBot
) -> None:
    kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    press(kiosk, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: band(kiosk) is Band.READY)
    press(kiosk, SPACE)
    kiosk.desk.sight((badge_of(GUESTS[3]),), kiosk.clock.now())
    qtbot.waitUntil(lambda: shown_names(kiosk) == ["Ana Martins"])
    assert "scanné ici" in words(kiosk)
    (row, *_) = kiosk.staff.side.waiting.rows
    assert row.colours()[1] is Tint.DESK
    assert kiosk.staff.card._name.full == SOMEBODY.name
    assert len(kiosk.staff.card.seen) == 1
    press(kiosk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Ana Martins")
    qtbot.waitUntil(lambda: shown_names(kiosk) == [SOMEBODY.name])


# The last answers


ANSWERS = (
    Answered(AT, Shown.ADMIT, "Usuaria F.", guest="g1"),
    Answered(AT, Shown.REFUSE, ""),
    Answered(AT, Shown.DESK, "Jānis B.", guest="g2"),
    Answered(AT, Shown.ADMIT, "Ana M.", left=True, guest="g4"),
    Answered(AT, Shown.ADMIT, "Léa L.", undone=True, guest="g5"),
)


def test_eight_answers_are_in_sight(kiosk: Opened) -> None:
    tell(kiosk, recent=(*ANSWERS, *ANSWERS[:3]))
    cells = kiosk.staff.side.recent.cells
    assert len(cells) == 8
    assert all(cell.isVisible() for cell in cells)


def test_an_answer_is_told_by_a_shape_and_spoken_with_its_word(kiosk: Opened) -> None:
    tell(kiosk, recent=ANSWERS)
    cells = kiosk.staff.side.recent.cells
    told = [cell.accessibleName() for cell in cells[:5]]
    assert told == [
        "08:47 Usuaria F. Entrée",
        "08:47 Refus",
        "08:47 Jānis B. Accueil",
        "08:47 Ana M. Sortie",
        "08:47 Léa L. annulé",
    ]
    assert [kind_of(each) for each in ANSWERS] == [
        *(Kind.ADMIT, Kind.REFUSE, Kind.DESK, Kind.LEFT, Kind.UNDONE)
    ]


def test_the_shapes_of_the_answers_differ_without_colour(qapp: QApplication) -> None:
    dress(qapp)
    drawn, place = [], QWidget()
    for answered in ANSWERS:
        cell = AnswerCell()
        cell.setParent(place)
        cell.tell(replace(answered, name="X", guest="g"), "", wordings()["en"])
        cell.resize(196, 34)
        left = cell.grab().toImage().copy(0, 0, 36, 34)
        drawn.append(left.convertToFormat(QImage.Format.Format_Grayscale8))
    assert all(one != other for one, other in pairwise(drawn))


def test_the_card_of_an_answer_is_brought_up_again_with_a_click(
    kiosk: Opened, qtbot: QtBot
) -> None:
    tell(kiosk, recent=ANSWERS)
    QTest.mouseClick(kiosk.staff.side.recent.cells[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Jānis Bērziņš")
    assert "Fiche" in words(kiosk)
    assert kiosk.journal.log == []
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "Maintenant le certificat" in words(kiosk))
    assert kiosk.journal.log == []


def test_a_key_brings_up_the_last_card_and_again_the_one_before(
    kiosk: Opened, qtbot: QtBot
) -> None:
    kiosk.desk.overview.disconnect(kiosk.staff.show_overview)
    tell(kiosk, recent=ANSWERS)
    for number in (0, 1, 3, 4, 0):
        press(kiosk, LAST)
        name = GUESTS[number].name
        qtbot.waitUntil(lambda name=name: kiosk.staff.card._name.full == name)  # type: ignore[misc]


def test_a_refusal_brings_up_nobody(kiosk: Opened) -> None:
    tell(kiosk, recent=ANSWERS)
    assert not kiosk.staff.side.recent.cells[1].isEnabled()


# Names have no say


def painted_without_names(kiosk: Opened) -> tuple[list[QRect], QImage]:
    """Where the lines of names are on the card, and all that is painted beside them."""
    QApplication.processEvents()
    card = kiosk.staff.card
    rows = [row for row in card.findChildren(CandidateRow) if row.isVisible()]
    texts = [card._name, card._birth, *(text for row in rows for text in row.findChildren(Text))]
    lines = [QRect(row.mapTo(card, QPoint()), row.size()) for row in rows]
    image = card.grab().toImage()
    painter = QPainter(image)
    for text in texts:
        painter.fillRect(QRect(text.mapTo(card, QPoint()), text.size()), Qt.GlobalColor.black)
    for line in lines:
        painter.fillRect(line.adjusted(8, 8, -40, -8), Qt.GlobalColor.black)
    painter.end()
    return lines, image


def test_a_name_changes_nothing_but_its_own_line_among_candidates(kiosk: Opened) -> None:
    seen = []
    for name in ["Usuaria", *SPOOFS]:
        guest = make_guest(given=name, family=name, organisation=name, partnership=name)
        person = Person(name, name, "1980", name)
        near = see_desk(Reason.NAME_NEAR_MISS)
        kiosk.window.show_admission(replace(near, person=person, candidates=(GUESTS[1], guest)))
        seen.append(painted_without_names(kiosk))
        assert kiosk.window.size() == QSize(1280, 800)
    assert all(each == seen[0] for each in seen[1:])


def test_marks_are_painted_under_the_letters_that_differ_and_nowhere_else(kiosk: Opened) -> None:
    near = see_desk(Reason.NAME_NEAR_MISS)
    person = Person("Lukasyk", "Zoe", "1990-01-01", "ZOE LUKASYK")
    kiosk.window.show_admission(replace(near, person=person, candidates=(GUESTS[2],)))
    QApplication.processEvents()
    name = kiosk.staff.card._name
    assert [name.full[start : start + length] for start, length in name.marks] == ["y"]
    amber, image = Theme.LIGHT.colour(Tint.DESK), name.grab().toImage()
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) == amber for y in range(image.height()))
    ]
    before = name.fontMetrics().horizontalAdvance("Zoe Lukas")
    letter = name.fontMetrics().horizontalAdvance("y")
    assert columns
    assert before - 2 <= columns[0] <= columns[-1] <= before + letter + 2


# Facts on the card


def facts(admission: Admission) -> dict[str, str]:
    return dict(desk_card(admission, wordings()["en"], station()).facts)


def test_the_card_tells_each_entry_of_today_with_time_and_door() -> None:
    passages = (
        Passage(AT - 30 * MINUTE, EntryAct.IN, "north"),
        Passage(AT - 20 * MINUTE, EntryAct.OUT, "north"),
        Passage(AT - 10 * MINUTE, EntryAct.OVERRIDE, "south"),
    )
    told = facts(replace(ready(), entries=passages))["Today"]
    assert told == "08:17 Porte Nord · left 08:27 · 08:37 Porte Sud (supervisor)"
    assert facts(ready())["Today"] == "not in yet"
    many = facts(replace(ready(), entries=passages * 2))["Today"]
    assert many.startswith("… · 08:37")


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (BadgeSeen.NOT_YET, "not shown yet"),
        (BadgeSeen.SHOWN, "shown · valid"),
        (BadgeSeen.FOUND, "not shown · found by name"),
    ],
)
def test_the_card_tells_what_is_known_of_the_badge(seen: BadgeSeen, told: str) -> None:
    assert facts(replace(ready(), badge=seen))["Badge"] == told


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        (0, "\u2068GreenDigi4X\u2069 · aucune place prise sur 2"),
        (1, "\u2068GreenDigi4X\u2069 · 1 place prise sur 2"),
        (2, "\u2068GreenDigi4X\u2069 · 2 places prises sur 2"),
    ],
)
def test_the_seats_of_the_partnership_are_told_as_one_says_it(taken: int, told: str) -> None:
    card = desk_card(replace(ready(), seats_taken=taken), wordings()["fr"], station())
    assert dict(card.facts)["Partenariat"] == told


# Figures


POLICY_1, POLICY_2, PARTNERING = event().occasions


def figures(occasion: Occasion, inside: int) -> OccasionFigures:
    return OccasionFigures(occasion, inside, 201, 212, 3, 9, 2, 4, 1)


def test_the_head_shows_the_figures_of_what_is_open_now_with_the_limit_of_its_room(
    kiosk: Opened,
) -> None:
    kiosk.staff.show_overview(Overview(Counters(1, 2, 3, 4), (), (), here=figures(POLICY_1, 150)))
    head = kiosk.staff.header.figures.figures
    assert [each._number.full for each in head.values()] == ["150/200", "201", "212", "3"]
    assert not head["present"].nearly_full


@pytest.mark.parametrize(("inside", "marked"), [(179, False), (180, True), (200, True)])
def test_a_room_is_marked_from_90_percent(kiosk: Opened, inside: int, marked: bool) -> None:
    present = kiosk.staff.header.figures.figures["present"]
    before = kiosk.staff.header.figures.grab().toImage()
    kiosk.staff.header.count(Counters(), figures(POLICY_1, inside))
    assert present.nearly_full is marked
    amber = Theme.LIGHT.colour(Tint.DESK)
    image = kiosk.staff.header.figures.grab().toImage()
    found = any(
        image.pixelColor(x, y) == amber
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    )
    assert found is marked
    assert image != before


def seats(name: str, came: int, expected: int, least: int = 1) -> PartnershipSeats:
    return PartnershipSeats(name, GUESTS[:came], GUESTS[:expected], least, 2, came)


def show_occasions(kiosk: Opened, *partnerships: PartnershipSeats) -> None:
    kiosk.desk.standing.disconnect(kiosk.staff.occasions.show_state)
    press(kiosk, F4)
    for occasion, inside in ((POLICY_2, 20), (PARTNERING, 119)):
        state = OccasionState(figures(occasion, inside), partnerships)
        kiosk.staff.occasions.show_state(occasion.id, state)


def test_all_occasions_of_the_day_stand_beside_each_other(kiosk: Opened) -> None:
    show_occasions(kiosk)
    columns = [each for each in kiosk.staff.occasions.columns if each.isVisible()]
    assert [column._room.full for column in columns] == ["20 / 200", "119 / 120"]
    said = words(kiosk)
    for text in ("Lecteur officiel", "Par un responsable", "Renvoyés", "09:00–13:00 · Hémicycle"):
        assert text in said
    tops = {column.mapTo(kiosk.window, QPoint()).y() for column in columns}
    assert len(tops) == 1


def test_partnerships_that_miss_somebody_and_those_with_too_many_are_named(kiosk: Opened) -> None:
    show_occasions(kiosk, seats("Alone", 0, 4), seats("Crowd", 3, 0), seats("Fine", 1, 0))
    said = words(kiosk)
    assert "3 pour 2 places" in said
    assert "0 sur 1 au moins" in said
    assert "Usuaria Ficticia, Jānis Bērziņš +2" in said
    assert "Fine" not in said
    (first, *_) = kiosk.staff.occasions.lines
    assert first._name.full == "Crowd"


def test_where_no_partnership_has_to_come_none_is_said_to_be_there(kiosk: Opened) -> None:
    show_occasions(kiosk)
    assert "Aucun partenariat n’est tenu de venir à cette partie." in words(kiosk)
    assert "Tous les partenariats attendus sont là." not in words(kiosk)


def test_further_partnerships_are_a_key_away(kiosk: Opened) -> None:
    show_occasions(kiosk, *(seats(f"P{number}", 0, 1) for number in range(7)))
    assert "P6" not in words(kiosk)
    press(kiosk, PAGE_DOWN)
    assert "P6" in words(kiosk)
    press(kiosk, PAGE_DOWN)
    assert "P0" in words(kiosk)


def test_the_figures_are_pressed_to_see_all_and_the_key_leads_back(
    kiosk: Opened, qtbot: QtBot
) -> None:
    kiosk.window.show_admission(ready())
    QTest.mouseClick(kiosk.staff.header.figures, Qt.MouseButton.LeftButton)
    page: QWidget = kiosk.staff.occasions
    assert page.isVisible()
    qtbot.waitUntil(
        lambda: "Policy event, 22 November" in kiosk.staff.occasions.columns[0]._name.full
    )
    press(kiosk, SPACE)
    assert kiosk.staff.card.seen == frozenset()
    press(kiosk, F4)
    assert not page.isVisible()
    assert kiosk.staff.hasFocus()


def test_tab_reaches_every_key_and_the_focus_is_seen_on_each(kiosk: Opened) -> None:
    tell(kiosk, *SIX, recent=ANSWERS)
    kiosk.window.show_admission(ready())
    reached: set[int] = set()
    for _ in range(60):
        QTest.keyClick(kiosk.window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(id(kiosk.window.focusWidget()))
    assert not kiosk.staff.finding  # whoever only passes by looks for nobody
    keys = [
        key
        for key in kiosk.window.findChildren(Pressable)
        if key.isVisible() and key.isEnabled() and key.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert len(keys) >= 17
    assert [key.accessibleName() for key in keys if id(key) not in reached] == []
