"""Finds the guests whose names come close to a certificate's, without looking at everybody."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import listed_forms, same_person
from kiosk.core.guests.nearness import INITIAL, NEAR, SAME_SOUND, initials, nearness_to, sound
from kiosk.core.guests.slips import SlipIndex
from kiosk.core.guests.spelling import StandardName

_CANDIDATES = 20  # guests whose whole names are compared


class NearNames:
    """The names of a list, by their parts and by how these sound."""

    def __init__(self, guests: Iterable[Guest]) -> None:
        self._guests: list[tuple[Guest, tuple[StandardName, ...]]] = []
        self._bearers: defaultdict[str, set[int]] = defaultdict(set)  # part: places in _guests
        self._of_one_part: set[int] = set()
        for place, guest in enumerate(guests):
            forms = _telling(listed_forms(guest.family, guest.given))
            self._guests.append((guest, forms))
            for form in forms:
                parts = tuple(_parts(form))
                for part in parts:
                    self._bearers[part].add(place)
                if len(parts) == 1:
                    self._of_one_part.add(place)
        self._sounding: defaultdict[str, list[str]] = defaultdict(list)
        for part in self._bearers:
            self._sounding[sound(part)].append(part)
        self._slips, self._sound_slips = SlipIndex(self._bearers), SlipIndex(self._sounding)

    def closest(self, certificate: StandardName, limit: int) -> tuple[Guest, ...]:
        """Up to `limit` guests who are the same person or near, the closest first."""
        likeness = _Likeness()
        found = []
        for place in self._candidates(certificate, likeness):
            guest, forms = self._guests[place]
            share = max(nearness_to(certificate, form, likeness) for form in forms)
            if share >= NEAR or same_person(certificate, forms):
                found.append((-share, guest.id, guest))
        found.sort(key=lambda row: row[:2])
        return tuple(guest for _, _, guest in found[:limit])

    def _candidates(self, certificate: StandardName, likeness: _Likeness) -> list[int]:
        """Those with the longest two parts that have a partner, or one where either has but one."""
        parts = list(dict.fromkeys(_parts(certificate)))
        bearers = {part: self._bearers_like(part, likeness) for part in parts}
        found: dict[int, int] = {}
        for one in parts:
            alone = bearers[one] if len(parts) == 1 else bearers[one] & self._of_one_part
            found.update(dict.fromkeys(alone, len(one)))
        pairs = sorted(itertools.combinations(parts, 2), key=lambda pair: len("".join(pair)))
        for one, other in pairs:
            found.update(dict.fromkeys(bearers[one] & bearers[other], len(one + other)))
        return heapq.nsmallest(_CANDIDATES, found, key=lambda place: (-found[place], place))

    def _bearers_like(self, part: str, likeness: _Likeness) -> set[int]:
        like: dict[str, float] = {}
        for heard, share in self._sound_slips.like(sound(part)):
            like.update(dict.fromkeys(self._sounding[heard], SAME_SOUND * share))
        for other, share in self._slips.like(part):
            like[other] = max(share, like.get(other, 0.0))
        for other in initials(part):
            if other in self._bearers and other != part:
                like[other] = max(INITIAL, like.get(other, 0.0))
        for other, share in like.items():
            likeness[part, other] = likeness[other, part] = share
        return set().union(*map(self._bearers.__getitem__, like))


class _Likeness(dict[tuple[str, str], float]):
    """How alike the parts of one certificate are to those of the list that were found for them."""

    def __call__(self, one: str, other: str) -> float:
        return self.get((one, other), 0.0)


def _telling(forms: Sequence[StandardName]) -> tuple[StandardName, ...]:
    """Of the forms that sound alike, the first and the last: all by the standard, and all plain."""
    if len(forms) <= 2:
        return tuple(forms)
    sounds = [(*map(sound, form.family), "", *map(sound, form.given)) for form in forms]
    first = dict(zip(reversed(sounds), reversed(forms), strict=True))
    last = dict(zip(sounds, forms, strict=True))
    return tuple(dict.fromkeys((*first.values(), *last.values())))


def _parts(name: StandardName) -> Iterator[str]:
    """The parts, and each field in one: VAN DER BERG is somebody's VANDERBERG."""
    for field in name:
        yield from field
        if len(field) > 1:
            yield "".join(field)
