"""What reports say, in French and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.core.entry import EntryBasis
from kiosk.core.report.figures import PersonRow, Report, Seats
from kiosk.core.report.halfdays import HalfDay, Presence

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Words:
    """The texts of one language, and times as the venue's wall shows them."""

    texts: Mapping[str, str]
    zone: ZoneInfo

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of `key` with its placeholders filled. KeyError where there is none."""
        return self.texts[key].format_map(values)

    def half(self, half: HalfDay) -> str:
        """A half-day for the head of a column."""
        part = self("afternoon" if half.afternoon else "morning")
        return f"{half.day:%d/%m} {part}"

    def sign(self, presence: Presence) -> str:
        """A presence in one letter."""
        return self(f"{presence.name.lower()}_sign")

    def basis(self, basis: EntryBasis) -> str:
        """What an entry rests on."""
        return self(f"basis.{basis}")

    def seats(self, seats: Seats) -> str:
        """How a Partnership stands."""
        return self(f"seats_{seats.name.lower()}")

    def time(self, at: datetime | None) -> str:
        """Day and time on the venue's wall; empty for none."""
        return f"{at.astimezone(self.zone):%d/%m %H:%M}" if at else ""

    def hour(self, at: datetime) -> str:
        """The time on the venue's wall, without the day."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def names(self, row: PersonRow) -> tuple[str, str, str, str]:
        """Family name, given name, organisation, and Partnership or category of a person."""
        guest = row.guest
        if guest is None:
            return self("unknown", id=row.guest_id), "", "", ""
        return guest.family, guest.given, guest.organisation, guest.partnership or guest.category

    def summary(self, report: Report) -> list[str]:
        """The report in two or three sentences."""
        listed = [row for row in report.persons if row.guest is not None]
        expected = [row for row in listed if row.expected]
        came = sum(row.came for row in expected)
        told = [self("persons", came=came, expected=len(expected))]
        extra = sum(row.came for row in report.persons) - came
        if extra:
            told.append(self("extra", count=extra))
        return told


def load_words(folder: Path, language: str, zone: ZoneInfo) -> Words:
    """The texts of `language`, which is one of LANGUAGES. Raises OSError."""
    return Words(tomllib.loads((folder / f"{language}.toml").read_text("utf-8")), zone)
