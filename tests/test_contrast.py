"""Contrast as it is painted: every text of every screen on the surface that lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame, Hint, StorageNote
from kiosk.desk.readiness import Item
from kiosk.desk.settings import Look, Settings
from kiosk.desk.supervising import Vouchers
from kiosk.gui.desk.acts.board import SHEETS
from kiosk.gui.parts.style import TEXT_ON, Theme
from kiosk.gui.parts.text import Text
from tests.gui_support import AT, opened, ready
from tests.houses import furnished
from tests.staffed import StaffedHouse
from tests.test_gui_design import BUSY, CAMERA, DESK_STATES, PEOPLE, SELF_STATES, contrast

STATES = {Mode.SELF: SELF_STATES, Mode.DESK: DESK_STATES}


pytestmark = pytest.mark.usefixtures("dressed")


def painted(window: QWidget) -> NDArray[np.uint32]:
    """The window's pixels, shape (height, width), 0xffRRGGBB."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(image.constBits(), np.uint32)
    return whole.reshape(image.height(), -1)[:, : image.width()].copy()  # the image goes


def behind(label: QWidget, pixels: NDArray[np.uint32]) -> QColor:
    """The colour that most of a label's place has: letters cover less than half of it."""
    window = label.window()
    place = label.rect().translated(label.mapTo(window, QPoint()))
    piece = pixels[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
    colours, counts = np.unique(piece, return_counts=True)
    return QColor.fromRgb(int(colours[counts.argmax()]))


def texts(inside: QWidget) -> Iterator[tuple[str, QColor, QWidget]]:
    """What is to be read, its colour, and where."""
    for label in inside.findChildren(Text):
        if label.isVisible() and label.full:
            yield label.full, label.palette().color(QPalette.ColorRole.WindowText), label
    for field in inside.findChildren(QLineEdit):
        if field.isVisible() and field.isEnabled():
            yield field.placeholderText(), field.palette().placeholderText().color(), field
            yield field.text(), field.palette().color(QPalette.ColorRole.Text), field


def check(inside: QWidget, theme: Theme, state: object) -> int:
    """How many texts were looked at."""
    pixels = painted(inside.window())
    known = {(theme.colour(t).rgb(), theme.colour(s).rgb()) for t, s in TEXT_ON}
    least, count = 7 if theme is Theme.CONTRAST else 4.5, 0
    for words, colour, label in texts(inside):
        surface = behind(label, pixels)
        pair = f"{words!r}: {colour.name()} on {surface.name()} ({theme}, {state})"
        assert contrast(colour, surface) >= least, pair
        assert (colour.rgb(), surface.rgb()) in known, pair
        count += 1
    return count


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("mode", list(Mode))
def test_every_text_stands_on_a_surface_that_it_is_held_to_aa_with(
    mode: Mode, theme: Theme
) -> None:
    with opened(mode) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        looked = check(kiosk.window, theme, "nobody yet")
        for state in STATES[mode]:
            kiosk.window.show_admission(state)
            QApplication.processEvents()
            looked += check(kiosk.window, theme, state)
        kiosk.window.show_frame(Frame(np.full((48, 64), 200, np.uint8), 1))
        kiosk.window.show_hint(Hint.CLOSER)
        QApplication.processEvents()
        looked += check(kiosk.window, theme, Hint.CLOSER)
        kiosk.window.camera_trouble(CameraTrouble(CameraFault.NOT_CONNECTED, CAMERA))
        QApplication.processEvents()
        looked += check(kiosk.window, theme, "no camera")
        assert looked > 60


@pytest.mark.parametrize("theme", list(Theme))
def test_banner_lists_and_sheets_of_the_desk_too(theme: Theme) -> None:
    with opened(Mode.DESK) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        kiosk.staff.show_overview(replace(BUSY, undoable=True))
        kiosk.window.tell_list_age(AT.date())
        check(kiosk.window, theme, "an old list")
        kiosk.desk.storage_note.emit(StorageNote.FULL)
        kiosk.window.tell_clock(doubted=True)
        kiosk.staff.header.banner.turn()
        QApplication.processEvents()
        assert check(kiosk.staff.header.banner.list, theme, "three alerts") >= 4
        kiosk.staff.header.banner.fold()
        acts = kiosk.staff.acts
        acts.open_menu(ready(), "Usuaria Ficticia", undoable=True)
        QApplication.processEvents()
        assert check(acts.menu, theme, "the menu") > 10
        for decision in SHEETS:
            act = acts.act(decision)
            acts.begin(decision)
            act.offer(Vouchers(act.action, PEOPLE, needed=True))
            QApplication.processEvents()
            assert check(act, theme, decision) > 5
            acts.leave()


@pytest.mark.parametrize("theme", list(Theme))
def test_the_pages_that_a_guest_may_open_too(theme: Theme) -> None:
    with opened(Mode.SELF) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        kiosk.guest.can_listen = lambda _: True
        for page in (kiosk.guest.languages, kiosk.guest.notice):
            kiosk.guest.open_page(page)
            QApplication.processEvents()
            assert check(page, theme, type(page)) > 1
        kiosk.guest.show_closed()
        QApplication.processEvents()
        assert check(kiosk.guest.closed, theme, "closed") >= 3


@pytest.mark.parametrize("theme", list(Theme))
def test_opening_the_desk_and_its_readiness_too(
    theme: Theme, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with StaffedHouse(monkeypatch).opened() as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        staff = kiosk.window.staff
        qtbot.waitUntil(lambda: staff.is_open and bool(staff.sheet.pin_form.picker.chosen))
        assert check(staff.cover, theme, "opening") > 4
    with opened(Mode.DESK) as kiosk:
        kiosk.window.take_settings(Settings(theme=Look(theme)))
        kiosk.window.activateWindow()
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        furnished(kiosk)
        page = kiosk.window.pages.ready
        page.open()
        qtbot.waitUntil(lambda: len(page.findings) == len(Item))
        assert check(page.cover, theme, "readiness") > len(Item)
        page.sheet.left.emit()
        for other in (kiosk.window.pages.settings, kiosk.window.pages.closing):
            other.open()
            QApplication.processEvents()
            assert check(other.cover, theme, type(other)) > 5
            other.sheet.left.emit()
