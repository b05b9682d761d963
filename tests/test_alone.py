"""A screen runs once; what others left in the environment does not run at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.adapters.system.environment import clear_environment
from kiosk.adapters.system.front import call_to_front
from kiosk.bootstrap.alone import come_when_called, only_one
from kiosk.bootstrap.errors import DoorError
from kiosk.desk.findings import Mode
from tests.shared import ROOT

needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")


@needs_signals
@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_a_second_start_is_told_and_brings_the_first_window_to_the_front(
    qtbot: QtBot, tmp_path: Path
) -> None:
    first, above = QWidget(), QWidget()
    for window in (first, above):
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
    qtbot.waitUntil(above.isActiveWindow)
    with only_one(tmp_path, Mode.DESK):
        come_when_called(first)
        second = (
            "from pathlib import Path; from kiosk.bootstrap.alone import only_one\n"
            "from kiosk.desk.findings import Mode\n"
            f"with only_one(Path({str(tmp_path)!r}), Mode.DESK): pass"
        )
        done = subprocess.run(
            [sys.executable, "-c", second],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "runs already, and was brought to the front" in done.stderr
        qtbot.waitUntil(first.isActiveWindow)


@needs_signals
def test_who_is_called_too_early_does_not_die_of_it(tmp_path: Path) -> None:
    with only_one(tmp_path, Mode.DESK):
        assert call_to_front(os.getpid())  # no window yet
    assert signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL


@needs_signals
def test_nobody_can_be_called_who_is_not_there() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not call_to_front(gone.pid)


def test_the_two_screens_of_a_folder_do_not_hinder_each_other(tmp_path: Path) -> None:
    with only_one(tmp_path, Mode.DESK), only_one(tmp_path, Mode.SELF):
        pass
    with only_one(tmp_path, Mode.DESK):
        pass


def test_a_folder_that_cannot_be_written_to_is_told_as_such(tmp_path: Path) -> None:
    with (
        pytest.raises(DoorError, match="cannot be written to"),
        only_one(tmp_path / "missing", Mode.DESK),
    ):
        pass


def test_what_others_set_for_qt_and_python_is_forgotten() -> None:
    environment = {
        "QT_PLUGIN_PATH": "/evil",
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/evil",
        "QT_STYLE_OVERRIDE": "evil",
        "QML2_IMPORT_PATH": "/evil",
        "PYTHONPATH": "/evil",
        "PYTHONSTARTUP": "/evil.py",
        "PYTHONINSPECT": "1",
        "QT_QPA_PLATFORM": "wayland",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        "HOME": "/home/kiosk",
    }
    clear_environment(environment)
    assert set(environment) == {"QT_QPA_PLATFORM", "PYTHON_KEYRING_BACKEND", "HOME"}


def test_the_program_forgets_it_before_anything_else(tmp_path: Path) -> None:
    probe = "import os, kiosk.cli.main as m\nm.main = lambda: print(sorted(os.environ))\nm.start()"
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_PLUGIN_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'PYTHONPATH'" not in done.stdout
    assert "QT_PLUGIN_PATH" not in done.stdout
    assert "'PATH'" in done.stdout
