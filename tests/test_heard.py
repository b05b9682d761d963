"""What a window lets be heard, and `kiosk sound`."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.heard import SOON, SOUND_OF, ReadAloud, SoundsOf, volume_of
from kiosk.cli import sound as command
from kiosk.cli.main import main
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, ScannerNote, Sound, StorageNote
from kiosk.desk.settings import Settings
from tests.fakes.sounds import NotedSounds
from tests.gui_support import AT, admit, awaiting, opened, ready, refuse, see_desk

ANSWERS = [
    (admit(), Sound.ADMIT),
    (see_desk(Reason.NAMES_DIFFER), Sound.DESK),
    (refuse(), Sound.REFUSE),
    (awaiting(Shown.AWAIT_BADGE), Sound.READ),
    (awaiting(Shown.AWAIT_CERTIFICATE), Sound.READ),
    (Admission(Shown.ONE_AT_A_TIME, AT), Sound.ASK),
]


@pytest.mark.parametrize(("admission", "sound"), ANSWERS)
def test_each_answer_and_each_step_has_its_sound(
    admission: Admission, sound: Sound, qtbot: QtBot
) -> None:
    sounds = NotedSounds()
    with opened(Mode.SELF) as kiosk:
        SoundsOf(kiosk.window, sounds)
        kiosk.window.show_admission(admission)
        qtbot.waitUntil(lambda: sounds.played == [sound])


def test_only_a_card_that_staff_asked_for_is_silent() -> None:
    assert set(Shown) - set(SOUND_OF) == {Shown.GUEST}


def test_the_next_guest_s_answer_is_heard_though_it_is_the_same(qtbot: QtBot) -> None:
    sounds = NotedSounds()
    with opened(Mode.SELF) as kiosk:
        SoundsOf(kiosk.window, sounds)
        kiosk.window.show_admission(admit())
        kiosk.window.show_admission(admit())
        qtbot.waitUntil(lambda: sounds.played == [Sound.ADMIT] * 2)


def test_a_card_that_the_desk_keeps_is_heard_once(qtbot: QtBot) -> None:
    sounds, card = NotedSounds(), ready()
    with opened(Mode.DESK) as kiosk:
        SoundsOf(kiosk.window, sounds)
        kiosk.window.show_admission(card)
        kiosk.window.show_admission(card)
        kiosk.window.show_admission(admit())
        qtbot.waitUntil(lambda: Sound.ADMIT in sounds.played)
        assert sounds.played == [Sound.READ, Sound.ADMIT]


def test_the_sound_follows_the_painting_at_once(qtbot: QtBot) -> None:
    """Nothing but one turn of the event loop lies between them."""
    order: list[str] = []
    with opened(Mode.SELF) as kiosk:
        window = kiosk.window

        class Ordered(NotedSounds):
            def play(self, sound: Sound) -> None:
                order.append(f"heard {sound}")

        class Paints(QObject):
            def eventFilter(self, _: QObject, event: QEvent) -> bool:
                if event.type() is QEvent.Type.Paint:
                    order.append("painted")
                return False

        SoundsOf(window, Ordered())
        paints = Paints()
        kiosk.guest.answer.installEventFilter(paints)
        window.show_admission(admit())
        qtbot.waitUntil(lambda: "heard admit" in order, timeout=1000)
        assert order[0] == "painted"
        assert order[-1] == "heard admit"


def test_staff_are_called_once_for_what_keeps_guests_waiting() -> None:
    sounds = NotedSounds()
    with opened(Mode.DESK) as kiosk:
        SoundsOf(kiosk.window, sounds)
        header = kiosk.staff.header
        kiosk.desk.storage_note.emit(StorageNote.LOW)
        header.tell_scanner(ScannerNote.LEARNT)
        assert not sounds.played
        kiosk.desk.storage_note.emit(StorageNote.FULL)
        kiosk.desk.storage_note.emit(StorageNote.FULL)
        assert sounds.played == [Sound.CALL]
        kiosk.window.switch_language("en")
        assert sounds.played == [Sound.CALL]
        kiosk.window.tell_clock(doubted=True)
        assert sounds.played == [Sound.CALL] * 2


@pytest.mark.parametrize("mode", list(Mode))
def test_staff_are_called_when_the_camera_is_gone(mode: Mode, qtbot: QtBot) -> None:
    sounds = NotedSounds()
    with opened(mode) as kiosk:
        SoundsOf(kiosk.window, sounds)
        kiosk.window.camera_trouble(CameraTrouble(CameraFault.NOT_CONNECTED, "Webcam"))
        kiosk.window.camera_trouble(None)
        qtbot.waitUntil(lambda: sounds.played == [Sound.CALL])


# Reading aloud


def test_the_key_to_listen_is_there_as_soon_as_there_is_a_voice_for_the_language() -> None:
    speech = NotedSounds()
    with opened(Mode.SELF) as kiosk:
        aloud = ReadAloud(kiosk.window, speech)
        key = kiosk.guest.scan.keys._listen
        assert not key.isVisible()
        speech.languages = ("fr",)
        aloud.voices_changed()
        assert key.isVisible()
        kiosk.window.switch_language("en")
        assert not key.isVisible()


def test_what_the_screen_says_is_read_in_its_language_and_an_answer_takes_its_place(
    qtbot: QtBot,
) -> None:
    speech = NotedSounds("fr", "en")
    with opened(Mode.SELF) as kiosk:
        ReadAloud(kiosk.window, speech)
        kiosk.guest.scan.keys._listen.click()
        qtbot.waitUntil(lambda: len(speech.said) == 1)
        assert speech.said == [(kiosk.guest.scan.words.spoken, "fr")]
        speech.said.clear()
        kiosk.window.show_admission(admit())
        assert not speech.said, "the sound of the answer comes first"
        qtbot.waitUntil(lambda: len(speech.said) == 1)
        assert speech.said == [(kiosk.guest.answer.spoken, "fr")]
        assert "Ficticia" not in speech.said[0][0], "no more of the name than is on the screen"


def test_who_does_not_want_to_hear_any_more_hears_nothing_at_once(qtbot: QtBot) -> None:
    speech = NotedSounds("fr")
    with opened(Mode.SELF) as kiosk:
        aloud = ReadAloud(kiosk.window, speech)
        key = kiosk.guest.scan.keys._listen
        key.click()
        key.click()
        assert not aloud._timer.isActive()
        qtbot.wait(2 * SOON)
        assert not speech.said
        assert speech.hushed == 2


def test_a_desk_reads_nothing_aloud(qtbot: QtBot) -> None:
    speech = NotedSounds("fr")
    with opened(Mode.DESK) as kiosk:
        ReadAloud(kiosk.window, speech).voices_changed()
        kiosk.window.show_admission(admit())
        qtbot.wait(2 * SOON)
        assert not speech.said


def test_sounds_that_are_off_have_no_volume() -> None:
    assert volume_of(Settings(volume=60)) == 60
    assert volume_of(Settings(volume=60, sounds=False)) == 0


class Speaker(NotedSounds):
    """Implements what `kiosk sound` uses of a Loudspeaker."""

    def __init__(self, device: str, *languages: str) -> None:
        super().__init__(*languages, device=device)
        self.on_change = lambda: None
        self.stopped = False

    def start(self) -> None:
        """Everything is there at once."""

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Speaker:
    made = Speaker("HDA Intel", "fr", "en")
    monkeypatch.setattr("kiosk.bootstrap.heard.loudspeaker", lambda _: made)
    monkeypatch.setattr(command, "BETWEEN", 0.0)
    monkeypatch.setattr(command, "SAYING", 0.0)
    return made


def test_kiosk_sound_plays_each_with_its_name(
    speaker: Speaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["sound", "--state", str(tmp_path), "--volume", "40", "--say", "Bonjour"]
    assert main([*asked, "--language", "fr"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("HDA Intel, volume 40 of 100\n")
    assert all(f"  {sound}" in told for sound in Sound)
    assert told.endswith("read aloud: en fr\n")
    assert speaker.played == list(command.MEANINGS)
    assert speaker.said == [("Bonjour", "fr")]
    assert speaker.stopped


def test_kiosk_sound_says_that_there_is_no_voice_for_a_language(
    speaker: Speaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["sound", "--state", str(tmp_path), "--say", "Labas", "--language", "lt"]
    assert main(asked) == 2
    assert "no voice for 'lt'" in capsys.readouterr().err
    assert not speaker.said


def test_kiosk_sound_without_a_device_says_what_to_do(
    speaker: Speaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speaker.device = ""
    assert main(["sound", "--state", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "no device" in told.err
    assert "Connect a loudspeaker" in told.err
    assert not told.out
    assert not speaker.played
    assert speaker.stopped


def test_a_device_that_never_shows_up_is_waited_for_so_long_and_no_longer() -> None:
    assert not command._comes(lambda: False, threading.Event(), 0.01)
    assert command._comes(lambda: True, threading.Event(), 0.0)


def test_a_volume_beyond_a_hundred_is_no_volume() -> None:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["sound", "--volume", "101"])
