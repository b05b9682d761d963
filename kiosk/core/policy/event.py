"""An event: when, where, for whom, and the limits its proofs are held to, each limit once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.core.hcert.dcc import EntryKind


class CertificateNeed(StrEnum):
    """How often a door wants to see a certificate."""

    ONCE_A_DAY = "once a day"
    NEVER = "never"


class Reentry(StrEnum):
    """Whether a guest who was admitted today may come in again with the badge alone."""

    ALL_DAY = "all day"  # whether an exit was recorded or not: nobody scans out at lunch
    AFTER_EXIT = "after exit"
    NEVER = "never"


class SelfScan(StrEnum):
    """What a green answer of the self-scan screen is: the entry, or a check before the desk's."""

    ENTRY = "entry"
    PRE_CHECK = "pre-check"


class BadgesGiven(StrEnum):
    """When guests get their badges."""

    BEFOREHAND = "beforehand"
    AT_THE_DOOR = "at the door"


class Confirmation(StrEnum):
    """What staff confirm with their own eyes before an entry."""

    ID_DOCUMENT = "id document"
    MASK = "mask"


class DeskSide(StrEnum):
    """Where the desk is for somebody who stands before the screen at a door."""

    LEFT = "left"
    RIGHT = "right"
    AHEAD = "ahead"
    BEHIND = "behind"


@dataclass(frozen=True)
class Occasion:
    """A part of the event that one is invited to. Times are aware; `room` may be empty.

    capacity: persons inside at once, None without limit.
    seats_at_most, seats_at_least: persons of one Partnership, None without limit.
    """

    id: str
    name: str
    opens: datetime
    closes: datetime
    room: str
    capacity: int | None
    seats_at_most: int | None
    seats_at_least: int | None

    def is_over(self, at: datetime) -> bool:
        """Whether it has closed at `at`."""
        return at >= self.closes


@dataclass(frozen=True)
class Door:
    """An entrance and the occasions it serves; `desk`: the way to it, None where nobody says."""

    id: str
    name: str
    occasions: tuple[str, ...]
    certificate: CertificateNeed
    desk: DeskSide | None = None

    @property
    def wants_certificate(self) -> bool:
        """Whether guests show one here at all."""
        return self.certificate is not CertificateNeed.NEVER


@dataclass(frozen=True)
class ProofLimits:
    """What counts as a proof. Day limits are compared with local dates, hours with instants.

    rules: the name of the rule file beside the event file; empty for the program's own.
    """

    accepted: frozenset[EntryKind]
    test_max_age: timedelta
    test_types: frozenset[str]
    after_course: timedelta
    after_single_dose: timedelta
    after_booster: timedelta
    recovery_from: timedelta
    recovery_until: timedelta
    rules: str = ""


@dataclass(frozen=True)
class Event:
    """Everything that one event file says.

    list_banner_after: the age at which staff are told that the trust list is old.
    list_end_after: the age from which it decides nothing any more; None when only its own end
    counts, so that what was packed on Thursday opens the doors on Monday without a network.
    controller: who is responsible for the guests' data, and legal_basis: the law that obliges to
    look at certificates; both empty where the event file says nothing (GDPR Art. 13 (1)).
    """

    id: str
    name: str
    place: str
    time_zone: ZoneInfo
    languages: tuple[str, ...]
    early_arrival: timedelta
    occasions: tuple[Occasion, ...]
    doors: tuple[Door, ...]
    proofs: ProofLimits
    reentry: Reentry
    already_admitted_within: timedelta
    self_scan: SelfScan
    badges: BadgesGiven
    confirmations: tuple[Confirmation, ...]
    visit_wait: timedelta
    categories: tuple[str, ...]
    list_banner_after: timedelta
    list_end_after: timedelta | None
    retention: timedelta
    privacy_contact: str
    controller: str = ""
    legal_basis: str = ""

    def local_date(self, at: datetime) -> date:
        """The date on the venue's wall at the aware instant `at`."""
        return at.astimezone(self.time_zone).date()

    def door(self, door_id: str) -> Door | None:
        """The door of that id."""
        return next((door for door in self.doors if door.id == door_id), None)

    def occasion(self, occasion_id: str) -> Occasion | None:
        """The occasion of that id."""
        return next((o for o in self.occasions if o.id == occasion_id), None)

    def open_occasions(self, door: Door, at: datetime) -> tuple[Occasion, ...]:
        """What `door` lets people into at `at`, early arrivals included."""
        return tuple(
            occasion
            for occasion in self.occasions
            if occasion.id in door.occasions and self.is_running(occasion, at)
        )

    def is_running(self, occasion: Occasion, at: datetime) -> bool:
        """Whether guests may come in to `occasion`, early arrivals included."""
        return self.admits_from(occasion) <= at and not occasion.is_over(at)

    def admits_from(self, occasion: Occasion) -> datetime:
        """When the doors open for `occasion`, in UTC: on a wall, clocks may be put back between."""
        return occasion.opens.astimezone(UTC) - self.early_arrival
