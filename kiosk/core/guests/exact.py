"""Whose name a certificate has, letter by letter: one look-up, whatever the length of the list.

The key is the whole name, given names before family name, without a blank: how its parts are
joined, and where the given names end, is written in many ways (VAN DER BERG, VANDERBERG; a column
"Name" that somebody parted behind the last blank).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import listed_forms
from kiosk.core.guests.spelling import StandardName, spellings


class ExactNames:
    """The accepted forms of every name of a list, and who has each."""

    def __init__(self, guests: Iterable[Guest]) -> None:
        self._guests = tuple(guests)
        self._bearers: dict[str, tuple[Guest, ...]] = {}
        for guest in self._guests:
            for key in {form.whole for form in spellings(guest.family, guest.given)}:
                self._bearers[key] = (*self._bearers.get(key, ()), guest)

    def bearers(self, whole: str) -> tuple[Guest, ...]:
        """The guests who have that name; see `whole_name`."""
        return self._bearers.get(whole, ())

    def with_fewer_given(
        self, certificate: StandardName, may_be: Callable[[Guest], bool]
    ) -> Guest | None:
        """The one guest meant where further given names are on the certificate alone.

        A certificate carries all given names, a list mostly one: its guest has the certificate's
        family name and its first given name, or the first few. Nobody, where more than one guest
        who `may_be` has that family name and any of the given names, or an initial of theirs.
        """
        given, family = certificate.given, "".join(certificate.family)
        if len(given) < 2 or not family:
            return None
        leading = {
            guest.id
            for end in range(1, len(given))
            for guest in self.bearers("".join(given[:end]) + family)
        }
        if not leading:
            return None
        called = {*given, *(name[0] for name in given)}
        listed = (self._namesakes.get((name, certificate.family[-1]), ()) for name in called)
        named = {g.id: g for group in listed for whole, g in group if whole.endswith(family)}
        meant = [guest for guest in named.values() if may_be(guest)]
        return meant[0] if len(meant) == 1 and meant[0].id in leading else None

    @cached_property
    def _namesakes(self) -> dict[tuple[str, ...], list[tuple[str, Guest]]]:
        """By the first part and the last: the whole name and whose it is."""
        found: defaultdict[tuple[str, ...], list[tuple[str, Guest]]] = defaultdict(list)
        for guest in self._guests:
            for form in listed_forms(guest.family, guest.given):
                parts = form.given + form.family
                found[parts[:1] + parts[-1:]].append((form.whole, guest))
        return dict(found)
