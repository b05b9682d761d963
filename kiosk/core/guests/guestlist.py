"""The guest list in memory, and whose a certificate is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import standard_name
from kiosk.core.guests.near import NearNames
from kiosk.core.guests.spelling import folded, spellings, standard_key
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
        self._exact = _by_exact_name(self._by_id.values())
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
        found = self._exact.get(key)
        return found or NoMatch(self._near.closest(standard_name(holder), MAX_CANDIDATES))

    @cached_property
    def _near(self) -> NearNames:
        """Made when somebody's name is on no list for the first time: a list may never need it."""
        return NearNames(self._by_id.values())

    def search(self, query: str, limit: int = 8) -> tuple[Guest, ...]:
        """Guests whose name or organisation holds every word of `query`, best first."""
        words = folded(query).split()
        if not words:
            return ()
        found = []
        for name, organisation, guest in self._searchable:
            if all(word in name or word in organisation for word in words):
                begins = sum(f" {name}".count(f" {word}") for word in words)
                found.append((-begins, name, guest.id, guest))
        found.sort(key=lambda row: row[:3])
        return tuple(row[3] for row in found[:limit])

    @cached_property
    def _searchable(self) -> list[tuple[str, str, Guest]]:
        return [(folded(g.name), folded(g.organisation), g) for g in self._by_id.values()]


def _by_exact_name(guests: Iterable[Guest]) -> dict[str, Matched | Ambiguous]:
    """The guests of each accepted form of a name."""
    bearers: dict[str, list[Guest]] = {}
    for guest in guests:
        for key in {form.key for form in spellings(guest.family, guest.given)}:
            bearers.setdefault(key, []).append(guest)
    return {
        key: Matched(found[0]) if len(found) == 1 else Ambiguous(tuple(found))
        for key, found in bearers.items()
    }
