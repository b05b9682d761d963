"""`kiosk demo`: the whole program with invented guests, with or without screen and camera."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import Subparsers, fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.bootstrap.station import RunningStation
    from kiosk.demo.clock import ScenarioClock
    from kiosk.demo.world import World
    from kiosk.desk.ports import Camera

_EPILOG = """\
It makes its own keys, guests and folder, throws them away at the end, and touches no real event.
Exit status 0 only if every answer was the expected one."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "demo", help="the whole program with invented guests", description=__doc__, epilog=_EPILOG
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("demo-output"),
        metavar="DIR",
        help="where table and screenshots go (default: demo-output)",
    )
    parser.add_argument(
        "--camera",
        metavar="SOURCE",
        help="a real camera instead of the simulated one: codes to show it are written to DIR",
    )
    parser.add_argument("--mode", choices=("self", "desk"), default="self", help="with --camera")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Play the scenario, or wait for codes before a real camera."""
    from kiosk.adapters.camera.open import UnknownCameraError

    try:
        from kiosk.bootstrap.screens import application, has_display
        from kiosk.demo.scenario import REVOKED_BADGE_OF
        from kiosk.demo.world import make_world
    except ImportError as error:
        return fail(f"A library is missing ({error}). `kiosk doctor` names the remedy.")
    if options.camera is not None and not has_display():
        return fail("There is no display to show a real camera on. Leave --camera out.")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        probe = options.out / ".kiosk-demo"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return fail(f"{options.out}: {error.strerror}. Choose another folder with --out.")
    application()
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
        world = make_world(Path(folder) / "state", REVOKED_BADGE_OF)
        if options.camera is None:
            return _play(world, options.out)
        try:
            return _wait_for_codes(world, options)
        except UnknownCameraError as error:
            return fail(str(error))


def _play(world: World, out: Path) -> int:
    from kiosk.adapters.storage.database import FILE_NAME
    from kiosk.demo.camera import SimulatedCamera
    from kiosk.demo.clock import ScenarioClock
    from kiosk.demo.report import line, markdown, summary, table
    from kiosk.demo.runner import Runner
    from kiosk.demo.scenario import scenario
    from kiosk.demo.world import START

    second = world.state.with_name("second")
    shutil.copytree(world.state, second)
    clock, camera = ScenarioClock(START), SimulatedCamera()
    runner = Runner(
        _opener(world, second, camera, clock),
        camera,
        clock,
        lambda: (second / FILE_NAME).unlink(),
        out,
    )
    steps = scenario(world)
    outcomes = []
    try:
        for outcome in runner.play(steps):
            outcomes.append(outcome)
            print(line(len(outcomes), len(steps), outcome), flush=True)
    finally:
        runner.stop()
    print(f"\n{table(outcomes)}\n\n{summary(outcomes)}")
    (out / "demo.md").write_text(markdown(outcomes), encoding="utf-8")
    lost = sum(1 for outcome in outcomes if outcome.admission and outcome.picture is None)
    if lost:
        return fail(f"{lost} screenshots could not be saved in {out}. Is its disk full?")
    print(f"Table and screenshots: {out}")
    return 0 if all(outcome.as_expected for outcome in outcomes) else 1


def _opener(
    world: World, second: Path, camera: Camera, clock: ScenarioClock
) -> Callable[[str], RunningStation]:
    """Opens the stations of the scenario by name."""
    from kiosk.bootstrap.installation import Installation
    from kiosk.bootstrap.screens import load_wordings
    from kiosk.bootstrap.station import RunningStation
    from kiosk.core.policy.event import BadgesGiven
    from kiosk.demo.world import NORTH_DESK, START
    from kiosk.desk.findings import Mode, Station

    event, policy = world.event, world.policy
    north, south = event.doors[:2]
    full = tuple(replace(occasion, capacity=1) for occasion in event.occasions)
    at_the_door = replace(event, badges=BadgesGiven.AT_THE_DOOR)
    place = Installation(world.state, world.trust, world.revocations, world.sealer)
    ended = replace(place, trust=replace(world.trust, expires_at=START))
    places = {
        "self": (Station(event, policy, north, Mode.SELF), place),
        "desk": (Station(event, policy, north, Mode.DESK, desk=NORTH_DESK), place),
        "south": (Station(event, policy, south, Mode.DESK), place),
        "old list": (Station(event, policy, north, Mode.SELF), ended),
        "small room": (Station(replace(event, occasions=full), policy, north, Mode.SELF), place),
        "badges at the door": (Station(at_the_door, policy, north, Mode.SELF), place),
        "second kiosk": (
            Station(event, policy, south, Mode.DESK, desk="Desk 2"),
            replace(place, state=second),
        ),
    }

    def open_station(name: str) -> RunningStation:
        station, where = places[name]
        wordings = load_wordings(event, station.mode)
        running = RunningStation(
            station,
            lambda tell: where.open_desk(station, clock, tell),
            camera,
            clock,
            wordings,
            where.trust,
        )
        running.window.resize(1280, 800)
        return running

    return open_station


def _wait_for_codes(world: World, options: argparse.Namespace) -> int:
    """One station before a real camera, with codes to show it written as pictures."""
    from kiosk.adapters.camera.open import open_camera
    from kiosk.bootstrap.door import run_until_quit
    from kiosk.bootstrap.heard import let_be_heard
    from kiosk.bootstrap.installation import Installation
    from kiosk.bootstrap.screens import application, load_wordings
    from kiosk.bootstrap.station import RunningStation
    from kiosk.demo.clock import ScenarioClock
    from kiosk.demo.codes import write_codes
    from kiosk.demo.world import START
    from kiosk.desk.findings import Mode, Station

    camera, clock = open_camera(options.camera), ScenarioClock(START)
    place = Installation(world.state, world.trust, world.revocations, world.sealer)
    station = Station(world.event, world.policy, world.event.doors[0], Mode(options.mode))
    print(f"{write_codes(world, options.out)} codes in {options.out}: show them on a phone.")
    running = RunningStation(
        station,
        lambda tell: place.open_desk(station, clock, tell),
        camera,
        clock,
        load_wordings(world.event, station.mode),
        place.trust,
    )
    running.window.resize(1280, 800)
    running.window.show()
    speaker = let_be_heard(running)
    running.look()
    status = run_until_quit(application())
    speaker.stop()
    running.stop()
    sys.stdout.flush()
    return status
