"""Attendance by half-day, as attendance lists of the Commission's events ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum, auto
from zoneinfo import ZoneInfo

from kiosk.core.policy.event import Event, Occasion
from kiosk.core.report.stays import Stay

AFTERNOON = time(13, 0)  # of the venue: where a half-day ends and the next begins


class Presence(Enum):
    """What the log tells of one guest and one half-day."""

    SEEN = auto()  # came in, or was seen to leave, during it
    PRESUMED = auto()  # came in before, for an occasion that went on, and was not seen to leave
    ABSENT = auto()


@dataclass(frozen=True, order=True)
class HalfDay:
    """The morning or the afternoon of one local day."""

    day: date
    afternoon: bool

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Beginning and end, aware."""
        noon = datetime.combine(self.day, AFTERNOON, zone)
        if self.afternoon:
            return noon, datetime.combine(self.day, time.max, zone)
        return datetime.combine(self.day, time.min, zone), noon


def half_days(event: Event) -> tuple[HalfDay, ...]:
    """The half-days in which something takes place, in their order."""
    return tuple(sorted({half for occasion in event.occasions for half in _halves(occasion)}))


def _halves(occasion: Occasion) -> Iterable[HalfDay]:
    zone = occasion.opens.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101  # the event file's
    for afternoon in (False, True):
        half = HalfDay(occasion.opens.date(), afternoon)
        begins, ends = half.span(zone)
        if occasion.opens < ends and occasion.closes > begins:
            yield half


def presence(half: HalfDay, stays: Iterable[Stay], event: Event) -> Presence:
    """What `stays` of one guest tell of `half`; the surest of them counts."""
    found = {_of_stay(half, stay, event) for stay in stays}
    return next((p for p in (Presence.SEEN, Presence.PRESUMED) if p in found), Presence.ABSENT)


def _of_stay(half: HalfDay, stay: Stay, event: Event) -> Presence:
    """Who comes early for the afternoon was not there in the morning."""
    begins, ends = half.span(event.time_zone)
    occasion = next((o for o in event.occasions if o.id == stay.occasion), None)
    since = max(stay.since, occasion.opens) if occasion else stay.since
    until = stay.until
    if since >= ends or (until is not None and until <= begins):
        return Presence.ABSENT
    if since >= begins or stay.seen_out:
        return Presence.SEEN
    goes_on = occasion is not None and occasion.closes > begins
    return Presence.PRESUMED if goes_on else Presence.ABSENT
