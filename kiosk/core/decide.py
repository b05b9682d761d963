"""The answer: all findings about one visit in, Admit, CallStaff or Refuse out.

`TABLE` is the product's table of answers, read from the top; the first row that applies decides.
Red has one meaning: this certificate is certainly not acceptable. Whatever else is in the way,
and whatever the program itself is unsure of, is for the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import assert_never

from kiosk.core.guests.badge import BadgeProblem
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import Ambiguous, Match, Matched, NoMatch
from kiosk.core.guests.names import Likeness
from kiosk.core.guests.standing import SeatPassed, Standing
from kiosk.core.policy.event import BadgesGiven, Door, Event, Occasion, Reentry
from kiosk.core.policy.judge import Accepted, NotAccepted, Undecided
from kiosk.core.reasons import Group, Reason, explain
from kiosk.core.verify import Failed, Indeterminate

NONE = timedelta()


class Way(Enum):
    """How a guest comes in."""

    FIRST = auto()  # a new check or entry is to be recorded
    NEXT = auto()  # admitted today already, to another occasion: recorded
    AGAIN = auto()  # admitted today already: re-entry, recorded
    ALREADY = auto()  # a moment ago at this door: nothing more to record


@dataclass(frozen=True)
class Admit:
    """Green, once it is durable."""

    guest: Guest
    occasion: str
    way: Way


@dataclass(frozen=True)
class CallStaff:
    """Amber, with every reason, the guest as far as known, and who else it might be."""

    reasons: tuple[Reason, ...]
    guest: Guest | None = None
    candidates: tuple[Guest, ...] = ()


@dataclass(frozen=True)
class Refuse:
    """Red. The reason is for no screen at the door."""

    reason: Reason


Answer = Admit | CallStaff | Refuse


class Await(Enum):
    """No answer yet: what to hold up next."""

    CERTIFICATE = auto()
    BADGE = auto()


@dataclass(frozen=True)
class ReaderChecked:
    """Staff checked the certificate with the official reader."""


Proof = Accepted | NotAccepted | Undecided | Failed | Indeterminate | ReaderChecked


@dataclass(frozen=True, repr=False)
class Situation:
    """Everything that is known about one visit at one moment.

    trouble: what is wrong with the kiosk itself.
    proof: what became of the certificate; None while none was shown.
    badge: the guest whose badge was shown, or why the badge does not count.
    match: whose the certificate is by name alone.
    likeness: certificate beside the badge's guest, when both were shown.
    crossed: the other guest, when two show each other's codes.
    waited: the time for the second code is over.
    standing: of the guest concerned, today.
    open: what this door lets people into now.
    seat_passed: the guest's seat at what is open now was given to another.
    seats_free: for the guest's Partnership, at the occasion concerned.
    room_free: at the occasion concerned.
    """

    at: datetime
    event: Event
    door: Door
    trouble: Reason | None = None
    proof: Proof | None = None
    badge: Guest | BadgeProblem | None = None
    match: Match | None = None
    likeness: Likeness | None = None
    crossed: Guest | None = None
    waited: bool = False
    standing: Standing = field(default_factory=Standing)
    open: tuple[Occasion, ...] = ()
    seat_passed: SeatPassed | None = None
    seats_free: bool = True
    room_free: bool = True

    @property
    def guest(self) -> Guest | None:
        """The guest concerned: the badge's, else the only one of the certificate's name."""
        if isinstance(self.badge, Guest):
            return self.badge
        return self.match.guest if isinstance(self.match, Matched) else None

    @property
    def occasion(self) -> Occasion | None:
        """The first open occasion that the guest is invited to."""
        invited = self.guest.occasions if self.guest else frozenset()
        return next((o for o in self.open if o.id in invited), None)

    @property
    def proof_accepted(self) -> bool:
        """Whether the certificate of this visit is good enough."""
        return isinstance(self.proof, Accepted | ReaderChecked)

    @property
    def proof_settled(self) -> bool:
        """Whether no certificate needs to be seen any more today, or none at this door."""
        needed = self.door.wants_certificate
        return self.proof_accepted or self.standing.proved or not needed

    @property
    def admitted_here(self) -> bool:
        """Whether the guest came in today for what is open now: a seat is theirs already."""
        return self.occasion is not None and self.occasion.id in self.standing.entered

    @property
    def inside_at(self) -> str:
        """The door at which the guest came in and has not left; nobody is in what is over."""
        occasion = self.event.occasion(self.standing.admitted_to)
        over = occasion is not None and occasion.is_over(self.at)
        return "" if over else self.standing.inside_at

    @property
    def moment_ago(self) -> bool:
        """Whether the guest came in through this door just now."""
        last = self.standing.last_in
        inside = self.occasion is not None and self.standing.inside(self.occasion.id)
        here = inside and self.standing.inside_at == self.door.id
        ago = self.at - last if last else None
        return here and ago is not None and NONE <= ago <= self.event.already_admitted_within


@dataclass(frozen=True)
class Row:
    """One row of the table of answers."""

    name: str
    applies: Callable[[Situation], bool]
    answer: Callable[[Situation], Answer | Await]


def decide(situation: Situation) -> Answer | Await:
    """What the first row that applies says. Nothing falls through to green."""
    for row in TABLE:
        if row.applies(situation):
            return row.answer(situation)
    return CallStaff((Reason.PROGRAM_TROUBLE,), situation.guest)


def _staff(*reasons: Reason) -> Callable[[Situation], CallStaff]:
    return lambda s: CallStaff(reasons, s.guest)


def _admit(way: Way) -> Callable[[Situation], Admit | CallStaff]:
    def answer(s: Situation) -> Admit | CallStaff:
        if s.guest is None:
            return CallStaff((Reason.PROGRAM_TROUBLE,))
        return Admit(s.guest, s.occasion.id if s.occasion else s.standing.occasion, way)

    return answer


def _proof_reason(s: Situation) -> Reason | None:
    """Why the certificate is not accepted; None while it is, or was not shown."""
    match s.proof:
        case Failed(reason=reason) | Indeterminate(reason=reason) | Undecided(reason=reason):
            return reason
        case NotAccepted(reasons=reasons):
            return reasons[0]
        case Accepted() | ReaderChecked() | None:
            return None
    assert_never(s.proof)


def _proof_is(group: Group) -> Callable[[Situation], bool]:
    def applies(s: Situation) -> bool:
        reason = _proof_reason(s)
        return reason is not None and explain(reason).group is group

    return applies


def _proof_to_staff(s: Situation) -> CallStaff:
    return CallStaff((_proof_reason(s) or Reason.PROGRAM_TROUBLE,), s.guest)


def _refuse(s: Situation) -> Refuse:
    return Refuse(_proof_reason(s) or Reason.PROGRAM_TROUBLE)


def _badge_problem(s: Situation) -> CallStaff:
    assert isinstance(s.badge, BadgeProblem)  # noqa: S101  # the row's condition
    return CallStaff((s.badge.reason,))


def _names_differ(s: Situation) -> CallStaff:
    if s.likeness is Likeness.NEAR and s.guest is not None:  # whom staff may choose, on a look
        return CallStaff((Reason.NAME_NEAR_MISS,), s.guest, (s.guest,))
    return CallStaff((Reason.NAMES_DIFFER,), s.guest)


def _several(s: Situation) -> CallStaff:
    guests = s.match.guests if isinstance(s.match, Ambiguous) else ()
    return CallStaff((Reason.SEVERAL_GUESTS,), candidates=guests)


def _nobody(s: Situation) -> CallStaff:
    near = s.match.near if isinstance(s.match, NoMatch) else ()
    reason = Reason.NAME_NEAR_MISS if near else Reason.NOT_ON_LIST
    return CallStaff((reason,), candidates=near)


def _crossed(s: Situation) -> CallStaff:
    other = (s.crossed,) if s.crossed else ()
    return CallStaff((Reason.PAIR_CROSSED,), s.guest, other)


def _selection_is(selection: Selection) -> Callable[[Situation], bool]:
    return lambda s: s.guest is not None and s.guest.selection is selection


def _certificate_alone(s: Situation) -> bool:
    return s.badge is None and s.proof_accepted


def _at_the_door(s: Situation) -> bool:
    return s.event.badges is BadgesGiven.AT_THE_DOOR


def _needs_badge(s: Situation) -> bool:
    return _certificate_alone(s) and not _at_the_door(s)


def _holder_unknown(s: Situation) -> bool:
    """The official reader tells no name, so that even at the door somebody must find the guest."""
    return _certificate_alone(s) and s.match is None


def _elsewhere(s: Situation) -> bool:
    return s.inside_at not in ("", s.door.id)


def _expected(s: Situation) -> Admit | CallStaff:
    """Who came in today by what was seen then needs nobody's look for the next occasion."""
    known = s.standing.admitted and s.proof is None
    return _admit(Way.NEXT if known else Way.FIRST)(s)


TABLE: tuple[Row, ...] = (
    Row(
        "the kiosk is in trouble",
        lambda s: s.trouble is not None,
        lambda s: CallStaff((s.trouble or Reason.PROGRAM_TROUBLE,), s.guest),
    ),
    # Before red: a clock that is far off must not turn a good certificate into an expired one.
    Row("nothing is open here", lambda s: not s.open, _staff(Reason.NO_OCCASION_OPEN)),
    Row("the certificate is certainly not acceptable", _proof_is(Group.CERTIFICATE), _refuse),
    Row("the code is of another kind", _proof_is(Group.OTHER_CODE), _proof_to_staff),
    Row("the certificate cannot be judged", _proof_is(Group.UNDECIDED), _proof_to_staff),
    Row("the badge does not count", lambda s: isinstance(s.badge, BadgeProblem), _badge_problem),
    Row("two guests show each other's codes", lambda s: s.crossed is not None, _crossed),
    Row(
        "certificate and badge carry different names",
        lambda s: s.likeness in (Likeness.NEAR, Likeness.DIFFERENT),
        _names_differ,
    ),
    Row(
        "a certificate without a badge, where badges were given beforehand",
        lambda s: _needs_badge(s) and not s.waited,
        lambda _: Await.BADGE,
    ),
    Row(
        "no badge came",
        lambda s: _needs_badge(s) or _holder_unknown(s),
        _staff(Reason.BADGE_MISSING),
    ),
    Row(
        "several guests have the certificate's name",
        lambda s: _certificate_alone(s) and isinstance(s.match, Ambiguous),
        _several,
    ),
    Row(
        "no guest has the certificate's name",
        lambda s: _certificate_alone(s) and isinstance(s.match, NoMatch),
        _nobody,
    ),
    Row(
        "the guest takes part remotely",
        lambda s: s.guest is not None and s.guest.attendance is Attendance.REMOTE,
        _staff(Reason.GUEST_REMOTE),
    ),
    Row(
        "the guest is on the waiting list",
        _selection_is(Selection.WAITING),
        _staff(Reason.GUEST_WAITING),
    ),
    Row(
        "the guest was declined",
        _selection_is(Selection.DECLINED),
        _staff(Reason.GUEST_DECLINED),
    ),
    Row(
        "the guest's seat was passed on",
        lambda s: s.guest is not None and s.occasion is None and s.seat_passed is not None,
        _staff(Reason.SEAT_PASSED_ON),
    ),
    Row(
        "the guest is invited to another occasion",
        lambda s: s.guest is not None and s.occasion is None,
        _staff(Reason.OCCASION_OTHER),
    ),
    Row("the guest is inside, at another door", _elsewhere, _staff(Reason.INSIDE_ELSEWHERE)),
    Row("the guest came in a moment ago", lambda s: s.moment_ago, _admit(Way.ALREADY)),
    Row(
        "the event allows no second entry",
        lambda s: s.admitted_here and s.event.reentry is Reentry.NEVER,
        _staff(Reason.REENTRY_NOT_ALLOWED),
    ),
    Row(
        "the event wants an exit before the next entry, and there is none",
        lambda s: s.admitted_here and s.event.reentry is Reentry.AFTER_EXIT and bool(s.inside_at),
        _staff(Reason.EXIT_MISSING),
    ),
    Row(
        "the guest was admitted today",
        lambda s: s.admitted_here and s.proof_settled,
        _admit(Way.AGAIN),
    ),
    Row(
        "a badge without a certificate",
        lambda s: not s.proof_settled and not s.waited,
        lambda _: Await.CERTIFICATE,
    ),
    Row(
        "no certificate came",
        lambda s: not s.proof_settled and s.waited,
        _staff(Reason.CERTIFICATE_MISSING),
    ),
    Row(
        "all seats of the Partnership are taken",
        lambda s: not s.seats_free,
        _staff(Reason.SEATS_TAKEN),
    ),
    Row("the room is full", lambda s: not s.room_free, _staff(Reason.ROOM_FULL)),
    Row(
        "an accepted certificate of a guest who is expected",
        lambda s: s.guest is not None and s.proof_settled,
        _expected,
    ),
)
