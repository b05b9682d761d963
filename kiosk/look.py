"""The event's look, on screens and on paper: colours, weights, the bundled fonts, each once."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

FONT_FAMILY = "Inter"
# Inter has Latin, Greek and Cyrillic letters; the next ones have those of Armenia and Georgia.
FONT_FAMILIES = (FONT_FAMILY, "Noto Sans Armenian", "Noto Sans Georgian")


class Tint(StrEnum):
    """Every colour of the screens. `*_TINT` are quiet surfaces behind text of the same hue."""

    INK = "#14213D"
    MUTE = "#5B6780"
    PAPER = "#F7F8FA"
    CARD = "#FFFFFF"
    LINE = "#D9DEE7"
    ACCENT = "#1D3FBB"
    SUN = "#FFCC00"  # guide frame and stars; never text
    ADMIT = "#0B7A43"
    DESK = "#F5B301"
    REFUSE = "#B3151F"
    ADMIT_TINT = "#E8F5EE"
    DESK_TINT = "#FEF4D6"
    ACCENT_TINT = "#EAEEFB"
    NIGHT = "#1F2A44"  # where the camera's picture is not

    @property
    def colour(self) -> QColor:
        """For painting."""
        return QColor(self.value)


class Weight:
    """The three weights that are bundled."""

    REGULAR = 400
    SEMI = 600
    BOLD = 700


def font(pixels: int, weight: int = Weight.REGULAR) -> QFont:
    """The bundled fonts in `pixels` of the device."""
    made = QFont(list(FONT_FAMILIES))
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    return made


def install_fonts(folder: Path) -> None:
    """Make the bundled font known to Qt. Raises FileNotFoundError where it is not."""
    files = sorted(file for file in folder.glob("*.?tf") if file.suffix in (".otf", ".ttf"))
    if not files:
        raise FileNotFoundError(f"no fonts in {folder}; unpack the program again")
    for file in files:
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FileNotFoundError(f"{file.name} is damaged; unpack the program again")


def begin_painting(folder: Path) -> QApplication:
    """What painting on paper needs: Qt without a screen, while it is held, and the fonts.

    folder: of the fonts. Raises FileNotFoundError where they are not.
    """
    present = QApplication.instance()
    if isinstance(present, QApplication):
        made = present
    else:
        if sys.platform.startswith("linux"):  # elsewhere there always is a screen
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        made = QApplication(sys.argv[:1])
    if not set(FONT_FAMILIES) <= set(QFontDatabase.families()):
        install_fonts(folder)
    return made
