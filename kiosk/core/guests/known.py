"""Whom a new list has again: guests keep their pseudonym and their badge."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.spelling import same_guest_key


class Sign(StrEnum):
    """By what a guest of before is recognised; the surest first."""

    PSEUDONYM = "pseudonym"
    BADGE = "badge id"
    NAME = "name and organisation"
    ALONE = "name, alone in the Partnership or category"


class Claim(NamedTuple):
    """The guest of before who somebody is, and by what that is known."""

    guest: Guest
    sign: Sign


class KnownGuests:
    """The guests of before; each is found again once at most, by the surest of four signs."""

    def __init__(self, known: Iterable[Guest]) -> None:
        self._by_id: dict[str, Guest] = {}
        self._by_badge: dict[bytes, Guest] = {}
        self._by_name: dict[Identity, list[Guest]] = {}
        self._by_group: dict[tuple[str, str], list[Guest]] = {}
        for guest in known:  # of two that are alike, the first
            name = identity(guest)
            self._by_id.setdefault(guest.id, guest)
            self._by_badge.setdefault(guest.badge, guest)
            self._by_name.setdefault(name._replace(birth_year=None), []).append(guest)
            self._by_group.setdefault(_group(guest, name), []).append(guest)

    def claims(self, drafts: Sequence[Guest]) -> list[Claim | None]:
        """For each of `drafts` the guest of before who it is."""
        found: list[Claim | None] = [None] * len(drafts)
        taken: set[str] = set()
        names = [identity(draft) for draft in drafts]
        groups = [_group(draft, name) for draft, name in zip(drafts, names, strict=True)]
        size = Counter(groups)
        signs: dict[Sign, Callable[[int], Guest | None]] = {
            # What an earlier export wrote tells a guest whose name was corrected.
            Sign.PSEUDONYM: lambda at: self._by_id.get(drafts[at].id),
            Sign.BADGE: lambda at: self._by_badge.get(drafts[at].badge),
            Sign.NAME: lambda at: self._same_name(names[at], taken),
            Sign.ALONE: lambda at: (
                self._alone(groups[at], names[at]) if size[groups[at]] == 1 else None
            ),
        }
        for sign, known_as in signs.items():
            for at in range(len(drafts)):
                known = None if found[at] else known_as(at)
                if known and known.id not in taken:
                    found[at] = Claim(known, sign)
                    taken.add(known.id)
        return found

    def _same_name(self, name: Identity, taken: set[str]) -> Guest | None:
        """The first with that name, organisation and Partnership, the same year of birth before."""
        before = [
            guest
            for guest in self._by_name.get(name._replace(birth_year=None), ())
            if guest.id not in taken and _years_agree(guest.birth_year, name.birth_year)
        ]
        return max(before, key=lambda guest: guest.birth_year == name.birth_year, default=None)

    def _alone(self, group: tuple[str, str], name: Identity) -> Guest | None:
        """Whoever alone has the name there, before and now: an organisation's spelling changes."""
        before = self._by_group.get(group, [])
        if len(before) == 1 and _years_agree(before[0].birth_year, name.birth_year):
            return before[0]
        return None


def _years_agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


class Identity(NamedTuple):
    """What two rows of one list must not have in common."""

    name: str
    organisation: str
    partnership: str
    birth_year: int | None


def identity(guest: Guest) -> Identity:
    """Who a guest is: name, organisation, Partnership, and the year of birth where it is told."""
    name = same_guest_key(guest.family, guest.given)
    return Identity(name, plain(guest.organisation), plain(guest.partnership), guest.birth_year)


def _group(guest: Guest, who: Identity) -> tuple[str, str]:
    if who.partnership:
        return who.name, f"partnership {who.partnership}"
    return who.name, f"category {plain(guest.category)}"


def plain(text: str) -> str:
    """A text without accents, case and choice of blanks and apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(text.replace("_", " ").casefold().split())
