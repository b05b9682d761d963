"""The banner of the desk: the most urgent first, each with its sign, words and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.desk.admission import Counters, Notice
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, ScannerNote, StorageNote
from kiosk.gui.desk.banner import AlertList
from kiosk.gui.parts.text import Text
from kiosk.gui.words.alerts import Alerts, Urgency
from tests.door_window import press
from tests.gui_support import Opened, admit, dress, opened, wordings

DAY = date(2021, 11, 19)
DEAD = CameraTrouble(CameraFault.NOT_CONNECTED, "Webcam")
ALL = Alerts(
    scanner=ScannerNote.LOST,
    clock_doubted=True,
    day_over=True,
    storage=StorageNote.FULL,
    camera=DEAD,
    trust_list=DAY,
    revocation_list=DAY,
    figures=(Notice.ROOM_NEARLY_FULL, Notice.MANY_OVERRIDES),
)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK, language="en") as made:
        yield made


def test_what_keeps_guests_waiting_comes_first_and_what_is_merely_known_last() -> None:
    told = ALL.told(wordings()["en"])
    assert [alert.urgency for alert in told] == sorted(alert.urgency for alert in told)
    assert told[0].line.startswith("Clock not believed")
    assert told[-1].line == "Revocation list of 19 November 2021"
    assert {alert.urgency for alert in told} == set(Urgency)
    assert len(told) == 9


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_thing_has_its_own_words_and_a_remedy(language: str) -> None:
    say = wordings()[language]
    for note in set(StorageNote) - {StorageNote.WELL}:
        (alert,) = Alerts(storage=note).told(say)
        assert alert.remedy
    for fault in CameraFault:
        (alert,) = Alerts(camera=CameraTrouble(fault, "Webcam")).told(say)
        assert alert.remedy
    told = ALL.told(say)
    assert len({alert.brief for alert in told}) == len(told)


def test_all_is_well_says_nothing() -> None:
    assert Alerts().told(wordings()["en"]) == ()


def test_the_banner_says_the_most_urgent_and_how_much_more_there_is(kiosk: Opened) -> None:
    header = kiosk.staff.header
    assert (header.banner.told, header.banner.isEnabled()) == ("", False)
    header.alert(trust_list=DAY)
    assert header.banner.accessibleName().endswith("19 November 2021: install a newer one")
    header.alert(storage=StorageNote.FULL)
    assert header.banner.accessibleName() == "Disk full: free some space now +1"
    header.alert(storage=StorageNote.WELL, trust_list=None)
    assert (header.banner.told, header.banner.isEnabled()) == ("", False)


def test_one_key_shows_all_of_them_and_hides_them_again(kiosk: Opened) -> None:
    kiosk.staff.header.alert(storage=StorageNote.LOW, trust_list=DAY)
    press(kiosk, Qt.Key.Key_F1)
    (shown,) = kiosk.window.findChildren(AlertList)
    assert shown.isVisible()
    assert shown.texts == [
        "Disk nearly full Delete or move large files that are not the kiosk’s.",
        "Trust list of 19 November 2021 Install a newer one: kiosk trust import.",
    ]
    press(kiosk, Qt.Key.Key_F1)
    assert not shown.isVisible()


def test_the_list_gives_way_to_an_answer_and_is_gone_once_all_is_well(kiosk: Opened) -> None:
    banner = kiosk.staff.header.banner
    kiosk.staff.header.alert(trust_list=DAY)
    banner.click()
    kiosk.window.show_admission(admit())
    assert not banner.unfolded
    banner.click()
    kiosk.staff.header.alert(trust_list=None)
    assert not banner.unfolded


def test_the_list_gives_way_to_a_sheet(kiosk: Opened, qtbot: QtBot) -> None:
    banner = kiosk.staff.header.banner
    kiosk.staff.header.alert(trust_list=DAY)
    press(kiosk, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: kiosk.window.staff.duty is not None)
    kiosk.window.staff.hand_over()
    assert kiosk.window.staff.is_open
    assert not banner.unfolded


def test_a_dead_camera_and_a_nearly_full_room_are_told_and_told_no_more(
    kiosk: Opened, qtbot: QtBot
) -> None:
    banner = kiosk.staff.header.banner
    kiosk.window.camera_trouble(DEAD)
    qtbot.waitUntil(lambda: "camera" in banner.told)
    kiosk.staff.header.count(replace(Counters(), notices=(Notice.ROOM_NEARLY_FULL,)))
    assert banner.accessibleName().endswith("+1")
    kiosk.window.camera_trouble(None)
    qtbot.waitUntil(lambda: "Room nearly full" in banner.told)
    kiosk.staff.header.count(Counters())
    assert banner.told == ""


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1366, 768), (1080, 1920)])
def test_nothing_of_banner_and_list_is_cut(
    qapp: QApplication, size: tuple[int, int], language: str
) -> None:
    dress(qapp)
    known = [Alerts(camera=CameraTrouble(fault, "Logitech HD Pro C920")) for fault in CameraFault]
    known += [Alerts(storage=note) for note in StorageNote]
    known += [ALL, Alerts(figures=(Notice.MANY_OVERRIDES,)), Alerts(day_over=True)]
    known += [Alerts(scanner=note, trust_list=DAY) for note in ScannerNote]
    known += [Alerts(revocation_list=DAY, figures=(Notice.ROOM_NEARLY_FULL,))]
    with opened(Mode.DESK, size, language) as kiosk:
        banner = kiosk.staff.header.banner
        for alerts in known:
            banner.tell(alerts.told(wordings()[language]))
            banner.turn()
            QApplication.processEvents()
            for root in (banner, banner.list):
                for text in root.findChildren(Text):
                    assert not (text.isVisible() and text.cut), (size, text.full)
            banner.fold()
