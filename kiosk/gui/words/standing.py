"""How occasions and Partnerships stand, in words. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.policy.event import Occasion
from kiosk.desk.admission import OccasionFigures, PartnershipSeats
from kiosk.desk.findings import Station
from kiosk.gui.asked import OccasionState
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

FIGURES = (  # as the page of occasions has them, one below the other
    *("present", "entered", "expected", "refused", "sent_to_desk"),
    *("by_reader", "overrides", "sent_away"),
)
_NAMED = 2  # of those who are expected


@dataclass(frozen=True, repr=False)
class Line:
    """A Partnership, what is to be known of it, and whom it is about."""

    name: str
    what: str
    who: str


def figures_of(figures: OccasionFigures) -> tuple[str, ...]:
    """The numbers of `FIGURES`; the first with the limit of the room, where there is one."""
    capacity = figures.occasion.capacity
    inside = str(figures.inside) if capacity is None else f"{figures.inside} / {capacity}"
    others = (
        *(figures.entered, figures.expected, figures.refused, figures.desk),
        *(figures.by_reader, figures.overrides, figures.sent_away),
    )
    return inside, *map(str, others)


def times_of(occasion: Occasion, say: Wording, station: Station) -> str:
    """From when to when, and where."""
    zone = station.event.time_zone
    opens, closes = (say.clock_time(at, zone) for at in (occasion.opens, occasion.closes))
    return " · ".join(filter(None, (f"{opens}–{closes}", plain_name(occasion.room))))


def lines_of(state: OccasionState, say: Wording) -> tuple[Line, ...]:
    """The Partnerships of which too many came, then those that miss somebody."""
    crowded = (_crowded(seats, say) for seats in state.crowded)
    missing = (_missing(seats, say) for seats in state.missing)
    return (*crowded, *missing)


def summary_of(state: OccasionState, say: Wording) -> str:
    """How many Partnerships there are to see to, and how many are complete."""
    if not state.missing and not state.crowded:
        if not state.figures.occasion.seats_at_least:
            return say("desk.partnerships_free")
        return say("desk.partnerships_complete")
    return say("desk.partnerships_missing", count=len(state.missing), all=len(state.partnerships))


def _missing(seats: PartnershipSeats, say: Wording) -> Line:
    what = say("desk.partnership_missing", came=len(seats.came), least=seats.at_least)
    names = [plain_name(guest.name) for guest in seats.expected]
    more = len(names) - _NAMED
    who = ", ".join(names[:_NAMED]) + (f" +{more}" if more > 0 else "")
    return Line(plain_name(seats.partnership), what, who or say("desk.nobody_expected"))


def _crowded(seats: PartnershipSeats, say: Wording) -> Line:
    what = say("desk.partnership_crowded", came=len(seats.came), most=seats.at_most or 0)
    names = ", ".join(plain_name(guest.name) for guest in seats.came[-_NAMED:])
    return Line(plain_name(seats.partnership), what, names)
