"""What is shipped for the system: a unit that systemd takes, and pages that name every file."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

import pytest

from kiosk.bootstrap import heart
from tests.shared import ROOT

SYSTEM = ROOT / "assets" / "system"
UNIT = SYSTEM / "kiosk.service"
PAGE = ROOT / "docs" / "kiosk-mode.md"
MOST_EXPOSED = 3.0  # of 10, as `systemd-analyze security` counts; 2.3 when this was written
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "notify"), ("NotifyAccess", "all"), ("Restart", "always"),
        ("RestartPreventExitStatus", "0"), ("StartLimitIntervalSec", "0"),
        ("ProtectSystem", "strict"), ("NoNewPrivileges", "yes"), ("PrivateTmp", "yes"),
        ("LimitCORE", "0"), ("CapabilityBoundingSet", ""), ("UMask", "0077"),
    ],
)  # fmt: skip
def test_the_unit_restarts_for_ever_and_gives_nothing_away(name: str, value: str) -> None:
    assert settings()[name] == [value]


def test_signs_of_life_come_several_times_within_the_watchdog_s_patience() -> None:
    (patience,) = settings()["WatchdogSec"]
    assert float(patience) * 1000 >= 5 * heart.EVERY


def test_a_crash_is_followed_by_a_start_within_a_second() -> None:
    assert settings()["RestartSec"] == ["1"]


def test_the_unit_starts_python_in_isolation_and_no_console_can_be_switched_to() -> None:
    (command,) = settings()["ExecStart"]
    assert " -I -m kiosk run " in command
    cage = command.split(" -- ")[0].split()
    assert "-s" not in cage


def stand_in(folder: Path) -> Path:
    """The unit, with a program that is there in the place of cage."""
    unit = folder / "kiosk.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/usr/bin/cage", shutil.which("true") or ""))
    return unit


@needs_systemd
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(stand_in(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if "kiosk.service" in line]
    assert told == []
    assert done.returncode == 0, done.stderr


@needs_systemd
def test_systemd_counts_the_unit_as_little_exposed(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--no-pager", str(stand_in(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd does not look at files")
    level = re.search(r"exposure level for kiosk\.service: ([0-9.]+)", done.stdout)
    assert level is not None, done.stdout + done.stderr
    assert float(level[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", ["shell-launcher.xml", "assigned-access.xml"])
def test_a_configuration_of_windows_refers_to_its_own_profile(name: str) -> None:
    root = ET.parse(SYSTEM / name).getroot()  # noqa: S314  # our own file
    profiles = [e.get("Id") for e in root.iter() if e.tag.endswith("}Profile") and len(e)]
    referred = [
        e.get("Id")
        for e in root.iter()
        if e.tag.endswith(("}Profile", "}DefaultProfile")) and not len(e)
    ]
    assert profiles == referred
    assert len(profiles) == 1


def test_windows_is_told_to_keep_a_door_and_not_to_reopen_what_was_left() -> None:
    launcher = (SYSTEM / "shell-launcher.xml").read_text("utf-8")
    assert '<ReturnCodeAction ReturnCode="0" Action="DoNothing"/>' in launcher
    for name in ("kiosk-door.cmd", "assigned-access.xml"):
        assert "-I -m kiosk keep -- run" in (SYSTEM / name).read_text("utf-8")


def test_the_page_names_every_file_that_is_shipped_and_no_other() -> None:
    text = PAGE.read_text("utf-8")
    shipped = {path.name for path in SYSTEM.iterdir()}
    named = set(re.findall(r"`([\w-]+\.(?:service|pam|conf|xml|ps1|cmd))`", text))
    assert shipped - set(re.findall(r"[\w-]+\.\w+", text)) == set()
    assert named - shipped <= {"logind.conf"}


def test_the_door_of_windows_ends_with_the_status_of_the_door() -> None:
    lines = (SYSTEM / "kiosk-door.cmd").read_text("utf-8").splitlines()
    assert lines[-1] == "exit %errorlevel%"
