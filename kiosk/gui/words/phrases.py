"""Which words go with an admission on the desk's card. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from kiosk.core.decide import Way
from kiosk.core.guests.differences import Span, is_latin
from kiosk.core.guests.guest import Guest
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Person, Shown
from kiosk.desk.findings import Station
from kiosk.gui.words.beside import Marked, beside, person_name
from kiosk.gui.words.facts import (
    Fact,
    facts_of,
    facts_of_blank,
    facts_of_both,
    is_named_otherwise,
)
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
class Candidate:
    """One of those whom a certificate may belong to. latin: of a name in another script."""

    guest_id: str
    name: Marked
    latin: Marked
    about: str
    probable: str  # that it most likely is this one, in words; else empty


@dataclass(frozen=True, repr=False)
class Card:
    """Everything on the desk's card. facts: pairs of label and value.

    marks: what differs in the certificate's name from the one name of the list that is beside it.
    on_list: the value of the first fact, where the list has another name than the certificate.
    goes_on: the big key brings `guest` up, of whom something was recorded, or who was looked at.
    ends: what was recorded ends the visit.
    """

    band: Band
    title: str
    note: str = ""
    name: str = ""
    marks: tuple[Span, ...] = ()
    birth: str = ""
    facts: tuple[Fact, ...] = ()
    on_list: Marked | None = None
    helps: tuple[Help, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    let_in: str = ""
    confirmable: bool = False
    overridable: bool = False
    goes_on: bool = False
    ends: bool = False
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
        candidates=_candidates(admission, say) if to_desk and not pair else (),
        let_in=say(_big_key(admission, pair=pair)),
        confirmable=admission.confirmable,
        overridable=admission.overridable,
        goes_on=admission.shown is Shown.GUEST,
    )
    if admission.shown is Shown.REFUSE:
        return card  # security.md P6: nobody is named beside a refusal
    if pair and admission.guest is not None and admission.candidates:
        return _of_both(card, admission.guest, admission.candidates[0], say)
    return _of_one(card, admission, say, station)


def _big_key(admission: Admission, *, pair: bool) -> str:
    if admission.shown is Shown.GUEST:
        return "desk.check_guest"
    return "desk.let_both_in" if pair else "desk.let_in"


def _of_one(card: Card, admission: Admission, say: Wording, station: Station) -> Card:
    guest, name = admission.guest, _name(admission)
    card = replace(card, name=name, birth=_born(admission.person, say), guest=guest)
    likely = admission.probable or (admission.candidates[:1] or (None,))[0]
    if guest is None:
        blank = facts_of_blank(admission, say)
        sole = admission.probable or len(admission.candidates) == 1
        return _beside(replace(card, facts=blank), admission, likely if sole else None)
    card = replace(card, facts=facts_of(guest, admission, name, say, station))
    other = is_named_otherwise(guest, name) and admission.seat_passed is None
    if not other or admission.person is None:
        return card
    listed = beside(admission.person, guest).listed.behind("\u2068")
    value = Marked(card.facts[0][1], listed.marks)
    return _beside(replace(card, on_list=value), admission, guest)


def _beside(card: Card, admission: Admission, guest: Guest | None) -> Card:
    """The certificate's name with what differs from the one name of the list that it may be."""
    if guest is None or admission.person is None:
        return card
    return replace(card, marks=beside(admission.person, guest).certificate.marks)


def _candidates(admission: Admission, say: Wording) -> tuple[Candidate, ...]:
    return tuple(
        _candidate(guest, admission, say) for guest in admission.candidates[:MAX_CANDIDATES]
    )


def _candidate(guest: Guest, admission: Admission, say: Wording) -> Candidate:
    name, latin = Marked(plain_name(guest.name)), Marked()
    if admission.person is not None:
        names = beside(admission.person, guest)
        name, latin = names.listed, names.latin
    parts = (guest.organisation, guest.partnership or guest.category)
    about = " · ".join(filter(None, map(plain_name, parts)))
    probable = say("desk.probable") if guest == admission.probable else ""
    return Candidate(guest.id, name, latin, about, probable)


def _of_both(card: Card, one: Guest, other: Guest, say: Wording) -> Card:
    """A crossed pair: neither certificate is theirs."""
    names = say("desk.both", one=isolated(one.name), other=isolated(other.name))
    return replace(card, name=names, facts=facts_of_both(one, other, say))


def _name(admission: Admission) -> str:
    if admission.person:
        return person_name(admission.person)
    return plain_name(admission.guest.name) if admission.guest else ""


def _born(person: Person | None, say: Wording) -> str:
    """The date of birth; behind it the name in A-Z, where the certificate has other letters."""
    if person is None:
        return ""
    day = say.birth_date(person.birth_date)
    told = [say("desk.born", date=day)] if day else []
    if not is_latin(person_name(person)) and person.standard:
        told.append(plain_name(person.standard))
    return " · ".join(told)


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
