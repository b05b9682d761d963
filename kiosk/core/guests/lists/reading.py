"""From the rows of a list to guests, or to every fault with its row, column and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from kiosk.core.guests.badge import pseudonym_of
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.known import KnownGuests, Sign, identity, plain
from kiosk.core.guests.lists import values
from kiosk.core.guests.lists.columns import Column, Layout
from kiosk.core.guests.lists.fullname import parted
from kiosk.core.guests.lists.guarding import unguarded
from kiosk.core.guests.lists.headings import Field
from kiosk.core.guests.lists.languages import language_of
from kiosk.core.guests.lists.table import (
    MAX_CELL,
    GuestListError,
    ListFault,
    Row,
    Table,
    file_fault,
    letters,
)
from kiosk.core.guests.lists.terms import EventTerms
from kiosk.core.guests.spelling import words

MAX_NAME = 80  # characters of a family name or of given names, as in a certificate
_EXPORTED = "Leave it empty, or write the 16 digits 0-9 a-f of an earlier export."
_ATTENDANCE = f"Write one of: {', '.join(Attendance)}."
_SELECTION = f"Write one of: {', '.join(Selection)}."
_LANGUAGE = "Write its code of two letters (fr, en), or its name."
_DATE = "Write it as 2021-11-22 or 22/11/2021."
_YEAR = "Write the year alone, as 1985, or leave it empty."
T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class ReadList:
    """A list that was read: its guests with their ids and badges.

    recognised: by what each guest who was known before is known, by id.
    month_first: dates were read as month, day, year.
    """

    guests: tuple[Guest, ...]
    recognised: dict[str, Sign]
    month_first: bool = False


def read_list(
    table: Table,
    layout: Layout,
    terms: EventTerms,
    known: Iterable[Guest],
    new_id: Callable[[], bytes],
    step: Callable[[], object] = lambda: None,
) -> ReadList:
    """The guests in `table`; those already `known` keep their pseudonym and badge.

    new_id: 8 random bytes. step: called for each row. Raises GuestListError with every fault.
    """
    reader = _Reader(table, layout, terms)
    drafts = reader.drafts(step)
    guests, recognised = _with_ids(drafts, known, new_id)
    return ReadList(guests, recognised, reader.month_first)


def _with_ids(
    drafts: list[Guest], known: Iterable[Guest], new_id: Callable[[], bytes]
) -> tuple[tuple[Guest, ...], dict[str, Sign]]:
    """Who is new keeps the pseudonym of another desk's export, else is called after the badge.

    So all desks that read the same list say the same.
    """
    before = list(known)
    taken = {guest.id for guest in before}
    guests, recognised = [], {}
    for draft, claim in zip(drafts, KnownGuests(before).claims(drafts), strict=True):
        badge = draft.badge or (claim.guest.badge if claim else new_id())
        guest_id = claim.guest.id if claim else draft.id or pseudonym_of(badge)
        if not claim and guest_id in taken:  # the badge was somebody else's once
            guest_id = new_id().hex()
        guests.append(replace(draft, id=guest_id, badge=badge))
        if claim:
            recognised[guest_id] = claim.sign
    return tuple(guests), recognised


class _Reader:
    """One pass over the rows, which gathers faults."""

    def __init__(self, table: Table, layout: Layout, terms: EventTerms) -> None:
        self._table, self._layout, self._terms = table, layout, terms
        self._rows = [row for row in table.rows if row.number > layout.heading_row]
        self._columns = {column.field: column for column in layout.used}
        self._occasions = [column for column in layout.used if column.occasion]
        self._width = 1 + max((column.at for column in layout.columns if column.heading), default=0)
        self._faults: list[ListFault] = []
        self._faulty: set[tuple[int, int]] = set()  # cells, as row number and column
        self._invitations: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        dated = self._columns.get(Field.REGISTERED_ON)
        self.month_first = dated is not None and values.month_comes_first(
            values.one_line(row.cell(dated.at)) for row in self._rows
        )

    def drafts(self, step: Callable[[], object]) -> list[Guest]:
        """The guests with the ids that the list tells. Raises GuestListError."""
        numbered = []
        for row in self._rows:
            if self._check_row(row):
                numbered.append((row.number, self._guest(row)))
            step()
        self._check_unique(numbered)
        if not numbered:
            raise file_fault("there is no guest", "Write one row for each guest.")
        if self._faults:
            raise GuestListError(sorted(self._faults, key=lambda fault: fault.row))
        return [guest for _, guest in numbered]

    def _guest(self, row: Row) -> Guest:
        family, given = self._names(row)
        partnership, category = self._group(row)
        return Guest(
            id=self._meaning(row, Field.PSEUDONYM, values.pseudonym_of, _EXPORTED) or "",
            badge=self._meaning(row, Field.BADGE, values.badge_of, _EXPORTED) or b"",
            family=family,
            given=given,
            organisation=self._text(row, Field.ORGANISATION),
            partnership=partnership,
            category=category,
            occasions=self._invited(row),
            attendance=self._meaning(row, Field.ATTENDANCE, values.attendance_of, _ATTENDANCE)
            or Attendance.IN_PERSON,
            selection=self._meaning(row, Field.SELECTION, values.selection_of, _SELECTION)
            or Selection.SELECTED,
            language=self._meaning(row, Field.LANGUAGE, language_of, _LANGUAGE) or "",
            registered_on=self._meaning(row, Field.REGISTERED_ON, self._date, _DATE),
            birth_year=self._meaning(row, Field.BIRTH_YEAR, values.year_of, _YEAR),
        )

    def _check_row(self, row: Row) -> bool:
        """Whether it is a guest's; a delimiter within a cell moves all cells behind it."""
        used = self._layout.used
        if all(plain(row.cell(column.at)) == plain(column.heading) for column in used):
            self._faults.append(_row_fault(row, "it repeats the headings", "Delete this row."))
            return False
        beyond = [at for at in range(self._width, len(row.cells)) if row.cells[at].strip()]
        if self._table.delimited and beyond:
            remedy = "Put a cell that holds the delimiter in quotation marks, or give a heading."
            problem = "there are more cells than headings"
            self._faults.append(ListFault(row.number, letters(beyond[0]), "", problem, remedy))
        return True

    def _names(self, row: Row) -> tuple[str, str]:
        family, given = self._text(row, Field.FAMILY), self._text(row, Field.GIVEN)
        if not (family or given):
            family, given = parted(self._text(row, Field.NAME))
        column = self._columns.get(Field.FAMILY) or self._columns[Field.NAME]
        if not words(family):
            self._fault(row, column, "the name is empty", "Write the guest's name.")
        if max(len(family), len(given)) > MAX_NAME:
            remedy = f"Write {MAX_NAME} characters at most, as certificates have them."
            self._fault(row, column, "the name is too long", remedy)
        return family, given

    def _group(self, row: Row) -> tuple[str, str]:
        """Partnership and category; many lists have one column for both."""
        partnership = self._text(row, Field.PARTNERSHIP)
        if self._text(row, Field.CATEGORY) or not (own := self._terms.category(partnership)):
            return partnership, self._category(row, partnership)
        return "", own

    def _category(self, row: Row, partnership: str) -> str:
        """As the event spells it; whoever has no Partnership needs one that it knows."""
        value = self._text(row, Field.CATEGORY)
        category = self._terms.category(value)
        if category or partnership:
            return category or value
        known = ", ".join(self._terms.categories)
        column = self._columns.get(Field.CATEGORY)
        if value and column:
            remedy = f"Write one of: {known}; or name it in the event file."
            self._fault(row, column, f'there is no category "{value}"', remedy)
        else:
            remedy = f"Write a Partnership, or as category one of: {known}."
            column = self._columns.get(Field.PARTNERSHIP) or column
            self._fault(row, column, "neither Partnership nor category", remedy)
        return value

    def _invited(self, row: Row) -> frozenset[str]:
        """The occasions in one cell, or those of which a column says yes."""
        if self._occasions:
            return frozenset(
                column.occasion
                for column in self._occasions
                if self._meant(row, column, values.yes_or_no, "Write x or yes, or leave it empty.")
            )
        column = self._columns.get(Field.OCCASIONS)
        if column is None:
            return frozenset(self._terms.occasions)
        value = self._cell(row, column)
        if value not in self._invitations:  # hundreds of guests have the same
            self._invitations[value] = self._terms.invited(value)
        found, unknown = self._invitations[value]
        for word in unknown:
            remedy = f"Write some of: {', '.join(self._terms.occasions)}."
            self._fault(row, column, f'there is no occasion "{word}"', remedy)
        return found

    def _date(self, value: str) -> date | None:
        return values.date_of(value, self._table.day_0, self.month_first)

    def _meaning(
        self, row: Row, field: Field, meaning: Callable[[str], T | None], remedy: str
    ) -> T | None:
        column = self._columns.get(field)
        return self._meant(row, column, meaning, remedy) if column else None

    def _meant(
        self, row: Row, column: Column, meaning: Callable[[str], T | None], remedy: str
    ) -> T | None:
        """What the cell means; None for an empty one, and with a fault."""
        value = self._cell(row, column)
        found = meaning(value)
        if found is None and value:
            self._fault(row, column, f'"{value}" is not understood', remedy)
        return found

    def _text(self, row: Row, field: Field) -> str:
        column = self._columns.get(field)
        return self._cell(row, column) if column else ""

    def _cell(self, row: Row, column: Column) -> str:
        if why := self._table.unread.get((row.number, column.at)):
            self._fault(row, column, why, "Open the list in its program, mend the cell, save it.")
        value = unguarded(values.one_line(row.cell(column.at)))
        if len(value) > MAX_CELL:
            remedy = "Look whether a quotation mark is missing."
            self._fault(row, column, "far too long", remedy)
        elif values.is_garbled(value):
            remedy = "Save the list again as XLSX or CSV UTF-8, from a file in which it is right."
            self._fault(row, column, "letters are garbled", remedy)
        return value[:MAX_CELL]

    def _check_unique(self, guests: list[tuple[int, Guest]]) -> None:
        seen: dict[object, int] = {}
        name = self._columns.get(Field.FAMILY) or self._columns[Field.NAME]
        ids = [self._columns.get(field, name) for field in (Field.BADGE, Field.PSEUDONYM)]
        for number, guest in guests:
            keys = (guest.badge, guest.id, identity(guest))
            for column, key in zip((*ids, name), keys, strict=True):
                if key and key in seen:
                    remedy = f"Row {seen[key]} has the same; delete one of them."
                    self._faults.append(column.fault(number, "it occurs twice", remedy))
                seen.setdefault(key, number)

    def _fault(self, row: Row, column: Column | None, problem: str, remedy: str) -> None:
        """Of one cell the first fault is told; the others come of it."""
        if column is None:
            self._faults.append(_row_fault(row, problem, remedy))
        elif (row.number, column.at) not in self._faulty:
            self._faulty.add((row.number, column.at))
            self._faults.append(column.fault(row.number, problem, remedy))


def _row_fault(row: Row, problem: str, remedy: str) -> ListFault:
    return ListFault(row.number, "", "", problem, remedy)
