"""The invented event of the simulation: guests, and every code that somebody may hold up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache

from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.policy.event import Event
from kiosk.demo.issuer import claims_of, vaccination
from tests.door import (
    ISSUED,
    badge,
    certificate,
    event_with,
    guest,
    issuer,
    saint_ouen,
    stranger,
    subject,
)

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROOM = 8  # places: small enough to be filled on a morning


class Code(Enum):
    """What a code really is, whatever the desk makes of it."""

    GOOD = auto()  # an accepted certificate
    TOO_RECENT = auto()  # genuine, and not accepted
    FORGED = auto()
    UNKNOWN_SIGNER = auto()
    BADGE = auto()
    BADGE_OF_NOBODY = auto()  # signed, and on no list
    POSTER = auto()

    @property
    def is_bad(self) -> bool:
        """Whether it may turn the screen red."""
        return self in (Code.TOO_RECENT, Code.FORGED)


@dataclass(frozen=True)
class Held:
    """A code that is held up: what it is, whose it is, and its text."""

    code: Code
    owner: str  # a guest's id, empty for nobody
    text: str


@dataclass(frozen=True)
class World:
    """Everybody and everything."""

    event: Event
    guests: tuple[Guest, ...]
    codes: dict[tuple[str, Code], Held]

    def of(self, who: Guest, code: Code) -> Held:
        """A code of `who`."""
        return self.codes[who.id, code]


@cache
def world() -> World:
    """Forty guests of fourteen Partnerships, some with what keeps them out."""
    event = event_with(occasions=tuple(replace(o, capacity=ROOM) for o in saint_ouen().occasions))
    guests = tuple(_guests())
    codes = {(who.id, held.code): held for who in guests for held in _codes(who)}
    return World(event, guests, codes)


def _guests() -> list[Guest]:
    made = []
    for number in range(40):
        one = guest(
            f"Given{chr(97 + number % 26)}{'x' * (number // 26)}", f"Family{chr(97 + number % 24)}"
        )
        made.append(replace(one, partnership=f"Partnership {number // 3}"))
    made[7] = replace(made[7], attendance=Attendance.REMOTE)
    for number in range(2, 40, 6):  # the third of every other Partnership
        made[number] = replace(made[number], selection=Selection.WAITING)
    made[21] = replace(made[21], occasions=frozenset({"partnering"}))
    # Two of one name: nobody can tell them apart without their badges.
    made[29] = replace(made[29], given=made[28].given, family=made[28].family)
    return made


def _codes(who: Guest) -> list[Held]:
    nobody = guest("Nobody", "Atall", badge=bytes(7) + bytes([len(who.id)]))
    good = certificate(who)
    texts = {
        Code.GOOD: good,
        Code.TOO_RECENT: certificate(who, statement=vaccination("2021-11-18")),
        Code.FORGED: _forged(who),
        Code.UNKNOWN_SIGNER: certificate(who, by=stranger()),
        Code.BADGE: badge(who),
        Code.BADGE_OF_NOBODY: badge(nobody),
        Code.POSTER: "https://example.org/poster",
    }
    nobodys = (Code.BADGE_OF_NOBODY, Code.POSTER)
    return [Held(code, "" if code in nobodys else who.id, text) for code, text in texts.items()]


def _forged(who: Guest) -> str:
    claims = claims_of(subject(who), "v", vaccination("2021-07-01"), ISSUED, issuer().country)
    return stranger().sign(claims, kid=issuer().kid)


def guest_list() -> GuestList:
    """The list of the simulation."""
    return GuestList(world().guests)
