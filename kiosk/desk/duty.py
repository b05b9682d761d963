"""Who checks at a station: the desk is opened, handed over, paused and closed while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.staff.register import Member, Session
from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Station
from kiosk.desk.sessions import OPENS, Denied, Place, Sessions, Why
from kiosk.desk.supervising import Supervisor, Vouching


@dataclass(frozen=True, repr=False)
class OnDuty:
    """How a station stands, for its screen.

    attended: codes are answered, since somebody checks here or nobody has to. named: somebody has
    to, for there is a staff list. person, since: whose session is open here, and from when, aware.
    over: the session ended with its day, and nobody has opened another one.
    """

    attended: bool
    named: bool
    person: Supervisor | None = None
    since: datetime | None = None
    over: bool = False


class Duty:
    """Opens and closes the sessions of one station, in the thread of its desk.

    sessions: None where no staff is kept. Every method but `attended` raises StorageTroubleError.
    """

    def __init__(self, station: Station, sessions: Sessions | None) -> None:
        self._station, self._sessions = station, sessions
        self._place = Place(station.door.id, station.mode)
        self._shut = False
        self._attended = bool(station.staff) or sessions is None or not sessions.required

    @property
    def attended(self) -> bool:
        """Whether what guests show is answered."""
        return self._attended

    def state(self, at: datetime) -> OnDuty:
        """How the station stands at `at`."""
        if self._sessions is None or not (self._station.staff or self._sessions.required):
            return OnDuty(self._attended, named=False)
        session = self._sessions.going_on(self._place, at)
        person = self._sessions.by_id(session.member) if session else None
        until = self._station.until
        over = session is None and until is not None and at >= until
        if (
            until is not None
            and not over
            and (session is None or session.id != self._station.staff)
        ):
            self._end()  # another program ended it: no record may be that session's any more
        return OnDuty(
            self._attended,
            named=True,
            person=_named(person) if person else None,
            since=session.opened if session else None,
            over=over,
        )

    def people(self) -> tuple[Supervisor, ...]:
        """Who may open this station, or take it over."""
        who = self._sessions.who_may(OPENS[self._station.mode]) if self._sessions else ()
        return tuple(map(_named, who))

    def closers(self, at: datetime) -> tuple[Supervisor, ...]:
        """Who may close what is open here: whoever opened it, and supervisors."""
        if self._sessions is None:
            return ()
        session = self._sessions.going_on(self._place, at)
        own = self._sessions.by_id(session.member) if session else None
        able = self._sessions.who_may(Action.CLOSE_DOOR)
        return tuple(map(_named, dict.fromkeys((*([own] if own else []), *able))))

    def bearer(self, text: str) -> Supervisor | None:
        """Whose staff badge `text` is."""
        member = self._sessions.by_badge(text) if self._sessions else None
        return _named(member) if member else None

    def open(self, vouching: Vouching, at: datetime) -> OnDuty | Denied:
        """Check here from now on: the own session goes on, another one's is handed over.

        Records carry the session from the next one on.
        """
        if self._sessions is None:
            return Denied(Why.NOT_ALLOWED)
        member = self._sessions.by_id(vouching.supervisor)
        session = self._sessions.open(member, vouching.pin, self._place, at)
        if isinstance(session, Denied):
            return session
        self._take(session)
        return self.state(at)

    def pause(self, at: datetime) -> OnDuty:
        """Nobody is before the screen: nothing is answered until somebody's PIN."""
        if self._sessions is not None and self._sessions.required:
            self._attended = False
        return self.state(at)

    def shut(self, at: datetime) -> OnDuty:
        """Nothing is answered until the program starts anew: no answer could be trusted."""
        self._attended, self._shut = False, True
        return self.state(at)

    def close(self, vouching: Vouching, at: datetime) -> OnDuty | Denied:
        """End the session that is open here: who opened it, or a supervisor."""
        if self._sessions is None:
            return Denied(Why.NOT_ALLOWED)
        session = self._sessions.going_on(self._place, at)
        member = self._sessions.by_id(vouching.supervisor)
        denied = self._sessions.check(member, vouching.pin)
        if denied is not None:
            return denied
        own = session is not None and member is not None and member.id == session.member
        if not own and not self._sessions.is_able(member, Action.CLOSE_DOOR):
            return Denied(Why.NOT_ALLOWED)
        if session is not None:
            self._sessions.close(session, at)
        self._end()
        return self.state(at)

    def _end(self) -> None:
        self._attended = False
        self._station.staff, self._station.until = "", None

    def _take(self, session: Session) -> None:
        self._station.staff = session.id
        self._station.until = session.day_ends(self._station.event.time_zone)
        self._attended = not self._shut


def _named(member: Member) -> Supervisor:
    return Supervisor(member.id, member.name)
