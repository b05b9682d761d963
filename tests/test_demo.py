"""The demonstration: the whole program, played once from end to end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.adapters.system.places import certs
from kiosk.core.reasons import Group, Reason, explain
from kiosk.demo.acts import Ask
from kiosk.demo.clock import ScenarioClock
from kiosk.demo.report import table
from kiosk.demo.runner import Outcome
from kiosk.demo.scenario import REVOKED_BADGE_OF, scenario
from kiosk.demo.world import START, World, make_world
from kiosk.desk.admission import Admission

ROOT = Path(__file__).resolve().parents[1]
# What no scene can show: a program that fails, a door without a trust list, two codes at once, a
# hand scanner, and what another event file would ask for.
NOT_SHOWN = {
    Reason.SESSION_OVER,
    Reason.PROGRAM_TROUBLE,
    Reason.TRUST_LIST_EMPTY,
    Reason.SCAN_DAMAGED,
    Reason.ONE_CODE_AT_A_TIME,
    Reason.NO_OCCASION_OPEN,
    Reason.REENTRY_NOT_ALLOWED,
    Reason.EXIT_MISSING,
    Reason.CODE_AUSTRIAN,
    Reason.CODE_DUTCH,
    Reason.CODE_SMART_HEALTH_CARD,
    Reason.CODE_HCERT_OTHER,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("demo") / "state", REVOKED_BADGE_OF)


def test_the_scenario_shows_every_reason_that_staff_can_meet(world: World) -> None:
    shown = {step.reason for step in scenario(world)}
    answers = set(Group) - {Group.CERTIFICATE, Group.STAFF}
    wanted = {reason for reason in Reason if explain(reason).group in answers}
    assert wanted - NOT_SHOWN - shown == set()


def test_the_scenario_has_some_thirty_guests_of_a_dozen_partnerships(world: World) -> None:
    assert len(world.guests) >= 30
    assert len({guest.partnership for guest in world.guests.values()} - {""}) >= 12


def test_the_demonstration_leaves_nothing_in_the_installations_trust(world: World) -> None:
    assert world.trust.signers
    assert [path.name for path in certs().rglob("*") if path.is_file()] == ["README.md"]


def test_the_scenarios_clock_goes_on_from_where_it_was_set() -> None:
    clock = ScenarioClock(START)
    clock.advance(timedelta(hours=1))
    assert timedelta(hours=1) <= clock.now() - START < timedelta(hours=1, minutes=1)
    clock.run_at(1000)
    clock.set(START)
    assert clock.now() >= START


def test_what_staff_ask_for_and_is_not_done_is_no_expected_answer(world: World) -> None:
    step = next(each for each in scenario(world) if any(isinstance(a, Ask) for a in each.acts))
    green = Outcome(step, Admission(step.expected, START), 80.0, None)
    failed = replace(green, not_done=Reason.NOT_AUTHORISED)
    assert (green.as_expected, failed.as_expected) == (True, False)
    assert "not done (not_authorised)" in table([failed])


def test_every_answer_of_the_demonstration_is_the_expected_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kiosk", "demo", "--out", str(out)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    summary = re.search(r"(\d+) of (\d+) answers as expected", done.stdout)
    assert summary is not None
    assert summary.group(1) == summary.group(2)
    assert len(list(out.glob("*.png"))) == int(summary.group(2))
