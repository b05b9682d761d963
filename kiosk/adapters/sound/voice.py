"""Reads aloud with the system's own voices. For the loudspeaker's process alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtTextToSpeech import QTextToSpeech

from kiosk.adapters.sound.messages import as_spoken
from kiosk.adapters.sound.volume import gain

_SILENT = "mock"  # Qt's engine for tests: it says nothing
_BEST_FIRST = ("winrt", "speechd", "sapi", "darwin", "flite")


def engine() -> str:
    """The engine to read with; empty where the system has none."""
    there = [each for each in QTextToSpeech.availableEngines() if each != _SILENT]
    best = (each for each in _BEST_FIRST if each in there)
    return next(best, next(iter(there), ""))


def code_of(locale: QLocale) -> str:
    """The language of a voice (ISO 639-1); empty for one that belongs to none."""
    if locale.language() is QLocale.Language.C:
        return ""
    return QLocale.languageToCode(locale.language())


def voice_for(language: str, voices: Iterable[QLocale]) -> QLocale | None:
    """Of the voices for a language the one of its own country, else the first."""
    wanted = QLocale(as_spoken(language))
    ours = [each for each in voices if each.language() is wanted.language()]
    own = (each for each in ours if each.territory() is wanted.territory())
    return next(own, next(iter(ours), None))


class Voice(QObject):
    """One sentence at a time, with the system's engine; without one it reads nothing.

    on_languages: told what can be read, at the start and when that changes. on_done: called after
    each request. `asked` may be emitted from any thread. Making it may take seconds.
    """

    asked = Signal(dict)

    def __init__(
        self, on_languages: Callable[[frozenset[str]], None], on_done: Callable[[], None]
    ) -> None:
        super().__init__()
        self._on_languages, self._on_done, self._gain = on_languages, on_done, 1.0
        name = engine()
        self._speech = QTextToSpeech(name, self) if name else None
        if self._speech is not None:
            self._speech.stateChanged.connect(self._tell)
        self.asked.connect(self._take)
        self._tell()

    def _take(self, request: dict[str, Any]) -> None:
        match request:
            case {"do": "say", "text": str(text), "language": str(language)}:
                self.say(text, language)
            case {"do": "hush"}:
                self.hush()
            case {"do": "volume", "to": int(volume)}:
                self.set_volume(volume)
        self._on_done()

    def set_volume(self, volume: int) -> None:
        """0 to 100."""
        self._gain = gain(volume)

    def say(self, text: str, language: str) -> None:
        """In the place of what is being read."""
        if self._speech is None:
            return
        locale = voice_for(language, self._speech.availableLocales())
        self._speech.stop()
        if locale is not None and self._gain:
            self._speech.setLocale(locale)
            self._speech.setVolume(self._gain)
            self._speech.say(text)

    def hush(self) -> None:
        """Read no further."""
        if self._speech is not None:
            self._speech.stop()

    def _tell(self) -> None:
        """What can be read: an engine may find its voices late, or lose them."""
        if self._speech is None:
            return
        found = {code_of(each) for each in self._speech.availableLocales()}
        self._on_languages(frozenset(found - {""}))
