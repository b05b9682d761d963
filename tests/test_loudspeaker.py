"""The loudspeaker: a process of its own, that may fail, and what a window lets it play."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from kiosk.adapters.sound import process
from kiosk.adapters.sound.child import Reports, serve_sounds, serve_voice
from kiosk.adapters.sound.loudspeaker import Loudspeaker
from kiosk.adapters.sound.messages import LONGEST, MOST, Heard, heard_of, request_of, told
from kiosk.adapters.sound.process import Remote, Serve
from kiosk.adapters.sound.voice import code_of, voice_for
from kiosk.adapters.sound.volume import gain
from kiosk.desk.ports import Sound
from tests.fakes.sounds import echo, hangs, nonsense
from tests.gui_support import ASSETS

WITHIN = 20_000  # milliseconds: a process is begun on a busy machine


@contextmanager
def speaker(
    sounds: Serve = echo, voice: Serve | None = None, volume: int = 70
) -> Iterator[Loudspeaker]:
    made = Loudspeaker(ASSETS / "sounds", volume, sounds=sounds, voice=voice)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def until(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda there: qtbot.waitUntil(there, timeout=WITHIN)


Until = Callable[[Callable[[], bool]], None]


def test_requests_reach_the_process_and_what_it_tells_comes_back(until: Until) -> None:
    with speaker() as made:
        assert made.device is None
        until(lambda: made.device == "volume 70")
        made.play(Sound.ADMIT)
        until(lambda: made.device == "play admit")
        made.set_volume(30)
        until(lambda: made.device == "volume 30")
        made.test()
        until(lambda: made.device == "test")
        made.say("Bonjour", "fr")
        assert not made.languages, "without a voice nothing is said"


def test_sentences_go_to_the_process_of_the_voice(until: Until) -> None:
    with speaker(echo, echo) as made:
        assert not made.can_speak("fr")
        until(lambda: made.device == "volume 70" and bool(made.languages))
        spoken = [made.can_speak(each) for each in ("fr", "no", "nn", "nb", "de")]
        assert spoken == [True] * 4 + [False]
        voice = made._voice
        assert voice is not None
        made.say("Bonjour", "fr")
        until(lambda: voice.heard.device == "say Bonjour fr")
        assert made.device == "volume 70"


def test_no_request_is_waited_for_and_none_is_kept_for_later(until: Until) -> None:
    made = Loudspeaker(ASSETS / "sounds", sounds=echo, voice=None)
    made.play(Sound.ADMIT)  # nothing runs yet
    made.start()
    try:
        until(lambda: bool(made.device))
        assert made.device == "volume 80"
        began = time.perf_counter()
        for _ in range(1000):
            made.play(Sound.READ)
        assert time.perf_counter() - began < 1
    finally:
        made.stop()


def test_a_process_that_ends_is_replaced_with_the_volume_of_then(
    until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    with speaker() as made, caplog.at_level(logging.WARNING):
        until(lambda: made.device == "volume 70")
        made.set_volume(20)
        until(lambda: made.device == "volume 20")
        made.play(Sound.REFUSE)
        until(lambda: made.device is None)
        until(lambda: made.device == "volume 20")
        assert "ended with 9" in caplog.text


def test_what_a_process_tells_that_is_no_word_of_ours_ends_it(
    until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    with speaker(nonsense) as made, caplog.at_level(logging.WARNING):
        until(lambda: "ended with" in caplog.text)
        assert made.device is None


def test_sounds_that_hang_are_replaced_at_a_later_one(
    until: Until, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "STUCK_AFTER", 0.2)
    with speaker(hangs) as made, caplog.at_level(logging.WARNING):
        until(lambda: made.device == "hangs")

        def gone() -> bool:
            made.play(Sound.ADMIT)
            return "sounds ended with" in caplog.text

        until(gone)
        until(lambda: made.device == "hangs")


def test_a_voice_that_hangs_keeps_no_sound_waiting(until: Until) -> None:
    with speaker(echo, hangs) as made:
        until(lambda: made.can_speak("fr"))
        made.say("Bonjour", "fr")
        made.play(Sound.DESK)
        until(lambda: made.device == "play desk")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after", [0.0, 0.2, 0.5])
def test_a_program_that_is_killed_leaves_no_process_behind(after: float, qtbot: QtBot) -> None:
    """Also when it is killed while the processes only begin."""
    command = [sys.executable, "-c", BEGINS, str(after)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        left = [int(each) for each in program.stdout.readline().split()]
    assert len(left) == 2
    qtbot.waitUntil(lambda: not any(map(runs, left)), timeout=WITHIN)


BEGINS = """
import os, sys, time
from pathlib import Path
from kiosk.adapters.sound.loudspeaker import Loudspeaker
speaker = Loudspeaker(Path("assets/sounds"))
speaker.start()
while not all(each.pid for each in speaker._processes()):
    time.sleep(0.001)
time.sleep(float(sys.argv[1]))
print(*(each.pid for each in speaker._processes()), flush=True)
os.kill(os.getpid(), 9)
"""


def runs(pid: int) -> bool:
    """Whether a process is there that is not merely still to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_when_it_stops_no_process_and_no_thread_is_left(until: Until) -> None:
    with speaker(echo, echo) as made:
        until(lambda: bool(made.device and made.languages))
        parts: list[Remote] = made._processes()
        processes = [each._process for each in parts]
    assert len(processes) == 2
    assert not any(each is not None and each.is_alive() for each in processes)
    assert not any(each._tending.is_alive() or each._sending.is_alive() for each in parts)
    made.play(Sound.ADMIT)  # by a window that is being closed


def test_the_real_processes_find_out_about_the_device_whatever_this_machine_has(
    until: Until,
) -> None:
    with speaker(serve_sounds, serve_voice) as made:
        until(lambda: made.device is not None)
        for sound in Sound:
            made.play(sound)
        made.test()
        made.say("Bonjour", "fr")
        made.set_volume(0)
        assert all(each.pid for each in made._processes())


def test_a_sentence_of_ten_thousand_letters_is_cut_and_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []
    made = Loudspeaker(ASSETS / "sounds")
    assert made._voice is not None
    made._voice.heard = Heard("", frozenset({"el"}))
    monkeypatch.setattr(made._voice, "ask", asked.append)
    made.say("Ω" * 10_000, "el")
    assert request_of(asked[0])["text"] == "Ω" * LONGEST
    assert len(asked[0]) < MOST


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"device": 7, "languages": []}',
        b'{"device": "a", "languages": "fr"}',
        b'{"device": "a", "languages": [1]}',
        b"\xff",
    ],
)
def test_only_what_is_said_in_the_right_form_is_believed(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of any words
        heard_of(data)


def test_what_is_told_is_read_back() -> None:
    for heard in (Heard(), Heard(""), Heard("HDA Intel", frozenset({"fr", "uk"}))):
        assert heard_of(told(heard)) == heard


def test_the_process_answers_each_request_and_tells_what_is_new() -> None:
    sent: list[bytes] = []

    class Pipe:
        def send_bytes(self, data: bytes) -> None:
            sent.append(data)

    reports = Reports(Pipe())  # type: ignore[arg-type]
    reports.device("")
    reports.languages(frozenset({"fr"}))
    reports.languages(frozenset({"fr"}))
    reports.done()
    heard = Heard("", frozenset({"fr"}))
    assert [heard_of(each) for each in sent] == [Heard(""), heard, heard]


def test_volume_is_as_ears_take_it() -> None:
    assert gain(0) == 0
    assert gain(100) == pytest.approx(1)
    assert gain(50) == pytest.approx(0.316, abs=0.01), "half as loud: 10 dB less"
    assert gain(-1) == 0
    assert gain(1000) == 1


def test_the_voice_for_a_language_is_that_of_its_own_country_if_there_is_one() -> None:
    voices = [QLocale(each) for each in ("fr_CH", "fr_FR", "pt_BR", "en_GB")]
    french, portuguese = voice_for("fr", voices), voice_for("pt", voices)
    assert french is not None
    assert french.name() == "fr_FR"
    assert portuguese is not None
    assert portuguese.name() == "pt_BR"
    assert voice_for("uk", voices) is None
    assert code_of(QLocale.c()) == ""
    assert [code_of(QLocale(each)) for each in ("nb_NO", "el_GR", "ga_IE")] == ["nb", "el", "ga"]


def test_what_is_loaded_for_sounds_is_never_loaded_by_the_program_itself() -> None:
    """Qt's sounds take 100 ms to load and may wait for a server."""
    code = "import sys, kiosk.adapters.sound.loudspeaker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "PySide6" not in done.stdout
