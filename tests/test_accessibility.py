"""What screen readers are told, and what the focus does: through Qt's own interfaces."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import kiosk.gui.announcer
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.settings import Look, Settings
from kiosk.desk.supervising import Vouchers
from kiosk.gui.desk.acts.board import SHEETS
from kiosk.gui.parts import text as text_module
from kiosk.gui.parts.accessible import Access
from kiosk.gui.parts.controls import Pressable, SideKey, Toggle
from kiosk.gui.parts.fields import PinField
from kiosk.gui.parts.sheet import Sheet
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Theme, Tint, column
from kiosk.gui.parts.text import StatusText
from kiosk.gui.words.acts import Decision
from tests.gui_support import (
    AT,
    Opened,
    admit,
    awaiting,
    opened,
    ready,
    refuse,
    see_desk,
)
from tests.houses import furnished
from tests.test_gui_design import BUSY, DESK_STATES, PEOPLE, SELF_STATES, contrast

Role, Name = QAccessible.Role, QAccessible.Text.Name
SAID_BY_QT = (QLineEdit,)  # they paint a frame around what Qt tells of anyway
STATES = {Mode.SELF: SELF_STATES, Mode.DESK: DESK_STATES}


pytestmark = pytest.mark.usefixtures("dressed")


def told(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def tree(part: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """A part and all that is in it, without what is not shown."""
    if part.state().invisible:
        return
    yield part
    for number in range(part.childCount()):
        inside = part.child(number)
        if inside is not None:
            yield from tree(inside)


def classes(of: type[QWidget]) -> Iterator[type[QWidget]]:
    for each in of.__subclasses__():
        yield each
        yield from classes(each)


def test_every_part_that_paints_itself_says_what_it_is() -> None:
    painted = [
        each
        for each in classes(QWidget)
        if each.__module__.startswith("kiosk.") and "paintEvent" in vars(each)
    ]
    assert len(painted) > 15
    for each in painted:
        said = isinstance(getattr(each, "access", None), Access)
        assert said or issubclass(each, (*SAID_BY_QT, text_module.Text)), each


@pytest.mark.parametrize("mode", list(Mode))
def test_whatever_is_shown_has_a_role_and_a_name_and_decoration_is_left_out(mode: Mode) -> None:
    with opened(mode) as kiosk:
        if mode is Mode.DESK:
            kiosk.staff.show_overview(BUSY)
        for state in STATES[mode]:
            kiosk.window.show_admission(state)
            QApplication.processEvents()
            nodes = list(tree(told(kiosk.window)))
            assert len(nodes) > 2
            for node in nodes:
                part = node.object()
                if node.childCount() or (isinstance(part, text_module.Text) and not part.full):
                    continue  # a group, or a place with nothing in it
                if not node.text(Name):
                    assert type(part) is QWidget, (state, part)  # an empty page
                    continue
                access = getattr(type(part), "access", None)
                assert not (access and access.silent), part


@pytest.mark.parametrize("mode", list(Mode))
def test_whatever_takes_the_focus_has_a_name_and_a_role_of_its_own(mode: Mode) -> None:
    with opened(mode) as kiosk:
        check_stops(kiosk, "the screen")


def test_so_it_has_on_the_pages_of_a_guest() -> None:
    with opened(Mode.SELF) as kiosk:
        kiosk.guest.can_listen = lambda _: True
        for page in (kiosk.guest.languages, kiosk.guest.notice):
            kiosk.guest.open_page(page)
            check_stops(kiosk, page)


def test_so_it_has_on_the_sheets_of_staff_and_each_sheet_has_a_name() -> None:
    with opened(Mode.DESK) as kiosk:
        acts = kiosk.staff.acts
        acts.open_menu(ready(), "Usuaria Ficticia", undoable=True)
        check_stops(kiosk, "the menu")
        for decision in SHEETS:
            act = acts.act(decision)
            acts.begin(decision)
            act.offer(Vouchers(act.action, PEOPLE, needed=True))
            check_stops(kiosk, decision)
            assert told(act).role() is Role.Dialog
            assert told(act).text(Name), decision
            acts.leave()


def test_so_it_has_on_the_pages_of_staff(qtbot: QtBot) -> None:
    with opened(Mode.DESK) as kiosk:
        kiosk.window.activateWindow()
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        furnished(kiosk)
        pages = kiosk.window.pages
        for page in (pages.ready, pages.settings, pages.closing):
            page.open()
            told_by_the_desk(qtbot, page.sheet)
            check_stops(kiosk, page)
            assert told(page.sheet).text(Name), page
            page.sheet.left.emit()


def told_by_the_desk(qtbot: QtBot, sheet: Sheet) -> None:
    qtbot.waitUntil(lambda: not sheet.busy)


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600), (1080, 1920)])
def test_every_key_of_a_guest_is_as_large_as_a_finger_needs_it(size: tuple[int, int]) -> None:
    with opened(Mode.SELF, size) as kiosk:
        kiosk.guest.can_listen = lambda _: True
        least = Style.of(QSize(*size)).px(KEY_HEIGHT)
        for page in (None, kiosk.guest.languages, kiosk.guest.notice):
            if page is not None:
                kiosk.guest.open_page(page)
            QApplication.processEvents()
            keys = [key for key in focusable(kiosk) if isinstance(key, Pressable)]
            assert len(keys) > 1
            for key in keys:
                assert min(key.width(), key.height()) >= least, key.accessibleName()


def check_stops(kiosk: Opened, where: object) -> None:
    """Each stop of the focus can be told from nothing, and from a mere surface."""
    QApplication.processEvents()
    stops = focusable(kiosk)
    assert len(stops) > 1, where
    for each in stops:
        assert told(each).text(Name), (where, each)
        assert told(each).role() in {
            Role.Button,
            Role.CheckBox,
            Role.RadioButton,
            Role.EditableText,
        }, (where, each)


def focusable(kiosk: Opened) -> list[QWidget]:
    """What Tab may reach now."""
    return [
        each
        for each in kiosk.window.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and isinstance(each, Pressable | QLineEdit)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_a_confirmation_tells_whether_it_was_given_and_can_be_given_by_a_screen_reader() -> None:
    with opened(Mode.DESK) as kiosk:
        kiosk.window.show_admission(ready())
        toggle = next(iter(kiosk.staff.card.toggles.values()))
        part = told(toggle)
        assert (part.role(), part.state().checkable, part.state().checked) == (Role.CheckBox, 1, 0)
        acts = part.actionInterface()
        assert acts is not None
        acts.doAction(acts.actionNames()[0])
        assert toggle.isChecked()
        assert part.state().checked == 1


def test_a_key_that_cannot_be_used_is_told_as_such_and_not_pressed(qtbot: QtBot) -> None:
    key = SideKey(72)
    qtbot.addWidget(key)
    key.name("Leaves", "F7")
    pressed: list[bool] = []
    key.clicked.connect(lambda: pressed.append(True))
    part = told(key)
    assert (part.role(), part.text(Name), part.childCount()) == (Role.Button, "Leaves (F7)", 0)
    acts = part.actionInterface()
    assert acts is not None
    (press, _) = acts.actionNames()
    key.setEnabled(False)
    assert part.state().disabled == 1
    assert acts.actionNames() == []
    acts.doAction(press)
    assert not pressed
    key.setEnabled(True)
    acts.doAction(press)
    assert pressed


def test_the_digits_of_a_pin_are_told_to_nobody(qtbot: QtBot) -> None:
    field = PinField()
    qtbot.addWidget(field)
    field.setText("482915")
    part = told(field)
    assert part.state().passwordEdit == 1
    words = part.textInterface()
    assert words is not None
    shown = words.text(0, words.characterCount())
    assert not any(letter.isdigit() for letter in shown + part.text(QAccessible.Text.Value))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What a screen reader is told to say, and whether at once."""
    heard: list[tuple[str, bool]] = []

    def announce(_about: QWidget, text: str, *, urgent: bool = False) -> None:
        if text:
            heard.append((text, urgent))

    monkeypatch.setattr(kiosk.gui.announcer, "announce", announce)
    monkeypatch.setattr(text_module, "announce", announce)
    return heard


@pytest.mark.parametrize(
    ("admission", "urgent"),
    [
        (admit(), True),
        (see_desk(Reason.NAMES_DIFFER), True),
        (refuse(), True),
        (awaiting(Shown.AWAIT_BADGE), False),
        (Admission(Shown.ONE_AT_A_TIME, AT), False),
    ],
)
def test_an_answer_is_said_at_once_and_a_step_when_there_is_time(
    admission: Admission, urgent: bool, said: list[tuple[str, bool]], qtbot: QtBot
) -> None:
    with opened(Mode.SELF) as kiosk:
        said.clear()
        kiosk.window.show_admission(admission)
        qtbot.waitUntil(lambda: bool(said))
        assert said == [(kiosk.guest.spoken, urgent)]


def test_the_desk_s_answer_is_said_once_with_the_guest_s_name(
    said: list[tuple[str, bool]], qtbot: QtBot
) -> None:
    with opened(Mode.DESK) as kiosk:
        card = ready()
        kiosk.window.show_admission(card)
        kiosk.window.show_admission(card)
        kiosk.window.show_admission(refuse())
        qtbot.waitUntil(lambda: len(said) >= 2)
        assert len(said) == 2
        assert all(urgent for _, urgent in said)
        assert kiosk.staff.card.band.accessibleName().split(".")[0] in said[1][0]


def test_a_pin_that_does_not_do_is_said(said: list[tuple[str, bool]]) -> None:
    with opened(Mode.DESK) as kiosk:
        kiosk.window.show_admission(replace(ready(), overridable=True))
        sheet = kiosk.staff.acts.act(Decision.OVERRIDE)
        sheet.deny(Denied(Why.WRONG, 0, 2))
        assert (sheet.told.full, False) in said


def test_what_changes_is_said_once(said: list[tuple[str, bool]], qtbot: QtBot) -> None:
    label = StatusText()
    qtbot.addWidget(label)
    for words in ("one", "one", "", "two"):
        label.say(words)
    assert said == [("one", False), ("two", False)]


# The focus


@pytest.mark.parametrize("size", [(1280, 800), (1080, 1920)])
@pytest.mark.parametrize("mode", list(Mode))
def test_tab_reaches_whatever_can_be_pressed_and_comes_back(
    mode: Mode, size: tuple[int, int]
) -> None:
    with opened(mode, size) as kiosk:
        kiosk.window.activateWindow()
        if mode is Mode.DESK:
            kiosk.staff.show_overview(replace(BUSY, undoable=True))
            kiosk.window.show_admission(ready())
        QApplication.processEvents()
        wanted, reached = focusable(kiosk), []
        for _ in range(60):
            QTest.keyClick(QApplication.focusWidget() or kiosk.window, Qt.Key.Key_Tab)
            here = QApplication.focusWidget()
            assert here is not None
            if here in reached:
                break
            reached.append(here)
        assert [each for each in wanted if each not in reached and not grouped(each)] == []
        assert focusable(kiosk) == wanted, "whoever walks past changes nothing (WCAG 3.2.1)"


def grouped(each: QWidget) -> bool:
    """One of several of which the chosen one alone is a stop; arrows go to the others."""
    group = each.group() if isinstance(each, Pressable) else None
    return group is not None and group.exclusive() and not each.hasFocus()


@pytest.mark.parametrize("theme", list(Theme))
def test_the_focus_is_seen_on_every_part_that_takes_it(theme: Theme) -> None:
    with opened(Mode.DESK) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        kiosk.staff.show_overview(replace(BUSY, undoable=True))
        kiosk.window.show_admission(ready())
        kiosk.window.activateWindow()
        ring = theme.colour(Tint.ACCENT)
        parts = focusable(kiosk)
        assert len(parts) > 8
        for part in parts:
            kiosk.staff.setFocus()
            without = pixels(part)
            part.setFocus(Qt.FocusReason.TabFocusReason)
            changed = np.any(pixels(part) != without, axis=2)
            assert changed.sum() > 2 * part.width(), "two pixels above and below (WCAG 2.4.7)"
            away = np.abs(pixels(part)[changed] - [ring.blue(), ring.green(), ring.red()])
            assert (away.max(axis=1) < 8).any(), part
        assert contrast(ring, theme.colour(Tint.PAPER)) >= 3


def pixels(part: QWidget) -> np.ndarray:
    """Shape (height, width, 3), blue, green, red."""
    image = part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    whole = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return whole[:, : image.width(), :3].astype(int)


def test_parts_come_and_go_under_a_screen_reader(qapp: QApplication, qtbot: QtBot) -> None:
    for _ in range(200):
        box, key = QWidget(), Toggle(48)
        qtbot.addWidget(box)
        key.name("Mask", "M")
        box.setLayout(column().put(key, 8))
        part = told(box)
        assert [each.text(Name) for each in tree(part.child(0))] in ([], ["Mask (M)"])
        box.deleteLater()
        qapp.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    gc.collect()


def test_who_wants_stillness_gets_it() -> None:
    with opened(Mode.SELF) as kiosk:
        kiosk.window.take_settings(Settings(reduced_motion=True))
        moving, preview = kiosk.guest.scan.words.moving, kiosk.guest.preview
        assert not moving.moving
        assert preview._guide_size() == 1.0
        kiosk.window.show_admission(admit())
        shares = set()
        for _ in range(20):
            kiosk.clock.go(timedelta(seconds=0.05))
            kiosk.guest.answer.advance()
            shares.add(kiosk.guest.answer._bar._left)
        assert len(shares) <= 2, "the bar goes by whole seconds"
        kiosk.window.take_settings(Settings())
        kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
        assert moving.moving


def test_high_contrast_and_large_text_are_one_setting_away() -> None:
    with opened(Mode.SELF) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look.CONTRAST, large_text=True))
        QApplication.processEvents()
        place = kiosk.window.snapshot().toImage().pixelColor(QPoint(2, 400))
        assert place == Theme.CONTRAST.colour(Tint.PAPER)
