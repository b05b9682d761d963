"""`kiosk clock`: whether the time of this PC is believed, and confirming it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.cli.common import CommandError, Subparsers, add_state, fail, show, state_folder
from kiosk.cli.unlocking import guest_sealer
from kiosk.cli.verifiers import asked_pin, clean_name, sessions_of

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.adapters.system.clockfile import ClockFile
    from kiosk.desk.clockguard import ClockGuard, ClockView
    from kiosk.desk.ports import Authority, Clock

_DESCRIPTION = """\
On a time that may be wrong no answer is automatic: before a time that a signed list proves passed,
or once the clock was set by more than 15 minutes. Set date and time of the PC, compare them with
another clock, and confirm them; a door that is open takes it up at once."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "clock", help="whether the time of this PC is believed", description=_DESCRIPTION
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    shown = actions.add_parser("show", help="what is thought of it, and why")
    shown.set_defaults(func=lambda options: _told(run_show, options))
    confirm = actions.add_parser("confirm", help="a supervisor confirms the time, with the PIN")
    confirm.add_argument("--verifier", metavar="NAME", help="the supervisor, where staff are named")
    confirm.set_defaults(func=lambda options: _told(run_confirm, options))
    for action in (shown, confirm):
        add_state(action)


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.core.trust.formats import TrustSourceError
    from kiosk.desk.ports import StorageTroubleError

    try:
        return run(options)
    except (CommandError, DatabaseError, StorageTroubleError, TrustSourceError) as error:
        return fail(str(error))


def run_show(options: argparse.Namespace) -> int:
    """Tell; 1 where the time is not believed."""
    from kiosk.adapters.system.clockfile import ClockLook

    return _tell(_guard(state_folder(options), ClockLook).view())


def run_confirm(options: argparse.Namespace) -> int:
    """Confirm the time that the clock shows now."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.clockfile import ClockFile
    from kiosk.core.staff.roles import Action

    state = state_folder(options)
    guard, clock = _guard(state, ClockFile), SystemClock()
    authority = _authority(state, clock, options.verifier)
    show([f"This PC shows {clock.now().astimezone():%A %d %B %Y, %H:%M:%S %Z}."])
    if authority is not None and not authority.may(Action.CONFIRM_TIME):
        raise CommandError("This is for a supervisor. Ask one to do it.")
    guard.confirm(authority)
    return _tell(guard.view())


def _guard(state: Path, file: type[ClockFile]) -> ClockGuard:
    """What watches the clock, with the lists that are installed. Raises TrustSourceError."""
    from kiosk.adapters.system.clock import SystemClock, lasting_boot_id
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust
    from kiosk.desk.clockguard import ClockGuard

    trust = installed_trust([certs(), state / "trust"])
    return ClockGuard(SystemClock(), file(state), lasting_boot_id(), signed=trust.newest_at)


def _authority(state: Path, clock: Clock, name: str | None) -> Authority | None:
    """The supervisor's, by name and PIN; None where nobody is in the staff list.

    Raises CommandError, DatabaseError, StorageTroubleError.
    """
    from kiosk.adapters.storage.database import FILE_NAME, open_database
    from kiosk.core.staff.roles import Action
    from kiosk.desk.findings import Mode
    from kiosk.desk.sessions import Denied, Place

    if not (state / FILE_NAME).exists():
        return None
    with open_database(state, guest_sealer(state)) as database:
        sessions = sessions_of(database, clock, ZoneInfo("UTC"))
        if not sessions.required:
            return None
        if name is None:
            raise CommandError("Say who confirms it: kiosk clock confirm --verifier NAME")
        member, pin = sessions.by_name(clean_name(name)), asked_pin(f"PIN of {name}: ")
        place = Place("", Mode.DESK)
        answer = sessions.vouch(member, pin, Action.CONFIRM_TIME, place, clock.now())
    if isinstance(answer, Denied):
        raise CommandError(answer.words)
    return answer


def _tell(view: ClockView) -> int:
    from kiosk.desk.clockguard import REMEDY

    floor = f", not before {view.floor:%Y-%m-%d %H:%M} UTC" if view.floor else ""
    if view.doubt is None:
        show([f"The time is believed: {view.at:%Y-%m-%d %H:%M:%S} UTC{floor}."])
        show(f"Note: {remark}." for remark in view.remarks)
        return 0
    show(
        [
            f"The time is NOT believed: {view.doubt}.",
            f"It is {view.at:%Y-%m-%d %H:%M:%S} UTC{floor}.",
        ]
    )
    moved = view.moved.total_seconds()
    if abs(moved) >= 1:
        show([f"The clock was set by {moved:+,.0f} seconds since it was believed."])
    show([REMEDY])
    return 1
