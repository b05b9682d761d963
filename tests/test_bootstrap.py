"""Before a door opens: what it needs, and the self-test."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from kiosk.bootstrap.door import CameraChoice, DoorError, camera_of, open_door, self_test
from kiosk.bootstrap.installation import installation, missing_pieces
from kiosk.bootstrap.screens import has_display, prepare_qt
from kiosk.bootstrap.station import RunningStation
from kiosk.core.reasons import Reason
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import Failed, Verification, Verifier
from kiosk.demo.scenario import REVOKED_BADGE_OF
from kiosk.demo.world import make_world
from kiosk.desk.clockguard import ClockGuard
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import (
    CameraFault,
    CameraTrouble,
    Frame,
    ScannedText,
    ScannerKind,
    Sighting,
)
from kiosk.gui.desk.banner import Banner
from tests.certificates import AT
from tests.door import badge, badge_key, guest, policy, saint_ouen
from tests.fakes.clock import Memory, SetClock
from tests.fakes.readers import seen
from tests.gui_support import DeskMaker, station, wordings
from tests.revocations import a_list


class Gullible(Verifier):
    """Remembers its first verdict and gives it to everybody."""

    first: Verification | None = None

    def verify(self, text: str, at: datetime) -> Verification:
        self.first = self.first or super().verify(text, at)
        return self.first


class Blind(Verifier):
    """Takes nothing for genuine."""

    def verify(self, text: str, at: datetime) -> Verification:
        del text, at
        return Failed(Reason.SIGNATURE_INVALID)


def test_the_self_test_passes_with_the_verifier_of_the_program() -> None:
    self_test()


@pytest.mark.parametrize("broken", [Gullible, Blind])
def test_a_verifier_that_is_broken_does_not_pass_the_self_test(broken: type[Verifier]) -> None:
    with pytest.raises(DoorError, match="self-test failed"):
        self_test(broken)


def test_a_door_without_a_display_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not has_display()
    station = Station(saint_ouen(), policy(), saint_ouen().doors[0], Mode.DESK)
    with pytest.raises(DoorError, match="no display"):
        open_door(installation(tmp_path), station, CameraChoice("0"), windowed=True)


DEAD = {"DISPLAY": "unix:59999", "WAYLAND_DISPLAY": "/nowhere/wayland-9"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen always")
@pytest.mark.parametrize("name", DEAD)
def test_a_display_that_does_not_answer_is_none_and_qt_goes_offscreen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for other in (*DEAD, "QT_QPA_PLATFORM", "QT_LOGGING_RULES"):
        monkeypatch.setenv(other, "")
    monkeypatch.setenv(name, DEAD[name])
    assert not has_display()
    station = Station(saint_ouen(), policy(), saint_ouen().doors[0], Mode.DESK)
    with pytest.raises(DoorError, match="in the variable DISPLAY"):
        open_door(installation(tmp_path), station, CameraChoice("0"), windowed=True)
    prepare_qt()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_a_platform_that_was_chosen_on_purpose_counts_as_a_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in DEAD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("QT_QPA_PLATFORM", "vnc")
    assert has_display()
    prepare_qt()
    assert os.environ["QT_QPA_PLATFORM"] == "vnc"


def test_an_empty_state_folder_lacks_guests_badge_key_and_trust(tmp_path: Path) -> None:
    missing = missing_pieces(installation(tmp_path))
    assert [what for what, _ in missing] == [
        "the guest list",
        "the key that badges are checked with",
        "a trust list",
    ]
    assert all("kiosk" in remedy for _, remedy in missing)


def test_a_folder_with_guests_and_key_lacks_only_the_trust_list(tmp_path: Path) -> None:
    world = make_world(tmp_path, REVOKED_BADGE_OF)
    place = installation(tmp_path, world.sealer)
    assert [what for what, _ in missing_pieces(place)] == ["a trust list"]


class NoCamera:
    """Stands where a camera would."""

    name = "none"

    def start(self, *_: object) -> None:
        """Deliver nothing."""

    def stop(self) -> None:
        """Nothing to end."""


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("issued", "expires", "told"),
    [
        (AT - timedelta(hours=1), AT, ""),
        (AT - timedelta(hours=1), AT - timedelta(seconds=1), "Liste de révocation du"),
        (AT - timedelta(days=9), AT - timedelta(seconds=1), "Liste de confiance du"),
    ],
)
def test_staff_are_told_of_an_old_list_the_trust_list_first(
    issued: datetime, expires: datetime, told: str
) -> None:
    lists = TrustList(issued_at=issued), a_list(expires_at=expires)
    running = RunningStation(station(), DeskMaker(), NoCamera(), SetClock(AT), wordings(), *lists)
    try:
        banner = running.window.findChild(Banner)
        assert banner is not None
        assert banner.told.startswith(told)
        assert bool(banner.told) is bool(told)
    finally:
        running.stop()


@pytest.mark.usefixtures("qapp")
def test_staff_are_told_while_the_clock_is_not_believed() -> None:
    clock, memory = SetClock(AT), Memory()
    guard = ClockGuard(clock, memory, "boot-1", signed=AT)
    running = RunningStation(
        station(), DeskMaker(), NoCamera(), clock, wordings(), TrustList(), None, guard
    )
    try:
        banner = running.window.findChild(Banner)
        assert banner is not None
        assert banner.told == ""
        clock.set(AT - timedelta(hours=1))
        running._tell_age()
        assert banner.told.startswith("Horloge douteuse")
        assert guard.confirm(None)
        running._tell_age()
        assert banner.told == ""
    finally:
        running.stop()


@pytest.mark.usefixtures("qapp")
def test_a_steward_s_badge_is_no_guest_s_code(monkeypatch: pytest.MonkeyPatch) -> None:
    running = RunningStation(
        station(), DeskMaker(), NoCamera(), SetClock(AT), wordings(), TrustList()
    )
    code, guests = seen(make_staff_badge("00" * 8, badge_key())), badge(guest())
    asked: list[tuple[str, ...]] = []
    try:
        monkeypatch.setattr(running.desk, "sight", lambda texts, _: asked.append(texts))
        monkeypatch.setattr(running.desk, "scanned", lambda text, _: asked.append((text,)))
        running._on_sighting(a_frame(1), Sighting((code, seen(guests))))
        running.take_scan(ScannedText(code.text, AT, ScannerKind.SERIAL))
        assert asked == [(guests,)]
    finally:
        running.stop()


@pytest.mark.usefixtures("qapp")
def test_the_code_that_tries_the_camera_is_no_guest_s_and_a_guest_s_is_answered_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = RunningStation(
        station(), DeskMaker(), NoCamera(), SetClock(AT), wordings(), TrustList()
    )
    monkeypatch.setattr(running._steadiness, "passed", lambda sighting, _: sighting)
    poster, guests = "https://www.example.org/", badge(guest())
    asked: list[tuple[str, ...]] = []
    try:
        monkeypatch.setattr(running.desk, "sight", lambda texts, _: asked.append(texts))
        for tries in (True, False):
            running.window.pages.ready.tries = tries
            running._on_sighting(a_frame(1), Sighting((seen(poster),)))
            running._on_sighting(a_frame(2), Sighting((seen(guests),)))
        assert asked == [(), (guests,), (poster,), (guests,)]
    finally:
        running.stop()


@pytest.mark.usefixtures("qapp")
def test_while_nothing_reads_the_window_says_so_and_shows_no_picture() -> None:
    running = RunningStation(
        station(), DeskMaker(), NoCamera(), SetClock(AT), wordings(), TrustList()
    )
    preview, first, second = running.window.preview, a_frame(1), a_frame(2)
    try:
        running._on_frame(first)
        QApplication.processEvents()
        shown = [preview.frame_number]
        running._on_away(True)
        running._on_frame(second)
        QApplication.processEvents()
        shown.append(preview.frame_number)
        assert preview._trouble == CameraTrouble(CameraFault.NOT_READ, "none")
        running._on_away(False)
        running._on_frame(a_frame(3))
        QApplication.processEvents()
        assert [*shown, preview.frame_number] == [1, None, 3]
    finally:
        running.stop()


def a_frame(number: int) -> Frame:
    return Frame(np.full((48, 64), 120, np.uint8), number)


@pytest.mark.parametrize("gone", ["A webcam of last week", "/nowhere/film.mp4", "x" * 400, "<b>"])
def test_a_camera_of_the_settings_that_is_gone_keeps_no_door_shut(
    gone: str, qapp: QApplication
) -> None:
    assert qapp is not None
    with pytest.raises(DoorError, match="There is no camera"):
        camera_of(CameraChoice(gone))  # somebody who is there asked for it
    first = camera_of(CameraChoice(gone, remembered=True))
    assert first.name == camera_of(CameraChoice("0")).name
