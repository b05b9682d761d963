"""The guest's side of a desk on a second screen: it follows, and tells nothing that is staff's."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.screens import load_wordings
from kiosk.bootstrap.station import RunningStation
from kiosk.cli.run import screen_number
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame
from kiosk.desk.settings import Look, Settings
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.parts.style import Theme
from kiosk.gui.parts.text import Text
from kiosk.gui.second.screens import GuestScreen, SecondScreen
from kiosk.gui.second.window import GuestWindow, for_guests
from kiosk.gui.words.answers import Sign
from tests.fakes.clock import SetClock
from tests.gui_support import (
    AT,
    GUESTS,
    PERSON,
    SOMEBODY,
    DeskMaker,
    Opened,
    admit,
    awaiting,
    badge_of,
    dress,
    make_guest,
    opened,
    ready,
    refuse,
    see_desk,
    station,
    wordings,
)
from tests.test_hand_scanner import Still


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        shown.window.activateWindow()
        yield shown


@pytest.fixture
def guests(kiosk: Opened) -> Iterator[GuestWindow]:
    at = kiosk.window._station
    window = GuestWindow(at, load_wordings(at.event, Mode.SELF), kiosk.clock, kiosk.desk)
    kiosk.staff.done.connect(window.invite)
    window.resize(1280, 800)
    window.show()
    QApplication.processEvents()
    yield window
    window.close()
    window.deleteLater()


def screen(guests: GuestWindow) -> SelfScreen:
    assert isinstance(guests.screen_shown, SelfScreen)
    return guests.screen_shown


def words(guests: GuestWindow) -> str:
    return "\n".join(each.full for each in guests.findChildren(Text) if each.isVisible())


def tell(kiosk: Opened, admission: Admission) -> None:
    """As the desk's thread tells both windows."""
    kiosk.desk.admission.emit(admission)
    QApplication.processEvents()


def test_a_code_at_the_desk_ticks_off_the_guest_s_step_too(
    kiosk: Opened, guests: GuestWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(guests.answered):
        kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    assert "Merci. Maintenant votre certificat" in words(guests)


@pytest.mark.parametrize(
    ("admission", "sign", "title"),
    [
        (admit(checked_only=False), Sign.ADMIT, "Bienvenue, \u2068Usuaria\u2069"),
        (see_desk(Reason.NAMES_DIFFER), Sign.DESK, "L’accueil va vous aider"),
        (refuse(), Sign.REFUSE, "Entrée impossible"),
    ],
)
def test_an_answer_of_the_desk_fills_the_guest_s_screen(
    kiosk: Opened, guests: GuestWindow, admission: Admission, sign: Sign, title: str
) -> None:
    tell(kiosk, admission)
    shown = screen(guests).answer.shown
    assert shown is not None
    assert (shown.sign, shown.title) == (sign, title)


def test_a_guest_whom_staff_still_look_at_is_asked_for_a_moment(
    kiosk: Opened, guests: GuestWindow
) -> None:
    tell(kiosk, ready())
    assert "Un instant, s’il vous plaît." in words(guests)
    assert "Usuaria" not in words(guests)


def test_nobody_at_a_desk_is_sent_to_it(kiosk: Opened, guests: GuestWindow) -> None:
    assert guests._at_desk.door.desk is not None  # as the event file says, for the self-scan
    tell(kiosk, see_desk(Reason.ROOM_FULL))
    shown = screen(guests).answer.shown
    assert shown is not None
    assert (shown.line, shown.way) == ("Un instant, s’il vous plaît.", None)


DIFFICULT = replace(
    see_desk(Reason.SEVERAL_GUESTS, Reason.SEATS_TAKEN, guest=SOMEBODY),
    candidates=GUESTS[1:4],
    person=PERSON,
)


@pytest.mark.parametrize("admission", [DIFFICULT, ready(), refuse(), awaiting(Shown.AWAIT_BADGE)])
def test_what_is_for_staff_never_reaches_the_guest_s_window(admission: Admission) -> None:
    told = for_guests(admission)
    assert (told.reasons, told.candidates, told.person) == ((), (), None)
    assert (told.shown, told.at) == (admission.shown, admission.at)


def test_no_fact_and_no_reason_is_on_the_guest_s_screen(kiosk: Opened, guests: GuestWindow) -> None:
    tell(kiosk, DIFFICULT)
    everything = "\n".join(label.full for label in guests.findChildren(Text))
    for secret in ("GreenDigi4X", "Bērziņš", "Zaļais", "1980", "Ficticia", "place"):
        assert secret not in everything


def test_amber_stays_until_staff_are_done(kiosk: Opened, guests: GuestWindow) -> None:
    tell(kiosk, see_desk(Reason.NAMES_DIFFER))
    kiosk.clock.go(60 * (AT - AT.replace(minute=46)))
    screen(guests).answer.advance()
    assert screen(guests).answer.isVisible()
    QTest.keyClick(kiosk.staff, Qt.Key.Key_Escape)
    assert not screen(guests).answer.isVisible()
    assert "Montrez votre certificat à la caméra" in words(guests)


def test_a_card_that_staff_only_look_at_is_not_shown_to_whoever_stands_there(
    kiosk: Opened, guests: GuestWindow
) -> None:
    tell(kiosk, Admission(Shown.GUEST, AT, guest=SOMEBODY))
    assert "Montrez votre certificat à la caméra" in words(guests)


def test_the_guest_reads_their_own_language_while_staff_read_theirs(
    kiosk: Opened, guests: GuestWindow
) -> None:
    tell(kiosk, admit(make_guest(language="bg"), checked_only=False))
    shown = screen(guests).answer.shown
    assert shown is not None
    assert shown.title.startswith("Добре дошли")
    assert "Entrée validée" in kiosk.staff.card.band._title.full


def test_while_nobody_checks_at_the_desk_guests_read_so_and_find_no_key_of_staff(
    guests: GuestWindow,
) -> None:
    guests.staff.duty_changed.emit(OnDuty(attended=False, named=True))
    assert "Cette entrée n’est pas encore ouverte" in words(guests)
    assert not screen(guests).closed.staff.isVisible()
    guests.staff.duty_changed.emit(OnDuty(attended=True, named=True))
    assert "Montrez votre certificat à la caméra" in words(guests)


# The keys are the desk's


def test_closing_the_guest_s_window_leaves_the_desk_at_work(
    kiosk: Opened, guests: GuestWindow, qtbot: QtBot
) -> None:
    guests.close()
    with qtbot.waitSignal(kiosk.window.answered):
        kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())


def test_the_guest_s_window_changes_nothing_at_the_desk(
    kiosk: Opened, guests: GuestWindow, qtbot: QtBot
) -> None:
    guests._desk.choose(SOMEBODY.id, kiosk.clock.now())
    guests._desk.clear()
    guests._tick()
    with qtbot.waitSignal(kiosk.desk.overview):
        kiosk.desk.refresh(kiosk.clock.now())
    assert kiosk.staff.card.card is not None
    assert kiosk.staff.card.card.guest is None


# Camera and station


def test_both_windows_show_what_the_camera_sees(qapp: QApplication, qtbot: QtBot) -> None:
    dress(qapp)
    made = RunningStation(station(), DeskMaker(), Still(), SetClock(AT), wordings(), TrustList())
    try:
        guests = made.guest_side()
        assert made.guest_side() is guests
        made._on_frame(Frame(np.zeros((48, 64), np.uint8), 7))
        qtbot.waitUntil(lambda: guests.preview.frame_number == 7)
        qtbot.waitUntil(lambda: made.window.preview.frame_number == 7)
        made._on_trouble(CameraTrouble(CameraFault.FROZEN, "camera"))
        qtbot.waitUntil(lambda: guests.preview.frame_number is None)
    finally:
        made.stop()
    assert not guests.isVisible()


# Which screen


@pytest.mark.parametrize(
    ("number", "count", "wanted"),
    [(0, 1, None), (0, 2, 1), (0, 3, 1), (1, 2, None), (2, 2, 1), (3, 3, 2), (3, 2, None)],
)
def test_the_guest_s_screen_is_never_the_desk_s(
    number: int, count: int, wanted: int | None
) -> None:
    screens = [object() for _ in range(count)]
    chosen = GuestScreen(number).among(screens, screens[0])  # type: ignore[arg-type]
    assert chosen is (None if wanted is None else screens[wanted])


TWO_SCREENS = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
from kiosk.gui.lock.lock import KioskLock
from kiosk.gui.second.screens import GuestScreen, SecondScreen

app, made = QApplication(sys.argv), []
first, second = app.screens()

def make():
    made.append(QWidget())
    return made[0]

desk, lock = QWidget(), KioskLock(app)
lock.hold(desk)
side = SecondScreen(app, make, desk, GuestScreen(), lock)
side.place()
app.processEvents()
told = [made[0].geometry().getRect(), made[0].isVisible(), desk.geometry().getRect()]
app.screenRemoved.emit(second)
lock.mend()
told += [made[0].isVisible(), desk.geometry().getRect()]
app.screenAdded.emit(second)
told += [made[0].isVisible(), made[0].geometry().getRect(), len(made)]
side.ask(None)
told += [made[0].isVisible(), app.activeWindow() is desk]
lock.open()
import json
print(json.dumps(told))
"""


def test_the_guest_s_window_comes_and_goes_with_its_screen(tmp_path: Path) -> None:
    places = [[0, 0, 1280, 800], [1280, 0, 1080, 1920]]
    names = ("x", "y", "width", "height")
    screens = [
        {"name": f"screen {n}", **dict(zip(names, place, strict=True))}
        for n, place in enumerate(places)
    ]
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}))
    ran = subprocess.run(
        [sys.executable, "-c", TWO_SCREENS, "-platform", "offscreen:configfile=screens.json"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    first, second = places
    assert json.loads(ran.stdout) == [
        second, True, first,  # over its screen, the desk over its own
        False, first,  # gone with the screen, and not upon the desk
        True, second, 1,  # there again, the same one
        False, True,  # wanted no more; the keys were the desk's all the while
    ]  # fmt: skip


def test_a_window_of_its_own_needs_no_second_screen_and_leaves_the_desk_the_keys(
    kiosk: Opened, guests: GuestWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    guests.hide()
    side = SecondScreen(qapp, lambda: guests, kiosk.window, GuestScreen())
    side.place()
    assert guests.isVisible()
    assert not guests.isFullScreen()
    assert guests.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    qtbot.waitUntil(lambda: QApplication.activeWindow() is kiosk.window)
    side.ask(None)
    assert not guests.isVisible()


def test_the_guest_s_window_follows_the_settings_of_the_pc(
    kiosk: Opened, guests: GuestWindow, qapp: QApplication
) -> None:
    side = SecondScreen(qapp, lambda: guests, kiosk.window, None)
    kiosk.window.settings_taken.connect(side.follow)
    kiosk.window.take_settings(Settings(guest_window=False))
    kiosk.window.take_settings(Settings(guest_window=True))
    assert guests.isVisible()
    kiosk.window.take_settings(Settings(guest_window=False))
    assert not guests.isVisible()


def test_both_windows_wear_the_theme_that_is_set(qapp: QApplication) -> None:
    dress(qapp)
    made = RunningStation(station(), DeskMaker(), Still(), SetClock(AT), wordings(), TrustList())
    try:
        guests = made.guest_side()
        made.window.take_settings(Settings(theme=Look.DARK))
        assert screen(guests).scan._style.theme is Theme.DARK
    finally:
        made.stop()


def test_nothing_is_made_for_guests_where_nobody_asked(kiosk: Opened, qapp: QApplication) -> None:
    side = SecondScreen(qapp, lambda: pytest.fail("made"), kiosk.window, None)
    side.place()
    side.ask(None)


@pytest.mark.parametrize(("word", "number"), [("auto", 0), ("1", 1), ("2", 2)])
def test_the_screen_is_named_by_number_or_left_to_the_program(word: str, number: int) -> None:
    assert screen_number(word) == number


@pytest.mark.parametrize("word", ["0", "-1", "second", ""])
def test_a_screen_that_nobody_can_mean_is_refused(word: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no screen: auto, or a number from 1 on"):
        screen_number(word)
