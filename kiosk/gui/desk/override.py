"""A supervisor lets in against the answer: who, why, and the PIN. It lies upon the card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QWidget

from kiosk.core.causes import Cause
from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Supervisor, Vouching
from kiosk.gui.parts.controls import Pressable, PrimaryKey, SideKey, Toggle
from kiosk.gui.parts.fields import PinField
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import KeyCap, Text
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.outcomes import denied_words
from kiosk.gui.words.phrases import Help
from kiosk.gui.words.wording import Wording

_CAUSES = (Cause.KNOWN_GUEST, Cause.LIST_ERROR, Cause.EXTRA_SEAT, Cause.MACHINE_TROUBLE)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_LINE, _KEYS = 48, 88


class SupervisorPicker(Pressable):
    """One of the supervisors; arrows and clicks go to the next, a letter to a name."""

    def __init__(self) -> None:
        super().__init__(_LINE, radius=Radius.FIELD)
        self._people: Sequence[Supervisor] = ()
        self._place = 0
        self._name = Text(Type.BODY, Weight.SEMI, least=13)
        self._cap = KeyCap()
        content = row(12, (18, 0, 14, 0)).put(self._name)
        content.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(content)
        self.clicked.connect(lambda: self._choose(self._place + 1))

    @property
    def chosen(self) -> str:
        """The pseudonym of the supervisor shown."""
        return self._people[self._place].id if self._people else ""

    def offer(self, people: Sequence[Supervisor]) -> None:
        """Show the first of `people`."""
        self._people = people
        self._cap.say("↑ ↓")
        self._cap.setVisible(len(people) > 1)
        self._choose(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and letters choose; Enter is the panel's."""
        key, letter = Qt.Key(event.key()), event.text().casefold()
        if key in _STEPS:
            self._choose(self._place + _STEPS[key])
        elif letter.isalpha():
            self._choose_from(letter)
        elif key in _ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _choose_from(self, letter: str) -> None:
        """The next one whose name begins with `letter`."""
        count = len(self._people)
        following = (place % count for place in range(self._place + 1, self._place + count))
        for place in following:
            if self._people[place].name.casefold().startswith(letter):
                self._choose(place)
                return

    def _choose(self, place: int) -> None:
        if self._people:
            self._place = place % len(self._people)
            name = plain_name(self._people[self._place].name)
            self._name.say(name)
            self.setAccessibleName(name)


class OverridePanel(QWidget):
    """Asks who, why and the PIN. It keeps the focus and every key until it is left.

    stale: another answer came meanwhile, so that this one can be given no more.
    """

    asked = Signal(object, object)  # a Cause and a Vouching
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._say: Wording | None = None
        self._people: Sequence[Supervisor] | None = None  # None until the desk has told
        self._busy = self._stale = False
        self._title = Text(Type.LEAD, Weight.BOLD)
        self._guest = Text(Type.BODY, tint=Tint.MUTE)
        self._labels = [Text(Type.SMALL, Weight.SEMI, Tint.MUTE) for _ in range(3)]
        self.picker, self.pin = SupervisorPicker(), PinField()
        self.causes = {cause: Toggle(_LINE) for cause in _CAUSES}
        self._group = QButtonGroup(self)
        self.told = Text(Type.BODY, Weight.SEMI, lines=2, least=13)
        self.go, self._back = PrimaryKey(_KEYS), SideKey(_KEYS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._arrange()
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self._say = say
        self._title.say(say("override.title"))
        for label, key in zip(self._labels, ("who", "why", "pin"), strict=True):
            label.say(say(f"override.{key}"))
        for number, (cause, toggle) in enumerate(self.causes.items(), 1):
            toggle.name(say(f"override.{cause.name.lower()}"), str(number))
        self.pin.setAccessibleName(say("override.pin"))
        self.go.name(say("desk.let_in"), say("key.enter"))
        self._back.name(say("override.back"), say("key.escape"))
        self._tell("" if self._people else "wait" if self._people is None else "nobody")

    # What the screen says

    def begin(self, guest: str) -> None:
        """Ask anew, of the guest of that name; the supervisors are still to come."""
        self.end()
        self._guest.say(isolated(guest))
        self._tell("wait")
        self.setFocus()

    def end(self) -> None:
        """Forget everything."""
        self._people, self._busy, self._stale = None, False, False
        self.pin.clear()
        self._group.setExclusive(False)  # else the last one stays chosen
        for toggle in self.causes.values():
            toggle.setChecked(False)
        self._group.setExclusive(True)
        self._form.hide()
        self._arm()

    def offer(self, people: Sequence[Supervisor]) -> None:
        """Whom to choose from; where there is nobody, say what to do."""
        self._people = people
        self.picker.offer(people)
        self._form.setVisible(bool(people))
        self._arm()
        self._tell("" if people else "nobody")
        stop: QWidget = self.picker if len(people) > 1 else next(iter(self.causes.values()))
        (stop if people else self).setFocus(Qt.FocusReason.TabFocusReason)

    def deny(self, denied: Denied) -> None:
        """The PIN did not do."""
        self._busy = False
        if self._say is not None:
            self.told.say(denied_words(denied, self._say))
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, why: Help) -> None:
        """It cannot be done."""
        self._busy = False
        self.told.say(f"{why.line} {why.remedy}")

    def go_stale(self) -> None:
        """Another answer came: what is typed on here must not reach its keys."""
        self._stale = True
        self.pin.clear()
        self._tell("stale")

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes further, but the one that begins anew: those of the card must wait."""
        event.setAccepted(event.key() != Qt.Key.Key_F8)
        number = event.key() - Qt.Key.Key_1
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _ENTER:
            self._go()
        elif 0 <= number < len(_CAUSES) and self._form.isVisible():
            self.causes[_CAUSES[number]].setChecked(True)
            self.pin.setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays here, so that no digit of a PIN is typed anywhere else."""
        stops: list[QWidget] = [self._back]
        if self._form.isVisible():
            several = len(self._people or ()) > 1
            stops = [*([self.picker] if several else []), self._cause_stop(), self.pin, self.go]
            stops.append(self._back)
        here = next((n for n, stop in enumerate(stops) if stop.hasFocus()), -1 if forward else 0)
        stop = stops[(here + (1 if forward else -1)) % len(stops)]
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _cause_stop(self) -> QWidget:
        toggles = list(self.causes.values())
        here = (toggle for toggle in toggles if toggle.hasFocus())
        chosen = (toggle for toggle in toggles if toggle.isChecked())
        return next(here, None) or next(chosen, None) or toggles[0]

    def _go(self) -> None:
        """Ask for what is missing, else ask the desk."""
        if self._busy or self._stale or not self._people:
            QApplication.beep()
            return
        cause = next((each for each, toggle in self.causes.items() if toggle.isChecked()), None)
        if cause is None:
            self._tell("choose")
            self._cause_stop().setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.pin.text():
            self._tell("type_pin")
            self.pin.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._busy = True
            self._tell("wait")
            self.asked.emit(cause, Vouching(self.picker.chosen, self.pin.take()))

    def _arm(self) -> None:
        chosen = self._group.checkedButton() is not None
        self.go.arm(chosen and bool(self._people and self.pin.text()) and not self._stale)

    def _tell(self, what: str) -> None:
        if self._say is not None:
            self.told.say(self._say(f"override.{what}") if what else "")

    # Building

    def _arrange(self) -> None:
        who, why, pin = self._labels
        toggles = list(self.causes.values())
        pairs = [row(12).put(*toggles[:2]), row(12).put(*toggles[2:])]
        self._form = QWidget()
        form = column(4).put(who, self.picker, 6, why, pairs[0], 4, pairs[1], 6, pin, self.pin)
        self._form.setLayout(form)
        keys = row(12)
        keys.addWidget(self.go, 5)
        keys.addWidget(self._back, 2)
        inside = column(0, (32, 20, 32, 24))
        inside.put(self._title, 2, self._guest, 10, self._form, 10, self.told, None, keys)
        self.setLayout(inside)
        self._form.hide()

    def _connect(self) -> None:
        for toggle in self.causes.values():
            self._group.addButton(toggle)
            toggle.toggled.connect(self._arm)
        self.pin.textChanged.connect(self._arm)
        self.go.clicked.connect(self._go)
        self._back.clicked.connect(self.left)
