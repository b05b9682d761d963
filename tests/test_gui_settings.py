"""The settings page: under a PIN, kept as soon as they are touched, and followed at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.adapters.system.settingsfile import SettingsFile
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.printing import DoorPrinter, let_print
from kiosk.core.staff.roles import Action
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.findings import Mode
from kiosk.desk.ports import Frame, Sound
from kiosk.desk.settings import Look, SettingFault, Settings, Wrong
from kiosk.gui.parts.style import Theme, Tint
from kiosk.gui.parts.text import Text
from kiosk.gui.staff import pages
from kiosk.gui.staff.duty_sheet import Beside
from kiosk.gui.staff.settings_page import SettingsPage
from tests.gui_support import AT, Opened, event, opened
from tests.houses import TestHouse, furnished
from tests.staffed import ANNA_PIN, SARA_PIN, StaffedHouse
from tests.test_gui_duty import offered, type_keys

ENTER, HAND_OVER, SETTINGS = Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_F6
LEFT = Qt.MouseButton.LeftButton


pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def kiosk(qtbot: QtBot) -> Iterator[Opened]:
    with opened(Mode.DESK, language="en") as made:
        made.window.activateWindow()
        qtbot.waitUntil(lambda: made.window.staff.duty is not None)
        yield made


@pytest.fixture
def house(kiosk: Opened) -> TestHouse:
    return furnished(kiosk)


def page_of(kiosk: Opened) -> SettingsPage:
    page = kiosk.window.pages.settings
    if not page.is_open:
        kiosk.window.pages.want(Beside.SETTINGS)
        assert page.is_open
    return page


def test_another_theme_is_worn_at_once_and_kept(kiosk: Opened, house: TestHouse) -> None:
    sheet = page_of(kiosk).sheet
    QTest.mouseClick(sheet.theme.toggles[Look.DARK], LEFT)
    assert house.book.settings.theme is Look.DARK
    pixel = kiosk.window.snapshot().toImage().pixelColor(4, 400)
    assert pixel == Theme.DARK.colour(Tint.PAPER)


def test_another_language_is_spoken_at_once_also_on_the_page_itself(
    kiosk: Opened, house: TestHouse
) -> None:
    kiosk.window.take_settings(Settings(language="en"))
    sheet = page_of(kiosk).sheet
    QTest.mouseClick(sheet.language.toggles["fr"], LEFT)
    assert house.book.settings.language == "fr"
    assert (kiosk.window.language, sheet.title.full) == ("fr", "Réglages de ce PC")
    assert sheet.language.one == "fr"


def test_each_switch_changes_its_own_setting_and_no_other(kiosk: Opened, house: TestHouse) -> None:
    sheet = page_of(kiosk).sheet
    for name, toggle in sheet.switches.items():
        before = house.book.settings
        QTest.mouseClick(toggle, LEFT)
        now = house.book.settings
        assert now == replace(before, **{name: not getattr(before, name)})  # type: ignore[arg-type]


def test_the_volume_stops_at_both_ends_and_the_sounds_are_played_when_asked(
    kiosk: Opened, house: TestHouse
) -> None:
    sheet = page_of(kiosk).sheet
    for _ in range(4):
        QTest.mouseClick(sheet.louder, LEFT)
    assert house.book.settings.volume == 100
    for _ in range(12):
        QTest.mouseClick(sheet.quieter, LEFT)
    assert house.book.settings.volume == 0
    QTest.mouseClick(sheet.play, LEFT)
    assert house.sounds.played == [Sound.ADMIT, Sound.DESK, Sound.REFUSE]


def test_another_camera_is_looked_through_at_once_and_its_picture_is_on_the_page(
    kiosk: Opened, house: TestHouse, qtbot: QtBot
) -> None:
    sheet = page_of(kiosk).sheet
    QTest.keyClick(sheet.camera, Qt.Key.Key_Down)
    assert house.looked_through == [house.cameras[0]]
    assert house.book.settings.camera == house.cameras[0]
    kiosk.window.show_frame(Frame(np.zeros((48, 64), np.uint8), 7))
    qtbot.waitUntil(lambda: sheet.preview.frame_number == 7)
    type_keys(kiosk, ENTER)
    kiosk.window.show_frame(Frame(np.zeros((48, 64), np.uint8), 8))
    qtbot.waitUntil(lambda: kiosk.window.preview.frame_number == 8)
    assert sheet.preview.frame_number == 7


def test_a_device_that_was_chosen_and_is_not_there_stays_to_be_seen(
    kiosk: Opened, house: TestHouse
) -> None:
    kiosk.window.take_settings(Settings(printer="Old one"))
    sheet = page_of(kiosk).sheet
    assert sheet.printer.value == "Old one"
    assert "Old one: not there" in sheet.printer.accessibleName()
    QTest.mouseClick(sheet.printer, LEFT)
    assert house.book.settings.printer == ""


def test_what_cannot_be_kept_counts_all_the_same_and_is_told(
    kiosk: Opened, house: TestHouse
) -> None:
    house.book.fault = SettingFault(Wrong.NOT_WRITTEN, "settings.toml", "No space left on device")
    sheet = page_of(kiosk).sheet
    QTest.mouseClick(sheet.theme.toggles[Look.CONTRAST], LEFT)
    assert kiosk.window.settings.theme is Look.CONTRAST
    assert "settings.toml cannot be written" in sheet.told.full


def test_what_is_wrong_in_the_file_is_told_when_the_page_is_opened(
    kiosk: Opened, tmp_path: Path
) -> None:
    made = TestHouse()
    (tmp_path / "settings.toml").write_text('colour = "pink"\nvolume = 300\n', "utf-8")
    kiosk.window.pages.furnish(replace(made.house(), settings=SettingsFile(tmp_path)))
    told = page_of(kiosk).sheet.told.full
    assert "colour is no setting" in told
    assert "volume cannot have that value" in told


def test_what_is_touched_is_in_the_file(kiosk: Opened, tmp_path: Path) -> None:
    book = SettingsFile(tmp_path)
    kiosk.window.pages.furnish(replace(TestHouse().house(), settings=book))
    QTest.mouseClick(page_of(kiosk).sheet.switches["large_text"], LEFT)
    assert book.read().settings == Settings(large_text=True)


def test_the_settings_are_a_supervisor_s(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    people = StaffedHouse(monkeypatch)
    with people.opened() as kiosk:
        kiosk.window.activateWindow()
        qtbot.waitUntil(lambda: offered(kiosk))
        type_keys(kiosk, "a", ANNA_PIN, ENTER)
        qtbot.waitUntil(lambda: not kiosk.window.staff.is_open)
        furnished(kiosk)
        type_keys(kiosk, HAND_OVER)
        qtbot.waitUntil(lambda: offered(kiosk))
        type_keys(kiosk, SETTINGS)
        pages = kiosk.window.pages
        qtbot.waitUntil(lambda: pages.vouch.pin_form.picker.chosen == people.sara.id)
        type_keys(kiosk, ANNA_PIN, ENTER)
        qtbot.waitUntil(lambda: "more tries" in pages.vouch.told.full)
        assert not pages.settings.is_open
        type_keys(kiosk, SARA_PIN, ENTER)
        qtbot.waitUntil(lambda: pages.settings.is_open)
        type_keys(kiosk, ENTER)
        assert not pages.settings.is_open
        assert kiosk.staff.hasFocus()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1366, 768), (1080, 1920)])
def test_nothing_of_the_page_is_cut(
    qtbot: QtBot, size: tuple[int, int], language: str, large: bool
) -> None:
    with opened(Mode.DESK, size, language) as kiosk:
        kiosk.window.take_settings(Settings(large_text=large, language=language))
        furnished(kiosk)
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        cover = page_of(kiosk).cover
        QApplication.processEvents()
        for text in cover.findChildren(Text):
            if text.isVisible():
                assert not text.cut, text.full
                assert cover.rect().contains(text.mapTo(cover, text.rect().bottomRight()))


@pytest.mark.parametrize("mode", list(Mode))
def test_settings_that_a_pin_opened_close_when_nobody_touches_them(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, mode: Mode
) -> None:
    monkeypatch.setattr(pages, "LEFT_ALONE", 300)
    with opened(mode, language="en") as kiosk:
        qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
        furnished(kiosk)
        page = kiosk.window.pages.settings
        kiosk.window.pages.want(Beside.SETTINGS)
        assert page.is_open
        qtbot.waitUntil(lambda: not page.is_open)


def test_settings_that_a_supervisor_opened_are_not_for_the_steward_who_takes_over(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    people = StaffedHouse(monkeypatch)
    with people.opened() as kiosk:
        line = kiosk.window.staff.line
        with qtbot.waitSignal(line.done):
            line.open(people.vouching(people.sara), AT)
        furnished(kiosk)
        kiosk.window.pages.settings.open()
        with qtbot.waitSignal(line.done):
            line.open(people.vouching(people.anna), AT)
        assert not kiosk.window.pages.settings.is_open


def test_a_pin_for_one_thing_is_not_taken_for_the_next_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    people = StaffedHouse(monkeypatch)
    with people.opened() as kiosk:
        line, sheets = kiosk.window.staff.line, kiosk.window.pages
        with qtbot.waitSignal(line.done):
            line.open(people.vouching(people.anna), AT)
        done: list[str] = []
        sheets.ask(Action.SETTINGS, "", lambda _: done.append("settings"))
        sheets._ask_desk(people.vouching(people.sara))
        sheets._close()
        sheets.ask(Action.CONFIRM_TIME, "", lambda _: done.append("time"))
        with qtbot.waitSignal(line.state):
            line.look(AT)
        QApplication.processEvents()
        assert done == []
        assert not sheets.cover.isHidden()


def test_the_printer_that_is_chosen_prints_the_next_badge(
    kiosk: Opened, house: TestHouse, tmp_path: Path
) -> None:
    assert house.printers
    place = Installation(tmp_path, TrustList())
    kiosk.window.take_settings(Settings(printer="Brother QL-820"))
    let_print(SimpleNamespace(window=kiosk.window), place, event())  # type: ignore[arg-type]
    before = kiosk.staff._printing._printer
    kiosk.window.take_settings(Settings(printer="Office"))
    printer = kiosk.staff._printing._printer
    assert isinstance(before, DoorPrinter)
    assert isinstance(printer, DoorPrinter)
    assert (before._wanted, printer._wanted) == ("Brother QL-820", "Office")
