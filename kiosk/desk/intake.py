"""From the text of a code to the visit it belongs to: verified or looked up, judged, matched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.guests.badge import Badge, BadgeProblem, is_badge, open_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.names import Likeness, compare
from kiosk.core.guests.reserve import Reserve
from kiosk.core.hcert.envelope import is_certificate, open_envelope, other_code
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verification, Verified, Verifier
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.books import Books
from kiosk.desk.findings import Station
from kiosk.desk.visit import Code, Visit

_DAMAGE = frozenset(
    {Reason.BASE45_INVALID, Reason.NOT_COMPRESSED, Reason.COMPRESSION_BROKEN, Reason.TEXT_TOO_LONG}
)
_SAME = (Likeness.EXACT, Likeness.SAME_PERSON)


class Intake:
    """Takes codes in for one event."""

    def __init__(
        self,
        station: Station,
        verifier: Verifier,
        books: Books,
        badge_key: Ed25519PublicKey,
        reserve: Reserve,
    ) -> None:
        self._event, self._policy, self._desk = station.event, station.policy, station.desk
        self._verifier, self._books = verifier, books
        self._badge_key, self._reserve = badge_key, reserve

    def take(self, text: str, visit: Visit | None, at: datetime) -> Visit:
        """The visit with this code: `visit` where it belongs to it, else a new one."""
        if is_badge(text):
            return self._badge(text, visit or Visit(at), at)
        return self._certificate(text, visit or Visit(at), at)

    def _certificate(self, text: str, visit: Visit, at: datetime) -> Visit:
        verification = self._verifier.verify(text, at)
        if not visit.takes_certificate(at, self._event.visit_wait):
            belongs = self._belongs_to_badge(verification, visit, at)
            visit = visit if belongs else Visit(at)
        if not isinstance(verification, Verified):
            return visit.with_certificate(at, verification)
        proof = self._policy.judge(verification, at)
        match = self._books.guests.match(verification)
        return visit.with_certificate(at, proof, verification.dcc.holder, match)

    def _badge(self, text: str, visit: Visit, at: datetime) -> Visit:
        badge = self._opened(text)
        if not visit.takes_badge(at, self._event.visit_wait):
            belongs = self._belongs_to_certificate(badge, visit, at)
            forged = visit.taints(badge, at, self._event.visit_wait)
            visit = visit if belongs else Visit(at, forged=forged)
        return visit.with_badge(at, badge)

    def _opened(self, text: str) -> Guest | BadgeProblem:
        badge = open_badge(text, self._event.id, self._badge_key)
        if isinstance(badge, BadgeProblem):
            return badge
        if badge.id in self._books.guests.revoked:
            return BadgeProblem(Reason.BADGE_REVOKED)
        return self._books.guests.by_badge(badge.id) or self._not_on_list(badge)

    def _not_on_list(self, badge: Badge) -> BadgeProblem:
        blank = self._reserve.find(badge.id)
        if blank is None:
            return BadgeProblem(Reason.BADGE_UNKNOWN)
        own = blank.desk == self._desk
        return BadgeProblem(Reason.BADGE_NOT_HANDED_OUT if own else Reason.BADGE_OF_RESERVE, blank)

    # A code that somebody left behind (a badge shown after a refusal, say) meets the first code
    # of the next guest. Without these two, that guest's second code would meet the first of the
    # guest after, and so on down the queue.

    @staticmethod
    def _belongs_to_badge(certificate: Verification, visit: Visit, at: datetime) -> bool:
        guest = visit.badge if visit.closer_to_last(Code.BADGE, at) else None
        if not isinstance(guest, Guest) or not isinstance(certificate, Verified):
            return False
        return compare(certificate.dcc.holder, guest) in _SAME

    @staticmethod
    def _belongs_to_certificate(badge: Guest | BadgeProblem, visit: Visit, at: datetime) -> bool:
        holder = visit.holder if visit.closer_to_last(Code.CERTIFICATE, at) else None
        if holder is None or not isinstance(badge, Guest):
            return False
        return compare(holder, badge) in _SAME


def came_damaged(text: str) -> bool:
    """Whether a certificate lost or changed a letter, by its checksum (RFC 1950 section 2.2).

    A camera's reader corrects errors and never hands on such a text; a scanner's keys and a cable
    have nothing of the kind.
    """
    try:
        open_envelope(text)
    except DecodeError as error:
        return is_certificate(text) and error.reason in _DAMAGE
    return False


def in_turn(new: Sequence[str], seen: Sequence[str], shown: Admission | None) -> list[str]:
    """The `new` ones of the codes in sight, badges first: whose it is before what it is worth.

    Beside a new certificate a badge counts that was held up all the time, where the visit before
    is over. One that comes into sight beside a certificate that was just refused is left out: it
    must not take red away, as if no certificate had been shown.
    """
    counting = list(new)
    refused = shown is not None and shown.shown is Shown.REFUSE
    if refused or shown is None:
        badges = [text for text in seen if is_badge(text)]
        if any(is_certificate(text) for text in new):
            counting = [*badges, *(text for text in new if text not in badges)]
        elif refused and any(is_certificate(text) for text in seen):
            counting = [text for text in new if text not in badges]
    return sorted(counting, key=is_certificate)


def distracts(visit: Visit | None, text: str) -> bool:
    """Whether a code means nothing here, while a guest looks for the second one."""
    awaiting = visit is not None and visit.awaiting
    return awaiting and not is_badge(text) and other_code(text) is Reason.CODE_UNKNOWN
