"""Tells screen readers what a window answers, once it has been painted."""

from __future__ import annotations

from weakref import ReferenceType, ref

from PySide6.QtCore import QObject

from kiosk.desk.admission import Admission
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.parts.accessible import announce


class Announcer(QObject):
    """Has an answer said at once, and a step when there is time; of staff's cards each at once."""

    def __init__(self, screen: SelfScreen | DeskScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._said: ReferenceType[Admission] | None = None  # weak: nobody is remembered here

    def tell(self, admission: Admission) -> None:
        """It has been painted. Once for each: the desk shows a card again that it keeps."""
        if self._said is None or admission is not self._said():
            self._said = ref(admission)
            urgent = admission.shown.is_answer or isinstance(self._screen, DeskScreen)
            announce(self._screen, self._screen.spoken, urgent=urgent)
