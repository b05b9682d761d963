"""Finds guests while somebody types: by name, organisation or Partnership, in any script.

What is typed and what is listed meet in plain letters A-Z, in every way in which a script is
written so. A word that is typed counts where a listed word begins with it, else where it stands
inside one (from three letters on), else, from five letters on, where one letter is wrong.
"""

from __future__ import annotations

import bisect
import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.nearness import slips
from kiosk.core.guests.scripts import SCRIPTS, script_of
from kiosk.core.guests.spelling import folded, folded_word, words

MIN_INSIDE = 3  # letters of a typed word from which it is looked for inside others
MIN_SLIPPED = 5  # letters of a typed word from which one of them may be wrong
_BEGINNINGS, _EXACT = 3, 5  # how many of the ways are of words that begin so, and without a slip
_BEGIN = "\n"  # stands before each word; none has it
_LAST = "\U0010ffff"  # behind every letter

Ranks = dict[int, int]  # place of a guest: how far what was found is from what was typed


class GuestSearch:
    """The words of a list; made once, then a query takes milliseconds on 100,000 guests."""

    def __init__(self, guests: Iterable[Guest]) -> None:
        # A guest's place is the order in which equally good results are shown.
        named = sorted((folded(guest.name), guest.id, guest) for guest in guests)
        self._guests = [guest for _, _, guest in named]
        names, others = _Words(map(_of_name, self._guests)), _Words(map(_others, self._guests))
        self._ways = (  # the better ones first
            *(names.same, names.beginning, others.beginning),
            *(names.holding, others.holding),
            *(names.slipped, others.slipped),
        )

    def find(self, query: str, limit: int) -> tuple[Guest, ...]:
        """Up to `limit` guests who have every word of `query`, best first."""
        typed = list(filter(None, map(word_forms, words(query))))
        if not typed:
            return ()
        places = self._by_one(typed[0], limit) if len(typed) == 1 else self._by_all(typed, limit)
        return tuple(map(self._guests.__getitem__, places))

    def _by_one(self, forms: Sequence[str], limit: int) -> list[int]:
        """Way by way until there are enough: one letter may begin a word of everybody."""
        found: list[int] = []
        for number, way in enumerate(self._ways):
            if len(found) >= limit or (found and number >= _EXACT):
                break
            places = {place for form in forms for place in chain.from_iterable(way(form))}
            found += heapq.nsmallest(limit - len(found), places.difference(found))
        return found

    def _by_all(self, typed: Sequence[Sequence[str]], limit: int) -> list[int]:
        found = self._having(typed, _BEGINNINGS)
        if len(found) < limit:
            found = self._having(typed, _EXACT) or self._having(typed, len(self._ways))
        best = heapq.nsmallest(limit, zip(found.values(), found.keys(), strict=True))
        return [place for _, place in best]

    def _having(self, typed: Sequence[Sequence[str]], ways: int) -> Ranks:
        """The guests who have all that was typed in one of the first `ways`."""
        first, *more = sorted(typed, key=self._count)
        found = self._ranks(first, ways, None)
        for forms in more:
            ranks = self._ranks(forms, ways, set(found))
            found = {place: rank + found[place] for place, rank in ranks.items()}
        return found

    def _count(self, forms: Sequence[str]) -> int:
        """About how many have one of `forms`."""
        return sum(len(places) for way in self._ways[1:3] for places in way(forms[0]))

    def _ranks(self, forms: Sequence[str], ways: int, among: set[int] | None) -> Ranks:
        """The guests who have one of `forms`; of `among` alone where that is given."""
        ranks: Ranks = {}
        for rank in reversed(range(ways)):
            for form in forms:
                places = chain.from_iterable(self._ways[rank](form))
                wanted = places if among is None else among.intersection(places)
                ranks.update(dict.fromkeys(wanted, rank))
        return ranks


class _Words:
    """Words of all guests, and who has each."""

    def __init__(self, of_guests: Iterable[Iterable[str]]) -> None:
        bearers: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, listed in enumerate(of_guests):
            for word in listed:
                bearers[word].append(place)
        self._words = sorted(bearers)
        self._bearers = [bearers[word] for word in self._words]
        self._text = "".join(_BEGIN + word for word in self._words)
        self._begins = array("I")  # where in the text each word does
        at = 0
        for word in self._words:
            self._begins.append(at + 1)
            at += 1 + len(word)

    def same(self, typed: str) -> Iterator[array[int]]:
        """Who has the very word; each of these gives groups of places."""
        at = bisect.bisect_left(self._words, typed)
        if self._words[at : at + 1] == [typed]:
            yield self._bearers[at]

    def beginning(self, typed: str) -> Iterator[array[int]]:
        """Who has a word that begins with what was typed."""
        return map(self._bearers.__getitem__, self._numbers_beginning(typed))

    def holding(self, typed: str) -> Iterator[array[int]]:
        """Who has a word with what was typed inside."""
        if len(typed) >= MIN_INSIDE:
            for number, _ in self._numbers_holding(typed):
                yield self._bearers[number]

    def slipped(self, typed: str) -> Iterator[array[int]]:
        """Who has a word that begins so but for one letter: one half of it stands as typed."""
        if len(typed) < MIN_SLIPPED:
            return
        half = len(typed) // 2
        numbers = set(self._numbers_beginning(typed[:half]))
        for number, at in self._numbers_holding(typed[half:]):
            if abs(at - half) <= 1:
                numbers.add(number)
        for number in numbers:
            word = self._words[number]
            if any(slips(typed, word[: len(typed) + more], 1) == 1 for more in (-1, 0, 1)):
                yield self._bearers[number]

    def _numbers_beginning(self, typed: str) -> range:
        first = bisect.bisect_left(self._words, typed)
        return range(first, bisect.bisect_left(self._words, typed + _LAST))

    def _numbers_holding(self, typed: str) -> Iterator[tuple[int, int]]:
        """The numbers of the words, and where in each it stands."""
        at = self._text.find(typed)
        while at >= 0:
            number = bisect.bisect_right(self._begins, at) - 1
            yield number, at - self._begins[number]
            at = self._text.find(typed, at + 1)


@lru_cache(maxsize=32768)
def word_forms(word: str) -> tuple[str, ...]:
    """One of `words` in plain letters, in each way in which its script is written so."""
    forms = [folded_word(word)]
    scripts = set(map(script_of, word)) - {"LATIN"}  # whose ways are all one when folded
    if len(scripts) == 1 and scripts <= SCRIPTS.keys():
        schemes = SCRIPTS[scripts.pop()](frozenset(word))
        forms += (folded_word(scheme(word)) for scheme in schemes)
    return tuple(dict.fromkeys(filter(None, forms)))


def _of_name(guest: Guest) -> set[str]:
    """The parts of a name, and its family name in one: VAN DER BERG is typed VANDERBERG."""
    family = words(guest.family)
    return _forms([*family, *words(guest.given), *(["".join(family)] if len(family) > 1 else [])])


def _others(guest: Guest) -> set[str]:
    return _forms(words(f"{guest.organisation} {guest.partnership} {guest.category}"))


def _forms(parts: Iterable[str]) -> set[str]:
    return {form for part in parts for form in word_forms(part)}
