"""What a guest is asked for next, and in which languages nobody in particular is asked. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.core.policy.event import BadgesGiven, Confirmation
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Station
from kiosk.gui.words.answers import ONE_MOMENT
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording, screen_language

QUIET = 10.0  # seconds without anything: nobody is in front of the screen
EACH = 6.0  # seconds that the greeting stays in one language
IN_TURN = 8  # languages at most that it goes through


@dataclass(frozen=True)
class Invitation:
    """One instruction and the steps. certificate, badge: whether done; None: not asked for."""

    instruction: str
    certificate: bool | None
    badge: bool | None

    @property
    def wants_anything(self) -> bool:
        """Whether there is anything to show."""
        return self.certificate is not None or self.badge is not None

    @property
    def wants_badge(self) -> bool:
        """Whether the badge is what is to be shown next."""
        return self.badge is False and self.certificate is not False


def invitation(waiting: Admission | None, station: Station) -> Invitation:
    """What to show at `station`; `waiting`: the visit as it stands, None before the first code."""
    wanted = station.door.wants_certificate
    beforehand = station.event.badges is BadgesGiven.BEFOREHAND
    certificate = bool(waiting and waiting.has_certificate) if wanted else None
    badge = bool(waiting and waiting.has_badge) if beforehand or waiting or not wanted else None
    match waiting.shown if waiting else None:
        case Shown.AWAIT_BADGE:
            key = "guest.now_badge"
        case Shown.AWAIT_CERTIFICATE:
            key = "guest.now_certificate"
        case Shown.READY:  # at a desk: staff have yet to look at the guest
            key = ONE_MOMENT
        case _:
            key = "guest.show_certificate" if wanted else "guest.show_badge"
    return Invitation(key, certificate, badge)


def greeting(say: Wording, station: Station) -> str:
    """Welcome to the town of the event."""
    return say("guest.greeting", town=plain_name(station.event.place.rsplit(",", 1)[-1]))


def what_else(say: Wording, station: Station) -> str:
    """What else the guest needs, as far as the event wants it."""
    words = []
    if Confirmation.MASK in station.event.confirmations:
        words.append(say("guest.keep_mask"))
    if Confirmation.ID_DOCUMENT in station.event.confirmations:
        words.append(say("guest.id_ready"))
    return " ".join(words)


def likely_first(
    there: Iterable[str], event: Sequence[str], counts: Mapping[str, int]
) -> tuple[str, ...]:
    """The languages that are `there`: the event's, those of the most guests, then the rest."""
    of_guests: dict[str, int] = {}
    for language, count in counts.items():
        code = screen_language(language)
        of_guests[code] = of_guests.get(code, 0) + count
    by_count = sorted(of_guests, key=lambda each: (-of_guests[each], each))
    known = list(there)
    wanted = [*map(screen_language, event), *by_count, *known]
    return tuple(dict.fromkeys(each for each in wanted if each in known))


def in_turn(
    likely: Sequence[str], event: Sequence[str], counts: Mapping[str, int]
) -> tuple[str, ...]:
    """Those of `likely` that the greeting goes through: the event's and those of guests."""
    spoken = {screen_language(each) for each in (*event, *counts)}
    return tuple(each for each in likely if each in spoken)[:IN_TURN]


def turn(languages: Sequence[str], quiet: float) -> str | None:
    """The language that greets after `quiet` seconds; None while somebody may be in front."""
    if quiet < QUIET or len(languages) < 2:
        return None
    return languages[(1 + int((quiet - QUIET) // EACH)) % len(languages)]
