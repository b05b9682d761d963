"""Every language on every screen size, in usual and in large text: nothing is clipped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from kiosk.core.decide import Way
from kiosk.core.policy.event import DeskSide
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode, Station
from tests.gui_support import (
    AT,
    SOMEBODY,
    Opened,
    admit,
    awaiting,
    dress,
    guest_wordings,
    opened,
    refuse,
    see_desk,
    station,
)
from tests.test_gui_design import SIZES, check_texts

ALL = guest_wordings()
STATES = [
    Admission(Shown.ONE_AT_A_TIME, AT),
    awaiting(Shown.AWAIT_BADGE),
    awaiting(Shown.AWAIT_CERTIFICATE),
    admit(),
    admit(checked_only=False),
    admit(replace(SOMEBODY, given=""), way=Way.AGAIN),
    see_desk(Reason.NAMES_DIFFER),
    see_desk(Reason.CODE_NOT_READ),
    refuse(),
]


def with_the_longest_way() -> Station:
    """The desk is where the words for it are the longest in most languages."""
    here = station(Mode.SELF)
    return replace(here, door=replace(here.door, desk=DeskSide.BEHIND))


def check_pages(kiosk: Opened, language: str) -> None:
    """Every page and every answer, in the language that is spoken now."""
    screen = kiosk.guest
    for page in (screen.languages, screen.notice):
        screen.open_page(page)
        QApplication.processEvents()
        check_texts(kiosk, (language, page))
    screen.show_closed()
    QApplication.processEvents()
    check_texts(kiosk, (language, "closed"))
    screen.show_open()
    QApplication.processEvents()
    check_texts(kiosk, (language, "idle"))
    for state in STATES:
        screen.show_admission(state)
        QApplication.processEvents()
        check_texts(kiosk, (language, state))
    screen.invite()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_no_language_is_clipped(size: tuple[int, int], large: bool, qapp: QApplication) -> None:
    dress(qapp)
    with opened(Mode.SELF, size, say=ALL, at=with_the_longest_way()) as kiosk:
        kiosk.window.setUpdatesEnabled(False)  # nothing is looked at but places
        kiosk.guest.can_listen = lambda _: True
        for language in ALL:
            kiosk.window.switch_language(language)
            kiosk.window.wear(contrast=False, large=large)
            check_pages(kiosk, language)
            assert kiosk.window.size() == QSize(*size)
