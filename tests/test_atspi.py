"""A real screen reader's view (AT-SPI, Linux): names, roles, states, announcements, actions.

Needs `apt-get install xvfb dbus at-spi2-core python3-gi gir1.2-atspi-2.0`; skipped without.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.atspi.session import LAUNCHERS

ROOT = Path(__file__).parents[1]
BINDING = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"


@cache
def missing() -> str:
    """What is not installed here; empty where all is."""
    if sys.platform != "linux":
        return "AT-SPI is Linux's"
    for program in ("Xvfb", "dbus-run-session"):
        if shutil.which(program) is None:
            return program
    if not any(Path(each).exists() for each in LAUNCHERS):
        return "at-spi2-core"
    python = Path("/usr/bin/python3")
    found = python.exists() and subprocess.run([python, "-c", BINDING], capture_output=True)
    return "" if found and found.returncode == 0 else "gir1.2-atspi-2.0"


@cache
def met(mode: str) -> dict[str, Any]:
    """What a listener met in a window of `mode`."""
    if missing():
        pytest.skip(f"not installed: {missing()}")
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.atspi.session", mode],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def nodes(mode: str, role: str) -> list[dict[str, Any]]:
    return [each for each in met(mode)["nodes"] if each["role"] == role]


def names(mode: str, role: str) -> list[str]:
    return [each["name"] for each in nodes(mode, role)]


POLITE, ASSERTIVE = 1, 2  # AtspiLive


def test_each_answer_is_said_at_once_and_a_step_when_there_is_time() -> None:
    said = met("self")["said"]
    assert [urgency for _, urgency in said] == [POLITE, ASSERTIVE, ASSERTIVE]
    assert "badge" in said[0][0]
    assert "Usuaria" in said[1][0]
    assert [urgency for _, urgency in met("desk")["said"]] == [ASSERTIVE] * 3


def test_the_guest_s_answer_is_an_alert_whose_name_is_the_sentence() -> None:
    (alert,) = nodes("self", "alert")
    assert alert["name"] in met("self")["said"][-1][0]
    assert {"showing", "visible"} <= set(alert["states"])


def test_the_desk_is_told_whole() -> None:
    assert len(nodes("desk", "alert")) == 1
    assert len(names("desk", "check box")) >= 2
    assert all(names("desk", "push button"))
    assert len(names("desk", "push button")) >= 5
    (search,) = [each for each in nodes("desk", "text") if "editable" in each["states"]]
    assert "F3" in search["name"]
    assert nodes("desk", "list item")


@pytest.mark.parametrize("mode", ["self", "desk"])
def test_nothing_that_can_be_pressed_is_without_a_name(mode: str) -> None:
    roles = ("push button", "check box", "radio button", "text", "image", "alert")
    assert met(mode)["nodes"]
    for role in roles:
        assert all(names(mode, role)), role


def test_a_screen_reader_ticks_what_was_seen() -> None:
    (box, *_) = nodes("desk", "check box")
    assert "checked" in box["states"]
    assert met("desk")["ticked"] == [box["name"]]
