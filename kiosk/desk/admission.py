"""What a screen is told of one visit. It holds name and birth date, and nothing of the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.guests.standing import SeatPassed, Standing
from kiosk.core.policy.event import Occasion
from kiosk.core.reasons import Reason

NEARLY_FULL = 0.9  # of a room's capacity: the time to look for chairs


class Shown(Enum):
    """What the screen shows. Three are answers; the others tell what to do next.

    GUEST answers nothing: staff look at the card of a guest, and nothing follows from it.
    """

    ADMIT = auto()  # green, durable
    DESK = auto()  # amber
    REFUSE = auto()  # red
    READY = auto()  # at the desk: accepted, waiting for the confirmations and the key
    AWAIT_CERTIFICATE = auto()
    AWAIT_BADGE = auto()
    ONE_AT_A_TIME = auto()
    GUEST = auto()

    @property
    def is_answer(self) -> bool:
        """Whether a guest has been answered."""
        return self in (Shown.ADMIT, Shown.DESK, Shown.REFUSE)


@dataclass(frozen=True, repr=False)
class Person:
    """The holder of the certificate shown, for the eyes of staff.

    standard: the name in A-Z as the certificate has it (ICAO 9303-3), with blanks; it is what was
    compared. Empty where it is not known.
    """

    family: str
    given: str
    birth_date: str
    standard: str = ""


class BadgeSeen(Enum):
    """What is known of the badge of a visit."""

    NOT_YET = auto()
    SHOWN = auto()
    FOUND = auto()  # staff found the guest, whose badge nobody has seen


class Today(Enum):
    """Where a guest stands now, in one word for staff."""

    INSIDE = auto()
    LEFT = auto()  # was in, and has left
    CHECKED = auto()  # at the self-scan, and not in yet
    NOT_IN_YET = auto()
    SEAT_PASSED = auto()  # the seat was given to another
    OTHER_OCCASION = auto()  # invited, but not to what this door lets people into now
    REMOTE = auto()
    NOT_SELECTED = auto()  # the registration waits
    DECLINED = auto()


@dataclass(frozen=True)
class Passage:
    """A guest was checked, came in or left: when (aware), and at which door (its id)."""

    at: datetime
    act: EntryAct
    door: str


@dataclass(frozen=True, repr=False)
class Found:
    """A guest that was searched for, and where the guest stands; door: its id, while inside."""

    guest: Guest
    today: Today
    door: str = ""


@dataclass(frozen=True, repr=False)
class Waiting:
    """Somebody who waits for staff, since when (aware), and under which key they are brought up.

    scanned: not checked at the self-scan, but at this desk, while another card was being decided.
    guest: as far as known. name: of the guest, else of an accepted certificate, else empty.
    """

    key: str
    since: datetime
    guest: Guest | None = None
    name: str = ""
    scanned: bool = False


@dataclass(frozen=True, repr=False)
class Admission:
    """One state of a visit.

    reasons: those that staff may see; empty for a refusal, always.
    guest: as far as known. candidates: who else it might be.
    probable: the first of the candidates, where it is most likely the one.
    person: from the certificate of this visit.
    way: for ADMIT and READY. checked_only: green means "checked", the desk admits.
    confirmable: the key that lets in does so now.
    has_certificate, has_badge: which of the two steps are done.
    standing, today, entries, seats_taken: what the desk's card tells of the guest; entries are
    those of today, in their order. seat_passed: to whom the guest's seat was given, for staff.
    blank: the badge shown, where it is one of the reserve that nobody has as far as is known here.
    overridable: a supervisor may let the guest in all the same; it tells nothing of why.
    """

    shown: Shown
    at: datetime
    reasons: tuple[Reason, ...] = ()
    guest: Guest | None = None
    candidates: tuple[Guest, ...] = ()
    probable: Guest | None = None
    person: Person | None = None
    way: Way | None = None
    checked_only: bool = False
    confirmable: bool = False
    has_certificate: bool = False
    has_badge: bool = False
    badge: BadgeSeen = BadgeSeen.NOT_YET
    standing: Standing = field(default_factory=Standing)
    today: Today | None = None
    entries: tuple[Passage, ...] = ()
    seats_taken: int = 0
    seat_passed: SeatPassed | None = None
    overridable: bool = False
    blank: ReserveBadge | None = None

    def answered(self, at: datetime, within: timedelta) -> bool:
        """Whether this told, less than `within` before `at`, more than that a code is missing."""
        asks = self.shown in (Shown.AWAIT_CERTIFICATE, Shown.AWAIT_BADGE)
        return not asks and timedelta() <= at - self.at < within

    def __repr__(self) -> str:
        """Without the person."""
        return f"Admission({self.shown.name}, {', '.join(self.reasons)})"


class Notice(Enum):
    """What a supervisor is told of the figures."""

    MANY_OVERRIDES = auto()  # more than 5 % of those who came in, or more than 3 in 10 minutes
    ROOM_NEARLY_FULL = auto()  # 90 % of what is on now


@dataclass(frozen=True)
class Counters:
    """Today's figures: inside now, entered at least once, expected, refused, sent to the desk.

    by_reader: checked with the official reader. overrides: let in by a supervisor, apart from
    those. sent_away: by staff, for no reason of a certificate.
    """

    present: int = 0
    entered: int = 0
    expected: int = 0
    refused: int = 0
    desk: int = 0
    by_reader: int = 0
    overrides: int = 0
    sent_away: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class OccasionFigures:
    """The figures of one occasion; the words are those of `Counters`."""

    occasion: Occasion
    inside: int
    entered: int
    expected: int
    refused: int
    desk: int
    by_reader: int
    overrides: int
    sent_away: int

    @property
    def share(self) -> float | None:
        """How full the room is, 1.0 for full; None without a limit."""
        capacity = self.occasion.capacity
        return self.inside / capacity if capacity else None

    @property
    def nearly_full(self) -> bool:
        """Whether staff are told before the room is full."""
        return is_nearly_full(self.inside, self.occasion.capacity)


def is_nearly_full(inside: int, capacity: int | None) -> bool:
    """Whether `inside` persons are 90 % of a room, or more."""
    return inside / capacity >= NEARLY_FULL if capacity else False


@dataclass(frozen=True, repr=False)
class PartnershipSeats:
    """One Partnership at one occasion: who came in, and who is still expected in person.

    at_least, at_most: persons, as the event file says; 0 and None where it says nothing.
    taken: seats, also those of guests who were checked and have not come in yet.
    """

    partnership: str
    came: tuple[Guest, ...]
    expected: tuple[Guest, ...]
    at_least: int
    at_most: int | None
    taken: int = 0

    @property
    def missing(self) -> int:
        """How many mandatory persons have not come in."""
        return max(0, self.at_least - len(self.came))

    @property
    def too_many(self) -> int:
        """How many more came in than are allowed: by a supervisor, or at doors that were apart."""
        return max(0, len(self.came) - self.at_most) if self.at_most is not None else 0


@dataclass(frozen=True, repr=False)
class Answered:
    """One line of the last answers; `name` is short (first name, initial), empty for a refusal.

    left: an exit. undone: what was recorded last was taken back. guest: the pseudonym under which
    the card is brought up again, empty where nobody is known.
    """

    at: datetime
    shown: Shown
    name: str
    left: bool = False
    undone: bool = False
    guest: str = ""
