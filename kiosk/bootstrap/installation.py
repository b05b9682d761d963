"""A state folder with everything that a door needs from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kiosk.adapters.revocation.blocklist import open_blocklist
from kiosk.adapters.revocation.lists import installed_list
from kiosk.adapters.revocation.memory import remember_revoked
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import has_guests
from kiosk.adapters.storage.lasting import LastingStorage, Place
from kiosk.adapters.storage.reserve import stored_reserve
from kiosk.adapters.storage.staff import sessions_in
from kiosk.adapters.system.clock import boot_id, lasting_boot_id
from kiosk.adapters.system.clockfile import ClockFile, ClockLook
from kiosk.adapters.system.keys import KeyFileError, badge_public_key
from kiosk.adapters.system.places import certs
from kiosk.adapters.system.settingsfile import SettingsFile
from kiosk.adapters.trust.sources import check_dates, installed_trust
from kiosk.adapters.trust.store import remember
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.sealing import Sealer
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import Verifier
from kiosk.desk.clockguard import ClockGuard, Timekeeper
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Station
from kiosk.desk.ports import (
    Clock,
    TellStorage,
)


@dataclass(frozen=True)
class Installation:
    """A state folder with everything that a door needs from it; `sealer` opens its guests."""

    state: Path
    trust: TrustList
    revocations: Revocations = NONE
    sealer: Sealer | None = None

    @property
    def settings(self) -> SettingsFile:
        """Where the settings of this PC are kept."""
        return SettingsFile(self.state)

    def open_desk(
        self,
        station: Station,
        clock: Clock,
        tell: TellStorage,
        time: Timekeeper | None = None,
    ) -> EntryDesk:
        """A desk over this installation; call it in the thread that will use the desk.

        tell: is told what happens to the disk. time: who watches the clock, where it is this PC's.
        Raises DatabaseError, KeyFileError, StorageTroubleError.
        """
        place = Place(self.state, station.event, station.door.id)
        storage = LastingStorage(place, self.sealer, clock, boot_id(), tell)
        badge_key, zone = badge_public_key(self.state), station.event.time_zone
        return EntryDesk(
            replace(station, kiosk=storage.database.meta("kiosk")),
            Verifier(self.trust, self.revocations),
            storage,
            badge_key,
            storage,
            time,
            stored_reserve(storage.database),
            sessions_in(storage.database, clock, lasting_boot_id(), zone, storage, badge_key),
        )

    def watch(
        self, clock: Clock, *, looks: bool = False, last_entry: datetime | None = None
    ) -> ClockGuard:
        """Who watches the clock of this kiosk; `looks`: and remembers nothing.

        Raises OSError where it is to be remembered and cannot.
        """
        memory, signed = (ClockLook if looks else ClockFile)(self.state), self.trust.newest_at
        return ClockGuard(clock, memory, lasting_boot_id(), signed=signed, last_entry=last_entry)


def installation(state: Path, sealer: Sealer | None = None) -> Installation:
    """The installation of a state folder.

    Raises TrustSourceError, RevocationError, KeyFileError, OSError.
    """
    trust = installed_trust([certs(), state / "trust"])
    return Installation(state, trust, installed_revocations(state), sealer)


def installed_revocations(state: Path) -> Revocations:
    """The revocation list and the blocklist of a state folder, as far as there are any.

    Raises RevocationError, KeyFileError, OSError.
    """
    revoked = installed_list(state, lambda: badge_public_key(state))
    return Revocations(revoked, open_blocklist(state))


def remembering(place: Installation, at: datetime) -> tuple[Installation, list[str]]:
    """The installation with everything blocked for good that its trust lists revoke.

    And what staff should know about that. No older issue of a trust list is believed from now
    on. Raises TrustSourceError, also where a list is certainly dated ahead of the clock;
    RevocationError, OSError.
    """
    check_dates(place.trust, at)
    remember(place.trust, place.state / "trust", at)
    revoked = place.revocations.revoked
    blocked, told = remember_revoked(place.state, place.trust, at)
    if revoked is not None and revoked.expires_at < at:
        told.append(
            f"The revocation list of {revoked.issued_at:%d %b %Y} is past its end. It still "
            "counts; ask the organiser for a newer one."
        )
    return replace(place, revocations=Revocations(revoked, blocked)), told


def missing_pieces(place: Installation) -> list[tuple[str, str]]:
    """What a door still lacks, each with its remedy; empty when it can open.

    Raises DatabaseError.
    """
    missing = []
    with open_database(place.state, place.sealer) as database:
        if not has_guests(database):
            remedy = f"kiosk guests import FILE.csv --event FILE --state {place.state}"
            missing.append(("the guest list", remedy))
    try:
        badge_public_key(place.state)
    except KeyFileError as error:
        missing.append(("the key that badges are checked with", str(error)))
    if not place.trust.signers:
        remedy = f"kiosk trust import LIST --key PEM --state {place.state} (see certs/README.md)"
        missing.append(("a trust list", remedy))
    return missing
