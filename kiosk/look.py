"""The event's look, on screens and on paper: colours, weights, the bundled fonts, each once."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import Enum, auto
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

FONT_FAMILY = "Inter"
# Inter has Latin, Greek and Cyrillic letters; the next ones have those of Armenia and Georgia.
FONT_FAMILIES = (FONT_FAMILY, "Noto Sans Armenian", "Noto Sans Georgian")


class Tint(Enum):
    """Every colour by its use. `*_TINT` are quiet surfaces behind text of the same hue."""

    INK = auto()  # text
    MUTE = auto()  # secondary text
    PAPER = auto()
    CARD = auto()
    LINE = auto()
    ACCENT = auto()
    SUN = auto()  # guide frame and stars; never text
    ADMIT = auto()
    DESK = auto()
    REFUSE = auto()
    ADMIT_TINT = auto()
    DESK_TINT = auto()
    ACCENT_TINT = auto()
    ADMIT_TEXT = auto()  # on paper, card and its tint
    ACCENT_TEXT = auto()
    ON_ADMIT = auto()  # text on the filled colour
    ON_DESK = auto()
    ON_REFUSE = auto()
    ON_ACCENT = auto()
    ON_MUTE = auto()
    NIGHT = auto()  # where the camera's picture is not
    ON_NIGHT = auto()

    @property
    def colour(self) -> QColor:
        """On paper, and on light screens."""
        return QColor(LIGHT[self])


LIGHT: Mapping[Tint, str] = {
    Tint.INK: "#14213D",
    Tint.MUTE: "#5B6780",
    Tint.PAPER: "#F7F8FA",
    Tint.CARD: "#FFFFFF",
    Tint.LINE: "#D9DEE7",
    Tint.ACCENT: "#1D3FBB",
    Tint.SUN: "#FFCC00",
    Tint.ADMIT: "#0B7A43",
    Tint.DESK: "#F5B301",
    Tint.REFUSE: "#B3151F",
    Tint.ADMIT_TINT: "#E8F5EE",
    Tint.DESK_TINT: "#FEF4D6",
    Tint.ACCENT_TINT: "#EAEEFB",
    Tint.ADMIT_TEXT: "#0B7A43",
    Tint.ACCENT_TEXT: "#1D3FBB",
    Tint.ON_ADMIT: "#FFFFFF",
    Tint.ON_DESK: "#14213D",
    Tint.ON_REFUSE: "#FFFFFF",
    Tint.ON_ACCENT: "#FFFFFF",
    Tint.ON_MUTE: "#FFFFFF",
    Tint.NIGHT: "#1F2A44",
    Tint.ON_NIGHT: "#FFFFFF",
}


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
