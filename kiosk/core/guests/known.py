"""Whom a new list has again: guests keep their pseudonym and their badge."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.spelling import same_guest_key


class KnownGuests:
    """The guests of before; each is found again once at most, by the surest of three signs."""

    def __init__(self, known: Iterable[Guest]) -> None:
        self._by_badge: dict[bytes, Guest] = {}
        self._by_identity: dict[tuple[str, str, str], Guest] = {}
        self._by_group: dict[tuple[str, str], list[Guest]] = {}
        for guest in known:  # of two that are alike, the first
            self._by_badge.setdefault(guest.badge, guest)
            self._by_identity.setdefault(identity(guest), guest)
            self._by_group.setdefault(_group(guest), []).append(guest)

    def claims(self, drafts: Sequence[Guest]) -> list[Guest | None]:
        """For each of `drafts` the guest of before who it is."""
        found: list[Guest | None] = [None] * len(drafts)
        taken: set[str] = set()
        # The badge that an earlier export wrote tells a guest whose name was corrected.
        for sign in (self._same_badge, self._same_identity, self._alone_in_group(drafts)):
            for at, draft in enumerate(drafts):
                known = None if found[at] else sign(draft)
                if known and known.id not in taken:
                    found[at] = known
                    taken.add(known.id)
        return found

    def _same_badge(self, draft: Guest) -> Guest | None:
        return self._by_badge.get(draft.badge)

    def _same_identity(self, draft: Guest) -> Guest | None:
        return self._by_identity.get(identity(draft))

    def _alone_in_group(self, drafts: Sequence[Guest]) -> Callable[[Guest], Guest | None]:
        """Whoever alone has the name there, before and now: an organisation's spelling changes."""
        now = Counter(_group(draft) for draft in drafts)

        def sign(draft: Guest) -> Guest | None:
            before = self._by_group.get(_group(draft), [])
            return before[0] if len(before) == 1 == now[_group(draft)] else None

        return sign


def identity(guest: Guest) -> tuple[str, str, str]:
    """What two rows of one list must not have in common: name, organisation, Partnership."""
    name = same_guest_key(guest.family, guest.given)
    return name, plain(guest.organisation), plain(guest.partnership)


def _group(guest: Guest) -> tuple[str, str]:
    name, _, partnership = identity(guest)
    return (
        name,
        f"partnership {partnership}" if partnership else f"category {plain(guest.category)}",
    )


def plain(text: str) -> str:
    """A text without accents, case and choice of blanks and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.replace("_", " ").replace("’", "'").casefold().split())
