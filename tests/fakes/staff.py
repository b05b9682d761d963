"""Members, sessions and tries in memory, and the clock that only runs, set by the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.core.staff.register import Member, Session
from kiosk.core.staff.tries import Moment, Try, counting, wait
from kiosk.desk.ports import StorageTroubleError


class MemoryStaff:
    """Implements the desk's `StaffBook`; `full` refuses to write."""

    def __init__(self, *people: Member) -> None:
        self.people = list(people)
        self.kept: dict[str, Session] = {}
        self.tried: tuple[Try, ...] = ()
        self.full = False

    def members(self) -> Sequence[Member]:
        return tuple(self.people)

    def sessions(self) -> Sequence[Session]:
        return sorted(self.kept.values(), key=lambda s: s.opened)

    def keep_session(self, session: Session) -> None:
        self._check()
        self.kept[session.id] = session

    def tries(self) -> Sequence[Try]:
        return self.tried

    def take_try(self, new: Try) -> float:
        seconds = wait(self.tried, new.person, new.moment)
        if not seconds:
            self._check()
            self.tried = (*counting(self.tried, new.moment), new)
        return seconds

    def forget_tries(self, person: str) -> None:
        self._check()
        self.tried = tuple(each for each in self.tried if each.person != person)

    def _check(self) -> None:
        if self.full:
            raise StorageTroubleError("SQLITE_FULL")


class Running:
    """A clock that only runs, and starts anew with the machine."""

    def __init__(self, seconds: float = 1_000.0) -> None:
        self.moment = Moment("boot-1", seconds)

    def __call__(self) -> Moment:
        return self.moment

    def go(self, seconds: float) -> None:
        self.moment = replace(self.moment, seconds=self.moment.seconds + seconds)

    def reboot(self) -> None:
        self.moment = Moment("boot-2", 20.0)
