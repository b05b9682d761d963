"""What each column of a list holds, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.core.guests.lists.headings import HEADINGS, Field
from kiosk.core.guests.lists.table import ListFault, letters

IGNORE = "ignore"  # the word that says of a column that it is not read


class Why(StrEnum):
    """How it is known what a column holds."""

    TOLD = "as told"
    GUESSED = "guessed"
    CONFIRMED = "guessed, its cells agree"


@dataclass(frozen=True)
class Column:
    """One column: its place (0 is A), its heading, what it holds; None where it is not read.

    occasion: the one that a column of yes or no is about.
    """

    at: int
    heading: str
    field: Field | None = None
    occasion: str = ""
    why: Why = Why.GUESSED

    @property
    def letters(self) -> str:
        """Its name in the spreadsheet."""
        return letters(self.at)

    def fault(self, row: int, problem: str, remedy: str) -> ListFault:
        """A fault in one of its cells."""
        return ListFault(row, self.letters, self.heading, problem, remedy)

    def __str__(self) -> str:
        """As it is shown to people."""
        heading = f'"{self.heading}"' if self.heading else "(no heading)"
        if not self.field:
            return f"column {self.letters} {heading} is not used"
        held = f"invited to {self.occasion}" if self.occasion else HEADINGS[self.field][0]
        return f"column {self.letters} {heading} -> {held} ({self.why})"


@dataclass(frozen=True)
class Wish:
    """What was told of a list: the row of its headings, and pairs of a column and what it holds.

    A column is named by its heading or its letter; what it holds by a `Field`, an occasion's id or
    name, or `IGNORE`.
    """

    columns: tuple[tuple[str, str], ...] = ()
    heading_row: int | None = None


@dataclass(frozen=True)
class Layout:
    """The row of the headings, and all columns in which something stands."""

    heading_row: int
    columns: tuple[Column, ...]

    def of(self, field: Field) -> Column | None:
        """The first column that holds it."""
        return next((column for column in self.columns if column.field is field), None)

    @property
    def used(self) -> tuple[Column, ...]:
        """Those that are read."""
        return tuple(column for column in self.columns if column.field)

    @property
    def unused(self) -> tuple[Column, ...]:
        """Those that are not read."""
        return tuple(column for column in self.columns if not column.field)
