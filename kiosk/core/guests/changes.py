"""What a new list changes: who is new, who is gone, and what is told otherwise of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from kiosk.core.guests.guest import Guest

MANY_GONE = 0.2  # part of a list; when more are gone, it is likely the wrong list
_WORDS = {
    "badge": "badge id",
    "family": "family name",
    "given": "given name",
    "selection": "status",
    "registered_on": "registered on",
    "birth_year": "year of birth",
}


@dataclass(frozen=True)
class Changed:
    """A guest of both lists, and which fields differ, in words."""

    before: Guest
    after: Guest
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ListChange:
    """Everything that a new list changes, in its order; those who are gone in the old one's."""

    new: tuple[Guest, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Guest, ...]
    unchanged: tuple[Guest, ...]

    @property
    def many_gone(self) -> bool:
        """Whether more than a fifth of the guests of before are gone."""
        before = len(self.changed) + len(self.gone) + len(self.unchanged)
        return len(self.gone) > MANY_GONE * before


def compare_lists(before: Iterable[Guest], after: Iterable[Guest]) -> ListChange:
    """What `after` changes; a guest is the same by the pseudonym alone."""
    old = {guest.id: guest for guest in before}
    new, changed, unchanged = list[Guest](), list[Changed](), list[Guest]()
    for guest in after:
        known = old.pop(guest.id, None)
        if known is None:
            new.append(guest)
        elif known == guest:
            unchanged.append(guest)
        else:
            changed.append(Changed(known, guest, _differing(known, guest)))
    return ListChange(tuple(new), tuple(changed), tuple(old.values()), tuple(unchanged))


def _differing(before: Guest, after: Guest) -> tuple[str, ...]:
    return tuple(
        _WORDS.get(field.name, field.name)
        for field in fields(Guest)
        if getattr(before, field.name) != getattr(after, field.name)
    )
