"""`kiosk ready`: whether a door is ready for its first guest."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    fail,
    load_policy_file,
    show,
    state_folder,
)
from kiosk.cli.unlocking import add_passphrase_file, guest_sealer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from kiosk.desk.readiness import Finding

_EPILOG = """\
Camera, sound and paper list need somebody's eyes and ears: the window asks for them (F5). Exit
status 0 when all else is well, 1 when something should be seen to, 2 when nothing could be looked
at."""
SIGNS = {"ok": "ok   ", "warn": "note ", "fail": "FAULT", "ask": "look "}


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "ready", help="is a door ready for its first guest", description=__doc__, epilog=_EPILOG
    )
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    add_passphrase_file(parser)
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Look at everything; a fault or a note is 1, for scripts that run every morning."""
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.keys import KeyFileError
    from kiosk.core.revocation.errors import RevocationError
    from kiosk.core.trust.formats import TrustSourceError

    try:
        from kiosk.bootstrap.installation import installation
        from kiosk.bootstrap.readiness import Premises, looked_at
        from kiosk.bootstrap.screens import application
    except ImportError as error:
        return fail(f"A library is missing ({error}). `kiosk doctor` names the remedy.")
    try:
        event, _ = load_policy_file(options.event)
        state = state_folder(options)
        place = installation(state, guest_sealer(state, file=options.passphrase_file))
    except (CommandError, DatabaseError, KeyFileError, RevocationError, TrustSourceError) as error:
        return fail(str(error))
    app = application()  # the system's printers are asked for through it
    checks = Premises(place, event, SystemClock()).checks()
    found = [looked_at(item, check) for item, check in checks.items()]
    app.processEvents()
    return _tell(found, event.time_zone)


def _tell(found: Sequence[Finding], zone: ZoneInfo) -> int:
    from kiosk.adapters.system.places import assets
    from kiosk.desk.readiness import State
    from kiosk.gui.words.readiness import told
    from kiosk.gui.words.wording import FALLBACK, load_wording

    say = load_wording(assets() / "texts", FALLBACK)
    for finding in found:
        words = told(finding, say, zone)
        show([f"{SIGNS[finding.state]}  {words.name}: {words.line}"])
        if words.remedy:
            show([f"       -> {words.remedy}"])
    return int(any(finding.state is not State.OK for finding in found))
