"""A question that lies upon a card or a screen, and keeps every key until it is left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kiosk.desk.sessions import Denied
from kiosk.gui.parts.accessible import GROUP, Access, Role
from kiosk.gui.parts.controls import Panel, PrimaryKey, SmallKey
from kiosk.gui.parts.fields import Field, PinField
from kiosk.gui.parts.keyboard import Keyboard
from kiosk.gui.parts.keys import ENTER, digit_of
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Styled, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import RIGHT, StatusText, Text
from kiosk.gui.words.names import isolated
from kiosk.gui.words.outcomes import denied_words
from kiosk.gui.words.phrases import Help
from kiosk.gui.words.wording import Wording


class Sheet(QWidget, Styled):
    """Title, form, a told line, and the keys to go on and back.

    A sheet of its own fills `form`, and says what is `missing`, which `stops` Tab goes round, and
    what is done once nothing is missing (`complete`). It keeps the focus until it is `left`.
    busy: something was asked, and the answer is still to come. stale: what was asked about is
    gone, so that it can be answered no more; what is typed on must reach nothing else.
    """

    access = Access(Role.Dialog)
    left = Signal()
    goes = "sheet.go"  # the words on the key that goes on

    def __init__(self, *, admits: bool = False) -> None:
        """`admits`: going on lets somebody in, which is told by green."""
        super().__init__()
        self.say: Wording | None = None
        self.busy = self.stale = False
        self.keyboard = Keyboard()
        self._served: Field | None = None  # by the keyboard upon the screen
        self._watched = False
        self._making_room: list[QWidget] = []  # for that keyboard
        self.title = Text(Type.LEAD, Weight.BOLD)
        self.about = Text(Type.BODY, tint=Tint.MUTE, align=RIGHT, least=13)
        self.form = QWidget()
        self.told = StatusText(Type.BODY, Weight.SEMI, lines=2, least=13)
        self.go = PrimaryKey(KEY_HEIGHT, *([] if admits else [Tint.ACCENT, Tint.ON_ACCENT]))
        self.back = SmallKey(KEY_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._lay_out()
        self.go.clicked.connect(self.go_on)
        self.back.clicked.connect(self.step_back)
        self.keyboard.put_away.connect(self.put_keyboard_away)

    # What each sheet has of its own

    def stops(self) -> Sequence[QWidget]:
        """Where Tab goes while the form is shown, in this order; the two keys follow."""
        return ()

    def missing(self) -> tuple[str, QWidget] | None:
        """What is to be given first: the key of its words, and where."""
        return None

    def complete(self) -> None:
        """Nothing is missing: ask whoever decides."""

    def digit(self, digit: str) -> bool:
        """A digit was typed outside any field; whether it meant anything."""
        return not digit

    def step_back(self) -> None:
        """Escape, or its key."""
        self.left.emit()

    # What the sheet says

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        self.say = say
        self.keyboard.speak(say)
        self.go.name(say(self.goes), say("key.enter"))
        self.back.name(say("sheet.back"), say("key.escape"))

    def begin(self, about: str = "") -> None:
        """Ask anew; `about` is a name, or nothing."""
        self.end()
        self._watch_fingers()
        self.about.say(isolated(about))
        self.setAccessibleName(self.title.full)
        self.tell("")
        self.focus_first()

    def end(self) -> None:
        """Forget everything."""
        self.put_keyboard_away()
        self.busy = self.stale = False
        for label in (self.about, self.told):
            label.say("")
        for field in self.findChildren(Field):
            field.clear()
        self.rearm()

    def wait(self) -> None:
        """It was asked."""
        self.busy = True
        self.tell("sheet.wait")
        self.rearm()

    def deny(self, denied: Denied) -> None:
        """The PIN did not do."""
        self.busy = False
        if self.say is not None:
            self.told.say(denied_words(denied, self.say))
        self.rearm()

    def fail(self, why: Help) -> None:
        """It cannot be done."""
        self.busy = False
        self.told.say(f"{why.line} {why.remedy}")
        self.rearm()

    def go_stale(self) -> None:
        """Another answer came: nothing more is asked here."""
        self.stale = True
        self.tell("sheet.stale")
        self.rearm()

    def tell(self, key: str) -> None:
        """Say the words of `key`, or nothing."""
        if self.say is not None:
            self.told.say(self.say(key) if key else "")

    def rearm(self) -> None:
        """Show whether going on would do something."""
        self.go.arm(not self.busy and not self.stale and self.missing() is None)

    # Keys

    def go_on(self) -> None:
        """Ask for what is missing, else do it."""
        if self.busy or self.stale:
            QApplication.beep()
            return
        missing = self.missing()
        if missing is None:
            self.complete()
            return
        words, stop = missing
        self.tell(words)
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def focus_first(self) -> None:
        """The keys work at once."""
        stop = next(iter(self.stops()), self)
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes further: those of what lies below must wait."""
        event.accept()
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        elif event.key() in ENTER:
            self.go_on()
        elif digit := digit_of(event):
            self.digit(digit)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays here, so that nothing is typed anywhere else."""
        keys = [key for key in (self.go, self.back) if not key.isHidden()]
        own = [stop for stop in self.stops() if stop.isVisible() and stop.isEnabled()]
        stops = [*own, *keys] or [self]
        here = next((n for n, stop in enumerate(stops) if stop.hasFocus()), -1 if forward else 0)
        stop = stops[(here + (1 if forward else -1)) % len(stops)]
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # The keyboard upon the screen, for fingers

    def _watch_fingers(self) -> None:
        """A field that a finger touches gets a keyboard; that of a PIN has keys of its own."""
        fields = set() if self._watched else set(self.findChildren(Field))
        self._watched = True
        for field in fields:
            if not isinstance(field, PinField):
                field.touched.connect(partial(self._serve, field))

    def _serve(self, field: Field) -> None:
        new = self._served is None
        self._served = field
        self.keyboard.serve(field, capitals=True)
        if new:
            self.keyboard.enter.clicked.connect(self._entered)
        self._make_room()

    def _entered(self) -> None:
        """Enter of that keyboard, which a field has got alone, and not what lies behind it."""
        if self._served is not None and not self._served.keeps_enter:
            self.put_keyboard_away()
            self.go_on()

    def put_keyboard_away(self) -> None:
        """Show again what had to make room for it."""
        if self._making_room:
            self.keyboard.hide()
            for each in self._making_room:
                each.show()
            self._making_room = []
            self.cramp(cramped=False)

    def _make_room(self) -> None:
        """It stands in the place of the keys, for Enter and the way back are on it too."""
        if not self._making_room:
            below = (self.told, self.go, self.back)
            self._making_room = [each for each in below if not each.isHidden()]
            for each in below:
                each.hide()
            self.cramp(cramped=True)

    def cramp(self, *, cramped: bool) -> None:
        """Leave away what is not needed to type, while there is little room."""

    # Building

    def _lay_out(self) -> None:
        above = row(16)
        above.addWidget(self.title, 3)
        above.addWidget(self.about, 2)
        self._foot = row(12)
        self._foot.addWidget(self.go, 5)
        self._foot.addWidget(self.back, 2)
        inside = column(0, (32, 16, 32, 24)).put(above, 10)
        inside.addWidget(self.form, 1)
        inside.put(6, self.told, 8, self._foot, self.keyboard)
        self.setLayout(inside)


class Passing(Panel):
    """What lies upon a window for a moment, and goes when a sheet comes."""


class Cover(QWidget, Styled):
    """A sheet upon a whole screen: it lies in the middle, and nothing behind it can be pressed."""

    access = GROUP

    def __init__(self, screen: QWidget, sheet: Sheet, size: tuple[int, int] = (880, 620)) -> None:
        """`size`: the largest that the sheet gets, in px of the design."""
        super().__init__(screen)
        self.sheet, self._screen, self._size = sheet, screen, size
        self._panel = Panel(radius=24)
        self._panel.setLayout(column().put(sheet))
        self._panel.setParent(self)
        screen.installEventFilter(self)
        self.hide()

    def open(self, about: str = "") -> None:
        """Lay the sheet upon the screen."""
        for passing in self.window().findChildren(Passing):
            passing.hide()
        self._fit()
        self.show()
        self.raise_()
        self.sheet.begin(about)

    def close_sheet(self) -> None:
        """Take it away; it forgets everything."""
        self.sheet.end()
        self.hide()

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The screen has another size."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paper: what lies below is not to be read meanwhile."""
        QPainter(self).fillRect(self.rect(), self._style.colour(Tint.PAPER))

    def _fit(self) -> None:
        self.setGeometry(self._screen.rect())
        width, height = (self._style.px(side) for side in self._size)
        if self._style.portrait:
            width = self.width()
        room = self._style.px(24)
        width, height = min(width, self.width() - 2 * room), min(height, self.height() - 2 * room)
        left, top = (self.width() - width) // 2, (self.height() - height) // 2
        self._panel.setGeometry(left, top, width, height)
