"""Badges as PDF and as pictures: vectors, embedded fonts, marks where to cut and to fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageSize, QPainter, QPdfWriter, QPen

from kiosk.adapters.badges.face import Face
from kiosk.adapters.badges.layouts import Box, Layout
from kiosk.adapters.badges.lettering import UNITS
from kiosk.adapters.badges.painting import paint
from kiosk.look import Tint

DPI = 1200  # of a PDF's own grid; everything in it is a vector
PICTURE_DPI = 300  # of a PNG
_MARK, _AWAY = 4.0, 1.5  # mm: how long a mark is, and how far from the badge
_HAIR = 0.15  # mm


class SheetError(Exception):
    """A page that could not be written."""


def write_sheets(
    device: QIODevice,
    faces: Sequence[Face],
    layout: Layout,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    step: Callable[[], None] = lambda: None,
) -> None:
    """Write the badges into `device`, page by page. step: called after each badge.

    shift: mm by which all of a page is moved right and down, for a printer that is off.
    Raises SheetError.
    """
    writer = QPdfWriter(device)
    writer.setResolution(DPI)
    writer.setPageSize(page_size(layout))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(faces[0].event if faces else "")
    writer.setCreator("kiosk")
    paint_pages(writer, faces, layout, shift=shift, step=step)


def paint_pages(
    device: QPagedPaintDevice,
    faces: Sequence[Face],
    layout: Layout,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    step: Callable[[], None] = lambda: None,
) -> None:
    """Paint the badges on the pages of a PDF or of a printer, which begin at the paper's corner.

    Raises SheetError.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise SheetError("The PDF cannot be begun. Free disk space and try again.")
    finer = device.logicalDpiX() / DPI
    try:
        for at, face in enumerate(faces):
            place = at % layout.per_page
            if place == 0:
                if at and not device.newPage():
                    raise SheetError("A page cannot be written. Free disk space and try again.")
                painter.resetTransform()
                painter.scale(finer, finer)
                painter.translate(shift[0] * UNITS, shift[1] * UNITS)
                _marks(painter, layout)
            for cell in layout.cells_of(place):
                paint(painter, face, layout, cell)
            step()
    finally:
        painter.end()


def badge_pdf(face: Face, layout: Layout) -> bytes:
    """One badge as a PDF of one page: what a desk sends to its printer."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write_sheets(buffer, [face], layout)
    return bytes(buffer.data().data())


def badge_image(face: Face, layout: Layout, dpi: int = PICTURE_DPI) -> QImage:
    """One badge alone, without a page around it, as a picture."""
    width, height = (round(side * dpi / 25.4) for side in layout.badge)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(dpi / DPI, dpi / DPI)
    paint(painter, face, layout, Box(0, 0, *layout.badge))
    painter.end()
    return image


def page_size(layout: Layout) -> QPageSize:
    """The paper of `layout`."""
    name = "A4" if layout.page == (210.0, 297.0) else layout.name
    exactly = QPageSize.SizeMatchPolicy.ExactMatch
    return QPageSize(QSizeF(*layout.page), QPageSize.Unit.Millimeter, name, exactly)


def _marks(painter: QPainter, layout: Layout) -> None:
    """Short lines outside the badges where to cut; a dashed one where to fold."""
    if layout.columns * layout.rows == 1:
        return
    cells = layout.cells
    downs = sorted({round(x, 6) for cell in cells for x in (cell.left, cell.right)})
    acrosses = sorted({round(y, 6) for cell in cells for y in (cell.top, cell.bottom)})
    fold = layout.page[0] / 2 if layout.copies > 1 else None
    lines = [
        *(line for x in downs if x != fold for line in _pair(x, acrosses, upright=True)),
        *(line for y in acrosses for line in _pair(y, downs, upright=False)),
    ]
    painter.setPen(QPen(Tint.MUTE.colour, _HAIR * UNITS))
    painter.drawLines([_scaled(line) for line in lines])
    if fold is not None:
        dashes = QPen(Tint.MUTE.colour, _HAIR * UNITS, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([12, 12])
        painter.setPen(dashes)
        painter.drawLine(_scaled(QLineF(fold, 0, fold, layout.page[1])))


def _pair(at: float, ends: Sequence[float], *, upright: bool) -> list[QLineF]:
    """A mark before the first end and one behind the last."""
    first, last = ends[0], ends[-1]
    spans = ((first - _AWAY - _MARK, first - _AWAY), (last + _AWAY, last + _AWAY + _MARK))
    return [QLineF(at, a, at, b) if upright else QLineF(a, at, b, at) for a, b in spans]


def _scaled(line: QLineF) -> QLineF:
    return QLineF(line.x1() * UNITS, line.y1() * UNITS, line.x2() * UNITS, line.y2() * UNITS)
