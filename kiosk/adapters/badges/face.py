"""What stands on a badge: text that is safe to draw, and the text of its code."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event

# Controls, formats (what turns text round among them), private, unassigned, surrogates, separators.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
_WORDS = {"en": "Name", "fr": "Nom", "de": "Name", "es": "Nombre", "it": "Nome", "pt": "Nome"}


@dataclass(frozen=True, repr=False)
class Face:
    """One badge's texts, each one line without anything that steers.

    badge: its opaque id. token: the text of the code. given, family: a name that is one word
    stands in `given`. role: a category such as "speaker". event, place: of the header.
    number: of a blank badge, for people ("R2-017"); it has no name then, and `captions` says
    what is to be written by hand.
    """

    badge: bytes
    token: str
    event: str
    place: str
    given: str = ""
    family: str = ""
    organisation: str = ""
    partnership: str = ""
    role: str = ""
    number: str = ""
    captions: tuple[str, str] = ("", "")

    def __repr__(self) -> str:
        """Without the name: it is personal."""
        return f"Face({self.badge.hex()})"


def guest_face(guest: Guest, event: Event, token: str) -> Face:
    """The badge of a guest."""
    given, family = plain_line(guest.given), plain_line(guest.family)
    return Face(
        badge=guest.badge,
        token=token,
        event=plain_line(event.name),
        place=plain_line(event.place),
        given=given or family,
        family=family if given else "",
        organisation=plain_line(guest.organisation),
        partnership=plain_line(guest.partnership),
        role=plain_line(guest.category),
    )


def blank_face(badge: bytes, number: str, event: Event, token: str) -> Face:
    """A badge in reserve: whose it will be is written on it by hand."""
    words = [_WORDS[language] for language in event.languages if language in _WORDS]
    return Face(
        badge=badge,
        token=token,
        event=plain_line(event.name),
        place=plain_line(event.place),
        number=plain_line(number),
        captions=(" · ".join(dict.fromkeys(words)) or "Name", "Organisation"),
    )


def plain_line(text: str) -> str:
    """`text` as one line, composed (NFC), without characters that nobody sees."""
    blanks = "".join(" " if character.isspace() else character for character in text)
    seen = "".join(c for c in blanks if unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", seen).split())
