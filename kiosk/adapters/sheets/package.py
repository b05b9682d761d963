"""The parts of an XLSX file: a zip of XML, looked through before a library opens it.

A spreadsheet library trusts its file; this one came by mail. Sizes are held to what is really
unpacked; a document type, and with it every entity, is refused (ECMA-376-2 8.1.4 allows none).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from python_calamine import CalamineError

from kiosk.adapters.sheets.kinds import other_package
from kiosk.core.guests.lists.table import GuestListError, file_fault

MAX_PARTS = 5_000  # files in the zip; a workbook with pictures has some hundreds
MAX_ELEMENTS = 12_000_000  # of all parts that are read: 100,000 rows of 50 cells; some 10 s
MAX_PART = 256 << 20  # bytes of XML
_CHUNK = 1 << 16  # bytes
_ENCRYPTED = 1  # bit of a zip entry's flags (APPNOTE.TXT 4.4.4)
_PART = b"PK\x01\x02"  # opens an entry of a zip's directory
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    CalamineError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,  # of which ElementTree's ParseError is one
    TypeError,
    ValueError,
)


class Package:
    """The parts of one file. All methods raise GuestListError."""

    def __init__(self, data: bytes) -> None:
        self._elements = 0
        if data.count(_PART) > MAX_PARTS:
            raise too_large(f"more than {MAX_PARTS:,} files in the zip")
        with damage_told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self._zip.namelist())
        if "xl/workbook.xml" not in self.names:
            raise self._no_workbook()

    def look_through(self, notice: Callable[[str, str, dict[str, str]], None]) -> None:
        """Hold every part to the bounds; `notice` is told part, name and attributes of elements."""
        for part in sorted(self.names):
            if part.endswith((".xml", ".rels")):
                self._look_through(part, notice)

    def _look_through(self, part: str, notice: Callable[[str, str, dict[str, str]], None]) -> None:
        parser = expat.ParserCreate()

        def start(name: str, attributes: dict[str, str]) -> None:
            self._elements += 1
            if self._elements > MAX_ELEMENTS:
                raise too_large(f"more than {MAX_ELEMENTS:,} cells and other elements")
            notice(part, name[name.find(":") + 1 :], attributes)

        parser.StartElementHandler = start
        parser.StartDoctypeDeclHandler = _refuse_doctype
        with damage_told():
            for chunk in self._unpacked(part, MAX_PART):
                parser.Parse(chunk)
            parser.Parse(b"", True)  # expat's own way to say that it was all

    def _no_workbook(self) -> GuestListError:
        """What it is instead of a workbook."""
        mimetype = b""
        with damage_told():
            if "mimetype" in self.names:
                mimetype = b"".join(self._unpacked("mimetype", _CHUNK))
        return other_package(self.names, mimetype)

    def _unpacked(self, name: str, limit: int) -> Iterator[bytes]:
        entry = self._zip.getinfo(name)
        if entry.flag_bits & _ENCRYPTED:
            raise file_fault("the zip is protected by a password", "Unpack it and give the list.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError  # ECMA-376-2 C.2 allows these two alone
        size = 0
        with self._zip.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise too_large(f"more than {limit >> 20} MiB in {posixpath.basename(name)}")
                yield chunk


@contextmanager
def damage_told() -> Iterator[None]:
    """What hostile or broken bytes raise becomes one fault. Raises GuestListError."""
    try:
        yield
    except GuestListError:
        raise
    except _DAMAGED:
        remedy = "Open it in Excel or LibreOffice and save it again as XLSX."
        raise file_fault("the XLSX file is damaged", remedy) from None


def _refuse_doctype(*_: object) -> None:
    remedy = "It may be an attack; ask whoever sent it for a file that Excel saved."
    raise file_fault("the XLSX file declares a document type, as no spreadsheet does", remedy)


def too_large(what: str) -> GuestListError:
    """A file beyond what a list can be."""
    remedy = "Copy the list alone into a new workbook, and save that."
    return file_fault(f"the XLSX file is too large: {what}", remedy)
