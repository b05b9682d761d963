"""What holds for every screen: contrast, fonts, plain text, nothing clipped, no name in charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.standing import Standing
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Answered, Counters, Person, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import Done, NotDone, Outcome
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame, Hint, ScannerNote, StorageNote
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.supervising import Supervisor, Vouchers
from kiosk.gui.desk_thread import Asked, Overview
from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.signs import SignBook
from kiosk.gui.parts.style import LEAST_TYPE, TEXT_ON, Style, Theme, Tint, install_fonts
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import Decision
from kiosk.gui.words.answers import Sign
from kiosk.gui.words.wording import at_the_door
from tests.fakes.journal import MemoryJournal
from tests.gui_support import (
    ASSETS,
    AT,
    GUESTS,
    PERSON,
    SOMEBODY,
    Opened,
    admit,
    awaiting,
    make_guest,
    opened,
    ready,
    refuse,
    see_desk,
    station,
    waiting,
)

SIZES = [(1024, 600), (1280, 800), (1366, 768), (1920, 1080), (1080, 1920)]
LANGUAGES = ["fr", "en"]
CAMERA = "Logitech HD Pro Webcam C920 (046d:082d)"  # as long as the names of webcams get
SPOOFS = [
    "<img src='/etc/hostname' width=9999 height=9999>",
    "DUPONT<br>VALIDE ✅",
    "<h1 style='background:green'>ADMIS</h1>",
    "</p><b>ok</b>&nbsp;&#9989;",
    "\u202egnorw si emaN",
    "\u2067\u2067\u2067abc",
    "\u2069\u2069 out of the isolate",
    "שרה כהן",
    "محمد بن عبد الله",
    "\u200f\u200f\u200f",
    "Z̸̡̢̛̗̘̙̜̝̞̟̠" * 20,
    "é" * 400,
    "A" * 10_000,
    "Wolfeschlegelsteinhausenbergerdorff" * 3,
    "line one\nline two\r\nline three",
    "tab\tand\x00nul\x1b[32mgreen",
    "✅✅✅ 🟢🟢🟢",
    "ＦＵＬＬ ＷＩＤＴＨ",
    "{given} {0} %s %n",
    "𝕌𝕤𝕦𝕒𝕣𝕚𝕒 ﷽﷽﷽",
]


pytestmark = pytest.mark.usefixtures("dressed")


def linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)


def luminance(colour: QColor) -> float:
    """WCAG 2.1, relative luminance."""
    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(("text", "surface"), TEXT_ON)
def test_text_stands_out_from_its_surface(text: Tint, surface: Tint, theme: Theme) -> None:
    least = 7 if theme is Theme.CONTRAST else 4.5  # WCAG 2.1, 1.4.6 AAA and 1.4.3 AA
    assert contrast(theme.colour(text), theme.colour(surface)) >= least


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("surface", [Tint.CARD, Tint.PAPER])
def test_the_focus_ring_stands_out_from_the_page(surface: Tint, theme: Theme) -> None:
    assert contrast(theme.colour(Tint.ACCENT), theme.colour(surface)) >= 3  # 1.4.11 AA


def test_the_bundled_font_is_used_in_its_three_weights() -> None:
    for weight in (400, 600, 700):
        info = QFontInfo(Style().font(18, weight))
        assert (info.family(), info.weight()) == ("Inter", weight)


def test_fonts_that_are_missing_are_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="unpack the program again"):
        install_fonts(tmp_path)


def test_signs_that_are_missing_are_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="unpack the program again"):
        SignBook(tmp_path)


def test_the_font_comes_with_its_licence() -> None:
    for licence in ("OFL.txt", "OFL-Noto.txt"):
        assert "SIL OPEN FONT LICENSE" in (ASSETS / "fonts" / licence).read_text(encoding="utf-8")


def test_the_three_signs_differ_in_grey() -> None:
    book, drawn = SignBook(ASSETS / "signs"), []
    for sign in Sign:
        image = QImage(QSize(64, 64), QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        book.paint(sign, painter, QRectF(image.rect()))
        painter.end()
        drawn.append(image.convertToFormat(QImage.Format.Format_Alpha8))
    assert all(one != other for one, other in combinations(drawn, 2))


@pytest.mark.parametrize(
    ("size", "factor", "portrait"),
    [
        ((1280, 800), 1.0, False),
        ((1024, 600), 0.75, False),
        ((1920, 1080), 1.35, False),
        ((1080, 1920), 1.35, True),
    ],
)
def test_the_design_scales_with_the_window(
    size: tuple[int, int], factor: float, portrait: bool
) -> None:
    assert Style.of(QSize(*size)) == Style(factor, portrait)


# Every state of both screens

SELF_STATES = [
    Admission(Shown.ONE_AT_A_TIME, AT),
    awaiting(Shown.AWAIT_BADGE),
    awaiting(Shown.AWAIT_CERTIFICATE),
    admit(),
    admit(checked_only=False),
    admit(way=Way.AGAIN),
    admit(replace(SOMEBODY, given="")),
    see_desk(Reason.NAMES_DIFFER),
    see_desk(Reason.CODE_NOT_READ),
    refuse(),
]
DESK_STATES = [
    Admission(Shown.ONE_AT_A_TIME, AT),
    awaiting(Shown.AWAIT_BADGE),
    awaiting(Shown.AWAIT_CERTIFICATE, SOMEBODY),
    ready(),
    replace(ready(), has_certificate=False, standing=Standing(checked=True)),
    replace(ready(), standing=Standing(admitted=True)),
    replace(ready(), standing=Standing(admitted=True, inside_at="south")),
    admit(),
    admit(checked_only=False),
    admit(way=Way.AGAIN, checked_only=False),
    admit(way=Way.ALREADY, checked_only=False),
    *(see_desk(reason, guest=SOMEBODY) for reason in Reason if at_the_door(reason)),
    see_desk(Reason.NAMES_DIFFER, Reason.ROOM_FULL, Reason.SEATS_TAKEN, guest=SOMEBODY),
    replace(see_desk(Reason.SEVERAL_GUESTS), person=PERSON, candidates=GUESTS[:5]),
    replace(see_desk(Reason.PAIR_CROSSED, guest=SOMEBODY), candidates=GUESTS[1:2]),
    refuse(),
]
BUSY = Overview(
    Counters(148, 161, 212, 13, 9),
    (
        Answered(AT, Shown.ADMIT, "Usuaria F."),
        Answered(AT, Shown.DESK, "Jānis B."),
        Answered(AT, Shown.ADMIT, "Ana M.", left=True),
        Answered(AT, Shown.REFUSE, ""),
    ),
    waiting(*GUESTS[1:5]),
)


RECORDS = MemoryJournal().append(
    [
        station().draft(act, SOMEBODY.id, "", EntryBasis.SCANNED)
        for act in (EntryAct.IN, EntryAct.OUT, EntryAct.NOTE)
    ],
    AT,
)
OUTCOMES: list[Outcome] = [
    *(Done((record,), (SOMEBODY,)) for record in RECORDS),
    Done(RECORDS, GUESTS[:2]),
    Done(RECORDS),
    Done(RECORDS[:1]),
    *(NotDone(reason) for reason in (Reason.NOTHING_TO_UNDO, Reason.SEAT_IN_USE)),
    NotDone(Reason.STORAGE_TROUBLE),
]


def visible_texts(kiosk: Opened) -> Iterator[tuple[Text, QRect]]:
    for label in kiosk.window.findChildren(Text):
        if label.isVisible() and label.full:
            yield label, QRect(label.mapTo(kiosk.window, QPoint()), label.size())


def lies_inside(label: QWidget) -> bool:
    """Whether nothing that a widget lies in cuts it off."""
    above: QWidget | None = label.parentWidget()
    while above is not None:
        place = QRect(label.mapTo(above, QPoint()), label.size())
        if not above.rect().contains(place):
            return False
        above = None if above.isWindow() else above.parentWidget()
    return True


def check_texts(kiosk: Opened, state: object) -> None:
    shown = list(visible_texts(kiosk))
    for label, _ in shown:
        a_name = isinstance(label.parentWidget(), NameRow)  # may end in an ellipsis
        assert a_name or not label.cut, (state, label.full)
        assert a_name or label.text() == label.full
        assert label.font().pixelSize() >= LEAST_TYPE
        metrics = label.fontMetrics()
        flags = int(Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine)
        room = label.contentsRect()
        box = metrics.boundingRect(QRect(0, 0, room.width(), 9999), flags, label.text())
        assert box.width() <= room.width() + 1, (state, label.full)
        assert box.height() <= room.height(), (state, label.full)
        assert lies_inside(label), (state, label.full)
    for (one, here), (other, there) in combinations(shown, 2):
        assert not here.intersects(there), (state, one.full, other.full)


def check_hints(kiosk: Opened) -> None:
    """Each hint upon the camera's picture."""
    kiosk.window.show_frame(Frame(np.zeros((48, 64), np.uint8), 1))
    for hint in Hint:
        kiosk.window.show_hint(hint)
        QApplication.processEvents()
        check_texts(kiosk, hint)
    kiosk.window.show_hint(None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_guest_s_screen_is_clipped(size: tuple[int, int], language: str) -> None:
    with opened(Mode.SELF, size, language) as kiosk:
        check_texts(kiosk, "camera starts")
        for fault in CameraFault:
            kiosk.window.camera_trouble(CameraTrouble(fault, CAMERA))
            check_texts(kiosk, fault)
        for note in set(ScannerNote) - {ScannerNote.LEARNT, ScannerNote.NOT_LEARNT}:
            kiosk.guest.tell_scanner(note)
            check_texts(kiosk, note)
        check_hints(kiosk)
        for state in SELF_STATES:
            kiosk.window.show_admission(state)
            QApplication.processEvents()
            check_texts(kiosk, state)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_the_desk_is_clipped(size: tuple[int, int], language: str) -> None:
    with opened(Mode.DESK, size, language) as kiosk:
        check_texts(kiosk, "nobody yet")
        kiosk.staff.show_overview(BUSY)
        kiosk.window.tell_list_age(AT.date(), revocation=True)
        check_texts(kiosk, "revocation list")
        kiosk.window.tell_list_age(AT.date())
        for note in (*ScannerNote, None):
            kiosk.staff.tell_scanner(note)
            check_texts(kiosk, note)
        for told in StorageNote:
            kiosk.staff.header.tell_storage(told)
            check_texts(kiosk, told)
        for state in DESK_STATES:
            kiosk.window.show_admission(state)
            QApplication.processEvents()
            check_texts(kiosk, state)
        for fault in CameraFault:
            kiosk.window.camera_trouble(CameraTrouble(fault, CAMERA))
            check_texts(kiosk, fault)
        check_hints(kiosk)
        kiosk.staff.show_left(True, SOMEBODY.id)
        check_texts(kiosk, "left")
        kiosk.staff.show_left(False, SOMEBODY.id)
        check_texts(kiosk, "not inside")
        for outcome in OUTCOMES:
            kiosk.window.show_admission(ready())
            kiosk.staff.show_outcome(Asked.UNDO, outcome)
            QApplication.processEvents()
            check_texts(kiosk, outcome)
        kiosk.staff.show_closed("program_trouble")
        check_texts(kiosk, "closed")


PEOPLE = (Supervisor("1", "Sara Éxample"), Supervisor("2", "Ana-Maria Popescu-Example"))
DENIALS = [*(Denied(why, wait) for why in Why for wait in (899.5, 12.0)), Denied(Why.WRONG, 0, 1)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_a_supervisor_s_sheet_is_clipped(size: tuple[int, int], language: str) -> None:
    with opened(Mode.DESK, size, language) as kiosk:
        kiosk.staff.show_overview(BUSY)
        kiosk.window.show_admission(replace(ready(), overridable=True))
        acts = kiosk.staff.acts
        sheet = acts.act(Decision.OVERRIDE)
        acts.open_menu(replace(ready(), overridable=True), "Usuaria Ficticia", undoable=True)
        acts.menu.chosen.emit(Decision.OVERRIDE)
        QApplication.processEvents()
        check_texts(kiosk, "causes")
        for people in ((), PEOPLE[1:], PEOPLE):
            sheet.offer(Vouchers(sheet.action, people, needed=True))
            sheet.digit("1")
            QApplication.processEvents()
            check_texts(kiosk, people)
        for what in ("sheet.wait", "override.choose", "pin.type", "sheet.stale"):
            sheet.tell(what)
            check_texts(kiosk, what)
        for denied in DENIALS:
            sheet.deny(denied)
            check_texts(kiosk, denied)
        for reason in (Reason.OVERRIDE_NOT_POSSIBLE, Reason.STORAGE_TROUBLE):
            acts.take_outcome(Asked.OVERRIDE, NotDone(reason))
            check_texts(kiosk, reason)
        assert kiosk.window.size() == QSize(*size)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_label_is_plain_text(mode: Mode) -> None:
    with opened(mode) as kiosk:
        labels = kiosk.window.findChildren(QLabel)
        assert len(labels) > 10
        for label in labels:
            assert isinstance(label, Text)
            assert label.textFormat() is Qt.TextFormat.PlainText


# No name has a say in the verdict (security.md T15)


def without(image: QImage, *places: QRect) -> QImage:
    painter = QPainter(image)
    for place in places:
        painter.fillRect(place, Qt.GlobalColor.black)
    painter.end()
    return image


@pytest.mark.parametrize("size", [(1280, 800), (1080, 1920)])
def test_colour_and_area_of_the_guest_s_answer_never_depend_on_the_name(
    size: tuple[int, int],
) -> None:
    with opened(Mode.SELF, size) as kiosk:
        seen = []
        for name in ["Usuaria", *SPOOFS]:
            kiosk.window.show_admission(admit(make_guest(given=name)))
            QApplication.processEvents()
            title = kiosk.guest.answer._title
            place = QRect(title.mapTo(kiosk.window, QPoint()), title.size())
            seen.append((place, without(kiosk.window.snapshot().toImage(), place)))
        assert all(each == seen[0] for each in seen[1:])


def test_colour_and_area_of_the_desk_s_answer_never_depend_on_the_name() -> None:
    with opened(Mode.DESK) as kiosk:
        seen = []
        for name in ["Usuaria", *SPOOFS]:
            guest = make_guest(given=name, family=name, organisation=name, partnership=name)
            kiosk.window.show_admission(replace(ready(guest), person=Person(name, name, name)))
            QApplication.processEvents()
            card = kiosk.staff.card
            image = kiosk.window.snapshot().toImage()
            names = [label for label in card.findChildren(Text) if label is not card.band._title]
            places = [QRect(each.mapTo(kiosk.window, QPoint()), each.size()) for each in names]
            seen.append((card.band.grab().toImage(), places, without(image, *places)))
        assert all(each == seen[0] for each in seen[1:])


def test_a_name_is_never_more_than_one_line_of_its_place() -> None:
    with opened(Mode.DESK) as kiosk:
        for name in SPOOFS:
            kiosk.window.show_admission(ready(make_guest(given=name, family="")))
            assert kiosk.window.size() == QSize(1280, 800)
