"""How a screen is looked at: language, size of the window, colours and size of the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.desk.settings import Look as Theme
from kiosk.desk.settings import Settings
from kiosk.gui.words.wording import languages_in
from tests.gui_support import ASSETS

SIZES = ((1280, 800), (1024, 600), (1366, 768), (1920, 1080), (1080, 1920))  # pixels


class Dress(StrEnum):
    """Colours and size of the text."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    LARGE = "large"


@dataclass(frozen=True, order=True)
class Look:
    """One way to look at a screen. size: width and height in pixels."""

    language: str = "fr"
    size: tuple[int, int] = SIZES[0]
    dress: Dress = Dress.LIGHT

    @property
    def settings(self) -> Settings:
        """What makes a window look so; large text is shown in the light colours."""
        large = self.dress is Dress.LARGE
        return Settings(Theme.LIGHT if large else Theme(self.dress), large, reduced_motion=True)

    @property
    def size_name(self) -> str:
        """The size in words."""
        return "{}x{}".format(*self.size)

    @property
    def words(self) -> tuple[str, str, str]:
        """What it is chosen and filed by."""
        return self.language, self.size_name, self.dress.value


def guest_languages() -> tuple[str, ...]:
    """All that guests are spoken to in, French and English first."""
    return _first(languages_in(ASSETS / "texts" / "guest"))


def staff_languages() -> tuple[str, ...]:
    """Those of staff."""
    return _first(languages_in(ASSETS / "texts" / "staff"))


def _first(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (code != "fr", code != "en", code)))
