"""Guests who show their codes at the desk while staff decide on another one: they wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import Matched
from kiosk.core.policy.judge import Accepted
from kiosk.desk.admission import Waiting
from kiosk.desk.intake import Intake
from kiosk.desk.visit import Visit

KEPT_FOR = timedelta(minutes=5)  # as long as staff may confirm what was judged
MOST = 8  # visits: more nobody brings up within that time
_KEY = "aside-"


class Aside:
    """The visits that wait for the one being decided. In memory alone, and for minutes."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._visits: dict[str, tuple[Visit, datetime]] = {}  # by key: and since when
        self._count = 0

    def take(self, text: str, current: Guest | None, at: datetime) -> None:
        """A code of whoever is not `current`: with the last visit set aside, or a new one."""
        key, (last, _) = next(reversed(self._visits.items()), ("", (None, at)))
        visit = self._intake.take(text, last, at)
        if whose(visit) is not None and whose(visit) == current:
            return
        if last is not None and visit.proof is not None and visit.badge is not None:
            self._visits[key] = visit, self._visits[key][1]
        else:
            self.keep(visit, at)

    def keep(self, visit: Visit, at: datetime) -> None:
        """Set a visit aside."""
        self._count += 1
        self._visits[f"{_KEY}{self._count}"] = visit, at
        for key in list(self._visits)[:-MOST]:
            del self._visits[key]

    def bring(self, key: str, at: datetime) -> Visit | None:
        """The visit of that key, which waits no longer."""
        kept = self._visits.pop(key, None)
        return replace(kept[0], since=at) if kept else None

    def forget(self) -> None:
        """Nobody waits any more."""
        self._visits.clear()

    def forget_old(self, at: datetime) -> None:
        """What was shown too long ago is shown again. A clock that was set back ends all."""
        recent = {k: v for k, v in self._visits.items() if timedelta() <= at - v[1] <= KEPT_FOR}
        self._visits = recent

    def waiting(self) -> tuple[Waiting, ...]:
        """Who waits, the longest first."""
        return tuple(_waiting(key, visit, since) for key, (visit, since) in self._visits.items())


def whose(visit: Visit) -> Guest | None:
    """The guest of a visit, by the badge, else by the name of the certificate."""
    if isinstance(visit.badge, Guest):
        return visit.badge
    return visit.match.guest if isinstance(visit.match, Matched) else None


def _waiting(key: str, visit: Visit, since: datetime) -> Waiting:
    """Nobody is named by a certificate that is not accepted (security.md P6)."""
    if not isinstance(visit.badge, Guest) and not isinstance(visit.proof, Accepted):
        return Waiting(key, since, scanned=True)
    guest, holder = whose(visit), visit.holder
    name = guest.name if guest else f"{holder.given} {holder.family}" if holder else ""
    return Waiting(key, since, guest, name, scanned=True)
