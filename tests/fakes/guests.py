"""A guest list in memory over which the changes of a journal are laid."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.guests.amendments import amended
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import GuestList
from tests.fakes.journal import MemoryJournal


class AmendedGuests:
    """Implements the desk's `GuestSource`, as every station over one `journal` has it."""

    def __init__(
        self, guests: Iterable[Guest], journal: MemoryJournal, revoked: frozenset[bytes]
    ) -> None:
        self._guests, self._journal, self._revoked = tuple(guests), journal, revoked
        self._laid = 0
        self._list = GuestList(self._guests, revoked)

    def current(self) -> GuestList:
        if len(self._journal.amendments) != self._laid:
            self._laid = len(self._journal.amendments)
            now = amended(self._guests, self._journal.amendments)
            self._list = GuestList(now.guests, now.revoked | self._revoked)
        return self._list
