"""Prints a badge beside everything else: a printer may take its time."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Signal

from kiosk.core.guests.guest import Guest
from kiosk.desk.ports import BadgePrinter, BadgePrintError, PrintFault

_log = logging.getLogger(__name__)


class Printing(QObject):
    """One badge at a time, in a thread of its own."""

    ended = Signal(object)  # None, or why it was not printed: a PrintFault

    def __init__(self) -> None:
        super().__init__()
        self._printer: BadgePrinter | None = None

    def use(self, printer: BadgePrinter) -> None:
        """Print with this one."""
        self._printer = printer

    @property
    def able(self) -> bool:
        """Whether badges can be made here."""
        return self._printer is not None and self._printer.able

    @property
    def where(self) -> str:
        """The printer's name; empty where a file is written."""
        return self._printer.name if self._printer else ""

    def begin(self, guest: Guest) -> None:
        """`ended` tells how it went."""
        threading.Thread(target=self._print, args=(guest,), daemon=True).start()

    def _print(self, guest: Guest) -> None:
        if self._printer is None:
            self.ended.emit(PrintFault.NO_KEY)
            return
        try:
            self._printer.print_badge(guest)
        except BadgePrintError as error:
            self.ended.emit(error.fault)
        except Exception as error:  # noqa: BLE001  # a thread's top: nobody else would notice
            _log.error("a badge was not printed: %s", type(error).__name__)
            self.ended.emit(PrintFault.PRINTER)
        else:
            self.ended.emit(None)
