"""Small pieces of what a screen is told, and of what an entry says of itself."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.decide import ReaderChecked, Way
from kiosk.core.entry import EntryBasis
from kiosk.core.guests.badge import is_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.hcert.envelope import is_certificate
from kiosk.core.policy.judge import Accepted
from kiosk.desk.admission import Admission, Person
from kiosk.desk.visit import Visit


def ours_among(texts: Iterable[str]) -> tuple[str, ...]:
    """The certificates and badges among `texts`; where there is none, the first of the others.

    A poster's code beside a certificate is nobody's second code.
    """
    seen = tuple(dict.fromkeys(texts))
    ours = tuple(text for text in seen if is_badge(text) or is_certificate(text))
    return ours or seen[:1]


def basis_of(card: Admission, visit: Visit) -> EntryBasis:
    """On what an entry after this visit rests."""
    match visit.proof:
        case ReaderChecked():
            return EntryBasis.OFFICIAL_READER
        case Accepted():
            return EntryBasis.SCANNED
    if not card.standing.proved:
        return EntryBasis.BADGE_ONLY
    return EntryBasis.REENTRY if card.way is Way.AGAIN else EntryBasis.CHECKED_BEFORE


def person_of(visit: Visit) -> Person | None:
    """The holder of the certificate shown, for the eyes of staff."""
    if visit.holder is None:
        return None
    return Person(visit.holder.family, visit.holder.given, visit.holder.birth_date)


def short_name(guest: Guest | None) -> str:
    """First name and initial, for a list that others may see; empty for nobody."""
    return f"{guest.given} {guest.family[:1]}.".strip() if guest else ""
