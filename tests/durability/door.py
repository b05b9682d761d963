"""A door where every guest is known by a number: admissions, exits, calls to the desk, refusals.

It uses the real desk, journal and database. What `acknowledge` is called with has been answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from kiosk.adapters.storage.database import OpenDatabase
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.lasting import LastingStorage, Place
from kiosk.core.causes import Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryRecord
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Role
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.outcome import Done
from kiosk.desk.ports import Authority
from kiosk.desk.registering import NewGuest
from tests.door import (
    ALL_SEEN,
    MORNING,
    POLICY_1,
    SEALER,
    SECOND,
    badge,
    badge_key,
    certificate,
    guest,
    policy,
    saint_ouen,
    stranger,
    trust,
)
from tests.fakes.clock import SetClock

SUPERVISOR = Authority("operator-1", Role.SUPERVISOR)
# So that kills and power cuts meet checkpoints in the middle of admissions as well.
CHECKPOINT_OFTEN = "PRAGMA wal_autocheckpoint=20"  # pages; a door leaves far more in its log
GUESTS = 320  # on the list of one state folder
Acknowledge = Callable[[str], None]


@cache
def guests() -> tuple[Guest, ...]:
    """The list; the guest at a place of it is the one of that number."""
    return tuple(guest(f"Given{_spelt(n)}", f"Family{_spelt(n)}") for n in range(GUESTS))


def _spelt(number: int) -> str:
    """A number in three letters, since names have no figures."""
    return "".join(chr(ord("a") + number // place % 26) for place in (676, 26, 1))


@cache
def event() -> Event:
    """The event, in rooms that are never full."""
    wide = tuple(replace(occasion, capacity=100_000) for occasion in saint_ouen().occasions)
    return replace(saint_ouen(), occasions=wide)


class Door:
    """One run of the desk over a state folder, from its opening to whatever ends it.

    statements: said to SQLite before anybody comes. `told` is what a supervisor was told.
    """

    def __init__(
        self, folder: Path, boot: str, acknowledge: Acknowledge, statements: Iterable[str] = ()
    ) -> None:
        self._clock, self._acknowledge = SetClock(MORNING), acknowledge
        self.told: list[str] = []
        door = event().door("north")
        assert door is not None
        place = Place(folder, event(), door.id)
        self.storage = LastingStorage(
            place,
            SEALER,
            self._clock,
            boot,
            lambda note, words: self.told.append(f"{note} {words}"),
        )
        self.database = self.storage.database
        for statement in statements:
            self.database.connection.execute(statement)
        self.desk = EntryDesk(
            Station(event(), policy(), door, Mode.DESK, "operator-1"),
            Verifier(trust()),
            self.storage,
            badge_key().public_key(),
            self.storage,
        )

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *_: object) -> None:
        """The file is let go of; the log is not signed as closed."""
        self.database.close()

    def work(self, numbers: Iterator[int]) -> None:
        """Serve these numbers in turn."""
        for number in numbers:
            self.serve(number)

    def serve(self, number: int) -> None:
        """The guest of that number; now and then somebody leaves, or is no guest."""
        at = when(number)
        if number % 8 == 3:
            self._turn_away(number, at)
        elif leaves(number):
            self._let_out(number, at)
        elif number % 8 == 6:
            self._register(number, at)
        else:
            self._let_in(number, at)
        if number % 16 == 15:  # nobody comes for a while
            self._clock.go(30 * SECOND)
            self.desk.rest()

    def _let_in(self, number: int, at: datetime) -> None:
        who = guests()[number]
        self.desk.scan(certificate(who), at)
        card = self.desk.scan(badge(who), at)
        if card.shown is Shown.READY:
            confirmed = self.desk.confirm(ALL_SEEN, at)
            assert confirmed is not None
            card = confirmed
        assert card.shown is Shown.ADMIT, card.reasons
        self._acknowledge(f"in {number}")

    def _turn_away(self, number: int, at: datetime) -> None:
        """A certificate that nobody vouches for."""
        self.desk.clear()
        card = self.desk.scan(certificate(guests()[number], by=stranger()), at)
        assert card.shown in (Shown.DESK, Shown.REFUSE)
        self._acknowledge(f"turned away {number}")
        self.desk.clear()

    def _let_out(self, number: int, at: datetime) -> None:
        """The guest before leaves."""
        self.desk.let_out(guests()[number - 1].id, at)  # False where it is recorded already
        self._acknowledge(f"out {number}")

    def _register(self, number: int, at: datetime) -> None:
        """Somebody who is on no list: a guest and an entry, or neither."""
        who = NewGuest(
            f"Walkin{_spelt(number)}",
            f"Given{_spelt(number)}",
            f"Invented office {number}",  # names that are spelt alike are one guest's
            frozenset({POLICY_1}),
            category="press",
            badge=f"walk{number:04}".encode(),
        )
        done = self.desk.registering.register(who, Cause.WALK_IN, SUPERVISOR, at)
        assert isinstance(done, Done) or done.reason is Reason.ALREADY_ON_LIST
        self._acknowledge(f"registered {number}")

    def again(self, number: int) -> None:
        """A guest who was admitted before the restart comes again within two minutes."""
        card = self.desk.scan(badge(guests()[number]), when(number) + 20 * SECOND)
        assert card.shown is Shown.ADMIT, card.reasons
        assert card.way is Way.ALREADY, card.way
        self._acknowledge(f"again {number}")
        self.desk.clear()


def leaves(number: int) -> bool:
    """Whether at this number the guest before leaves."""
    return number % 8 == 5


def when(number: int) -> datetime:
    """The time at which the guest of that number comes."""
    return MORNING + number * 10 * SECOND


def invite(database: OpenDatabase) -> None:
    """Import the list."""
    replace_guests(database, guests())


def registered(people: Iterable[Guest]) -> list[int]:
    """The numbers of those who were registered at the door."""
    return [int(who.badge[4:]) for who in people if who.family.startswith("Walkin")]


def registrations(records: Iterable[EntryRecord]) -> int:
    """How many the log tells of."""
    return sum(record.cause is Cause.WALK_IN for record in records)


def entered(records: tuple[EntryRecord, ...], act: EntryAct) -> list[int]:
    """The numbers of the guests of the entries of one kind, in their order."""
    numbers = {guest.id: number for number, guest in enumerate(guests())}
    return [numbers[record.guest] for record in records if record.act is act]
