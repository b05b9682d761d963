"""A keyboard upon the screen, for a PC without one: Latin with accents, Greek, Cyrillic, digits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedWidget, QWidget

from kiosk.gui.parts.controls import Panel, Pressable
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, column, restyle, row
from kiosk.gui.parts.text import CENTRE, Text
from kiosk.gui.words.wording import Wording

KEY = 56
_LONG = 450  # milliseconds: from then on a key held down shows its accents
_REPEAT = 90  # between two erasures while the key is held
_GAP = 6

_LATIN = {  # by the language of staff: as on the keyboards that they know
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn'-"),
    "en": ("qwertyuiop", "asdfghjkl'", "zxcvbnm-"),
}
PAGES = {  # by what is written on the key that leads there
    "ABC": _LATIN["fr"],
    "ÀÉ": ("àáâäãåąæçčćđð", "éèêëęěíîïìłñń", "óôöòõøőœšśúüùž"),
    "ΑΒΓ": ("ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ-"),
    "АБВ": ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбюіїєґ"),
    "123": ("1234567890", "-'’.,/&@()+", "#:;!?_"),
}
ACCENTS = {
    "a": "àáâãäåāąăæ",
    "c": "çćčċ",
    "d": "ďđð",
    "e": "èéêëēęěė",
    "g": "ğģġ",
    "i": "ìíîïīįı",
    "k": "ķ",
    "l": "łľĺļ",
    "n": "ñńňņ",
    "o": "òóôõöøőœō",
    "r": "řŕ",
    "s": "śšşșß",
    "t": "ťțţþ",
    "u": "ùúûüūůűų",
    "y": "ýÿ",
    "z": "žźż",
    "α": "ά",
    "ε": "έ",
    "η": "ή",
    "ι": "ίϊΐ",
    "ο": "ό",
    "υ": "ύϋΰ",
    "ω": "ώ",
    "е": "ёє",
    "и": "іїѝў",
    "г": "ґѓ",
    "к": "ќ",
    "д": "ђџѕ",
    "л": "љ",
    "н": "њ",
    "т": "ћ",
    "й": "ј",
}


class CharacterKey(Pressable):
    """Writes one character; held down, it offers its accents."""

    held = Signal()

    def __init__(self, character: str = "") -> None:
        super().__init__(KEY, radius=Radius.FIELD)
        self.character = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = Text(Type.LEAD, align=CENTRE)
        self.setLayout(row(0, (2, 0, 2, 0)).put(self._label))
        self._timer = QTimer(self, singleShot=True, interval=_LONG)
        self._timer.timeout.connect(self._hold)
        self.pressed.connect(self._timer.start)
        self.released.connect(self._timer.stop)
        self.name(character)

    def name(self, character: str) -> None:
        """Write another one from now on; no key at all where it is empty."""
        self.character = character
        self._label.say(character)
        self.setAccessibleName(character)
        if self.parent() is not None:  # else it would be a window of its own
            self.setVisible(bool(character))

    def _hold(self) -> None:
        if self.isDown() and self.character in ACCENTS:
            self.setDown(False)  # what was held writes nothing itself
            self.held.emit()


class WordKey(Pressable):
    """Leads to another page, or does what its word says."""

    def __init__(self) -> None:
        super().__init__(KEY, radius=Radius.FIELD)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = Text(Type.SMALL, Weight.SEMI, align=CENTRE, least=12)
        self.setLayout(row(0, (4, 0, 4, 0)).put(self._label))

    def name(self, label: str, spoken: str = "") -> None:
        """Show what it does."""
        self._label.say(label)
        self.setAccessibleName(spoken or label)

    def colours(self) -> tuple[Tint, Tint, float]:
        """Filled while its page is shown."""
        return (
            (Tint.ACCENT_TINT, Tint.ACCENT, 2) if self.isChecked() else (Tint.PAPER, Tint.LINE, 1)
        )


class EraseKey(WordKey):
    """Takes the last character back; an arrow with a cross in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(_LONG)
        self.setAutoRepeatInterval(_REPEAT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The key, then its sign."""
        super().paintEvent(event)
        _draw(self, self._style.colour(Tint.INK), _ERASE)


class HideKey(WordKey):
    """Puts the keyboard away; a keyboard's outline above an arrow down."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The key, then its sign."""
        super().paintEvent(event)
        _draw(self, self._style.colour(Tint.INK), _HIDE)


class Keyboard(Panel):
    """Writes into the field that it serves, and never takes the focus away from it.

    The field gets what it would get from a keyboard of the PC, Enter included.
    """

    put_away = Signal()

    def __init__(self) -> None:
        super().__init__(Tint.CARD, None)
        self._field: QLineEdit | None = None
        self._say: Wording | None = None
        self._capitals = self._is_made = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def speak(self, say: Wording) -> None:
        """Take the words of a language, and the order of its letters."""
        self._say = say
        if self._is_made:
            self._name(say)

    def serve(self, field: QLineEdit, *, capitals: bool = False) -> None:
        """Be there for `field`. capitals: the first letter of each word is one."""
        if not self._is_made:
            self._make()
        self._field, self._capitals = field, capitals
        self.turn_to(next(iter(PAGES)))
        self.show()

    def _make(self) -> None:
        """Its many keys, once somebody wants them: most desks have a keyboard of their own."""
        self._is_made = True
        self.pages = QStackedWidget()
        self.page_keys = {name: WordKey() for name in PAGES}
        self._characters: dict[str, list[list[CharacterKey]]] = {}
        self._accents = [CharacterKey() for _ in range(max(map(len, ACCENTS.values())))]
        self._blank, self.erase = WordKey(), EraseKey()
        self.hiding, self.enter = HideKey(), WordKey()
        self._arrange()
        self._connect()
        if self._say is not None:
            self._name(self._say)
        restyle(self, self._style)

    def _name(self, say: Wording) -> None:
        self._blank.name(say("keyboard.space"))
        self.enter.name(say("key.enter"))
        self.erase.setAccessibleName(say("keyboard.erase"))
        self.hiding.setAccessibleName(say("keyboard.hide"))
        for number, (name, key) in enumerate(self.page_keys.items(), 1):
            key.name(name, say(f"keyboard.page_{number}"))
        rows = _LATIN.get(say.language, _LATIN["en"])
        for keys, letters in zip(self._characters["ABC"], rows, strict=True):
            for letter_key, letter in zip(keys, letters, strict=True):
                letter_key.name(letter)

    def turn_to(self, page: str) -> None:
        """Show a page."""
        self.pages.setCurrentIndex(list(PAGES).index(page))
        for name, key in self.page_keys.items():
            key.setChecked(name == page)

    def key(self, character: str) -> CharacterKey:
        """The key that writes `character`. KeyError where there is none."""
        for page in self._characters.values():
            for key in (each for line in page for each in line):
                if key.character == character:
                    return key
        raise KeyError(character)

    @property
    def accents(self) -> list[CharacterKey]:
        """The accents that are offered just now."""
        return [key for key in self._accents if key.character]

    # What its keys do

    def _write(self, text: str) -> None:
        if self._field is not None and self._begins_word(self._field):
            text = text.upper()
        self._press(Qt.Key.Key_unknown, text)

    def _begins_word(self, field: QLineEdit) -> bool:
        before = field.text()[: field.cursorPosition()]
        return self._capitals and not before[-1:].isalpha()

    def _press(self, key: Qt.Key, text: str = "") -> None:
        """Past the filters of the window: a finger is no scanner."""
        if self._field is not None:
            none = Qt.KeyboardModifier.NoModifier
            self._field.event(QKeyEvent(QEvent.Type.KeyPress, key, none, text))

    def _offer(self, character: str) -> None:
        """Show the accents of a letter in the place of the letters."""
        offered = ACCENTS[character].ljust(len(self._accents))
        for key, accent in zip(self._accents, offered, strict=True):
            key.name(accent.strip())
        self.pages.setCurrentIndex(len(PAGES))

    def _write_accent(self, accent: str) -> None:
        self._write(accent)
        page = next((n for n, key in self.page_keys.items() if key.isChecked()), "ABC")
        self.turn_to(page)

    def _go_away(self) -> None:
        self.hide()
        self.put_away.emit()

    # Building

    def _arrange(self) -> None:
        for name, rows in PAGES.items():
            lines = self._characters[name] = [[CharacterKey(c) for c in line] for line in rows]
            self._add_page(*lines)
        self._add_page(self._accents)
        bottom = row(_GAP)
        for key in self.page_keys.values():
            key.setCheckable(True)
            bottom.addWidget(key, 3)
        for other, share in ((self._blank, 7), (self.erase, 4), (self.enter, 4), (self.hiding, 3)):
            bottom.addWidget(other, share)
        whole = column(_GAP).put(self.pages)
        whole.addLayout(bottom)
        self.setLayout(whole)

    def _add_page(self, *lines: list[CharacterKey]) -> None:
        page, content = QWidget(), column(_GAP)
        for line in lines:
            content.addLayout(row(_GAP).put(*line))
        page.setLayout(content.put(None))
        self.pages.addWidget(page)

    def _connect(self) -> None:
        for page in self._characters.values():
            for key in (each for line in page for each in line):
                key.clicked.connect(lambda _=False, key=key: self._write(key.character))
                key.held.connect(lambda key=key: self._offer(key.character))
        for accent in self._accents:
            accent.clicked.connect(lambda _=False, key=accent: self._write_accent(key.character))
        for name, leads in self.page_keys.items():
            leads.clicked.connect(lambda _=False, name=name: self.turn_to(name))
        self._blank.clicked.connect(lambda: self._press(Qt.Key.Key_Space, " "))
        self.erase.clicked.connect(lambda: self._press(Qt.Key.Key_Backspace))
        self.enter.clicked.connect(lambda: self._press(Qt.Key.Key_Return, "\r"))
        self.hiding.clicked.connect(self._go_away)


# In a square of side 1
_ERASE = (
    ((0.0, 0.5), (0.3, 0.18), (1.0, 0.18), (1.0, 0.82), (0.3, 0.82), (0.0, 0.5)),
    ((0.48, 0.37), (0.76, 0.63)),
    ((0.76, 0.37), (0.48, 0.63)),
)
_HIDE = (
    ((0.06, 0.1), (0.94, 0.1), (0.94, 0.56), (0.06, 0.56), (0.06, 0.1)),
    ((0.3, 0.42), (0.7, 0.42)),
    ((0.34, 0.74), (0.5, 0.92), (0.66, 0.74)),
)


def _draw(
    key: WordKey, colour: QColor, strokes: tuple[tuple[tuple[float, float], ...], ...]
) -> None:
    """Strokes in the middle of a key."""
    side = key.height() * 0.42
    left, top = (key.width() - side) / 2, (key.height() - side) / 2
    painter = QPainter(key)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    solid, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(colour, side * 0.09, solid, cap, Qt.PenJoinStyle.RoundJoin))
    for stroke in strokes:
        painter.drawPolyline(
            QPolygonF([QPointF(left + x * side, top + y * side) for x, y in stroke])
        )
