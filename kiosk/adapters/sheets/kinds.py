"""What kind of file somebody gave for a list; those that are none have their remedy told."""

from __future__ import annotations

import re
from collections.abc import Collection

from kiosk.core.guests.lists.table import GuestListError, file_fault

ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound files: Excel 97, and what a password protects
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<table|<\?xml|<workbook)", re.IGNORECASE)
_SAVE = "Save it as XLSX (Excel workbook) or as CSV UTF-8."


def refused(data: bytes) -> GuestListError | None:
    """Why a file is neither a zip nor a text in cells; None where it may be one of both."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            remedy = "Open it in Excel, take the password away (File, Info), and save it."
            return file_fault("it is protected by a password", remedy)
        return file_fault("it is an old Excel file (.xls)", "Save it as XLSX (Excel workbook).")
    if data.startswith(b"%PDF"):
        return file_fault("it is a PDF", "Take the spreadsheet from which it was made.")
    if data.startswith(b"{\\rtf"):
        return file_fault("it is a text document (RTF)", _SAVE)
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        remedy = f"Open it in Excel or LibreOffice. {_SAVE}"
        return file_fault("it is a web page or XML, whatever its name says", remedy)
    return None


def other_package(names: Collection[str], mimetype: bytes) -> GuestListError:
    """What a zip without an Excel workbook is."""
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        return file_fault("it is an OpenDocument file (.ods)", "Save it as XLSX (Excel 2007-365).")
    if any(name.endswith(".iwa") for name in names) or "Index.zip" in names:
        return file_fault("it is a Numbers file", "Export it (File, Export To, Excel).")
    if "xl/workbook.bin" in names:
        return file_fault("it is a binary Excel file (.xlsb)", "Save it as XLSX (Excel workbook).")
    if "word/document.xml" in names:
        return file_fault("it is a Word document", _SAVE)
    return file_fault("it is a zip without a spreadsheet in it", "Unpack it and give the list.")
