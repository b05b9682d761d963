"""Whose name a certificate has, letter by letter: one look-up, whatever the length of the list.

The key is the whole name, given names before family name, without a blank: how its parts are
joined, and where the given names end, is written in many ways (VAN DER BERG, VANDERBERG; a column
"Name" that somebody parted behind the last blank).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import Named, may_be_born, may_be_called, standard_name
from kiosk.core.guests.spelling import StandardName
from kiosk.core.hcert.dcc import Holder


class ExactNames:
    """The accepted forms of every name of a list, and who has each."""

    def __init__(self, guests: Sequence[Named]) -> None:
        self._guests = guests
        self._bearers: dict[str, tuple[tuple[StandardName, Guest], ...]] = {}
        for guest, forms in guests:
            for whole, form in {"".join(form.parts): form for form in forms}.items():
                self._bearers[whole] = (*self._bearers.get(whole, ()), (form, guest))

    def prepare(self) -> None:
        """Make now what the first certificate with further given names would wait for."""
        _ = self._namesakes

    def bearers(self, name: StandardName) -> list[Guest]:
        """The guests who have that very name."""
        found = self._bearers.get("".join(name.parts), ())
        return [guest for form, guest in found if form == name or form.is_also(name)]

    def with_fewer_given(self, holder: Holder) -> Guest | None:
        """The one guest meant where further given names are on the certificate alone.

        A certificate carries all given names, a list mostly one: its guest has the certificate's
        family name and its first given name, or the first few. Nobody, where more than one guest
        has that family name and any of the given names, or an initial of theirs.
        """
        name = standard_name(holder)
        family = "".join(name.family)
        if len(name.given) < 2 or not family:
            return None
        leading = {
            guest.id
            for end in range(1, len(name.given))
            for guest in self.bearers(StandardName(name.family, name.given[:end]))
            if may_be_called(holder, guest)
        }
        if not leading:
            return None
        called = {*name.given, *(given[0] for given in name.given)}
        listed = (self._namesakes.get((given, name.family[-1]), ()) for given in called)
        named = {g.id: g for group in listed for whole, g in group if whole.endswith(family)}
        meant = [guest for guest in named.values() if may_be_born(holder, guest)]
        return meant[0] if len(meant) == 1 and meant[0].id in leading else None

    @cached_property
    def _namesakes(self) -> dict[tuple[str, ...], list[tuple[str, Guest]]]:
        """By the first part and the last: the whole name and whose it is."""
        found: defaultdict[tuple[str, ...], list[tuple[str, Guest]]] = defaultdict(list)
        for guest, forms in self._guests:
            for form in forms:
                ends = form.parts[:1] + form.parts[-1:]
                found[ends].append(("".join(form.parts), guest))
        return dict(found)
