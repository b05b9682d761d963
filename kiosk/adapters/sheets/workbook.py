"""The workbook of an XLSX file: its sheets, texts, and which cells are dates (ECMA-376-1 18)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kiosk.adapters.sheets.package import Elements, Package, too_large
from kiosk.core.guests.lists.table import SERIAL_DAY_0, file_fault

MAX_SMALL = 16 << 20  # bytes of the workbook, its relations, its styles
MAX_TEXTS = 128 << 20  # bytes of the shared texts
MAX_SHARED = 2_000_000  # shared texts; each name, organisation and address of a large list is one
MAX_TEXT = 1_000  # characters that are kept of one text; far more than a cell may have
_DAY_0_1904 = date(1904, 1, 1)  # of workbooks that old Excel for Mac began (18.17.4.1)
_WORKSHEET = "/worksheet"  # how the type of a relation to a sheet ends, strict or transitional
_OFFICE_DOCUMENT = "/officeDocument"
# Number formats that are dates or times without being written out (18.8.30).
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_DATE_PARTS = re.compile(r'"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # a character that XML does not have (22.9.2.19)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the part that holds it, whether a spreadsheet shows it."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """What the sheets of one file share. Raises GuestListError."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        path = _office_document(self.package)
        parts = _Relations(self.package, path)
        listed = _Workbook()
        self.package.read(path, MAX_SMALL, listed)
        self.sheets = tuple(
            Sheet(name, part, hidden)
            for name, relation, hidden in listed.sheets
            if (part := parts.of_type(relation, _WORKSHEET))
        )
        if not self.sheets:
            raise file_fault("the XLSX file has no sheet of cells", "Give the list itself.")
        self.day_0 = _DAY_0_1904 if listed.from_1904 else SERIAL_DAY_0
        texts, styles = _Texts(), _Styles()
        self.package.read(parts.first("/sharedStrings"), MAX_TEXTS, texts)
        self.package.read(parts.first("/styles"), MAX_SMALL, styles)
        self.texts: Sequence[str] = texts.texts
        self.date_styles = frozenset(styles.dates)

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, in any case."""
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        names = ", ".join(f'"{sheet.name}"' for sheet in self.sheets)
        raise file_fault(f'there is no sheet "{name}"', f"Name one of: {names}.")


def unescaped(text: str) -> str:
    """A text with the characters that `_xHHHH_` stands for."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _office_document(package: Package) -> str:
    relations = _Relations(package, "")
    path = relations.first(_OFFICE_DOCUMENT)
    if not path.endswith(".xml") or path not in package.names or path.startswith("word/"):
        raise package.no_workbook()
    return path


class _Relations(Elements):
    """The parts that one part refers to, by id (ECMA-376-2 9.3)."""

    def __init__(self, package: Package, part: str) -> None:
        self._folder = posixpath.dirname(part)
        self._targets: dict[str, tuple[str, str]] = {}
        name = posixpath.join(self._folder, "_rels", posixpath.basename(part) + ".rels")
        package.read(name, MAX_SMALL, self)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.join("/", self._folder, attributes.get("Target", ""))
            target = posixpath.normpath(path).lstrip("/")
            self._targets[attributes.get("Id", "")] = attributes.get("Type", ""), target

    def of_type(self, relation: str, kind: str) -> str:
        """The part of a relation, empty where it is of another kind."""
        type_, target = self._targets.get(relation, ("", ""))
        return target if type_.endswith(kind) else ""

    def first(self, kind: str) -> str:
        """The first part of that kind, empty where there is none."""
        parts = (target for type_, target in self._targets.values() if type_.endswith(kind))
        return next(parts, "")


class _Workbook(Elements):
    """Reads the names of the sheets (18.2.19) and the date system (18.2.28)."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _Texts(Elements):
    """Reads the shared texts (18.4): each is one, or runs of one; how it is spoken is no part."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._within = self._spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._spoken = True
        self._within = name == "t" and not self._spoken

    def text(self, data: str) -> None:
        if self._within:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._within = False
        if name == "si":
            if len(self.texts) >= MAX_SHARED:
                raise too_large(f"more than {MAX_SHARED:,} texts")
            self.texts.append(unescaped("".join(self._pieces)[:MAX_TEXT]))
        elif name == "rPh":
            self._spoken = False


class _Styles(Elements):
    """Reads which cell styles (18.8.10) show a number as a date or a time."""

    def __init__(self) -> None:
        self.dates: set[int] = set()
        self._formats = set(_DATE_FORMATS)
        self._count = -1  # outside of the cell styles

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and _shows_date(attributes.get("formatCode", "")):
            self._formats.add(int(attributes.get("numFmtId", "0")))
        elif name == "cellXfs":
            self._count = 0
        elif name == "xf" and self._count >= 0:
            if int(attributes.get("numFmtId", "0")) in self._formats:
                self.dates.add(self._count)
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._count = -1


def _shows_date(code: str) -> bool:
    """Whether a number format (18.8.31) has parts of a date or a time."""
    positive = _NO_DATE_PARTS.sub("", code).split(";")[0]
    return any(letter in "dmyhs" for letter in positive.lower().replace("general", ""))
