"""One visit: the codes that a guest has shown so far, in either order."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from kiosk.core.decide import Proof
from kiosk.core.guests.badge import BadgeProblem
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import Match
from kiosk.core.hcert.dcc import Holder
from kiosk.core.policy.judge import Accepted

HELD_UP = timedelta(seconds=3)  # a code seen again within this time was never taken away
SCANNED = timedelta(seconds=2)  # the same for a hand scanner, which is held to a code on purpose
CROSSED_WITHIN = timedelta(minutes=3)  # between the two visits of a crossed pair


class Code(Enum):
    """The two codes of a visit."""

    CERTIFICATE = auto()
    BADGE = auto()


@dataclass(frozen=True, repr=False)
class Visit:
    """What was shown, and when.

    since: when the last code was shown, which is `last`; between: the time from the first code
    to the second.
    holder: whose the certificate is; nothing else of a verified one outlives its judging.
    proof: what became of it.
    vouched: staff chose the guest themselves.
    awaiting: the screen asks for the second code. waited: the time for it is over.
    answered: refused, so that the next code is another visit's. forged: for a certificate that is
    certainly not genuine, or not valid any more.
    """

    since: datetime
    holder: Holder | None = None
    proof: Proof | None = None
    match: Match | None = None
    badge: Guest | BadgeProblem | None = None
    vouched: bool = False
    awaiting: bool = False
    waited: bool = False
    answered: bool = False
    forged: bool = False
    last: Code | None = None
    between: timedelta | None = None

    def with_certificate(
        self,
        at: datetime,
        proof: Proof,
        holder: Holder | None = None,
        match: Match | None = None,
    ) -> Visit:
        """The visit after a certificate was shown."""
        return replace(
            self,
            holder=holder,
            proof=proof,
            match=match,
            forged=self.forged and not isinstance(proof, Accepted),
            between=at - self.since if self.badge is not None else None,
            since=at,
            last=Code.CERTIFICATE,
        )

    def with_badge(self, at: datetime, badge: Guest | BadgeProblem) -> Visit:
        """The visit after a badge was shown."""
        return replace(
            self,
            badge=badge,
            between=at - self.since if self.proof is not None else None,
            since=at,
            last=Code.BADGE,
        )

    def over(self, at: datetime, wait: timedelta) -> bool:
        """Whether the visit is past: its codes must mean nothing any more.

        After the wait the desk asks for the second code; it has as long again. A clock that
        was set back ends every visit.
        """
        return not timedelta() <= at - self.since <= 2 * wait

    def taints(self, badge: Guest | BadgeProblem, at: datetime, wait: timedelta) -> bool:
        """Whether a badge at `at` is shown by whoever just held up a forgery, for all we know."""
        return self.forged and self.badge in (None, badge) and not self.over(at, wait)

    def closer_to_last(self, last: Code, at: datetime) -> bool:
        """Whether a code at `at` is nearer in time to the last code than that to the first."""
        if self.last is not last or self.between is None or self.answered:
            return False
        return timedelta() <= at - self.since < self.between

    def takes_certificate(self, at: datetime, wait: timedelta) -> bool:
        """Whether a certificate at `at` still belongs to this visit."""
        return self.proof is None and self._open(at, wait)

    def takes_badge(self, at: datetime, wait: timedelta) -> bool:
        """Whether a badge at `at` still belongs to this visit."""
        return self.badge is None and self._open(at, wait)

    def _open(self, at: datetime, wait: timedelta) -> bool:
        if self.answered or self.over(at, wait):
            return False
        return self.waited or at - self.since <= wait


class HeldUp:
    """Tells a code that is still held up from one that is shown again.

    It remembers salted digests, never a text, and forgets them within seconds.
    """

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._last: dict[bytes, datetime] = {}

    def still(
        self, text: str, at: datetime, *, keep: bool = False, within: timedelta = HELD_UP
    ) -> bool:
        """Whether `text` was seen a moment before `at`; either way it has been seen now.

        keep: forget nothing yet, however long ago it was. within: how long a moment is.
        """
        if not keep:
            # A clock that was set back must not make an old sighting last.
            recent = {key: seen for key, seen in self._last.items() if abs(at - seen) <= HELD_UP}
            self._last = recent
        key = hashlib.blake2b(text.encode("utf-8", "replace"), key=self._salt).digest()
        before = self._last.get(key)
        self._last[key] = at
        return before is not None and (keep or abs(at - before) <= within)

    def forget(self) -> None:
        """Take every code for a new one."""
        self._last.clear()


@dataclass(frozen=True)
class Mismatch:
    """A visit whose certificate was another guest's: of whom it was, and whose the badge."""

    at: datetime
    certificate_of: Guest
    badge_of: Guest


class CrossedPairs:
    """Recognises two guests who show each other's codes."""

    def __init__(self) -> None:
        self._recent: list[Mismatch] = []

    def other(self, certificate_of: Guest, badge_of: Guest, at: datetime) -> Guest | None:
        """The guest whose codes are the other half of this mismatch, if there was one."""
        self._recent = [m for m in self._recent if at - m.at <= CROSSED_WITHIN]
        for earlier in self._recent:
            if (earlier.certificate_of, earlier.badge_of) == (badge_of, certificate_of):
                return certificate_of
        self._recent.append(Mismatch(at, certificate_of, badge_of))
        return None

    def settle(self, guest_id: str) -> None:
        """Forget every mismatch of that guest."""
        self._recent = [
            m for m in self._recent if guest_id not in (m.certificate_of.id, m.badge_of.id)
        ]
