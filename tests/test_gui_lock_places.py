"""The way out is readable in every language, size and dress."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Mode
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.supervising import Supervisor, Vouchers
from kiosk.gui.lock.leaving import WayOut
from tests.gui_support import dress, opened
from tests.shots.faults import faults
from tests.shots.looks import SIZES, Dress, Look, staff_languages

PEOPLE = (Supervisor("a", "Ada Responsable"), Supervisor("b", "Sam van den Langennaam-Ficticia"))


@pytest.mark.parametrize("language", staff_languages())
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_nothing_of_the_way_out_is_cut_or_lies_on_something_else(
    qapp: QApplication, language: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    dress(qapp)
    wrong: list[str] = []
    with opened(Mode.DESK, size, language) as kiosk:
        way = WayOut(qapp, kiosk.window, kiosk.desk, kiosk.clock, kiosk.window._wordings[language])
        monkeypatch.setattr(kiosk.desk, "tell", lambda *_: None)  # it is told here who there is
        for each in Dress:
            kiosk.window.take_settings(Look(language, size, each).settings)
            for people in (PEOPLE, ()):
                way.ask()
                way._offer(Vouchers(Action.CLOSE_DOOR, people, needed=bool(people)))
                for _ in range(2):  # layouts that follow from layouts
                    qapp.processEvents()
                assert way.sheet.pin_form.isVisible() is bool(people)
                wrong += [f"{each}, {len(people)}: {fault}" for fault in faults(way.cover)]
                if people:
                    way.sheet.deny(Denied(Why.WAITS, wait=840))
                    qapp.processEvents()
                    wrong += [f"{each}, denied: {fault}" for fault in faults(way.cover)]
                way.close()
    assert wrong == []
