"""Screen and PC stay awake while a door is open, and may sleep again afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.adapters.system import awake
from kiosk.adapters.system.awake import kept_awake
from tests.shared import ROOT

SAVER = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result=int)
    def Inhibit(self, who, why):
        print("inhibit", who, "|", why, flush=True)
        return 42

    @Slot(int)
    def UnInhibit(self, cookie):
        print("release", cookie, flush=True)

app, saver, bus = QCoreApplication(sys.argv), Saver(), QDBusConnection.sessionBus()
slots = QDBusConnection.RegisterOption.ExportAllSlots
assert bus.registerObject("/org/freedesktop/ScreenSaver", saver, slots)
assert bus.registerService("org.freedesktop.ScreenSaver")
print("ready", flush=True)
app.exec()
"""
OURS = """
from PySide6.QtCore import QCoreApplication
from kiosk.adapters.system.awake import kept_awake
app = QCoreApplication([])
with kept_awake() as ways:
    print(*ways)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-run-session") is None,
    reason="needs a session bus of its own",
)
def test_a_desktop_s_screen_saver_is_held_off_and_let_go(tmp_path: Path) -> None:
    script = tmp_path / "saver.py"
    script.write_text(SAVER)
    shell = (
        f'"{sys.executable}" "{script}" > "{tmp_path}/said" & saver=$!; '
        f'until grep -q ready "{tmp_path}/said"; do :; done; '
        f'"{sys.executable}" -c "$OURS"; kill $saver'
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", shell],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OURS": OURS, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said = (tmp_path / "said").read_text().splitlines()
    assert "desktop" in done.stdout
    assert said == ["ready", "inhibit Check-in kiosk | A door is open", "release 42"]


def test_every_way_is_tried_and_what_worked_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def works() -> object:
        done.append("begin")
        return lambda: done.append("end")

    def fails() -> object:
        raise OSError("no such library")

    ways = {"broken": fails, "absent": lambda: None, "there": works}
    monkeypatch.setattr(awake, "_WAYS", {sys.platform: ways})
    with kept_awake() as worked:
        assert worked == ("there",)
        assert done == ["begin"]
    assert done == ["begin", "end"]


@pytest.mark.skipif(sys.platform != "linux", reason="of systemd")
def test_what_holds_systemd_off_ends_with_the_pipe_of_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "systemd-inhibit"
    stand_in.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nexec cat\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    release = awake._by_systemd()
    assert release is not None
    release()
    assert "idle:sleep:handle-lid-switch" in (tmp_path / "asked").read_text()
