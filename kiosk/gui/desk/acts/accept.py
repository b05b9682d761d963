"""Somebody of the list takes part in person who was waiting, declined, remote, or not invited."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Station
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.desk.acts.terms import Terms
from kiosk.gui.words.acts import coming_now
from kiosk.gui.words.names import isolated
from kiosk.gui.words.wording import Wording


class AcceptSheet(Act):
    """For what, and why only now; the digit of a cause goes on."""

    asked, action, words = Asked.ACCEPT, Action.AMEND, "accept"
    goes = "accept.go"

    def __init__(self, station: Station) -> None:
        self._station = station
        self.terms = Terms(station.event)
        super().__init__(self.terms)
        self.terms.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.terms.speak(say)

    def question(self) -> Question:
        """To have the guest expected in person."""
        guest = self.admission.guest.id if self.admission and self.admission.guest else ""
        seats, cause = self.terms.occasions.chosen, self.terms.cause
        return lambda desk, by, at: desk.registering.accept(guest, seats, cause, by, at)

    def fill_in(self) -> None:
        """What is open, or comes next."""
        self.terms.begin(*coming_now(self._station, self.at))

    def lacks(self) -> tuple[str, QWidget] | None:
        """Occasion and cause."""
        return self.terms.lacks()

    def places(self) -> Sequence[QWidget]:
        """The terms."""
        return self.terms.stops()

    def digit(self, digit: str) -> bool:
        """Chooses the cause, and goes on."""
        if self.vouching or self.stale or not self.terms.causes.press(digit):
            return False
        self.go_on()
        return True

    def sentence(self) -> str:
        """Who is expected from now on, and for what."""
        guest = self.admission.guest if self.admission else None
        if self.say is None or guest is None:
            return ""
        named = self.terms.occasions.named
        return self.say("accept.sentence", name=isolated(guest.name), occasions=named)
