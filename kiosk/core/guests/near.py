"""Finds the guests whose names come close to a certificate's, without looking at everybody.

Two parts that are one slip apart are the same when each is left without some letter; of parts that
are long enough for two slips, one end is mostly the same.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import listed_forms, same_person
from kiosk.core.guests.nearness import NEAR, ONE_SLIP, TWO_SLIPS, alike, nearness, slips_allowed
from kiosk.core.guests.spelling import StandardName

_CANDIDATES = 60  # guests whose whole names are compared
_END = 3  # letters at either end of a long part, one of which two slips mostly leave alone


class NearNames:
    """The names of a list, by what they have in common with those that they are taken for."""

    def __init__(self, guests: Iterable[Guest]) -> None:
        self._guests: list[tuple[Guest, tuple[StandardName, ...]]] = []
        self._bearers: defaultdict[str, set[int]] = defaultdict(set)  # part: places in _guests
        self._of_one_part: set[int] = set()
        for place, guest in enumerate(guests):
            forms = listed_forms(guest.family, guest.given)
            self._guests.append((guest, forms))
            for form in forms:
                parts = tuple(_parts(form))
                for part in parts:
                    self._bearers[part].add(place)
                if len(parts) == 1:
                    self._of_one_part.add(place)
        self._by_trace: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for part in self._bearers:
            entry = part, _letters(part)
            for trace in _traces(part):
                self._by_trace[trace].append(entry)

    def closest(self, certificate: StandardName, limit: int) -> tuple[Guest, ...]:
        """Up to `limit` guests who are the same person or near, the closest first."""
        found = []
        for guest, forms in map(self._guests.__getitem__, self._candidates(certificate)):
            share = nearness(certificate, forms)
            if share >= NEAR or same_person(certificate, forms):
                found.append((-share, guest.id, guest))
        found.sort(key=lambda row: row[:2])
        return tuple(guest for _, _, guest in found[:limit])

    def _candidates(self, certificate: StandardName) -> list[int]:
        """Those with the most parts that have a partner: two at least, where both have two."""
        bearers = [self._bearers_like(part) for part in dict.fromkeys(_parts(certificate))]
        enough = bearers if len(bearers) == 1 else [one & self._of_one_part for one in bearers]
        found = Counter(itertools.chain.from_iterable(enough))
        for one, other in itertools.combinations(bearers, 2):
            found.update(one & other)
        return sorted(found, key=lambda place: (-found[place], place))[:_CANDIDATES]

    def _bearers_like(self, part: str) -> set[int]:
        letters, bits = _letters(part), 2 * slips_allowed(len(part) + 2)
        like = {
            other
            for trace in _traces(part)
            for other, others_letters in self._by_trace.get(trace, ())
            if (letters ^ others_letters).bit_count() <= bits
        }
        bearers = set(self._bearers.get(part[0], ()))  # whoever is listed with the initial
        return bearers.union(*(self._bearers[other] for other in like if alike(part, other)))


def _parts(name: StandardName) -> Iterator[str]:
    """The parts, and each field in one: VAN DER BERG is somebody's VANDERBERG."""
    for field in name:
        yield from field
        if len(field) > 1:
            yield "".join(field)


def _traces(part: str) -> Iterator[str]:
    """What a part has in common with those that it may be taken for."""
    yield part
    if ONE_SLIP <= len(part) < TWO_SLIPS:
        for at in range(len(part)):
            yield part[:at] + part[at + 1 :]
    if len(part) >= TWO_SLIPS - 2:
        yield part[:_END] + "-"
        yield "-" + part[-_END:]


def _letters(part: str) -> int:
    """The letters of a part as a set of bits; each slip changes two of them at most."""
    letters = 0
    for letter in part:
        letters |= 1 << (ord(letter) & 31)
    return letters
