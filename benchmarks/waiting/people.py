"""Eighty guests before one desk, one after the other, and what goes wrong for some of them.

This is the script: who comes, what they hold up, which keys staff press. Everybody is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.waiting.operators import (
    FETCH_SUPERVISOR,
    GLANCE,
    HOLD_UP,
    LOOK_AT_ID,
    OFFICIAL_READER,
    STEP_UP,
    SWAP,
    TALK,
    THINK,
    Operator,
)
from kiosk.core.guests.guest import Guest, Selection
from kiosk.core.guests.spelling import transliterated
from kiosk.core.reasons import Reason
from kiosk.demo.issuer import Subject, covid_test, recovery, vaccination
from kiosk.demo.runner import MANNERS
from kiosk.demo.scenes import Scene, unreadable
from kiosk.desk.admission import Shown
from tests import door, people

COUNT = 80
PIN = "738291"  # of the supervisor, who is invented too


@dataclass(frozen=True, repr=False)
class Shows:
    """A code before the camera, until the screen shows `shown`. creased: the paper is."""

    scene: Scene
    shown: Shown
    reason: Reason | None = None
    creased: bool = False
    hurried: bool = False  # time runs faster, as nobody does anything for 8 seconds


@dataclass(frozen=True)
class Presses:
    """A key by Qt's name, and what the screen shows then; None where it changes no answer.

    recorded: until something is recorded that is no answer.
    """

    key: str
    shown: Shown | None = None
    recorded: bool = False


@dataclass(frozen=True, repr=False)
class Types:
    """Letters or digits, one key each; found: until as many guests are listed."""

    text: str
    found: int | None = None


Act = Operator | Shows | Presses | Types


@dataclass(frozen=True, repr=False)
class Visitor:
    """One turn at the desk; `persons` come together. what: for the table, without a name."""

    what: str
    acts: tuple[Act, ...]
    persons: int = 1


CONFIRMS: tuple[Act, ...] = (
    LOOK_AT_ID,
    Presses("Space"),
    GLANCE,
    Presses("M"),
    Presses("Return", Shown.ADMIT),
)
_STATEMENTS = (
    ("v", vaccination("2021-07-01")),
    ("v", vaccination("2021-10-20", 3, 2)),
    ("r", recovery("2021-09-20")),
    ("t", covid_test(door.MORNING.replace(hour=5))),
)
_MANNERS = MANNERS[:6]  # of the demonstration: ready, not quite straight, not quite sharp
_CYRILLIC = door.guest("Елена", "Димитрова", organisation="Примерен клъстер")
_AWAY = door.guest("Nadia", "Lindqvist", partnership="NordLoop", organisation="Exempelkluster")
_COMING = replace(
    _AWAY,
    id="coming",
    badge=b"coming 1",
    family="Åkerblom",
    given="Ragnhild",
    selection=Selection.WAITING,
)


def guests() -> list[Guest]:
    """The guest list: everybody who is on it, and some who come on another day."""
    return [*_listed(), _CYRILLIC, _AWAY, _COMING]


def _listed() -> list[Guest]:
    """Two of each Partnership, as the event allows."""
    invented = enumerate(people.people(COUNT + 120))
    return [replace(guest, partnership=f"Partnership {number // 2}") for number, guest in invented]


def visitors() -> list[Visitor]:
    """The queue, in its order; the mishaps are spread over it."""
    listed = iter(_listed())
    usual = [_usual(next(listed), number) for number in range(COUNT - 9)]
    mishaps = (
        _stranger("Mona", "Nimmerda"),
        _broken_phone(next(listed)),
        _creased_paper(next(listed)),
        _usual(_CYRILLIC, 1, "name in Cyrillic letters"),
        *_crossed(next(listed), next(listed)),
        _stranger("Otto", "Ungeladen"),
        _substitute(),
        _usual(next(listed), 2),
    )
    queue = list(usual)
    for place, visitor in enumerate(mishaps, start=1):
        queue.insert(place * COUNT // (len(mishaps) + 1), visitor)
    return queue


def subject(guest: Guest) -> Subject:
    """The guest as an issuer writes the name (ICAO 9303)."""
    family, given = guest.family, guest.given
    return Subject(family, given, transliterated(family), transliterated(given))


def _certificate(guest: Guest, number: int = 0) -> str:
    group, statement = _STATEMENTS[number % len(_STATEMENTS)]
    return door.certificate(
        subject(guest), group, statement, issued_at=door.MORNING.replace(day=21)
    )


def _scene(text: str, number: int) -> Scene:
    manner = _MANNERS[number % len(_MANNERS)]
    return Scene(text, seed=number + 1, **manner)  # type: ignore[arg-type]


def _usual(guest: Guest, number: int, what: str = "") -> Visitor:
    """Certificate and badge; every fourth shows the badge first."""
    certificate = _scene(_certificate(guest, number), number)
    badge = Scene(door.badge(guest), tilt=2.0, seed=number + 500)
    first, second = (certificate, Shown.AWAIT_BADGE), (badge, Shown.AWAIT_CERTIFICATE)
    if number % 4 == 3:
        first, second = second, first
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(*first),
        SWAP,
        Shows(second[0], Shown.READY),
        THINK,
        *CONFIRMS,
    )
    return Visitor(what or "certificate and badge", acts)


def _stranger(given: str, family: str) -> Visitor:
    """Not on the list: staff look by name, find nobody, and send the guest to the organiser."""
    somebody = door.guest(given, family)
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(_scene(_certificate(somebody), 3), Shown.AWAIT_BADGE),
        THINK,
        TALK,
        Presses("F3"),
        Types(family.lower(), found=0),
        THINK,
        Presses("Escape"),
        TALK,
        Presses("Escape"),
    )
    return Visitor("not on the list", acts)


def _broken_phone(guest: Guest) -> Visitor:
    """A display that no camera reads: after 8 s the official reader, then the badge."""
    badge = Scene(door.badge(guest), seed=77)
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(unreadable(_certificate(guest)), Shown.DESK, Reason.CODE_NOT_READ, hurried=True),
        THINK,
        OFFICIAL_READER,
        Presses("F6", Shown.AWAIT_BADGE),
        SWAP,
        Shows(badge, Shown.READY),
        THINK,
        *CONFIRMS,
    )
    return Visitor("broken phone: official reader", acts)


def _creased_paper(guest: Guest) -> Visitor:
    certificate = Scene(_certificate(guest), "paper", tilt=6.0, perspective=0.25, seed=88)
    badge = Scene(door.badge(guest), seed=89)
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(certificate, Shown.AWAIT_BADGE, creased=True),
        SWAP,
        Shows(badge, Shown.READY),
        THINK,
        *CONFIRMS,
    )
    return Visitor("creased paper", acts)


def _crossed(one: Guest, other: Guest) -> Iterator[Visitor]:
    """A couple with each other's phones: seen at the second badge, let in together."""
    certificates, badges = [
        [_scene(code, number) for number, code in enumerate(codes, start=40)]
        for codes in (
            (_certificate(one), _certificate(other)),
            (door.badge(one), door.badge(other)),
        )
    ]
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(certificates[1], Shown.AWAIT_BADGE),
        SWAP,
        Shows(badges[0], Shown.DESK, Reason.NAMES_DIFFER),
        THINK,
        TALK,
        HOLD_UP,
        Shows(certificates[0], Shown.AWAIT_BADGE),
        SWAP,
        Shows(badges[1], Shown.DESK, Reason.PAIR_CROSSED),
        THINK,
        *CONFIRMS[:1],
        *CONFIRMS,
    )
    yield Visitor("couple with crossed phones", acts, persons=2)


def _substitute() -> Visitor:
    """Somebody on the waiting list comes in the place of a colleague; the supervisor is called."""
    badge = Scene(door.badge(_COMING), seed=91)
    acts = (
        STEP_UP,
        HOLD_UP,
        Shows(_scene(_certificate(_COMING), 5), Shown.AWAIT_BADGE),
        SWAP,
        Shows(badge, Shown.DESK, Reason.GUEST_WAITING),
        THINK,
        TALK,
        FETCH_SUPERVISOR,
        Presses("F8"),
        THINK,
        Types("3"),
        THINK,
        Types("1"),
        Presses("Return"),
        THINK,
        Types(PIN),
        Presses("Return", recorded=True),
        THINK,
        Presses("Return", Shown.READY),
        THINK,
        *CONFIRMS,
    )
    return Visitor("late substitution", acts)
