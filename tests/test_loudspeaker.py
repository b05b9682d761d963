"""The loudspeaker: a process of its own, that may fail, and what a window lets it play."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from kiosk.adapters.sound.child import Reports, serve
from kiosk.adapters.sound.effects import gain
from kiosk.adapters.sound.messages import LONGEST, Heard, heard_of, request_of, told, written
from kiosk.adapters.sound.process import Loudspeaker, Serve
from kiosk.adapters.sound.requests import STUCK, Worker
from kiosk.adapters.sound.voice import code_of, voice_for
from kiosk.desk.ports import Sound
from tests.fakes.sounds import echo, hangs, mute, nonsense
from tests.gui_support import ASSETS

WITHIN = 20_000  # milliseconds: a process is begun on a busy machine


@contextmanager
def speaker(serve: Serve = echo, volume: int = 70) -> Iterator[Loudspeaker]:
    made = Loudspeaker(ASSETS / "sounds", volume, serve=serve)
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
        assert not made.can_speak("fr")
        until(lambda: made.device == "volume 70")
        assert [made.can_speak(each) for each in ("fr", "no", "nn", "nb", "de")] == [True] * 4 + [
            False
        ]
        made.play(Sound.ADMIT)
        until(lambda: made.device == "play admit")
        made.set_volume(30)
        until(lambda: made.device == "volume 30")
        made.test()
        until(lambda: made.device == "test")
        made.say("Bonjour", "fr")
        until(lambda: made.device == "say Bonjour fr")
        made.hush()
        until(lambda: made.device == "hush")


def test_no_request_is_waited_for_and_none_is_kept_for_later(until: Until) -> None:
    made = Loudspeaker(ASSETS / "sounds", serve=echo)
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
        assert not made.languages
        until(lambda: made.languages == {"fr", "nb"})
        assert made.device == "volume 20"
        assert "ended with 9" in caplog.text


def test_what_a_process_tells_that_is_no_word_of_ours_ends_it(
    until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    with speaker(nonsense) as made, caplog.at_level(logging.WARNING):
        until(lambda: "ended with" in caplog.text)
        assert made.device is None


def test_sounds_that_hang_are_replaced_at_the_next_one(
    until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    with speaker(hangs) as made, caplog.at_level(logging.WARNING):
        until(lambda: made.device == "hangs")
        made.play(Sound.ADMIT)
        until(lambda: f"ended with {STUCK}" in caplog.text)
        until(lambda: made.device == "hangs")


def test_a_voice_that_hangs_is_offered_no_more_and_the_sounds_go_on(until: Until) -> None:
    with speaker(mute) as made:
        until(lambda: made.can_speak("fr"))
        made.play(Sound.ADMIT)
        until(lambda: not made.can_speak("fr"))
        assert made.device == "mute"
        made.say("Bonjour", "fr")  # would end the process, if it got there
        made.play(Sound.DESK)
        assert made._process is not None
        assert made._process.is_alive()


def test_when_it_stops_no_process_and_no_thread_is_left(until: Until) -> None:
    with speaker() as made:
        until(lambda: bool(made.device))
        process = made._process
        assert process is not None
    assert not process.is_alive()
    assert not made._tending.is_alive()
    assert not made._sending.is_alive()
    made.play(Sound.ADMIT)  # by a window that is being closed


def test_the_real_process_finds_out_about_the_device_whatever_this_machine_has(
    until: Until,
) -> None:
    with speaker(serve) as made:
        until(lambda: made.device is not None)
        for sound in Sound:
            made.play(sound)
        made.test()
        made.say("Bonjour", "fr")
        made.set_volume(0)
        assert made._process is not None
        assert made._process.is_alive()


def test_a_sentence_of_ten_thousand_letters_is_cut_and_read() -> None:
    assert request_of(written("say", text="é" * LONGEST)) == {"do": "say", "text": "é" * LONGEST}
    made = Loudspeaker(ASSETS / "sounds")
    made._pipe = object()  # type: ignore[assignment]  # as if a process were there
    made.say("A" * 10_000, "fr")
    request = made._requests.get_nowait()
    assert request is not None
    assert request_of(request)["text"] == "A" * LONGEST


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


def test_the_process_tells_only_what_is_new() -> None:
    sent: list[bytes] = []

    class Pipe:
        def send_bytes(self, data: bytes) -> None:
            sent.append(data)

    reports = Reports(Pipe())  # type: ignore[arg-type]
    reports.device("")
    reports.device("")
    reports.languages(frozenset({"fr"}))
    reports.languages(frozenset({"fr"}))
    assert [heard_of(each) for each in sent] == [Heard(""), Heard("", frozenset({"fr"}))]


def test_volume_is_as_ears_take_it() -> None:
    assert gain(0) == 0
    assert gain(100) == pytest.approx(1)
    assert 0.1 < gain(50) < 0.5
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


def test_a_worker_that_never_returns_is_noticed() -> None:
    worker = Worker()
    assert not worker.is_stuck(0.0)
    with worker.working():
        assert worker.is_stuck(-1.0)
        assert not worker.is_stuck(60.0)
    assert not worker.is_stuck(-1.0)


def test_what_is_loaded_for_sounds_is_never_loaded_by_the_program_itself() -> None:
    """Qt's sounds take 100 ms to load and may wait for a server."""
    text = Path("kiosk/adapters/sound/process.py").read_text("utf-8")
    assert "PySide6" not in text
    head = Path("kiosk/adapters/sound/child.py").read_text("utf-8").split("def ")[0]
    assert "PySide6" not in head
