"""A certificate's name beside a name of the list: both as they are painted, with what differs."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.guests.differences import Span, differing, in_latin, is_latin
from kiosk.core.guests.guest import Guest
from kiosk.desk.admission import Person
from kiosk.gui.words.names import plain_name


@dataclass(frozen=True, repr=False)
class Marked:
    """A text, and the spans of it that differ."""

    text: str = ""
    marks: tuple[Span, ...] = ()

    def behind(self, before: str) -> Marked:
        """The same with something put before it."""
        moved = tuple((start + len(before), length) for start, length in self.marks)
        return Marked(before + self.text, moved)


@dataclass(frozen=True, repr=False)
class Beside:
    """A certificate's name, the list's, and the list's in A-Z where it is in another script.

    In that case this is compared with `standard`, the certificate's in A-Z.
    """

    certificate: Marked
    listed: Marked
    standard: Marked = Marked()
    latin: Marked = Marked()


def beside(person: Person, guest: Guest) -> Beside:
    """Both names, and the letters that have no partner in the other one."""
    certificate, listed = person_name(person), plain_name(guest.name)
    if is_latin(certificate) and is_latin(listed):
        own, other = differing(certificate, listed)
        return Beside(Marked(certificate, own), Marked(listed, other))
    standard = certificate if is_latin(certificate) else plain_name(person.standard)
    latin = in_latin(guest, plain_name(person.standard)) or listed
    own, other = differing(standard, latin)
    if latin == listed:
        names = Marked(listed, other), Marked()
    else:
        names = Marked(listed), Marked(latin, other)
    shown = Marked(certificate, own if standard == certificate else ())
    return Beside(shown, names[0], Marked(standard, own), names[1])


def person_name(person: Person) -> str:
    """The name of a certificate's holder, as it is painted."""
    return plain_name(f"{person.given} {person.family}")
