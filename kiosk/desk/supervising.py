"""What a supervisor does at a desk where somebody else works: a name and a PIN for each act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action, Role
from kiosk.desk.findings import Station
from kiosk.desk.outcome import NotDone
from kiosk.desk.ports import Authority
from kiosk.desk.sessions import Denied, Place, Sessions, Why, authority_of

# The open session is not enough for these, whoever opened it: the PIN is typed for each act.
_EACH_TIME = frozenset({Action.OVERRIDE})


@dataclass(frozen=True, repr=False)
class Supervisor:
    """Somebody who may be chosen; `id` is the pseudonym."""

    id: str
    name: str


@dataclass(frozen=True)
class Vouching:
    """Who says to be the supervisor, and the PIN that was typed for it."""

    supervisor: str
    pin: str = field(repr=False)


@dataclass(frozen=True, repr=False)
class Vouchers:
    """Who may vouch for `action`; needed: whoever works at the desk may not do it alone."""

    action: Action
    people: tuple[Supervisor, ...]
    needed: bool


class Supervising:
    """Knows the supervisors of one kiosk. sessions: None where no staff is kept.

    Every method raises StorageTroubleError.
    """

    def __init__(self, station: Station, sessions: Sessions | None) -> None:
        self._station, self._sessions = station, sessions
        self._place = Place(station.door.id, station.mode)

    def own(self, at: datetime) -> Authority:
        """What whoever works here may do: as the open session says, all where no staff is kept."""
        if self._sessions is None or not self._sessions.required:
            return Authority(self._station.staff, Role.SUPERVISOR)
        session = self._sessions.going_on(self._place, at)
        steward = Authority(self._station.staff, Role.STEWARD)
        return authority_of(session) if session else steward

    def vouchers(self, action: Action, at: datetime) -> Vouchers:
        """Who may vouch for `action`, and whether somebody has to."""
        needed = action in _EACH_TIME or not self.own(at).may(action)
        return Vouchers(action, self.who_may(action) if needed else (), needed)

    def granted(
        self, by: Authority | Vouching | None, action: Action, at: datetime
    ) -> Authority | Denied | NotDone:
        """The authority to do `action`: of who vouches, or of the session where that will do."""
        if isinstance(by, Authority):
            return by
        if isinstance(by, Vouching):
            return self.vouch(by, action, at)
        own = self.own(at)
        enough = own.may(action) and action not in _EACH_TIME
        return own if enough else NotDone(Reason.NOT_AUTHORISED)

    def who_may(self, action: Action) -> tuple[Supervisor, ...]:
        """Who may be asked to do it; nobody as long as there is none in the staff list."""
        members = self._sessions.who_may(action) if self._sessions else ()
        return tuple(Supervisor(member.id, member.name) for member in members)

    def vouch(self, vouching: Vouching, action: Action, at: datetime) -> Authority | Denied:
        """For one act; it takes about a tenth of a second, for the PIN is hashed."""
        if self._sessions is None:
            return Denied(Why.NOT_ALLOWED)
        able = self._sessions.who_may(action)
        member = next((each for each in able if each.id == vouching.supervisor), None)
        return self._sessions.vouch(member, vouching.pin, action, self._place, at)
