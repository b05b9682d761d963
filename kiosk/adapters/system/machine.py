"""The machine around the program: display, cameras, disk, clock, fonts."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from kiosk.adapters.system import display, places
from kiosk.adapters.system.check import Check, fault, note, ok
from kiosk.adapters.system.clock import SystemClock, lasting_boot_id

SCARCE = 1_000_000_000  # bytes free; below it there is time to act
FULL = 200_000_000  # bytes free; below it an entry may not reach the disk
EARLIEST_YEAR = 2025  # nothing older ran this program: the clock has lost its battery
LATEST_YEAR = 2045
DEVICES = Path("/dev")


def screen() -> Check:
    """Whether there is a screen."""
    if display.answers():
        return ok("display", "a screen is there")
    if display.is_named():
        remedy = "name the screen of the session in the variable DISPLAY, or unset it"
        return note("display", "a screen is named, but none answers there", remedy)
    return note("display", "no display: programs run offscreen")


def cameras(devices: Path = DEVICES) -> Iterator[Check]:
    """Whether the webcams, if any, may be used; other systems have no such files."""
    if not sys.platform.startswith("linux"):
        return
    found = sorted(devices.glob("video*"))
    closed = [device.name for device in found if not os.access(device, os.R_OK | os.W_OK)]
    if not found:
        yield note("camera", "none; the demonstration brings a simulated one")
    elif closed:
        remedy = 'sudo usermod -aG video "$USER", then log out and in again'
        yield fault("camera", f"not allowed to use {', '.join(closed)}", remedy)
    else:
        yield ok("camera", ", ".join(device.name for device in found))


def sound(environment: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Whether a sound server answers (Linux; Qt asks PulseAudio, or PipeWire in its place)."""
    if not sys.platform.startswith("linux"):
        return
    runtime = environment.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    if display.listens_at(f"{runtime}/pulse/native"):
        yield ok("sound", "a sound server answers; `kiosk sound` plays the sounds")
        return
    remedy = "sudo apt-get install pipewire-pulse, and log in at the screen again"
    yield note("sound", "no device: no sound server answers, the screens stay silent", remedy)


def voices() -> Iterator[Check]:
    """Whether there is a speech engine to read the screen aloud with; Windows brings one."""
    if not sys.platform.startswith("linux"):
        return
    if shutil.which("speech-dispatcher"):
        yield ok("voices", "speech-dispatcher is there; `kiosk sound` tells its languages")
        return
    remedy = "sudo apt-get install speech-dispatcher espeak-ng"
    yield note("voices", "none: the screens do not offer to read aloud", remedy)


def folder(state: Path | None) -> Iterator[Check]:
    """Whether the records can be written, and for how long there is room."""
    if state is None:
        return
    existing = next(path for path in (state, *state.absolute().parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"doctor")
    except OSError as error:
        remedy = f"give this user the right to write to {existing}, or name another folder"
        yield fault("records", f"{state}: {error.strerror}", remedy)
    else:
        yield ok("records", f"{state} can be written")
    yield room(existing, shutil.disk_usage(existing).free)


def set_aside(state: Path | None) -> Iterator[Check]:
    """What was saved of each database that was damaged, and what was not."""
    for file in sorted(state.glob("kiosk.sqlite3.*.txt")) if state else ():
        remedy = "keep these files as evidence until the organiser has a copy"
        yield note("database", file.read_text("utf-8", "replace").strip(), remedy)


def database(state: Path | None) -> Iterator[Check]:
    """Whether guests and entries can be read; the file is only looked at, an open door goes on."""
    import sqlite3  # a Python without it is told by another check

    path = state / "kiosk.sqlite3" if state else None
    if path is None or not path.exists():
        return
    alone = not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=1.0)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            connection.execute("SELECT 1 FROM meta LIMIT 1")
    except (sqlite3.Error, UnicodeError) as error:  # its words may quote bytes that are no text
        found = str(error)
    if found == "ok":
        yield ok("database", "guests and entries can be read")
    else:
        remedy = "start `kiosk run`: it sets the file aside, and reads what survives into a new one"
        yield fault("database", f"{path} is damaged: {found.splitlines()[-1]}", remedy)


def room(where: Path, free: int) -> Check:
    """Whether `free` bytes on the disk of `where` are enough."""
    detail = f"{free / 1e9:.1f} GB free at {where}"
    if free < FULL:
        return fault("disk", detail, "make room: below 0.2 GB entries may be lost")
    if free < SCARCE:
        return note("disk", detail, "make room before the event")
    return ok("disk", detail)


def guests_key(state: Path | None) -> Iterator[Check]:
    """Where the key of the encrypted guests is, or would be; nothing of it is asked for."""
    try:
        from kiosk.adapters.system.datakey import DataKeyError, DataKeys, Kept
        from kiosk.adapters.system.kernelkeys import KernelKeyStore
        from kiosk.adapters.system.keystores import SystemKeyStore

        system = SystemKeyStore()
        has_store = system.works()
    except ImportError:  # told by another check
        return
    name, protect = "guests' key", "protect it with a passphrase: kiosk keys protect"
    if state is None:
        return
    try:
        file = DataKeys(state, system, KernelKeyStore()).file()
    except DataKeyError as error:
        yield fault(name, "its file cannot be used", str(error))
        return
    match file.kept if file else None:
        case None if has_store:
            yield ok(name, "none yet; this system has a key store for it")
        case None:
            yield note(name, "none yet, and this system has no key store", protect)
        case Kept.SYSTEM if not has_store:
            remedy = "log in as the user who imported the guests; unlock the key store"
            yield fault(name, "in the system's key store, which is not here now", remedy)
        case Kept.SYSTEM:
            yield ok(name, "in the system's key store")
        case Kept.FOLDER:
            yield note(name, "in the state folder: a stolen disk opens the guests", protect)
        case _:
            yield ok(name, "wrapped with a passphrase")


def clock(year: int) -> Check:
    """Whether the year on the machine's clock can be right."""
    if EARLIEST_YEAR <= year <= LATEST_YEAR:
        return ok("clock", f"the year is {year}")
    remedy = "set date and time: certificates cannot be judged without"
    return fault("clock", f"the year is {year}, which cannot be", remedy)


def time(state: Path | None) -> Iterator[Check]:
    """Whether the doors of this state folder believe the time; nothing where none opened yet."""
    try:
        from kiosk.adapters.system.clockfile import ClockLook
        from kiosk.desk.clockguard import REMEDY, ClockGuard
    except ImportError:  # told by another check
        return
    if state is None or not ClockLook(state).path.exists():
        return
    view = ClockGuard(SystemClock(), ClockLook(state), lasting_boot_id()).view()
    if view.doubt is not None:
        yield fault("time", view.doubt, REMEDY[:1].lower() + REMEDY[1:])
    else:
        floor = f"since {view.floor:%Y-%m-%d} at least" if view.floor else "no signed list so far"
        yield ok("time", f"believed at the doors; signed lists: {floor}")


def fonts(assets: Path | None = None) -> Check:
    """Whether the program's own fonts came with it."""
    found = list(((assets or places.assets()) / "fonts").glob("*.[to]tf"))
    if found:
        return ok("fonts", f"{len(found)} in assets/fonts")
    return fault(
        "fonts", "none in assets/fonts", "fetch the program anew: its files are incomplete"
    )
