"""An occasion closes: whoever is inside leaves now, at every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from kiosk.core.policy.event import Event
from kiosk.core.staff.roles import Action
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import persons
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_INSIDE = "inside"


class EveryoneOutSheet(Act):
    """Which occasion; each tells how many are inside."""

    asked, action, words = Asked.EVERYONE_OUT, Action.EVERYONE_OUT, "everyone_out"
    goes = "everyone_out.go"
    bound = False

    def __init__(self, event: Event) -> None:
        self._event = event
        self.inside: Mapping[str, int] = {}
        self._which = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.occasions = Choice([each.id for each in event.occasions], across=1, height=56)
        page = QWidget()
        page.setLayout(column(8).put(self._which, self.occasions, None))
        super().__init__(page)
        self.occasions.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self._which.say(say("everyone_out.which"))
        self._name()

    def question(self) -> Question:
        """To record everybody's exit."""
        occasion = self.occasions.one
        return lambda desk, by, at: desk.leaving.everyone_out(occasion, by, at)

    def fill_in(self) -> None:
        """How many are inside is still to come."""
        self.inside = {}
        self.occasions.choose()
        self._name()
        self._look(self.at)

    def take(self, what: str, answer: object) -> None:
        """How many are inside; the fullest one is chosen."""
        if what == _INSIDE and isinstance(answer, dict):
            self.inside = answer
            fullest = max(self.inside, key=lambda each: self.inside[each], default="")
            if fullest and self.inside[fullest] and not self.occasions.one:
                self.occasions.choose(fullest)
            self._name()

    def lacks(self) -> tuple[str, QWidget] | None:
        """The occasion."""
        return None if self.occasions.one else ("everyone_out.choose", self.occasions.stop)

    def places(self) -> Sequence[QWidget]:
        """The occasions."""
        return self.occasions.stops()

    def digit(self, digit: str) -> bool:
        """Chooses an occasion; Enter goes on."""
        return not self.vouching and self.occasions.press(digit)

    def sentence(self) -> str:
        """How many leave."""
        if self.say is None:
            return ""
        count = persons(self.inside.get(self.occasions.one, 0), self.say)
        return self.say("everyone_out.sentence", persons=count)

    def _look(self, at: datetime) -> None:
        occasions = self._event.occasions
        self.inquires.emit(
            _INSIDE,
            lambda desk: {each.id: desk.figures.occasion(each, at).inside for each in occasions},
        )

    def _name(self) -> None:
        if self.say is None:
            return
        labels = {}
        for each in self._event.occasions:
            name = plain_name(each.name)
            count = self.inside.get(each.id)
            told = self.say("everyone_out.inside", name=name, count=count or 0)
            labels[each.id] = name if count is None else told
        self.occasions.name(labels)
