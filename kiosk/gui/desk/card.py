"""The desk's card: answer, guest, facts or help, confirmations, keys. Its places never move."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import zip_longest

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from kiosk.core.guests.differences import Span
from kiosk.core.policy.event import Confirmation
from kiosk.gui.desk.candidate import CandidateRow
from kiosk.gui.parts.accessible import LINE, Access, Role
from kiosk.gui.parts.controls import Panel, PrimaryKey, SideKey, Toggle
from kiosk.gui.parts.marked import MarkedText
from kiosk.gui.parts.signs import SignBook, SignView
from kiosk.gui.parts.style import Style, Styled, Tint, Type, Weight, appear, column, row
from kiosk.gui.parts.text import RIGHT, Text
from kiosk.gui.words.answers import Sign
from kiosk.gui.words.phrases import MAX_CANDIDATES, MAX_REASONS, Band, Card, Help, idle_card
from kiosk.gui.words.wording import Wording

_MIDDLE = 272  # px between the name and the confirmations
_FACTS = 5
_ROOM = (5, 5, 3, 2)  # facts below none, one, two, three reasons
_MATTER = (0, 1, 4, 3, 2)  # their places, the one that matters most first
_HIGH = 3  # candidates that have two lines each
_KEYS = 88
CONFIRM_KEY = {Confirmation.ID_DOCUMENT: "key.space", Confirmation.MASK: ""}
_CONFIRM_WORD = {Confirmation.ID_DOCUMENT: "desk.id_document", Confirmation.MASK: "desk.mask"}
_LOOK = {  # fill, outline, its width, text, secondary text, sign
    Band.IDLE: (Tint.PAPER, Tint.LINE, 1, Tint.INK, Tint.MUTE, None),
    Band.STEP: (Tint.ACCENT_TINT, Tint.ACCENT, 3, Tint.ACCENT_TEXT, Tint.ACCENT_TEXT, None),
    Band.READY: (Tint.ADMIT_TINT, Tint.ADMIT, 4, Tint.ADMIT_TEXT, Tint.INK, None),
    Band.ADMIT: (Tint.ADMIT, None, 0, Tint.ON_ADMIT, Tint.ON_ADMIT, Sign.ADMIT),
    Band.DESK: (Tint.DESK, None, 0, Tint.ON_DESK, Tint.ON_DESK, Sign.DESK),
    Band.REFUSE: (Tint.REFUSE, None, 0, Tint.ON_REFUSE, Tint.ON_REFUSE, Sign.REFUSE),
    Band.LEFT: (Tint.MUTE, None, 0, Tint.ON_MUTE, Tint.ON_MUTE, None),
}


class AnswerBand(Panel):
    """The answer in one glance; in outline until the entry is on disk."""

    access = Access(Role.AlertMessage, whole=True)

    def __init__(self, signs: SignBook) -> None:
        super().__init__(radius=22, height=88)
        self._sign = SignView(signs, 48)
        self._title = Text(Type.LINE, Weight.BOLD)
        self._note = Text(Type.SMALL, align=RIGHT, lines=2)
        content = row(20, (28, 0, 28, 0)).put(self._sign)
        content.addWidget(self._title, 5)
        content.addWidget(self._note, 3)
        self.setLayout(content)
        self.band = Band.IDLE

    def tell(self, card: Card) -> None:
        """Show the answer of `card`."""
        self.band = card.band
        fill, line, thick, text, second, sign = _LOOK[card.band]
        self.wear(fill, line, thick)
        self._sign.show_sign(sign)
        appear(self._sign, sign is not None)
        self._title.dye(text)
        self._note.dye(second)
        self._title.say(card.title)
        self._note.say(card.note)
        self.setAccessibleName(f"{card.title}. {card.note}")


class FactLine(Panel):
    """A label and its value."""

    access = LINE

    def __init__(self, height: int) -> None:
        super().__init__(edge="bottom", height=height)
        self._label = Text(Type.SMALL, tint=Tint.MUTE)
        self._value = MarkedText(Type.BODY, least=12, tall=True)
        content = row(16, (0, 1, 0, 2))
        content.addWidget(self._label, 2)
        content.addWidget(self._value, 7)
        self.setLayout(content)

    def tell(self, label: str, value: str, marks: Sequence[Span] = ()) -> None:
        """Show both."""
        self._label.say(label)
        self._value.mark(value, marks)
        self.setAccessibleName(f"{label}: {value}")


class HelpLines(QWidget):
    """One reason, and what to do about it."""

    def __init__(self) -> None:
        super().__init__()
        self._line = Text(Type.LEAD, Weight.SEMI, least=14)
        self._remedy = Text(Type.BODY, tint=Tint.MUTE, least=13)
        self.setLayout(column(2).put(self._line, self._remedy))

    def tell(self, help_: Help | None) -> None:
        """Show both, or nothing."""
        appear(self, help_ is not None)
        self._line.say(help_.line if help_ else "")
        self._remedy.say(help_.remedy if help_ else "")


class HelpPage(QWidget):
    """What is in the way, what to do, and below it whom to choose from, or the facts."""

    def __init__(self) -> None:
        super().__init__()
        self._helps = [HelpLines() for _ in range(MAX_REASONS)]
        self.candidates = [CandidateRow() for _ in range(MAX_CANDIDATES)]
        self._facts = [FactLine(40) for _ in range(_FACTS)]
        content = column(4).put(*self._helps, 4, *self.candidates)
        content.addLayout(column(0).put(*self._facts))
        self.setLayout(content.put(None))

    def tell(self, card: Card) -> None:
        """Show the reasons of `card`, then its candidates or as many facts as there is room."""
        for place, help_ in zip_longest(self._helps, card.helps[: len(self._helps)]):
            place.tell(help_)
        for number, line in enumerate(self.candidates):
            if number < len(card.candidates):
                line.tell(card.candidates[number], number + 1, low=len(card.candidates) > _HIGH)
            else:
                line.blank()
        tell_facts(self._facts, card, () if card.candidates else _MATTER[: _ROOM[len(card.helps)]])


def tell_facts(lines: Sequence[FactLine], card: Card, chosen: Collection[int]) -> None:
    """Show those facts of `card` that are `chosen` by their place."""
    shown = [(n, fact) for n, fact in enumerate(card.facts) if n in chosen]
    for line, told in zip_longest(lines, shown):
        appear(line, told is not None)
        number, (label, value) = told or (None, ("", ""))  # nothing stays in what is hidden
        marks = card.on_list.marks if card.on_list and number == 0 else ()
        line.tell(label, value, marks)


class DeskCard(Panel):
    """The card on the right of the desk."""

    let_in = Signal()
    official_reader = Signal()
    leaves = Signal()
    otherwise = Signal()  # something else is to be decided
    cleared = Signal()
    chosen = Signal(str)
    turned = Signal()  # another page lies upon the card, or none any more

    def __init__(self, confirmations: Sequence[Confirmation], signs: SignBook) -> None:
        super().__init__(radius=24)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.card: Card | None = None
        self.band = AnswerBand(signs)
        self._name = MarkedText(Type.LINE, Weight.BOLD)
        self._birth = Text(Type.BODY, tint=Tint.MUTE)
        self._facts = [FactLine(54) for _ in range(_FACTS)]
        self._help = HelpPage()
        self.toggles = {each: Toggle(64) for each in confirmations}
        self.primary = PrimaryKey(_KEYS)
        self._reader, self._leaves, self._otherwise, self._clear = (
            SideKey(_KEYS) for _ in range(4)
        )
        self._enter = ""
        self._arrange()
        self._connect()

    @property
    def seen(self) -> frozenset[Confirmation]:
        """What staff confirmed."""
        return frozenset(each for each, toggle in self.toggles.items() if toggle.isChecked())

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        for each, toggle in self.toggles.items():
            key = CONFIRM_KEY[each]
            toggle.name(say(_CONFIRM_WORD[each]), say(key) if key else "M")
        self._enter = say("key.enter")
        self._reader.name(say("desk.official_reader"), "F6")
        self._leaves.name(say("desk.leaves"), "F7")
        self._otherwise.name(say("menu.key"), "F8")
        self._clear.name(say("desk.clear"), say("key.escape"))
        self.tell(idle_card(say))

    def tell(self, card: Card) -> None:
        """Show `card`; confirmations begin anew."""
        self.card = card
        self.band.tell(card)
        self._name.mark(card.name, card.marks)
        self._birth.say(card.birth)
        alone = bool(card.facts) and not card.helps
        tell_facts(self._facts, card, range(_FACTS) if alone else ())
        if not alone:
            self._help.tell(card)
        self._middle.setCurrentIndex(0 if alone else 1)
        for toggle in self.toggles.values():
            toggle.setEnabled(card.confirmable)
        self.ask_anew()
        self.primary.name(card.let_in, self._enter)
        self._leaves.setEnabled(card.guest is not None)
        self.rearm()

    def ask_anew(self) -> None:
        """Nothing is confirmed yet."""
        for toggle in self.toggles.values():
            toggle.setChecked(False)
            toggle.calm()

    @property
    def covered(self) -> bool:
        """Whether a sheet lies upon the card."""
        return self._pages.currentIndex() != 0

    def add(self, sheet: QWidget) -> None:
        """Have a sheet ready that may lie upon the card."""
        self._pages.addWidget(sheet)

    def lay(self, sheet: QWidget) -> None:
        """Show a sheet in the place of everything but the answer."""
        self._pages.setCurrentWidget(sheet)

    def shows(self, page: QWidget) -> bool:
        """Whether `page` lies upon the card."""
        return self._pages.currentWidget() is page

    def lift(self) -> None:
        """Show the card again."""
        self._pages.setCurrentIndex(0)

    def toggle(self, confirmation: Confirmation) -> None:
        """The key of a confirmation was pressed."""
        toggle = self.toggles.get(confirmation)
        if toggle is not None:
            toggle.click()

    def choose_candidate(self, number: int) -> None:
        """The key of a candidate was pressed."""
        if 0 < number <= MAX_CANDIDATES:
            self._choose(self._help.candidates[number - 1])

    def missing(self) -> Toggle | None:
        """The first confirmation that is still to be given."""
        waiting = (toggle for toggle in self.toggles.values() if not toggle.isChecked())
        return next(waiting, None)

    # Building

    def _arrange(self) -> None:
        facts = QWidget()
        facts.setLayout(column(0).put(*self._facts, None))
        self._middle = Middle()
        self._middle.addWidget(facts)
        self._middle.addWidget(self._help)
        inside = column(0, (32, 20, 32, 24))
        inside.put(self._name, 4, self._birth, 12, self._middle, None)
        inside.addLayout(row(16).put(*self.toggles.values()))
        keys = row(12)
        keys.addWidget(self.primary, 5)
        for key in (self._reader, self._leaves, self._otherwise, self._clear):
            keys.addWidget(key, 2)
        inside.put(16)
        inside.addLayout(keys)
        page = QWidget()
        page.setLayout(inside)
        self._pages = QStackedWidget()
        self._pages.addWidget(page)
        whole = column(0).put(self.band)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for toggle in self.toggles.values():
            toggle.toggled.connect(self.rearm)
        for line in self._help.candidates:
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
        self.primary.clicked.connect(self.let_in)
        self._reader.clicked.connect(self.official_reader)
        self._leaves.clicked.connect(self.leaves)
        self._otherwise.clicked.connect(self.otherwise)
        self._clear.clicked.connect(self.cleared)
        self._pages.currentChanged.connect(self.turned)

    def rearm(self) -> None:
        """Show whether the big key would let somebody in."""
        goes_on = self.card is not None and self.card.goes_on
        confirmable = self.card is not None and self.card.confirmable
        # Green is for what lets somebody in.
        colours = (Tint.ACCENT, Tint.ON_ACCENT) if goes_on else (Tint.ADMIT, Tint.ON_ADMIT)
        self.primary.wear(*colours)
        self.primary.arm(goes_on or (confirmable and self.missing() is None))

    def _choose(self, line: CandidateRow) -> None:
        if line.guest_id and line.isVisible():
            self.chosen.emit(line.guest_id)


class Middle(QStackedWidget, Styled):
    """Facts or help, in the same place."""

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedHeight(style.px(_MIDDLE))
