"""The window of the guest's side of a desk: what the guest has to know, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import Clock
from kiosk.desk.settings import USUAL, Settings
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.second.bystander import Bystander
from kiosk.gui.window import KioskWindow
from kiosk.gui.words.wording import Wording


class GuestWindow(KioskWindow):
    """Shows the guest at a desk what the self-scan shows, as staff's window decides.

    It never takes the keys, and asks for no touch. What staff alone may see does not reach it.
    wordings: by language, those of guests. desk: the thread of staff's window.
    """

    def __init__(
        self,
        station: Station,
        wordings: Mapping[str, Wording],
        clock: Clock,
        desk: DeskThread,
        settings: Settings = USUAL,
    ) -> None:
        self._at_desk = station
        beside = replace(station, mode=Mode.SELF)
        super().__init__(beside, wordings, clock, Bystander(desk), settings=settings)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if isinstance(self.screen_shown, SelfScreen):
            self.screen_shown.closed.staff.hide()  # staff open the desk at their own window

    def show_admission(self, admission: Admission) -> None:
        """Show what is of the guest's concern; a card that staff only look at is not."""
        if admission.shown is Shown.GUEST:
            self.invite()
            return
        super().show_admission(for_guests(admission))
        if admission.shown is Shown.DESK and isinstance(self.screen_shown, SelfScreen):
            self.screen_shown.answer.hold()  # until staff have decided

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """None means anything here: those of staff are for their own window."""
        event.accept()

    def invite(self) -> None:
        """Staff are done with the guest."""
        self._end_visit()

    def _where_guests_are(self) -> Station:
        """At the desk already."""
        return self._at_desk


def for_guests(admission: Admission) -> Admission:
    """`admission` without whatever is for the eyes of staff: reasons, facts, other guests."""
    return Admission(
        admission.shown,
        admission.at,
        guest=admission.guest if admission.shown is not Shown.REFUSE else None,
        way=admission.way,
        checked_only=admission.checked_only,
        has_certificate=admission.has_certificate,
        has_badge=admission.has_badge,
    )
