"""What a supervisor does at a desk where somebody else works: a name and a PIN for each act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Station
from kiosk.desk.ports import Authority
from kiosk.desk.sessions import Denied, Place, Sessions, Why


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


class Supervising:
    """Knows the supervisors of one kiosk. sessions: None where no staff is kept.

    Every method raises StorageTroubleError.
    """

    def __init__(self, station: Station, sessions: Sessions | None) -> None:
        self._place, self._sessions = Place(station.door.id, station.mode), sessions

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
