"""What staff may decide beside letting in, and what the card says once it is on disk. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Station
from kiosk.desk.outcome import Done
from kiosk.gui.asked import Asked
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.phrases import Band, Card, Help
from kiosk.gui.words.wording import Wording

_TIME = re.compile(r"(\d{1,2})\s*[:.hH]?\s*(\d{2})", re.ASCII)
_COMES = {
    Reason.GUEST_REMOTE,
    Reason.GUEST_WAITING,
    Reason.GUEST_DECLINED,
    Reason.OCCASION_OTHER,
    Reason.SEATS_TAKEN,
    Reason.SEAT_PASSED_ON,
}


class Decision(StrEnum):
    """What staff may decide beside letting in; the value is the name of its drawing."""

    OVERRIDE = "override"
    LET_OUT = "let_out"
    SUBSTITUTE = "substitute"
    REGISTER = "register"
    ACCEPT = "accept"
    GIVE_BADGE = "give_badge"
    REPRINT = "reprint"
    SEND_AWAY = "send_away"
    PAPER = "paper"
    EVERYONE_OUT = "everyone_out"
    UNDO = "undo"


KEYS = dict(zip(Decision, ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "F9"), strict=True))


@dataclass(frozen=True, repr=False)
class Situation:
    """What the decisions depend on. printable: badges can be made on this PC."""

    admission: Admission | None
    undoable: bool
    printable: bool


@dataclass(frozen=True)
class Item:
    """One decision of the menu: its key, what it is, and why it cannot be taken, if so."""

    decision: Decision
    key: str
    line: str
    why_not: str = ""


def menu(situation: Situation, say: Wording) -> tuple[Item, ...]:
    """All decisions, each in its place, whether it is possible now or not."""
    items = []
    for decision, key in KEYS.items():
        why = _why_not(decision, situation)
        told = say(f"menu.{why}") if why else ""
        items.append(Item(decision, key, say(f"menu.{decision}"), told))
    return tuple(items)


def _why_not(decision: Decision, situation: Situation) -> str:
    """The key of the words why it is not possible; nothing where it is."""
    admission = situation.admission
    guest = admission.guest if admission else None
    match decision:
        case Decision.OVERRIDE if not (admission and admission.overridable):
            return "why_no_answer"
        case Decision.LET_OUT if not (admission and guest and admission.standing.inside_at):
            return "why_not_inside" if guest else "why_nobody"
        case Decision.ACCEPT | Decision.GIVE_BADGE | Decision.REPRINT if guest is None:
            return "why_nobody"
        case Decision.REPRINT if not situation.printable:
            return "why_no_key"
        case Decision.SEND_AWAY if admission is None or admission.shown is Shown.REFUSE:
            return "why_counted" if admission else "why_nobody_here"
        case Decision.SEND_AWAY if admission is not None and admission.shown is Shown.ADMIT:
            return "why_admitted"
        case Decision.UNDO if not situation.undoable:
            return "why_nothing"
        case _:
            return ""


def takes_seat(admission: Admission) -> bool:
    """Whether the guest of the answer stands at the door without a seat of their own."""
    return bool(_COMES.intersection(admission.reasons))


def has_seat(guest: Guest) -> bool:
    """Whether the guest is expected in person somewhere."""
    here = guest.attendance is Attendance.IN_PERSON and guest.selection is Selection.SELECTED
    return here and bool(guest.occasions)


def coming_now(station: Station, at: datetime) -> tuple[list[str], list[str]]:
    """The occasions of the event that are not over, and of those the one that is now, or next."""
    event = station.event
    coming = [each.id for each in event.occasions if not each.is_over(at)]
    now = [each.id for each in event.open_occasions(station.door, at)]
    served = [each for each in coming if each in station.door.occasions]
    return coming, (now or served)[:1]


def time_of(text: str, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The time that staff read on the paper, on the local day of `at`: "8:15", "0815", "8h15"."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        return None
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = midnight.replace(hour=hour, minute=minute)
    # What was written at the very minute of now is no time to come.
    return min(found, at) if found - at < timedelta(minutes=1) else found


def persons(count: int, say: Wording) -> str:
    """So many guests."""
    return say("desk.one_person") if count == 1 else say("desk.persons", count=count)


def recorded_card(asked: Asked, done: Done, at: datetime, say: Wording, station: Station) -> Card:
    """What was recorded at `at`; the guest whom it concerns is a key away."""
    guest = done.guests[-1] if done.guests and asked in _GOES_ON else None
    remedy = say("acts.then" if guest else "acts.then_undo")
    return Card(
        Band.LEFT,
        say("acts.recorded"),
        say("desk.recorded_note", time=say.clock_time(at, station.event.time_zone)),
        name=plain_name(guest.name) if guest else "",
        helps=(Help(_line(asked, done, say), remedy),),
        let_in=say("acts.go_on" if guest else "desk.let_in"),
        guest=guest,
        goes_on=guest is not None,
        ends=asked is Asked.SEND_AWAY,
    )


_GOES_ON = {Asked.REGISTER, Asked.ACCEPT, Asked.SUBSTITUTE, Asked.GIVE_BADGE, Asked.REPRINT}


def _line(asked: Asked, done: Done, say: Wording) -> str:
    names = [isolated(guest.name) for guest in done.guests]
    match asked:
        case Asked.SUBSTITUTE if len(names) > 1:
            return say("acts.done_substitute", away=names[0], name=names[-1])
        case Asked.EVERYONE_OUT:
            return say("acts.done_everyone_out", persons=persons(len(done.records), say))
        case Asked.PAPER:
            return say("acts.done_paper", count=len(done.records))
        case Asked.SEND_AWAY:
            return say("acts.done_send_away")
        case _:
            name = names[-1] if names else say("desk.one_person")
            return say(f"acts.done_{asked.name.lower()}", name=name)
