"""For which occasions somebody is taken in, and why only now."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.core.causes import Cause
from kiosk.core.policy.event import Event
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

_CAUSES = (Cause.WALK_IN, Cause.LATE_REGISTRATION)
_LINE = 56
_LINES = 4  # occasions, one below the other


class Occasions(QWidget):
    """The occasions of the event, of which some are ticked."""

    changed = Signal()

    def __init__(self, event: Event) -> None:
        super().__init__()
        self._names = {each.id: plain_name(each.name) for each in event.occasions}
        self._label = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        across = 1 if len(self._names) <= _LINES else 2
        self.choice = Choice(
            list(self._names), several=True, numbered=False, across=across, height=_LINE
        )
        self.choice.changed.connect(self.changed)
        self.setLayout(column(6).put(self._label, self.choice))

    @property
    def chosen(self) -> frozenset[str]:
        """The ids that are ticked."""
        return self.choice.chosen

    @property
    def named(self) -> str:
        """The same, for people."""
        return " · ".join(self._names[each] for each in self._names if each in self.chosen)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._label.say(say("acts.occasions"))
        self.choice.name(self._names)

    def offer(self, ids: Collection[str], chosen: Collection[str]) -> None:
        """Show these alone, some of them ticked."""
        self.choice.offer(ids)
        self.choice.choose(*chosen)


class Terms(QWidget):
    """Occasions, and the cause; a digit chooses the cause."""

    changed = Signal()

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.occasions = Occasions(event)
        self._why = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.causes = Choice([each.name for each in _CAUSES])
        self.occasions.changed.connect(self.changed)
        self.causes.changed.connect(self.changed)
        self.setLayout(column(6).put(self._why, self.causes, 6, self.occasions, None))

    @property
    def cause(self) -> Cause:
        """What was chosen."""
        return Cause[self.causes.one]

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._why.say(say("acts.why"))
        self.occasions.speak(say)
        self.causes.name({each.name: say(f"acts.{each.name.lower()}") for each in _CAUSES})

    def begin(self, offered: Collection[str], chosen: Collection[str]) -> None:
        """Ask anew."""
        self.causes.choose()
        self.occasions.offer(offered, chosen)

    def lacks(self) -> tuple[str, QWidget] | None:
        """A cause and an occasion."""
        if not self.occasions.chosen:
            return "acts.choose_occasion", self.occasions.choice.stop
        return None if self.causes.one else ("acts.choose_cause", self.causes.stop)

    def stops(self) -> list[QWidget]:
        """Where Tab goes."""
        return [*self.causes.stops(), *self.occasions.choice.stops()]
