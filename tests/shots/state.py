"""One state of one screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.desk.findings import Mode
from tests.shots.looks import guest_languages, staff_languages
from tests.shots.stage import Stage


@dataclass(frozen=True)
class State:
    """screen: its part of the gallery. show: brings a window that has begun anew into it."""

    mode: Mode
    screen: str
    name: str
    show: Callable[[Stage], None]

    @property
    def file(self) -> str:
        """The name of its pictures, without ending."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.screen} {self.name}".lower()).strip("-")

    @property
    def languages(self) -> tuple[str, ...]:
        """In which it can be read."""
        return guest_languages() if self.mode is Mode.SELF else staff_languages()
