"""A guest list from CSV text: guests, or every fault with its row, column and remedy."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar

from kiosk.core.guests.badge import ID_LENGTH
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.known import KnownGuests, identity, plain
from kiosk.core.guests.spelling import words

MAX_ROWS = 20_000
MAX_CELL = 300  # characters
MAX_NAME = 80  # characters of a family name or of given names, as in a certificate
MISTYPED = 0.75  # likeness (0 to 1) from which a strange heading is taken for a slip
_DELIMITERS = ";,\t"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  # controls, formats, private, unassigned

# Headings as people write them, in English and French, without accents or case; the first of each
# is the one to recommend.
_HEADINGS = {
    "name": ("name", "full name", "nom complet", "participant", "nom et prenom"),
    "family": ("family name", "last name", "surname", "family", "nom", "nom de famille"),
    "given": ("given name", "first name", "given", "prenom", "prenoms"),
    "organisation": ("organisation", "organization", "company", "cluster", "organisme", "societe"),
    "partnership": ("partnership", "partenariat", "partnership name"),
    "category": ("category", "categorie", "role", "type"),
    "occasions": ("occasions", "occasion", "sessions", "days", "jours", "invited to", "invite a"),
    "attendance": ("attendance", "participation", "presence", "mode"),
    "selection": ("status", "selection", "selected", "statut", "selectionne"),
    "language": ("language", "langue", "lang"),
    "badge": ("badge", "badge id", "id badge", "numero de badge"),
}
# Usual headings of other columns, though they are like some of these ("badge", "mode", "nom").
_NO_SLIPS = frozenset({"age", "code", "no", "pays", "username"})
_ATTENDANCE = {
    Attendance.IN_PERSON: ("", "in person", "on site", "sur place", "presentiel", "en personne"),
    Attendance.REMOTE: ("remote", "online", "livestream", "distance", "a distance", "distanciel"),
}
_SELECTION = {
    Selection.SELECTED: ("", "selected", "yes", "oui", "confirmed", "selectionne", "confirme"),
    Selection.WAITING: ("waiting", "waiting list", "pending", "en attente", "liste d'attente"),
    Selection.DECLINED: ("declined", "no", "non", "refused", "refuse", "decline", "annule"),
}
_COLUMN_OF = {alias: column for column, aliases in _HEADINGS.items() for alias in aliases}
T = TypeVar("T")
_BADGE = re.compile(rf"[0-9a-f]{{{2 * ID_LENGTH}}}", re.ASCII)


@dataclass(frozen=True)
class CsvFault:
    """One fault: the row as a spreadsheet counts it (the heading is 1), and the column."""

    row: int
    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"row {self.row}, {self.column}: {self.problem}. {self.remedy}"


class GuestCsvError(ValueError):
    """A list that cannot be taken in; `faults` names every reason."""

    def __init__(self, faults: Sequence[CsvFault]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{count} in the guest list")
        self.faults = tuple(faults)


def decode_csv(data: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without mark, else Windows-1252 as Excel writes it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_guest_csv(
    text: str,
    occasions: Sequence[str],
    categories: Sequence[str],
    known: GuestList,
    new_id: Callable[[], bytes],
) -> tuple[Guest, ...]:
    """The guests in `text`; those already `known` keep their pseudonym and badge.

    occasions, categories: those that the event has. new_id: 8 random bytes.
    Raises GuestCsvError.
    """
    if "\x00" in text:
        raise GuestCsvError([CsvFault(1, "file", "not a text file", "Save it as CSV.")])
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    rows = _rows(text, delimiter)
    if not rows or not any(rows[0]):
        fault = CsvFault(1, "file", "it is empty", "Give a list with a heading row.")
        raise GuestCsvError([fault])
    if len(rows) > MAX_ROWS:
        fault = CsvFault(MAX_ROWS, "file", "more rows than any event", "Split the list.")
        raise GuestCsvError([fault])
    return _Reader(rows, occasions, categories, known, new_id).guests()


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The cells. Strict, for else an open quotation mark swallows all guests behind it."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True))
    except csv.Error:
        remedy = "Look whether a quotation mark is missing, or save it as CSV again."
        fault = CsvFault(len(rows) + 1, "file", "a cell does not end where it should", remedy)
        raise GuestCsvError([fault]) from None
    return rows


class _Reader:
    def __init__(
        self,
        rows: list[list[str]],
        occasions: Sequence[str],
        categories: Sequence[str],
        known: GuestList,
        new_id: Callable[[], bytes],
    ) -> None:
        self._headings, self._rows = rows[0], rows[1:]
        self._columns = _columns(rows[0])
        self._occasions = {plain(name): name for name in occasions}
        self._categories = {plain(name): name for name in categories}
        self._known = KnownGuests(known)
        self._new_id = new_id
        self._faults: list[CsvFault] = []

    def guests(self) -> tuple[Guest, ...]:
        self._check_columns()
        drafts = [
            self._guest(number, cells)
            for number, cells in enumerate(self._rows, start=2)
            if any(cell.strip() for cell in cells)
        ]
        self._check_unique(drafts)
        if not drafts:
            self._fault(1, "file", "there is no guest", "Write one row for each guest.")
        if self._faults:
            raise GuestCsvError(sorted(self._faults, key=lambda fault: fault.row))
        return self._with_ids([guest for _, guest in drafts])

    def _check_columns(self) -> None:
        if found := _heading_faults(self._headings):
            raise GuestCsvError(found)
        if "name" not in self._columns and not {"family", "given"} <= self._columns.keys():
            remedy = "Add a column Name, or the columns Family name and Given name."
            raise GuestCsvError([CsvFault(1, "heading", "there is no name", remedy)])

    def _guest(self, row: int, cells: list[str]) -> tuple[int, Guest]:
        self._check_width(row, cells)
        values = {column: self._cell(row, cells, column) for column in self._columns}
        family, given = _names(values)
        if not words(family):
            self._fault(row, "name", "the name is empty", "Write the guest's name.")
        if max(len(family), len(given)) > MAX_NAME:
            remedy = f"Write {MAX_NAME} characters at most, as certificates have them."
            self._fault(row, "name", "the name is too long", remedy)
        partnership = values.get("partnership", "")
        category = self._category(row, partnership, values.get("category", ""))
        badge = values.get("badge", "").lower()
        if badge and not _BADGE.fullmatch(badge):
            remedy = "Leave it empty, or write the 16 digits 0-9 a-f of an earlier export."
            self._fault(row, "badge", "not a badge id", remedy)
            badge = ""
        draft = Guest(
            id="",
            badge=bytes.fromhex(badge),
            family=family,
            given=given,
            organisation=values.get("organisation", ""),
            partnership=partnership,
            category=category,
            occasions=self._invited(row, values.get("occasions", "")),
            attendance=self._one_of(row, "attendance", values, _ATTENDANCE),
            selection=self._one_of(row, "selection", values, _SELECTION),
            language=values.get("language", "").lower()[:2],
        )
        return row, draft

    def _check_width(self, row: int, cells: list[str]) -> None:
        """A delimiter within a cell moves all cells behind it: the last one tells."""
        width = max(at for at, heading in enumerate(self._headings, 1) if heading.strip())
        if any(cell.strip() for cell in cells[width:]):
            remedy = "Put a cell that holds the delimiter in quotation marks, or give a heading."
            self._fault(row, "row", "it has more cells than there are headings", remedy)

    def _category(self, row: int, partnership: str, value: str) -> str:
        """As the event spells it; whoever has no Partnership needs one that it knows."""
        category = self._categories.get(plain(value), value)
        if partnership or category in self._categories.values():
            return category
        known = ", ".join(self._categories.values())
        if value:
            remedy = f"Write one of: {known}; or name it in the event file."
            self._fault(row, "category", f'there is no category "{value}"', remedy)
        else:
            remedy = f"Write a Partnership, or as category one of: {known}."
            self._fault(row, "partnership", "neither Partnership nor category", remedy)
        return category

    def _with_ids(self, drafts: list[Guest]) -> tuple[Guest, ...]:
        guests = []
        for draft, known in zip(drafts, self._known.claims(drafts), strict=True):
            badge = draft.badge or (known.badge if known else self._new_id())
            guest_id = known.id if known else self._new_id().hex()
            guests.append(replace(draft, id=guest_id, badge=badge))
        return tuple(guests)

    def _cell(self, row: int, cells: list[str], column: str) -> str:
        at = self._columns[column]
        value = _one_line(cells[at] if at < len(cells) else "")
        if len(value) > MAX_CELL:
            self._fault(row, column, "far too long", "Look whether a quotation mark is missing.")
        return value[:MAX_CELL]

    def _invited(self, row: int, value: str) -> frozenset[str]:
        names = [name for name in re.split(r"\s*[,;|+/]\s*", value) if name]
        if not names or [plain(name) for name in names] == ["all"]:
            return frozenset(self._occasions.values())
        for name in names:
            if plain(name) not in self._occasions:
                remedy = f"Write some of: {', '.join(self._occasions.values())}."
                self._fault(row, "occasions", f'there is no occasion "{name}"', remedy)
        known = (self._occasions.get(plain(name)) for name in names)
        return frozenset(name for name in known if name)

    def _one_of(
        self, row: int, column: str, values: Mapping[str, str], words: Mapping[T, tuple[str, ...]]
    ) -> T:
        value = plain(values.get(column, ""))
        for meaning, spellings in words.items():
            if value in spellings:
                return meaning
        allowed = ", ".join(str(meaning) for meaning in words)
        self._fault(row, column, f'"{value}" is not understood', f"Write one of: {allowed}.")
        return next(iter(words))

    def _check_unique(self, guests: list[tuple[int, Guest]]) -> None:
        seen: dict[object, int] = {}
        for row, guest in guests:
            for column, key in (("badge", guest.badge), ("name", identity(guest))):
                if key and key in seen:
                    remedy = f"Row {seen[key]} has the same; delete one of them."
                    self._fault(row, column, "it occurs twice", remedy)
                seen.setdefault(key, row)

    def _fault(self, row: int, column: str, problem: str, remedy: str) -> None:
        self._faults.append(CsvFault(row, column, problem, remedy))


def _heading_faults(headings: list[str]) -> list[CsvFault]:
    """Headings that nobody meant to be passed over: mistyped ones, and columns that are doubled."""
    faults: list[CsvFault] = []
    first: dict[str, str] = {}
    for heading in headings:
        shown, column = " ".join(heading.split())[:MAX_CELL], _COLUMN_OF.get(plain(heading))
        if column in first:
            remedy = f'Delete this column or "{first[column]}", or give it another heading.'
            faults.append(CsvFault(1, "heading", f'"{shown}" says the same as another', remedy))
        elif column:
            first[column] = shown
        elif meant := _meant(plain(heading)):
            remedy = f"Write {_HEADINGS[meant][0].capitalize()}, or a heading less like it."
            faults.append(CsvFault(1, "heading", f'"{shown}" is not known', remedy))
    return faults


def _meant(heading: str) -> str | None:
    """The column that a mistyped heading stands for, if it is like one."""
    if not heading or heading in _NO_SLIPS or len(heading) > MAX_CELL:
        return None
    likeness = {alias: SequenceMatcher(None, heading, alias).ratio() for alias in _COLUMN_OF}
    closest = max(likeness, key=lambda alias: likeness[alias])
    return _COLUMN_OF[closest] if likeness[closest] >= MISTYPED else None


def _one_line(cell: str) -> str:
    """Composed, with single blanks, and without characters that nobody sees (security.md T15)."""
    if not cell.isprintable():
        blanks = "".join(" " if c.isspace() else c for c in cell)
        cell = "".join(c for c in blanks if unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _columns(headings: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        column = _COLUMN_OF.get(plain(heading))
        if column:
            found.setdefault(column, at)
    # "Nom" beside no "Prénom" is the whole name.
    if "family" in found and "given" not in found and "name" not in found:
        found["name"] = found.pop("family")
    return found


def _names(values: Mapping[str, str]) -> tuple[str, str]:
    if values.get("family") or values.get("given"):
        return values.get("family", ""), values.get("given", "")
    name = values.get("name", "")
    if "," in name:
        family, _, given = name.partition(",")
        return family.strip(), given.strip()
    return _split_by_capitals(name)


def _split_by_capitals(name: str) -> tuple[str, str]:
    """`Marie DUPONT` and `DUPONT Marie` by the capitals, else the last word is the family."""
    words = name.split()
    capitals = [w for w in words if len(w) > 1 and w == w.upper() and any(map(str.isalpha, w))]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals).title(), " ".join(w for w in words if w not in capitals)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")
