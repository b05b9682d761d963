"""What staff choose from: who could give a seat, which Partnership, which blank badge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.guests.badge import Badge, is_badge, open_badge
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.known import plain
from kiosk.core.guests.reserve import Reserve, ReserveBadge
from kiosk.core.policy.event import Event
from kiosk.desk.books import Books

SLIP = 0.75  # likeness (0 to 1) from which an unknown Partnership is taken for a slip
_OFFERED = 3  # Partnerships at most that somebody may mean who has begun to write one


@dataclass(frozen=True)
class Partnership:
    """A Partnership as somebody wrote it.

    listed: as the list writes it; empty where it has none of that name. slip: of which it is a
    misspelling, likely. near: those of the list that may be meant by who has begun to write.
    """

    written: str
    listed: str
    slip: str = ""
    near: tuple[str, ...] = ()


class Offering:
    """Reads the books and the reserve of one station; changes nothing."""

    def __init__(
        self, event: Event, books: Books, reserve: Reserve, badge_key: Ed25519PublicKey
    ) -> None:
        self._event, self._books, self._reserve, self._key = event, books, reserve, badge_key

    def blank(self, number: str) -> ReserveBadge | None:
        """The blank badge of the reserve with that number."""
        return self._reserve.by_number(number)

    def shown_blank(self, texts: Iterable[str]) -> ReserveBadge | None:
        """The blank badge among what was held up."""
        for text in texts:
            badge = open_badge(text, self._event.id, self._key) if is_badge(text) else None
            blank = self._reserve.find(badge.id) if isinstance(badge, Badge) else None
            if blank is not None:
                return blank
        return None

    def partnership(self, written: str) -> Partnership:
        """Which Partnership of the list is meant: a slip would be another one, with seats."""
        return partnership_of(self._books.guests, written)

    def givers(self, partnership: str, at: datetime) -> tuple[Guest, ...]:
        """Who of a Partnership has a seat and has not come in today, by name."""
        self._books.caught_up()
        found = (
            guest
            for guest in self._books.guests
            if guest.partnership == partnership
            and guest.selection is Selection.SELECTED
            and guest.attendance is Attendance.IN_PERSON
            and guest.occasions
            and not self._books.attendance.standing(guest.id, at).entered
        )
        return tuple(sorted(found, key=lambda guest: (guest.family, guest.given)))


def partnership_of(guests: GuestList, written: str) -> Partnership:
    """Which Partnership of `guests` somebody means who wrote it, or the beginning of it."""
    listed = {plain(guest.partnership): guest.partnership for guest in guests if guest.partnership}
    wanted = plain(written)
    if not wanted:
        return Partnership(written, "")
    begun = sorted(each for each in listed if each.startswith(wanted))
    inside = sorted(each for each in listed if wanted in each)
    alike = get_close_matches(wanted, listed, _OFFERED, SLIP)
    near = list(dict.fromkeys([*begun, *alike, *inside]))[:_OFFERED]
    exact = listed.get(wanted, "")
    slip = listed[alike[0]] if alike and not exact else ""
    return Partnership(written, exact, slip, tuple(listed[each] for each in near))
