"""A guest list from CSV text: guests, or every fault with its row, column and remedy."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kiosk.core.guests.badge import ID_LENGTH
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.names import standard_key

MAX_ROWS = 20_000
MAX_CELL = 300  # characters
_DELIMITERS = ";,\t"

# Headings as people write them, in English and French, without accents or case.
_HEADINGS = {
    "name": ("name", "full name", "nom complet", "participant", "nom et prenom"),
    "family": ("family name", "last name", "surname", "family", "nom", "nom de famille"),
    "given": ("given name", "first name", "given", "prenom", "prenoms"),
    "organisation": ("organisation", "organization", "company", "cluster", "organisme", "societe"),
    "partnership": ("partnership", "partenariat", "partnership name"),
    "category": ("category", "categorie", "role", "type"),
    "occasions": ("occasions", "occasion", "sessions", "days", "jours", "invited to", "invite a"),
    "attendance": ("attendance", "participation", "presence", "mode"),
    "selection": ("selection", "status", "selected", "statut", "selectionne"),
    "language": ("language", "langue", "lang"),
    "badge": ("badge", "badge id", "id badge", "numero de badge"),
}
_ATTENDANCE = {
    Attendance.IN_PERSON: ("", "in person", "on site", "sur place", "presentiel", "en personne"),
    Attendance.REMOTE: ("remote", "online", "livestream", "distance", "a distance", "distanciel"),
}
_SELECTION = {
    Selection.SELECTED: ("", "selected", "yes", "oui", "confirmed", "selectionne", "confirme"),
    Selection.WAITING: ("waiting", "waiting list", "pending", "en attente", "liste d'attente"),
    Selection.DECLINED: ("declined", "no", "non", "refused", "refuse", "decline", "annule"),
}
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
        super().__init__(f"{len(faults)} faults in the guest list")
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
        self._columns = _columns(rows[0])
        self._rows = rows[1:]
        self._occasions = {_plain(name): name for name in occasions}
        self._categories = {_plain(name): name for name in categories}
        self._known = {_identity(guest): guest for guest in known}
        self._by_badge = {guest.badge: guest for guest in known}
        self._new_id = new_id
        self._faults: list[CsvFault] = []

    def guests(self) -> tuple[Guest, ...]:
        self._check_columns()
        guests = [
            self._guest(number, cells)
            for number, cells in enumerate(self._rows, start=2)
            if any(cell.strip() for cell in cells)
        ]
        self._check_unique(guests)
        if not guests:
            self._fault(1, "file", "there is no guest", "Write one row for each guest.")
        if self._faults:
            raise GuestCsvError(sorted(self._faults, key=lambda fault: fault.row))
        return tuple(guest for _, guest in guests)

    def _check_columns(self) -> None:
        if "name" not in self._columns and not {"family", "given"} <= self._columns.keys():
            remedy = "Add a column Name, or the columns Family name and Given name."
            raise GuestCsvError([CsvFault(1, "heading", "there is no name", remedy)])

    def _guest(self, row: int, cells: list[str]) -> tuple[int, Guest]:
        values = {column: self._cell(row, cells, column) for column in self._columns}
        family, given = _names(values)
        if not family:
            self._fault(row, "name", "the name is empty", "Write the guest's name.")
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
        return row, self._with_ids(draft)

    def _category(self, row: int, partnership: str, value: str) -> str:
        """As the event spells it; whoever has no Partnership needs one that it knows."""
        category = self._categories.get(_plain(value), value)
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

    def _with_ids(self, draft: Guest) -> Guest:
        # The badge that an earlier export wrote tells a guest whose name was corrected.
        known = self._by_badge.get(draft.badge) or self._known.get(_identity(draft))
        badge = draft.badge or (known.badge if known else self._new_id())
        guest_id = known.id if known else self._new_id().hex()
        return replace(draft, id=guest_id, badge=badge)

    def _cell(self, row: int, cells: list[str], column: str) -> str:
        at = self._columns[column]
        value = " ".join((cells[at] if at < len(cells) else "").split())
        if len(value) > MAX_CELL:
            self._fault(row, column, "far too long", "Look whether a quotation mark is missing.")
        return unicodedata.normalize("NFC", value[:MAX_CELL])

    def _invited(self, row: int, value: str) -> frozenset[str]:
        names = [name for name in re.split(r"\s*[,;|+/]\s*", value) if name]
        if not names or [_plain(name) for name in names] == ["all"]:
            return frozenset(self._occasions.values())
        for name in names:
            if _plain(name) not in self._occasions:
                remedy = f"Write some of: {', '.join(self._occasions.values())}."
                self._fault(row, "occasions", f'there is no occasion "{name}"', remedy)
        known = (self._occasions.get(_plain(name)) for name in names)
        return frozenset(name for name in known if name)

    def _one_of(
        self, row: int, column: str, values: Mapping[str, str], words: Mapping[T, tuple[str, ...]]
    ) -> T:
        value = _plain(values.get(column, ""))
        for meaning, spellings in words.items():
            if value in spellings:
                return meaning
        allowed = ", ".join(str(meaning) for meaning in words)
        self._fault(row, column, f'"{value}" is not understood', f"Write one of: {allowed}.")
        return next(iter(words))

    def _check_unique(self, guests: list[tuple[int, Guest]]) -> None:
        seen: dict[object, int] = {}
        for row, guest in guests:
            for column, key in (("badge", guest.badge), ("name", _identity(guest))):
                if key in seen:
                    remedy = f"Row {seen[key]} has the same; delete one of them."
                    self._fault(row, column, "it occurs twice", remedy)
                seen.setdefault(key, row)

    def _fault(self, row: int, column: str, problem: str, remedy: str) -> None:
        self._faults.append(CsvFault(row, column, problem, remedy))


def _columns(headings: list[str]) -> dict[str, int]:
    known = {alias: column for column, aliases in _HEADINGS.items() for alias in aliases}
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        column = known.get(_plain(heading))
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


def _identity(guest: Guest) -> tuple[str, str, str]:
    # Other scripts have no standard form here: their letters count as they are.
    foreign = (c for c in _plain(guest.name) if c.isalpha() and not _is_latin(c))
    name = standard_key(guest.family, guest.given) + "".join(foreign)
    return name, _plain(guest.organisation), _plain(guest.partnership)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.replace("_", " ").replace("’", "'").casefold().split())
