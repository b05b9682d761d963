"""Guests leave."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.desk.books import Books
from kiosk.desk.findings import Station
from kiosk.desk.ports import LogMovedError


class Leaving:
    """Records exits at one station."""

    def __init__(self, station: Station, books: Books) -> None:
        self._station, self._books = station, books

    def let_out(self, guest_id: str, at: datetime) -> bool:
        """The guest leaves; False when not inside. Raises StorageTroubleError."""
        while True:
            self._books.catch_up()
            standing = self._books.attendance.standing(guest_id, at)
            if not standing.inside_at:
                return False
            basis = EntryBasis.SCANNED
            out = self._station.draft(EntryAct.OUT, guest_id, standing.occasion, basis)
            with suppress(LogMovedError):  # another screen was quicker: is the guest inside still?
                self._books.write((out,), at)
                return True
