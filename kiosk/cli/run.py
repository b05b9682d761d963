"""`kiosk run`: open a door."""

from __future__ import annotations

import argparse
import gc
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.camera import add_wishes, wishes_of
from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    fail,
    load_policy_file,
    state_folder,
)
from kiosk.cli.scanner import SPEEDS
from kiosk.cli.unlocking import add_passphrase_file, guest_sealer

if TYPE_CHECKING:
    from kiosk.adapters.reader.process import ReadingProcess
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.adapters.system.lifesign import Tell
    from kiosk.bootstrap.installation import Installation
    from kiosk.cli.unlocking import Ask
    from kiosk.core.policy.event import Event
    from kiosk.desk.findings import Station

_EPILOG = """\
The state folder holds guests, trust, keys and log. What is missing at the first start is named
with its remedy. A desk and a self-scan screen may share a state folder, each running once."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "run", help="open a door: desk or self-scan screen", description=__doc__, epilog=_EPILOG
    )
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    parser.add_argument("--mode", choices=("desk", "self"), required=True)
    parser.add_argument("--door", metavar="ID", help="default: the event's first door")
    parser.add_argument(
        "--desk",
        metavar="NAME",
        default="",
        help='the name of this desk, as its blank badges have it: "Desk 2"',
    )
    parser.add_argument(
        "--camera",
        metavar="SOURCE",
        help="number or name of a webcam, a video file, a folder of pictures, an rtsp:// or "
        "http:// address (default: as the settings say, else 0)",
    )
    add_wishes(parser)
    parser.add_argument(
        "--scanner",
        metavar="PORT",
        help="serial port of a hand scanner (COM3, ttyACM0), or auto; those that play keyboard "
        "need no option",
    )
    parser.add_argument(
        "--scanner-speed",
        type=int,
        choices=SPEEDS,
        default=9600,
        metavar="BAUD",
        help="its speed in bits a second (default 9600, always 8N1)",
    )
    parser.add_argument(
        "--verifier",
        metavar="NAME",
        help="who checks here; asks for the PIN in the terminal. Without it the window asks, as "
        "soon as `kiosk staff` names anybody",
    )
    parser.add_argument(
        "--guest-screen",
        nargs="?",
        const=0,
        type=screen_number,
        metavar="N|auto",
        help="at a desk: the guest's side on screen N, or on any but the desk's (default: as the "
        "settings say); with --windowed in a window of its own",
    )
    parser.add_argument("--windowed", action="store_true", help="a window, not the full screen")
    add_passphrase_file(parser)
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Check that everything is there, then run until the window is closed."""
    from kiosk.adapters.system.ending import Ending, sigterm_unwinds
    from kiosk.adapters.system.lifesign import lifesign
    from kiosk.adapters.system.privacy import keep_memory_private

    tell = lifesign()  # before any other process is started, which would inherit the address
    keep_memory_private()
    gc.disable()  # nothing of what is loaded now is garbage; an open door enables it again
    with sigterm_unwinds(), ExitStack() as closing:
        closing.callback(gc.enable)
        try:
            with Ending() as ending:  # no interrupt in the midst of loading Qt
                reader = import_module("kiosk.adapters.reader.process")
                # First: its process loads while this one does.
                reading = closing.enter_context(reader.ReadingProcess())
                import_module("kiosk.cli.door")
        except ImportError as error:
            return fail(f"A library is missing ({error}). `kiosk doctor` names the remedy.")
        if ending.asked:
            return 0
        return _run(options, tell, reading)


def _run(options: argparse.Namespace, tell: Tell, reading: ReadingProcess) -> int:
    from kiosk.adapters.scanner.station import SerialChoice
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.keys import KeyFileError
    from kiosk.bootstrap.door import FIRST_CAMERA, CameraChoice, DoorError, open_door
    from kiosk.bootstrap.installation import installation, missing_pieces, remembering
    from kiosk.cli.door import clock_warnings, verifier_at
    from kiosk.core.purge import deadline_of
    from kiosk.core.revocation.errors import RevocationError
    from kiosk.core.trust.formats import TrustSourceError
    from kiosk.desk.ports import StorageTroubleError
    from kiosk.gui.second.screens import GuestScreen

    try:
        station = _station(options)
        state = state_folder(options)
        sealer = guest_sealer(state, file=options.passphrase_file, ask=_by_window(station.event))
        place = installation(state, sealer)
        _recover(place, station)
        if missing := missing_pieces(place):
            lines = [f"  {what}\n    {remedy}" for what, remedy in missing]
            return fail("This door cannot open yet. It lacks:\n" + "\n".join(lines))
        place, told = remembering(place, SystemClock().now())
        if over := deadline_of(station.event).reminder(SystemClock().now()):
            told.append(over)
        told.extend(map(str, place.settings.read().faults))
        for line in (*told, *clock_warnings(place, SystemClock())):
            print(f"kiosk: warning: {line}", file=sys.stderr)
        scanner = SerialChoice(options.scanner, options.scanner_speed) if options.scanner else None
        chosen = options.camera or place.settings.read().settings.camera or FIRST_CAMERA
        camera = CameraChoice(chosen, wishes_of(options), remembered=not options.camera)
        asked = options.guest_screen
        guest_screen = GuestScreen(asked) if asked is not None else None
        with verifier_at(place, station, SystemClock(), options.verifier) as named:
            return open_door(
                place,
                named,
                camera,
                scanner,
                windowed=options.windowed,
                guest_screen=guest_screen,
                tell=tell,
                reading=reading,
            )
    except (
        CommandError,
        DatabaseError,
        DoorError,
        KeyFileError,
        RevocationError,
        StorageTroubleError,
        TrustSourceError,
        OSError,
    ) as error:
        return fail(str(error))


def _recover(place: Installation, station: Station) -> None:
    """Set a damaged database aside before anything reads it, and say what was saved."""
    from kiosk.adapters.storage.lasting import Place, recover_if_damaged
    from kiosk.adapters.system.clock import SystemClock, boot_id

    where = Place(place.state, station.event, station.door.id)
    made = recover_if_damaged(where, place.sealer, SystemClock(), boot_id())
    if made:
        print(f"kiosk: warning: {made.told()}", file=sys.stderr)


def _by_window(event: Event) -> Ask:
    """Asks for the passphrase in a window, where there is a screen."""

    def ask(keys: DataKeys) -> bytes | None:
        from kiosk.adapters.system.datakey import WrongPassphraseError
        from kiosk.adapters.system.ending import Ending
        from kiosk.bootstrap.screens import application, has_display, load_wordings
        from kiosk.gui.unlock import UnlockDialog

        def unlock(passphrase: str) -> bytes | None:
            try:
                return keys.unlock(passphrase)
            except WrongPassphraseError:
                return None

        if not has_display():
            return None
        app = application()
        dialog = UnlockDialog(next(iter(load_wordings(event).values())), unlock)
        with Ending() as ending:
            ending.during(dialog.exec, dialog.reject)
        dialog.deleteLater()
        app.processEvents()
        if ending.asked:
            raise SystemExit(0)
        return dialog.opened

    return ask


def screen_number(text: str) -> int:
    """The number of a screen; 0 for auto. Raises ArgumentTypeError."""
    if text == "auto":
        return 0
    if not text.isdecimal() or (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no screen: auto, or a number from 1 on")
    return number


def _station(options: argparse.Namespace) -> Station:
    from kiosk.desk.findings import Mode, Station

    event, policy = load_policy_file(options.event)
    door = event.door(options.door) if options.door else event.doors[0]
    if door is None:
        ids = ", ".join(d.id for d in event.doors)
        raise CommandError(f"There is no door {options.door!r} in the event file; it has: {ids}.")
    return Station(event, policy, door, Mode(options.mode), desk=options.desk)
