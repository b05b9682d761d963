"""Staff send somebody away, with a coded cause: never with a word about a certificate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.leaving import SENT_AWAY
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording

# Each cause by one of its reasons; what has to do with a certificate is counted without a person.
_REASONS = {
    "not_invited": Reason.NOT_ON_LIST,
    "no_seat": Reason.SEATS_TAKEN,
    "names_differ": Reason.NAMES_DIFFER,
    "badge_not_valid": Reason.BADGE_REVOKED,
    "in_already": Reason.INSIDE_ELSEWHERE,
    "certificate": Reason.CERTIFICATE_MISSING,
}


class SendAwaySheet(Act):
    """The cause; the one that the answer gave is chosen already."""

    asked, action, words = Asked.SEND_AWAY, Action.SEND_AWAY, "send_away"
    goes = "send_away.go"

    def __init__(self) -> None:
        self._why = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.causes = Choice(list(_REASONS))
        page = QWidget()
        page.setLayout(column(8).put(self._why, self.causes, None))
        super().__init__(page)
        self.causes.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self._why.say(say("override.why"))
        self.causes.name({each: say(f"send_away.{each}") for each in _REASONS})

    def question(self) -> Question:
        """To record the refusal."""
        guest = self.admission.guest.id if self.admission and self.admission.guest else ""
        reason = _REASONS[self.causes.one]
        return lambda desk, _by, at: desk.leaving.send_away(guest, reason, at)

    def fill_in(self) -> None:
        """The cause of the answer's first reason, where it has one."""
        reasons = self.admission.reasons if self.admission else ()
        found = {SENT_AWAY[r] for r in reasons if r in SENT_AWAY}
        likely = [each for each, reason in _REASONS.items() if SENT_AWAY.get(reason) in found]
        self.causes.choose(*likely[:1])

    def lacks(self) -> tuple[str, QWidget] | None:
        """The cause."""
        return None if self.causes.one else ("send_away.choose", self.causes.stop)

    def places(self) -> Sequence[QWidget]:
        """The causes."""
        return self.causes.stops()

    def digit(self, digit: str) -> bool:
        """Chooses a cause; Enter sends away."""
        return not self.vouching and self.causes.press(digit)
