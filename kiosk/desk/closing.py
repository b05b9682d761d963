"""The end of a desk's day: what it adds up to, everyone out, and the session's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.policy.event import Occasion
from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Counters
from kiosk.desk.duty import OnDuty
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import NotDone
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouching


@dataclass(frozen=True, repr=False)
class DaySummary:
    """Today at this kiosk.

    first, last: entries, aware; None where nobody came in. inside: the occasions in which guests
    are, and how many. missing: the occasions of today for which Partnerships miss their mandatory
    person, and how many of them.
    """

    counters: Counters
    duty: OnDuty
    first: datetime | None
    last: datetime | None
    inside: tuple[tuple[Occasion, int], ...]
    missing: tuple[tuple[Occasion, int], ...]


def day_summary(desk: EntryDesk, at: datetime) -> DaySummary:
    """What the day has come to at `at`. Raises StorageTroubleError."""
    event = desk.station.event
    today = [o for o in event.occasions if event.local_date(o.opens) == event.local_date(at)]
    inside = [(o, desk.figures.occasion(o, at).inside) for o in today]
    missing = [(o, len(desk.figures.missing_partnerships(o))) for o in today if o.seats_at_least]
    first, last = desk.figures.first_and_last(at)
    return DaySummary(
        desk.figures.counters(at),
        desk.duty.state(at),
        first,
        last,
        inside=tuple(pair for pair in inside if pair[1]),
        missing=tuple(pair for pair in missing if pair[1]),
    )


def close_day(
    desk: EntryDesk, by: Vouching | None, at: datetime, *, everyone_out: bool
) -> OnDuty | Denied | NotDone:
    """End the session, after everyone left where that is said; nothing ends where that fails.

    by: None where nobody is in the staff list: then there is no session. Raises
    StorageTroubleError.
    """
    if everyone_out:
        own = desk.supervising.own(at)
        granted = desk.supervising.vouch(by, Action.EVERYONE_OUT, at) if by else own
        if isinstance(granted, Denied):
            return granted
        for occasion, _ in day_summary(desk, at).inside:
            outcome = desk.leaving.everyone_out(occasion.id, granted, at)
            if isinstance(outcome, NotDone):
                return outcome
    if by is None:
        return desk.duty.state(at)
    ended = desk.duty.close(by, at)
    if isinstance(ended, OnDuty):
        desk.clear()
        desk.forget_guests()  # whoever opens next finds nobody of today
    return ended
