"""What a screen is told of a visit, and what an entry says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.core.decide import ReaderChecked, Way
from kiosk.core.entry import EntryBasis
from kiosk.core.guests.badge import BadgeProblem, is_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.guestlist import NoMatch
from kiosk.core.hcert.envelope import is_certificate
from kiosk.core.policy.judge import Accepted
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, BadgeSeen, Person, Shown
from kiosk.desk.books import Books
from kiosk.desk.findings import Findings, Mode, Station
from kiosk.desk.lookup import Lookup
from kiosk.desk.visit import Visit


class Cards:
    """Fills in what the card of a guest tells beside the answer, as it is now."""

    def __init__(self, station: Station, books: Books, findings: Findings, lookup: Lookup) -> None:
        self._station, self._books, self._findings = station, books, findings
        self._lookup = lookup

    def card(
        self, shown: Shown, visit: Visit, at: datetime, guest: Guest | None = None
    ) -> Admission:
        """The card of a visit; of `guest` where the visit has no badge."""
        guest = guest or (visit.badge if isinstance(visit.badge, Guest) else None)
        return Admission(
            shown,
            at,
            guest=guest,
            person=person_of(visit) if self._station.mode is Mode.DESK else None,
            has_certificate=visit.proof is not None,
            has_badge=visit.badge is not None,
            badge=_badge_seen(visit),
            blank=visit.badge.blank if isinstance(visit.badge, BadgeProblem) else None,
            **self._standing(guest, at),
        )

    def renewed(self, card: Admission, at: datetime) -> Admission:
        """The same card after something was recorded."""
        return replace(card, **self._standing(card.guest, at))

    def _standing(self, guest: Guest | None, at: datetime) -> dict[str, Any]:
        """What a card tells of a guest: `standing`, `entries`, `seats_taken` and the like."""
        if guest is None:
            return {}
        here = self._station.event.open_occasions(self._station.door, at)
        taken = self._findings.holders(here[0], at) if here else set()
        to_staff = self._station.mode is Mode.DESK
        return {
            "standing": self._books.attendance.standing(guest.id, at),
            "seats_taken": self._findings.of_partnership(guest.partnership, taken),
            "seat_passed": self._findings.seat_passed(guest, here) if to_staff else None,
            "today": self._lookup.today(guest, at) if to_staff else None,
            "entries": self._lookup.entries(guest, at) if to_staff else (),
        }


def ours_among(texts: Iterable[str]) -> tuple[str, ...]:
    """The certificates and badges among `texts`; where there is none, the first of the others.

    A poster's code beside a certificate is nobody's second code.
    """
    seen = tuple(dict.fromkeys(texts))
    ours = tuple(text for text in seen if is_badge(text) or is_certificate(text))
    return ours or seen[:1]


def _badge_seen(visit: Visit) -> BadgeSeen:
    if visit.badge is None:
        return BadgeSeen.NOT_YET
    return BadgeSeen.FOUND if visit.vouched else BadgeSeen.SHOWN


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
    holder = visit.holder
    standard = " ".join(
        f"{holder.given_standard} {holder.family_standard}".replace("<", " ").split()
    )
    return Person(holder.family, holder.given, holder.birth_date, standard)


def probable_of(visit: Visit, candidates: tuple[Guest, ...]) -> Guest | None:
    """Who of `candidates` most likely is the certificate's, if one is."""
    likely = visit.match.probable if isinstance(visit.match, NoMatch) else None
    return likely if likely in candidates else None


def not_written(card: Admission) -> Admission:
    """The card of an answer that could not be recorded."""
    reasons = (Reason.STORAGE_TROUBLE,)
    trouble = replace(card, shown=Shown.DESK, reasons=reasons, way=None, checked_only=False)
    return replace(trouble, confirmable=False)
