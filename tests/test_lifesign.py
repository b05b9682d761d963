"""Signs of life: to systemd, to `kiosk keep`, and only while window, desk and reading turn."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.adapters.reader.process import ReadingProcess
from kiosk.adapters.system.lifesign import ALIVE, KEPT, READY, STOPPING, lifesign
from kiosk.bootstrap.heart import LIMITS, Heart
from kiosk.bootstrap.station import RunningStation
from kiosk.core.trust.trustlist import TrustList
from kiosk.gui.desk_thread import DeskThread
from tests.fakes.clock import SetClock
from tests.gui_support import AT, DeskMaker, station, wordings
from tests.test_bootstrap import NoCamera

QUICK = dict.fromkeys(LIMITS, 0.0)
needs_unix = pytest.mark.skipif(os.name == "nt", reason="systemd is Linux's")


@needs_unix
@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_at_the_address_that_it_names(tmp_path: Path, abstract: bool) -> None:
    name = f"kiosk-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + name if abstract else name)
        systemd.settimeout(5)
        environment = {"NOTIFY_SOCKET": "@" + name if abstract else name, "HOME": "/"}
        tell = lifesign(environment)
        assert environment == {"HOME": "/"}  # no process that is started from here is told
        for word in (READY, ALIVE, STOPPING):
            tell(word)
            assert systemd.recv(64) == word.encode()


@needs_unix
def test_a_systemd_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    lifesign({"NOTIFY_SOCKET": str(tmp_path / "nobody")})(ALIVE)


def test_without_anybody_who_listens_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    lifesign({"NOTIFY_SOCKET": "vsock:2:1234"})(ALIVE)
    lifesign({})(ALIVE)
    assert capsys.readouterr().out == ""


def test_kiosk_keep_is_told_by_lines(capsys: pytest.CaptureFixture[str]) -> None:
    tell = lifesign({KEPT: "1"})
    tell(READY)
    tell(ALIVE)
    assert capsys.readouterr().out == "READY=1\nWATCHDOG=1\n"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", list(LIMITS))
def test_the_heart_beats_only_while_every_part_turns(part: str) -> None:
    told: list[str] = []
    silences = dict(QUICK)
    heart = Heart(lambda: silences, told.append)
    heart.start()
    assert told == [READY, ALIVE]
    silences[part] = LIMITS[part] + 0.1
    heart.beat()
    assert told == [READY, ALIVE]
    silences[part] = LIMITS[part]
    heart.beat()
    heart.stop()
    assert told == [READY, ALIVE, ALIVE, STOPPING]


def test_the_heart_beats_by_itself_while_the_loop_turns(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.bootstrap.heart.EVERY", 5)
    told: list[str] = []
    heart = Heart(lambda: QUICK, told.append)
    heart.start()
    qtbot.waitUntil(lambda: told.count(ALIVE) > 3)
    heart.stop()
    before = len(told)
    QApplication.processEvents()
    assert len(told) == before


@pytest.mark.usefixtures("qapp")
def test_a_running_station_tells_of_both_its_threads() -> None:
    clock = SetClock(AT)
    running = RunningStation(station(), DeskMaker(), NoCamera(), clock, wordings(), TrustList())
    try:
        assert set(running.silences()) == set(LIMITS)
        assert all(0 <= silence < 10 for silence in running.silences().values())
    finally:
        running.stop()


def stuck_desk(qtbot: QtBot, meanwhile: Callable[[DeskThread], None]) -> None:
    """A desk whose thread waits for a question's answer while `meanwhile` looks at it."""
    desk, let_go, begun = DeskThread(DeskMaker()), threading.Event(), threading.Event()

    def wait(_: object) -> None:
        begun.set()
        let_go.wait(10)

    desk.start()
    desk.tell(wait, lambda _: None)
    qtbot.waitUntil(begun.is_set)
    try:
        meanwhile(desk)
    finally:
        let_go.set()
        assert desk.stop()


def test_a_desk_that_hangs_grows_silent_whatever_it_is_asked(qtbot: QtBot) -> None:
    def look(desk: DeskThread) -> None:
        first = desk.silence
        desk.refresh(AT)
        desk.tick(AT)
        qtbot.waitUntil(lambda: desk.silence > first + 0.2)

    stuck_desk(qtbot, look)


def test_a_desk_that_was_ended_is_not_silent_but_ended(qtbot: QtBot) -> None:
    del qtbot
    desk = DeskThread(DeskMaker())
    desk.start()
    before = desk.ended
    assert desk.stop()
    assert (before, desk.ended) == (False, True)
    assert desk.silence == 0


def test_reading_that_was_never_begun_is_not_silent() -> None:
    assert ReadingProcess(lambda *_: None).silence == 0
