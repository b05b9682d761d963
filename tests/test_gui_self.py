"""The guest's screen: one instruction, two steps, three answers that give way at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame
from kiosk.gui.parts.controls import LanguageKey
from kiosk.gui.parts.text import Text
from kiosk.gui.words.answers import Sign
from tests.gui_support import (
    AT,
    SOMEBODY,
    Opened,
    admit,
    awaiting,
    badge_of,
    dress,
    make_guest,
    opened,
    refuse,
    see_desk,
)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.SELF) as shown:
        yield shown


def words(kiosk: Opened) -> str:
    """All that a guest can read now."""
    return "\n".join(each.full for each in kiosk.window.findChildren(Text) if each.isVisible())


def later(kiosk: Opened, seconds: float) -> None:
    kiosk.clock.go(timedelta(seconds=seconds))
    kiosk.guest.answer.advance()
    kiosk.guest.tell_time(kiosk.clock.now())


def test_the_guest_is_asked_for_one_thing(kiosk: Opened) -> None:
    assert "Montrez votre certificat à la caméra" in words(kiosk)
    assert "Clusters driving the Green and Digital transitions" in words(kiosk)
    assert "Rien de votre certificat n’est conservé." in words(kiosk)
    assert "Porte Nord · 08:47" in words(kiosk)


@pytest.mark.parametrize(
    ("shown", "ticked", "instruction"),
    [
        (Shown.AWAIT_BADGE, (True, False), "Merci. Maintenant votre badge, s’il vous plaît"),
        (Shown.AWAIT_CERTIFICATE, (False, True), "Merci. Maintenant votre certificat"),
    ],
)
def test_the_steps_tick_themselves_off_in_either_order(
    kiosk: Opened, shown: Shown, ticked: tuple[bool, bool], instruction: str
) -> None:
    kiosk.window.show_admission(awaiting(shown))
    assert (kiosk.guest.scan.words.certificate.done, kiosk.guest.scan.words.badge.done) == ticked
    assert instruction in words(kiosk)


def test_a_badge_before_the_camera_is_answered_by_the_real_desk(
    kiosk: Opened, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(kiosk.window.answered) as answered:
        kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    assert answered.args is not None
    assert answered.args[0].shown is Shown.AWAIT_CERTIFICATE
    assert kiosk.guest.scan.words.badge.done


@pytest.mark.parametrize(
    ("admission", "sign", "title"),
    [
        (admit(), Sign.ADMIT, "Bienvenue, \u2068Usuaria\u2069"),
        (see_desk(Reason.NAMES_DIFFER), Sign.DESK, "Rendez-vous à l’accueil"),
        (see_desk(Reason.CODE_NOT_READ), Sign.DESK, "L’accueil va vous aider"),
        (refuse(), Sign.REFUSE, "Entrée impossible"),
    ],
)
def test_an_answer_fills_the_screen(
    kiosk: Opened, admission: Admission, sign: Sign, title: str
) -> None:
    kiosk.window.show_admission(admission)
    answer = kiosk.guest.answer
    assert answer.isVisible()
    assert answer.size() == kiosk.window.size()
    assert answer.shown is not None
    assert (answer.shown.sign, answer.shown.title) == (sign, title)


@pytest.mark.parametrize(
    ("admission", "seconds"), [(admit(), 5), (see_desk(Reason.ROOM_FULL), 30), (refuse(), 30)]
)
def test_an_answer_goes_when_its_time_is_over(
    kiosk: Opened, admission: Admission, seconds: int
) -> None:
    kiosk.window.show_admission(admission)
    later(kiosk, seconds - 0.1)
    assert kiosk.guest.answer.isVisible()
    later(kiosk, 0.1)
    assert not kiosk.guest.answer.isVisible()
    assert kiosk.guest.answer.shown is None
    assert "Montrez votre certificat" in words(kiosk)


def test_a_new_answer_replaces_the_old_one_and_has_its_own_time(kiosk: Opened) -> None:
    kiosk.window.show_admission(refuse())
    later(kiosk, 4)
    kiosk.window.show_admission(admit())
    later(kiosk, 4.9)
    assert kiosk.guest.answer.shown is not None
    assert kiosk.guest.answer.shown.sign is Sign.ADMIT


def test_the_next_guest_s_first_step_replaces_an_answer_at_once(kiosk: Opened) -> None:
    kiosk.window.show_admission(refuse())
    kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
    assert not kiosk.guest.answer.isVisible()
    assert kiosk.guest.scan.words.certificate.done


def test_nothing_of_the_guest_stays_behind_a_shown_invitation(kiosk: Opened) -> None:
    kiosk.window.show_admission(admit())
    later(kiosk, 6)
    everything = [label.full + label.text() for label in kiosk.window.findChildren(Text)]
    assert not [text for text in everything if "Usuaria" in text]


def test_two_codes_are_a_hint_for_a_moment_and_lose_no_step(kiosk: Opened) -> None:
    kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
    kiosk.window.show_admission(Admission(Shown.ONE_AT_A_TIME, AT))
    assert "Un seul code à la fois" in words(kiosk)
    assert kiosk.guest.scan.words.certificate.done
    later(kiosk, 5)
    assert "Maintenant votre badge" in words(kiosk)


def test_an_answer_is_in_the_guest_s_language_and_the_next_invitation_is_not(
    kiosk: Opened,
) -> None:
    kiosk.window.show_admission(admit(make_guest(language="en")))
    assert "Welcome, \u2068Usuaria\u2069" in words(kiosk)
    later(kiosk, 5)
    assert "Montrez votre certificat" in words(kiosk)


def test_a_guest_whose_badge_was_read_is_refused_in_the_same_language(kiosk: Opened) -> None:
    kiosk.window.show_admission(awaiting(Shown.AWAIT_CERTIFICATE, make_guest(language="en")))
    kiosk.window.show_admission(refuse())
    assert kiosk.guest._say.language == "en"
    kiosk.window.show_admission(refuse())  # the next one, whom nobody knows
    assert kiosk.guest._say.language == "fr"


def test_a_guest_s_language_that_is_not_at_hand_changes_nothing(kiosk: Opened) -> None:
    kiosk.window.show_admission(admit(make_guest(language="pt")))
    assert "Bienvenue" in words(kiosk)


def test_a_pressed_language_lasts_until_this_guest_is_done(kiosk: Opened) -> None:
    keys = {key.language: key for key in kiosk.window.findChildren(LanguageKey)}
    QTest.mouseClick(keys["en"], Qt.MouseButton.LeftButton)
    assert "Show your certificate" in words(kiosk)
    assert (keys["en"].isChecked(), keys["fr"].isChecked()) == (True, False)
    kiosk.window.show_admission(refuse())
    assert "Entry not possible" in words(kiosk)
    later(kiosk, 30)
    assert "Montrez votre certificat" in words(kiosk)


def test_a_pressed_language_goes_home_after_a_minute_of_nobody(kiosk: Opened) -> None:
    kiosk.window.switch_language("en")
    kiosk.clock.go(timedelta(seconds=59))
    kiosk.window._tick()
    assert kiosk.window.language == "en"
    kiosk.clock.go(timedelta(seconds=1))
    kiosk.window._tick()
    assert kiosk.window.language == "fr"


def test_pressing_the_language_in_use_keeps_it(kiosk: Opened) -> None:
    key = next(key for key in kiosk.window.findChildren(LanguageKey) if key.isChecked())
    QTest.mouseClick(key, Qt.MouseButton.LeftButton)
    assert key.isChecked()
    assert kiosk.window.language == key.language


def test_the_banner_about_lists_is_not_for_guests(kiosk: Opened) -> None:
    kiosk.window.tell_list_age(AT.date())
    assert "2021" not in words(kiosk)


def test_a_waiting_visit_is_answered_by_the_window_s_tick(kiosk: Opened, qtbot: QtBot) -> None:
    with qtbot.waitSignal(kiosk.window.answered):
        kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    kiosk.clock.go(timedelta(seconds=30))
    with qtbot.waitSignal(kiosk.window.answered) as answered:
        pass
    assert answered.args is not None
    assert answered.args[0].reasons == (Reason.CERTIFICATE_MISSING,)


def test_each_admission_is_told_as_painted_once_and_in_order(kiosk: Opened, qtbot: QtBot) -> None:
    told: list[Admission] = []
    kiosk.window.answered.connect(told.append)
    kiosk.window.show_admission(refuse())
    kiosk.window.show_admission(admit())
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [each.shown for each in told] == [Shown.REFUSE, Shown.ADMIT]


def test_a_desk_that_cannot_be_opened_sends_everybody_to_the_desk_for_good(
    qapp: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def open_desk() -> EntryDesk:
        raise OSError("disk")

    dress(qapp)
    with opened(Mode.SELF, open_desk=open_desk) as kiosk:
        qtbot.waitUntil(lambda: kiosk.guest.answer.shown is not None)
        later(kiosk, 3600)
        assert kiosk.guest.answer.isVisible()
        assert "Rendez-vous à l’accueil" in words(kiosk)
        kiosk.window._tick()
    assert "OSError" in caplog.text


def test_closing_the_window_ends_the_thread(qapp: QApplication) -> None:
    dress(qapp)
    with opened(Mode.SELF) as kiosk:
        kiosk.window.close()
        assert not kiosk.desk._thread.isRunning()


# The camera's picture


def picture(number: int, shape: tuple[int, int] = (480, 640)) -> Frame:
    image = np.zeros(shape, dtype=np.uint8)
    image[:, : shape[1] // 2] = 255  # bright on the camera's left
    return Frame(image, number)


def test_the_newest_of_many_frames_is_shown(kiosk: Opened) -> None:
    for number in range(100):
        kiosk.window.show_frame(picture(number))
    assert kiosk.window.preview.frame_number == 99


def test_frames_and_codes_may_come_from_any_thread(kiosk: Opened, qtbot: QtBot) -> None:
    def feed() -> None:
        for number in range(200):
            kiosk.window.show_frame(picture(number))
            kiosk.window.show_codes([((1, 1), (9, 1), (9, 9), (1, 9))], (640, 480))
            kiosk.window.camera_trouble(None)
            kiosk.window.tell_list_age(AT.date())

    threads = [threading.Thread(target=feed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: kiosk.window.preview.outlined == 1)
    assert kiosk.window.preview.frame_number == 199


def test_the_picture_is_mirrored(kiosk: Opened) -> None:
    kiosk.window.show_frame(picture(1))
    image = kiosk.window.preview.grab().toImage()
    middle = image.height() // 2
    left, right = (image.pixelColor(x, middle).lightness() for x in (60, image.width() - 60))
    assert (left, right) == (0, 255)


def test_a_read_code_is_outlined_for_a_moment(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.window.show_frame(picture(1))
    kiosk.window.show_codes([((10, 10), (90, 10), (90, 90), (10, 90))], (640, 480))
    assert kiosk.window.preview.outlined == 1
    qtbot.waitUntil(lambda: kiosk.window.preview.outlined == 0, timeout=3000)


def test_a_camera_that_is_gone_is_told_until_it_is_back_and_no_guest_is_to_mend_it(
    kiosk: Opened,
) -> None:
    kiosk.window.show_frame(picture(1))
    kiosk.window.camera_trouble(CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam"))
    assert "Caméra indisponible" in words(kiosk)
    assert "n’est pas branchée." in words(kiosk)
    assert "Branchez-la" not in words(kiosk)
    assert "Rendez-vous à l’accueil" in words(kiosk)
    assert "Placez le code" not in words(kiosk)
    assert "Badge de l’événement" not in words(kiosk)  # nothing to show
    assert not kiosk.guest.scan.words.moving.isVisible()
    kiosk.window.show_frame(picture(2))
    assert kiosk.guest.scan.words.moving.isVisible()
    assert "Caméra indisponible" not in words(kiosk)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_fault_of_the_camera_is_told_in_the_language_of_the_screen(
    mode: Mode, qapp: QApplication
) -> None:
    dress(qapp)
    with opened(mode) as kiosk:
        kiosk.window.camera_trouble(CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam"))
        assert "n’est pas branchée." in words(kiosk)
        assert ("Branchez-la" in words(kiosk)) == (mode is Mode.DESK)
        kiosk.window.switch_language("en")
        assert "The camera “Desk cam” is not connected." in words(kiosk)
        assert ("Plug it in" in words(kiosk)) == (mode is Mode.DESK)
        assert "branch" not in words(kiosk)


def test_frames_of_any_size_and_stride_are_shown(kiosk: Opened) -> None:
    for shape in ((480, 640), (1080, 1920), (7, 5), (481, 643)):
        kiosk.window.show_frame(picture(shape[0], shape))
        kiosk.window.preview.grab()
        assert kiosk.window.preview.frame_number == shape[0]


def test_the_answer_names_no_occasion_of_refusal(kiosk: Opened) -> None:
    plain = refuse()
    kiosk.window.show_admission(plain)
    first = kiosk.window.snapshot().toImage()
    kiosk.window.show_admission(replace(plain, reasons=(Reason.TEST_POSITIVE,), guest=SOMEBODY))
    assert kiosk.window.snapshot().toImage() == first
