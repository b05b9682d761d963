"""The keys of the guest's screen: languages, larger text, high contrast, listen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.gui.parts.controls import LanguageKey
from kiosk.gui.parts.iconkey import IconKey
from kiosk.gui.parts.icons import Icon
from kiosk.gui.parts.style import row
from kiosk.gui.words.wording import Wording

LIKELY = 3  # languages that have a key of their own


class GuestKeys(QWidget):
    """The likely languages, the way to all of them, and how the screen is to look and sound."""

    language_chosen = Signal(str)
    languages_wanted = Signal()
    look_wanted = Signal(bool, bool)  # high contrast, large text
    listen_wanted = Signal(bool)

    def __init__(self, wordings: Mapping[str, Wording]) -> None:
        super().__init__()
        self._wordings = wordings
        self._likely = list(wordings)[:1]
        self._languages = [self._language_key(language) for language in list(wordings)[:LIKELY]]
        self._all = IconKey(Icon.LANGUAGES, worded=True)
        self._all.clicked.connect(self.languages_wanted)
        self._larger = IconKey(Icon.LARGER, stays=True)
        self._contrast = IconKey(Icon.CONTRAST, stays=True)
        self._listen = IconKey(Icon.LISTEN, stays=True)
        for key in (self._larger, self._contrast):
            key.clicked.connect(self._tell_look)
        self._listen.clicked.connect(self.listen_wanted)
        content = row(8).put(*self._languages, self._all)
        self.setLayout(content.put(None, self._larger, self._contrast, self._listen))
        self._all.setVisible(len(wordings) > len(self._languages))  # in its place, no window

    def offer(self, likely: Sequence[str]) -> None:
        """Give those languages, the likeliest first, the keys of their own."""
        self._likely = list(likely)[:LIKELY]

    def speak(self, say: Wording, chosen: str) -> None:
        """Say everything in the language of `say`, and mark the key of `chosen`."""
        offered = self._offered(chosen)
        for key, language in zip(self._languages, offered, strict=False):
            own = self._wordings[language]
            key.become(language, own("language.code"), own("language.name"))
            key.setChecked(language == chosen)
        for place, key in enumerate(self._languages):
            key.setVisible(place < len(offered))
        self._all.name(say("guest.languages", count=len(self._wordings)))
        self._larger.name(say("guest.larger"))
        self._contrast.name(say("guest.contrast"))
        self._listen.name(say("guest.listen"))

    def look(self, *, contrast: bool, large: bool) -> None:
        """Show how the screen looks now."""
        self._contrast.setChecked(contrast)
        self._larger.setChecked(large)

    def listen(self, *, possible: bool, on: bool) -> None:
        """Show whether the screen can be heard in this language, and whether it is."""
        self._listen.setVisible(possible)
        self._listen.setChecked(on)

    def _offered(self, chosen: str) -> list[str]:
        """The likely languages; one that is chosen and is none of them takes the last key."""
        if chosen in self._likely or chosen not in self._wordings:
            return self._likely
        return [*self._likely[: LIKELY - 1], chosen]

    def _language_key(self, language: str) -> LanguageKey:
        say = self._wordings[language]
        key = LanguageKey(language, say("language.code"), say("language.name"))
        key.clicked.connect(lambda: self._choose(key))
        return key

    def _choose(self, key: LanguageKey) -> None:
        key.setChecked(True)  # the language in use stays marked
        self.language_chosen.emit(key.language)

    def _tell_look(self) -> None:
        self.look_wanted.emit(self._contrast.isChecked(), self._larger.isChecked())
