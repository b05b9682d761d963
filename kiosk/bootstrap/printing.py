"""Badges of a desk: the key, the printer of the system, and what proves a page, once wanted."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.adapters.storage.purge import BADGE_FILES
from kiosk.adapters.system.keys import KeyFileError, present_signing_key
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.station import RunningStation
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event
from kiosk.desk.settings import Settings
from kiosk.gui.desk.screen import DeskScreen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kiosk.adapters.badges.printer import DeskPrinter


class DoorPrinter:
    """A `BadgePrinter` that is loaded with the first badge: most doors never print one."""

    def __init__(self, state: Path, event: Event, wanted: str = "") -> None:
        """`wanted`: the printer's name in the system; empty for its usual one."""
        self._state, self._event, self._wanted = state, event, wanted

    @property
    def able(self) -> bool:
        """Whether the key that signs badges is here, and whole."""
        return self._key is not None

    @property
    def name(self) -> str:
        """The printer's; empty where there is none."""
        return self._printer.name

    def print_badge(self, guest: Guest) -> None:
        """Raises BadgePrintError."""
        self._printer.print_badge(guest)

    @cached_property
    def _key(self) -> Ed25519PrivateKey | None:
        try:
            return present_signing_key(self._state)
        except (KeyFileError, OSError):
            return None

    @cached_property
    def _printer(self) -> DeskPrinter:
        from kiosk.adapters.badges.printer import DeskPrinter, system_printer
        from kiosk.adapters.reader.zxing import ZxingReader

        folder, find = self._state / BADGE_FILES, partial(system_printer, self._wanted)
        return DeskPrinter(self._event, self._key, ZxingReader(), folder, find)


def let_print(running: RunningStation, place: Installation, event: Event) -> None:
    """A desk prints badges, with the printer that the settings name from now on."""
    screen = running.window.screen_shown
    if not isinstance(screen, DeskScreen):
        return

    def follow(settings: Settings) -> None:
        screen.print_with(DoorPrinter(place.state, event, settings.printer))

    follow(running.window.settings)
    running.window.settings_taken.connect(follow)
