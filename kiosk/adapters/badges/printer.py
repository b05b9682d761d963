"""Prints one badge at a desk: with the printer of the system, or, without one, into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from kiosk.adapters.badges.face import Face, guest_face
from kiosk.adapters.badges.handover import letters_missing, render_badge
from kiosk.adapters.badges.layouts import LAYOUTS, USUAL, Layout
from kiosk.adapters.badges.proof import Expected, ProofError
from kiosk.adapters.badges.sheets import SheetError, page_size, paint_pages
from kiosk.adapters.files import write_whole
from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.policy.event import Event
from kiosk.desk.ports import BadgePrintError, CodeReader, PrintFault

_NEAR = 2.0  # mm by which a printer's paper may differ from a layout's


def system_printer(name: str = "") -> QPrinter | None:
    """The printer of that name, else the one that is used unless told; None where there is none."""
    named = QPrinterInfo.printerInfo(name)
    info = QPrinterInfo.defaultPrinter() if named.isNull() else named
    return None if info.isNull() else QPrinter(info, QPrinter.PrinterMode.HighResolution)


class DeskPrinter:
    """Signs, proves and prints the badges of one event.

    key: the one that signs badges; None where it is not on this PC. folder: for PDFs, where there
    is no printer. find: finds the printer, each time.
    """

    def __init__(
        self,
        event: Event,
        key: Ed25519PrivateKey | None,
        reader: CodeReader,
        folder: Path,
        find: Callable[[], QPrinter | None] = system_printer,
    ) -> None:
        self._event, self._key, self._reader = event, key, reader
        self._folder, self._find = folder, find

    @property
    def able(self) -> bool:
        """Whether the key that signs badges is here."""
        return self._key is not None

    @property
    def name(self) -> str:
        """The printer's; empty where there is none."""
        printer = self._find()
        return printer.printerName() if printer else ""

    def print_badge(self, guest: Guest) -> None:
        """Only what was read back from its page is printed. Raises BadgePrintError."""
        printer = self._find()
        layout = layout_for(printer) if printer else LAYOUTS[USUAL]
        face, pdf = self._proved(guest, layout)
        if printer is not None:
            _print(printer, face, layout)
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_whole(self._folder / f"{guest.id}.pdf", pdf, private=True)
        except OSError:
            raise BadgePrintError(PrintFault.DISK) from None

    def _proved(self, guest: Guest, layout: Layout) -> tuple[Face, bytes]:
        """The badge, and its page, from which name and code were read back."""
        if self._key is None:
            raise BadgePrintError(PrintFault.NO_KEY)
        token = make_badge(guest.badge, self._event.id, self._key)
        face = guest_face(guest, self._event, token)
        if letters_missing([face]):
            raise BadgePrintError(PrintFault.LETTERS)
        expected = Expected(layout, self._event.id, self._key.public_key(), self._reader)
        try:
            return face, render_badge(face, expected)
        except (ProofError, SheetError):
            raise BadgePrintError(PrintFault.NOT_READ) from None


def layout_for(printer: QPrinter) -> Layout:
    """The layout that is made for the paper in the printer; else the usual one."""
    paper = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter)
    lying = {(paper.width(), paper.height()), (paper.height(), paper.width())}
    for layout in LAYOUTS.values():
        width, height = layout.page
        if any(abs(width - w) <= _NEAR and abs(height - h) <= _NEAR for w, h in lying):
            return layout
    return LAYOUTS[USUAL]


def _print(printer: QPrinter, face: Face, layout: Layout) -> None:
    printer.setPageSize(page_size(layout))
    printer.setFullPage(True)
    printer.setDocName(face.event)  # no name of a guest in the list of print jobs
    try:
        paint_pages(printer, [face], layout)
    except SheetError:
        raise BadgePrintError(PrintFault.PRINTER) from None
    if printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
        raise BadgePrintError(PrintFault.PRINTER)
