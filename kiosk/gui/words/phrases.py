"""Which words go with an admission on the desk's card. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from kiosk.core.decide import Way
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Station
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.wording import Wording, at_the_door

MAX_CANDIDATES = 5
MAX_REASONS = 3


class Band(Enum):
    """How the band on the desk's card looks."""

    IDLE = auto()
    STEP = auto()
    READY = auto()
    ADMIT = auto()
    DESK = auto()
    REFUSE = auto()
    LEFT = auto()


BAND_OF = {
    Shown.ADMIT: Band.ADMIT,
    Shown.DESK: Band.DESK,
    Shown.REFUSE: Band.REFUSE,
    Shown.READY: Band.READY,
    Shown.AWAIT_BADGE: Band.STEP,
    Shown.AWAIT_CERTIFICATE: Band.STEP,
    Shown.ONE_AT_A_TIME: Band.STEP,
    Shown.GUEST: Band.LEFT,
}


@dataclass(frozen=True)
class Help:
    """What is in the way, and what to do about it."""

    line: str
    remedy: str


@dataclass(frozen=True, repr=False)
class Card:
    """Everything on the desk's card. facts: pairs of label and value."""

    band: Band
    title: str
    note: str = ""
    name: str = ""
    birth: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    helps: tuple[Help, ...] = ()
    candidates: tuple[Guest, ...] = ()
    let_in: str = ""
    confirmable: bool = False
    overridable: bool = False
    guest: Guest | None = field(default=None)


def idle_card(say: Wording) -> Card:
    """Nobody is being answered."""
    return Card(
        Band.IDLE,
        say("desk.idle"),
        say("desk.idle_note"),
        helps=(Help(say("desk.idle_line"), say("desk.idle_remedy")),),
        let_in=say("desk.let_in"),
    )


def closed_card(code: str, say: Wording) -> Card:
    """The desk could not be opened."""
    return Card(
        Band.DESK,
        say("desk.closed"),
        say("desk.closed_note", code=code),
        helps=(Help(say("desk.closed_line"), say("desk.closed_remedy")),),
        let_in=say("desk.let_in"),
    )


def desk_card(admission: Admission, say: Wording, station: Station) -> Card:
    """The card of one admission."""
    to_desk = admission.shown is Shown.DESK
    pair = admission.confirmable and Reason.PAIR_CROSSED in admission.reasons
    card = Card(
        BAND_OF[admission.shown],
        _title(admission, say, pair=pair),
        _note(admission, say, station),
        helps=_helps(admission, say),
        candidates=admission.candidates[:MAX_CANDIDATES] if to_desk and not pair else (),
        let_in=say("desk.let_both_in" if pair else "desk.let_in"),
        confirmable=admission.confirmable,
        overridable=admission.overridable,
    )
    if admission.shown is Shown.REFUSE:
        return card  # security.md P6: nobody is named beside a refusal
    person, guest = admission.person, admission.guest
    if pair and guest is not None and admission.candidates:
        return _of_both(card, guest, admission.candidates[0], say)
    return replace(
        card,
        name=_name(admission),
        birth=_born(person.birth_date, say) if person else "",
        facts=_facts(guest, admission, say, station) if guest else _of_blank(admission, say),
        guest=guest,
    )


def _of_blank(admission: Admission, say: Wording) -> tuple[tuple[str, str], ...]:
    blank = admission.blank
    if blank is None:
        return ()
    told = plain_name(blank.number)
    if Reason.BADGE_OF_RESERVE in admission.reasons:  # else it lies in the drawer here
        told = say("desk.issued_at", number=told, desk=isolated(blank.desk))
    return ((say("desk.blank"), told),)


def _of_both(card: Card, one: Guest, other: Guest, say: Wording) -> Card:
    """A crossed pair: both guests, as they are on the list; neither certificate is theirs."""
    names = say("desk.both", one=isolated(one.name), other=isolated(other.name))
    facts = tuple((plain_name(each.name), _organisation(each, say)) for each in (one, other))
    return replace(card, name=names, facts=facts)


def _organisation(guest: Guest, say: Wording) -> str:
    return plain_name(guest.organisation) or say("desk.none")


def _name(admission: Admission) -> str:
    if admission.person:
        return plain_name(f"{admission.person.given} {admission.person.family}")
    return plain_name(admission.guest.name) if admission.guest else ""


def _born(text: str, say: Wording) -> str:
    day = say.birth_date(text)
    return say("desk.born", date=day) if day else ""


def _title(admission: Admission, say: Wording, *, pair: bool) -> str:
    match admission.shown:
        case Shown.ADMIT if admission.checked_only:
            return say("desk.checked")
        case Shown.ADMIT:
            ways = {Way.AGAIN: "desk.admitted_again", Way.ALREADY: "desk.admitted_already"}
            return say(ways.get(admission.way or Way.FIRST, "desk.admitted"))
        case Shown.DESK:
            return say("desk.pair" if pair else "desk.see_to_it")
        case Shown.REFUSE:
            return say("desk.refused_title")
        case shown:
            return say(f"desk.{shown.name.lower()}")


def _note(admission: Admission, say: Wording, station: Station) -> str:
    time = say.clock_time(admission.at, station.event.time_zone)
    match admission.shown:
        case Shown.ADMIT if admission.way is Way.ALREADY:
            return say("desk.already_note")
        case Shown.ADMIT:
            return say("desk.recorded_note", time=time)
        case Shown.READY if admission.standing.checked and not admission.has_certificate:
            return say("desk.ready_checked_note")
        case Shown.DESK | Shown.REFUSE:
            return say("desk.at_note", time=time)
        case shown:
            return say(f"desk.{shown.name.lower()}_note")


def _helps(admission: Admission, say: Wording) -> tuple[Help, ...]:
    match admission.shown:
        case Shown.DESK:
            reasons = [reason for reason in admission.reasons if at_the_door(reason)]
            words = [say.reason(reason) for reason in reasons[:MAX_REASONS]]
            return tuple(Help(each.line, each.remedy) for each in words)
        case Shown.REFUSE:
            return (Help(say("desk.refused_line"), say("desk.refused_remedy")),)
        case Shown.AWAIT_BADGE:
            return (Help(say("desk.await_badge_line"), say("desk.await_badge_remedy")),)
        case Shown.ONE_AT_A_TIME:
            return (Help(say("desk.one_at_a_time_line"), say("desk.one_at_a_time_remedy")),)
        case _:
            return ()


def _facts(
    guest: Guest, admission: Admission, say: Wording, station: Station
) -> tuple[tuple[str, str], ...]:
    group = say("desk.partnership" if guest.partnership or not guest.category else "desk.category")
    first = (say("desk.organisation"), _organisation(guest, say))
    if plain_name(guest.name).casefold() != _name(admission).casefold():
        # The card's name is the certificate's: never mix it with another's organisation.
        on_list = f"{isolated(guest.name)} · {_organisation(guest, say)}"
        first = (say("desk.on_list"), on_list)
    passed = admission.seat_passed
    if passed is not None:
        name = isolated(passed.to.name) if passed.to else say("desk.none")
        time = say.clock_time(passed.at, station.event.time_zone)
        first = (say("desk.seat_passed"), say("desk.seat_passed_to", name=name, time=time))
    return (
        first,
        (group, _seats(guest, admission, say, station)),
        (say("desk.invited_to"), _invited(guest, say, station)),
        (say("desk.standing"), _standing(admission, say, station)),
    )


def _seats(guest: Guest, admission: Admission, say: Wording, station: Station) -> str:
    if not guest.partnership:
        return plain_name(guest.category) or say("desk.none")
    occasion = occasion_now(station, admission.at)
    name, seats = plain_name(guest.partnership), occasion.seats_at_most if occasion else None
    if seats is None:
        return name
    key = "desk.seats_one" if admission.seats_taken == 1 else "desk.seats_many"
    return say(key, name=isolated(name), taken=admission.seats_taken, seats=seats)


def _invited(guest: Guest, say: Wording, station: Station) -> str:
    names = [each.name for each in station.event.occasions if each.id in guest.occasions]
    return " · ".join(plain_name(name) for name in names) or say("desk.none")


def _standing(admission: Admission, say: Wording, station: Station) -> str:
    standing = admission.standing
    if admission.shown is Shown.ADMIT and not admission.checked_only:
        return say("desk.inside", door=plain_name(station.door.name))
    if standing.inside_at:
        door = station.event.door(standing.inside_at)
        return say("desk.inside", door=plain_name(door.name if door else standing.inside_at))
    if standing.admitted:
        return say("desk.was_in")
    return say("desk.checked_before" if standing.checked else "desk.never_in")


def occasion_now(station: Station, at: datetime) -> Occasion | None:
    """The occasion that is open at the station's door at `at`, else the next one."""
    event, door = station.event, station.door
    served = [each for each in event.occasions if each.id in door.occasions]
    coming = (each for each in served if each.closes > at)
    return next(iter(event.open_occasions(door, at)), next(coming, None))


def left_card(recorded: bool, card: Card, at: datetime, say: Wording, station: Station) -> Card:
    """The card after a guest was to be recorded as leaving."""
    time = say.clock_time(at, station.event.time_zone)
    key = "desk.gone_out" if recorded else "desk.not_inside"
    return replace(
        card,
        band=Band.LEFT,
        title=say(key),
        note=say(f"{key}_note", time=time),
        helps=(Help(say(f"{key}_line"), ""),),
        facts=(),
        candidates=(),
        confirmable=False,
        overridable=False,
    )
