"""The locked program on a real window system: closed by nobody, left by the gesture alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.kept import wait_for_more
from benchmarks.restart import prepare
from kiosk.adapters.system import awake
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.cli.unlocking import data_keys
from kiosk.gui.lock.gesture import HOLD
from tests.door import EVENT_FILE
from tests.shared import ROOT
from tests.xserver import Keyboard, has_xserver, xserver

WAYS_OUT = [
    ("Alt_L", "F4"), ("Control_L", "q"), ("Control_L", "w"), ("Alt_L", "Tab"), ("Super_L",),
    ("Control_L", "Alt_L", "BackSpace"), ("Control_L", "Alt_L", "F2"), ("F11",), ("Menu",),
    ("Shift_L", "F10"), ("Alt_L", "space"), ("Control_L", "Escape"), ("Print",),
]  # fmt: skip
pytestmark = pytest.mark.skipif(not has_xserver(), reason="no Xvfb and XTEST here")


def test_the_x_server_s_screen_saver_can_be_held_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with xserver() as display:
        monkeypatch.setenv("DISPLAY", display)
        try:
            release = awake._by_x()
        except OSError:
            pytest.skip("no libXss here")
        assert release is not None
        release()


@pytest.mark.skipif(not KernelKeyStore().works(), reason="the kernel lends no keyring here")
def test_no_key_and_no_window_manager_closes_it_but_the_gesture_held_twice(tmp_path: Path) -> None:
    prepare(tmp_path, guests=20)
    state = tmp_path / "state"
    door = ["run", "--event", str(EVENT_FILE), "--mode", "desk", "--state", str(state)]
    with xserver() as display:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "DISPLAY": display}
        environment |= {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}
        program = subprocess.Popen(
            [sys.executable, "-m", "kiosk", *door, "--camera", str(tmp_path / "seen")],
            cwd=tmp_path,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for_more(state, 0)
            hands = Keyboard(display)
            assert hands.ask_windows_to_close() >= 1
            for chord in WAYS_OUT:
                hands.chord(*chord)
            with pytest.raises(subprocess.TimeoutExpired):
                program.wait(1)
            for _ in range(
                2
            ):  # nobody is in the staff list: once for the question, once to confirm
                hands.press("Control_L", "Alt_L", "q")
                time.sleep(HOLD / 1000 + 0.7)  # it is being held
                hands.release("q", "Alt_L", "Control_L")
                time.sleep(0.5)
            told = program.communicate(timeout=30)[1]
            assert program.returncode == 0, told
            assert "Traceback" not in told
        finally:
            program.kill()
            program.wait()
            data_keys(state).shred()
