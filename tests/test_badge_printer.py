"""One badge printed at a desk: proved first, on the paper in the printer, or into a file."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from kiosk.adapters.badges.layouts import LAYOUTS, USUAL
from kiosk.adapters.badges.printer import DeskPrinter, layout_for
from kiosk.adapters.badges.proof import drawn_page
from kiosk.adapters.badges.sheets import page_size
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.purge import BADGE_FILES, leave_no_bytes, to_delete
from kiosk.adapters.system.keys import badge_public_key, badge_signing_key
from kiosk.bootstrap.printing import DoorPrinter
from kiosk.core.guests.badge import Badge, open_badge
from kiosk.desk.ports import BadgePrintError, PrintFault, Sighting
from kiosk.look import begin_painting
from tests.door import SEALER, badge_key, guest, saint_ouen

EVENT = saint_ouen()
ASSETS = Path(__file__).parents[1] / "assets"
ADA = guest("Ada", "Petit")


@pytest.fixture(scope="module", autouse=True)
def fonts(qapp: object) -> object:
    return qapp, begin_painting(ASSETS / "fonts")


class Blind(ZxingReader):
    """A reader that reads nothing."""

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        del image
        return Sighting()


def to_file(path: Path, layout: str) -> QPrinter:
    """A printer whose paper is a PDF, of the size of a layout."""
    found = QPrinter(QPrinter.PrinterMode.HighResolution)
    found.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    found.setOutputFileName(str(path))
    found.setPageSize(page_size(LAYOUTS[layout]))
    return found


def badges_on(path: Path) -> list[bytes]:
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    texts = [code.text for code in ZxingReader().read(drawn_page(document, 0, 200)).codes]
    found = [open_badge(text, EVENT.id, badge_key().public_key()) for text in texts]
    return [badge.id for badge in found if isinstance(badge, Badge)]


@pytest.mark.parametrize("layout", ["a4-10", "a6", "card-86x54", "label-62x100", "label-89x36"])
def test_a_badge_is_printed_on_the_paper_that_is_in_the_printer(
    layout: str, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    made = to_file(paper, layout)
    assert layout_for(made).page == LAYOUTS[layout].page
    desk = DeskPrinter(EVENT, badge_key(), ZxingReader(), tmp_path / "badges", lambda: made)
    desk.print_badge(ADA)
    assert badges_on(paper) == [ADA.badge]
    assert made.docName() == EVENT.name  # in the list of print jobs stands nobody's name
    assert not (tmp_path / "badges").exists()


def test_paper_that_no_layout_is_for_takes_the_usual_one(tmp_path: Path) -> None:
    made = to_file(tmp_path / "paper.pdf", "a6")
    made.setPageSize(QPageSize(QSizeF(216, 279), QPageSize.Unit.Millimeter))
    assert layout_for(made) is LAYOUTS[USUAL]


def test_without_a_printer_the_badge_is_a_file_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "badges"
    desk = DeskPrinter(EVENT, badge_key(), ZxingReader(), folder, lambda: None)
    assert desk.name == ""
    desk.print_badge(ADA)
    (file,) = folder.iterdir()
    assert file.name == f"{ADA.id}.pdf"  # the pseudonym: a listing of the folder names nobody
    assert badges_on(file) == [ADA.badge]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def fault_of(desk: DeskPrinter, who: str = "Ada") -> PrintFault:
    with pytest.raises(BadgePrintError) as told:
        desk.print_badge(replace(ADA, given=who))
    assert who not in str(told.value)
    return told.value.fault


def test_what_is_in_the_way_is_told_by_its_code(tmp_path: Path) -> None:
    folder, key = tmp_path / "badges", badge_key()
    assert fault_of(DeskPrinter(EVENT, None, ZxingReader(), folder)) is PrintFault.NO_KEY
    blind = DeskPrinter(EVENT, key, Blind(), folder, lambda: None)
    assert fault_of(blind) is PrintFault.NOT_READ
    well = DeskPrinter(EVENT, key, ZxingReader(), folder, lambda: None)
    assert fault_of(well, "\U00012000") is PrintFault.LETTERS  # Sumerian cuneiform
    folder.write_text("in the way of the folder")
    assert fault_of(well) is PrintFault.DISK


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_told(tmp_path: Path) -> None:
    made = to_file(tmp_path / "no" / "such" / "folder.pdf", "a6")
    off = DeskPrinter(EVENT, badge_key(), ZxingReader(), tmp_path / "badges", lambda: made)
    assert fault_of(off) is PrintFault.PRINTER


def test_a_door_makes_no_key_of_its_own_and_prints_with_the_one_that_is_there(
    tmp_path: Path,
) -> None:
    assert not DoorPrinter(tmp_path, EVENT).able
    assert not list(tmp_path.iterdir())
    key = badge_signing_key(tmp_path)
    door = DoorPrinter(tmp_path, EVENT)
    assert door.able
    assert badge_public_key(tmp_path) == key.public_key()
    printer = QPrinterInfo.defaultPrinter()
    assert door.name == (printer.printerName() if not printer.isNull() else "")


def test_a_purge_deletes_the_files_of_badges(tmp_path: Path) -> None:
    folder = tmp_path / BADGE_FILES
    DeskPrinter(EVENT, badge_key(), ZxingReader(), folder, lambda: None).print_badge(ADA)
    with open_database(tmp_path, SEALER) as database:
        assert to_delete(database)["badges in files"] == 1
        leave_no_bytes(database)
        assert list(folder.iterdir()) == []
        assert "badges in files" not in to_delete(database)
