"""A blank badge of the reserve counts for a guest from now on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.causes import Cause
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.staff.roles import Action
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.desk_thread import BLANK_SHOWN
from kiosk.gui.parts.fields import Entry
from kiosk.gui.parts.style import Tint, Type, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.wording import Wording

_LONGEST = 12  # characters of a number
_LOOK_UP = "blank:"


class GiveBadgeSheet(Act):
    """The number of the blank badge is typed, or the badge is scanned."""

    asked, action, words = Asked.GIVE_BADGE, Action.REPLACE_BADGE, "give_badge"
    goes = "give_badge.go"

    def __init__(self) -> None:
        self.number = Entry(_LONGEST)
        self._found = Text(Type.BODY, tint=Tint.MUTE, lines=2)
        self.blank: ReserveBadge | None = None
        self._answered = ""  # of which number it is known whether it is in the reserve
        page = QWidget()
        page.setLayout(column(12).put(self.number, self._found, None))
        super().__init__(page)
        self.number.field.textChanged.connect(self._look_up)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.number.name(say("give_badge.number"))
        self._show()

    def question(self) -> Question:
        """To have the badge count."""
        guest = self.admission.guest.id if self.admission and self.admission.guest else ""
        badge, cause = self.blank.badge if self.blank else b"", Cause.BADGE_HANDED_OUT
        return lambda desk, by, at: desk.registering.give_badge(guest, badge, cause, by, at)

    def fill_in(self) -> None:
        """No number yet."""
        self.number.fill("")
        self._answered = ""
        self._show()

    def take(self, what: str, answer: object) -> None:
        """Whether there is such a blank badge."""
        if what == BLANK_SHOWN and isinstance(answer, ReserveBadge) and not self.vouching:
            self.number.fill(answer.number)
            return
        number = what.removeprefix(_LOOK_UP)
        if what.startswith(_LOOK_UP) and number == self.number.text:
            self.blank = answer if isinstance(answer, ReserveBadge) else None
            self._answered = number
            self._show()
            self.rearm()

    def lacks(self) -> tuple[str, QWidget] | None:
        """The number of one that there is."""
        if not self.number.text:
            return "give_badge.type", self.number.field
        return None if self.blank else ("give_badge.unknown", self.number.field)

    def places(self) -> Sequence[QWidget]:
        """The field."""
        return [self.number.field]

    def sentence(self) -> str:
        """Which badge counts for whom."""
        guest = self.admission.guest if self.admission else None
        if self.say is None or guest is None:
            return ""
        number = plain_name(self.number.text)
        return self.say("give_badge.sentence", number=number, name=isolated(guest.name))

    def _look_up(self) -> None:
        number = self.number.text
        self.blank = None
        self._show()
        self.rearm()
        if number:
            self.inquires.emit(f"{_LOOK_UP}{number}", lambda desk: desk.offering.blank(number))

    def _show(self) -> None:
        if self.say is None:
            return
        if self.blank is not None:
            number, desk = plain_name(self.blank.number), plain_name(self.blank.desk)
            self._found.say(self.say("give_badge.found", number=number, desk=desk))
        elif self.number.text and self._answered == self.number.text:
            self._found.say(self.say("give_badge.unknown"))
        else:
            self._found.say(self.say("give_badge.hint"))
