"""The guest list in memory, and whose a certificate is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import (
    Likeness,
    compare,
    searchable,
    similarity,
    standard_key,
)
from kiosk.core.verify import Verified

MAX_CANDIDATES = 5


@dataclass(frozen=True)
class Matched:
    """Exactly one guest has the certificate's name."""

    guest: Guest


@dataclass(frozen=True)
class Ambiguous:
    """Several guests have the certificate's name."""

    guests: tuple[Guest, ...]


@dataclass(frozen=True)
class NoMatch:
    """Nobody has it; `near` are the guests whose names come close, closest first."""

    near: tuple[Guest, ...]


Match = Matched | Ambiguous | NoMatch


class GuestList:
    """All guests of one event; `revoked` are ids of badges that were replaced or withdrawn."""

    def __init__(self, guests: Iterable[Guest], revoked: frozenset[bytes] = frozenset()) -> None:
        self._by_id = {guest.id: guest for guest in guests}
        self._by_badge = {guest.badge: guest for guest in self._by_id.values()}
        self._by_key: dict[str, list[Guest]] = {}
        for guest in self._by_id.values():
            self._by_key.setdefault(standard_key(guest.family, guest.given), []).append(guest)
        self.revoked = revoked

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Guest]:
        return iter(self._by_id.values())

    def current(self) -> GuestList:
        """Itself: a list that does not change is its own source."""
        return self

    def by_id(self, guest_id: str) -> Guest | None:
        """The guest of that pseudonym."""
        return self._by_id.get(guest_id)

    def by_badge(self, badge: bytes) -> Guest | None:
        """The guest whose badge it is now."""
        return self._by_badge.get(badge)

    def match(self, certificate: Verified) -> Match:
        """Whose certificate it is, by name alone: only the exact name of one guest decides."""
        holder = certificate.dcc.holder
        key = standard_key(holder.family_standard, holder.given_standard)
        exact = [
            guest for guest in self._by_key.get(key, ()) if compare(holder, guest) is Likeness.EXACT
        ]
        if len(exact) == 1:
            return Matched(exact[0])
        return Ambiguous(tuple(exact)) if exact else NoMatch(self._near(certificate))

    def _near(self, certificate: Verified) -> tuple[Guest, ...]:
        holder = certificate.dcc.holder
        close = [
            (similarity(holder, guest), guest)
            for guest in self._by_id.values()
            if compare(holder, guest) is not Likeness.DIFFERENT
        ]
        close.sort(key=lambda pair: (-pair[0], pair[1].id))
        return tuple(guest for _, guest in close[:MAX_CANDIDATES])

    def search(self, query: str, limit: int = 8) -> tuple[Guest, ...]:
        """Guests whose name or organisation holds every word of `query`, best first."""
        words = searchable(query).split()
        if not words:
            return ()
        found = []
        for guest in self._by_id.values():
            name, organisation = searchable(guest.name), searchable(guest.organisation)
            if all(word in name or word in organisation for word in words):
                begins = sum(f" {name}".count(f" {word}") for word in words)
                found.append((-begins, name, guest.id, guest))
        found.sort(key=lambda row: row[:3])
        return tuple(row[3] for row in found[:limit])
