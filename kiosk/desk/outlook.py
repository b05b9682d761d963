"""What a desk tells beside its answers: guests, figures, the last answers, who waits."""

from __future__ import annotations

from datetime import datetime

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import GuestList
from kiosk.desk.admission import Answered, Counters, Waiting
from kiosk.desk.aside import Aside
from kiosk.desk.books import Books
from kiosk.desk.figures import Figures
from kiosk.desk.lookup import Lookup
from kiosk.desk.recent import Recent
from kiosk.desk.undoing import Undoing


class Outlook:
    """The side of an entry desk that changes nothing; whoever answers fills in what it reads."""

    figures: Figures
    lookup: Lookup
    _books: Books
    _aside: Aside
    _recent: Recent
    _undoing: Undoing

    @property
    def guests(self) -> GuestList:
        """The list as it was when the desk last looked."""
        return self._books.guests

    def undoable(self, at: datetime) -> bool:
        """Whether there is something to take back."""
        return self._undoing.last(at) is not None

    def search(self, query: str) -> tuple[Guest, ...]:
        """Guests by what staff type."""
        return self.guests.search(query)

    def checked(self, at: datetime) -> tuple[Guest, ...]:
        """Guests checked today who have not come in yet, the longest waiting first."""
        return self.figures.checked(at)

    def counters(self, at: datetime) -> Counters:
        """Today's figures. Raises StorageTroubleError."""
        return self.figures.counters(at)

    def recent(self) -> tuple[Answered, ...]:
        """The last answers, newest first."""
        return self._recent.lines

    @property
    def set_aside(self) -> tuple[Waiting, ...]:
        """Who was scanned here while staff were deciding on another guest."""
        return self._aside.waiting()

    def forget_guests(self) -> None:
        """Keep nobody's name for the screen any longer: the desk is closed."""
        self._aside.forget()
        self._recent.forget()

    def waiting(self, at: datetime) -> tuple[Waiting, ...]:
        """Who waits for staff: whoever was scanned here meanwhile, then who was checked."""
        aside = self.set_aside
        known = {each.guest.id for each in aside if each.guest}
        return (*aside, *(each for each in self.lookup.checked(at) if each.key not in known))
