"""The register of verifiers: who was authorised when and by whom, and when they checked.

Decree 2021-699 of 1 June 2021, art. 2-3 II, asks for it: the persons who are authorised by name,
the date of it, and the days and hours of their checks. It is kept apart from the entry log, which
knows the id of a session alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.core.staff.pin import PinHash
from kiosk.core.staff.roles import Role


@dataclass(frozen=True, repr=False)
class Member:
    """Somebody who was authorised by name.

    id: a pseudonym, 16 hexadecimal digits. authorised_at, withdrawn_at: aware; None while it lasts.
    authorised_by: who is responsible. pin: None until one was chosen.
    """

    id: str
    name: str
    role: Role
    authorised_at: datetime
    authorised_by: str
    pin: PinHash | None = None
    withdrawn_at: datetime | None = None

    def __repr__(self) -> str:
        """Without the name."""
        return f"Member({self.id}, {self.role})"


class Ended(StrEnum):
    """How a session came to its end."""

    CLOSED = "closed"
    HANDED_OVER = "handed over"
    DAY_OVER = "end of the day"  # nobody closed it


@dataclass(frozen=True)
class Session:
    """A time in which one member checked at one screen of a door; `member` is the pseudonym.

    id: what the entries of that time carry. screen: desk or self-scan. opened,
    closed: aware; None while it is open.
    """

    id: str
    member: str
    role: Role
    kiosk: str
    door: str
    screen: str
    opened: datetime
    closed: datetime | None = None
    ended: Ended | None = None

    def closed_at(self, at: datetime, ended: Ended) -> Session:
        """The session with its end; a clock that was set back makes no negative time of it."""
        return replace(self, closed=max(self.opened, at), ended=ended)

    def day_ends(self, zone: ZoneInfo) -> datetime:
        """The end of the local day on which it was opened."""
        following = self.opened.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(following, time(), zone)


def overdue(session: Session, at: datetime, zone: ZoneInfo) -> Session | None:
    """A session that nobody closed, closed at the end of its local day; None while that lasts."""
    end = session.day_ends(zone)
    if session.closed is not None or at < end:
        return None
    return session.closed_at(end, Ended.DAY_OVER)


@dataclass(frozen=True, repr=False)
class Checks:
    """One line of the register: a member's checks at one screen on one local day.

    begun, over: aware, in the zone of the event; over is None while the session is open.
    """

    member: Member
    day: date
    begun: datetime
    over: datetime | None
    kiosk: str
    door: str
    screen: str
    ended: Ended | None


def lines(
    members: Iterable[Member], sessions: Iterable[Session], zone: ZoneInfo
) -> tuple[Checks, ...]:
    """The register in order of time; a session of somebody unknown is passed over."""
    people = {member.id: member for member in members}
    return tuple(
        Checks(
            people[each.member],
            each.opened.astimezone(zone).date(),
            each.opened.astimezone(zone),
            each.closed.astimezone(zone) if each.closed else None,
            each.kiosk,
            each.door,
            each.screen,
            each.ended,
        )
        for each in sorted(sessions, key=lambda s: (s.opened, s.id))
        if each.member in people
    )


HEADINGS = (
    "name",
    "role",
    "authorised on",
    "authorised by",
    "withdrawn on",
    "day",
    "from",
    "to",
    "door",
    "screen",
    "kiosk",
    "ended",
)


def table(
    members: Iterable[Member], sessions: Iterable[Session], zone: ZoneInfo
) -> list[tuple[str, ...]]:
    """The register as text, under `HEADINGS`: one row for a session, one for who had none yet."""
    people = sorted(members, key=lambda m: (m.authorised_at, m.id))
    checks = lines(people, sessions, zone)
    rows = [_person(each.member, zone) + _check(each) for each in checks]
    idle = [m for m in people if not any(each.member.id == m.id for each in checks)]
    return rows + [_person(member, zone) + ("",) * 7 for member in idle]


def _person(member: Member, zone: ZoneInfo) -> tuple[str, ...]:
    withdrawn = _local(member.withdrawn_at, zone) if member.withdrawn_at else ""
    authorised = _local(member.authorised_at, zone)
    return member.name, member.role.value, authorised, member.authorised_by, withdrawn


def _check(checks: Checks) -> tuple[str, ...]:
    """A time on a later day, which only a clock that was set makes, is told with its day."""
    over = ""
    if checks.over is not None:
        same_day = checks.over.date() == checks.day
        over = f"{checks.over:%H:%M}" if same_day else f"{checks.over:%Y-%m-%d %H:%M}"
    ended = checks.ended.value if checks.ended else "still open"
    begun = f"{checks.begun:%H:%M}"
    return checks.day.isoformat(), begun, over, checks.door, checks.screen, checks.kiosk, ended


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
