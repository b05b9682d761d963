"""The three themes of the screens: the same tints, light, dark and with high contrast."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from kiosk.desk.settings import Look
from kiosk.look import LIGHT, Tint

# The answers stay as they are in the dark: a guest must know them again.
_DARK: Mapping[Tint, str] = {
    **LIGHT,
    Tint.INK: "#F2F4F8",
    Tint.MUTE: "#A9B4C8",
    Tint.PAPER: "#0E1628",
    Tint.CARD: "#14213D",
    Tint.LINE: "#34425F",
    Tint.ACCENT: "#8FA8FF",
    Tint.ADMIT_TINT: "#10392A",
    Tint.DESK_TINT: "#3F3312",
    Tint.ACCENT_TINT: "#1D2C57",
    Tint.ADMIT_TEXT: "#6FD9A5",
    Tint.ACCENT_TEXT: "#A9BCFF",
    Tint.ON_ACCENT: "#0E1628",
    Tint.ON_MUTE: "#0E1628",
    Tint.NIGHT: "#1F2A44",
}

# Black and white, and the three answers as deep as they stay themselves (WCAG 1.4.6: 7 to 1).
_CONTRAST: Mapping[Tint, str] = {
    **LIGHT,
    Tint.INK: "#FFFFFF",
    Tint.MUTE: "#FFFFFF",
    Tint.PAPER: "#000000",
    Tint.CARD: "#000000",
    Tint.LINE: "#FFFFFF",
    Tint.ACCENT: "#FFE000",
    Tint.ADMIT: "#005C2E",
    Tint.DESK: "#FFD000",
    Tint.REFUSE: "#9C0010",
    Tint.ADMIT_TINT: "#000000",
    Tint.DESK_TINT: "#000000",
    Tint.ACCENT_TINT: "#000000",
    Tint.ADMIT_TEXT: "#7CFFB2",
    Tint.ACCENT_TEXT: "#FFE000",
    Tint.ON_DESK: "#000000",
    Tint.ON_ACCENT: "#000000",
    Tint.ON_MUTE: "#000000",
    Tint.NIGHT: "#000000",
}


class Theme(StrEnum):
    """Which colours the tints have."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"

    def colour(self, tint: Tint) -> QColor:
        """For painting."""
        return QColor(_COLOURS[self][tint])


_COLOURS = {Theme.LIGHT: LIGHT, Theme.DARK: _DARK, Theme.CONTRAST: _CONTRAST}


def theme_of(look: Look) -> Theme:
    """The theme that was chosen, or the one that the system asks for now."""
    if look is not Look.AUTO:
        return Theme(look.value)
    hints = QGuiApplication.styleHints()
    wants_contrast = hints.accessibility().contrastPreference()
    if wants_contrast is Qt.ContrastPreference.HighContrast:
        return Theme.CONTRAST
    return Theme.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Theme.LIGHT
