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
from kiosk.core.hcert.envelope import is_certificate
from kiosk.core.policy.judge import Accepted
from kiosk.desk.admission import Admission, Person, Shown
from kiosk.desk.books import Books
from kiosk.desk.findings import Findings, Mode, Station
from kiosk.desk.visit import Visit


class Cards:
    """Fills in what the card of a guest tells beside the answer, as it is now."""

    def __init__(self, station: Station, books: Books, findings: Findings) -> None:
        self._station, self._books, self._findings = station, books, findings

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
            blank=visit.badge.blank if isinstance(visit.badge, BadgeProblem) else None,
            **self._standing(guest, at),
        )

    def renewed(self, card: Admission, at: datetime) -> Admission:
        """The same card after something was recorded."""
        return replace(card, **self._standing(card.guest, at))

    def _standing(self, guest: Guest | None, at: datetime) -> dict[str, Any]:
        """What a card tells of a guest: `standing`, `seats_taken` and `seat_passed`."""
        if guest is None:
            return {}
        here = self._station.event.open_occasions(self._station.door, at)
        taken = self._findings.holders(here[0], at) if here else set()
        to_staff = self._station.mode is Mode.DESK
        return {
            "standing": self._books.attendance.standing(guest.id, at),
            "seats_taken": self._findings.of_partnership(guest.partnership, taken),
            "seat_passed": self._findings.seat_passed(guest, here) if to_staff else None,
        }


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
