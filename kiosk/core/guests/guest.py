"""A guest of the list, with nothing more than a door needs (no mail, no telephone)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Attendance(StrEnum):
    """How a guest takes part."""

    IN_PERSON = "in person"
    REMOTE = "remote"


class Selection(StrEnum):
    """What the organisers decided about a registration."""

    SELECTED = "selected"
    WAITING = "waiting"
    DECLINED = "declined"


@dataclass(frozen=True, repr=False)
class Guest:
    """One person of the list.

    id: the pseudonym under which the entry log knows the guest; stays through new lists.
    badge: the opaque id inside the badge, 8 bytes; a reprinted badge has a new one.
    partnership, category: one of both may be empty, never both.
    occasions: ids of the occasions invited to.
    language: of the guest's screen, empty where it is not known.
    registered_on: the day of the registration, None where the list does not tell it.
    birth_year: tells two of one name apart, None where the list does not tell it.
    """

    id: str
    badge: bytes
    family: str
    given: str
    organisation: str
    partnership: str
    category: str
    occasions: frozenset[str]
    attendance: Attendance
    selection: Selection
    language: str = ""
    registered_on: date | None = None
    birth_year: int | None = None

    @property
    def name(self) -> str:
        """Given name and family name, as on the list."""
        return f"{self.given} {self.family}".strip()

    def __repr__(self) -> str:
        """Without the name: it is personal."""
        return f"Guest({self.id})"
