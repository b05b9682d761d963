"""Finds the guests whose names come close to a certificate's, without looking at everybody."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import Named, same_person
from kiosk.core.guests.nearness import INITIAL, NEAR, SAME_SOUND, initials, nearness_to, sound
from kiosk.core.guests.slips import SlipIndex
from kiosk.core.guests.spelling import StandardName

_CANDIDATES = 20  # guests whose whole names are compared
_SAME = 1_000  # more than any name has letters


class NearNames:
    """The names of a list, by their parts and by how these sound."""

    def __init__(self, guests: Sequence[Named]) -> None:
        self._guests = [(guest, _telling(forms)) for guest, forms in guests]
        self._bearers: defaultdict[str, list[int]] = defaultdict(list)  # part: places in _guests
        self._of_one_part: set[int] = set()
        for place, (_, forms) in enumerate(self._guests):
            parts = [tuple(_parts(form)) for form in forms]
            for part in set(itertools.chain.from_iterable(parts)):
                self._bearers[part].append(place)
            if any(len(of_form) == 1 for of_form in parts):
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
        """Those with the longest two parts that have a partner, or one where either has but one.

        Two parts that have the same, if only by their sound, come before parts with a slip.
        """
        parts = list(dict.fromkeys(_parts(certificate)))
        pairs = sorted(itertools.combinations(parts, 2), key=lambda pair: len("".join(pair)))
        bearers = {part: self._bearers_like(part, likeness) for part in parts}
        found: dict[int, int] = {}
        for one in parts:
            alone = bearers[one][0] if len(parts) == 1 else bearers[one][0] & self._of_one_part
            found.update(dict.fromkeys(alone, len(one)))
        for sort, more in ((0, 0), (1, _SAME)):
            for one, other in pairs:
                both = bearers[one][sort] & bearers[other][sort]
                found.update(dict.fromkeys(both, len(one + other) + more))
        return heapq.nsmallest(_CANDIDATES, found, key=lambda place: (-found[place], place))

    def _bearers_like(self, part: str, likeness: _Likeness) -> tuple[set[int], set[int]]:
        """Who has a partner of the part, and who has the same."""
        like: dict[str, float] = {}
        heard = sound(part)
        # What is written as it sounds is found by its letters.
        sounds = self._sound_slips.like(heard) if heard != part else ((heard, 1.0),)
        for other, share in sounds:
            like.update(dict.fromkeys(self._sounding.get(other, ()), SAME_SOUND * share))
        for other, share in self._slips.like(part):
            like[other] = max(share, like.get(other, 0.0))
        for other in initials(part):
            if other in self._bearers and other != part:
                like[other] = max(INITIAL, like.get(other, 0.0))
        for other, share in like.items():
            likeness[part, other] = likeness[other, part] = share
        same = (other for other, share in like.items() if share >= SAME_SOUND)
        return self._bearers_of(like), self._bearers_of(same)

    def _bearers_of(self, parts: Iterable[str]) -> set[int]:
        return set().union(*map(self._bearers.__getitem__, parts))


class _Likeness(dict[tuple[str, str], float]):
    """How alike the parts of one certificate are to those of the list that were found for them."""

    def __call__(self, one: str, other: str) -> float:
        return self.get((one, other), 0.0)


def _telling(forms: tuple[StandardName, ...]) -> tuple[StandardName, ...]:
    """Of the forms that sound alike, the first and the last: all by the standard, and all plain."""
    if len(forms) <= 2:
        return forms
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
