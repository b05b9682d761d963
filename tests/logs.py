"""Desks with logs of their own, as many as a test needs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.adapters.storage.database import OpenDatabase, open_database
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logtravel import export_logs
from kiosk.core.chain import LogName
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.signedlog import SignedLog
from tests.door import MORNING, SECOND
from tests.fakes.clock import SetClock

EVENT = "saint-ouen-2021"
EXPORTED_AT = MORNING + timedelta(hours=9)


def draft(who: str, act: EntryAct = EntryAct.IN, door: str = "north") -> EntryDraft:
    return EntryDraft(act, who, "policy-day-1", door, EntryBasis.SCANNED, "s1")


@contextmanager
def desk_log(folder: Path, event: str = EVENT) -> Iterator[tuple[OpenDatabase, SqliteJournal]]:
    """A desk whose log is open, and not closed at the end."""
    with open_database(folder) as database:
        yield database, SqliteJournal(database, event, SetClock(MORNING), "boot-1")


def fill(folder: Path, *guests: str, event: str = EVENT, at: datetime = MORNING) -> LogName:
    """Admit these guests at a desk, refuse one, and close it."""
    with desk_log(folder, event) as (database, journal):
        for number, who in enumerate(guests):
            journal.append([draft(who)], at + number * SECOND, answer="ADMIT")
        journal.tally("REFUSE", "north", at)
        journal.close()
        return own_log(database)


def own_log(database: OpenDatabase) -> LogName:
    return LogName(database.meta("kiosk"), database.meta("epoch"))


def exported(folder: Path) -> list[SignedLog]:
    """What this desk brings away."""
    with open_database(folder) as database:
        return export_logs(database, EXPORTED_AT)


def the_log(folder: Path) -> SignedLog:
    """The only log that a desk brings away."""
    (log,) = exported(folder)
    return log


def busy_desk(folder: Path, seed: int, entries: int = 12) -> None:
    """A desk at which known guests come and go."""
    chance = random.Random(seed)  # noqa: S311  # who comes, no secret
    with desk_log(folder) as (_, journal):
        for number in range(entries):
            act = chance.choice([EntryAct.CHECK, EntryAct.IN, EntryAct.OUT, EntryAct.IN])
            who, door = f"guest-{chance.randrange(5)}", chance.choice(["north", "south"])
            at = MORNING + timedelta(seconds=60 * number + chance.randrange(-90, 90))
            journal.append([draft(who, act, door)], at, answer="ADMIT")
        journal.close()
