"""The facts on the desk's card: guest, Partnership, invitation, badge, entries of today."""

from __future__ import annotations

from datetime import datetime

from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Found, Passage, Shown, Today
from kiosk.desk.findings import Station
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.wording import Wording

Fact = tuple[str, str]  # label and value
_ENTRIES = 4  # of today that a card has room for: the last ones
_ACTS = {EntryAct.IN: "in", EntryAct.OVERRIDE: "override", EntryAct.OUT: "out"}
_BAD_BADGE = frozenset(
    {
        Reason.BADGE_FORGED,
        Reason.BADGE_OTHER_EVENT,
        Reason.BADGE_REVOKED,
        Reason.BADGE_UNKNOWN,
        Reason.BADGE_OF_RESERVE,
        Reason.BADGE_NOT_HANDED_OUT,
    }
)


def facts_of(
    guest: Guest, admission: Admission, name: str, say: Wording, station: Station
) -> tuple[Fact, ...]:
    """The five facts; `name` is what the card shows above them."""
    group = say("desk.partnership" if guest.partnership or not guest.category else "desk.category")
    return (
        _first(guest, admission, name, say, station),
        (group, _seats(guest, admission, say, station)),
        (say("desk.invited_to"), _invited(guest, say, station)),
        (say("desk.badge"), _badge(admission, say)),
        (say("desk.standing"), _entries(admission, say, station)),
    )


def facts_of_blank(admission: Admission, say: Wording) -> tuple[Fact, ...]:
    """A blank badge that nobody has, as far as is known here."""
    if admission.blank is None:
        return ()
    return ((say("desk.blank"), _blank(admission, say)),)


def facts_of_both(one: Guest, other: Guest, say: Wording) -> tuple[Fact, ...]:
    """A crossed pair: both guests, as they are on the list."""
    return tuple((plain_name(each.name), organisation(each, say)) for each in (one, other))


def organisation(guest: Guest, say: Wording) -> str:
    """The guest's organisation, or that there is none."""
    return plain_name(guest.organisation) or say("desk.none")


def is_named_otherwise(guest: Guest, name: str) -> bool:
    """Whether the list has another name than the card shows."""
    return plain_name(guest.name).casefold() != name.casefold()


def _first(guest: Guest, admission: Admission, name: str, say: Wording, station: Station) -> Fact:
    passed = admission.seat_passed
    if passed is not None:
        to = isolated(passed.to.name) if passed.to else say("desk.none")
        time = say.clock_time(passed.at, station.event.time_zone)
        return say("desk.seat_passed"), say("desk.seat_passed_to", name=to, time=time)
    if is_named_otherwise(guest, name):
        # The card's name is the certificate's: never mix it with another's organisation.
        return say("desk.on_list"), f"{isolated(guest.name)} · {organisation(guest, say)}"
    return say("desk.organisation"), organisation(guest, say)


def _seats(guest: Guest, admission: Admission, say: Wording, station: Station) -> str:
    if not guest.partnership:
        return plain_name(guest.category) or say("desk.none")
    occasion = occasion_now(station, admission.at)
    name, seats = plain_name(guest.partnership), occasion.seats_at_most if occasion else None
    if seats is None:
        return name
    taken = {0: "none", 1: "one"}.get(admission.seats_taken, "many")
    return say(f"desk.seats_{taken}", name=isolated(name), taken=admission.seats_taken, seats=seats)


def _invited(guest: Guest, say: Wording, station: Station) -> str:
    names = [each.name for each in station.event.occasions if each.id in guest.occasions]
    return " · ".join(plain_name(name) for name in names) or say("desk.none")


def _badge(admission: Admission, say: Wording) -> str:
    if admission.shown is Shown.GUEST:
        return say("desk.none")  # nobody was asked for one
    if admission.blank is not None:
        return say("desk.badge_blank", number=_blank(admission, say))
    if _BAD_BADGE & set(admission.reasons):
        return say("desk.badge_not_valid")
    return say(f"desk.badge_{admission.badge.name.lower()}")


def _blank(admission: Admission, say: Wording) -> str:
    assert admission.blank is not None  # noqa: S101  # whoever calls has looked
    number = plain_name(admission.blank.number)
    if Reason.BADGE_OF_RESERVE not in admission.reasons:  # else it lies in the drawer here
        return number
    return say("desk.issued_at", number=number, desk=isolated(admission.blank.desk))


# What was recorded today


def _entries(admission: Admission, say: Wording, station: Station) -> str:
    """Each entry and exit with time and door; else where the guest stands."""
    passages = [each for each in admission.entries if each.act in _ACTS]
    if passages:
        last = passages[-_ENTRIES:]
        told = [_passage(each, say, station) for each in last]
        return " · ".join(["…"] * (len(passages) > len(last)) + told)
    return _standing(admission, say, station)


def _passage(passage: Passage, say: Wording, station: Station) -> str:
    time = say.clock_time(passage.at, station.event.time_zone)
    return say(f"desk.entry_{_ACTS[passage.act]}", time=time, door=door_name(passage.door, station))


def _standing(admission: Admission, say: Wording, station: Station) -> str:
    if admission.shown is Shown.ADMIT and not admission.checked_only:
        return say("desk.inside", door=plain_name(station.door.name))
    checked = next((e.at for e in admission.entries if e.act is EntryAct.CHECK), None)
    if checked is not None and admission.today is Today.CHECKED:
        time = say.clock_time(checked, station.event.time_zone)
        return say("desk.checked_at", time=time)
    standing = admission.standing
    if standing.inside_at:
        return say("desk.inside", door=door_name(standing.inside_at, station))
    if standing.admitted:
        return say("desk.was_in")
    return say("desk.checked_before" if standing.checked else "desk.never_in")


def door_name(door_id: str, station: Station) -> str:
    """A door as people call it; its id where the event has no such door."""
    door = station.event.door(door_id)
    return plain_name(door.name if door else door_id)


def state_of(found: Found, say: Wording, station: Station) -> str:
    """Where a guest stands, in a word or two."""
    if found.today is Today.INSIDE:
        return say("desk.inside", door=door_name(found.door, station))
    return say(f"desk.today_{found.today.name.lower()}")


def occasion_now(station: Station, at: datetime) -> Occasion | None:
    """The occasion that is open at the station's door at `at`, else the next one."""
    event, door = station.event, station.door
    served = [each for each in event.occasions if each.id in door.occasions]
    coming = (each for each in served if each.closes > at)
    return next(iter(event.open_occasions(door, at)), next(coming, None))
