"""What the pictures of the pages are drawn with: grey arrays, labels, lines, and small PNGs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
    qRgb,
)

from kiosk.adapters.system.places import assets
from kiosk.gui.parts.style import FONT_FAMILY, Tint, install_fonts

PLAIN, STRONG = 15, 17  # pixels of a letter
GREYS, STEPS = 32, 12  # of a picture's palette: grey levels, and steps from white to each hue
HUES = (Tint.ACCENT, Tint.REFUSE, Tint.ADMIT, Tint.DESK, Tint.INK, Tint.MUTE)
SURFACES = (Tint.PAPER, Tint.ACCENT_TINT, Tint.ADMIT_TINT, Tint.DESK_TINT, Tint.LINE)

Grey = NDArray[np.uint8]
Points = Sequence[Sequence[float]] | NDArray[np.floating]


def begin() -> None:
    """Have Qt ready for painting without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if QGuiApplication.instance() is None:
        # Kept by Qt's own module; without it no font can be painted.
        Sheet.application = QGuiApplication([])
    install_fonts(assets() / "fonts")


class Sheet:
    """A white picture to draw on; all places and sizes in pixels."""

    application: QGuiApplication | None = None

    def __init__(self, width: int, height: int) -> None:
        self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.fill(QColor("white"))
        self._painter = QPainter(self._image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def picture(self, shown: NDArray[np.uint8], x: float, y: float, scale: float = 1) -> None:
        """Grey (height, width) or colour (height, width, 3), each pixel a square."""
        colours = np.ascontiguousarray(np.stack([shown] * 3, 2) if shown.ndim == 2 else shown)
        height, width = colours.shape[:2]
        image = QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._painter.drawImage(QRectF(x, y, width * scale, height * scale), image)

    def text(
        self, x: float, y: float, words: str, tint: Tint = Tint.INK,
        size: int = PLAIN, bold: bool = False, middle: bool = False,
    ) -> None:  # fmt: skip
        """One line, its foot at `y`; begins at `x`, or has its middle there."""
        font = QFont(FONT_FAMILY)
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        self._painter.setFont(font)
        self._painter.setPen(tint.colour)
        if middle:
            x -= self._painter.fontMetrics().horizontalAdvance(words) / 2
        self._painter.drawText(QPointF(x, y), words)

    def line(self, points: Points, tint: Tint, width: float = 2, closed: bool = False) -> None:
        """From point to point, and back to the first one if `closed`."""
        corners = QPolygonF([QPointF(float(x), float(y)) for x, y in points])
        self._painter.setPen(QPen(tint.colour, width))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if closed:
            self._painter.drawPolygon(corners)
        else:
            self._painter.drawPolyline(corners)

    def dots(self, points: Points, tint: Tint, radius: float = 2) -> None:
        """Filled circles."""
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(tint.colour)
        for x, y in points:
            self._painter.drawEllipse(QPointF(float(x), float(y)), radius, radius)

    def box(
        self, x: float, y: float, width: float, height: float,
        fill: Tint | None = None, edge: Tint | None = None, dashed: bool = False, round_: float = 0,
    ) -> None:  # fmt: skip
        """A rectangle, its corners rounded by `round_`."""
        pen = QPen(edge.colour, 1.6) if edge else QPen(Qt.PenStyle.NoPen)
        if edge and dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.setBrush(fill.colour if fill else QColor(Qt.GlobalColor.transparent))
        self._painter.drawRoundedRect(QRectF(x, y, width, height), round_, round_)

    def arrow(self, points: Points, tint: Tint = Tint.MUTE, width: float = 2) -> None:
        """A line with a head at its end."""
        self.line(points, tint, width)
        (x0, y0), (x1, y1) = points[-2], points[-1]
        way = np.array([x1 - x0, y1 - y0], float)
        way /= np.hypot(*way) + 1e-9
        aside, tip = np.array([-way[1], way[0]]), np.array([x1, y1], float)
        head = [tip + way * width, *(tip - 4 * width * way + side * aside for side in (6, -6))]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(tint.colour)
        self._painter.drawPolygon(QPolygonF([QPointF(*map(float, place)) for place in head]))

    def save(self, path: Path) -> None:
        """As a PNG with a palette. OSError when it cannot be written."""
        self._painter.end()
        avoid = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
        small = self._image.convertToFormat(QImage.Format.Format_Indexed8, _palette(), avoid)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not small.save(str(path), quality=0):  # Qt: 0 is the smallest file
            raise OSError(f"{path} cannot be written")


def module_picture(soft: NDArray[np.floating], truth: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Modules as a colour picture: black and white, those that came out wrong in red."""
    colours = np.where((soft < 0)[..., None], 30, 255) * np.ones(3)
    wrong = (soft < 0) != (truth < 0)
    red = Tint.REFUSE.colour
    colours[wrong] = red.red(), red.green(), red.blue()
    return colours.astype(np.uint8)


def wrong_share(soft: NDArray[np.floating], truth: NDArray[np.int8]) -> float:
    """The share of modules that came out wrong."""
    return float(((soft < 0) != (truth < 0)).mean())


def titled(sheet: Sheet, x: float, title: str, picture: Grey, scale: float) -> None:
    """A picture under its title, at the top of a sheet."""
    sheet.text(x, 22, title, bold=True)
    sheet.picture(picture, x, 34, scale)


def faded(patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paler, so that what is drawn over it stands out."""
    return np.asarray(150 + patch.astype(np.float32) * 0.41, np.uint8)


def square(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    """Its corners, to draw a line through."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def module_sheet(truth: NDArray[np.int8], shown: list[tuple[str, NDArray[np.float32]]]) -> Sheet:
    """Two rows of three pictures of modules."""
    sheet = Sheet(980, 2 * 350)
    for number, (name, soft) in enumerate(shown):
        x, y = number % 3 * 332, number // 3 * 350
        share = 100 * wrong_share(soft, truth)
        sheet.text(x, y + 20, f"{name}: {share:.1f} % wrong", bold=True)
        sheet.picture(module_picture(soft, truth), x, y + 32, 4)
        sheet.line(square(x, y + 32, x + 308, y + 340), Tint.LINE, 1, True)
    return sheet


def _palette() -> list[int]:
    greys = [round(step * 255 / (GREYS - 1)) for step in range(GREYS)]
    colours = [qRgb(grey, grey, grey) for grey in greys]
    for tint in HUES:
        of_tint = tint.colour
        hue = np.array([of_tint.red(), of_tint.green(), of_tint.blue()])
        mixed = [255 + (hue - 255) * step / STEPS for step in range(1, STEPS + 1)]
        colours += [qRgb(*(round(float(part)) for part in colour)) for colour in mixed]
    return colours + [tint.colour.rgb() for tint in SURFACES]
