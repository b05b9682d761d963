"""Asks the program whose each certificate is, and counts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import GuestList, Match, Matched, NoMatch, beside_badge
from kiosk.core.guests.names import Likeness
from kiosk.core.hcert.dcc import Holder
from tests.matching.certificates import certificate
from tests.matching.corpus import Corpus, Pair
from tests.matching.habits import Grade
from tests.matching.persons import namesake
from tests.people import verified

FIRST = 3  # candidates that are looked at


@dataclass
class Tally:
    """Of some pairs, how many were decided, and where the right guest stood when they were not.

    with_badge, alone: decided for the right guest, with the badge and without. left: not decided
    without a badge; first: of these the right guest was among the first candidates.
    """

    pairs: int = 0
    with_badge: int = 0
    alone: int = 0
    left: int = 0
    first: int = 0

    def add(self, *, with_badge: bool, alone: bool, first: bool) -> None:
        """One pair more."""
        self.pairs += 1
        self.with_badge += with_badge
        self.alone += alone
        self.left += not alone
        self.first += first and not alone


@dataclass
class Figures:
    """All that is measured.

    guests, crowded: how long the list is, without and with relatives. strangers: how many were
    asked; near: who came close to somebody; probable: for whom the list named somebody, and, of
    the guests who were not decided, how often it named the right one and a wrong one.
    by: the groups of pairs. wrong: who was taken for somebody else, of how many asked.
    namesakes: relatives of the same first given name, taken for the guest by name alone.
    """

    guests: int
    crowded: int
    strangers: int
    strangers_near: int = 0
    strangers_probable: int = 0
    probable: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    namesakes: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=dict)
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)
    undecided: list[Pair] = field(default_factory=list)


def measure(corpus: Corpus) -> Figures:
    """Every pair, relative and stranger beside the whole list."""
    listed = GuestList(corpus.guests)
    crowded = GuestList(corpus.crowded)
    figures = Figures(len(listed), len(crowded), len(corpus.strangers))
    for pair in corpus.pairs:
        match = listed.match(verified(pair.holder))
        with_badge = _decided(pair.holder, pair.listed, match)
        alone = match == Matched(pair.listed)
        if not alone:
            figures.undecided.append(pair)
        for group, name in _groups(pair):
            tally = figures.by.setdefault(group, {}).setdefault(name, Tally())
            tally.add(with_badge=with_badge, alone=alone, first=_among_first(match, pair.listed))
    _wrong(figures, corpus, crowded)
    _confident(figures, corpus, listed)
    _namesakes(figures, corpus, listed)
    return figures


def _groups(pair: Pair) -> Iterable[tuple[str, str]]:
    yield "grade", pair.grade.value
    yield "habit", pair.habit
    yield "all", pair.person.script
    if pair.grade is Grade.PROPER:
        yield "proper", pair.person.script
        yield "country", pair.person.country
        yield "issuer", pair.issuer


def _decided(holder: Holder, badge_of: Guest, match: Match) -> bool:
    """Whether certificate and badge are taken for one person's."""
    return beside_badge(holder, badge_of, match) in (Likeness.EXACT, Likeness.SAME_PERSON)


def _among_first(match: Match, guest: Guest) -> bool:
    near = match.near if isinstance(match, NoMatch) else getattr(match, "guests", ())
    return guest in near[:FIRST]


def _wrong(figures: Figures, corpus: Corpus, listed: GuestList) -> None:
    """Who is taken for somebody else, by the certificate alone and with the other's badge."""
    count: dict[str, list[bool]] = {}
    for pair in corpus.pairs:
        match = listed.match(verified(pair.holder))
        count.setdefault("certificates of guests", []).append(_taken(match, pair.listed))
    for relative in corpus.relatives:
        match = listed.match(verified(relative.holder))
        rows = "on the list" if relative.listed else "not on the list"
        count.setdefault(f"{relative.kind}, {rows}", []).append(_taken(match, relative.listed))
        count.setdefault(f"{relative.kind}, with the other's badge", []).append(
            _decided(relative.holder, relative.of.listed, match)
        )
    for stranger in corpus.strangers:
        match = listed.match(verified(stranger))
        count.setdefault("strangers", []).append(_taken(match, None))
    draw = random.Random(len(listed))  # noqa: S311  # no secret
    for pair in corpus.pairs:
        other = draw.choice(corpus.pairs)
        if other is not pair:
            match = listed.match(verified(pair.holder))
            taken = _decided(pair.holder, other.listed, match)
            count.setdefault("anybody, with another's badge", []).append(taken)
    figures.wrong = {kind: (sum(taken), len(taken)) for kind, taken in count.items()}


def _taken(match: Match, guest: Guest | None) -> bool:
    return isinstance(match, Matched) and match.guest is not guest


def _confident(figures: Figures, corpus: Corpus, listed: GuestList) -> None:
    """Whom the list names as probable: strangers, and guests who were not decided."""
    strangers = [listed.match(verified(stranger)) for stranger in corpus.strangers]
    figures.strangers_near = sum(isinstance(m, NoMatch) and bool(m.near) for m in strangers)
    figures.strangers_probable = sum(map(_probable, strangers))
    for pair in figures.undecided:
        match = listed.match(verified(pair.holder))
        if isinstance(match, NoMatch) and match.probable:
            figures.probable[match.probable is pair.listed] += 1


def _probable(match: Match) -> bool:
    return isinstance(match, NoMatch) and match.probable is not None


def _namesakes(figures: Figures, corpus: Corpus, listed: GuestList) -> None:
    """Relatives of the same first given name, who are not on the list."""
    draw = random.Random(len(corpus.pairs))  # noqa: S311  # no secret
    for pair in corpus.pairs:
        holder = certificate(namesake(pair.person, draw), draw)[1]
        match = listed.match(verified(holder))
        figures.namesakes.add(
            with_badge=_decided(holder, pair.listed, match),
            alone=isinstance(match, Matched),
            first=False,
        )
