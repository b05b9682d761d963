"""The guest list in memory, and whose a certificate is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kiosk.core.guests.exact import ExactNames
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import (
    Likeness,
    compare,
    may_be_born,
    most_likely,
    named,
    standard_name,
)
from kiosk.core.guests.near import NearNames
from kiosk.core.guests.search import GuestSearch
from kiosk.core.hcert.dcc import Holder
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
    """Nobody can be told to have it; `near` are those whose names come close, closest first.

    probable: the first of them, where it is most likely theirs and nobody else's.
    """

    near: tuple[Guest, ...]
    probable: Guest | None = field(default=None, compare=False)


Match = Matched | Ambiguous | NoMatch


class GuestList:
    """All guests of one event; `revoked` are ids of badges that were replaced or withdrawn."""

    def __init__(self, guests: Iterable[Guest], revoked: frozenset[bytes] = frozenset()) -> None:
        self._by_id = {guest.id: guest for guest in guests}
        self._by_badge = {guest.badge: guest for guest in self._by_id.values()}
        self._named = named(self._by_id.values())
        self._exact = ExactNames(self._named)
        self.revoked = revoked

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Guest]:
        return iter(self._by_id.values())

    def current(self) -> GuestList:
        """Itself: a list that does not change is its own source."""
        return self

    def languages(self) -> Counter[str]:
        """How many guests read which language (ISO 639-1), of those of whom it is known."""
        return Counter(guest.language for guest in self._by_id.values() if guest.language)

    def by_id(self, guest_id: str) -> Guest | None:
        """The guest of that pseudonym."""
        return self._by_id.get(guest_id)

    def by_badge(self, badge: bytes) -> Guest | None:
        """The guest whose badge it is now."""
        return self._by_badge.get(badge)

    def prepare(self) -> None:
        """Make what finding people needs now, and not while somebody waits: at a door's start."""
        self._exact.prepare()
        _ = self._near, self._search

    def match(self, certificate: Verified) -> Match:
        """Whose certificate it is, by name alone: only the exact name of one guest decides.

        Further given names may be on the certificate alone, where nobody else may be meant. A
        guest of another year of birth is not the one.
        """
        holder = certificate.dcc.holder
        name = standard_name(holder)
        bearers = self._exact.bearers(name)
        found = [guest for guest in bearers if may_be_born(holder, guest)]
        if len(found) == 1:
            return Matched(found[0])
        if found:
            return Ambiguous(tuple(found))
        meant = None if bearers else self._exact.with_fewer_given(holder)
        return Matched(meant) if meant else self._nobody(holder)

    def _nobody(self, holder: Holder) -> NoMatch:
        near = self._near.closest(standard_name(holder), MAX_CANDIDATES)
        likely = [guest for guest in near if most_likely(holder, guest)]
        if len(likely) != 1:
            return NoMatch(near)
        others = (guest for guest in near if guest is not likely[0])
        return NoMatch((*likely, *others), likely[0])

    @cached_property
    def _near(self) -> NearNames:
        """Made when somebody's name is nobody's for the first time, if not before."""
        return NearNames(self._named)

    def search(self, query: str, limit: int = 8) -> tuple[Guest, ...]:
        """Guests whose name, organisation or Partnership has every word of `query`, best first."""
        return self._search.find(query, limit)

    @cached_property
    def _search(self) -> GuestSearch:
        """Made when somebody searches for the first time, if not before."""
        return GuestSearch(self._by_id.values())


def beside_badge(holder: Holder, badge_of: Guest, match: Match | None) -> Likeness:
    """How the certificate's name stands to the badge's guest; `match`: whose it is by name alone.

    Another guest's is different, however like the two names are.
    """
    likeness = compare(holder, badge_of)
    if likeness is Likeness.EXACT:
        return likeness
    match match:
        case Matched(guest=owner):
            return Likeness.SAME_PERSON if owner.id == badge_of.id else Likeness.DIFFERENT
        case Ambiguous(guests=owners) if badge_of not in owners:
            return Likeness.DIFFERENT  # one of several of that name, and not this one
    return likeness
