"""The session of staff that a door is open under: asked for, gone on with, and closed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from kiosk.adapters.storage.database import DatabaseError, open_database
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import recorded_last
from kiosk.adapters.system.clock import boot_id
from kiosk.bootstrap.door import DoorError
from kiosk.bootstrap.installation import Installation
from kiosk.cli.common import CommandError, steerless
from kiosk.cli.verifiers import TRIES_AT_ONCE, asked_pin, clean_name, sessions_of
from kiosk.core.staff.register import Session
from kiosk.desk.clockguard import REMEDY
from kiosk.desk.findings import Station
from kiosk.desk.ports import Clock, StorageTroubleError
from kiosk.desk.sessions import Denied, Place, Sessions, Why

_UNNAMED = (
    "no verifier is named: nobody is in the staff list, and the register of verifiers that the law "
    "asks for stays empty. kiosk staff add NAME --role supervisor --by WHO"
)


@contextmanager
def verifier_at(
    place: Installation, station: Station, clock: Clock, name: str | None
) -> Iterator[Station]:
    """The station under the session of a verifier; whichever is open at the end is closed then.

    Without a `name` the window asks who checks here, where anybody is in the staff list; else the
    station is as it was, with a warning. After a crash the session of before goes on, without a
    PIN. Raises CommandError, DatabaseError, StorageTroubleError.
    """
    session, goes_on = _opened(place, station, clock, name)
    try:
        yield _under(session, station) if session else station
    except DoorError:  # it never opened; what went on may be another program's, or go on later
        if not goes_on:
            _close(place, station, clock)
        raise
    _close(place, station, clock)


@contextmanager
def _sessions(place: Installation, station: Station, clock: Clock) -> Iterator[Sessions]:
    with open_database(place.state, place.sealer) as database:
        journal = SqliteJournal(database, station.event.id, clock, boot_id())
        yield sessions_of(database, clock, station.event.time_zone, journal)


def _close(place: Installation, station: Station, clock: Clock) -> None:
    """Where it cannot be written, the session ends with the day."""
    with suppress(StorageTroubleError, DatabaseError), _sessions(place, station, clock) as book:
        session = book.going_on(Place(station.door.id, station.mode), clock.now())
        if session is not None:
            book.close(session, clock.now())


def _opened(
    place: Installation, station: Station, clock: Clock, name: str | None
) -> tuple[Session | None, bool]:
    """The session that is open now, if any, and whether it was open before."""
    where = Place(station.door.id, station.mode)
    with _sessions(place, station, clock) as sessions:
        if not sessions.required:
            _warn(_UNNAMED)
            return None, False
        going_on = sessions.going_on(where, clock.now())
        if going_on is not None and _is_of(sessions, going_on, name):
            opened = going_on.opened.astimezone(station.event.time_zone)
            _warn(f"the session that was opened here at {opened:%H:%M} goes on")
            return going_on, True
        if name is None:
            return None, False
        return _asked(sessions, clean_name(name), where, clock), False


def _under(session: Session, station: Station) -> Station:
    return replace(station, staff=session.id, until=session.day_ends(station.event.time_zone))


def _is_of(sessions: Sessions, session: Session, name: str | None) -> bool:
    """Whether `session` is that of `name`, or nobody else is asked for."""
    member = sessions.by_name(name) if name else None
    return name is None or (member is not None and member.id == session.member)


def clock_warnings(place: Installation, clock: Clock) -> list[str]:
    """What a supervisor is to know of the clock before the first guest.

    Raises DatabaseError, StorageTroubleError.
    """
    with open_database(place.state, place.sealer) as database:
        last = recorded_last(database)
    view = place.watch(clock, looks=True, last_entry=last).view()
    doubts = [f"{view.doubt}. {REMEDY}"] if view.doubt else []
    return [*doubts, *view.remarks]


def _asked(sessions: Sessions, name: str, where: Place, clock: Clock) -> Session:
    """A session of `name`, whose PIN is asked for. Raises CommandError."""
    member = sessions.by_name(name)
    for left in reversed(range(TRIES_AT_ONCE)):
        answer = sessions.open(member, asked_pin(f"PIN of {name}: "), where, clock.now())
        if isinstance(answer, Session):
            return answer
        if answer.why is not Why.WRONG or not left:
            raise CommandError(_words(answer))
        _warn(_words(answer))
    raise AssertionError("there is always a last try")


def _words(denied: Denied) -> str:
    more = " Names: kiosk staff list." if denied.why is Why.WRONG else ""
    return denied.words + more


def _warn(text: str) -> None:
    print(f"kiosk: warning: {steerless(text)}", file=sys.stderr)
