"""What makes a kiosk ready, looked up in its state folder and at its machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.adapters.storage.database import DatabaseError, OpenDatabase, read_database
from kiosk.adapters.storage.guests import imported_at, read_guests
from kiosk.adapters.storage.purge import unsent
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system import machine
from kiosk.adapters.system.check import Severity
from kiosk.adapters.system.printers import printers
from kiosk.bootstrap.errors import DoorError
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.selftest import self_test
from kiosk.core.policy.event import Event
from kiosk.desk import readiness
from kiosk.desk.ports import Clock, StorageTroubleError
from kiosk.desk.readiness import Check, Finding, Item


class Premises:
    """Looks at everything that needs nobody's eyes or ears. From any one thread."""

    def __init__(self, place: Installation, event: Event, clock: Clock) -> None:
        self._place, self._event, self._clock = place, event, clock

    def checks(self) -> dict[Item, Check]:
        """One for each thing, in their order; any of them may raise what its adapters raise."""
        return {
            Item.SELF_TEST: _self_tested,
            Item.CLOCK: self._clock_believed,
            Item.DISK: self._disk,
            Item.DATABASE: self._database_sound,
            Item.GUESTS: self._guests,
            Item.TRUST_LIST: self._trust_list,
            Item.REVOCATIONS: self._revocations,
            Item.STAFF: self._staff,
            Item.PRINTER: self._printer,
            Item.EXPORT: self._export,
        }

    def unexported(self) -> int:
        """The entries that no export has brought anywhere. Raises DatabaseError."""
        with self._database() as database:
            return unsent(database)

    @contextmanager
    def _database(self) -> Iterator[OpenDatabase]:
        with read_database(self._place.state, self._place.sealer) as database:
            yield database

    def _clock_believed(self) -> Finding:
        return readiness.clock(self._place.watch(self._clock, looks=True).view())

    def _disk(self) -> Finding:
        return readiness.disk(shutil.disk_usage(self._place.state).free)

    def _database_sound(self) -> Finding:
        found = machine.database(self._place.state)
        return readiness.database(sound=all(one.severity is Severity.OK for one in found))

    def _guests(self) -> Finding:
        with self._database() as database:
            count, imported = len(read_guests(database)), imported_at(database)
        return readiness.guests(count, imported, self._clock.now())

    def _trust_list(self) -> Finding:
        return readiness.trust_list(self._place.trust, self._event, self._clock.now())

    def _revocations(self) -> Finding:
        return readiness.revocations(self._place.revocations.revoked, self._clock.now())

    def _staff(self) -> Finding:
        with self._database() as database:
            return readiness.staff(StoredStaff(database).members())

    def _printer(self) -> Finding:
        return readiness.printer(printers(), self._place.settings.read().settings.printer)

    def _export(self) -> Finding:
        return readiness.export(self.unexported())


def looked_at(item: Item, check: Check) -> Finding:
    """What `check` finds; that it could not look where its adapters are in trouble."""
    try:
        return check()
    except (DatabaseError, StorageTroubleError, OSError):
        return readiness.trouble(item)


def _self_tested() -> Finding:
    try:
        self_test()
    except DoorError:
        return readiness.self_test(passed=False)
    return readiness.self_test(passed=True)
