"""The printers of this PC, as the system names them."""

from __future__ import annotations


def printers() -> tuple[str, ...]:
    """Their names, the system's own choice first. A Qt application must be there."""
    from PySide6.QtPrintSupport import QPrinterInfo  # here: a door opens without it

    names = list(QPrinterInfo.availablePrinterNames())
    own = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(names, key=lambda name: (name != own, name)))
