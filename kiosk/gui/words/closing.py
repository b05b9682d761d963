"""The end of a desk's day, in words. No Qt here."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from kiosk.desk.closing import DaySummary
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.wording import Wording

_FIGURES = (
    "entered",
    "present",
    "expected",
    "refused",
    "desk",
    "by_reader",
    "overrides",
    "sent_away",
)


def figures(day: DaySummary, say: Wording) -> tuple[tuple[str, str], ...]:
    """Label and number of each figure."""
    return tuple((say(f"closing.{name}"), str(getattr(day.counters, name))) for name in _FIGURES)


def lines(day: DaySummary, unexported: int | None, say: Wording, zone: ZoneInfo) -> tuple[str, ...]:
    """What is to be known beside the figures, one sentence each."""
    told = [_session(day, say, zone), _entries(day, say, zone)]
    for occasion, count in day.missing:
        name = isolated(plain_name(occasion.name))
        told.append(say("closing.missing", count=count, occasion=name))
    told.append(say(f"closing.{_exported(unexported)}", count=unexported or 0))
    return tuple(filter(None, told))


def _exported(unexported: int | None) -> str:
    match unexported:
        case None:
            return "export_unknown"
        case 0:
            return "exported"
        case 1:
            return "export_one"
        case _:
            return "export"


def _session(day: DaySummary, say: Wording, zone: ZoneInfo) -> str:
    if day.duty.person is None or day.duty.since is None:
        return ""
    since = say.clock_time(day.duty.since, zone)
    return say("duty.since", name=isolated(plain_name(day.duty.person.name)), time=since)


def _entries(day: DaySummary, say: Wording, zone: ZoneInfo) -> str:
    if day.first is None or day.last is None:
        return say("closing.nobody_came")
    first, last = (say.clock_time(at, zone) for at in (day.first, day.last))
    return say("closing.first_and_last", first=first, last=last)
