"""A guest's badge is printed once more: the same one, or another where it is lost."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from kiosk.core.causes import Cause
from kiosk.core.guests.badge import ID_LENGTH
from kiosk.core.guests.guest import Guest
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.ports import PrintFault
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.style import Tint, Type, Weight, column
from kiosk.gui.parts.text import Text
from kiosk.gui.words.wording import Wording

_SAME, _NEW = "same", "new"


class ReprintSheet(Act):
    """Which of the two. Where it is another one, it counts only once it was printed."""

    asked, action, words = Asked.REPRINT, Action.REPLACE_BADGE, "reprint"
    goes = "reprint.go"

    def __init__(self) -> None:
        self._which, self._where = Text(Type.SMALL, Weight.SEMI, Tint.MUTE), Text(tint=Tint.MUTE)
        self.kinds = Choice([_SAME, _NEW], across=1)
        self.guest: Guest | None = None  # with the badge that is printed
        page = QWidget()
        page.setLayout(column(8).put(self._which, self.kinds, 8, self._where, None))
        super().__init__(page)
        self.kinds.changed.connect(self.rearm)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self._which.say(say("reprint.which"))
        self.kinds.name({each: say(f"reprint.{each}") for each in (_SAME, _NEW)})

    def tell_printer(self, name: str) -> None:
        """Where it is printed; no name: into a file."""
        if self.say is not None:
            say = self.say
            self._where.say(say("reprint.on", name=name) if name else say("reprint.file"))

    def question(self) -> Question:
        """After printing: to have the new badge count, where it is one."""
        guest = self.guest
        if guest is None:
            return lambda *_: NotDone(Reason.NOT_ON_LIST)
        if self.kinds.one == _SAME:
            return lambda *_: Done(guests=(guest,))
        cause = Cause.BADGE_REPLACED
        return lambda desk, by, at: desk.registering.give_badge(
            guest.id, guest.badge, cause, by, at
        )

    def to_print(self) -> Guest | None:
        """The guest with the badge that is to be printed."""
        guest = self.admission.guest if self.admission else None
        if guest is not None and self.kinds.one == _NEW:
            guest = replace(guest, badge=secrets.token_bytes(ID_LENGTH))
        self.guest = guest
        return guest

    def wait(self) -> None:
        """It is being printed."""
        super().wait()
        self.tell("reprint.wait")

    def fail_printing(self, fault: PrintFault) -> None:
        """It was not printed: nothing was changed."""
        self.busy = False
        self.tell(f"print_fault.{fault}")
        self.rearm()

    def fill_in(self) -> None:
        """The same badge, mostly: it got creased."""
        self.kinds.choose(_SAME)

    def lacks(self) -> tuple[str, QWidget] | None:
        """Which of the two."""
        return None if self.kinds.one else ("reprint.which", self.kinds.stop)

    def places(self) -> Sequence[QWidget]:
        """The two."""
        return self.kinds.stops()

    def digit(self, digit: str) -> bool:
        """Chooses; Enter prints."""
        return not self.vouching and self.kinds.press(digit)
