"""Qt, the screen and the texts of this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from PySide6.QtWidgets import QApplication

from kiosk.adapters.system import display
from kiosk.adapters.system.places import assets
from kiosk.core.policy.event import Event
from kiosk.desk.findings import Mode
from kiosk.gui.parts.accessible import install_accessible
from kiosk.gui.parts.style import install_fonts
from kiosk.gui.words import wording
from kiosk.gui.words.wording import Wording, languages_in


def has_display() -> bool:
    """Whether a window could be seen, or somebody chose Qt's platform on purpose."""
    return bool(os.environ.get("QT_QPA_PLATFORM")) or display.answers()


def prepare_qt() -> None:
    """Settings that must stand before the first Qt object: no display means offscreen."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Qt Multimedia tells of each optional library that it does without; doctor does it better.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")


def load_wordings(event: Event, mode: Mode = Mode.DESK) -> Mapping[str, Wording]:
    """The texts that a screen of `mode` says, the event's first language first.

    For staff those of the event's languages that there are texts for staff in; for guests all.
    """
    folder = assets() / "texts"
    known = languages_in(folder / ("guest" if mode is Mode.SELF else "staff"))
    named = [code for code in map(wording.screen_language, event.languages) if code in known]
    wanted = [*named, *known] if mode is Mode.SELF else named or [wording.FALLBACK]
    return wording.load_wordings(folder, dict.fromkeys(wanted))


def application() -> QApplication:
    """The Qt application of this process, with the program's own fonts."""
    prepare_qt()
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    install_fonts(assets() / "fonts")
    install_accessible()
    return app
